-- own_password: the user chose the password, and nobody else did; only so may it sign
-- (P3). Of those there before it is known where nothing was set since they registered.

ALTER TABLE "user" ADD COLUMN own_password @INT@ NOT NULL DEFAULT 0
	CONSTRAINT user_own_password CHECK (own_password IN (0, 1));
UPDATE "user" SET own_password = 1
WHERE created_via IN ('signup', 'document') AND access_serial = 1 AND password IS NOT NULL;

-- logged_in: whoever opened it did so in a session, or logged in by the link (D4); of
-- those before it is not known.
ALTER TABLE document_access ADD COLUMN logged_in @INT@ NOT NULL DEFAULT 0
	CONSTRAINT document_access_logged_in CHECK (logged_in IN (0, 1));

-- by_client: it was the client's side that opened, not the office; what is counted are
-- its openings of the document itself. Those before count as its own.
ALTER TABLE document_access ADD COLUMN by_client @INT@ NOT NULL DEFAULT 1
	CONSTRAINT document_access_by_client CHECK (by_client IN (0, 1));
DROP INDEX document_access_opened;
CREATE INDEX document_access_opened ON document_access (document_id, at)
	WHERE result = 'opened' AND position = 0 AND by_client = 1;
