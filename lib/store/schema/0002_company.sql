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
	relation TEXT NOT NULL CONSTRAINT company_relation CHECK (relation IN ('client', 'supplier', 'both', 'none')),
	role TEXT NOT NULL CONSTRAINT company_role CHECK (role IN ('head_office', 'branch', 'unknown')),
	status TEXT NOT NULL CONSTRAINT company_status CHECK (status IN ('unregistered', 'registered', 'disabled')),
	main_company_id @INT@ REFERENCES company (id),
	document_login TEXT NOT NULL CONSTRAINT company_document_login CHECK (document_login IN ('inherit', 'on', 'off')),
	sections TEXT NOT NULL,
	signup_serial @INT@ NOT NULL,
	created_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL,
	CONSTRAINT company_named CHECK (name IS NOT NULL OR status = 'unregistered')
) @STRICT@;
CREATE UNIQUE INDEX company_tax_id ON company (country, tax_id);
CREATE INDEX company_main ON company (main_company_id) WHERE main_company_id IS NOT NULL;
