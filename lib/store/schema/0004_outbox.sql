-- What goes out (O2): a template and its arguments, sent later; and what the
-- admins of a company read in the portal.

CREATE TABLE outbox (
	id @ID@,
	channel TEXT NOT NULL CONSTRAINT outbox_channel CHECK (channel IN ('email', 'whatsapp')),
	recipient TEXT NOT NULL,
	template TEXT NOT NULL,
	language TEXT NOT NULL,
	arguments TEXT NOT NULL,
	state TEXT NOT NULL CONSTRAINT outbox_state
		CHECK (state = 'queued' OR state = 'sending' OR state = 'sent' OR state = 'unknown'
			OR state = 'failed' OR state = 'held' OR state = 'cancelled'),
	attempts @INT@ NOT NULL,
	next_attempt_at @INT@,
	last_error TEXT,
	cause_kind TEXT NOT NULL,
	cause_id @INT@ NOT NULL,
	created_at @INT@ NOT NULL,
	sent_at @INT@
) @STRICT@;
CREATE INDEX outbox_due ON outbox (next_attempt_at) WHERE state = 'queued';
CREATE INDEX outbox_state ON outbox (state, id) WHERE state <> 'sent';
CREATE INDEX outbox_cause ON outbox (cause_kind, cause_id);

CREATE TABLE notification (
	id @ID@,
	company_id @INT@ NOT NULL REFERENCES company (id),
	kind TEXT NOT NULL,
	target_kind TEXT NOT NULL,
	target_id @INT@ NOT NULL,
	text TEXT NOT NULL,
	read_at @INT@,
	created_at @INT@ NOT NULL
) @STRICT@;
CREATE INDEX notification_company ON notification (company_id, id);
CREATE INDEX notification_unread ON notification (company_id) WHERE read_at IS NULL;
