-- A message that was accepted is first noted in its row alone, and becomes one that is
-- sent together with others (O2): so a busy run writes a page a message, not five. Until
-- then its state is "sending"; sent_at tells of it, and this is its name at WhatsApp.
ALTER TABLE outbox ADD COLUMN accepted_as TEXT;
