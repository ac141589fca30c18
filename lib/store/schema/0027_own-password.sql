-- access_shown, token_shown: the token of the link that was mailed last was shown to
-- whoever had it sent, too, and a password set with it is nobody's own (P3). Of the links
-- and passwords there before it is not known; who registered alone has set one's own.

ALTER TABLE "user" ADD COLUMN access_shown @INT@ NOT NULL DEFAULT 0
	CONSTRAINT user_access_shown CHECK (access_shown IN (0, 1));
UPDATE "user" SET access_shown = 1 WHERE access_expires_at IS NOT NULL;
UPDATE "user" SET own_password = 0
	WHERE NOT (created_via IN ('signup', 'document') AND access_serial = 1);
ALTER TABLE invite ADD COLUMN token_shown @INT@ NOT NULL DEFAULT 0
	CONSTRAINT invite_token_shown CHECK (token_shown IN (0, 1));
UPDATE invite SET token_shown = 1 WHERE status IN ('pending', 'forwarded');

-- audit_erase: the rows that name others as erased (O4a).

CREATE INDEX audit_erase ON audit (id) WHERE action = 'contact.erase';
