-- Conversations over WhatsApp (W1 to W4, W10), and who it is that writes (W9).

-- ?3 is when the contact had it; what it has already it may have had before that was known.
--! identity_add(tii) -> -
INSERT INTO contact_identity (identity, contact_id, client_at, user_id, since)
VALUES (?1, ?2, (SELECT max(client_at) FROM contact_identity WHERE identity = ?1),
	(SELECT max(user_id) FROM contact_identity WHERE identity = ?1), ?3)
ON CONFLICT (identity, contact_id) DO UPDATE SET since = excluded.since
WHERE contact_identity.since > excluded.since;

-- Another contact has it, and ?2 has not.
--! identity_anothers(ti) -> i
SELECT n.contact_id FROM contact_identity n WHERE n.identity = ?1 AND NOT EXISTS
	(SELECT 1 FROM contact_identity o WHERE o.identity = ?1 AND o.contact_id = ?2) LIMIT 1;

-- Not the one that a conversation is going on under.
--! identity_drop(ti) -> -
DELETE FROM contact_identity WHERE identity = ?1 AND contact_id = ?2 AND NOT EXISTS
	(SELECT 1 FROM conversation v WHERE v.identity = ?1 AND v.contact_id = ?2 AND v.status <> 'ended');

-- The name ?1 of the contact ?2, from which nobody wrote, and the id of its user that no other
-- name of the contact has.
--! identity_unheard(ti) -> t
SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM contact_identity o WHERE o.contact_id = ?2 AND o.user_id = n.user_id
	AND o.identity <> ?1) THEN n.user_id END AS user_id
FROM contact_identity n WHERE n.identity = ?1 AND n.contact_id = ?2 AND n.client_at IS NULL;

-- Has somebody the name ?1 who came to it after ?5? It is of another account by now.
--@ identity_anew
EXISTS (SELECT 1 FROM contact_identity n WHERE n.identity = ?1 AND n.since > ?5)

-- ?3 is the new name, from ?4 on, under which the client has written when it did under the old
-- one; or in the conversation that went along, where the old one tells of another's account.
--! identity_rename(titii) -> -
INSERT INTO contact_identity (identity, contact_id, client_at, user_id, since)
SELECT ?3, h.contact_id, CASE WHEN @identity_anew@ THEN (SELECT max(m.at) FROM message m
		JOIN conversation v ON v.ticket_id = m.ticket_id WHERE v.contact_id = ?2 AND v.identity = ?3
		AND v.status <> 'ended' AND m.direction = 'in' AND m.via = 'whatsapp') ELSE h.client_at END,
	CASE WHEN @identity_anew@ THEN NULL ELSE h.user_id END, ?4
FROM contact_identity h WHERE h.identity = ?1 AND h.contact_id = ?2
ON CONFLICT (identity, contact_id) DO UPDATE SET user_id = COALESCE(excluded.user_id, contact_identity.user_id),
	since = excluded.since, client_at = CASE WHEN COALESCE(contact_identity.client_at, 0) > COALESCE(excluded.client_at, 0)
		THEN contact_identity.client_at ELSE excluded.client_at END;

-- Whoever has the name ?1 has it of the account that it is for the contact ?2.
--! identity_share(ti) -> -
UPDATE contact_identity SET
	client_at = (SELECT n.client_at FROM contact_identity n WHERE n.identity = ?1 AND n.contact_id = ?2),
	user_id = (SELECT n.user_id FROM contact_identity n WHERE n.identity = ?1 AND n.contact_id = ?2)
WHERE identity = ?1 AND contact_id <> ?2;

-- The id of a user is another: the numbers stay the user's.
--! identity_rename_user(tt) -> -
UPDATE contact_identity SET user_id = ?2 WHERE user_id = ?1;

--! identity_drop_all(i) -> -
DELETE FROM contact_identity WHERE contact_id = ?1;

-- The number ?1 is of the user ?2. What another user wrote from it before opens nothing.
--! identity_link(tt) -> -
UPDATE contact_identity SET user_id = ?2, client_at = CASE WHEN user_id IS NULL THEN client_at END
WHERE identity = ?1 AND COALESCE(user_id, '') <> ?2;

