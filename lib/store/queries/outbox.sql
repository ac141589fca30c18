-- Messages that go out (O2), and notifications.

--! outbox_insert(tttttii) -> i
INSERT INTO outbox (channel, recipient, template, language, arguments, state, attempts,
	next_attempt_at, cause_kind, cause_id, created_at)
VALUES ('email', ?1, ?2, ?3, ?4, 'queued', 0, ?7, ?5, ?6, ?7) RETURNING id;

--! notification_insert(ittiti) -> -
INSERT INTO notification (company_id, kind, target_kind, target_id, text, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);

--! outbox_queued() -> i
SELECT count(*) AS id FROM outbox WHERE state = 'queued';
