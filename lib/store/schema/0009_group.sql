-- Groups (U10): a main company and the companies that share its client area. Who
-- belongs to one has the main company in main_company_id, the main company too.

CREATE TABLE company_group (
	id @ID@,
	main_id @INT@ NOT NULL UNIQUE REFERENCES company (id),
	name TEXT NOT NULL,
	name_norm TEXT NOT NULL,
	created_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL
) @STRICT@;
