-- What tasks come from: projects, processes and rules by which one comes again (S10, S11).
-- Dates are texts YYYY-MM-DD, competences YYYY-MM; *_norm are folded for search.

CREATE TABLE project (
	id @ID@,
	company_id @INT@ NOT NULL REFERENCES company (id),
	name TEXT NOT NULL,
	name_norm TEXT NOT NULL,
	description TEXT,
	status TEXT NOT NULL CONSTRAINT project_status CHECK (status IN ('open', 'closed')),
	created_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL,
	closed_at @INT@,
	CONSTRAINT project_end_is_known CHECK ((status = 'closed') = (closed_at IS NOT NULL))
) @STRICT@;
CREATE INDEX project_company ON project (company_id, id);

-- source is the document that was given, which is read again when a process starts.
CREATE TABLE process_template (
	id @ID@,
	name TEXT NOT NULL UNIQUE,
	name_norm TEXT NOT NULL,
	source TEXT NOT NULL,
	created_at @INT@ NOT NULL
) @STRICT@;

CREATE TABLE process (
	id @ID@,
	company_id @INT@ NOT NULL REFERENCES company (id),
	ticket_id @INT@ REFERENCES ticket (id),
	template TEXT NOT NULL,
	template_norm TEXT NOT NULL,
	status TEXT NOT NULL CONSTRAINT process_status CHECK (status IN ('running', 'done', 'cancelled')),
	started_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL,
	ended_at @INT@,
	CONSTRAINT process_end_is_known CHECK ((status <> 'running') = (ended_at IS NOT NULL))
) @STRICT@;
CREATE INDEX process_company ON process (company_id, id);
CREATE INDEX process_ticket ON process (ticket_id) WHERE ticket_id IS NOT NULL;

-- A task that comes again: what each one begins with, and the rule of its due date.
-- competence is the next one to be made, make_on the day from which on that happens;
-- NULL when there is none any more. working_day -1 is the last one of the month.
CREATE TABLE recurrence (
	id @ID@,
	company_id @INT@ NOT NULL REFERENCES company (id),
	project_id @INT@ REFERENCES project (id),
	assignee_id @INT@ REFERENCES "user" (id),
	title TEXT NOT NULL,
	description TEXT,
	checklist TEXT NOT NULL,
	visible_to_client @INT@ NOT NULL CONSTRAINT recurrence_visible CHECK (visible_to_client IN (0, 1)),
	every_months @INT@ NOT NULL CONSTRAINT recurrence_every CHECK (every_months BETWEEN 1 AND 12),
	months_after @INT@ NOT NULL CONSTRAINT recurrence_after CHECK (months_after BETWEEN 0 AND 12),
	day @INT@ CONSTRAINT recurrence_day CHECK (day BETWEEN 1 AND 31),
	working_day @INT@ CONSTRAINT recurrence_working_day CHECK (working_day = -1 OR working_day BETWEEN 1 AND 23),
	roll TEXT NOT NULL CONSTRAINT recurrence_roll CHECK (roll IN ('none', 'next', 'previous')),
	calendar TEXT NOT NULL CONSTRAINT recurrence_calendar CHECK (calendar IN ('national', 'banking', 'labour')),
	competence TEXT NOT NULL,
	until TEXT,
	make_on TEXT,
	created_at @INT@ NOT NULL,
	CONSTRAINT recurrence_has_a_day CHECK ((day IS NULL) <> (working_day IS NULL))
) @STRICT@;
CREATE INDEX recurrence_due ON recurrence (make_on) WHERE make_on IS NOT NULL;
CREATE INDEX recurrence_assignee ON recurrence (assignee_id) WHERE assignee_id IS NOT NULL;
