-- What comes from WhatsApp (W5 to W9).

--! message_received(t) -> i
SELECT id FROM message WHERE wamid = ?1 AND direction = 'in';

-- The message that WhatsApp knows by that name: as it came, or as it went out.
--! message_of_wamid(t) -> ii
SELECT id, ticket_id FROM message WHERE wamid = ?1 LIMIT 1;

--! message_of_call(t) -> ii
SELECT m.id, m.ticket_id FROM outbox o JOIN message m ON m.id = o.cause_id
WHERE o.wamid = ?1 AND o.cause_kind = 'message';

--! ticket_newest_of(i) -> i
SELECT id FROM ticket WHERE contact_id = ?1 AND merged_into_id IS NULL ORDER BY id DESC LIMIT 1;

--! conversation_set_menu(it) -> -
UPDATE conversation SET menu = ?2 WHERE id = ?1;

--! conversation_set_address(itt) -> -
UPDATE conversation SET address = ?2, identity = ?3 WHERE id = ?1;

-- What was not sent yet to ?1, or to ?2, as the same number is spelled otherwise, whatever became
-- of it: it may be tried again. What was cancelled follows when somebody says so. What is for who
-- has the name, ?4, still, stays: a message to that contact, a document of a company of its own.
--! outbox_set_recipient(tttt) -> -
UPDATE outbox SET recipient = ?3
WHERE channel = 'whatsapp' AND state <> 'sent' AND recipient IN (?1, ?2)
	AND state IN ('queued', 'held', 'sending', 'unknown', 'failed')
	AND NOT (cause_kind = 'message' AND EXISTS (SELECT 1 FROM message m JOIN ticket t ON t.id = m.ticket_id
		JOIN contact_identity i ON i.identity = ?4 AND i.contact_id = t.contact_id WHERE m.id = cause_id))
	AND NOT (cause_kind = 'document' AND EXISTS (SELECT 1 FROM contact_identity i
		JOIN contact k ON k.id = i.contact_id JOIN company c ON c.id = k.company_id
		JOIN document d ON d.id = cause_id JOIN company e ON e.id = d.company_id
		WHERE i.identity = ?4 AND (e.id = c.id OR e.main_company_id = c.main_company_id)));

-- Who is known by the name ?1, after the contact ?2, and came to it from ?3 until ?4.
--! identity_holder(tiii) -> i
SELECT contact_id FROM contact_identity
WHERE identity = ?1 AND contact_id > ?2 AND since BETWEEN ?3 AND ?4 ORDER BY contact_id LIMIT 1;

-- The same of the contact ?2.
--! identity_held(tiii) -> i
SELECT contact_id FROM contact_identity WHERE identity = ?1 AND contact_id = ?2 AND since BETWEEN ?3 AND ?4;

-- Came ?2 to it at another time?
--! identity_held_else(tiii) -> i
SELECT contact_id FROM contact_identity WHERE identity = ?1 AND contact_id = ?2 AND since NOT BETWEEN ?3 AND ?4;

--! identity_set_since(tii) -> -
UPDATE contact_identity SET since = ?3 WHERE identity = ?1 AND contact_id = ?2;

-- The name ?1 is ?3 from ?2 on; what was told first stands.
--! identity_former_insert(tit) -> -
INSERT INTO identity_former (identity, until, address) VALUES (?1, ?2, ?3)
ON CONFLICT (identity, until) DO NOTHING;

-- Was ?1 a name of the account whose name is ?2 since?
--! identity_was(tt) -> i
SELECT 1 AS id FROM identity_former WHERE identity = ?1 AND address = ?2 LIMIT 1;

-- What became of the name ?1 first of all, after ?2.
--! identity_former(ti) -> ti
SELECT address, until FROM identity_former WHERE identity = ?1 AND until > ?2 ORDER BY until LIMIT 1;

-- What a client may choose from.
--! category_menu() -> t scan
SELECT name FROM category ORDER BY id LIMIT 20;

--! wa_media_insert(ittttii) -> -
INSERT INTO wa_media (message_id, media_id, media_type, sha256, file_name, voice, state, next_attempt_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'missing', ?7);

-- What was accepted is sent, though that may not be written down yet.
--! outbox_reported(i) -> itttitt
SELECT id, CASE WHEN accepted_as IS NULL THEN state ELSE 'sent' END AS state, delivery, cause_kind, cause_id,
	recipient, COALESCE(accepted_as, wamid) AS wamid
FROM outbox WHERE id = ?1 AND channel = 'whatsapp';

-- ?2 what is told, ?3 state, ?4 its name at WhatsApp, ?5 error, ?6 when it was sent
--! outbox_report(itttti) -> -
UPDATE outbox SET delivery = ?2, state = ?3, wamid = coalesce(accepted_as, wamid, ?4), last_error = ?5,
	sent_at = coalesce(sent_at, ?6), next_attempt_at = NULL, accepted_as = NULL, lease = NULL, lease_until = NULL
WHERE id = ?1;
