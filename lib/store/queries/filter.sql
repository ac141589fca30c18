-- Saved filters of tickets. An owner is a user, or 0 for the operator.

--@ filter_columns ittitttttttttiiti
f.id, f.name, u.email AS owner_email, f.shared, f.status, f.assignee, f.company, f.contact, f.category,
f.department, f.tag, f.origin, f.search, f.since_at, f.until_at, f.sort, f.created_at

--@ filter_tables
filter f LEFT JOIN "user" u ON u.id = f.owner_id

-- By id, or by name where ?2 is 0: of the owner ?3, whose own one comes first, or shared.
--! filter_named(tii) -> @filter_columns@ sort
SELECT @filter_columns@ FROM @filter_tables@
WHERE (f.id = ?2 OR (?2 = 0 AND f.name_norm = ?1)) AND (f.shared = 1 OR COALESCE(f.owner_id, 0) = ?3)
ORDER BY f.shared LIMIT 1;

-- Another one in whose way it would be: ?2 the owner, ?3 whether it is shared.
--! filter_same(tii) -> @filter_columns@
SELECT @filter_columns@ FROM @filter_tables@
WHERE f.name_norm = ?1 AND f.shared = ?3 AND (?3 = 1 OR COALESCE(f.owner_id, 0) = ?2) LIMIT 1;

-- ?3 owner, ?4 shared, ?5 to ?16 the options, ?17 now
--! filter_insert(ttiitttttttttiiti) -> i
INSERT INTO filter (name, name_norm, owner_id, shared, status, assignee, company, contact, category,
	department, tag, origin, search, since_at, until_at, sort, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) RETURNING id;

--! filter_delete(i) -> -
DELETE FROM filter WHERE id = ?1;

-- ?5 owner, ?6 pattern
--@ filter_filters
(f.shared = 1 OR COALESCE(f.owner_id, 0) = ?5) AND (?6 = '' OR f.name_norm LIKE ?6 ESCAPE '!')

--@ filter_key
CASE ?3 WHEN 'id' THEN '' ELSE f.name_norm END

--! filter_list(iittit) -> @filter_columns@ scan
SELECT @filter_columns@ FROM @filter_tables@ WHERE f.id > ?1 AND @filter_filters@ ORDER BY f.id LIMIT ?2;

--! filter_list_up(iittit) -> @filter_columns@t scan sort
SELECT @filter_columns@, @filter_key@ AS _key FROM @filter_tables@
WHERE (@filter_key@, f.id) > (?4, ?1) AND @filter_filters@ ORDER BY _key, f.id LIMIT ?2;

--! filter_list_down(iittit) -> @filter_columns@t scan sort
SELECT @filter_columns@, @filter_key@ AS _key FROM @filter_tables@
WHERE (@filter_key@, f.id) < (?4, ?1) AND @filter_filters@ ORDER BY _key DESC, f.id DESC LIMIT ?2;

-- Of the newest 1000 ids between ?1 and ?2, the shared ones: completions ask nobody who
-- they are. No filter waits for anything (?3).
--! complete_filter(iii) -> itt scan
SELECT id, name AS value, COALESCE(status, '') AS text
FROM (SELECT id, name, status FROM filter WHERE id >= ?1 AND id <= ?2 AND shared = 1
	ORDER BY id DESC LIMIT 1000) f
WHERE ?3 >= 0 LIMIT 50;
