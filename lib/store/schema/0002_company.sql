-- Companies (N1). name_norm is the name and the trade name folded for search.

CREATE TABLE company (
	id @ID@,
	country TEXT NOT NULL,
	tax_id TEXT NOT NULL,
	name TEXT,
	trade_name TEXT,
	name_norm TEXT NOT NULL,
	email TEXT,
	phone TEXT,
	relation TEXT NOT NULL CONSTRAINT company_relation
		CHECK (relation = 'client' OR relation = 'supplier' OR relation = 'both' OR relation = 'none'),
	role TEXT NOT NULL CONSTRAINT company_role CHECK (role = 'head_office' OR role = 'branch' OR role = 'unknown'),
	status TEXT NOT NULL CONSTRAINT company_status
		CHECK (status = 'unregistered' OR status = 'registered' OR status = 'disabled'),
	main_company_id @INT@ REFERENCES company (id),
	document_login TEXT NOT NULL CONSTRAINT company_document_login
		CHECK (document_login = 'inherit' OR document_login = 'on' OR document_login = 'off'),
	sections TEXT NOT NULL,
	signup_serial @INT@ NOT NULL,
	created_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL,
	CONSTRAINT company_named CHECK (name IS NOT NULL OR status = 'unregistered')
) @STRICT@;
CREATE UNIQUE INDEX company_tax_id ON company (country, tax_id);
CREATE INDEX company_main ON company (main_company_id) WHERE main_company_id IS NOT NULL;

-- Whose portal it is: one row, which names the office. key_check tells the
-- portal's key from that of another portal, and nothing of it.
CREATE TABLE portal (
	id @INT@ PRIMARY KEY CONSTRAINT portal_one_row CHECK (id = 1),
	portal_id TEXT NOT NULL,
	key_check TEXT NOT NULL,
	office_id @INT@ NOT NULL REFERENCES company (id),
	allow_clock_override @INT@ NOT NULL CONSTRAINT portal_clock CHECK (allow_clock_override IN (0, 1)),
	created_at @INT@ NOT NULL
) @STRICT@;
