-- Files that clients sent over WhatsApp (W8): missing until they are fetched, each with the
-- id by which it can be, for a while. What a message is known by, whoever wrote it.
CREATE TABLE wa_media (
	id @ID@,
	message_id @INT@ NOT NULL REFERENCES message (id),
	media_id TEXT NOT NULL,
	media_type TEXT,
	sha256 TEXT,
	file_name TEXT,
	voice @INT@ NOT NULL CONSTRAINT wa_media_voice CHECK (voice IN (0, 1)),
	state TEXT NOT NULL CONSTRAINT wa_media_state
		CHECK (state = 'missing' OR state = 'fetched' OR state = 'failed'),
	attempts @INT@ NOT NULL DEFAULT 0,
	next_attempt_at @INT@,
	last_error TEXT
) @STRICT@;
CREATE INDEX wa_media_of ON wa_media (message_id);
CREATE INDEX wa_media_missing ON wa_media (next_attempt_at) WHERE state = 'missing';
CREATE INDEX message_known_by ON message (wamid) WHERE wamid IS NOT NULL;
