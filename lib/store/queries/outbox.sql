-- Messages that go out (O2).

--! outbox_insert(tttttii) -> i
INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts,
	next_attempt_at, cause_kind, cause_id, created_at)
VALUES ('email', ?1, ?2, ?3, ?4, 'queued', 0, ?7, ?5, ?6, ?7) RETURNING id;

-- One call of the API of WhatsApp.
--! outbox_insert_whatsapp(tttttii) -> i
INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts,
	next_attempt_at, cause_kind, cause_id, created_at)
VALUES ('whatsapp', ?1, ?2, ?3, ?4, 'queued', 0, ?7, ?5, ?6, ?7) RETURNING id;

-- The record first, then what its subject and text are made of.
--@ outbox_columns itttiittiittt
o.id, o.channel, o.recipient, o.state, o.attempts, o.next_attempt_at, o.last_error,
o.cause_kind || ':' || CAST(o.cause_id AS TEXT) AS cause, o.created_at, o.sent_at,
o.template, o.language, o.arguments

--! outbox_by_id(i) -> @outbox_columns@
SELECT @outbox_columns@ FROM outbox o WHERE o.id = ?1;

-- ?5 state, ?6 channel, ?7 recipient, ?8 and ?9 cause
--@ outbox_filters
(?5 = 'any' OR o.state = ?5) AND (?6 = '' OR o.channel = ?6) AND (?7 = '' OR o.recipient = lower(?7))
AND (?8 = '' OR o.cause_kind = ?8) AND (?9 = 0 OR o.cause_id = ?9)

--@ outbox_key
CASE ?3 WHEN 'id' THEN '' WHEN 'recipient' THEN o.recipient ELSE CAST(@base@ + o.created_at AS TEXT) END

-- By recipient there is no index: it would cost every invite more than a search is worth.
--! outbox_list(iitttttti) -> @outbox_columns@ scan
SELECT @outbox_columns@ FROM outbox o WHERE o.id > ?1 AND @outbox_filters@ ORDER BY o.id LIMIT ?2;

--! outbox_list_cause(iitttttti) -> @outbox_columns@
SELECT @outbox_columns@ FROM outbox o
WHERE o.cause_kind = ?8 AND o.cause_id = ?9 AND o.id > ?1 AND @outbox_filters@ ORDER BY o.id LIMIT ?2;

-- The messages that are sent are most of them; the index holds the others.
--! outbox_list_state(iitttttti) -> @outbox_columns@
SELECT @outbox_columns@ FROM outbox o
WHERE o.state = ?5 AND o.state <> 'sent' AND o.id > ?1 AND @outbox_filters@ ORDER BY o.id LIMIT ?2;

--! outbox_list_up(iitttttti) -> @outbox_columns@t scan sort
SELECT @outbox_columns@, @outbox_key@ AS _key FROM outbox o
WHERE (@outbox_key@, o.id) > (?4, ?1) AND @outbox_filters@ ORDER BY _key, o.id LIMIT ?2;

--! outbox_list_down(iitttttti) -> @outbox_columns@t scan sort
SELECT @outbox_columns@, @outbox_key@ AS _key FROM outbox o
WHERE (@outbox_key@, o.id) < (?4, ?1) AND @outbox_filters@ ORDER BY _key DESC, o.id DESC LIMIT ?2;

--! outbox_queued() -> i scan
SELECT count(*) AS id FROM outbox WHERE state = 'queued';

-- Sending. What waits goes out in the order in which it may; and then what nobody knows
-- the end of and may be tried again.
--! outbox_claimable(tii) -> i
SELECT id FROM outbox
WHERE state = 'queued' AND channel = ?1 AND next_attempt_at <= ?2 ORDER BY next_attempt_at, id LIMIT ?3;

--! outbox_claimable_again(tii) -> i
SELECT id FROM outbox
WHERE state = 'unknown' AND channel = ?1 AND next_attempt_at <= ?2 ORDER BY next_attempt_at, id LIMIT ?3;

-- Nobody gets the second message before the first.
--! outbox_claimable_in_order(tii) -> i
SELECT o.id FROM outbox o
WHERE o.state = 'queued' AND o.channel = ?1 AND o.next_attempt_at <= ?2 AND NOT EXISTS (SELECT 1 FROM outbox e
	WHERE e.channel = 'whatsapp' AND e.state <> 'sent' AND e.recipient = o.recipient AND e.id < o.id
		AND e.state IN ('queued', 'sending'))
ORDER BY o.next_attempt_at, o.id LIMIT ?3;

--! outbox_count_claimable(ti) -> i
SELECT count(*) AS id FROM outbox WHERE state = 'queued' AND next_attempt_at <= ?2 AND channel = ?1;

-- ?2 lease, ?3 until when, ?4 boot
--! outbox_claim(itit) -> -
UPDATE outbox SET in_doubt = CASE state WHEN 'unknown' THEN 1 ELSE in_doubt END, state = 'sending',
	lease = ?2, lease_until = ?3, boot = ?4, started_at = NULL, delivery = NULL
WHERE id = ?1 AND state IN ('queued', 'unknown');

