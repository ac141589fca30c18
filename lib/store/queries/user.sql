-- Users (U1). Who was removed stays in the table, for what names them.

-- Who came by the link of a document enters when the link to the client's area was sent (D3).
--@ user_may_enter
(u.created_via <> 'document' OR u.area_access = 1)

--! user_logins(ttt) -> iiitttt
SELECT u.id, u.company_id, c.main_company_id AS main_id, u.email, u.role, c.tax_id, c.sections
FROM "user" u JOIN company c ON c.id = u.company_id
WHERE u.email = ?1 AND u.status = 'active' AND u.removed_at IS NULL AND c.status = 'registered'
	AND @user_may_enter@ AND (?2 IS NULL OR (c.country = ?2 AND c.tax_id = ?3)) ORDER BY u.id;

--@ user_columns ittittttiitii
u.id, c.tax_id AS company_tax_id, c.name AS company_name, u.contact_id, k.name, u.email, u.role,
u.status, u.must_change_password, u.area_access, u.created_via, u.last_login_at, u.created_at

--@ user_tables
"user" u JOIN company c ON c.id = u.company_id JOIN contact k ON k.id = u.contact_id

--! user_of_company(it) -> @user_columns@
SELECT @user_columns@ FROM @user_tables@ WHERE u.company_id = ?1 AND u.email = ?2 AND u.removed_at IS NULL;

--! user_by_id(i) -> @user_columns@
SELECT @user_columns@ FROM @user_tables@ WHERE u.id = ?1;

--! user_count(i) -> i
SELECT count(*) AS id FROM "user" WHERE company_id = ?1 AND removed_at IS NULL;

--! user_count_admins(i) -> i
SELECT count(*) AS id FROM "user" WHERE company_id = ?1 AND role = 'admin' AND status = 'active'
	AND removed_at IS NULL;

--! user_count_other_admins(i) -> i
SELECT count(*) AS id FROM "user" u JOIN "user" o ON o.company_id = u.company_id AND o.id <> u.id
WHERE u.id = ?1 AND o.role = 'admin' AND o.status = 'active' AND o.removed_at IS NULL;

-- ?1 where it is an active user of the company ?2.
--! user_active_email(ii) -> t
SELECT email FROM "user" WHERE id = ?1 AND company_id = ?2 AND status = 'active' AND removed_at IS NULL;

--! user_admin_emails(i) -> t
SELECT email FROM "user" WHERE company_id = ?1 AND role = 'admin' AND status = 'active'
	AND removed_at IS NULL ORDER BY email;

--! user_insert(iittttitii) -> i
INSERT INTO "user" (company_id, contact_id, email, role, status, password, must_change_password,
	area_access, created_via, access_serial, is_first, created_at, updated_at, own_password)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, 1,
	CASE WHEN EXISTS (SELECT 1 FROM "user" WHERE company_id = ?1) THEN 0 ELSE 1 END, ?9, ?9, ?10) RETURNING id;

--! user_update(itttiii) -> -
UPDATE "user" SET email = ?2, role = ?3, status = ?4, area_access = ?5, removed_at = ?6, updated_at = ?7,
	access_expires_at = CASE WHEN email = ?2 AND status = ?4 THEN access_expires_at END
WHERE id = ?1;

--! user_set_password(itiii) -> -
UPDATE "user" SET password = ?2, must_change_password = ?3, access_serial = access_serial + 1,
	access_expires_at = NULL, updated_at = ?4, own_password = ?5
WHERE id = ?1;

--! user_open_access(iii) -> -
UPDATE "user" SET access_serial = access_serial + 1, access_expires_at = ?2, updated_at = ?3,
	access_shown = 0 WHERE id = ?1;

--! user_show_access(i) -> -
UPDATE "user" SET access_shown = 1 WHERE id = ?1;

-- A mail is written out when it is sent, and would carry the token of then.
--! user_cancel_link_mails(i) -> -
UPDATE outbox SET state = 'cancelled', next_attempt_at = NULL
WHERE cause_kind = 'user' AND cause_id = ?1 AND state IN ('queued', 'held')
	AND template IN ('access_link', 'temporary_password');

--! user_access(i) -> itiittii
SELECT u.company_id, u.password, u.access_serial, u.access_expires_at, c.status AS company_status, k.phones,
	u.own_password, u.access_shown
FROM "user" u JOIN company c ON c.id = u.company_id JOIN contact k ON k.id = u.contact_id
WHERE u.id = ?1 AND u.removed_at IS NULL;

--! user_end_sessions(iti) -> -
UPDATE session SET ended_at = ?3, end_reason = ?2 WHERE user_id = ?1 AND ended_at IS NULL;

-- ?5 company, ?6 status, ?7 role, ?8 pattern, ?9 viewer, ?10 main company of the group whose
-- users the viewer sees too
--@ user_filters
u.removed_at IS NULL AND (?5 = 0 OR u.company_id = ?5) AND (?6 = '' OR u.status = ?6) AND (?7 = '' OR u.role = ?7)
AND (?8 = '' OR u.email LIKE ?8 ESCAPE '!' OR k.name_norm LIKE ?8 ESCAPE '!')
AND (?9 = 0 OR u.company_id = ?9 OR c.main_company_id = ?10)

--@ user_key
CASE ?3 WHEN 'id' THEN '' WHEN 'email' THEN u.email WHEN 'name' THEN k.name_norm ELSE CAST(@base@ + u.created_at AS TEXT) END

--! user_list(iittitttii) -> @user_columns@ scan
SELECT @user_columns@ FROM @user_tables@ WHERE u.id > ?1 AND @user_filters@ ORDER BY u.id LIMIT ?2;

--! user_list_of(iittitttii) -> @user_columns@
SELECT @user_columns@ FROM @user_tables@
WHERE u.id IN (SELECT id FROM "user" WHERE company_id = ?5 AND id > ?1)
	AND @user_filters@ ORDER BY u.id LIMIT ?2;

--! user_list_group(iittitttii) -> @user_columns@
SELECT @user_columns@ FROM @user_tables@
WHERE u.id IN (SELECT o.id FROM company m JOIN "user" o ON o.company_id = m.id
		WHERE m.main_company_id = ?10 AND o.id > ?1)
	AND @user_filters@ ORDER BY u.id LIMIT ?2;

--! user_list_up(iittitttii) -> @user_columns@t scan sort
SELECT @user_columns@, @user_key@ AS _key FROM @user_tables@
WHERE (@user_key@, u.id) > (?4, ?1) AND @user_filters@ ORDER BY _key, u.id LIMIT ?2;

--! user_list_down(iittitttii) -> @user_columns@t scan sort
SELECT @user_columns@, @user_key@ AS _key FROM @user_tables@
WHERE (@user_key@, u.id) < (?4, ?1) AND @user_filters@ ORDER BY _key DESC, u.id DESC LIMIT ?2;

-- ?4 viewer, ?5 main company of the group whose users the viewer may see
--! user_named(tiiii) -> ii sort
SELECT u.id, u.company_id FROM "user" u JOIN company c ON c.id = u.company_id
WHERE (u.id = ?2 OR (?2 = 0 AND u.email = lower(?1))) AND (?3 = 0 OR u.company_id = ?3)
	AND (?4 = 0 OR u.company_id = ?4 OR c.main_company_id = ?5) AND u.removed_at IS NULL
ORDER BY u.id LIMIT 2;
