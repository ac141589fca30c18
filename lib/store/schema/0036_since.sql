-- Since when a contact has the name, as far as is known (0: always): a change of a number that
-- is told late is of those who had it then (W9).
ALTER TABLE contact_identity ADD COLUMN since @INT@ NOT NULL DEFAULT 0;