--! outbox_claimed(i) -> itttttitiitii
SELECT id, channel, recipient, template, language, arguments, attempts, cause_kind, cause_id, created_at,
	lease, first_attempt_at, in_doubt AS again
FROM outbox WHERE id = ?1;

--! outbox_start(iti) -> -
UPDATE outbox SET started_at = ?3, next_attempt_at = NULL, attempts = attempts + 1,
	first_attempt_at = coalesce(first_attempt_at, ?3)
WHERE id = ?1 AND state = 'sending' AND lease = ?2 AND lease_until > ?3;

-- ?3 when it was accepted, ?4 its name at WhatsApp
--! outbox_accept(itit) -> -
UPDATE outbox SET sent_at = ?3, accepted_as = ?4 WHERE id = ?1 AND state = 'sending' AND lease = ?2;

-- ?3 state, ?4 next attempt, ?5 error, ?6 sent at, ?7 how many attempts did not count, ?8 its name at
-- WhatsApp, ?9 where it went, which another address may have come for meanwhile
--! outbox_settle(ittitiitt) -> -
UPDATE outbox SET state = ?3, next_attempt_at = ?4, last_error = ?5, sent_at = ?6, attempts = attempts - ?7,
	recipient = coalesce(?9, recipient),
	first_attempt_at = CASE WHEN attempts > ?7 THEN first_attempt_at END, wamid = coalesce(?8, wamid),
	in_doubt = CASE ?3 WHEN 'unknown' THEN 1 ELSE in_doubt END, accepted_as = NULL, lease = NULL, lease_until = NULL
WHERE id = ?1 AND state = 'sending' AND lease = ?2;

--! outbox_by_wamid(t) -> i
SELECT id FROM outbox WHERE wamid = ?1;

-- One that was claimed and not begun is as it was before, but for when it may go out.
--! outbox_give_back(iti) -> -
UPDATE outbox SET state = CASE in_doubt WHEN 1 THEN 'unknown' ELSE 'queued' END, next_attempt_at = ?3,
	lease = NULL, lease_until = NULL
WHERE id = ?1 AND state = 'sending' AND lease = ?2 AND started_at IS NULL;

-- Claims of this start of the machine, whose processes can be looked for.
--! outbox_leases(ti) -> t sort
SELECT DISTINCT lease FROM outbox WHERE state = 'sending' AND state <> 'sent' AND boot = ?1 AND lease_until > ?2;

--! outbox_end_lease(ti) -> -
UPDATE outbox SET lease_until = ?2 WHERE state = 'sending' AND state <> 'sent' AND lease = ?1 AND lease_until > ?2;

--! outbox_lost(i) -> ittiititit
SELECT id, channel, cause_kind, cause_id, started_at, boot, in_doubt AS again, lease, sent_at, accepted_as
FROM outbox WHERE state = 'sending' AND state <> 'sent' AND lease_until <= ?1 ORDER BY id LIMIT 1;

-- ?2: when it may be tried again
--! outbox_lose(iit) -> -
UPDATE outbox SET state = 'unknown', lease = NULL, lease_until = NULL, last_error = ?3, next_attempt_at = ?2,
	in_doubt = 1, sent_at = NULL, accepted_as = NULL
WHERE id = ?1 AND state = 'sending';

--! channel_held(ti) -> i
SELECT until FROM channel_hold WHERE channel = ?1 AND until > ?2;

-- From the first time that it could not work until it works again.
--! channel_stopped(t) -> i
SELECT until FROM channel_hold WHERE channel = ?1 AND told = 1;

--! channel_hold(titi) -> -
INSERT INTO channel_hold (channel, until, reason, told) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (channel) DO UPDATE SET until = excluded.until, reason = excluded.reason,
	told = CASE channel_hold.told WHEN 1 THEN 1 ELSE excluded.told END;

-- What another process has found out since stays.
--! channel_release(ti) -> -
DELETE FROM channel_hold WHERE channel = ?1 AND until <= ?2;

-- What people decide: ?2 the state, ?3 when it may go out, ?4 to whom
--! outbox_put_state(itit) -> -
UPDATE outbox SET in_doubt = CASE WHEN ?2 = 'queued' AND state <> 'held' THEN 0 ELSE in_doubt END, state = ?2,
	next_attempt_at = ?3, recipient = ?4, lease = NULL, lease_until = NULL
WHERE id = ?1;

-- Is ?2, which is known as ?3, of somebody who is sent the document that the row ?1 tells of?
--! outbox_reader(itt) -> i
SELECT d.id FROM outbox o JOIN document d ON d.id = o.cause_id JOIN company f ON f.id = d.company_id
	JOIN company m ON m.id = f.id OR m.main_company_id = f.main_company_id
WHERE o.id = ?1 AND o.cause_kind = 'document' AND CASE o.channel WHEN 'email' THEN m.email = ?2
		OR EXISTS (SELECT 1 FROM contact k WHERE k.company_id = m.id AND k.email = ?2 AND k.removed_at IS NULL)
	ELSE EXISTS (SELECT 1 FROM contact_identity i JOIN contact k ON k.id = i.contact_id
		WHERE i.identity = ?3 AND k.company_id = m.id) END
