-- Files that clients sent over WhatsApp (W8).

--! wa_media_next(i) -> iitttti
SELECT id, message_id, media_id, media_type, sha256, file_name, attempts FROM wa_media
WHERE state = 'missing' AND next_attempt_at <= ?1 ORDER BY next_attempt_at, id LIMIT 1;

-- ?2 state, ?3 error, ?4 when again
--! wa_media_settle(itti) -> -
UPDATE wa_media SET state = ?2, last_error = ?3, next_attempt_at = ?4, attempts = attempts + 1
WHERE id = ?1 AND state = 'missing';

--! wa_media_still(i) -> i
SELECT message_id FROM wa_media WHERE id = ?1 AND state = 'missing';

--! wa_media_message_at(i) -> i
SELECT at FROM message WHERE id = ?1;

--@ wa_media_columns itittttiit
f.id, @ticket_number@ AS ticket_number, f.message_id, f.file_name, f.media_type, f.media_id, f.state,
f.attempts, f.next_attempt_at, f.last_error

--@ wa_media_tables
wa_media f JOIN message m ON m.id = f.message_id JOIN ticket t ON t.id = m.ticket_id

--@ wa_media_key
CASE ?3 WHEN 'id' THEN '' ELSE COALESCE(CAST(@base@ + f.next_attempt_at AS TEXT), '') END

-- ?5 state
--! wa_media_list(iittt) -> @wa_media_columns@ scan
SELECT @wa_media_columns@ FROM @wa_media_tables@
WHERE f.id > ?1 AND (?5 = 'any' OR f.state = ?5) ORDER BY f.id LIMIT ?2;

--! wa_media_list_up(iittt) -> @wa_media_columns@t scan sort
SELECT @wa_media_columns@, @wa_media_key@ AS _key FROM @wa_media_tables@
WHERE (@wa_media_key@, f.id) > (?4, ?1) AND (?5 = 'any' OR f.state = ?5) ORDER BY _key, f.id LIMIT ?2;

--! wa_media_list_down(iittt) -> @wa_media_columns@t scan sort
SELECT @wa_media_columns@, @wa_media_key@ AS _key FROM @wa_media_tables@
WHERE (@wa_media_key@, f.id) < (?4, ?1) AND (?5 = 'any' OR f.state = ?5)
ORDER BY _key DESC, f.id DESC LIMIT ?2;
