-- Tasks that come again: obligations of every month (S10). Whoever is no active user any
-- more, and a project that is closed, count no more.

--@ recurrence_columns iiiitttiiiiittttt
r.id, r.company_id, p.id AS project_id, u.id AS assignee_id, r.title, r.description, r.checklist,
r.visible_to_client, r.every_months, r.months_after, r.day, r.working_day, r.roll, r.calendar,
r.competence, r.until, r.make_on

--@ recurrence_tables
recurrence r LEFT JOIN "user" u ON u.id = r.assignee_id AND u.status = 'active' AND u.removed_at IS NULL
LEFT JOIN project p ON p.id = r.project_id AND p.status = 'open'

--! recurrence_insert(iiitttiiiiittttti) -> i
INSERT INTO recurrence (company_id, project_id, assignee_id, title, description, checklist, visible_to_client,
	every_months, months_after, day, working_day, roll, calendar, competence, until, make_on, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) RETURNING id;

--! recurrence_by_id(i) -> @recurrence_columns@
SELECT @recurrence_columns@ FROM @recurrence_tables@ WHERE r.id = ?1;

--! recurrence_due(t) -> @recurrence_columns@
SELECT @recurrence_columns@ FROM @recurrence_tables@
WHERE r.make_on IS NOT NULL AND r.make_on <= ?1 ORDER BY r.make_on LIMIT 1;

--! recurrence_count_due(t) -> i
SELECT count(*) AS id FROM recurrence WHERE make_on IS NOT NULL AND make_on <= ?1;

--! recurrence_advance(itt) -> -
UPDATE recurrence SET competence = ?2, make_on = ?3 WHERE id = ?1;

--! recurrence_set_until(itt) -> -
UPDATE recurrence SET until = ?2, make_on = CASE
	WHEN (SELECT status FROM company WHERE id = company_id) <> 'disabled' THEN ?3 END
WHERE id = ?1;

--! recurrence_pause(i) -> -
UPDATE recurrence SET make_on = NULL WHERE company_id = ?1;

--! recurrence_after(ii) -> @recurrence_columns@
SELECT @recurrence_columns@ FROM @recurrence_tables@ WHERE r.company_id = ?1 AND r.id > ?2 ORDER BY r.id LIMIT 1;
