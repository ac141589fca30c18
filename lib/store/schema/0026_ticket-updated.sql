-- For the list of the tickets that changed last.

CREATE INDEX ticket_updated ON ticket (updated_at);
