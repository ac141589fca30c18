/* Users (U1): a contact's access to the portal, at one company. The same person
 * may be a user of several.
 *
 * Where a function takes @named, it is an e-mail or an id as digits; @company, a
 * tax id, says which one is meant where the e-mail has several, and may be NULL.
 * A user whom the actor may not see is PORTAL_NOT_FOUND, as if not there. Texts
 * of results live in the portal's arena. */
#ifndef PORTAL_USER_H
#define PORTAL_USER_H

#include <portal/portal.h>
#include <portal/secret.h>

/* One user.
 *
 * @company_tax_id, @company_name: where; the tax id in normal form.
 * @contact_id: the person behind it; none (0) where a rehearsal would make the contact.
 * @name: the person's name, or NULL.
 * @email: the login, in lower case.
 * @role: a word of user_roles. @status: a word of user_statuses.
 * @must_change_password: at the next login.
 * @area_access: may open the client's area.
 * @created_via: how it came to be: "add", "contact", "invite", "manifest",
 *   "signup".
 * @last_login_at: none (0) where there was no login yet.
 * @created_at: when it was added. */
struct user {
	int64_t id;
	const char *company_tax_id;
	const char *company_name;
	portal_id contact_id;
	const char *name;
	const char *email;
	const char *role;
	const char *status;
	bool must_change_password;
	bool area_access;
	const char *created_via;
	portal_time last_login_at;
	portal_time created_at;
};
extern const struct portal_record user_record;

/* admin: manages the company and its users; collaborator: works in its sections */
extern const struct portal_word user_roles[];
/* inactive: waits for an admin; active: may log in; blocked: may not any more */
extern const struct portal_word user_statuses[];

/* A new user of a company.
 *
 * @email: required; kept in lower case.
 * @company: tax id or id of a registered company, required.
 * @name: NULL: that of the contact with this e-mail.
 * @role: NULL: the first is its admin (U2), later ones are collaborators.
 * @active: makes a later one active at once (U3); the first always is.
 * @password: NULL or empty: none yet. Else 8 to 1,024 bytes, and not one of the
 *   3,000 most used.
 * @if_not_exists: that the user is there already is no failure. */
struct user_request {
	const char *email;
	const char *company;
	const char *name;
	const char *role;
	bool active;
	const struct portal_secret *password;
	bool if_not_exists;
};

/* Adds a user (U2, U3), and the contact where there is none with this e-mail. 1:
 * added; 0: exists and @if_not_exists. PORTAL_EXISTS; PORTAL_FIRST_USER where the
 * first one is asked for as collaborator; PORTAL_NOT_FOUND: no such company;
 * PORTAL_WRONG_STATE: the company is not registered. */
int user_add(struct portal *portal, const struct user_request *request, struct user *ret_user,
	struct portal_error *err);

/* Finds one. PORTAL_USAGE where the e-mail has several and @company is NULL. */
int user_show(struct portal *portal, const char *named, const char *company, struct user *ret_user,
	struct portal_error *err);

/* What admins do to users (U5). 1: changed; 0: it was so. They fail as user_show()
 * does, and with PORTAL_LAST_ADMIN before a company would lose its last active
 * admin (U4). Every change ends the user's sessions.
 *
 * Activating (U3) mails the person that they may log in, and the one-time link
 * where there is no password yet; PORTAL_WRONG_STATE where the company is disabled. */
int user_activate(struct portal *portal, const char *named, const char *company,
	struct user *ret_user, struct portal_error *err);

/* Makes a user inactive: one who waits for an admin again. */
int user_deactivate(struct portal *portal, const char *named, const char *company,
	struct user *ret_user, struct portal_error *err);

/* Blocks a user: one whom no invite lets in again, but an admin. */
int user_block(struct portal *portal, const char *named, const char *company, struct user *ret_user,
	struct portal_error *err);

/* Gives a user a role, a word of user_roles. */
int user_set_role(struct portal *portal, const char *named, const char *company, const char *role,
	struct user *ret_user, struct portal_error *err);

/* What when there is no such user: PORTAL_NOT_FOUND, or 0 with a user that has
 * nothing but the name asked for as its e-mail. */
enum user_missing { USER_MISSING_FAILS, USER_MISSING_IS_FINE };

/* Takes a user away; the contact stays, and the e-mail may become a user again. 1:
 * removed; 0: was not there. */
int user_remove(struct portal *portal, const char *named, const char *company,
	enum user_missing missing, struct user *ret_user, struct portal_error *err);

/* What to change of a user and the contact behind it. NULL leaves a field as it is.
 *
 * @named, @company: which user.
 * @email: the new login, which only an admin may change; the old address is told.
 * @name: the person's.
 * @phones: all the person's numbers, at most 20, in place of those before; empty
 *   texts don't count. @phone_count: how many. */
struct user_change {
	const char *named;
	const char *company;
	const char *email;
	const char *name;
	const char *const *phones;
	int64_t phone_count;
};

/* 1: changed; 0: it was so. PORTAL_EXISTS: the e-mail is that of somebody else in
 * the company. With another e-mail the link mailed before is void. */
int user_set(struct portal *portal, const struct user_change *request, struct user *ret_user,
	struct portal_error *err);

/* Which users a list gives. NULL: any. What is given must all hold.
 *
 * @company: tax id or id.
 * @status, @role: a word of the lists above.
 * @search: part of the name or e-mail; case and accents ignored.
 * @page: where to begin, how many, in which order. */
struct user_filter {
	const char *company;
	const char *status;
	const char *role;
	const char *search;
	struct portal_page page;
};

/* The fields that page.sort takes: id email name created_at. */
extern const struct portal_word user_sorts[];

/* Gives each user to @visit with @arg, by id unless the page says otherwise.
 * Whoever is no user of the office sees those of their own
 * company. */
int user_list(struct portal *portal, const struct user_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
