-- Tasks (S10), their checklists, what they wait for, and what was said about them.

-- reminded: 0 not yet, 1 the day before, 2 on the day, 3 overdue. step: its place in
-- the process.
CREATE TABLE task (
	id @ID@,
	company_id @INT@ NOT NULL REFERENCES company (id),
	ticket_id @INT@ REFERENCES ticket (id),
	project_id @INT@ REFERENCES project (id),
	process_id @INT@ REFERENCES process (id),
	step @INT@,
	recurrence_id @INT@ REFERENCES recurrence (id),
	competence TEXT,
	assignee_id @INT@ REFERENCES "user" (id),
	title TEXT NOT NULL,
	title_norm TEXT NOT NULL,
	description TEXT,
	due_on TEXT,
	status TEXT NOT NULL CONSTRAINT task_status
		CHECK (status = 'todo' OR status = 'doing' OR status = 'done' OR status = 'cancelled'),
	progress_percent @INT@ NOT NULL CONSTRAINT task_progress CHECK (progress_percent BETWEEN 0 AND 100),
	visible_to_client @INT@ NOT NULL CONSTRAINT task_visible CHECK (visible_to_client IN (0, 1)),
	reminded @INT@ NOT NULL CONSTRAINT task_reminded CHECK (reminded BETWEEN 0 AND 3),
	created_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL,
	started_at @INT@,
	ended_at @INT@,
	CONSTRAINT task_end_is_known CHECK ((status = 'done' OR status = 'cancelled') = (ended_at IS NOT NULL)),
	CONSTRAINT task_done_is_all CHECK (status <> 'done' OR progress_percent = 100),
	CONSTRAINT task_competence CHECK ((recurrence_id IS NULL) = (competence IS NULL)),
	CONSTRAINT task_step CHECK ((process_id IS NULL) = (step IS NULL))
) @STRICT@;
CREATE INDEX task_company ON task (company_id, id);
CREATE INDEX task_project ON task (project_id, id) WHERE project_id IS NOT NULL;
CREATE UNIQUE INDEX task_process ON task (process_id, step) WHERE process_id IS NOT NULL;
CREATE INDEX task_ticket ON task (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX task_assignee ON task (assignee_id, id) WHERE assignee_id IS NOT NULL;
CREATE UNIQUE INDEX task_once_a_competence ON task (recurrence_id, competence) WHERE recurrence_id IS NOT NULL;
CREATE INDEX task_remind ON task (due_on, id)
	WHERE reminded < 3 AND assignee_id IS NOT NULL AND due_on IS NOT NULL AND ended_at IS NULL;

-- The checklist; number counts from 1 within the task.
CREATE TABLE task_item (
	id @ID@,
	task_id @INT@ NOT NULL REFERENCES task (id),
	number @INT@ NOT NULL,
	text TEXT NOT NULL,
	done @INT@ NOT NULL CONSTRAINT task_item_done CHECK (done IN (0, 1)),
	UNIQUE (task_id, number)
) @STRICT@;

-- A step of a process that others wait for.
CREATE TABLE task_need (
	id @ID@,
	task_id @INT@ NOT NULL REFERENCES task (id),
	needs_id @INT@ NOT NULL REFERENCES task (id),
	UNIQUE (task_id, needs_id),
	CONSTRAINT task_need_not_itself CHECK (task_id <> needs_id)
) @STRICT@;
CREATE INDEX task_need_of ON task_need (needs_id);

-- What was said about a task or a project. Internal ones are the office's alone.
CREATE TABLE comment (
	id @ID@,
	task_id @INT@ REFERENCES task (id),
	project_id @INT@ REFERENCES project (id),
	user_id @INT@ REFERENCES "user" (id),
	internal @INT@ NOT NULL CONSTRAINT comment_internal CHECK (internal IN (0, 1)),
	body TEXT NOT NULL,
	created_at @INT@ NOT NULL,
	CONSTRAINT comment_of_one CHECK ((task_id IS NULL) <> (project_id IS NULL))
) @STRICT@;
CREATE INDEX comment_task ON comment (task_id, id) WHERE task_id IS NOT NULL;
CREATE INDEX comment_project ON comment (project_id, id) WHERE project_id IS NOT NULL;
CREATE INDEX comment_user ON comment (user_id) WHERE user_id IS NOT NULL;