--! identity_level(tt) -> -
UPDATE contact_identity
SET client_at = (SELECT max(i.client_at) FROM contact_identity i WHERE i.identity IN (?1, ?2))
WHERE identity IN (?1, ?2);

-- An older message of the client, come late, opens nothing (W3).
--! identity_wrote(ti) -> -
UPDATE contact_identity SET client_at = ?2 WHERE identity = ?1 AND COALESCE(client_at, 0) < ?2;

--! identity_wrote_as_user(ti) -> -
UPDATE contact_identity SET client_at = ?2 WHERE user_id = ?1 AND COALESCE(client_at, 0) < ?2;

-- The user whose account a number is of, NULL where that is not known.
--! identity_user(t) -> t
SELECT max(user_id) AS user_id FROM contact_identity WHERE identity = ?1;

-- Of whose account the user id ?1 and the number ?2 are ('' for what is not known).
--@ identity_user
COALESCE(NULLIF(?1, ''), (SELECT max(n.user_id) FROM contact_identity n WHERE n.identity = ?2))

-- Who is known by one of the names of that account; further: by another than those two.
--@ identity_holders
(SELECT contact_id, identity, 0 AS further FROM contact_identity WHERE identity = ?2
	UNION ALL SELECT contact_id, identity, ?1 = '' FROM contact_identity WHERE identity = @identity_user@
	UNION ALL SELECT contact_id, identity, 1 FROM contact_identity
		WHERE user_id = @identity_user@ AND identity <> ?2)

--@ identity_overdue
CASE WHEN v.status = 'active' AND COALESCE(@conversation_closes@, 0) <= ?3 THEN v.id ELSE 0 END

-- Who writes under the user id ?1 and the number ?2 at ?3: who is being spoken with, under
-- a name of that account first of all, then who has the id, then who was spoken with last.
-- Where ?4 is 1 whose conversation is past its window, and was not ended yet, comes before
-- all. (What is scanned is those names; IN, or a LIMIT, would make a table of its own.)
--! identity_contact(ttii) -> ii scan sort
SELECT i.contact_id, @identity_overdue@ AS overdue_id
FROM @identity_holders@ i LEFT JOIN conversation v ON v.contact_id = i.contact_id AND v.status <> 'ended'
ORDER BY CASE WHEN v.id IS NULL THEN 2 + i.further WHEN @identity_overdue@ > 0 THEN CASE ?4 WHEN 1 THEN -1 ELSE 2 + i.further END
		WHEN v.identity = i.identity THEN 0 WHEN i.further = 1 THEN 3 ELSE 1 END,
	CASE i.identity WHEN ?1 THEN 0 ELSE 1 END,
	(SELECT COALESCE(max(c.id), 0) FROM conversation c WHERE c.contact_id = i.contact_id) DESC,
	(SELECT COALESCE(max(t.id), 0) FROM ticket t WHERE t.contact_id = i.contact_id) DESC, i.contact_id;

-- The same where no user's id is known, and one contact alone has the number.
--! identity_only_contact(tti) -> ii
SELECT max(i.contact_id) AS contact_id, max(@identity_overdue@) AS overdue_id
FROM contact_identity i LEFT JOIN conversation v ON v.contact_id = i.contact_id AND v.status <> 'ended'
WHERE i.identity = ?2 AND ?1 = '' HAVING count(*) = 1 AND max(i.user_id) IS NULL;

-- When whoever has this name last wrote, 0 for never.
--! identity_client_at(t) -> i
SELECT COALESCE(max(client_at), 0) AS id FROM contact_identity WHERE identity = ?1;

-- The name under which a contact wrote last; a number before the id of its user.
--! identity_wrote_last(i) -> t sort
SELECT identity FROM contact_identity WHERE contact_id = ?1 AND client_at IS NOT NULL
ORDER BY client_at DESC, identity LIMIT 1;

