-- Files kept by content (S8): the bytes lie beside the database, named by their
-- SHA-256; what has a file says so in attachment, with the name it came under.

CREATE TABLE file (
	sha256 TEXT NOT NULL PRIMARY KEY CONSTRAINT file_sha256 CHECK (length(sha256) = 64),
	size_bytes @INT@ NOT NULL CONSTRAINT file_size CHECK (size_bytes >= 0),
	media_type TEXT NOT NULL,
	created_at @INT@ NOT NULL
) @STRICT@;

CREATE TABLE attachment (
	id @ID@,
	target_kind TEXT NOT NULL,
	target_id @INT@ NOT NULL,
	position @INT@ NOT NULL,
	sha256 TEXT NOT NULL REFERENCES file (sha256),
	name TEXT NOT NULL,
	created_at @INT@ NOT NULL,
	UNIQUE (target_kind, target_id, position)
) @STRICT@;
CREATE INDEX attachment_file ON attachment (sha256);
