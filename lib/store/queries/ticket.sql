-- Tickets (S1 to S7, S13).

--@ ticket_number -
t.day || '-' || CASE WHEN t.n < 10 THEN '00' WHEN t.n < 100 THEN '0' ELSE '' END || t.n

--@ merged_number -
g.day || '-' || CASE WHEN g.n < 10 THEN '00' WHEN g.n < 100 THEN '0' ELSE '' END || g.n

--@ ticket_head -
t.id, @ticket_number@ AS number, t.subject, c.tax_id AS company_tax_id, c.name AS company_name,
k.name AS contact_name, k.email AS contact_email, k.phones AS contact_phone, t.department, t.category

--@ ticket_tail -
t.due_at, t.origin, t.status, u.email AS assignee_email, a.name AS assignee_name, t.opened_at,
t.updated_at, t.closed_at, (SELECT v.status FROM conversation v WHERE v.ticket_id = t.id
	ORDER BY v.id DESC LIMIT 1) AS wa_status, t.rating, t.rating_comment, @merged_number@ AS merged_into

--@ ticket_tables
ticket t LEFT JOIN company c ON c.id = t.company_id JOIN contact k ON k.id = t.contact_id
LEFT JOIN "user" u ON u.id = t.assignee_id LEFT JOIN contact a ON a.id = u.contact_id
LEFT JOIN ticket g ON g.id = t.merged_into_id LEFT JOIN task j ON j.id = t.task_id

--@ ticket_row ittttttttttittttiiitittiiiiiiiiiii
@ticket_head@, t.tags, @ticket_tail@, t.company_id, t.contact_id, t.assignee_id,
t.office_unread, t.client_unread, t.merged_into_id, t.paused_at, t.paused_ms, t.project_id, t.task_id,
COALESCE(j.visible_to_client, 0) AS task_visible

--! ticket_by_id(i) -> @ticket_row@
SELECT @ticket_row@ FROM @ticket_tables@ WHERE t.id = ?1;

--! ticket_id_by_number(ti) -> i
SELECT id FROM ticket WHERE day = ?1 AND n = ?2;

-- The next number of a day.
--! ticket_day_next(t) -> i
INSERT INTO ticket_day (day, last) VALUES (?1, 1)
ON CONFLICT (day) DO UPDATE SET last = ticket_day.last + 1 RETURNING last;

--! ticket_insert(tiiitttttiii) -> i
INSERT INTO ticket (day, n, company_id, contact_id, subject, department, category, tags, origin, status,
	office_unread, client_unread, opened_at, updated_at, project_id, task_id, late)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'new', 0, 0, ?10, ?10, ?11, ?12,
	CASE WHEN EXISTS (SELECT 1 FROM ticket WHERE opened_at > ?10) THEN 1 ELSE 0 END) RETURNING id;

--! ticket_update(ittttitiiiiiii) -> -
UPDATE ticket SET subject = ?2, department = ?3, category = ?4, tags = ?5, assignee_id = ?6, status = ?7,
	closed_at = ?8, office_unread = ?9, client_unread = ?10, updated_at = ?11, due_at = ?12, paused_at = ?13,
	paused_ms = ?14
WHERE id = ?1;

-- The same of what changes with each message.
--! ticket_touch(iiiiii) -> -
UPDATE ticket SET office_unread = ?2, client_unread = ?3, updated_at = ?4, paused_at = ?5, paused_ms = ?6
WHERE id = ?1;

-- The next ticket of contact ?1 behind ?2 that is of no company (W6), merged or not.
--! ticket_of_nobody(ii) -> i
SELECT id FROM ticket WHERE contact_id = ?1 AND id > ?2 AND company_id IS NULL ORDER BY id LIMIT 1;

-- A task that hangs on ticket ?1, has not ended and is of another company than ?2.
--! ticket_foreign_task(ii) -> i
SELECT id FROM task WHERE ticket_id = ?1 AND company_id <> ?2 AND ended_at IS NULL ORDER BY id LIMIT 1;

--! ticket_put_company(ii) -> -
UPDATE ticket SET company_id = ?2 WHERE id = ?1;

