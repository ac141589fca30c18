-- Messages that go out (O2).

--! outbox_insert(tttttii) -> i
INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts,
	next_attempt_at, cause_kind, cause_id, created_at)
VALUES ('email', ?1, ?2, ?3, ?4, 'queued', 0, ?7, ?5, ?6, ?7) RETURNING id;

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
