-- The audit chain (O4).

--! audit_insert(iittttitttt) -> -
INSERT INTO audit (id, at, actor, acting_as, action, target_kind, target_id, nonce, changes, digest, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

--! audit_last() -> it scan
SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1;

--! audit_count() -> i scan
SELECT count(*) AS id FROM audit;

-- A target_id of 0 is never written ("none" is NULL) and must not read like one.
--! audit_all(ii) -> iittttitttt
SELECT a.id, a.at, a.actor, a.acting_as AS "as", a.action, a.target_kind,
	CASE WHEN a.target_id = 0 THEN -1 ELSE a.target_id END AS target_id, a.nonce, a.changes,
	a.digest, a.hash
FROM audit a WHERE a.id BETWEEN ?1 AND ?2 ORDER BY a.id;

--! audit_erased(ii) -> i
SELECT id FROM audit WHERE id BETWEEN ?1 AND ?2 AND nonce IS NULL AND changes IS NULL ORDER BY id LIMIT 1;

--! audit_erasures(i) -> it
SELECT id, changes FROM audit WHERE action = 'contact.erase' AND id > ?1 ORDER BY id;

--@ audit_columns iittttitt
a.id, a.at, a.actor, a.acting_as AS "as", a.action, a.target_kind, a.target_id, a.changes, a.hash

-- ?5 since, ?6 until, ?7 action, ?8 actor, ?9 and ?10 target
--@ audit_filters
(?5 = 0 OR a.at >= ?5) AND (?6 = 0 OR a.at < ?6)
AND (?7 = '' OR a.action = ?7 OR substr(a.action, 1, length(?7) + 1) = ?7 || '.')
AND (?8 = '' OR a.actor = ?8 OR a.acting_as = ?8 OR substr(a.acting_as, 1, length(?8) + 1) = ?8 || '/')
AND (?9 = '' OR a.target_kind = ?9) AND (?10 = 0 OR a.target_id = ?10)

-- No index but the target's: the log is written with every change, and read seldom.
--! audit_list(iittiittti) -> @audit_columns@ scan
SELECT @audit_columns@ FROM audit a WHERE a.id > ?1 AND @audit_filters@ ORDER BY a.id LIMIT ?2;

--! audit_list_target(iittiittti) -> @audit_columns@
SELECT @audit_columns@ FROM audit a
WHERE a.target_kind = ?9 AND a.target_id = ?10 AND a.id > ?1 AND @audit_filters@
ORDER BY a.id LIMIT ?2;

--@ audit_key
CASE ?3 WHEN 'id' THEN '' ELSE CAST(@base@ + a.at AS TEXT) END

--! audit_list_up(iittiittti) -> @audit_columns@t scan sort
SELECT @audit_columns@, @audit_key@ AS _key FROM audit a
WHERE (@audit_key@, a.id) > (?4, ?1) AND @audit_filters@ ORDER BY _key, a.id LIMIT ?2;

--! audit_list_down(iittiittti) -> @audit_columns@t scan sort
SELECT @audit_columns@, @audit_key@ AS _key FROM audit a
WHERE (@audit_key@, a.id) < (?4, ?1) AND @audit_filters@ ORDER BY _key DESC, a.id DESC LIMIT ?2;