--! ticket_rate(iit) -> -
UPDATE ticket SET rating = ?2, rating_comment = ?3 WHERE id = ?1;

-- What was merged into ?1 before goes along into ?2.
--! ticket_merge(ii) -> -
UPDATE ticket SET merged_into_id = ?2 WHERE id = ?1 OR merged_into_id = ?1;

--! ticket_merge_tasks(ii) -> -
UPDATE task SET ticket_id = ?2 WHERE ticket_id = ?1;

--! ticket_merge_processes(ii) -> -
UPDATE process SET ticket_id = ?2 WHERE ticket_id = ?1;

-- What the one discusses, the other does where it discusses nothing.
--! ticket_set_about(iii) -> -
UPDATE ticket SET project_id = ?2, task_id = ?3 WHERE id = ?1;

--! ticket_merge_messages(ii) -> -
UPDATE message SET ticket_id = ?2 WHERE ticket_id = ?1;

--! ticket_merge_words(ii) -> -
INSERT INTO ticket_word (ticket_id, word, internal)
SELECT ?2, word, internal FROM ticket_word WHERE ticket_id = ?1
ON CONFLICT (ticket_id, word) DO UPDATE SET internal = 0 WHERE ticket_word.internal = 1 AND excluded.internal = 0;

--! ticket_merge_forget(i) -> -
DELETE FROM ticket_word WHERE ticket_id = ?1;

--! ticket_set_read(iii) -> -
UPDATE ticket SET office_unread = ?2, client_unread = ?3 WHERE id = ?1;

-- Whom a client's words about a task are for where the ticket itself has no assignee.
--! ticket_responsible(i) -> i
SELECT u.id FROM task j JOIN "user" u ON u.id = j.assignee_id
WHERE j.id = ?1 AND u.status = 'active' AND u.removed_at IS NULL;

-- Who a user is as the author of messages.
--! ticket_author(i) -> i
SELECT contact_id AS id FROM "user" WHERE id = ?1;

-- A user of the office: by e-mail, or by id where ?3 is not 0; ?4: only an active one, else
-- of several the one who is still there, or who was last.
--! ticket_staff(itii) -> i sort
SELECT id FROM "user" WHERE company_id = ?1 AND (id = ?3 OR (?3 = 0 AND email = lower(?2)))
	AND (?4 = 0 OR (status = 'active' AND removed_at IS NULL))
ORDER BY CASE WHEN removed_at IS NULL THEN 0 ELSE 1 END, id DESC LIMIT 1;

-- A word that a client finds the ticket by stays so when a comment has it too.
--! ticket_word_put(iti) -> -
INSERT INTO ticket_word (ticket_id, word, internal) VALUES (?1, ?2, ?3)
ON CONFLICT (ticket_id, word) DO UPDATE SET internal = 0 WHERE ticket_word.internal = 1 AND excluded.internal = 0;

--! ticket_word_drop(it) -> -
DELETE FROM ticket_word WHERE ticket_id = ?1 AND word = ?2;

-- All words that begin so: behind them comes the last code point there is.
--@ ticket_words_from -
word < ?1 || '􏿿' AND word >= ?1

-- How many tickets have such a word, ?2 at most.
--! ticket_word_count(ti) -> i scan
SELECT count(*) AS id FROM (SELECT 1 AS found FROM ticket_word WHERE @ticket_words_from@ LIMIT ?2) f;

-- The first ticket by id that was opened at ?1 or after. It is not late: the one before it
-- that was opened after it would be the first then.
--! ticket_first_since(i) -> i
SELECT id FROM ticket WHERE late = 0 AND opened_at >= ?1 ORDER BY opened_at, id LIMIT 1;

--! ticket_last_late(i) -> i scan
SELECT id FROM ticket WHERE late = 1 AND +opened_at < ?1 ORDER BY id DESC LIMIT 1;

-- Others of the office who had the e-mail of the user before.
--! ticket_namesakes(i) -> i
SELECT count(*) AS id FROM "user" e JOIN "user" f ON f.company_id = e.company_id AND f.email = e.email
WHERE e.id = ?1 AND f.id <> e.id;

