-- Companies (N1, N2).

--@ company_columns itttttttttttttii
c.id, c.country, c.tax_id, c.name, c.trade_name, c.email, c.phone, c.relation, c.role, c.status,
m.tax_id AS main_tax_id, c.document_login, c.sections, c.signup, c.created_at, c.updated_at

--@ company_tables
company c LEFT JOIN company m ON m.id = c.main_company_id

--! company_insert(ttttttttttttti) -> i
INSERT INTO company (country, tax_id, name, trade_name, name_norm, email, phone, relation, role,
	status, document_login, sections, signup, signup_serial, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 1, ?14, ?14) RETURNING id;

--! company_update(ittttttttttti) -> -
UPDATE company SET name = ?2, trade_name = ?3, name_norm = ?4, email = ?5, phone = ?6,
	relation = ?7, role = ?8, status = ?9, document_login = ?10, sections = ?11, signup = ?12,
	updated_at = ?13
WHERE id = ?1;

--! company_main(i) -> i
SELECT main_company_id FROM company WHERE id = ?1;

--! company_signup_serial(i) -> i
SELECT signup_serial FROM company WHERE id = ?1;

--! company_rotate_signup(ii) -> -
UPDATE company SET signup_serial = signup_serial + 1, updated_at = ?2 WHERE id = ?1;

--! company_by_tax_id(tt) -> @company_columns@
SELECT @company_columns@ FROM @company_tables@ WHERE c.country = ?1 AND c.tax_id = ?2;

--! company_by_id(i) -> @company_columns@
SELECT @company_columns@ FROM @company_tables@ WHERE c.id = ?1;

-- Is anything sent to it?
--! company_is_reached(i) -> i
SELECT CASE WHEN EXISTS (SELECT 1 FROM company WHERE id = ?1 AND status = 'disabled') THEN 0 ELSE 1 END AS id;

-- ?5 country, ?6 pattern, ?7 and ?8 the range of tax ids, ?9 status, ?10 relation, ?11 viewer,
-- ?12 and ?13 the range of tax ids that are stored as given, ?14 pattern without punctuation,
-- ?15 main company of the group whose members the viewer sees as its own (0: of none)
--@ company_filters
(?5 = '' OR c.country = ?5) AND (?6 = '' OR c.name_norm LIKE ?6 ESCAPE '!' OR c.tax_id LIKE upper(?6) ESCAPE '!'
	OR c.tax_id LIKE ?14 ESCAPE '!')
AND (?7 = '' OR (c.tax_id >= ?7 AND c.tax_id < ?8) OR (c.tax_id >= ?12 AND c.tax_id < ?13)) AND (?9 = '' OR c.status = ?9)
AND (?10 = '' OR (c.relation = ?10 AND (?11 = 0 OR c.id = ?11 OR c.main_company_id = ?15)))
AND (?11 = 0 OR c.id = ?11 OR c.status = 'registered' OR c.main_company_id = ?15)

--@ company_key
CASE ?3 WHEN 'id' THEN '' WHEN 'name' THEN c.name_norm WHEN 'tax_id' THEN c.tax_id
	WHEN 'created_at' THEN CAST(@base@ + c.created_at AS TEXT) ELSE CAST(@base@ + c.updated_at AS TEXT) END

--! company_list(iittttttttittti) -> @company_columns@ scan
SELECT @company_columns@ FROM @company_tables@
WHERE c.id > ?1 AND @company_filters@ ORDER BY c.id LIMIT ?2;

-- By the beginning of a tax id, whose index goes by country first: the countries there
-- are, one after the other, and in each those that begin so.
--! company_list_ids(iittttttttittti) -> @company_columns@
WITH RECURSIVE each_country (country) AS (SELECT min(country) FROM company
	UNION ALL SELECT (SELECT min(country) FROM company WHERE country > each_country.country)
		FROM each_country WHERE each_country.country IS NOT NULL)
SELECT @company_columns@ FROM @company_tables@
WHERE c.id IN (SELECT a.id FROM each_country CROSS JOIN company a
		WHERE a.country = each_country.country AND a.tax_id >= ?7 AND a.tax_id < ?8
	UNION ALL SELECT b.id FROM each_country CROSS JOIN company b
		WHERE b.country = each_country.country AND b.tax_id >= ?12 AND b.tax_id < ?13)
	AND c.id > ?1 AND @company_filters@ ORDER BY c.id LIMIT ?2;

--! company_list_up(iittttttttittti) -> @company_columns@t scan sort
SELECT @company_columns@, @company_key@ AS _key FROM @company_tables@
WHERE (@company_key@, c.id) > (?4, ?1) AND @company_filters@ ORDER BY _key, c.id LIMIT ?2;

--! company_list_down(iittttttttittti) -> @company_columns@t scan sort
SELECT @company_columns@, @company_key@ AS _key FROM @company_tables@
WHERE (@company_key@, c.id) < (?4, ?1) AND @company_filters@ ORDER BY _key DESC, c.id DESC LIMIT ?2;
