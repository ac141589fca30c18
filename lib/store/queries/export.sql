-- What a manifest of the portal says (O1), by id.

--! export_companies() -> @company_columns@ scan
SELECT @company_columns@ FROM @company_tables@ WHERE c.status <> 'unregistered' ORDER BY c.id;

-- Those who are users stand there, but for their phones.
--! export_contacts(i) -> ittt
SELECT k.id, k.name, k.email, k.phones FROM contact k
WHERE k.company_id = ?1 AND k.removed_at IS NULL AND (k.phones <> '' OR NOT EXISTS (SELECT 1
	FROM "user" u WHERE u.contact_id = k.id AND u.removed_at IS NULL)) ORDER BY k.id;

--! export_users(i) -> @user_columns@
SELECT @user_columns@ FROM @user_tables@ WHERE u.company_id = ?1 AND u.removed_at IS NULL
ORDER BY u.id;

--! export_groups() -> iitt scan
SELECT g.id, g.main_id, c.country || ':' || c.tax_id AS main, g.name
FROM company_group g JOIN company c ON c.id = g.main_id ORDER BY g.id;

--! export_members(i) -> it
SELECT m.id, m.country || ':' || m.tax_id AS member FROM company m
WHERE m.main_company_id = ?1 AND m.id <> ?1 ORDER BY m.id;

--! export_connections() -> itt scan
SELECT n.id, f.country || ':' || f.tax_id AS from_company, t.country || ':' || t.tax_id AS to_company
FROM connection n JOIN company f ON f.id = n.from_id JOIN company t ON t.id = n.to_id
WHERE n.status = 'active' ORDER BY n.id;
