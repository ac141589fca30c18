-- Sales (P2) and the evidence of their signatures (P3). Numbers that the portal gives
-- are counted within a year; a number of somebody's own has no year.

CREATE TABLE sale (
	id @ID@,
	number TEXT NOT NULL,
	year @INT@,
	serial @INT@,
	company_id @INT@ NOT NULL REFERENCES company (id),
	total_cents @INT@ NOT NULL CONSTRAINT sale_total CHECK (total_cents BETWEEN 0 AND 9007199254740991),
	search_norm TEXT NOT NULL,
	status TEXT NOT NULL CONSTRAINT sale_status
		CHECK (status = 'draft' OR status = 'sent' OR status = 'signed' OR status = 'refused'
			OR status = 'cancelled' OR status = 'expired'),
	valid_until TEXT,
	expires_at @INT@,
	reason TEXT,
	sent_at @INT@,
	signed_at @INT@,
	signed_by TEXT,
	created_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL,
	ended_at @INT@,
	ended_by TEXT,
	CONSTRAINT sale_number_of_a_year CHECK ((year IS NULL) = (serial IS NULL)),
	CONSTRAINT sale_term CHECK ((valid_until IS NULL) = (expires_at IS NULL)),
	CONSTRAINT sale_is_sent_first CHECK (sent_at IS NOT NULL OR status IN ('draft', 'cancelled')),
	CONSTRAINT sale_signature_is_known CHECK ((status = 'signed') = (signed_at IS NOT NULL)),
	CONSTRAINT sale_end_is_known CHECK ((status IN ('draft', 'sent')) = (ended_at IS NULL))
) @STRICT@;
CREATE UNIQUE INDEX sale_number ON sale (number);
CREATE UNIQUE INDEX sale_serial ON sale (year, serial) WHERE year IS NOT NULL;
CREATE INDEX sale_company ON sale (company_id, id);
CREATE INDEX sale_due ON sale (expires_at) WHERE status = 'sent';

CREATE TABLE sale_item (
	sale_id @INT@ NOT NULL REFERENCES sale (id),
	place @INT@ NOT NULL,
	description TEXT NOT NULL,
	quantity_micro @INT@ NOT NULL CONSTRAINT sale_item_quantity CHECK (quantity_micro > 0),
	unit_price_cents @INT@ NOT NULL CONSTRAINT sale_item_price CHECK (unit_price_cents >= 0),
	total_cents @INT@ NOT NULL CONSTRAINT sale_item_total CHECK (total_cents >= 0),
	PRIMARY KEY (sale_id, place)
) @STRICT@;

-- The records of all signatures are one chain: each holds the hash of the one before,
-- whose id is one less. What was signed is kept byte by byte.
CREATE TABLE sale_signature (
	id @INT@ PRIMARY KEY,
	sale_id @INT@ NOT NULL UNIQUE REFERENCES sale (id),
	content TEXT NOT NULL,
	record TEXT NOT NULL,
	seal TEXT NOT NULL,
	public_key TEXT NOT NULL,
	created_at @INT@ NOT NULL
) @STRICT@;

-- What was sent says the same for ever; what was signed stays all as it is.
CREATE TRIGGER sale_is_kept BEFORE DELETE ON sale
BEGIN SELECT RAISE(ABORT, 'sales are not deleted'); END;

CREATE TRIGGER sale_signed_is_final BEFORE UPDATE ON sale WHEN OLD.status = 'signed'
BEGIN SELECT RAISE(ABORT, 'a signed sale is not changed'); END;

CREATE TRIGGER sale_sent_says_the_same
BEFORE UPDATE OF number, company_id, total_cents, valid_until, expires_at, sent_at ON sale
WHEN OLD.status <> 'draft'
BEGIN SELECT RAISE(ABORT, 'a sale that was sent says the same for ever'); END;

CREATE TRIGGER sale_signed_has_evidence BEFORE UPDATE OF status ON sale
WHEN NEW.status = 'signed' AND NOT EXISTS (SELECT 1 FROM sale_signature WHERE sale_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a signed sale has evidence'); END;

CREATE TRIGGER sale_item_added BEFORE INSERT ON sale_item
WHEN (SELECT status FROM sale WHERE id = NEW.sale_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the items of a sale that was sent are not changed'); END;

CREATE TRIGGER sale_item_changed BEFORE UPDATE ON sale_item
BEGIN SELECT RAISE(ABORT, 'the items of a sale are not changed'); END;

CREATE TRIGGER sale_item_removed BEFORE DELETE ON sale_item
WHEN (SELECT status FROM sale WHERE id = OLD.sale_id) <> 'draft'
BEGIN SELECT RAISE(ABORT, 'the items of a sale that was sent are not changed'); END;

CREATE TRIGGER sale_signature_needs_sent BEFORE INSERT ON sale_signature
WHEN (SELECT status FROM sale WHERE id = NEW.sale_id) <> 'sent'
BEGIN SELECT RAISE(ABORT, 'only a sale that was sent is signed'); END;

CREATE TRIGGER sale_signature_changed BEFORE UPDATE ON sale_signature
BEGIN SELECT RAISE(ABORT, 'evidence is not changed'); END;

CREATE TRIGGER sale_signature_removed BEFORE DELETE ON sale_signature
BEGIN SELECT RAISE(ABORT, 'evidence is not deleted'); END;
