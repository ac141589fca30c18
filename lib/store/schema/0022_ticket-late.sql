-- late: a ticket with a lower id was opened after this one, because a clock was set back.
-- All others were opened in the order of their ids, so a list that begins or ends with a
-- day is found among them by ticket_opened, and the few that are late have an index.

ALTER TABLE ticket ADD COLUMN late @INT@ NOT NULL DEFAULT 0;
UPDATE ticket SET late = 1 WHERE id IN (SELECT id FROM (
	SELECT id, opened_at, max(opened_at) OVER (ORDER BY id) AS highest FROM ticket) AS t
	WHERE opened_at < highest);
CREATE INDEX ticket_late ON ticket (id) WHERE late = 1;
