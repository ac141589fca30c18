-- The clock of tickets (S14), what clients thought of them, and what became of those
-- that were merged. paused_at: pending since then; paused_ms: business hours spent so
-- before.

ALTER TABLE ticket ADD COLUMN paused_at @INT@;
ALTER TABLE ticket ADD COLUMN paused_ms @INT@ NOT NULL DEFAULT 0;
ALTER TABLE ticket ADD COLUMN rating_comment TEXT;
CREATE INDEX ticket_merged ON ticket (merged_into_id) WHERE merged_into_id IS NOT NULL;
