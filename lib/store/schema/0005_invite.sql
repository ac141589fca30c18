-- Invites (N4 to N11).

CREATE TABLE invite (
	id @ID@,
	from_id @INT@ NOT NULL REFERENCES company (id),
	to_id @INT@ NOT NULL REFERENCES company (id),
	email TEXT NOT NULL,
	contact_name TEXT,
	message TEXT,
	status TEXT NOT NULL CONSTRAINT invite_status CHECK (status IN ('pending', 'accepted', 'forwarded', 'cancelled', 'refused')),
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

-- Connections (N12), from the company that invited to the one that accepted.
-- A pair is kept lower id first, so that only one of it can be active.
CREATE TABLE connection (
	id @ID@,
	from_id @INT@ NOT NULL REFERENCES company (id),
	to_id @INT@ NOT NULL REFERENCES company (id),
	low_id @INT@ NOT NULL,
	high_id @INT@ NOT NULL,
	invite_id @INT@ REFERENCES invite (id),
	status TEXT NOT NULL CONSTRAINT connection_status CHECK (status IN ('active', 'ended')),
	since_at @INT@ NOT NULL,
	ended_at @INT@,
	ended_by TEXT,
	CONSTRAINT connection_pair CHECK (low_id < high_id),
	CONSTRAINT connection_end_is_known CHECK ((status = 'ended') = (ended_at IS NOT NULL))
) @STRICT@;
CREATE UNIQUE INDEX connection_active ON connection (low_id, high_id) WHERE status = 'active';
CREATE INDEX connection_from ON connection (from_id, id);
CREATE INDEX connection_to ON connection (to_id, id);

-- Connection requests (N3): a company asks another for an invite.
CREATE TABLE request (
	id @ID@,
	from_id @INT@ NOT NULL REFERENCES company (id),
	to_id @INT@ NOT NULL REFERENCES company (id),
	email TEXT NOT NULL,
	contact_name TEXT,
	status TEXT NOT NULL CONSTRAINT request_status CHECK (status IN ('open', 'invited', 'dismissed')),
	invite_id @INT@ REFERENCES invite (id),
	created_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL,
	CONSTRAINT request_not_to_itself CHECK (from_id <> to_id)
) @STRICT@;
CREATE UNIQUE INDEX request_open ON request (from_id, to_id) WHERE status = 'open';
CREATE INDEX request_to ON request (to_id, id);
CREATE INDEX request_from ON request (from_id, id);
