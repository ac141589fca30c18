-- Documents (D1 to D4).

--@ document_login
CASE c.document_login WHEN 'inherit' THEN
	COALESCE((SELECT value FROM setting WHERE key = 'document_login'), 'off') ELSE c.document_login END = 'on'

-- Of the document itself, by the client's side.
--@ document_opened
document_access a WHERE a.document_id = d.id AND a.result = 'opened' AND a.position = 0 AND a.by_client = 1

--@ document_columns ittt??t?ttit?ti??it
d.id, c.tax_id AS company_tax_id, c.name AS company_name, d.title, NULLIF(d.kind, '') AS kind,
NULLIF(d.competence, '') AS competence, d.due_on, CAST(d.amount_cents AS TEXT) AS amount_cents, d.file_name,
f.media_type, f.size_bytes, d.sha256, @document_login@ AS login_required, d.status, d.published_at,
(SELECT count(*) FROM @document_opened@) AS opened_count,
(SELECT max(at) FROM @document_opened@) AS last_opened_at,
d.withdrawn_at, d.withdrawn_reason

--@ document_tables
document d JOIN company c ON c.id = d.company_id JOIN file f ON f.sha256 = d.sha256

--! document_insert(itttttitti) -> i
INSERT INTO document (company_id, title, title_norm, kind, competence, due_on, amount_cents, file_name,
	sha256, status, link_serial, published_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 'published', 1, ?10) RETURNING id;

--! document_by_id(i) -> @document_columns@iit
SELECT @document_columns@, d.company_id, d.link_serial, c.status AS company_status
FROM @document_tables@ WHERE d.id = ?1;

--! document_of_content(ittt) -> i
SELECT id FROM document
WHERE company_id = ?1 AND sha256 = ?2 AND kind = ?3 AND competence = ?4 AND status = 'published';

--! document_rotate(i) -> -
UPDATE document SET link_serial = link_serial + 1 WHERE id = ?1;

--! document_withdraw(iit) -> -
UPDATE document SET status = 'withdrawn', withdrawn_at = ?2, withdrawn_reason = ?3 WHERE id = ?1;

--! document_reader_add(ii) -> -
INSERT INTO document_reader (user_id, document_id) VALUES (?1, ?2);

-- Who may log in to the document ?1 with the e-mail ?2: an account that was made there, or
-- an active one of the client's area.
-- Who may log in to a document: of its company, its group, or the office (?3).
--! document_account(iti) -> ittti sort
SELECT CASE WHEN o.id IS NOT NULL THEN u.id END AS id, CASE WHEN o.id IS NOT NULL THEN u.password END AS password,
	COALESCE(o.country, c.country) AS country, COALESCE(o.tax_id, c.tax_id) AS tax_id,
	CASE WHEN u.status <> 'blocked' AND u.must_change_password = 0 AND o.status = 'registered'
		AND (EXISTS (SELECT 1 FROM document_reader r WHERE r.user_id = u.id AND r.document_id = d.id)
			OR (u.status = 'active' AND (u.created_via <> 'document' OR u.area_access = 1)))
		THEN 1 ELSE 0 END AS active
FROM document d JOIN company c ON c.id = d.company_id
LEFT JOIN "user" u ON u.email = ?2 AND u.removed_at IS NULL
LEFT JOIN company o ON o.id = u.company_id AND (o.id = c.id OR o.id = ?3 OR o.main_company_id = c.main_company_id)
WHERE d.id = ?1
ORDER BY CASE WHEN o.id IS NULL THEN 3 WHEN o.id = c.id THEN 0 WHEN o.id = ?3 THEN 2 ELSE 1 END, u.id LIMIT 1;

-- What the user ?2 is to the document ?1.
--! document_login(ii) -> iititt
SELECT u.company_id, c.main_company_id AS main_id, u.role,
	CASE WHEN EXISTS (SELECT 1 FROM document_reader r WHERE r.user_id = u.id AND r.document_id = ?1)
		THEN 1 ELSE 0 END AS reader, u.email, c.sections
FROM "user" u JOIN company c ON c.id = u.company_id WHERE u.id = ?2;

-- ?1 company, ?2 e-mail, or the id in ?3: a contact of the company or of its group.
--! document_contact(iti) -> ttt sort
SELECT k.email, k.phones, k.wa_ids FROM company d JOIN company m ON m.id = d.id
	OR m.main_company_id = d.main_company_id JOIN contact k ON k.company_id = m.id
WHERE d.id = ?1 AND (k.id = ?3 OR (?3 = 0 AND k.email = ?2)) AND k.removed_at IS NULL
ORDER BY m.id <> d.id, k.id LIMIT 1;

-- ?5 company, ?6 kind, ?7 competence, ?8 since, ?9 until, ?10 opened (yes, no), ?11 status,
-- ?12 pattern, ?13 viewer, ?14 main company of the group whose documents the viewer sees too
--@ document_filters
(?5 = 0 OR d.company_id = ?5) AND (?6 = '' OR d.kind = ?6) AND (?7 = '' OR d.competence = ?7)
AND (?8 IS NULL OR d.published_at >= ?8) AND (?9 IS NULL OR d.published_at < ?9)
AND (?10 = '' OR (?10 = 'yes') = EXISTS (SELECT 1 FROM @document_opened@)) AND (?11 = 'any' OR d.status = ?11)
AND (?12 = '' OR d.title_norm LIKE ?12 ESCAPE '!' OR c.name_norm LIKE ?12 ESCAPE '!')
AND (?13 = 0 OR d.company_id = ?13 OR c.main_company_id = ?14)

