-- Notifications (N11).

--! notification_insert(ittiti) -> -
INSERT INTO notification (company_id, kind, target_kind, target_id, text, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- Have the admins of ?1 heard of this before?
--! notification_told(itti) -> i
SELECT id FROM notification
WHERE company_id = ?1 AND kind = ?2 AND target_kind = ?3 AND target_id = ?4 LIMIT 1;

--@ notification_columns itttitii
n.id, c.tax_id AS company_tax_id, n.kind, n.target_kind, n.target_id, n.text, n.read_at, n.created_at

--@ notification_tables
notification n JOIN company c ON c.id = n.company_id

--! notification_by_id(i) -> @notification_columns@i
SELECT @notification_columns@, n.company_id FROM @notification_tables@ WHERE n.id = ?1;

--! notification_set_read(ii) -> -
UPDATE notification SET read_at = ?2 WHERE id = ?1 AND read_at IS NULL;

--! notification_count_unread() -> i scan
SELECT count(*) AS id FROM notification WHERE read_at IS NULL;

--! notification_count_unread_of(i) -> i
SELECT count(*) AS id FROM notification WHERE company_id = ?1 AND read_at IS NULL;

-- ?5 company, ?6 kind, ?7 only unread ones
--@ notification_filters
(?5 = 0 OR n.company_id = ?5) AND (?6 = '' OR n.kind = ?6) AND (?7 = 0 OR n.read_at IS NULL)

--! notification_list(iittiti) -> @notification_columns@ scan
SELECT @notification_columns@ FROM @notification_tables@
WHERE n.id > ?1 AND @notification_filters@ ORDER BY n.id LIMIT ?2;

--! notification_list_of(iittiti) -> @notification_columns@
SELECT @notification_columns@ FROM @notification_tables@
WHERE n.company_id = ?5 AND n.id > ?1 AND @notification_filters@ ORDER BY n.id LIMIT ?2;

--@ notification_key
CASE ?3 WHEN 'id' THEN '' ELSE CAST(@base@ + n.created_at AS TEXT) END

--! notification_list_up(iittiti) -> @notification_columns@t scan sort
SELECT @notification_columns@, @notification_key@ AS _key FROM @notification_tables@
WHERE (@notification_key@, n.id) > (?4, ?1) AND @notification_filters@
ORDER BY _key, n.id LIMIT ?2;

--! notification_list_down(iittiti) -> @notification_columns@t scan sort
SELECT @notification_columns@, @notification_key@ AS _key FROM @notification_tables@
WHERE (@notification_key@, n.id) < (?4, ?1) AND @notification_filters@
ORDER BY _key DESC, n.id DESC LIMIT ?2;
