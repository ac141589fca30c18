-- Tasks (S10): alone, of a project, of a process, or one of a recurrence.

--@ task_columns itttttiittttiiitiiiiii
t.id, t.title, t.description, c.tax_id AS company_tax_id, c.name AS company_name,
CASE WHEN i.id IS NOT NULL THEN @task_ticket@ END AS ticket_number, t.project_id,
t.process_id, t.due_on, u.email AS assignee_email, k.name AS assignee_name, t.status,
t.progress_percent, t.visible_to_client, t.recurrence_id, t.competence, t.started_at, t.ended_at,
t.created_at, t.updated_at, t.company_id, t.assignee_id

-- "260301-001", as a ticket shows it.
--@ task_ticket -
i.day || '-' || CASE WHEN i.n < 10 THEN '00' WHEN i.n < 100 THEN '0' ELSE '' END || i.n

--@ task_tables
task t JOIN company c ON c.id = t.company_id LEFT JOIN "user" u ON u.id = t.assignee_id
LEFT JOIN contact k ON k.id = u.contact_id LEFT JOIN ticket i ON i.id = t.ticket_id

--@ task_items_done
COALESCE((SELECT sum(done) * 100 / count(*) FROM task_item WHERE task_id = ?1), 0)

--! task_insert(iiiiitittttiii) -> i
INSERT INTO task (company_id, project_id, process_id, step, recurrence_id, competence, assignee_id,
	title, title_norm, description, due_on, status, progress_percent, visible_to_client, reminded,
	created_at, updated_at, ticket_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'todo', 0, ?12, 0, ?13, ?13, ?14) RETURNING id;

--! task_update(ittttiiii) -> -
UPDATE task SET title = ?2, title_norm = ?3, description = ?4,
	reminded = CASE WHEN due_on = ?5 AND assignee_id = ?6 THEN reminded ELSE 0 END, due_on = ?5,
	assignee_id = ?6, project_id = ?7, visible_to_client = ?8, updated_at = ?9
WHERE id = ?1;

--! task_set_status(itiii) -> -
UPDATE task SET status = ?2, started_at = ?3, ended_at = ?4, updated_at = ?5,
	progress_percent = CASE WHEN ?2 = 'done' THEN 100 ELSE @task_items_done@ END
WHERE id = ?1;

--! task_refresh(ii) -> -
UPDATE task SET progress_percent = CASE WHEN status = 'done' THEN 100 ELSE @task_items_done@ END, updated_at = ?2 WHERE id = ?1;

--! task_by_id(i) -> @task_columns@
SELECT @task_columns@ FROM @task_tables@ WHERE t.id = ?1;

--! task_item_insert(iit) -> -
INSERT INTO task_item (task_id, number, text, done) VALUES (?1, ?2, ?3, 0);

--! task_item_set(iii) -> -
UPDATE task_item SET done = ?3 WHERE task_id = ?1 AND number = ?2;

--! task_item_done(ii) -> i
SELECT done FROM task_item WHERE task_id = ?1 AND number = ?2;

--! task_items(i) -> iti
SELECT number, text, done FROM task_item WHERE task_id = ?1 ORDER BY number;

--! task_item_count(i) -> i
SELECT count(*) AS id FROM task_item WHERE task_id = ?1;

-- What a task waits for; ?2: those too that clients do not see.
--! task_waits(ii) -> i
SELECT n.needs_id AS id FROM task_need n JOIN task t ON t.id = n.needs_id
WHERE n.task_id = ?1 AND t.ended_at IS NULL AND (?2 = 1 OR t.visible_to_client = 1) ORDER BY n.needs_id;

--! task_need_insert(ii) -> -
INSERT INTO task_need (task_id, needs_id) VALUES (?1, ?2);

-- A step of a running process that waited, and for nothing any more, of which nobody was told.
--@ task_is_free
t.ended_at IS NULL AND t.free_told = 0 AND p.status = 'running'
	AND NOT EXISTS (SELECT 1 FROM task_need m JOIN task o ON o.id = m.needs_id
		WHERE m.task_id = t.id AND o.ended_at IS NULL)

-- The first one after ?2 that waited for ?1.
--! task_freed(ii) -> i sort
SELECT t.id FROM task_need n JOIN task t ON t.id = n.task_id JOIN process p ON p.id = t.process_id
WHERE n.needs_id = ?1 AND t.id > ?2 AND @task_is_free@ ORDER BY t.id LIMIT 1;

-- ?1 where it is one.
--! task_free(i) -> i
SELECT t.id FROM task t JOIN process p ON p.id = t.process_id
WHERE t.id = ?1 AND EXISTS (SELECT 1 FROM task_need n WHERE n.task_id = t.id) AND @task_is_free@;

