-- Sessions and the logins that begin them (U8).

--! session_account(ttt) -> iittti
SELECT u.id, u.company_id, u.email, c.tax_id, u.password,
	CASE WHEN u.status = 'active' AND c.status = 'registered' AND @user_may_enter@ THEN 1 ELSE 0 END AS active
FROM company c JOIN "user" u ON u.company_id = c.id
WHERE c.country = ?1 AND c.tax_id = ?2 AND u.email = ?3 AND u.removed_at IS NULL;

--! session_note_login(iit) -> -
UPDATE "user" SET last_login_at = ?2, password = ?3 WHERE id = ?1;

--! login_failure(t) -> iii
SELECT failures, last_at, next_at FROM login_failure WHERE account = ?1;

--! login_failure_put(tiii) -> -
INSERT INTO login_failure (account, failures, last_at, next_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (account) DO UPDATE SET failures = excluded.failures, last_at = excluded.last_at,
	next_at = excluded.next_at;

--! login_failure_forget(t) -> -
DELETE FROM login_failure WHERE account = ?1;

-- A try adds a row at most, so that a hundred at a time are soon all.
--! login_failure_purge(i) -> -
DELETE FROM login_failure WHERE account IN
	(SELECT account FROM login_failure WHERE last_at < ?1 ORDER BY last_at LIMIT 100);

--! session_insert(itiiii) -> i
INSERT INTO session (user_id, digest, remember, idle_ms, created_at, expires_at, last_used_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?5) RETURNING id;

-- Writes down of a user's sessions which ended by themselves, and when.
--! session_settle(ii) -> -
UPDATE session SET
	ended_at = CASE WHEN expires_at <= last_used_at + idle_ms THEN expires_at
		ELSE last_used_at + idle_ms END,
	end_reason = CASE WHEN expires_at <= last_used_at + idle_ms THEN 'expired' ELSE 'idle' END
WHERE user_id = ?1 AND ended_at IS NULL AND (expires_at <= ?2 OR last_used_at + idle_ms <= ?2);

--! session_end(iit) -> -
UPDATE session SET ended_at = ?2, end_reason = ?3 WHERE id = ?1 AND ended_at IS NULL;

--! session_end_of_company(iit) -> -
UPDATE session SET ended_at = ?2, end_reason = ?3
WHERE ended_at IS NULL AND user_id IN (SELECT id FROM "user" WHERE company_id = ?1);

--! session_use(ii) -> -
UPDATE session SET last_used_at = ?2 WHERE id = ?1 AND ended_at IS NULL AND last_used_at < ?2;

--! session_actor(t) -> iiittttiiiiiii
SELECT u.id, u.company_id, c.main_company_id AS main_id, u.email, u.role, c.tax_id, c.sections,
	s.id AS session_id, s.expires_at, s.last_used_at, s.idle_ms, s.ended_at, u.must_change_password,
	CASE WHEN u.status = 'active' AND u.removed_at IS NULL AND c.status = 'registered'
		AND @user_may_enter@ THEN 1 ELSE 0 END AS active
FROM session s JOIN "user" u ON u.id = s.user_id JOIN company c ON c.id = u.company_id
WHERE s.digest = ?1;

--! session_company_of_user(i) -> i
SELECT company_id AS id FROM "user" WHERE id = ?1;

--@ session_columns itttttiiiiiiit
s.id, u.email AS user_email, k.name AS user_name, c.tax_id AS company_tax_id, c.name AS company_name, u.role,
s.remember, u.must_change_password, s.created_at, s.expires_at, s.idle_ms / 1000 AS idle_seconds,
s.last_used_at, s.ended_at, s.end_reason

--@ session_tables
session s JOIN "user" u ON u.id = s.user_id JOIN company c ON c.id = u.company_id
	JOIN contact k ON k.id = u.contact_id

--! session_by_id(i) -> @session_columns@ii
SELECT @session_columns@, s.user_id, u.company_id FROM @session_tables@ WHERE s.id = ?1;

-- ?5 user, ?6 company, ?7 "live", "ended" or "", ?8 now, ?9 viewer, ?10 viewer's group
--@ session_filters
(?5 = 0 OR s.user_id = ?5) AND (?6 = 0 OR u.company_id = ?6)
AND (?7 = '' OR (?7 = 'live') = (s.ended_at IS NULL AND s.expires_at > ?8 AND s.last_used_at + s.idle_ms > ?8))
AND (?9 = 0 OR u.company_id = ?9 OR c.main_company_id = ?10)

--@ session_key
CASE ?3 WHEN 'id' THEN '' WHEN 'user_email' THEN u.email WHEN 'created_at' THEN CAST(@base@ + s.created_at AS TEXT)
	WHEN 'expires_at' THEN CAST(@base@ + s.expires_at AS TEXT) ELSE CAST(@base@ + s.last_used_at AS TEXT) END

--! session_list(iittiitiii) -> @session_columns@ scan
SELECT @session_columns@ FROM @session_tables@
WHERE s.id > ?1 AND @session_filters@ ORDER BY s.id LIMIT ?2;

--! session_list_live(iittiitiii) -> @session_columns@
SELECT @session_columns@ FROM @session_tables@
WHERE s.ended_at IS NULL AND s.id > ?1 AND @session_filters@ ORDER BY s.id LIMIT ?2;

--! session_list_of(iittiitiii) -> @session_columns@
SELECT @session_columns@ FROM @session_tables@
WHERE s.user_id = ?5 AND s.id > ?1 AND @session_filters@ ORDER BY s.id LIMIT ?2;

--! session_list_up(iittiitiii) -> @session_columns@t scan sort
SELECT @session_columns@, @session_key@ AS _key FROM @session_tables@
WHERE (@session_key@, s.id) > (?4, ?1) AND @session_filters@ ORDER BY _key, s.id LIMIT ?2;

--! session_list_down(iittiitiii) -> @session_columns@t scan sort
SELECT @session_columns@, @session_key@ AS _key FROM @session_tables@
WHERE (@session_key@, s.id) < (?4, ?1) AND @session_filters@ ORDER BY _key DESC, s.id DESC LIMIT ?2;
