/* A new user of a company (U2, U3). */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "contact-private.h"
#include "field.h"
#include "portal-private.h"
#include "seal/seal.h"
#include "setting.h"
#include "user-private.h"

/* 1: the contact was made; 0: it was there. */
static int need_contact(struct work *w, const struct user_draft *d, int64_t *ret_id)
{
	const struct contact_draft draft = { d->company_id, d->name, d->email,
		d->phones ? d->phones : "" };
	struct contact_row contact = { 0 };
	int made, r = contact_of_company(w, d->company_id, d->email, &contact);

	made = r == 0;
	if (made)
		r = contact_insert(w, &draft, &contact.id);
	*ret_id = contact.id;
	return r < 0 ? r : made;
}

int user_insert_row(struct work *w, const struct user_draft *d, int64_t contact_id, int64_t *ret_id)
{
	const int r = store_get_int(w->tx, Q_USER_INSERT,
		ARGS(A(d->company_id), A(contact_id), A(d->email), A(d->role), A(d->status),
			A(d->password), A(d->must_change_password), A(d->created_via), A(w->now),
			A(d->own_password)),
		ret_id);

	if (r < 0)
		return r;
	return audit_add(w, d->action ? d->action : "user.add", "user", *ret_id,
		CHANGES({ "email", NULL, d->email }, { "name", NULL, d->name },
			{ "role", NULL, d->role }, { "status", NULL, d->status }));
}

int user_insert(struct work *w, const struct user_draft *d, struct user *ret)
{
	int64_t contact = 0, id = 0;
	const int made = need_contact(w, d, &contact);
	int r = made < 0 ? made : user_insert_row(w, d, contact, &id);

	if (r >= 0)
		r = user_of_company(w, d->company_id, d->email, ret);
	if (r >= 0 && made && w->portal->options.dry_run)
		ret->contact_id.id = 0;
	return r;
}

/* Of a password that was checked. */
static int hash(struct portal *portal, const struct portal_secret *password, const char **ret_phc,
	struct portal_error *err)
{
	struct seal_kdf kdf;
	const int r = setting_read_kdf(portal, &kdf, err);

	return r < 0 ? r
		     : seal_password_hash(
			       &kdf, &portal->keep, password->text, password->len, ret_phc, err);
}

int user_check_password(const struct portal_secret *password, struct portal_error *err)
{
	return seal_password_check(
		password ? password->text : "", password ? password->len : 0, err);
}

int user_hash_required(struct portal *portal, const struct portal_secret *password,
	const char **ret_phc, struct portal_error *err)
{
	const int r = user_check_password(password, err);

	*ret_phc = NULL;
	return r < 0 ? r : hash(portal, password, ret_phc, err);
}

int user_hash_password(struct portal *portal, const struct portal_secret *password,
	const char **ret_phc, struct portal_error *err)
{
	*ret_phc = NULL;
	return password && password->len ? user_hash_required(portal, password, ret_phc, err) : 0;
}

int user_hash_fit(struct portal *portal, const struct portal_secret *password, const char **ret_phc,
	struct portal_error *err)
{
	struct portal_error unheard = { 0 };

	*ret_phc = NULL;
	if (user_check_password(password, &unheard) < 0)
		return 0;
	return hash(portal, password, ret_phc, err);
}

void user_field_password(struct work *w, const struct portal_secret *password)
{
	if (user_check_password(password, w->err) < 0)
		portal_fault_add(w->err);
}

struct adding {
	const struct user_request *request;
	const char *password;
	struct user *ret;
};

/* U2: the first user is the company's admin, and active. U3: later ones wait
 * for an admin. */
static int choose_role(struct work *w, const struct user_request *q, struct user_draft *draft)
{
	int64_t users = 0;
	const int r = user_count(w, draft->company_id, &users);

	if (r < 0)
		return r;
	if (users == 0 && q->role && strcmp(q->role, "admin") != 0)
		return portal_fail(w->err, PORTAL_FIRST_USER,
			_("'%s' would be the first user of the company, and the first is its "
			  "admin"),
			draft->email);
	draft->role = users == 0 ? "admin" : q->role ? q->role : "collaborator";
	draft->status = users == 0 || q->active ? "active" : "inactive";
	return 0;
}

static int exists_already(struct work *w, const struct user_request *q, const struct user *user)
{
	if (q->if_not_exists)
		return 0;
	portal_fail(w->err, PORTAL_EXISTS, _("'%s' is a user of '%s' already"), user->email,
		user->company_name);
	return portal_about(w->err, "user", user->id);
}

/* All faults at once. */
static int check(struct work *w, const struct user_request *q, struct user_draft *draft)
{
	draft->email = q->email;
	draft->name = q->name;
	field_email(w, &draft->email);
	if (draft->name)
		contact_field_name(w, &draft->name);
	if (q->password && q->password->len)
		user_field_password(w, q->password);
	return portal_faults_end(w->err);
}

/* A person whom the company knows needs no name. */
static int need_name(struct work *w, struct user_draft *draft)
{
	struct contact_row contact = { 0 };
	int r;

	if (draft->name)
		return 0;
	r = contact_of_company(w, draft->company_id, draft->email, &contact);
	draft->name = contact.name;
	return r < 0 ? r : contact_check_name(w, &draft->name);
}

static int add(struct work *w, const struct adding *adding, struct user *ret)
{
	const struct user_request *q = adding->request;
	struct user_draft draft = { .password = adding->password, .created_via = "add" };
	struct company company;
	int r = company_need(w, "user.add", q->company, &company);

	if (r >= 0)
		r = check(w, q, &draft);
	if (r >= 0)
		r = company_check_registered(w, &company);
	if (r < 0)
		return r;
	draft.company_id = company.id;
	r = user_of_company(w, company.id, draft.email, ret);
	if (r != 0)
		return r < 0 ? r : exists_already(w, q, ret);
	r = need_name(w, &draft);
	if (r >= 0)
		r = choose_role(w, q, &draft);
	if (r >= 0)
		r = user_insert(w, &draft, ret);
	return r < 0 ? r : 1;
}

static int add_body(struct work *w, void *arg)
{
	const struct adding *adding = arg;
	struct user user;
	const int r = add(w, adding, &user);

	if (r >= 0)
		WORK_GIVE(w, adding->ret, user);
	return r;
}

int user_add(struct portal *portal, const struct user_request *request, struct user *ret_user,
	struct portal_error *err)
{
	struct adding adding = { .request = request, .ret = ret_user };
	const int r = user_hash_fit(portal, request->password, &adding.password, err);

	return r < 0 ? r : work_write(portal, add_body, &adding, err);
}
