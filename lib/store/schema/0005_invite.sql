-- Invites (N4 to N11).

CREATE TABLE invite (
	id @ID@,
	from_id @INT@ NOT NULL REFERENCES company (id),
	to_id @INT@ NOT NULL REFERENCES company (id),
	email TEXT NOT NULL,
	contact_name TEXT,
	message TEXT,
	status TEXT NOT NULL CONSTRAINT invite_status
		CHECK (status = 'pending' OR status = 'accepted' OR status = 'forwarded' OR status = 'cancelled'
			OR status = 'refused'),
	reason TEXT CONSTRAINT invite_reason CHECK (reason IN ('issuer', 'expired')),
	reason_text TEXT,
	request_id @INT@,
	token_serial @INT@ NOT NULL,
	outbox_id @INT@ REFERENCES outbox (id),
	last_sent_at @INT@,
	created_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL,
	expires_at @INT@ NOT NULL,
	ended_at @INT@,
	ended_by TEXT,
	CONSTRAINT invite_not_to_itself CHECK (from_id <> to_id),
	CONSTRAINT invite_cancelled_for_a_reason CHECK ((status = 'cancelled') = (reason IS NOT NULL)),
	CONSTRAINT invite_end_is_known CHECK ((status IN ('pending', 'forwarded')) = (ended_at IS NULL))
) @STRICT@;
CREATE UNIQUE INDEX invite_live ON invite (from_id, to_id, email) WHERE status IN ('pending', 'forwarded');
CREATE INDEX invite_due ON invite (expires_at) WHERE status IN ('pending', 'forwarded');
CREATE INDEX invite_to ON invite (to_id, id);
CREATE INDEX invite_from ON invite (from_id, id);
