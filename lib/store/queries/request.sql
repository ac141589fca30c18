-- Connection requests (N3).

--! request_open(ii) -> i
SELECT id FROM request WHERE from_id = ?1 AND to_id = ?2 AND status = 'open';

--! request_invited(iii) -> -
UPDATE request SET status = 'invited', invite_id = ?2, updated_at = ?3 WHERE id = ?1;
