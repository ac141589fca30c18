-- Rules of categories (S4, S14).

--@ category_columns ittttttiii
g.id, g.name, g.department, g.words, g.menu, u.email AS assignee_email, k.name AS assignee_name,
g.sla_minutes, g.created_at, g.updated_at

--@ category_tables
category g LEFT JOIN "user" u ON u.id = g.assignee_id AND u.removed_at IS NULL AND u.status = 'active'
LEFT JOIN contact k ON k.id = u.contact_id

-- By id, or by name where ?2 is 0.
--! category_named(ti) -> @category_columns@
SELECT @category_columns@ FROM @category_tables@ WHERE g.id = ?2 OR (?2 = 0 AND g.name_norm = ?1);

-- Whose answer to the menu it is.
--! category_of_menu(t) -> @category_columns@
SELECT @category_columns@ FROM @category_tables@ WHERE g.menu_norm = ?1;

--! category_count() -> i scan
SELECT count(*) AS id FROM category;

-- category_update comes behind it.
--! category_insert(tti) -> i
INSERT INTO category (name, name_norm, words, words_norm, sla_minutes, created_at, updated_at)
VALUES (?1, ?2, '', '', 0, ?3, ?3) RETURNING id;

--! category_update(itttttttiii) -> -
UPDATE category SET name = ?2, name_norm = ?3, department = ?4, words = ?5, words_norm = ?6, menu = ?7,
	menu_norm = ?8, assignee_id = ?9, sla_minutes = ?10, updated_at = ?11 WHERE id = ?1;

--! category_delete(i) -> -
DELETE FROM category WHERE id = ?1;

--! category_assignee(i) -> i
SELECT u.id FROM category g JOIN "user" u ON u.id = g.assignee_id
WHERE g.id = ?1 AND u.removed_at IS NULL AND u.status = 'active';

-- Whoever it is, active or not.
--! category_assignee_id(i) -> i
SELECT COALESCE(assignee_id, 0) AS id FROM category WHERE id = ?1;

-- All, to look for their words in a message.
--! category_rules() -> ittt scan
SELECT id, name_norm, words_norm, menu_norm FROM category ORDER BY id;

-- ?5 department, ?6 pattern
--@ category_filters
(?5 = '' OR g.department = ?5) AND (?6 = '' OR g.name_norm LIKE ?6 ESCAPE '!')

--@ category_key
CASE ?3 WHEN 'id' THEN '' ELSE g.name_norm END

--! category_list(iitttt) -> @category_columns@ scan
SELECT @category_columns@ FROM @category_tables@ WHERE g.id > ?1 AND @category_filters@ ORDER BY g.id LIMIT ?2;

--! category_list_up(iitttt) -> @category_columns@t scan sort
SELECT @category_columns@, @category_key@ AS _key FROM @category_tables@
WHERE (@category_key@, g.id) > (?4, ?1) AND @category_filters@ ORDER BY _key, g.id LIMIT ?2;

--! category_list_down(iitttt) -> @category_columns@t scan sort
SELECT @category_columns@, @category_key@ AS _key FROM @category_tables@
WHERE (@category_key@, g.id) < (?4, ?1) AND @category_filters@ ORDER BY _key DESC, g.id DESC LIMIT ?2;

-- Of the newest 1000 ids between ?1 and ?2; no category waits for anything (?3).
--! complete_category(iii) -> itt scan
SELECT id, name AS value, COALESCE(department, '') AS text
FROM (SELECT id, name, department FROM category WHERE id >= ?1 AND id <= ?2 ORDER BY id DESC LIMIT 1000) g
WHERE ?3 >= 0 LIMIT 50;
