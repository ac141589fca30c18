/* Sessions from inside. Private to lib/session*.c and lib/actor.c. */
#ifndef LIB_SESSION_PRIVATE_H
#define LIB_SESSION_PRIVATE_H

#include <portal/session.h>

#include "work.h"

/* Chars of a token: 'k' and 256 random bits as base64url. */
enum { SESSION_TOKEN_LEN = 44, SESSION_DIGEST_SIZE = 65 };

/* A session with what the rules of permission ask for. */
struct session_row {
	struct session session;
	int64_t user_id, company_id;
};

/* A session by its id, as it is at w->now: 1, 0 (absent), negative. */
int session_read(struct work *w, int64_t id, struct session_row *ret);

/* Says of a session that was read whether and how it has ended by @now. */
void session_finish(struct session *session, portal_time now);

/* What is kept of a token, as hex. 1; 0 for what does not even look like one. */
int session_digest(
	struct work *w, const struct portal_secret *token, char ret[static SESSION_DIGEST_SIZE]);

#endif