--! contact_set_whatsapp(itti) -> -
UPDATE contact SET wa_ids = ?2, wa_user_ids = ?3, updated_at = ?4 WHERE id = ?1;

-- The window is the one of the account that is written to, whoever has its names, and not
-- of all that the contact has.
--@ conversation_closes
((SELECT max(i.client_at) FROM contact_identity i WHERE i.identity = v.identity) + 86400000)

--@ conversation_columns itittttiiii
v.id, @ticket_number@ AS ticket_number, v.contact_id, k.name AS contact_name, v.address AS phone, v.status,
v.end_reason, @conversation_closes@ AS window_closes_at, v.started_at, v.ended_at,
(SELECT count(*) FROM message m WHERE m.ticket_id = v.ticket_id AND m.delivery = 'awaiting_client')
	AS waiting_count

--@ conversation_row @conversation_columns@iitti
@conversation_columns@, t.company_id, v.ticket_id, v.identity, v.menu, v.warned_at

--@ conversation_tables
conversation v JOIN ticket t ON t.id = v.ticket_id JOIN contact k ON k.id = v.contact_id

--! conversation_by_id(i) -> @conversation_row@
SELECT @conversation_row@ FROM @conversation_tables@ WHERE v.id = ?1;

--! conversation_live_of_ticket(i) -> @conversation_row@
SELECT @conversation_row@ FROM @conversation_tables@ WHERE v.ticket_id = ?1 AND v.status <> 'ended';

--! conversation_last_of_ticket(i) -> @conversation_row@ sort
SELECT @conversation_row@ FROM @conversation_tables@ WHERE v.ticket_id = ?1
ORDER BY v.contact_id <> t.contact_id, v.id DESC LIMIT 1;

-- Has the client answered otherwise than over WhatsApp, from ?2 on?
--! message_through_app(ii) -> i
SELECT id FROM message WHERE ticket_id = ?1 AND direction = 'in' AND via <> 'whatsapp' AND at >= ?2 LIMIT 1;

--! conversation_live_of_contact(i) -> @conversation_row@
SELECT @conversation_row@ FROM @conversation_tables@ WHERE v.contact_id = ?1 AND v.status <> 'ended';

-- Under one of the names of the account that the user id ?1 and the number ?2 are of, with
-- another contact than ?3.
--! conversation_live_of_account(tti) -> @conversation_row@
SELECT @conversation_row@ FROM @conversation_tables@
JOIN @identity_holders@ i ON i.identity = v.identity AND i.contact_id = v.contact_id
WHERE v.status <> 'ended' AND v.contact_id <> ?3;

