-- Sales (P2) and the evidence of their signatures (P3).

--@ sale_columns itttitiitttiiit
s.id, s.number, c.tax_id AS company_tax_id, c.name AS company_name, s.total_cents, s.status, s.sent_at,
s.signed_at, s.signed_by, s.valid_until, s.reason, s.created_at, s.updated_at, s.ended_at, s.ended_by

--@ sale_row @sale_columns@iit
@sale_columns@, s.company_id, s.expires_at, c.country

--@ sale_tables
sale s JOIN company c ON c.id = s.company_id

--! sale_next_serial(i) -> i
SELECT COALESCE(max(serial), 0) + 1 AS id FROM sale WHERE year = ?1;

--! sale_insert(tiiiittii) -> i
INSERT INTO sale (number, year, serial, company_id, total_cents, search_norm, status, valid_until, expires_at,
	created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'draft', ?7, ?8, ?9, ?9) RETURNING id;

--! sale_update(iitii) -> -
UPDATE sale SET total_cents = ?2, valid_until = ?3, expires_at = ?4, updated_at = ?5 WHERE id = ?1;

--! sale_set_search(it) -> -
UPDATE sale SET search_norm = ?2 WHERE id = ?1;

--! sale_send(itii) -> -
UPDATE sale SET status = 'sent', valid_until = ?2, expires_at = ?3, sent_at = ?4, updated_at = ?4
WHERE id = ?1 AND status = 'draft';

-- Of being sent, to one address.
--! sale_count_mails(it) -> i
SELECT count(*) AS id FROM outbox
WHERE cause_kind = 'sale' AND cause_id = ?1 AND template = 'sale_sent' AND recipient = ?2;

--! sale_end(itittt) -> -
UPDATE sale SET status = ?2, ended_at = ?3, updated_at = ?3, signed_at = CASE WHEN ?2 = 'signed' THEN ?3 END,
	signed_by = CASE WHEN ?2 = 'signed' THEN ?4 END, ended_by = ?5, reason = ?6
WHERE id = ?1;

--! sale_add_item(iitiii) -> -
INSERT INTO sale_item (sale_id, place, description, quantity_micro, unit_price_cents, total_cents)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);

--! sale_drop_items(i) -> -
DELETE FROM sale_item WHERE sale_id = ?1;

--! sale_items(i) -> tiii
SELECT description, quantity_micro, unit_price_cents, total_cents FROM sale_item WHERE sale_id = ?1 ORDER BY place;

--! sale_by_number(t) -> @sale_row@
SELECT @sale_row@ FROM @sale_tables@ WHERE s.number = ?1;

--! sale_by_id(i) -> @sale_row@
SELECT @sale_row@ FROM @sale_tables@ WHERE s.id = ?1;

--! sale_count_due(i) -> i
SELECT count(*) AS id FROM sale WHERE status = 'sent' AND expires_at <= ?1;

--! sale_due_ids(iii) -> i sort
SELECT id FROM sale WHERE status = 'sent' AND expires_at <= ?1 AND +id > ?2 ORDER BY +id LIMIT ?3;

-- ?5 company, ?6 status, ?7 since, ?8 until, ?9 pattern, ?10 viewer, ?11 main company of the group
-- whose sales the viewer sees too. What was never sent is the office's alone.
--@ sale_filters
(?5 = 0 OR s.company_id = ?5) AND (?6 = 'any' OR s.status = ?6) AND (?7 = 0 OR s.created_at >= ?7)
AND (?8 = 0 OR s.created_at < ?8) AND (?9 = '' OR s.search_norm LIKE ?9 ESCAPE '!' OR c.name_norm LIKE ?9 ESCAPE '!')
AND (?10 = 0 OR ((s.company_id = ?10 OR c.main_company_id = ?11) AND s.sent_at IS NOT NULL))

--@ sale_key
CASE ?3 WHEN 'id' THEN '' WHEN 'number' THEN s.number WHEN 'total_cents' THEN CAST(@base@ + s.total_cents AS TEXT)
	ELSE CAST(@base@ + s.created_at AS TEXT) END

--! sale_list(iittitiitii) -> @sale_columns@ scan
SELECT @sale_columns@ FROM @sale_tables@ WHERE s.id > ?1 AND @sale_filters@ ORDER BY s.id LIMIT ?2;

--! sale_list_of(iittitiitii) -> @sale_columns@
SELECT @sale_columns@ FROM @sale_tables@
WHERE s.id IN (SELECT id FROM sale WHERE company_id = ?5 AND id > ?1)
	AND @sale_filters@ ORDER BY s.id LIMIT ?2;

--! sale_list_group(iittitiitii) -> @sale_columns@
SELECT @sale_columns@ FROM @sale_tables@
WHERE s.id IN (SELECT o.id FROM company m JOIN sale o ON o.company_id = m.id
		WHERE m.main_company_id = ?11 AND o.id > ?1)
	AND @sale_filters@ ORDER BY s.id LIMIT ?2;

--! sale_list_up(iittitiitii) -> @sale_columns@t scan sort
SELECT @sale_columns@, @sale_key@ AS _key FROM @sale_tables@
WHERE (@sale_key@, s.id) > (?4, ?1) AND @sale_filters@ ORDER BY _key, s.id LIMIT ?2;

--! sale_list_down(iittitiitii) -> @sale_columns@t scan sort
SELECT @sale_columns@, @sale_key@ AS _key FROM @sale_tables@
WHERE (@sale_key@, s.id) < (?4, ?1) AND @sale_filters@ ORDER BY _key DESC, s.id DESC LIMIT ?2;

-- Of the newest 1000 ids between ?1 and ?2; ?3: only those still open.
--! complete_sale(iii) -> itt scan
SELECT s.id, s.status AS value, s.number || ' ' || c.tax_id AS text
FROM (SELECT id, status, number, company_id FROM sale WHERE id >= ?1 AND id <= ?2
	ORDER BY id DESC LIMIT 1000) s JOIN company c ON c.id = s.company_id
WHERE ?3 = 0 OR s.status IN ('draft', 'sent') LIMIT 50;

--@ signature_columns itttt
g.id, g.content, g.record, g.seal, g.public_key

--! sale_signature_insert(iitttti) -> -
INSERT INTO sale_signature (id, sale_id, content, record, seal, public_key, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

--! sale_signature_last() -> @signature_columns@
SELECT @signature_columns@ FROM sale_signature g WHERE g.id = (SELECT max(id) FROM sale_signature);

--! sale_signature_of(i) -> @signature_columns@
SELECT @signature_columns@ FROM sale_signature g WHERE g.sale_id = ?1;

-- Of the newest signature that the audit log knows of: is there evidence of that sale?
--! sale_signature_audited() -> it sort
SELECT CASE WHEN EXISTS (SELECT 1 FROM sale_signature g WHERE g.sale_id = a.target_id) THEN 1 ELSE 0 END AS has_evidence,
	a.changes
FROM audit a WHERE a.target_kind = 'sale' AND a.action = 'sale.sign' ORDER BY a.id DESC LIMIT 1;

--! sale_signature_chain() -> @signature_columns@ scan
SELECT @signature_columns@ FROM sale_signature g ORDER BY g.id;
