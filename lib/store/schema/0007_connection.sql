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