LIMIT 1;

-- WhatsApp: a message of a ticket is a row for its text and one for each of its files.
-- quoted: what WhatsApp calls the message that this one answers.
--! outbox_message(i) -> ttt
SELECT m.body, m.delivery, COALESCE(r.wamid, (SELECT o.wamid FROM outbox o
	WHERE o.cause_kind = 'message' AND o.cause_id = r.id AND o.wamid IS NOT NULL ORDER BY o.id LIMIT 1)) AS quoted
FROM message m LEFT JOIN message r ON r.id = m.reply_to_id WHERE m.id = ?1;

--! outbox_file(ii) -> titt
SELECT f.sha256, f.size_bytes, f.media_type, a.name
FROM attachment a JOIN file f ON f.sha256 = a.sha256
WHERE a.id = ?1 AND a.target_kind = 'message' AND a.target_id = ?2;

-- Is it the same part of a message, its text or one of its files, that the rows o and n of it are
-- for? ?2 is how the file in the arguments of a row begins, before its id. The number of the ticket, which their arguments have as well, may be another by now.
--@ same_part
NOT EXISTS (SELECT 1 FROM attachment a WHERE a.target_kind = 'message' AND a.target_id = o.cause_id
	AND (o.arguments LIKE ?2 || CAST(a.id AS TEXT) || '_,%') <> (n.arguments LIKE ?2 || CAST(a.id AS TEXT) || '_,%'))

-- What becomes of a message that is taken back: nobody knows it where a part may have gone. While one
-- may still be sent it stays marked, so that it is not tried again.
--@ taken_back
CASE (SELECT max(CASE p.state WHEN 'sending' THEN 2 WHEN 'queued' THEN 2 WHEN 'unknown' THEN 1 ELSE 0 END) FROM outbox p
	WHERE p.cause_kind = 'message' AND p.cause_id = message.id AND p.channel = 'whatsapp') WHEN 1 THEN 'unknown' ELSE 'cancelled' END

-- The row that is the farthest behind; of a part that was sent again the last row counts.
-- What waits for the client, or was taken back, stays so until all of it has gone after all, or may
-- have.
--@ last_of_part
NOT EXISTS (SELECT 1 FROM outbox n WHERE n.cause_kind = 'message' AND n.cause_id = ?1
	AND n.channel = 'whatsapp' AND n.id > o.id AND @same_part@)

--! message_follow(it) -> - sort
UPDATE message SET delivery = COALESCE((SELECT coalesce(o.delivery, o.state) FROM outbox o
	WHERE o.cause_kind = 'message' AND o.cause_id = ?1 AND o.channel = 'whatsapp' AND @last_of_part@
	ORDER BY CASE coalesce(o.delivery, o.state) WHEN 'failed' THEN 0 WHEN 'held' THEN 1 WHEN 'queued' THEN 2
		WHEN 'sending' THEN 3 WHEN 'unknown' THEN 4 WHEN 'cancelled' THEN 5 WHEN 'sent' THEN 6
		WHEN 'delivered' THEN 7 WHEN 'read' THEN 8 WHEN 'played' THEN 9 ELSE 10 END, o.id LIMIT 1), delivery),
	wamid = COALESCE(wamid, (SELECT p.wamid FROM outbox p WHERE p.cause_kind = 'message' AND p.cause_id = ?1
		AND p.wamid IS NOT NULL ORDER BY p.id LIMIT 1))
WHERE id = ?1 AND (delivery IS NULL OR delivery NOT IN ('awaiting_client', 'cancelled')
	OR (delivery = 'cancelled' AND @taken_back@ = 'unknown')
	OR NOT EXISTS (SELECT 1 FROM outbox o WHERE o.cause_kind = 'message' AND o.cause_id = ?1
		AND o.channel = 'whatsapp' AND o.state <> 'sent' AND @last_of_part@));

-- What people decide of a part is what has become of the message.
--! message_decided(i) -> -
UPDATE message SET delivery = (SELECT CASE o.state WHEN 'cancelled' THEN @taken_back@ ELSE o.state END
	FROM outbox o WHERE o.id = ?1)
WHERE id = (SELECT o.cause_id FROM outbox o WHERE o.id = ?1 AND o.channel = 'whatsapp' AND o.cause_kind = 'message');

-- A later row for the same part of a message that went out, or will: this one is of the past.
--! outbox_superseded(it) -> i
SELECT n.id FROM outbox o JOIN outbox n ON n.cause_kind = o.cause_kind AND n.cause_id = o.cause_id
	AND n.channel = o.channel AND n.id > o.id
WHERE o.id = ?1 AND o.template = 'wa_message' AND @same_part@ AND n.state IN ('queued', 'held', 'sending', 'sent', 'unknown')
LIMIT 1;

-- When a message was last tried.
--! outbox_tried_at(i) -> i
SELECT COALESCE(max(COALESCE(sent_at, first_attempt_at)), 0) AS id FROM outbox
WHERE cause_kind = 'message' AND cause_id = ?1 AND template = 'wa_message';
