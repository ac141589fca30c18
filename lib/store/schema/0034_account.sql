-- The 24 hours are those of one WhatsApp account (W3), which web hooks call by its number,
-- by the id of its user, or both. user_id: of whose account the number was when they told
-- both last; client_at is the same for all names of an account.
ALTER TABLE contact_identity ADD COLUMN user_id TEXT;
CREATE INDEX contact_identity_user ON contact_identity (user_id)
	WHERE user_id IS NOT NULL;
