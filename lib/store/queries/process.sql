-- Processes and their templates (S11). The steps are tasks. Who is no user of the office
-- knows of those processes alone of which a step is visible to clients.

--! process_template_insert(ttti) -> i
INSERT INTO process_template (name, name_norm, source, created_at) VALUES (?1, ?2, ?3, ?4) RETURNING id;

-- By the folded name or by id; of several whose names differ in case and accents alone the
-- one that is named ?3 itself.
--! process_template_named(tit) -> itti scan sort
SELECT id, name, source, created_at FROM process_template WHERE name_norm = ?1 OR id = ?2
ORDER BY CASE WHEN name = ?3 THEN 0 ELSE 1 END, id LIMIT 1;

--! process_template_delete(i) -> -
DELETE FROM process_template WHERE id = ?1;

-- ?5 pattern
--@ process_template_key
CASE ?3 WHEN 'id' THEN '' ELSE name_norm END

--! process_template_list(iittt) -> itti scan
SELECT id, name, source, created_at FROM process_template
WHERE id > ?1 AND (?5 = '' OR name_norm LIKE ?5 ESCAPE '!') ORDER BY id LIMIT ?2;

--! process_template_list_up(iittt) -> ittit scan sort
SELECT id, name, source, created_at, @process_template_key@ AS _key FROM process_template
WHERE (@process_template_key@, id) > (?4, ?1) AND (?5 = '' OR name_norm LIKE ?5 ESCAPE '!')
ORDER BY _key, id LIMIT ?2;

--! process_template_list_down(iittt) -> ittit scan sort
SELECT id, name, source, created_at, @process_template_key@ AS _key FROM process_template
WHERE (@process_template_key@, id) < (?4, ?1) AND (?5 = '' OR name_norm LIKE ?5 ESCAPE '!')
ORDER BY _key DESC, id DESC LIMIT ?2;

--@ process_head ittttt
p.id, p.template, c.tax_id AS company_tax_id, c.name AS company_name,
CASE WHEN i.id IS NOT NULL THEN @task_ticket@ END AS ticket_number, p.status

--@ process_tail iiiii
p.started_at, p.ended_at, p.updated_at, p.company_id, p.final

--@ process_columns @process_head@i@process_tail@

--@ process_tables
process p JOIN company c ON c.id = p.company_id LEFT JOIN ticket i ON i.id = p.ticket_id

-- How many of the steps are done; those that were cancelled count where the process was, too.
--@ process_progress -
SELECT 100 * sum(CASE WHEN status = 'done' THEN 1 ELSE 0 END) / count(*) FROM task
WHERE process_id = p.id AND (status <> 'cancelled' OR p.status = 'cancelled')

--! process_insert(ittii) -> i
INSERT INTO process (company_id, template, template_norm, status, started_at, updated_at, ticket_id)
VALUES (?1, ?2, ?3, 'running', ?4, ?4, ?5) RETURNING id;

--! process_set_status(itiii) -> -
UPDATE process SET status = ?2, ended_at = ?3, updated_at = ?4, final = ?5 WHERE id = ?1;

-- ?2: of steps too that clients do not see.
--! process_by_id(ii) -> @process_columns@
SELECT @process_head@, COALESCE((@process_progress@ AND (?2 = 1 OR visible_to_client = 1)), 0)
	AS progress_percent, @process_tail@ FROM @process_tables@ WHERE p.id = ?1;

--! process_shown(i) -> i
SELECT count(*) AS id FROM task WHERE process_id = ?1 AND visible_to_client = 1;

--! process_steps(ii) -> ittttii
SELECT t.id, t.title, t.status, t.due_on, u.email AS assignee_email, t.progress_percent, t.visible_to_client
FROM task t LEFT JOIN "user" u ON u.id = t.assignee_id
WHERE t.process_id = ?1 AND (?2 = 1 OR t.visible_to_client = 1) ORDER BY t.step;

--! process_open_steps(i) -> i
SELECT count(*) AS id FROM task WHERE process_id = ?1 AND ended_at IS NULL;

--! process_done_steps(i) -> i
SELECT count(*) AS id FROM task WHERE process_id = ?1 AND status = 'done';

--! process_next_open(ii) -> i
SELECT id FROM task WHERE process_id = ?1 AND step > ?2 AND ended_at IS NULL ORDER BY step LIMIT 1;

-- ?5 company, ?6 status, ?7 viewer, ?8 main company of the group whose processes the viewer sees
-- too, ?9 pattern, ?10 ticket
--@ process_filters
(?5 = 0 OR p.company_id = ?5) AND (?6 = '' OR p.status = ?6)
AND (?7 = 0 OR ((p.company_id = ?7 OR c.main_company_id = ?8)
	AND EXISTS (SELECT 1 FROM task WHERE process_id = p.id AND visible_to_client = 1)))
AND (?10 = 0 OR p.ticket_id = ?10) AND (?9 = '' OR p.template_norm LIKE ?9 ESCAPE '!')

--@ process_key
CASE ?3 WHEN 'id' THEN '' ELSE CAST(@base@ + p.started_at AS TEXT) END

--@ process_listed -
@process_head@, COALESCE((@process_progress@ AND (?7 = 0 OR visible_to_client = 1)), 0) AS progress_percent,
@process_tail@

--! process_list(iittitiiti) -> @process_columns@ scan
SELECT @process_listed@ FROM @process_tables@ WHERE p.id > ?1 AND @process_filters@ ORDER BY p.id LIMIT ?2;

--! process_list_up(iittitiiti) -> @process_columns@t scan sort
SELECT @process_listed@, @process_key@ AS _key FROM @process_tables@
WHERE (@process_key@, p.id) > (?4, ?1) AND @process_filters@ ORDER BY _key, p.id LIMIT ?2;

--! process_list_down(iittitiiti) -> @process_columns@t scan sort
SELECT @process_listed@, @process_key@ AS _key FROM @process_tables@
WHERE (@process_key@, p.id) < (?4, ?1) AND @process_filters@ ORDER BY _key DESC, p.id DESC LIMIT ?2;

--! complete_process(iii) -> itt scan
SELECT id, status AS value, template AS text
FROM (SELECT id, status, template FROM process WHERE id >= ?1 AND id <= ?2 ORDER BY id DESC LIMIT 1000) p
WHERE ?3 = 0 OR status = 'running' LIMIT 50;
