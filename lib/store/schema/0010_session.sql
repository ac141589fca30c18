-- Sessions (U8). Of a token only its SHA-256 is kept. A session ends at
-- expires_at, or idle_ms after it was used last, or when somebody ends it.

CREATE TABLE session (
	id @ID@,
	user_id @INT@ NOT NULL REFERENCES "user" (id),
	digest TEXT NOT NULL UNIQUE,
	remember @INT@ NOT NULL CONSTRAINT session_remember CHECK (remember IN (0, 1)),
	idle_ms @INT@ NOT NULL,
	created_at @INT@ NOT NULL,
	expires_at @INT@ NOT NULL,
	last_used_at @INT@ NOT NULL,
	ended_at @INT@,
	end_reason TEXT
) @STRICT@;
CREATE INDEX session_user ON session (user_id, id);
CREATE INDEX session_live ON session (user_id) WHERE ended_at IS NULL;
CREATE INDEX session_open ON session (id) WHERE ended_at IS NULL;

-- Logins that failed, by a keyed digest of company and e-mail as they were typed,
-- whether there is such an account or not. The next try counts from next_at on.
CREATE TABLE login_failure (
	account TEXT NOT NULL PRIMARY KEY,
	failures @INT@ NOT NULL,
	last_at @INT@ NOT NULL,
	next_at @INT@ NOT NULL
) @STRICT@;
CREATE INDEX login_failure_age ON login_failure (last_at);
