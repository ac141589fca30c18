-- Groups (U10). Who belongs to one has its main company in company.main_company_id.

--@ group_columns itttii
g.id, c.country AS main_country, c.tax_id AS main_tax_id, g.name, g.created_at, g.updated_at

--@ group_tables
company_group g JOIN company c ON c.id = g.main_id

--! group_insert(itti) -> i
INSERT INTO company_group (main_id, name, name_norm, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?4) RETURNING id;

--! group_touch(ii) -> -
UPDATE company_group SET updated_at = ?2 WHERE main_id = ?1;

--! group_main_id(i) -> i
SELECT main_id FROM company_group WHERE id = ?1;

--! group_rename(itti) -> -
UPDATE company_group SET name = ?2, name_norm = ?3, updated_at = ?4 WHERE main_id = ?1;

--! group_delete(i) -> -
DELETE FROM company_group WHERE main_id = ?1;

--! group_of_main(i) -> @group_columns@
SELECT @group_columns@ FROM @group_tables@ WHERE g.main_id = ?1;

--! group_members(i) -> itt sort
SELECT m.id, m.country, m.tax_id FROM company_group g JOIN company m ON m.main_company_id = g.main_id
WHERE g.id = ?1 ORDER BY m.id <> g.main_id, m.country, m.tax_id;

--! group_set_member(iii) -> -
UPDATE company SET main_company_id = ?2, updated_at = ?3 WHERE id = ?1;

--! group_free_members(ii) -> -
UPDATE company SET main_company_id = NULL, updated_at = ?2 WHERE main_company_id = ?1;

-- ?5 main company of the one asked for, ?6 pattern, ?7 main company of the viewer's group
--@ group_filters
(?5 = 0 OR g.main_id = ?5) AND (?6 = '' OR g.name_norm LIKE ?6 ESCAPE '!') AND (?7 = 0 OR g.main_id = ?7)

--@ group_key
CASE ?3 WHEN 'id' THEN '' ELSE g.name_norm END

--! group_list(iittiti) -> @group_columns@ scan
SELECT @group_columns@ FROM @group_tables@ WHERE g.id > ?1 AND @group_filters@ ORDER BY g.id LIMIT ?2;

--! group_list_up(iittiti) -> @group_columns@t scan sort
SELECT @group_columns@, @group_key@ AS _key FROM @group_tables@
WHERE (@group_key@, g.id) > (?4, ?1) AND @group_filters@ ORDER BY _key, g.id LIMIT ?2;

--! group_list_down(iittiti) -> @group_columns@t scan sort
SELECT @group_columns@, @group_key@ AS _key FROM @group_tables@
WHERE (@group_key@, g.id) < (?4, ?1) AND @group_filters@ ORDER BY _key DESC, g.id DESC LIMIT ?2;