-- ?5 ",status,status,", ?6 assignee, and whoever had the same e-mail (-1: nobody), ?7 company,
-- ?8 contact, ?9 since, ?10 until, ?11 category, ?12 department, ?13 tag, ?14 origin, ?15 viewer, ?16 main company of the
-- viewer's group, ?17 to ?22 beginnings of words, ?23 project, ?24 task, ?25 the id after which and
-- ?26 the id up to which all tickets are that ?9 and ?10 let through
--@ ticket_filters_but_one -
(?5 = '' OR ?5 LIKE '%,' || t.status || ',%')
AND (?6 = 0 OR u.email = (SELECT e.email FROM "user" e WHERE e.id = ?6) OR (?6 = -1 AND t.assignee_id IS NULL))
AND (?7 = 0 OR t.company_id = ?7) AND (?8 = 0 OR t.contact_id = ?8)
AND (?9 = 0 OR t.opened_at >= ?9) AND (?10 = 0 OR t.opened_at < ?10)
AND (?11 = '' OR t.category = ?11) AND (?12 = '' OR t.department = ?12) AND (?14 = '' OR t.origin = ?14)
AND (?23 = 0 OR t.project_id = ?23) AND (?24 = 0 OR t.task_id = ?24)
AND (?15 = 0 OR t.company_id = ?15 OR c.main_company_id = ?16)
AND (?13 = '' OR EXISTS (SELECT 1 FROM ticket_word x WHERE x.ticket_id = t.id AND x.word = ?13
	AND (?15 = 0 OR x.internal = 0)))
AND (?18 = '' OR EXISTS (SELECT 1 FROM ticket_word x WHERE x.ticket_id = t.id
	AND x.word >= ?18 AND x.word < ?18 || '􏿿' AND (?15 = 0 OR x.internal = 0)))
AND (?19 = '' OR EXISTS (SELECT 1 FROM ticket_word x WHERE x.ticket_id = t.id
	AND x.word >= ?19 AND x.word < ?19 || '􏿿' AND (?15 = 0 OR x.internal = 0)))
AND (?20 = '' OR EXISTS (SELECT 1 FROM ticket_word x WHERE x.ticket_id = t.id
	AND x.word >= ?20 AND x.word < ?20 || '􏿿' AND (?15 = 0 OR x.internal = 0)))
AND (?21 = '' OR EXISTS (SELECT 1 FROM ticket_word x WHERE x.ticket_id = t.id
	AND x.word >= ?21 AND x.word < ?21 || '􏿿' AND (?15 = 0 OR x.internal = 0)))
AND (?22 = '' OR EXISTS (SELECT 1 FROM ticket_word x WHERE x.ticket_id = t.id
	AND x.word >= ?22 AND x.word < ?22 || '􏿿' AND (?15 = 0 OR x.internal = 0)))

--@ ticket_first_word -
(?17 = '' OR EXISTS (SELECT 1 FROM ticket_word x WHERE x.ticket_id = t.id
	AND x.word >= ?17 AND x.word < ?17 || '􏿿' AND (?15 = 0 OR x.internal = 0)))

--@ ticket_filters
t.id <= ?26 AND @ticket_first_word@ AND @ticket_filters_but_one@

-- Tags are the office's own, and each side has messages of its own to read.
--@ ticket_seen ittttttttttittttiiitittiii
@ticket_head@, CASE WHEN ?15 = 0 THEN t.tags ELSE '' END AS tags, @ticket_tail@, t.project_id,
CASE WHEN ?15 = 0 OR j.visible_to_client = 1 THEN t.task_id END AS task_id,
CASE WHEN ?15 = 0 THEN t.office_unread ELSE t.client_unread END AS unread_count

--@ ticket_after -
CASE WHEN ?25 > ?1 THEN ?25 ELSE ?1 END

--! ticket_list(iitttiiiiittttiittttttiiii) -> @ticket_seen@
SELECT @ticket_seen@ FROM @ticket_tables@
WHERE t.id > @ticket_after@ AND @ticket_filters@ ORDER BY t.id LIMIT ?2;