--@ document_key
CASE ?3 WHEN 'id' THEN '' WHEN 'title' THEN d.title_norm WHEN 'due_on' THEN COALESCE(d.due_on, '')
	WHEN 'competence' THEN d.competence ELSE CAST(@base@ + d.published_at AS TEXT) END

--! document_list(iittittiitttii) -> @document_columns@ scan
SELECT @document_columns@ FROM @document_tables@ WHERE d.id > ?1 AND @document_filters@ ORDER BY d.id LIMIT ?2;

--! document_list_of(iittittiitttii) -> @document_columns@
SELECT @document_columns@ FROM @document_tables@
WHERE d.id IN (SELECT id FROM document WHERE company_id = ?5 AND id > ?1)
	AND @document_filters@ ORDER BY d.id LIMIT ?2;

--! document_list_group(iittittiitttii) -> @document_columns@
SELECT @document_columns@ FROM @document_tables@
WHERE d.id IN (SELECT o.id FROM company m JOIN document o ON o.company_id = m.id
		WHERE m.main_company_id = ?14 AND o.id > ?1)
	AND @document_filters@ ORDER BY d.id LIMIT ?2;

--! document_list_up(iittittiitttii) -> @document_columns@t scan sort
SELECT @document_columns@, @document_key@ AS _key FROM @document_tables@
WHERE (@document_key@, d.id) > (?4, ?1) AND @document_filters@ ORDER BY _key, d.id LIMIT ?2;

--! document_list_down(iittittiitttii) -> @document_columns@t scan sort
SELECT @document_columns@, @document_key@ AS _key FROM @document_tables@
WHERE (@document_key@, d.id) < (?4, ?1) AND @document_filters@ ORDER BY _key DESC, d.id DESC LIMIT ?2;

--@ access_columns ii?ittittttttit
a.id, a.document_id, NULLIF(a.position, 0) AS attachment, a.at, a.via, a.ip, a.port, a.user_agent, a.sha256,
a.file_name, c.tax_id AS company_tax_id, u.email AS user_email, k.name AS user_name, a.logged_in, a.result

--@ access_tables
document_access a JOIN document d ON d.id = a.document_id JOIN company c ON c.id = d.company_id
LEFT JOIN "user" u ON u.id = a.user_id LEFT JOIN contact k ON k.id = u.contact_id

-- ?13 the office's company; ?14 by_client where no user is known.
--! access_insert(iiittittiitiii) -> i
INSERT INTO document_access (document_id, position, at, via, ip, port, user_agent, sha256, file_name, user_id,
	result, logged_in, by_client)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,
	COALESCE((SELECT CASE WHEN company_id = ?13 THEN 0 ELSE 1 END FROM "user" WHERE id = ?10), ?14)) RETURNING id;

--! access_by_id(i) -> @access_columns@
SELECT @access_columns@ FROM @access_tables@ WHERE a.id = ?1;

-- ?5 document, ?6 e-mail of the user, ?7 since, ?8 until
--@ access_filters
(?5 = 0 OR a.document_id = ?5) AND (?6 = '' OR u.email = ?6) AND (?7 IS NULL OR a.at >= ?7)
AND (?8 IS NULL OR a.at < ?8)

--@ access_key
CASE ?3 WHEN 'id' THEN '' ELSE CAST(@base@ + a.at AS TEXT) END

--! access_list(iittitii) -> @access_columns@ scan
SELECT @access_columns@ FROM @access_tables@ WHERE a.id > ?1 AND @access_filters@ ORDER BY a.id LIMIT ?2;

--! access_list_of(iittitii) -> @access_columns@
SELECT @access_columns@ FROM @access_tables@
WHERE a.id IN (SELECT id FROM document_access WHERE document_id = ?5 AND id > ?1)
	AND @access_filters@ ORDER BY a.id LIMIT ?2;

--! access_list_user(iittitii) -> @access_columns@
SELECT @access_columns@ FROM @access_tables@
WHERE a.id IN (SELECT o.id FROM "user" p JOIN document_access o ON o.user_id = p.id
		WHERE p.email = ?6 AND o.id > ?1)
	AND @access_filters@ ORDER BY a.id LIMIT ?2;

--! access_list_up(iittitii) -> @access_columns@t scan sort
SELECT @access_columns@, @access_key@ AS _key FROM @access_tables@
WHERE (@access_key@, a.id) > (?4, ?1) AND @access_filters@ ORDER BY _key, a.id LIMIT ?2;

--! access_list_down(iittitii) -> @access_columns@t scan sort
SELECT @access_columns@, @access_key@ AS _key FROM @access_tables@
WHERE (@access_key@, a.id) < (?4, ?1) AND @access_filters@ ORDER BY _key DESC, a.id DESC LIMIT ?2;

-- Of the newest 1000 ids between ?1 and ?2; ?3: published ones alone.
--! complete_document(iii) -> itt scan
SELECT d.id, d.status AS value, c.name || ' ' || d.title AS text
FROM (SELECT id, status, title, company_id FROM document WHERE id >= ?1 AND id <= ?2
	ORDER BY id DESC LIMIT 1000) d JOIN company c ON c.id = d.company_id
WHERE ?3 = 0 OR d.status = 'published' LIMIT 50;
