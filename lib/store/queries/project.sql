-- Projects (S10). Progress is that of the tasks that the one who asks may see.

--@ project_head ittttt
p.id, c.tax_id AS company_tax_id, c.name AS company_name, p.name, p.description, p.status

--@ project_tail iiii
p.created_at, p.updated_at, p.closed_at, p.company_id

--@ project_columns @project_head@i@project_tail@

--@ project_none -
CASE WHEN p.status = 'closed' THEN 100 ELSE 0 END

--@ project_progress -
SELECT sum(progress_percent) / count(*) FROM task WHERE project_id = p.id AND status <> 'cancelled'

--@ project_listed -
@project_head@, COALESCE((@project_progress@ AND (?7 = 0 OR visible_to_client = 1)), @project_none@)
	AS progress_percent, @project_tail@

--@ project_tables
project p JOIN company c ON c.id = p.company_id

--! project_insert(ittti) -> i
INSERT INTO project (company_id, name, name_norm, description, status, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, 'open', ?5, ?5) RETURNING id;

--! project_update(ittttii) -> -
UPDATE project SET name = ?2, name_norm = ?3, description = ?4, status = ?5, closed_at = ?6, updated_at = ?7
WHERE id = ?1;

-- ?2: of tasks too that clients do not see.
--! project_by_id(ii) -> @project_columns@
SELECT @project_head@, COALESCE((@project_progress@ AND (?2 = 1 OR visible_to_client = 1)), @project_none@)
	AS progress_percent, @project_tail@ FROM @project_tables@ WHERE p.id = ?1;

--! project_open_tasks(i) -> i
SELECT count(*) AS id FROM task WHERE project_id = ?1 AND ended_at IS NULL;

-- ?5 company, ?6 status, ?7 viewer, ?8 main company of the group whose projects the viewer sees
-- too, ?9 pattern
--@ project_filters
(?5 = 0 OR p.company_id = ?5) AND (?6 = '' OR p.status = ?6)
AND (?7 = 0 OR p.company_id = ?7 OR c.main_company_id = ?8) AND (?9 = '' OR p.name_norm LIKE ?9 ESCAPE '!')

--@ project_key
CASE ?3 WHEN 'id' THEN '' WHEN 'name' THEN p.name_norm WHEN 'updated_at' THEN CAST(@base@ + p.updated_at AS TEXT)
	ELSE CAST(@base@ + p.created_at AS TEXT) END

--! project_list(iittitiit) -> @project_columns@ scan
SELECT @project_listed@ FROM @project_tables@ WHERE p.id > ?1 AND @project_filters@ ORDER BY p.id LIMIT ?2;

--! project_list_up(iittitiit) -> @project_columns@t scan sort
SELECT @project_listed@, @project_key@ AS _key FROM @project_tables@
WHERE (@project_key@, p.id) > (?4, ?1) AND @project_filters@ ORDER BY _key, p.id LIMIT ?2;

--! project_list_down(iittitiit) -> @project_columns@t scan sort
SELECT @project_listed@, @project_key@ AS _key FROM @project_tables@
WHERE (@project_key@, p.id) < (?4, ?1) AND @project_filters@ ORDER BY _key DESC, p.id DESC LIMIT ?2;

--! complete_project(iii) -> itt scan
SELECT id, status AS value, name AS text
FROM (SELECT id, status, name FROM project WHERE id >= ?1 AND id <= ?2 ORDER BY id DESC LIMIT 1000) p
WHERE ?3 = 0 OR status = 'open' LIMIT 50;
