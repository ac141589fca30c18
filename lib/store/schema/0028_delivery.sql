-- Sending (O2). Who sends a message has claimed it before, for a time (P4, P5): a
-- claim whose time is over was left by a process that died, and what became of the
-- message is not known then. A channel that can't work is left alone for a while.

ALTER TABLE outbox ADD COLUMN lease TEXT;
ALTER TABLE outbox ADD COLUMN lease_until @INT@;
ALTER TABLE outbox ADD COLUMN first_attempt_at @INT@;
CREATE INDEX outbox_lease ON outbox (lease_until) WHERE state = 'sending';
CREATE INDEX outbox_again ON outbox (next_attempt_at) WHERE state = 'unknown';

CREATE TABLE channel_hold (
	channel TEXT NOT NULL PRIMARY KEY,
	until @INT@ NOT NULL,
	reason TEXT NOT NULL
) @STRICT@;
