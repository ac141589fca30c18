-- Connection requests (N3).

--@ request_columns itttttttiii
r.id, r.status, f.tax_id AS from_tax_id, f.name AS from_name, t.tax_id AS to_tax_id,
t.name AS to_name, r.email, r.contact_name, r.invite_id, r.created_at, r.updated_at

--@ request_row @request_columns@iit
@request_columns@, r.from_id, r.to_id, t.email AS to_email

--@ request_tables
request r JOIN company f ON f.id = r.from_id JOIN company t ON t.id = r.to_id

--! request_insert(iitti) -> i
INSERT INTO request (from_id, to_id, email, contact_name, status, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, 'open', ?5, ?5) RETURNING id;

--! request_by_id(i) -> @request_row@
SELECT @request_row@ FROM @request_tables@ WHERE r.id = ?1;

--! request_open(ii) -> i
SELECT id FROM request WHERE from_id = ?1 AND to_id = ?2 AND status = 'open';

--! request_invited(iii) -> -
UPDATE request SET status = 'invited', invite_id = ?2, updated_at = ?3 WHERE id = ?1;

--! request_dismissed(ii) -> -
UPDATE request SET status = 'dismissed', updated_at = ?2 WHERE id = ?1 AND status = 'open';

-- ?5 status, ?6 from, ?7 to, ?8 pattern, ?9 viewer, ?10 pattern without punctuation
--@ request_filters
(?5 = 'any' OR r.status = ?5) AND (?6 = 0 OR r.from_id = ?6) AND (?7 = 0 OR r.to_id = ?7)
AND (?8 = '' OR r.email LIKE ?8 ESCAPE '!' OR f.name_norm LIKE ?8 ESCAPE '!'
	OR t.name_norm LIKE ?8 ESCAPE '!' OR f.tax_id LIKE upper(?8) ESCAPE '!'
	OR t.tax_id LIKE upper(?8) ESCAPE '!' OR f.tax_id LIKE ?10 ESCAPE '!'
	OR t.tax_id LIKE ?10 ESCAPE '!')
AND (?9 = 0 OR r.from_id = ?9 OR r.to_id = ?9)

--@ request_key
CASE ?3 WHEN 'id' THEN '' WHEN 'created_at' THEN CAST(@base@ + r.created_at AS TEXT)
	WHEN 'updated_at' THEN CAST(@base@ + r.updated_at AS TEXT) ELSE r.email END

--! request_list(iitttiitit) -> @request_columns@ scan
SELECT @request_columns@ FROM @request_tables@
WHERE r.id > ?1 AND @request_filters@ ORDER BY r.id LIMIT ?2;

--! request_list_from(iitttiitit) -> @request_columns@
SELECT @request_columns@ FROM @request_tables@
WHERE r.from_id = ?6 AND r.id > ?1 AND @request_filters@ ORDER BY r.id LIMIT ?2;

--! request_list_to(iitttiitit) -> @request_columns@
SELECT @request_columns@ FROM @request_tables@
WHERE r.to_id = ?7 AND r.id > ?1 AND @request_filters@ ORDER BY r.id LIMIT ?2;

--! request_list_of(iitttiitit) -> @request_columns@
SELECT @request_columns@ FROM @request_tables@
WHERE r.id IN (SELECT id FROM request WHERE from_id = ?9 AND id > ?1
	UNION ALL SELECT id FROM request WHERE to_id = ?9 AND id > ?1)
	AND @request_filters@ ORDER BY r.id LIMIT ?2;

--! request_list_up(iitttiitit) -> @request_columns@t scan sort
SELECT @request_columns@, @request_key@ AS _key FROM @request_tables@
WHERE (@request_key@, r.id) > (?4, ?1) AND @request_filters@ ORDER BY _key, r.id LIMIT ?2;

--! request_list_down(iitttiitit) -> @request_columns@t scan sort
SELECT @request_columns@, @request_key@ AS _key FROM @request_tables@
WHERE (@request_key@, r.id) < (?4, ?1) AND @request_filters@ ORDER BY _key DESC, r.id DESC LIMIT ?2;
