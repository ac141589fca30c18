-- What is said and done in tickets (S5 to S8).

--! message_insert(iittiiittttitti) -> i
INSERT INTO message (ticket_id, at, direction, via, author_id, automatic, internal, body, event, event_from,
	event_to, outbox_id, delivery, wamid, reply_to_id)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) RETURNING id;

-- What the office says without saying who is said in its name.
--@ message_columns itittttiitttttti
m.id, @ticket_number@ AS ticket_number, m.at, m.direction, m.via,
CASE WHEN m.author_id IS NULL AND m.direction = 'out' THEN (SELECT f.name FROM portal p
	JOIN company f ON f.id = p.office_id WHERE p.id = 1) ELSE k.name END AS author_name,
k.email AS author_email, m.automatic, m.internal, m.body,
m.event, m.event_from, m.event_to, COALESCE(m.delivery, o.state) AS delivery, m.wamid,
CASE WHEN EXISTS (SELECT 1 FROM attachment x WHERE x.target_kind = 'message' AND x.target_id = m.id)
	THEN 1 ELSE 0 END AS has_files

--@ message_tables
message m JOIN ticket t ON t.id = m.ticket_id LEFT JOIN contact k ON k.id = m.author_id
LEFT JOIN outbox o ON o.id = m.outbox_id

--! message_by_id(i) -> @message_columns@
SELECT @message_columns@ FROM @message_tables@ WHERE m.id = ?1;

-- ?5 ticket, ?6 only what the client sees, ?7 from this id on
--! message_list(iittiii) -> @message_columns@
SELECT @message_columns@ FROM @message_tables@
WHERE m.ticket_id = ?5 AND m.id > ?1 AND (?6 = 0 OR m.internal = 0) AND m.id >= ?7 ORDER BY m.id LIMIT ?2;

--! message_list_down(iittiii) -> @message_columns@t
SELECT @message_columns@, '' AS _key FROM @message_tables@
WHERE m.ticket_id = ?5 AND m.id < ?1 AND (?6 = 0 OR m.internal = 0) AND m.id >= ?7
ORDER BY m.id DESC LIMIT ?2;

-- ?3: only what the client sees.
--! message_attachment(iii) -> itittit
SELECT a.id, @ticket_number@ AS ticket_number, m.id AS message_id, a.name, f.media_type, f.size_bytes, f.sha256
FROM attachment a JOIN message m ON m.id = a.target_id JOIN ticket t ON t.id = m.ticket_id
	JOIN file f ON f.sha256 = a.sha256
WHERE a.id = ?1 AND a.target_kind = 'message' AND m.ticket_id = ?2 AND (?3 = 0 OR m.internal = 0);

--! message_files(i) -> it
SELECT id, name FROM attachment WHERE target_kind = 'message' AND target_id = ?1 ORDER BY position;

-- Of the message that the mail ?1, about the ticket ?2, tells of; that ticket may have been
-- merged into another since. What is internal has no mail.
--! message_mailed_files(ii) -> ttit sort
SELECT a.name, f.sha256, f.size_bytes, f.media_type
FROM ticket t JOIN message m ON m.ticket_id = COALESCE(t.merged_into_id, t.id)
	JOIN attachment a ON a.target_kind = 'message' AND a.target_id = m.id JOIN file f ON f.sha256 = a.sha256
WHERE t.id = ?2 AND m.outbox_id = ?1 AND m.direction = 'out' AND m.internal = 0 ORDER BY m.id, a.position;

--@ message_key
CAST(@base@ + m.at AS TEXT)

--! message_list_at_up(iittiii) -> @message_columns@t sort
SELECT @message_columns@, @message_key@ AS _key FROM @message_tables@
WHERE m.ticket_id = ?5 AND (@message_key@, m.id) > (?4, ?1) AND (?6 = 0 OR m.internal = 0) AND m.id >= ?7
ORDER BY _key, m.id LIMIT ?2;

--! message_list_at_down(iittiii) -> @message_columns@t sort
SELECT @message_columns@, @message_key@ AS _key FROM @message_tables@
WHERE m.ticket_id = ?5 AND (@message_key@, m.id) < (?4, ?1) AND (?6 = 0 OR m.internal = 0) AND m.id >= ?7
ORDER BY _key DESC, m.id DESC LIMIT ?2;

-- What is new (S9), behind ?1 and up to ?2, ?3 at most; ?4 viewer, ?5 main company of the
-- viewer's group. Of events the opening alone, and that of the ticket itself: not of one that
-- was merged into it.
--! message_news(iiiii) -> itittttttttttttiit
SELECT m.id, CASE WHEN m.event = 'opened' THEN 'ticket' ELSE 'message' END AS kind, m.at,
	@ticket_number@ AS ticket_number, t.subject, c.tax_id AS company_tax_id, c.name AS company_name,
	q.name AS contact_name, t.department, t.category, t.status, u.email AS assignee_email,
	CASE WHEN m.event = 'opened' THEN NULL ELSE m.direction END AS direction, m.via,
	CASE WHEN m.author_id IS NULL AND m.direction = 'out' THEN (SELECT f.name FROM portal p
		JOIN company f ON f.id = p.office_id WHERE p.id = 1) ELSE k.name END AS author_name,
	m.automatic, m.internal, m.body
FROM message m JOIN ticket t ON t.id = m.ticket_id LEFT JOIN company c ON c.id = t.company_id
JOIN contact q ON q.id = t.contact_id LEFT JOIN "user" u ON u.id = t.assignee_id
LEFT JOIN contact k ON k.id = m.author_id
WHERE m.id > ?1 AND m.id <= ?2 AND (m.event IS NULL OR m.event = 'opened')
	AND (m.event IS NULL OR (m.at = t.opened_at AND NOT EXISTS (SELECT 1 FROM message b
		WHERE b.ticket_id = m.ticket_id AND b.event = 'opened' AND b.at = m.at AND b.id < m.id)))
	AND (?4 = 0 OR (m.internal = 0 AND (t.company_id = ?4 OR c.main_company_id = ?5)))
ORDER BY m.id LIMIT ?3;

--! message_newest() -> i
SELECT COALESCE(max(id), 0) AS id FROM message;
