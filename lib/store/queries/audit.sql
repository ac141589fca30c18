-- The audit chain (O4).

--! audit_insert(iittttitttt) -> -
INSERT INTO audit (id, at, actor, acting_as, action, target_kind, target_id, nonce, changes, digest, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

--! audit_last() -> it
SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1;

--! audit_count() -> i scan
SELECT count(*) AS id FROM audit;

--@ audit_columns iittttitttt
a.id, a.at, a.actor, a.acting_as AS "as", a.action, a.target_kind, a.target_id, a.nonce,
a.changes, a.digest, a.hash

--! audit_all() -> @audit_columns@
SELECT @audit_columns@ FROM audit a ORDER BY a.id;
