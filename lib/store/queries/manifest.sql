-- What manifests made (O1).

--! manifest_object_put(tit) -> -
INSERT INTO manifest_object (kind, object_id, set_name) VALUES (?1, ?2, ?3);

--! manifest_object_of_set(t) -> it
SELECT object_id AS id, kind FROM manifest_object WHERE set_name = ?1 ORDER BY kind, object_id;
