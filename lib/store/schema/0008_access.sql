-- Access (U2, U4, U6, U7): people and users stay in the tables when they are
-- removed, for what names them; access_expires_at ends the link to set a password.

ALTER TABLE company ADD COLUMN signup TEXT NOT NULL DEFAULT 'on'
	CONSTRAINT company_signup CHECK (signup IN ('on', 'off'));

ALTER TABLE contact ADD COLUMN wa_ids TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN wa_user_ids TEXT NOT NULL DEFAULT '';
ALTER TABLE contact ADD COLUMN removed_at @INT@;
DROP INDEX contact_company;
CREATE INDEX contact_company ON contact (company_id, id);
CREATE UNIQUE INDEX contact_email ON contact (company_id, email) WHERE removed_at IS NULL;
CREATE INDEX contact_address ON contact (email);

ALTER TABLE "user" ADD COLUMN is_first @INT@ NOT NULL DEFAULT 0
	CONSTRAINT user_is_first CHECK (is_first IN (0, 1));
ALTER TABLE "user" ADD COLUMN access_expires_at @INT@;
ALTER TABLE "user" ADD COLUMN removed_at @INT@;
UPDATE "user" SET is_first = 1 WHERE id IN (SELECT min(id) FROM "user" GROUP BY company_id);
CREATE UNIQUE INDEX user_first ON "user" (company_id) WHERE is_first = 1;
DROP INDEX user_login;
CREATE UNIQUE INDEX user_login ON "user" (company_id, email) WHERE removed_at IS NULL;
CREATE INDEX user_company ON "user" (company_id, id);

-- What no column can say by itself: the first user of a company is its admin, and
-- active; a company keeps an active admin; no user's row goes away.
CREATE TRIGGER user_first_is_admin BEFORE INSERT ON "user"
WHEN NEW.is_first <> (NOT EXISTS (SELECT 1 FROM "user" WHERE company_id = NEW.company_id))
	OR (NEW.is_first = 1 AND (NEW.role <> 'admin' OR NEW.status <> 'active'))
BEGIN SELECT RAISE(ABORT, 'the first user of a company is its admin'); END;

CREATE TRIGGER user_last_admin BEFORE UPDATE OF company_id, role, status, removed_at ON "user"
WHEN OLD.role = 'admin' AND OLD.status = 'active' AND OLD.removed_at IS NULL
	AND (NEW.role <> 'admin' OR NEW.status <> 'active' OR NEW.removed_at IS NOT NULL
		OR NEW.company_id <> OLD.company_id)
	AND NOT EXISTS (SELECT 1 FROM "user" WHERE company_id = OLD.company_id AND id <> OLD.id
		AND role = 'admin' AND status = 'active' AND removed_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'a company keeps an active admin'); END;

CREATE TRIGGER user_is_kept BEFORE DELETE ON "user"
BEGIN SELECT RAISE(ABORT, 'users are not deleted'); END;
