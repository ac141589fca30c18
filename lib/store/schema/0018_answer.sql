-- What the office keeps for its service desk: canned answers, saved filters, and the
-- rules by which a ticket gets its category (S4), assignee and due time (S14). Names
-- are told apart without case and accents.

CREATE TABLE answer (
	id @ID@,
	name TEXT NOT NULL,
	name_norm TEXT NOT NULL,
	body TEXT NOT NULL,
	created_at @INT@ NOT NULL
) @STRICT@;
CREATE UNIQUE INDEX answer_name ON answer (name_norm);

-- words_norm and menu_norm are folded; words are one a line.
CREATE TABLE category (
	id @ID@,
	name TEXT NOT NULL,
	name_norm TEXT NOT NULL,
	department TEXT,
	words TEXT NOT NULL,
	words_norm TEXT NOT NULL,
	menu TEXT,
	menu_norm TEXT,
	assignee_id @INT@ REFERENCES "user" (id),
	sla_minutes @INT@ NOT NULL CONSTRAINT category_sla CHECK (sla_minutes >= 0),
	created_at @INT@ NOT NULL,
	updated_at @INT@ NOT NULL
) @STRICT@;
CREATE UNIQUE INDEX category_name ON category (name_norm);
CREATE UNIQUE INDEX category_menu ON category (menu_norm);

-- The options of a list of tickets under a name. owner_id is whose it is; none: the
-- operator's. A shared one is everybody's of the office; its name is unique among
-- those, a private one's among the owner's.
CREATE TABLE filter (
	id @ID@,
	name TEXT NOT NULL,
	name_norm TEXT NOT NULL,
	owner_id @INT@ REFERENCES "user" (id),
	shared @INT@ NOT NULL CONSTRAINT filter_shared CHECK (shared IN (0, 1)),
	status TEXT,
	assignee TEXT,
	company TEXT,
	contact TEXT,
	category TEXT,
	department TEXT,
	tag TEXT,
	origin TEXT,
	search TEXT,
	since_at @INT@,
	until_at @INT@,
	sort TEXT,
	created_at @INT@ NOT NULL
) @STRICT@;
CREATE UNIQUE INDEX filter_shared_name ON filter (name_norm) WHERE shared = 1;
CREATE UNIQUE INDEX filter_own_name ON filter (COALESCE(owner_id, 0), name_norm) WHERE shared = 0;
CREATE INDEX filter_name ON filter (name_norm);
CREATE INDEX filter_owner ON filter (owner_id);
CREATE INDEX category_assignee ON category (assignee_id);
