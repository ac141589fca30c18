/* Users (U1): a contact's access to the portal. */
#ifndef PORTAL_USER_H
#define PORTAL_USER_H

#include <portal/portal.h>
#include <portal/secret.h>

/* One user. @created_via: "add", "invite". */
struct user {
	int64_t id;
	const char *company_tax_id;
	const char *company_name;
	int64_t contact_id;
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

/* admin collaborator; inactive active blocked */
extern const struct portal_word user_roles[];
extern const struct portal_word user_statuses[];

/* A new user of a company. @role NULL: the first is its admin (U2), later ones
 * collaborators. @active makes a later one active at once (U3). @password NULL
 * or empty: none yet. @name NULL: that of the contact with this e-mail. */
struct user_request {
	const char *email;
	const char *company;
	const char *name;
	const char *role;
	bool active;
	const struct portal_secret *password;
	bool if_not_exists;
};

/* Adds a user (U2, U3). 1: added; 0: exists and @if_not_exists. PORTAL_EXISTS;
 * PORTAL_FIRST_USER where the first one is asked for as collaborator. */
int user_add(struct portal *portal, const struct user_request *request, struct user *ret_user,
	struct portal_error *err);

/* A user by e-mail (with @company, a tax id, where the e-mail has several) or id. */
int user_show(struct portal *portal, const char *named, const char *company, struct user *ret_user,
	struct portal_error *err);

/* Makes a user active. 1: changed; 0: was active. */
int user_activate(struct portal *portal, const char *named, const char *company,
	struct user *ret_user, struct portal_error *err);

/* Which users a list gives; NULL: any. @search: part of the name or e-mail. */
struct user_filter {
	const char *company;
	const char *status;
	const char *role;
	const char *search;
	struct portal_page page;
};

/* Gives each user to @visit. Sorts: email name created_at. */
int user_list(struct portal *portal, const struct user_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
