-- What was made by applying a manifest (O1), and by which set of them: pruning
-- takes only what its own set made.

CREATE TABLE manifest_object (
	kind TEXT NOT NULL,
	object_id @INT@ NOT NULL,
	set_name TEXT NOT NULL,
	PRIMARY KEY (kind, object_id)
) @STRICT@;
CREATE INDEX contact_name ON contact (company_id, name, id) WHERE email IS NULL AND removed_at IS NULL;
CREATE INDEX manifest_object_set ON manifest_object (set_name, kind, object_id);
