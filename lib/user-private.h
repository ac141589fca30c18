/* Users as the other nouns of lib need them. */
#ifndef LIB_USER_PRIVATE_H
#define LIB_USER_PRIVATE_H

#include <portal/user.h>

#include "work.h"

/* A user about to be written; everything is checked. @password is a PHC string
 * or NULL. */
struct user_draft {
	int64_t company_id;
	const char *name, *email, *role, *status, *password, *created_via;
	bool must_change_password;
};

/* Finds the company's contact with this e-mail or makes it, then the user. */
int user_insert(struct work *w, const struct user_draft *draft, struct user *ret);

/* The user of a company with this e-mail: 1, 0, negative. */
int user_of_company(struct work *w, int64_t company_id, const char *email, struct user *ret);

/* How many users, and how many active admins, a company has. */
int user_count(struct work *w, int64_t company_id, int64_t *ret_users);
int user_count_admins(struct work *w, int64_t company_id, int64_t *ret_admins);

/* Writes e-mail, role, status and area access of @now over those of @was, with
 * the audit row as @action, and ends the user's sessions. 1: changed; 0: it was so.
 * -PORTAL_LAST_ADMIN before the company would lose its last active admin (U4). */
int user_save(struct work *w, const char *action, const struct user *was, const struct user *now);

/* Takes the user away; the row stays. Fails as user_save() does. */
int user_drop(struct work *w, const struct user *user);

/* Sets a password (a PHC string), which ends sessions and voids the link to set
 * one. A temporary one has to be changed at the next login (U7). */
enum user_password { USER_PASSWORD_CHOSEN, USER_PASSWORD_TEMPORARY };
int user_set_password(
	struct work *w, const struct user *user, const char *phc, enum user_password how);

/* Mails the link to set a password and come in (U7), which works once and for
 * access_link_days; links mailed before are void. */
int user_mail_access(struct work *w, const struct user *user);

/* A user as somebody typed it: e-mail or id, and the company where the e-mail
 * has several (NULL: not said). */
struct user_named {
	const char *user, *company;
};

/* Finds the user and asks whether the actor may do @action. */
int user_need(struct work *w, const char *action, const struct user_named *named, struct user *ret);

/* The PHC string of a new password, made before the transaction begins (it
 * takes half a second); NULL in @ret for no password. */
int user_hash_password(struct portal *portal, const struct portal_secret *password,
	const char **ret_phc, struct portal_error *err);

#endif
