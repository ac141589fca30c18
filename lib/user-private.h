/* Users as the other nouns of lib need them. */
#ifndef LIB_USER_PRIVATE_H
#define LIB_USER_PRIVATE_H

#include <portal/user.h>

#include "work.h"

/* A user about to be written; everything is checked. @password is a PHC string
 * or NULL. @phones, of a contact that has to be made, is a portal_list of E.164
 * numbers; NULL: none. @action is the audit row's; NULL: "user.add". @own_password:
 * it is the user who chose it. */
struct user_draft {
	int64_t company_id;
	const char *name, *email, *role, *status, *password, *created_via;
	const char *phones, *action;
	bool must_change_password, own_password;
};

/* Finds the company's contact with this e-mail or makes it, then the user. */
int user_insert(struct work *w, const struct user_draft *draft, struct user *ret);

/* The user alone, of a contact that is there. */
int user_insert_row(
	struct work *w, const struct user_draft *draft, int64_t contact_id, int64_t *ret_id);

/* The user with this id, the removed ones too: 1, 0, negative. */
int user_by_id(struct work *w, int64_t id, struct user *ret);

/* The user of a company with this e-mail: 1, 0, negative. */
int user_of_company(struct work *w, int64_t company_id, const char *email, struct user *ret);

/* How many users, and how many active admins, a company has. */
int user_count(struct work *w, int64_t company_id, int64_t *ret_users);
int user_count_admins(struct work *w, int64_t company_id, int64_t *ret_admins);

/* Writes e-mail, role, status and area access of @now over those of @was, with
 * the audit row as @action, and ends the user's sessions; with another e-mail or
 * status the link mailed before is void, and its mail cancelled while it is queued.
 * 1: changed; 0: it was so. -PORTAL_LAST_ADMIN before the company would lose its
 * last active admin (U4). */
int user_save(struct work *w, const char *action, const struct user *was, const struct user *now);

/* Makes the user active for whom a link is mailed next (U7, N7), as user_save() does.
 * Of who registered by the signup link and never came in the password is void: nobody
 * has proven that it is the address's holder who chose it. */
int user_wake(struct work *w, const char *action, const struct user *was);

/* Takes the user away; the row stays. Fails as user_save() does. */
int user_drop(struct work *w, const struct user *user);

/* Sets a password (a PHC string), which ends sessions and voids the link to set
 * one. A temporary one has to be changed at the next login (U7); one that
 * somebody else chose or could have (GIVEN) lets nobody sign (P3). */
enum user_password { USER_PASSWORD_OWN, USER_PASSWORD_GIVEN, USER_PASSWORD_TEMPORARY };
int user_set_password(
	struct work *w, const struct user *user, const char *phc, enum user_password how);

/* Mails the link to set a password and come in (U7), which works once and for
 * access_link_days; links mailed before are void. */
int user_mail_access(struct work *w, const struct user *user);

/* The token of the link that was mailed last, to be shown once on request. Stays
 * empty in a rehearsal: a later link will have this very token. */
int user_access_token(struct work *w, const struct user *user, struct portal_secret *ret);

/* The printed tax id of the user's company, as mails tell it. */
const char *user_printed_tax_id(struct work *w, const struct user *user);

/* Mails a template about the user: to @email, or to the admins of the company, who
 * are notified too. */
int user_mail(
	struct work *w, const struct user *user, const char *template_name, const char *email);
int user_tell_admins(
	struct work *w, const struct user *user, const char *template_name, int64_t company_id);

/* Mails a user that is active again; one who has no password gets a link to set one. */
int user_tell_activated(struct work *w, const struct user *user);

/* From here on the work is done under the name of the person who holds a link. */
void user_act_as_holder(struct work *w, const char *email, const char *tax_id);

/* What stands behind a user and in no record: how to come in, and where.
 *
 * @password: the PHC string, or NULL.
 * @access_serial: of the link mailed last; @access_expires_at: none (0) where there
 *   is none that works.
 * @company_status: a word of company_statuses. @phones: of the contact.
 * @own_password: the user chose the password, and nobody else did or could have.
 * @access_shown: the token of the link mailed last was shown to who had it sent. */
struct user_access {
	int64_t company_id;
	const char *password;
	int64_t access_serial;
	portal_time access_expires_at;
	const char *company_status;
	const char *phones;
	bool own_password, access_shown;
};

/* 1; 0: no such user, or one that was removed. */
int user_read_access(struct work *w, int64_t id, struct user_access *ret);

/* 0 for a user of a registered company; else as company_check_registered(): nothing is
 * mailed to people who can't come in. */
int user_check_registered(struct work *w, const struct user *user);

/* A user as somebody typed it: e-mail or id, and the company where the e-mail
 * has several (NULL: not said). */
struct user_named {
	const char *user, *company;
};

/* Finds the user and asks whether the actor may do @action. */
int user_need(struct work *w, const char *action, const struct user_named *named, struct user *ret);

/* Is it one that may be set? None is too short. PORTAL_INVALID about "password". */
int user_check_password(const struct portal_secret *password, struct portal_error *err);

/* The PHC string of a new password, made before the transaction begins (it
 * takes half a second); NULL in @ret for no password. */
int user_hash_password(struct portal *portal, const struct portal_secret *password,
	const char **ret_phc, struct portal_error *err);

/* The same where there must be one: none is refused as too short. */
int user_hash_required(struct portal *portal, const struct portal_secret *password,
	const char **ret_phc, struct portal_error *err);

/* The same before a body that asks user_field_password(): NULL in @ret for one that
 * breaks the rule, so that this is told with the other faults of the input. */
int user_hash_fit(struct portal *portal, const struct portal_secret *password, const char **ret_phc,
	struct portal_error *err);
void user_field_password(struct work *w, const struct portal_secret *password);

#endif
