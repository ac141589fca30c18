-- Files kept by content (S8), and what has them.

-- Returns no row where it is there already.
--! file_insert(titi) -> -
INSERT INTO file (sha256, size_bytes, media_type, created_at) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (sha256) DO NOTHING;

--! file_get(t) -> tit
SELECT sha256, size_bytes, media_type FROM file WHERE sha256 = ?1;

--! file_after(ti) -> tit
SELECT sha256, size_bytes, media_type FROM file WHERE sha256 > ?1 ORDER BY sha256 LIMIT ?2;

--@ attachment_columns iittit
a.id, a.position, a.name, f.sha256, f.size_bytes, f.media_type

--! attachment_insert(tiitti) -> i
INSERT INTO attachment (target_kind, target_id, position, sha256, name, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING id;

--! attachment_last(ti) -> i
SELECT COALESCE(max(position), 0) AS position FROM attachment WHERE target_kind = ?1 AND target_id = ?2;

--! attachment_of(ti) -> @attachment_columns@
SELECT @attachment_columns@ FROM attachment a JOIN file f ON f.sha256 = a.sha256
WHERE a.target_kind = ?1 AND a.target_id = ?2 ORDER BY a.position;

--! attachment_at(tii) -> @attachment_columns@
SELECT @attachment_columns@ FROM attachment a JOIN file f ON f.sha256 = a.sha256
WHERE a.target_kind = ?1 AND a.target_id = ?2 AND a.position = ?3;
