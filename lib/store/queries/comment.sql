-- Comments on tasks and projects (S10, S12). ?2 where it stands: the internal ones too.

--@ comment_columns ittit
m.id, k.name AS author_name, u.email AS author_email, m.internal, m.body

--@ comment_tables
comment m LEFT JOIN "user" u ON u.id = m.user_id LEFT JOIN contact k ON k.id = u.contact_id

--! comment_insert(iiiiti) -> i
INSERT INTO comment (task_id, project_id, user_id, internal, body, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id;

--! comment_list_task(ii) -> @comment_columns@i
SELECT @comment_columns@, m.created_at AS at FROM @comment_tables@
WHERE m.task_id = ?1 AND (?2 = 1 OR m.internal = 0) ORDER BY m.id;

--! comment_list_project(ii) -> @comment_columns@i
SELECT @comment_columns@, m.created_at AS at FROM @comment_tables@
WHERE m.project_id = ?1 AND (?2 = 1 OR m.internal = 0) ORDER BY m.id;
