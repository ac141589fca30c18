-- Invites (N4 to N11).

--@ invite_head -
i.id, i.status, i.reason, i.reason_text, i.last_sent_at, o.state AS delivery_state,
f.country AS from_country, f.tax_id AS from_tax_id, f.name AS from_name,
t.country AS to_country, t.tax_id AS to_tax_id

--@ invite_tail -
i.email, i.contact_name, i.request_id, i.created_at, i.updated_at, i.expires_at, i.ended_at, i.ended_by

--@ invite_columns itttitttttttttiiiiit
@invite_head@, t.name AS to_name, @invite_tail@

-- Whether the viewer (?9) may know the name of the invited company: see invite_seen().
--@ invite_named -
(?9 = 0 OR t.id = ?9 OR t.status = 'registered' OR i.status = 'accepted')

--@ invite_seen @invite_columns@
@invite_head@, CASE WHEN @invite_named@ THEN t.name END AS to_name, @invite_tail@

--@ invite_row @invite_columns@iiittttii
@invite_columns@, i.from_id, i.to_id, i.token_serial, i.message, f.email AS from_email,
f.status AS from_status, t.status AS to_status, i.token_shown,
i.status = 'forwarded' AS asked_access

--@ invite_tables
invite i JOIN company f ON f.id = i.from_id JOIN company t ON t.id = i.to_id
LEFT JOIN outbox o ON o.id = i.outbox_id

--! invite_insert(iittttiii) -> i
INSERT INTO invite (from_id, to_id, email, contact_name, message, status, request_id, token_serial,
	last_sent_at, created_at, updated_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, ?8, ?8, ?8, ?9) RETURNING id;

--! invite_set_mail(iii) -> -
UPDATE invite SET outbox_id = ?2, last_sent_at = ?3 WHERE id = ?1;

--! invite_show_token(i) -> -
UPDATE invite SET token_shown = 1 WHERE id = ?1;

--! invite_resent(iii) -> -
UPDATE invite SET outbox_id = ?2, last_sent_at = ?3, updated_at = ?3 WHERE id = ?1;

--! invite_by_id(i) -> @invite_row@
SELECT @invite_row@ FROM @invite_tables@ WHERE i.id = ?1;

--! invite_live(iit) -> i
SELECT id FROM invite WHERE from_id = ?1 AND to_id = ?2 AND email = ?3
	AND status IN ('pending', 'forwarded');

--! invite_end(itttit) -> -
UPDATE invite SET status = ?2, reason = ?3, reason_text = ?4, ended_at = ?5, updated_at = ?5,
	ended_by = ?6
WHERE id = ?1 AND status IN ('pending', 'forwarded');

--! invite_count_pending() -> i scan
SELECT count(*) AS id FROM invite WHERE status IN ('pending', 'forwarded') AND status = 'pending';

--! invite_count_due(i) -> i
SELECT count(*) AS id FROM invite WHERE status IN ('pending', 'forwarded') AND expires_at <= ?1;

--! invite_due_bounds(i) -> ii
SELECT min(id) AS low, max(id) AS high FROM invite
WHERE status IN ('pending', 'forwarded') AND expires_at <= ?1;

--! invite_due_ids(iii) -> i
SELECT id AS low FROM invite
WHERE status IN ('pending', 'forwarded') AND expires_at <= ?1 AND id >= ?2 AND id < ?3;

--! invite_due_rows(iiii) -> @invite_row@
SELECT @invite_row@ FROM @invite_tables@
WHERE i.id >= ?2 AND i.id <= ?3 AND i.status IN ('pending', 'forwarded') AND +i.expires_at <= ?1
ORDER BY i.id LIMIT ?4;

-- ?5 status, ?6 from, ?7 to, ?8 pattern, ?9 viewer, ?10 pattern without punctuation
--@ invite_filters
(?5 = 'any' OR i.status = ?5 OR (?5 = 'live' AND i.status IN ('pending', 'forwarded'))) AND (?6 = 0 OR i.from_id = ?6) AND (?7 = 0 OR i.to_id = ?7)
AND (?8 = '' OR i.email LIKE ?8 ESCAPE '!' OR f.name_norm LIKE ?8 ESCAPE '!'
	OR (@invite_named@ AND t.name_norm LIKE ?8 ESCAPE '!') OR f.tax_id LIKE upper(?8) ESCAPE '!'
	OR t.tax_id LIKE upper(?8) ESCAPE '!' OR f.tax_id LIKE ?10 ESCAPE '!'
	OR t.tax_id LIKE ?10 ESCAPE '!')
AND (?9 = 0 OR i.from_id = ?9 OR i.to_id = ?9)

--@ invite_key
CASE ?3 WHEN 'id' THEN '' WHEN 'created_at' THEN CAST(@base@ + i.created_at AS TEXT)
	WHEN 'updated_at' THEN CAST(@base@ + i.updated_at AS TEXT)
	WHEN 'expires_at' THEN CAST(@base@ + i.expires_at AS TEXT) ELSE i.email END

--! invite_list(iitttiitit) -> @invite_seen@ scan
SELECT @invite_seen@ FROM @invite_tables@
WHERE i.id > ?1 AND @invite_filters@ ORDER BY i.id LIMIT ?2;

--! invite_list_from(iitttiitit) -> @invite_seen@
SELECT @invite_seen@ FROM @invite_tables@
WHERE i.from_id = ?6 AND i.id > ?1 AND @invite_filters@ ORDER BY i.id LIMIT ?2;

--! invite_list_of(iitttiitit) -> @invite_seen@
SELECT @invite_seen@ FROM @invite_tables@
WHERE i.id IN (SELECT id FROM invite WHERE from_id = ?9 AND id > ?1
	UNION ALL SELECT id FROM invite WHERE to_id = ?9 AND id > ?1)
	AND @invite_filters@ ORDER BY i.id LIMIT ?2;

--! invite_between(ii) -> i
SELECT id FROM invite WHERE from_id = ?1 AND to_id = ?2
UNION ALL SELECT id FROM invite WHERE from_id = ?2 AND to_id = ?1 LIMIT 1;

--! invite_list_to(iitttiitit) -> @invite_seen@
SELECT @invite_seen@ FROM @invite_tables@
WHERE i.to_id = ?7 AND i.id > ?1 AND @invite_filters@ ORDER BY i.id LIMIT ?2;

--! invite_list_up(iitttiitit) -> @invite_seen@t scan sort
SELECT @invite_seen@, @invite_key@ AS _key FROM @invite_tables@
WHERE (@invite_key@, i.id) > (?4, ?1) AND @invite_filters@ ORDER BY _key, i.id LIMIT ?2;

--! invite_list_down(iitttiitit) -> @invite_seen@t scan sort
SELECT @invite_seen@, @invite_key@ AS _key FROM @invite_tables@
WHERE (@invite_key@, i.id) < (?4, ?1) AND @invite_filters@ ORDER BY _key DESC, i.id DESC LIMIT ?2;
