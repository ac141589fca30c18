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

-- Sending. Two are claimed in the order in which they may go out: what waits, and what
-- nobody knows the end of and may be tried again.
--! outbox_claimable(ti) -> i
SELECT id FROM outbox
WHERE state = 'queued' AND channel = ?1 AND next_attempt_at <= ?2 ORDER BY next_attempt_at, id LIMIT 1;

--! outbox_claimable_again(ti) -> i
SELECT id FROM outbox
WHERE state = 'unknown' AND channel = ?1 AND next_attempt_at <= ?2 ORDER BY next_attempt_at, id LIMIT 1;

--! outbox_count_claimable(ti) -> i
SELECT count(*) AS id FROM outbox
WHERE state = 'queued' AND next_attempt_at <= ?2 AND (?1 = '' OR channel = ?1);

--! outbox_claim(itii) -> -
UPDATE outbox SET state = 'sending', lease = ?2, lease_until = ?3, next_attempt_at = NULL,
	attempts = attempts + 1, first_attempt_at = coalesce(first_attempt_at, ?4)
WHERE id = ?1 AND state IN ('queued', 'unknown');

--! outbox_claimed(i) -> itttttitiiti
SELECT id, channel, recipient, template, language, arguments, attempts, cause_kind, cause_id, created_at,
	lease, first_attempt_at
FROM outbox WHERE id = ?1;

-- ?3 state, ?4 next attempt, ?5 error, ?6 sent at, ?7 how many attempts did not count
--! outbox_settle(ittitii) -> -
UPDATE outbox SET state = ?3, next_attempt_at = ?4, last_error = ?5, sent_at = ?6, attempts = attempts - ?7,
	lease = NULL, lease_until = NULL
WHERE id = ?1 AND state = 'sending' AND lease = ?2;

--! outbox_lost(i) -> i
SELECT id FROM outbox WHERE state = 'sending' AND lease_until <= ?1 ORDER BY lease_until LIMIT 1;

-- ?3: when it may be tried again
--! outbox_lose(iit) -> -
UPDATE outbox SET state = 'unknown', lease = NULL, lease_until = NULL, last_error = ?3,
	next_attempt_at = CASE channel WHEN 'email' THEN ?2 END
WHERE id = ?1 AND state = 'sending';

--! channel_held(ti) -> i
SELECT until FROM channel_hold WHERE channel = ?1 AND until > ?2;

-- There is an entry from the first time that it could not work until it works again.
--! channel_stopped(t) -> i
SELECT until FROM channel_hold WHERE channel = ?1;

--! channel_hold(tit) -> -
INSERT INTO channel_hold (channel, until, reason) VALUES (?1, ?2, ?3)
ON CONFLICT (channel) DO UPDATE SET until = excluded.until, reason = excluded.reason;

--! channel_release(t) -> -
DELETE FROM channel_hold WHERE channel = ?1;

-- What people decide: ?2 the state, ?3 when it may go out
--! outbox_put_state(iti) -> -
UPDATE outbox SET state = ?2, next_attempt_at = ?3, lease = NULL, lease_until = NULL WHERE id = ?1;