--! task_set_free_told(i) -> -
UPDATE task SET free_told = 1 WHERE id = ?1;

-- An active user of the office.
--! task_assignee(it) -> i
SELECT id FROM "user" WHERE company_id = ?1 AND email = ?2 AND status = 'active' AND removed_at IS NULL;

-- Whom there is to remind: ?1 today, ?2 tomorrow.
--@ task_to_remind
t.reminded < 3 AND t.assignee_id IS NOT NULL AND t.due_on IS NOT NULL AND t.ended_at IS NULL
AND u.status = 'active' AND u.removed_at IS NULL AND t.due_on <= ?2
AND t.reminded < CASE WHEN t.due_on < ?1 THEN 3 WHEN t.due_on = ?1 THEN 2 ELSE 1 END

--! task_remind_count(tt) -> i
SELECT count(*) AS id FROM task t JOIN "user" u ON u.id = t.assignee_id WHERE @task_to_remind@;

--! task_remind_rows(tti) -> @task_columns@
SELECT @task_columns@ FROM @task_tables@ WHERE @task_to_remind@
ORDER BY t.due_on, t.id LIMIT ?3;

--! task_set_reminded(ii) -> -
UPDATE task SET reminded = ?2 WHERE id = ?1;

-- ?5 company, ?6 status, ?7 the assignee's e-mail, ?8 due before, ?9 due after, ?10 project, ?11 process,
-- ?12 visible to clients (-1: either), ?13 pattern, ?14 viewer, ?15 main company of the group
-- whose tasks the viewer sees too, ?16 ticket
--@ task_filters
(?5 = 0 OR t.company_id = ?5)
AND (?6 = '' OR t.status = ?6 OR (?6 = 'open' AND t.ended_at IS NULL))
AND (?7 = '' OR u.email = lower(?7)) AND (?8 = '' OR t.due_on < ?8) AND (?9 = '' OR t.due_on > ?9)
AND (?10 = 0 OR t.project_id = ?10) AND (?11 = 0 OR t.process_id = ?11)
AND (?16 = 0 OR t.ticket_id = ?16) AND (?12 = -1 OR t.visible_to_client = ?12) AND (?13 = '' OR t.title_norm LIKE ?13 ESCAPE '!')
AND (?14 = 0 OR (t.visible_to_client = 1 AND (t.company_id = ?14 OR c.main_company_id = ?15)))

--@ task_key
CASE ?3 WHEN 'id' THEN '' WHEN 'title' THEN t.title_norm WHEN 'due_on' THEN COALESCE(t.due_on, '9999-99')
	WHEN 'updated_at' THEN CAST(@base@ + t.updated_at AS TEXT) ELSE CAST(@base@ + t.created_at AS TEXT) END

--! task_list(iittittttiiitiii) -> @task_columns@ scan
SELECT @task_columns@ FROM @task_tables@ WHERE t.id > ?1 AND @task_filters@ ORDER BY t.id LIMIT ?2;

--! task_list_of(iittittttiiitiii) -> @task_columns@
SELECT @task_columns@ FROM @task_tables@
WHERE t.id IN (SELECT id FROM task WHERE company_id = ?5 AND id > ?1)
	AND @task_filters@ ORDER BY t.id LIMIT ?2;

--! task_list_group(iittittttiiitiii) -> @task_columns@
SELECT @task_columns@ FROM @task_tables@
WHERE t.id IN (SELECT o.id FROM company m JOIN task o ON o.company_id = m.id
		WHERE m.main_company_id = ?15 AND o.id > ?1)
	AND @task_filters@ ORDER BY t.id LIMIT ?2;

--! task_list_up(iittittttiiitiii) -> @task_columns@t scan sort
SELECT @task_columns@, @task_key@ AS _key FROM @task_tables@
WHERE (@task_key@, t.id) > (?4, ?1) AND @task_filters@ ORDER BY _key, t.id LIMIT ?2;

--! task_list_down(iittittttiiitiii) -> @task_columns@t scan sort
SELECT @task_columns@, @task_key@ AS _key FROM @task_tables@
WHERE (@task_key@, t.id) < (?4, ?1) AND @task_filters@ ORDER BY _key DESC, t.id DESC LIMIT ?2;

--! complete_task(iii) -> itt scan
SELECT id, status AS value, title AS text
FROM (SELECT id, status, title, ended_at FROM task WHERE id >= ?1 AND id <= ?2
	ORDER BY id DESC LIMIT 1000) t
WHERE ?3 = 0 OR ended_at IS NULL LIMIT 50;
