-- Connection requests (N3): a company asks another for an invite, which names the
-- request it answers.

CREATE TABLE request (
	id @ID@,
	from_id @INT@ NOT NULL REFERENCES company (id),
	to_id @INT@ NOT NULL REFERENCES company (id),
	email TEXT NOT NULL,
	contact_name TEXT,
	status TEXT NOT NULL CONSTRAINT request_status
		CHECK (status = 'open' OR status = 'invited' OR status = 'dismissed'),
	invite_id @INT@ REFERENCES invite (id),
	created_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL,
	CONSTRAINT request_not_to_itself CHECK (from_id <> to_id)
) @STRICT@;
CREATE UNIQUE INDEX request_open ON request (from_id, to_id) WHERE status = 'open';
CREATE INDEX request_to ON request (to_id, id);
CREATE INDEX request_from ON request (from_id, id);
