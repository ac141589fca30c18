-- Contacts (U1). Who was removed stays in the table, for what names them.

--! contact_by_email(it) -> it
SELECT id, name FROM contact WHERE company_id = ?1 AND email = ?2 AND removed_at IS NULL;

-- Who has no e-mail is known by the name alone.
--! contact_id_by_name(it) -> i
SELECT id FROM contact WHERE company_id = ?1 AND name = ?2 AND email IS NULL AND removed_at IS NULL
ORDER BY id LIMIT 1;

--! contact_insert(itttti) -> i
INSERT INTO contact (company_id, name, name_norm, email, phones, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) RETURNING id;

--! contact_update(itttti) -> -
UPDATE contact SET name = ?2, name_norm = ?3, email = ?4, phones = ?5, updated_at = ?6 WHERE id = ?1;

--! contact_put_company(iii) -> -
UPDATE contact SET company_id = ?2, updated_at = ?3 WHERE id = ?1;

--! contact_remove(ii) -> -
UPDATE contact SET removed_at = ?2, updated_at = ?2 WHERE id = ?1;

--@ contact_columns ittttttttii
k.id, c.tax_id AS company_tax_id, c.name AS company_name, k.name, k.email, k.phones, k.wa_ids,
k.wa_user_ids, COALESCE(u.status, 'none') AS access, k.created_at, k.updated_at

--@ contact_tables
contact k LEFT JOIN company c ON c.id = k.company_id
LEFT JOIN "user" u ON u.contact_id = k.id AND u.removed_at IS NULL

--! contact_by_id(i) -> @contact_columns@i
SELECT @contact_columns@, k.company_id FROM @contact_tables@ WHERE k.id = ?1 AND k.removed_at IS NULL;

-- Where a contact is written to: who was removed or blocked is not, nor whose company is disabled.
--! contact_reached_at(i) -> t
SELECT k.email FROM contact k
WHERE k.id = ?1 AND k.removed_at IS NULL AND k.email IS NOT NULL AND NOT EXISTS (SELECT 1 FROM "user" u
	WHERE u.contact_id = k.id AND u.removed_at IS NULL AND u.status = 'blocked')
	AND NOT EXISTS (SELECT 1 FROM company c WHERE c.id = k.company_id AND c.status = 'disabled');

-- Where there is nobody else of that name, who was removed last: by id, or by e-mail where ?2
-- is 0; ?3 company.
--! contact_gone(tii) -> i sort
SELECT k.id FROM contact k
WHERE (k.id = ?2 OR (?2 = 0 AND k.email = lower(?1))) AND (?3 = 0 OR k.company_id = ?3) AND k.removed_at IS NOT NULL
	AND NOT EXISTS (SELECT 1 FROM contact l WHERE ?2 = 0 AND l.email = lower(?1)
		AND (?3 = 0 OR l.company_id = ?3) AND l.removed_at IS NULL)
ORDER BY k.id DESC LIMIT 1;

-- By id, or by e-mail where ?2 is 0. ?3 company, ?4 viewer, ?5 main company of the group
-- whose contacts the viewer may see.
--! contact_named(tiiii) -> ii
SELECT COALESCE(min(k.id), 0) AS id, count(*) AS matches
FROM contact k LEFT JOIN company c ON c.id = k.company_id
WHERE (k.id = ?2 OR (?2 = 0 AND k.email = lower(?1))) AND (?3 = 0 OR k.company_id = ?3)
	AND (?4 = 0 OR k.company_id = ?4 OR c.main_company_id = ?5) AND k.removed_at IS NULL;

-- ?5 company, ?6 access, ?7 pattern, ?8 pattern of a phone, ?9 viewer, ?10 main company of the
-- group whose contacts the viewer sees too
--@ contact_filters
k.removed_at IS NULL AND (?5 = 0 OR k.company_id = ?5) AND (?6 = '' OR COALESCE(u.status, 'none') = ?6)
AND (?7 = '' OR k.email LIKE ?7 ESCAPE '!' OR k.name_norm LIKE ?7 ESCAPE '!'
	OR (?8 <> '' AND k.phones LIKE ?8 ESCAPE '!'))
AND (?9 = 0 OR k.company_id = ?9 OR c.main_company_id = ?10)

--@ contact_key
CASE ?3 WHEN 'id' THEN '' WHEN 'email' THEN COALESCE(k.email, '') WHEN 'name' THEN k.name_norm
	ELSE CAST(@base@ + k.created_at AS TEXT) END

--! contact_list(iittitttii) -> @contact_columns@ scan
SELECT @contact_columns@ FROM @contact_tables@ WHERE k.id > ?1 AND @contact_filters@ ORDER BY k.id LIMIT ?2;

--! contact_list_of(iittitttii) -> @contact_columns@
SELECT @contact_columns@ FROM @contact_tables@
WHERE k.id IN (SELECT id FROM contact WHERE company_id = ?5 AND id > ?1)
	AND @contact_filters@ ORDER BY k.id LIMIT ?2;

--! contact_list_group(iittitttii) -> @contact_columns@
SELECT @contact_columns@ FROM @contact_tables@
WHERE k.id IN (SELECT o.id FROM company m JOIN contact o ON o.company_id = m.id
		WHERE m.main_company_id = ?10 AND o.id > ?1)
	AND @contact_filters@ ORDER BY k.id LIMIT ?2;

--! contact_list_up(iittitttii) -> @contact_columns@t scan sort
SELECT @contact_columns@, @contact_key@ AS _key FROM @contact_tables@
WHERE (@contact_key@, k.id) > (?4, ?1) AND @contact_filters@ ORDER BY _key, k.id LIMIT ?2;

--! contact_list_down(iittitttii) -> @contact_columns@t scan sort
SELECT @contact_columns@, @contact_key@ AS _key FROM @contact_tables@
WHERE (@contact_key@, k.id) < (?4, ?1) AND @contact_filters@ ORDER BY _key DESC, k.id DESC LIMIT ?2;

-- Of the newest 1000 ids between ?1 and ?2; no contact waits for anything (?3).
--! complete_contact(iii) -> itt scan
SELECT k.id, COALESCE(u.status, 'none') AS value, k.name || COALESCE(' ' || k.email, '') AS text
FROM (SELECT id, name, email FROM contact WHERE id >= ?1 AND id <= ?2 AND removed_at IS NULL
	ORDER BY id DESC LIMIT 1000) k LEFT JOIN "user" u ON u.contact_id = k.id AND u.removed_at IS NULL
WHERE ?3 >= 0 LIMIT 50;
