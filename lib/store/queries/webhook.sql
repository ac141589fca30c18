-- What came from WhatsApp, as it came (W8).

--@ webhook_columns iitttiiiiiiit
h.id, h.received_at, h.state, h.reason, h.detail, h.messages, h.statuses, h.other, h.set_aside,
h.duplicates, h.verified, h.processed_at, h.sha256

--! webhook_by_id(i) -> @webhook_columns@
SELECT @webhook_columns@ FROM webhook h WHERE h.id = ?1;

--! webhook_of(t) -> i
SELECT id FROM webhook WHERE sha256 = ?1;

--! webhook_insert(itit) -> i
INSERT INTO webhook (received_at, sha256, verified, body, state) VALUES (?1, ?2, ?3, ?4, 'received')
RETURNING id;

--! webhook_waits(i) -> i
SELECT id FROM webhook WHERE id = ?1 AND state = 'received';

--! webhook_body(i) -> t
SELECT body FROM webhook WHERE id = ?1;

-- Received before ?1, and not being read by anybody since ?2.
--! webhook_next(ii) -> ii
SELECT id, attempts FROM webhook
WHERE state = 'received' AND received_at <= ?1 AND coalesce(tried_at, 0) <= ?2
ORDER BY received_at, id LIMIT 1;

--! webhook_count_waiting() -> i scan
SELECT count(*) AS id FROM webhook WHERE state = 'received';

--! webhook_try(ii) -> -
UPDATE webhook SET attempts = attempts + 1, tried_at = ?2 WHERE id = ?1;

-- What failed waits again: all of it is read anew, and what is known changes nothing.
--! webhook_again(i) -> -
UPDATE webhook SET state = 'received', processed_at = NULL, reason = NULL, detail = NULL, attempts = 0,
	tried_at = NULL, messages = 0, statuses = 0, other = 0, set_aside = 0, duplicates = 0
WHERE id = ?1 AND (state = 'failed' OR reason IN ('failed', 'other_number'));

-- ?3 reason, ?4 detail
--! webhook_fail(iitt) -> -
UPDATE webhook SET state = 'failed', processed_at = ?2, reason = ?3, detail = ?4
WHERE id = ?1 AND state = 'received';

-- ?3 reason, ?4 detail; ?5 messages, ?6 statuses, ?7 other, ?8 set aside, ?9 duplicates
--! webhook_done(iittiiiii) -> -
UPDATE webhook SET state = 'done', processed_at = ?2, reason = ?3, detail = ?4, messages = ?5,
	statuses = ?6, other = ?7, set_aside = ?8, duplicates = ?9
WHERE id = ?1 AND state = 'received';

-- ?5 state
--@ webhook_filters
(?5 = '' OR h.state = ?5)

--@ webhook_key
CASE ?3 WHEN 'id' THEN '' ELSE CAST(@base@ + h.received_at AS TEXT) END

-- The body comes last: it is most of the row.
--! webhook_list(iittt) -> @webhook_columns@t scan
SELECT @webhook_columns@, h.body FROM webhook h WHERE h.id > ?1 AND @webhook_filters@ ORDER BY h.id LIMIT ?2;

--! webhook_list_up(iittt) -> @webhook_columns@tt scan sort
SELECT @webhook_columns@, h.body, @webhook_key@ AS _key FROM webhook h
WHERE (@webhook_key@, h.id) > (?4, ?1) AND @webhook_filters@ ORDER BY _key, h.id LIMIT ?2;

--! webhook_list_down(iittt) -> @webhook_columns@tt scan sort
SELECT @webhook_columns@, h.body, @webhook_key@ AS _key FROM webhook h
WHERE (@webhook_key@, h.id) < (?4, ?1) AND @webhook_filters@ ORDER BY _key DESC, h.id DESC LIMIT ?2;
