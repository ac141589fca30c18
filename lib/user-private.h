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
};

/* Finds the company's contact with this e-mail or makes it, then the user. */
int user_insert(struct work *w, const struct user_draft *draft, struct user *ret);

/* The user of a company with this e-mail: 1, 0, negative. */
int user_of_company(struct work *w, int64_t company_id, const char *email, struct user *ret);

/* How many users, and how many active admins, a company has. */
int user_count(struct work *w, int64_t company_id, int64_t *ret_users);
int user_count_admins(struct work *w, int64_t company_id, int64_t *ret_admins);

/* A person's name: given, clean, not too long; @name becomes its normal form. */
int user_check_name(struct work *w, const char **name);

/* Mails the link to set a password and come in (U7). */
int user_mail_access(struct work *w, const struct user *user);

/* Sets the status in the row; 1 when it was another. */
int user_write_status(struct work *w, const struct user *user, const char *status);

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