--! ticket_list_open(iitttiiiiittttiittttttiiii) -> @ticket_seen@
SELECT @ticket_seen@ FROM @ticket_tables@
WHERE t.closed_at IS NULL AND t.id > @ticket_after@ AND @ticket_filters@ ORDER BY t.id LIMIT ?2;

-- The one status there is in ?5.
--! ticket_list_status(iitttiiiiittttiittttttiiii) -> @ticket_seen@
SELECT @ticket_seen@ FROM @ticket_tables@
WHERE t.status = substr(?5, 2, length(?5) - 2) AND t.id > @ticket_after@ AND @ticket_filters@ ORDER BY t.id LIMIT ?2;

--! ticket_list_of(iitttiiiiittttiittttttiiii) -> @ticket_seen@
SELECT @ticket_seen@ FROM @ticket_tables@
WHERE t.company_id = ?7 AND t.id > @ticket_after@ AND @ticket_filters@ ORDER BY t.id LIMIT ?2;

--! ticket_list_group(iitttiiiiittttiittttttiiii) -> @ticket_seen@
SELECT @ticket_seen@ FROM @ticket_tables@
WHERE t.id IN (SELECT o.id FROM company m JOIN ticket o ON o.company_id = m.id
		WHERE m.main_company_id = ?16 AND o.id > @ticket_after@) AND @ticket_filters@ ORDER BY t.id LIMIT ?2;

--! ticket_list_contact(iitttiiiiittttiittttttiiii) -> @ticket_seen@
SELECT @ticket_seen@ FROM @ticket_tables@
WHERE t.contact_id = ?8 AND t.id > @ticket_after@ AND @ticket_filters@ ORDER BY t.id LIMIT ?2;

--! ticket_list_assignee(iitttiiiiittttiittttttiiii) -> @ticket_seen@
SELECT @ticket_seen@ FROM @ticket_tables@
WHERE t.assignee_id = ?6 AND t.id > @ticket_after@ AND @ticket_filters@ ORDER BY t.id LIMIT ?2;

--! ticket_list_category(iitttiiiiittttiittttttiiii) -> @ticket_seen@
SELECT @ticket_seen@ FROM @ticket_tables@
WHERE t.category = ?11 AND t.id > @ticket_after@ AND @ticket_filters@ ORDER BY t.id LIMIT ?2;

--! ticket_list_department(iitttiiiiittttiittttttiiii) -> @ticket_seen@
SELECT @ticket_seen@ FROM @ticket_tables@
WHERE t.department = ?12 AND t.id > @ticket_after@ AND @ticket_filters@ ORDER BY t.id LIMIT ?2;

--! ticket_list_project(iitttiiiiittttiittttttiiii) -> @ticket_seen@
SELECT @ticket_seen@ FROM @ticket_tables@
WHERE t.project_id = ?23 AND t.id > @ticket_after@ AND @ticket_filters@ ORDER BY t.id LIMIT ?2;

--! ticket_list_task(iitttiiiiittttiittttttiiii) -> @ticket_seen@
SELECT @ticket_seen@ FROM @ticket_tables@
WHERE t.task_id = ?24 AND t.id > @ticket_after@ AND @ticket_filters@ ORDER BY t.id LIMIT ?2;

--! ticket_list_tag(iitttiiiiittttiittttttiiii) -> @ticket_seen@
SELECT @ticket_seen@ FROM @ticket_tables@
WHERE t.id IN (SELECT ticket_id FROM ticket_word WHERE word = ?13 AND ticket_id > @ticket_after@) AND @ticket_filters@ ORDER BY t.id LIMIT ?2;

-- For words that few tickets have: those that have ?17.
--! ticket_list_words(iitttiiiiittttiittttttiiii) -> @ticket_seen@
SELECT @ticket_seen@ FROM @ticket_tables@
WHERE t.id IN (SELECT ticket_id FROM ticket_word WHERE word >= ?17 AND word < ?17 || '􏿿'
		AND ticket_id > @ticket_after@ AND (?15 = 0 OR internal = 0))
	AND t.id <= ?26 AND @ticket_filters_but_one@ ORDER BY t.id LIMIT ?2;

