-- free_told: whoever is responsible for a step was told that it waits no more (S11).

ALTER TABLE task ADD COLUMN free_told @INT@ NOT NULL DEFAULT 0;
