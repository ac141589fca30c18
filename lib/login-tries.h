/* Tries of a password that are counted (U8): growing waits, never a lock for good. */
#ifndef LIB_LOGIN_TRIES_H
#define LIB_LOGIN_TRIES_H

#include "seal/seal.h"
#include "work.h"

/* The tries at one account, whether there is such a one or not: @key is a keyed digest
 * of company and e-mail. @action and @user_id (0: nobody's) say in the audit log what
 * was denied to whom. */
struct login_tries {
	char key[2 * SEAL_SIZE + 1];
	const char *action;
	int64_t user_id;
};

/* Fills the key from what was typed, in the forms that are stored where it has one. */
int login_tries_of(struct work *w, const char *country, const char *tax_id, const char *email,
	struct login_tries *ret);

/* Counts a try before its hash is made, as failed until login_forget_tries() says
 * otherwise. -PORTAL_LOGIN_WAIT inside the wait, which counts no more. */
int login_count_try(struct work *w, const struct login_tries *tries);

/* The password was right: the next one begins anew. */
int login_forget_tries(struct work *w, const struct login_tries *tries);

#endif
