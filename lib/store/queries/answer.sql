-- Canned answers of the office.

--! answer_named(ti) -> itti
SELECT id, name, body, created_at FROM answer WHERE id = ?2 OR (?2 = 0 AND name_norm = ?1);

--! answer_insert(ttti) -> i
INSERT INTO answer (name, name_norm, body, created_at) VALUES (?1, ?2, ?3, ?4) RETURNING id;

--! answer_delete(i) -> -
DELETE FROM answer WHERE id = ?1;

-- ?5 pattern
--@ answer_filters
(?5 = '' OR name_norm LIKE ?5 ESCAPE '!')

--@ answer_key
CASE ?3 WHEN 'id' THEN '' ELSE name_norm END

--! answer_list(iittt) -> itti scan
SELECT id, name, body, created_at FROM answer WHERE id > ?1 AND @answer_filters@ ORDER BY id LIMIT ?2;

--! answer_list_up(iittt) -> ittit scan sort
SELECT id, name, body, created_at, @answer_key@ AS _key FROM answer
WHERE (@answer_key@, id) > (?4, ?1) AND @answer_filters@ ORDER BY _key, id LIMIT ?2;

--! answer_list_down(iittt) -> ittit scan sort
SELECT id, name, body, created_at, @answer_key@ AS _key FROM answer
WHERE (@answer_key@, id) < (?4, ?1) AND @answer_filters@ ORDER BY _key DESC, id DESC LIMIT ?2;

-- Of the newest 1000 ids between ?1 and ?2; no answer waits for anything (?3).
--! complete_answer(iii) -> itt scan
SELECT id, name AS value, '' AS text
FROM (SELECT id, name FROM answer WHERE id >= ?1 AND id <= ?2 ORDER BY id DESC LIMIT 1000) a
WHERE ?3 >= 0 LIMIT 50;
