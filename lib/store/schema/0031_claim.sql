-- Claiming many messages at once (O2). A claim names the start of the machine it was made
-- in, and a message says when sending it began: of a claim that a process left behind,
-- what had not begun is free again, unless the machine has started anew since, and
-- then nobody can say that it had not. A message once was in doubt when nobody
-- knew whether it had arrived: it is tried once more, and not twice. By wamid WhatsApp
-- speaks of it; delivery is what it said last.
ALTER TABLE outbox ADD COLUMN boot TEXT;
ALTER TABLE outbox ADD COLUMN started_at @INT@;
ALTER TABLE outbox ADD COLUMN in_doubt @INT@ NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN wamid TEXT;
ALTER TABLE outbox ADD COLUMN delivery TEXT;
CREATE UNIQUE INDEX outbox_wamid ON outbox (wamid) WHERE wamid IS NOT NULL;
-- Few are being sent, and outbox_state finds them.
DROP INDEX outbox_lease;
DROP INDEX outbox_due;
CREATE INDEX outbox_next ON outbox (channel, next_attempt_at) WHERE state = 'queued';
CREATE INDEX outbox_order ON outbox (recipient, id) WHERE channel = 'whatsapp' AND state <> 'sent';

-- told: the office knows that the channel can't work.
ALTER TABLE channel_hold ADD COLUMN told @INT@ NOT NULL DEFAULT 0;
