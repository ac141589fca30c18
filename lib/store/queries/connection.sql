-- Connections (N12).

--@ connection_columns ittttitiit
n.id, f.tax_id AS from_tax_id, f.name AS from_name, t.tax_id AS to_tax_id, t.name AS to_name,
n.invite_id, n.status, n.since_at, n.ended_at, n.ended_by

--@ connection_row @connection_columns@iitt
@connection_columns@, n.from_id, n.to_id, f.email AS from_email, t.email AS to_email

--@ connection_tables
connection n JOIN company f ON f.id = n.from_id JOIN company t ON t.id = n.to_id

--! connection_active(ii) -> i
SELECT id FROM connection WHERE low_id = ?1 AND high_id = ?2 AND status = 'active';

--! connection_insert(iiiiii) -> i
INSERT INTO connection (from_id, to_id, low_id, high_id, invite_id, status, since_at)
VALUES (?1, ?2, ?3, ?4, ?5, 'active', ?6) RETURNING id;

--! connection_end(iit) -> -
UPDATE connection SET status = 'ended', ended_at = ?2, ended_by = ?3
WHERE id = ?1 AND status = 'active';

--! connection_by_id(i) -> @connection_row@
SELECT @connection_row@ FROM @connection_tables@ WHERE n.id = ?1;

-- ?5 status, ?6 company, ?7 pattern, ?8 viewer
--@ connection_filters
(?5 = 'any' OR n.status = ?5) AND (?6 = 0 OR n.from_id = ?6 OR n.to_id = ?6)
AND (?7 = '' OR f.name_norm LIKE ?7 ESCAPE '!' OR t.name_norm LIKE ?7 ESCAPE '!'
	OR f.tax_id LIKE upper(?7) ESCAPE '!' OR t.tax_id LIKE upper(?7) ESCAPE '!')
AND (?8 = 0 OR n.from_id = ?8 OR n.to_id = ?8)

--@ connection_key
CASE ?3 WHEN 'id' THEN '' WHEN 'since_at' THEN CAST(@base@ + n.since_at AS TEXT)
	ELSE coalesce(CAST(@base@ + n.ended_at AS TEXT), '') END

--! connection_list(iitttiti) -> @connection_columns@ scan
SELECT @connection_columns@ FROM @connection_tables@
WHERE n.id > ?1 AND @connection_filters@ ORDER BY n.id LIMIT ?2;

--! connection_list_of(iitttiti) -> @connection_columns@
SELECT @connection_columns@ FROM @connection_tables@
WHERE n.id IN (SELECT id FROM connection WHERE from_id = ?6 AND id > ?1
	UNION ALL SELECT id FROM connection WHERE to_id = ?6 AND id > ?1)
	AND @connection_filters@ ORDER BY n.id LIMIT ?2;

--! connection_list_up(iitttiti) -> @connection_columns@t scan sort
SELECT @connection_columns@, @connection_key@ AS _key FROM @connection_tables@
WHERE (@connection_key@, n.id) > (?4, ?1) AND @connection_filters@ ORDER BY _key, n.id LIMIT ?2;

--! connection_list_down(iitttiti) -> @connection_columns@t scan sort
SELECT @connection_columns@, @connection_key@ AS _key FROM @connection_tables@
WHERE (@connection_key@, n.id) < (?4, ?1) AND @connection_filters@ ORDER BY _key DESC, n.id DESC LIMIT ?2;

--! complete_connection(iii) -> itt scan
SELECT n.id, n.status AS value, f.tax_id || ' ' || t.tax_id AS text
FROM (SELECT id, status, from_id, to_id FROM connection WHERE id >= ?1 AND id <= ?2
	ORDER BY id DESC LIMIT 1000) n JOIN company f ON f.id = n.from_id
	JOIN company t ON t.id = n.to_id
WHERE ?3 = 0 OR n.status = 'active' LIMIT 50;
