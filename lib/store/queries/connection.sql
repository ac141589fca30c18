-- Connections (N12).

--! connection_active(ii) -> i
SELECT id FROM connection WHERE low_id = ?1 AND high_id = ?2 AND status = 'active';

--! connection_insert(iiiiii) -> i
INSERT INTO connection (from_id, to_id, low_id, high_id, invite_id, status, since_at)
VALUES (?1, ?2, ?3, ?4, ?5, 'active', ?6) RETURNING id;