--! conversation_insert(iittti) -> i
INSERT INTO conversation (ticket_id, contact_id, address, identity, status, started_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id;

--! conversation_activate(i) -> -
UPDATE conversation SET status = 'active' WHERE id = ?1 AND status <> 'ended';

--! conversation_await(i) -> -
UPDATE conversation SET status = 'awaiting_client' WHERE id = ?1 AND status <> 'ended';

--! conversation_end(iti) -> -
UPDATE conversation SET status = 'ended', end_reason = ?2, ended_at = ?3 WHERE id = ?1 AND status <> 'ended';

--! conversation_move(ii) -> -
UPDATE conversation SET ticket_id = ?2 WHERE ticket_id = ?1;

-- What was not sent yet of the ticket ?1 goes to ?2, with what is on its way and may have to be
-- tried again: so it stays in order.
--! outbox_follow_client(it) -> -
UPDATE outbox SET recipient = ?2
WHERE channel = 'whatsapp' AND recipient <> ?2 AND state IN ('queued', 'held', 'sending')
	AND cause_kind = 'message' AND cause_id IN (SELECT id FROM message WHERE ticket_id = ?1);

--! conversation_warn(ii) -> -
UPDATE conversation SET warned_at = ?2 WHERE id = ?1;

-- The next active one after ?2 whose window is over at ?1 (W4).
--! conversation_over(ii) -> i
SELECT v.id FROM conversation v WHERE v.status = 'active' AND v.id > ?2
	AND COALESCE(@conversation_closes@, 0) <= ?1
ORDER BY v.id LIMIT 1;

--! conversation_count_over(i) -> i scan
SELECT count(*) AS id FROM conversation v WHERE v.status = 'active' AND COALESCE(@conversation_closes@, 0) <= ?1;

-- The same of whose end nobody was warned, and which ends by ?1 (O3). Nobody is warned in the
-- first minute of a window: a warning of before then was of the one before.
--! conversation_to_warn(ii) -> i
SELECT v.id FROM conversation v
WHERE v.status = 'active' AND v.id > ?2 AND COALESCE(@conversation_closes@, 0) <= ?1
	AND (v.warned_at IS NULL OR v.warned_at < @conversation_closes@ - 86340000)
ORDER BY v.id LIMIT 1;

-- Is what is active past its window? A ticket's.
--! conversation_is_over(ii) -> i
SELECT 1 AS id FROM conversation v
WHERE v.ticket_id = ?1 AND v.status = 'active' AND COALESCE(@conversation_closes@, 0) <= ?2;

-- Messages that wait for the client's answer, in order.
--! message_waiting(ii) -> i
SELECT id FROM message WHERE ticket_id = ?1 AND delivery = 'awaiting_client' AND id > ?2 ORDER BY id LIMIT 1;

-- Does a message that the program wrote wait for the client's answer?
--! message_automatic_waits(i) -> i
SELECT id FROM message WHERE ticket_id = ?1 AND delivery = 'awaiting_client' AND automatic = 1 LIMIT 1;

--! message_set_delivery(it) -> -
UPDATE message SET delivery = ?2 WHERE id = ?1;

--! message_ticket(i) -> i
SELECT ticket_id FROM message WHERE id = ?1;

-- The same of one that is to be said still.
--! message_to_be_said(i) -> i
SELECT ticket_id FROM message WHERE id = ?1 AND (delivery IS NULL OR delivery <> 'cancelled');

-- The ticket of another contact, merged into the one that the message ?1 is in, in which it was
-- written: its calls tell the number, between ?2 and ?3. The client may have another address since.
--! message_anothers(itt) -> i
SELECT t.id FROM message m JOIN ticket x ON x.id = m.ticket_id
	JOIN ticket t ON t.merged_into_id = x.id AND t.contact_id <> x.contact_id
WHERE m.id = ?1 AND EXISTS (SELECT 1 FROM outbox o WHERE o.cause_kind = 'message' AND o.cause_id = m.id
	AND o.arguments LIKE ?2 || @ticket_number@ || ?3) LIMIT 1;

-- What of a ticket waits to be sent, waits for the client instead: the messages, and then
-- their calls. The approved templates stay.
--! message_take_back(i) -> -
UPDATE message SET delivery = 'awaiting_client'
WHERE ticket_id = ?1 AND via = 'whatsapp' AND delivery = 'queued' AND EXISTS (SELECT 1 FROM outbox o
	WHERE o.cause_kind = 'message' AND o.cause_id = message.id AND o.template = 'wa_message');

--! outbox_take_back(it) -> -
UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL, last_error = ?2
WHERE state = 'queued' AND template = 'wa_message' AND cause_kind = 'message'
	AND cause_id IN (SELECT id FROM message WHERE ticket_id = ?1);

-- Has this part of a message gone, as far as anybody knows? ?3: the id of the file that it is, '' for
-- the text; ?2 is as for message_follow. The number of the ticket may have been another then.
--! outbox_part_gone(itt) -> i
SELECT id FROM outbox WHERE cause_kind = 'message' AND cause_id = ?1 AND channel = 'whatsapp'
	AND ((?3 = '' AND arguments NOT LIKE ?2 || '%') OR (?3 <> '' AND arguments LIKE ?2 || ?3 || '_,%'))
	AND state IN ('queued', 'held', 'sending', 'sent', 'unknown') LIMIT 1;

-- Was a part of the message ?1 tried at the address ?2, or is one being tried anywhere?
--! outbox_tried_there(it) -> i
SELECT id FROM outbox WHERE cause_kind = 'message' AND cause_id = ?1 AND template = 'wa_message'
	AND ((recipient = ?2 AND state NOT IN ('queued', 'held')) OR state = 'sending') LIMIT 1;

-- To whom nobody writes any more: the calls, and then their messages.
--! message_drop_of(i) -> -
UPDATE message SET delivery = @taken_back@
WHERE delivery IN ('queued', 'awaiting_client', 'held', 'sending') AND via = 'whatsapp'
	AND ticket_id IN (SELECT id FROM ticket WHERE contact_id = ?1);

--! outbox_drop_of(it) -> -
UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL, last_error = ?2
WHERE state IN ('queued', 'held') AND channel = 'whatsapp' AND cause_kind = 'message' AND cause_id IN
	(SELECT m.id FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE t.contact_id = ?1);

-- The companies whose documents are sent to the contact ?1: its own and those of the group.
--@ sent_companies
(SELECT c.id FROM contact k JOIN company m ON m.id = k.company_id JOIN company c ON c.id = m.id
	OR c.main_company_id = m.main_company_id WHERE k.id = ?1)

-- Links to their documents that are still to go to ?2 go to ?3 from now on, or nowhere (NULL). To
-- ?3 goes what somebody may try again, too.
--@ follow_links
SET recipient = COALESCE(?3, recipient), state = CASE WHEN ?3 IS NULL THEN 'cancelled' ELSE state END,
	next_attempt_at = CASE WHEN ?3 IS NULL THEN NULL ELSE next_attempt_at END,
	last_error = CASE WHEN ?3 IS NULL THEN ?4 ELSE last_error END
WHERE state <> 'sent' AND state IN ('queued', 'held', 'sending', 'unknown', 'failed', 'cancelled')
	AND (?3 IS NOT NULL OR state IN ('queued', 'held')) AND recipient = ?2
	AND cause_kind = 'document' AND cause_id IN (SELECT d.id FROM document d WHERE d.company_id IN @sent_companies@)

-- Unless the number, which is known as ?5, is that of another contact there.
--! outbox_follow_links(itttt) -> -
UPDATE outbox @follow_links@ AND channel = 'whatsapp'
	AND NOT EXISTS (SELECT 1 FROM contact_identity i JOIN contact o ON o.id = i.contact_id
		WHERE i.identity = ?5 AND o.id <> ?1 AND o.company_id IN @sent_companies@);

-- The same of an e-mail, unless it is that of another contact there, or of a company.
--! outbox_follow_mailed_links(ittt) -> -
UPDATE outbox @follow_links@ AND channel = 'email'
	AND NOT EXISTS (SELECT 1 FROM contact o WHERE o.email = ?2 AND o.id <> ?1 AND o.removed_at IS NULL
		AND o.company_id IN @sent_companies@)
	AND NOT EXISTS (SELECT 1 FROM company f WHERE f.email = ?2 AND f.id IN @sent_companies@);

-- What of the tickets of the contact ?1 was not sent to ?2 yet, or to ?4, as the same number is
-- spelled otherwise, goes to ?3, with what is on its way and may have to be tried again.
--! outbox_follow_contact(ittt) -> -
UPDATE outbox SET recipient = ?3
WHERE channel = 'whatsapp' AND state <> 'sent' AND recipient IN (?2, ?4) AND state IN ('queued', 'held', 'sending')
	AND cause_kind = 'message' AND cause_id IN
		(SELECT m.id FROM message m JOIN ticket t ON t.id = m.ticket_id WHERE t.contact_id = ?1);

-- Is the client of a ticket still to be asked at ?2 whether to talk?
--! outbox_asks(it) -> i
SELECT id FROM outbox WHERE channel = 'whatsapp' AND state <> 'sent' AND recipient = ?2 AND state IN ('queued', 'held')
	AND template = 'wa_start' AND cause_kind = 'message' AND cause_id IN (SELECT id FROM message WHERE ticket_id = ?1)
LIMIT 1;

-- What of a ticket is not on its way, and will not be: the calls, and then their messages. What
-- is being sent may have to be tried again, and then is not. ?2: '' for all that goes over WhatsApp,
-- else the template.
--! message_drop(it) -> -
UPDATE message SET delivery = @taken_back@
WHERE ticket_id = ?1 AND via = 'whatsapp' AND delivery IN ('queued', 'held', 'sending') AND EXISTS
	(SELECT 1 FROM outbox o WHERE o.cause_kind = 'message' AND o.cause_id = message.id
		AND o.channel = 'whatsapp' AND (?2 = '' OR o.template = ?2));

--! outbox_drop(itt) -> -
UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL, last_error = ?3
WHERE state IN ('queued', 'held') AND channel = 'whatsapp' AND cause_kind = 'message'
	AND (?2 = '' OR template = ?2) AND cause_id IN (SELECT id FROM message WHERE ticket_id = ?1);

-- S13: what a ticket said by itself last before it was done; 0 for nothing.
--! message_closing(i) -> i
SELECT COALESCE(max(m.id), 0) AS id FROM message m
WHERE m.ticket_id = ?1 AND m.automatic = 1 AND m.direction = 'out' AND m.event IS NULL AND m.id < (SELECT max(e.id)
	FROM message e WHERE e.ticket_id = ?1 AND e.event = 'status' AND e.event_to = 'done');

--! message_take(i) -> -
UPDATE message SET delivery = @taken_back@
WHERE id = ?1 AND via = 'whatsapp' AND delivery IN ('queued', 'held', 'sending', 'awaiting_client');

--! outbox_take(it) -> -
UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL, last_error = ?2
WHERE state IN ('queued', 'held') AND channel = 'whatsapp' AND cause_kind = 'message' AND cause_id = ?1;

-- Where a message went last that was not sent as that template, nor is to be.
--! outbox_went_to(it) -> t
SELECT o.recipient FROM outbox o WHERE o.cause_kind = 'message' AND o.cause_id = ?1 AND NOT EXISTS (SELECT 1 FROM outbox n
	WHERE n.cause_kind = 'message' AND n.cause_id = ?1 AND n.template = ?2) ORDER BY o.id DESC LIMIT 1;

--! message_cancel_waiting(i) -> -
UPDATE message SET delivery = @taken_back@ WHERE ticket_id = ?1 AND delivery = 'awaiting_client';

-- ?5 state, ?6 now, ?7 contact, ?8 ticket
--@ conversation_state
CASE WHEN v.status = 'active' AND COALESCE(@conversation_closes@, 0) <= ?6 THEN 'ended' ELSE v.status END

--@ conversation_filters
(?5 = 'any' OR @conversation_state@ = ?5 OR (?5 = 'live' AND @conversation_state@ <> 'ended'))
AND (?7 = 0 OR v.contact_id = ?7) AND (?8 = 0 OR v.ticket_id = ?8)

--@ conversation_key
CASE ?3 WHEN 'id' THEN '' WHEN 'window_closes_at' THEN COALESCE(CAST(@base@ + @conversation_closes@ AS TEXT), '')
	ELSE CAST(@base@ + v.started_at AS TEXT) END

--! conversation_list(iitttiii) -> @conversation_columns@ scan
SELECT @conversation_columns@ FROM @conversation_tables@
WHERE v.id > ?1 AND @conversation_filters@ ORDER BY v.id LIMIT ?2;

--! conversation_list_up(iitttiii) -> @conversation_columns@t scan sort
SELECT @conversation_columns@, @conversation_key@ AS _key FROM @conversation_tables@
WHERE (@conversation_key@, v.id) > (?4, ?1) AND @conversation_filters@ ORDER BY _key, v.id LIMIT ?2;

--! conversation_list_down(iitttiii) -> @conversation_columns@t scan sort
SELECT @conversation_columns@, @conversation_key@ AS _key FROM @conversation_tables@
WHERE (@conversation_key@, v.id) < (?4, ?1) AND @conversation_filters@ ORDER BY _key DESC, v.id DESC LIMIT ?2;
