-- Tickets (S1 to S7, S13) and what is said in them. A ticket's number is its local
-- day, YYMMDD, and n, counted within that day; ticket_day has the last one given.

CREATE TABLE ticket_day (
	day TEXT NOT NULL PRIMARY KEY,
	last @INT@ NOT NULL
) @STRICT@;

-- office_unread and client_unread: messages of the other side since that side
-- answered or read last.
CREATE TABLE ticket (
	id @ID@,
	day TEXT NOT NULL,
	n @INT@ NOT NULL CONSTRAINT ticket_counted CHECK (n > 0),
	company_id @INT@ REFERENCES company (id),
	contact_id @INT@ NOT NULL REFERENCES contact (id),
	subject TEXT NOT NULL,
	department TEXT,
	category TEXT,
	tags TEXT NOT NULL,
	origin TEXT NOT NULL CONSTRAINT ticket_origin
		CHECK (origin = 'whatsapp' OR origin = 'app' OR origin = 'email' OR origin = 'office'),
	status TEXT NOT NULL CONSTRAINT ticket_status
		CHECK (status = 'new' OR status = 'in_progress' OR status = 'pending' OR status = 'done'
			OR status = 'cancelled'),
	assignee_id @INT@ REFERENCES "user" (id),
	due_at @INT@,
	merged_into_id @INT@ REFERENCES ticket (id),
	rating @INT@,
	office_unread @INT@ NOT NULL,
	client_unread @INT@ NOT NULL,
	opened_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL,
	closed_at @INT@,
	CONSTRAINT ticket_end_is_known CHECK ((status IN ('done', 'cancelled')) = (closed_at IS NOT NULL))
) @STRICT@;
CREATE UNIQUE INDEX ticket_number ON ticket (day, n);
CREATE INDEX ticket_open ON ticket (id) WHERE closed_at IS NULL;
CREATE INDEX ticket_status ON ticket (status, id);
CREATE INDEX ticket_company ON ticket (company_id, id);
CREATE INDEX ticket_contact ON ticket (contact_id, id);
CREATE INDEX ticket_assignee ON ticket (assignee_id, id);
CREATE INDEX ticket_category ON ticket (category, id);
CREATE INDEX ticket_department ON ticket (department, id);
CREATE INDEX ticket_opened ON ticket (opened_at);

-- Messages, internal comments and events (S5 to S7). author_id is the contact who
-- wrote or did it; none: the office itself, or the program. Of an event: what
-- happened, from what to what, in words of records or as people typed it.
CREATE TABLE message (
	id @ID@,
	ticket_id @INT@ NOT NULL REFERENCES ticket (id),
	at @INT@ NOT NULL,
	direction TEXT NOT NULL CONSTRAINT message_direction
		CHECK (direction = 'in' OR direction = 'out' OR direction = 'internal' OR direction = 'event'),
	via TEXT CONSTRAINT message_via
		CHECK (via = 'whatsapp' OR via = 'app' OR via = 'email' OR via = 'office'),
	author_id @INT@ REFERENCES contact (id),
	automatic @INT@ NOT NULL CONSTRAINT message_automatic CHECK (automatic IN (0, 1)),
	internal @INT@ NOT NULL CONSTRAINT message_internal CHECK (internal IN (0, 1)),
	body TEXT,
	event TEXT,
	event_from TEXT,
	event_to TEXT,
	delivery TEXT,
	outbox_id @INT@ REFERENCES outbox (id),
	wamid TEXT,
	CONSTRAINT message_event CHECK ((direction = 'event') = (event IS NOT NULL)),
	CONSTRAINT message_of_a_side CHECK (internal = 0 OR direction IN ('internal', 'event')),
	CONSTRAINT message_comment CHECK (direction <> 'internal' OR internal = 1)
) @STRICT@;
CREATE INDEX message_ticket ON message (ticket_id, id);

-- The words by which tickets are found, folded; internal ones, of comments and of
-- events the client does not see, by the office alone. '#' begins a tag.
CREATE TABLE ticket_word (
	ticket_id @INT@ NOT NULL REFERENCES ticket (id),
	word TEXT NOT NULL,
	internal @INT@ NOT NULL CONSTRAINT ticket_word_internal CHECK (internal IN (0, 1)),
	PRIMARY KEY (ticket_id, word)
) @STRICT@;
CREATE INDEX ticket_word_found ON ticket_word (word, ticket_id, internal);