--@ ticket_key
CASE ?3 WHEN 'id' THEN '' WHEN 'number' THEN t.day || CAST(@base@ + t.n AS TEXT)
	WHEN 'opened_at' THEN CAST(@base@ + t.opened_at AS TEXT)
	WHEN 'updated_at' THEN CAST(@base@ + t.updated_at AS TEXT)
	WHEN 'due_at' THEN COALESCE(CAST(@base@ + t.due_at AS TEXT), '9') ELSE t.status END

--! ticket_list_up(iitttiiiiittttiittttttiiii) -> @ticket_seen@t sort
SELECT @ticket_seen@, @ticket_key@ AS _key FROM @ticket_tables@
WHERE t.id > ?25 AND (@ticket_key@, t.id) > (?4, ?1) AND @ticket_filters@ ORDER BY _key, t.id LIMIT ?2;

--! ticket_list_down(iitttiiiiittttiittttttiiii) -> @ticket_seen@t sort
SELECT @ticket_seen@, @ticket_key@ AS _key FROM @ticket_tables@
WHERE t.id > ?25 AND (@ticket_key@, t.id) < (?4, ?1) AND @ticket_filters@ ORDER BY _key DESC, t.id DESC LIMIT ?2;

--! ticket_list_open_up(iitttiiiiittttiittttttiiii) -> @ticket_seen@t sort
SELECT @ticket_seen@, @ticket_key@ AS _key FROM @ticket_tables@
WHERE t.closed_at IS NULL AND t.id > ?25 AND (@ticket_key@, t.id) > (?4, ?1) AND @ticket_filters@ ORDER BY _key, t.id LIMIT ?2;

--! ticket_list_open_down(iitttiiiiittttiittttttiiii) -> @ticket_seen@t sort
SELECT @ticket_seen@, @ticket_key@ AS _key FROM @ticket_tables@
WHERE t.closed_at IS NULL AND t.id > ?25 AND (@ticket_key@, t.id) < (?4, ?1) AND @ticket_filters@ ORDER BY _key DESC, t.id DESC LIMIT ?2;

--! ticket_list_of_up(iitttiiiiittttiittttttiiii) -> @ticket_seen@t sort
SELECT @ticket_seen@, @ticket_key@ AS _key FROM @ticket_tables@
WHERE t.company_id = ?7 AND t.id > ?25 AND (@ticket_key@, t.id) > (?4, ?1) AND @ticket_filters@ ORDER BY _key, t.id LIMIT ?2;

--! ticket_list_of_down(iitttiiiiittttiittttttiiii) -> @ticket_seen@t sort
SELECT @ticket_seen@, @ticket_key@ AS _key FROM @ticket_tables@
WHERE t.company_id = ?7 AND t.id > ?25 AND (@ticket_key@, t.id) < (?4, ?1) AND @ticket_filters@ ORDER BY _key DESC, t.id DESC LIMIT ?2;

-- By id downwards.
--! ticket_list_newest(iitttiiiiittttiittttttiiii) -> @ticket_seen@t
SELECT @ticket_seen@, '' AS _key FROM @ticket_tables@
WHERE t.id > ?25 AND t.id < ?1 AND @ticket_filters@ ORDER BY t.id DESC LIMIT ?2;

--! ticket_list_open_newest(iitttiiiiittttiittttttiiii) -> @ticket_seen@t
SELECT @ticket_seen@, '' AS _key FROM @ticket_tables@
WHERE t.closed_at IS NULL AND t.id > ?25 AND t.id < ?1 AND @ticket_filters@ ORDER BY t.id DESC LIMIT ?2;

--! ticket_list_of_newest(iitttiiiiittttiittttttiiii) -> @ticket_seen@t
SELECT @ticket_seen@, '' AS _key FROM @ticket_tables@
WHERE t.company_id = ?7 AND t.id > ?25 AND t.id < ?1 AND @ticket_filters@ ORDER BY t.id DESC LIMIT ?2;

-- By a time or number that has an index.
--@ ticket_filters_timed -
+t.id > ?25 AND +t.id <= ?26 AND @ticket_first_word@ AND @ticket_filters_but_one@

