-- Contacts and users (U1): a contact is a person of a company, a user that
-- person's access to the portal. name_norm is the name folded for search.

CREATE TABLE contact (
	id @ID@,
	company_id @INT@ REFERENCES company (id),
	name TEXT NOT NULL,
	name_norm TEXT NOT NULL,
	email TEXT,
	phones TEXT NOT NULL,
	created_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL
) @STRICT@;
CREATE INDEX contact_company ON contact (company_id, email);

CREATE TABLE "user" (
	id @ID@,
	company_id @INT@ NOT NULL REFERENCES company (id),
	contact_id @INT@ NOT NULL REFERENCES contact (id),
	email TEXT NOT NULL,
	role TEXT NOT NULL CONSTRAINT user_role CHECK (role IN ('admin', 'collaborator')),
	status TEXT NOT NULL CONSTRAINT user_status
		CHECK (status = 'inactive' OR status = 'active' OR status = 'blocked'),
	password TEXT,
	must_change_password @INT@ NOT NULL CONSTRAINT user_must_change CHECK (must_change_password IN (0, 1)),
	area_access @INT@ NOT NULL CONSTRAINT user_area_access CHECK (area_access IN (0, 1)),
	created_via TEXT NOT NULL,
	access_serial @INT@ NOT NULL,
	last_login_at @INT@,
	created_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL
) @STRICT@;
CREATE UNIQUE INDEX user_login ON "user" (company_id, email);
CREATE INDEX user_email ON "user" (email);
CREATE INDEX user_contact ON "user" (contact_id);
