-- What every portal has: its settings, the chain of its changes, keys used once.
-- @ID@, @INT@ and @STRICT@ are spelled per engine by embed-sql. Times are
-- milliseconds since 1970 UTC, flags 0 or 1, lists texts with one item a line. A
-- CHECK says OR, for SQLite makes a table of every IN of over two words and row.

CREATE TABLE setting (
	key TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL,
	updated_at @INT@ NOT NULL
) @STRICT@;

-- hash chains each row to the one before (HMAC with the portal's key) over all
-- columns but changes, for which its digest stands: erasing a person's data
-- drops nonce and changes and keeps the digest. The chain numbers its rows itself.
CREATE TABLE audit (
	id @INT@ PRIMARY KEY,
	at @INT@ NOT NULL,
	actor TEXT NOT NULL,
	acting_as TEXT,
	action TEXT NOT NULL,
	target_kind TEXT,
	target_id @INT@,
	nonce TEXT,
	changes TEXT,
	digest TEXT NOT NULL,
	hash TEXT NOT NULL
) @STRICT@;
CREATE INDEX audit_target ON audit (target_kind, target_id, id);

CREATE TABLE idempotency (
	actor TEXT NOT NULL,
	verb TEXT NOT NULL,
	key TEXT NOT NULL,
	arguments TEXT NOT NULL,
	result_id @INT@ NOT NULL,
	created_at @INT@ NOT NULL,
	PRIMARY KEY (actor, verb, key)
) @STRICT@;
CREATE INDEX idempotency_age ON idempotency (created_at);
