-- The portal itself, its settings, idempotency keys.

--! portal_insert(ttiii) -> -
INSERT INTO portal (id, portal_id, key_check, office_id, allow_clock_override, created_at)
VALUES (1, ?1, ?2, ?3, ?4, ?5);

--! portal_get() -> ttiit
SELECT p.portal_id, p.key_check, p.office_id, p.allow_clock_override, c.name AS office_name
FROM portal p JOIN company c ON c.id = p.office_id WHERE p.id = 1;

--! setting_get(t) -> t
SELECT value FROM setting WHERE key = ?1;

--! setting_put(tti) -> -
INSERT INTO setting (key, value, updated_at) VALUES (?1, ?2, ?3)
ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at;

--! idempotency_get(ttti) -> ti
SELECT arguments, result_id FROM idempotency
WHERE actor = ?1 AND verb = ?2 AND key = ?3 AND created_at > ?4;

--! idempotency_put(ttttii) -> -
INSERT INTO idempotency (actor, verb, key, arguments, result_id, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (actor, verb, key) DO UPDATE SET arguments = excluded.arguments,
	result_id = excluded.result_id, created_at = excluded.created_at;

--! idempotency_purge(i) -> -
DELETE FROM idempotency WHERE created_at <= ?1;
