-- Contacts (U1). Who was removed stays in the table, for what names them.

--! contact_by_email(it) -> it
SELECT id, name FROM contact WHERE company_id = ?1 AND email = ?2 AND removed_at IS NULL;

--! contact_insert(itttti) -> i
INSERT INTO contact (company_id, name, name_norm, email, phones, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) RETURNING id;