-- The time that the key is made of: the first page begins before all times, or behind them.
--@ ticket_time -
CASE WHEN ?4 = '' THEN -1 WHEN ?4 > '9' THEN 9223372036854775807 ELSE CAST(?4 AS BIGINT) - @base@ END

--! ticket_list_opened_up(iitttiiiiittttiittttttiiii) -> @ticket_seen@t
SELECT @ticket_seen@, CAST(@base@ + t.opened_at AS TEXT) AS _key FROM @ticket_tables@
WHERE (t.opened_at, t.id) > (@ticket_time@, ?1) AND @ticket_filters_timed@ ORDER BY t.opened_at, t.id LIMIT ?2;

--! ticket_list_opened_down(iitttiiiiittttiittttttiiii) -> @ticket_seen@t
SELECT @ticket_seen@, CAST(@base@ + t.opened_at AS TEXT) AS _key FROM @ticket_tables@
WHERE (t.opened_at, t.id) < (@ticket_time@, ?1) AND @ticket_filters_timed@ ORDER BY t.opened_at DESC, t.id DESC LIMIT ?2;

--! ticket_list_updated_up(iitttiiiiittttiittttttiiii) -> @ticket_seen@t
SELECT @ticket_seen@, CAST(@base@ + t.updated_at AS TEXT) AS _key FROM @ticket_tables@
WHERE (t.updated_at, t.id) > (@ticket_time@, ?1) AND @ticket_filters_timed@ ORDER BY t.updated_at, t.id LIMIT ?2;

--! ticket_list_updated_down(iitttiiiiittttiittttttiiii) -> @ticket_seen@t
SELECT @ticket_seen@, CAST(@base@ + t.updated_at AS TEXT) AS _key FROM @ticket_tables@
WHERE (t.updated_at, t.id) < (@ticket_time@, ?1) AND @ticket_filters_timed@ ORDER BY t.updated_at DESC, t.id DESC LIMIT ?2;

-- By day and number, which are the key: 6 characters and 16 digits. The first page begins
-- before all days, or behind them.
--@ ticket_key_number -
CASE WHEN length(?4) = 22 THEN CAST(substr(?4, 7) AS BIGINT) - @base@ ELSE 0 END

--! ticket_list_number_up(iitttiiiiittttiittttttiiii) -> @ticket_seen@t
SELECT @ticket_seen@, t.day || CAST(@base@ + t.n AS TEXT) AS _key FROM @ticket_tables@
WHERE (t.day, t.n, t.id) > (substr(?4, 1, 6), @ticket_key_number@, ?1) AND @ticket_filters_timed@
ORDER BY t.day, t.n, t.id LIMIT ?2;

--! ticket_list_number_down(iitttiiiiittttiittttttiiii) -> @ticket_seen@t
SELECT @ticket_seen@, t.day || CAST(@base@ + t.n AS TEXT) AS _key FROM @ticket_tables@
WHERE (t.day, t.n, t.id) < (substr(?4, 1, 6), @ticket_key_number@, ?1) AND @ticket_filters_timed@
ORDER BY t.day DESC, t.n DESC, t.id DESC LIMIT ?2;

--! ticket_count(t) -> i
SELECT count(*) AS id FROM ticket WHERE status = ?1;

--! ticket_count_of(tii) -> i
SELECT count(*) AS id FROM company c JOIN ticket t ON t.company_id = c.id
WHERE (c.id = ?2 OR (?3 <> 0 AND c.main_company_id = ?3)) AND t.status = ?1;

-- Of the newest 1000 from day ?1 to before ?2, numbers from ?3 to before ?4; ?5: only open ones.
--! complete_tickets(tttti) -> itt scan
SELECT id, number AS value, subject AS text
FROM (SELECT t.id, @ticket_number@ AS number, t.subject, t.closed_at FROM ticket t
	WHERE t.day >= ?1 AND t.day < ?2 ORDER BY t.day DESC, t.n DESC LIMIT 1000) t
WHERE number >= ?3 AND number < ?4 AND (?5 = 0 OR closed_at IS NULL) LIMIT 50;
