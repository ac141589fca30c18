-- Documents (D1): what the office publishes to a company. kind and competence are ''
-- where none was given, for a document is known by them and its content; a withdrawn
-- one may be published again.

CREATE TABLE document (
	id @ID@,
	company_id @INT@ NOT NULL REFERENCES company (id),
	title TEXT NOT NULL,
	title_norm TEXT NOT NULL,
	kind TEXT NOT NULL,
	competence TEXT NOT NULL CONSTRAINT document_competence CHECK (length(competence) = 0 OR length(competence) = 7),
	due_on TEXT,
	amount_cents @INT@ CONSTRAINT document_amount CHECK (amount_cents >= 0),
	file_name TEXT NOT NULL,
	sha256 TEXT NOT NULL REFERENCES file (sha256),
	status TEXT NOT NULL CONSTRAINT document_status CHECK (status IN ('published', 'withdrawn')),
	link_serial @INT@ NOT NULL,
	published_at @INT@ NOT NULL,
	withdrawn_at @INT@,
	withdrawn_reason TEXT
) @STRICT@;
CREATE UNIQUE INDEX document_content ON document (company_id, sha256, kind, competence) WHERE status = 'published';
CREATE INDEX document_company ON document (company_id, id);
CREATE INDEX document_file ON document (sha256);

-- Who made an account by the link of a document (D3) may log in to that one.
CREATE TABLE document_reader (
	user_id @INT@ NOT NULL REFERENCES "user" (id),
	document_id @INT@ NOT NULL REFERENCES document (id),
	PRIMARY KEY (user_id, document_id)
) @STRICT@;

-- The access log (D4). position: 0 the document itself, else its attachment.
CREATE TABLE document_access (
	id @ID@,
	document_id @INT@ NOT NULL REFERENCES document (id),
	position @INT@ NOT NULL,
	at @INT@ NOT NULL,
	via TEXT NOT NULL CONSTRAINT document_access_via
		CHECK (via = 'email' OR via = 'whatsapp' OR via = 'area' OR via = 'cli'),
	ip TEXT,
	port @INT@,
	user_agent TEXT,
	sha256 TEXT NOT NULL,
	file_name TEXT NOT NULL,
	user_id @INT@ REFERENCES "user" (id),
	result TEXT NOT NULL
) @STRICT@;
CREATE INDEX document_access_document ON document_access (document_id, id);
CREATE INDEX document_access_opened ON document_access (document_id, at) WHERE result = 'opened';
CREATE INDEX document_access_user ON document_access (user_id, id);

CREATE TRIGGER document_access_is_kept BEFORE DELETE ON document_access
BEGIN SELECT RAISE(ABORT, 'the access log is only added to'); END;
CREATE TRIGGER document_access_is_final BEFORE UPDATE ON document_access
BEGIN SELECT RAISE(ABORT, 'the access log is only added to'); END;
