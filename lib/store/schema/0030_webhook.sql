-- What came from WhatsApp, as it came (W8): kept before it is answered, and read then.
-- received: to be read; done; failed: can't be read, for the reason. Of what a body tells:
-- messages, statuses, other events, those set aside (the first for reason) and those
-- that were known. attempts: how often somebody other than who received it began to read it.
CREATE TABLE webhook (
	id @ID@,
	received_at @INT@ NOT NULL,
	sha256 TEXT NOT NULL CONSTRAINT webhook_once UNIQUE,
	verified @INT@ NOT NULL CONSTRAINT webhook_verified CHECK (verified IN (0, 1)),
	state TEXT NOT NULL CONSTRAINT webhook_state
		CHECK (state = 'received' OR state = 'done' OR state = 'failed'),
	reason TEXT,
	detail TEXT,
	processed_at @INT@,
	attempts @INT@ NOT NULL DEFAULT 0,
	tried_at @INT@,
	messages @INT@ NOT NULL DEFAULT 0,
	statuses @INT@ NOT NULL DEFAULT 0,
	other @INT@ NOT NULL DEFAULT 0,
	set_aside @INT@ NOT NULL DEFAULT 0,
	duplicates @INT@ NOT NULL DEFAULT 0,
	body TEXT NOT NULL,
	CONSTRAINT webhook_failed_for_a_reason CHECK (state <> 'failed' OR reason IS NOT NULL),
	CONSTRAINT webhook_read_or_not CHECK ((state = 'received') = (processed_at IS NULL))
) @STRICT@;
CREATE INDEX webhook_waiting ON webhook (received_at) WHERE state = 'received';
