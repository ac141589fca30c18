-- Conversations over WhatsApp (W1 to W4, W10), and who it is that writes (W9).

-- A contact is known by a set: numbers (digits, the ninth of a Brazilian mobile left out,
-- so that both spellings are one) and ids of a WhatsApp user. client_at: when the client
-- last wrote, by the provider's clock (W3).
CREATE TABLE contact_identity (
	identity TEXT NOT NULL,
	contact_id @INT@ NOT NULL REFERENCES contact (id),
	client_at @INT@,
	PRIMARY KEY (identity, contact_id)
) @STRICT@;
CREATE INDEX contact_identity_of ON contact_identity (contact_id);

-- The phones there are, a line each, character by character.
INSERT INTO contact_identity (identity, contact_id)
WITH RECURSIVE walk (contact_id, phones, at, digits) AS (
	SELECT id, phones || '
', 1, '' FROM contact WHERE phones <> '' AND removed_at IS NULL
	UNION ALL
	SELECT contact_id, phones, at + 1, CASE substr(phones, at, 1) WHEN '+' THEN '' WHEN '
' THEN '' ELSE digits || substr(phones, at, 1) END
	FROM walk WHERE at <= length(phones)
)
SELECT DISTINCT CASE WHEN length(digits) = 13 AND substr(digits, 1, 2) = '55' AND substr(digits, 5, 1) = '9'
		AND substr(digits, 6, 1) IN ('6', '7', '8', '9')
	THEN substr(digits, 1, 4) || substr(digits, 6) ELSE digits END, contact_id
FROM walk WHERE digits <> '' AND substr(phones, at, 1) = '
';

-- address: where messages go, "+5531999990001" or the id of a user; identity: whose that
-- is. menu: the categories that were offered and not chosen from yet, a line each.
CREATE TABLE conversation (
	id @ID@,
	ticket_id @INT@ NOT NULL REFERENCES ticket (id),
	contact_id @INT@ NOT NULL REFERENCES contact (id),
	address TEXT NOT NULL,
	identity TEXT NOT NULL,
	status TEXT NOT NULL CONSTRAINT conversation_status
		CHECK (status = 'active' OR status = 'awaiting_client' OR status = 'ended'),
	end_reason TEXT CONSTRAINT conversation_reason
		CHECK (end_reason = 'ended' OR end_reason = 'done' OR end_reason = 'cancelled'
			OR end_reason = 'inactivity' OR end_reason = 'app'),
	menu TEXT,
	warned_at @INT@,
	started_at @INT@ NOT NULL,
	ended_at @INT@,
	CONSTRAINT conversation_end_is_known
		CHECK ((status = 'ended') = (ended_at IS NOT NULL) AND (status = 'ended') = (end_reason IS NOT NULL))
) @STRICT@;

-- W1, whatever races happen: one live conversation a contact, a ticket, a number.
CREATE UNIQUE INDEX conversation_live ON conversation (contact_id) WHERE status <> 'ended';
CREATE UNIQUE INDEX conversation_live_ticket ON conversation (ticket_id) WHERE status <> 'ended';
CREATE UNIQUE INDEX conversation_live_identity ON conversation (identity) WHERE status <> 'ended';
CREATE INDEX conversation_ticket ON conversation (ticket_id, id);
CREATE INDEX conversation_contact ON conversation (contact_id, id);
CREATE INDEX conversation_active ON conversation (id) WHERE status = 'active';

-- Each message of a client is stored once (W8).
CREATE UNIQUE INDEX message_wamid ON message (wamid) WHERE direction = 'in' AND wamid IS NOT NULL;
CREATE INDEX message_waiting ON message (ticket_id, id) WHERE delivery = 'awaiting_client';
ALTER TABLE message ADD COLUMN reply_to_id @INT@ REFERENCES message (id);
