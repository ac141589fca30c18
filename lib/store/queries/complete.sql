-- What a shell offers while a word is typed. Each looks at a bounded number of
-- rows, so that it answers at once in a portal of any size.

--! complete_companies(ttt) -> itt
SELECT id, tax_id AS value, name AS text FROM company
WHERE country = ?1 AND tax_id >= ?2 AND tax_id < ?3 ORDER BY tax_id LIMIT 50;

-- Of the first 1000; ?3: only those that are not active.
--! complete_users(tti) -> itt scan
SELECT u.id, u.email AS value, k.name AS text
FROM (SELECT id, email, contact_id, status FROM "user" WHERE email >= ?1 AND email < ?2
	ORDER BY email LIMIT 1000) u JOIN contact k ON k.id = u.contact_id
WHERE ?3 = 0 OR u.status <> 'active' LIMIT 50;

-- complete_NOUN, wherever it stands: of the newest 1000 ids between ?1 and ?2;
-- ?3: only those still open.
--! complete_invite(iii) -> itt scan
SELECT i.id, i.status AS value, t.tax_id || ' ' || i.email AS text
FROM (SELECT id, status, to_id, email FROM invite WHERE id >= ?1 AND id <= ?2
	ORDER BY id DESC LIMIT 1000) i JOIN company t ON t.id = i.to_id
WHERE ?3 = 0 OR i.status IN ('pending', 'forwarded') LIMIT 50;

--! complete_request(iii) -> itt scan
SELECT r.id, r.status AS value, f.tax_id || ' ' || r.email AS text
FROM (SELECT id, status, from_id, email FROM request WHERE id >= ?1 AND id <= ?2
	ORDER BY id DESC LIMIT 1000) r JOIN company f ON f.id = r.from_id
WHERE ?3 = 0 OR r.status = 'open' LIMIT 50;

--! complete_notification(iii) -> itt scan
SELECT id, kind AS value, text
FROM (SELECT id, kind, text, read_at FROM notification WHERE id >= ?1 AND id <= ?2
	ORDER BY id DESC LIMIT 1000) n
WHERE ?3 = 0 OR read_at IS NULL LIMIT 50;

--! complete_outbox(iii) -> itt scan
SELECT id, state AS value, recipient AS text
FROM (SELECT id, state, recipient FROM outbox WHERE id >= ?1 AND id <= ?2
	ORDER BY id DESC LIMIT 1000) o
WHERE ?3 = 0 OR state NOT IN ('sent', 'cancelled') LIMIT 50;

--! complete_session(iii) -> itt scan
SELECT s.id, CASE WHEN s.ended_at IS NULL THEN 'live' ELSE 'ended' END AS value, u.email AS text
FROM (SELECT id, user_id, ended_at FROM session WHERE id >= ?1 AND id <= ?2
	ORDER BY id DESC LIMIT 1000) s JOIN "user" u ON u.id = s.user_id
WHERE ?3 = 0 OR s.ended_at IS NULL LIMIT 50;
