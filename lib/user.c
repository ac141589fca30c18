#include <portal/user.h>

#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "list.h"
#include "policy.h"
#include "portal-private.h"
#include "seal/seal.h"
#include "tell.h"
#include "user-private.h"

enum { NAME_MAX_BYTES = 200 };

const struct portal_word user_roles[] = {
	{ "admin", N_("admin") },
	{ "collaborator", N_("collaborator") },
	{ NULL, NULL },
};

const struct portal_word user_statuses[] = {
	{ "inactive", N_("inactive") },
	{ "active", N_("active") },
	{ "blocked", N_("blocked") },
	{ NULL, NULL },
};

static const struct portal_word user_origins[] = {
	{ "add", N_("added") },
	{ "invite", N_("invite") },
	{ NULL, NULL },
};

static const struct portal_field user_fields[] = {
	PORTAL_FIELD(struct user, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct user, company_tax_id, N_("TAX ID")),
	PORTAL_FIELD(struct user, company_name, N_("COMPANY")),
	PORTAL_FIELD(struct user, contact_id, N_("CONTACT"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct user, name, N_("NAME")),
	PORTAL_FIELD(struct user, email, N_("E-MAIL")),
	PORTAL_FIELD(struct user, role, N_("ROLE"), .words = user_roles),
	PORTAL_FIELD(struct user, status, N_("STATUS"), .words = user_statuses),
	PORTAL_FIELD(struct user, must_change_password, N_("MUST CHANGE PASSWORD"),
		.flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct user, area_access, N_("CLIENT AREA"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct user, created_via, N_("CREATED BY"), .words = user_origins,
		.flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct user, last_login_at, N_("LAST LOGIN"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct user, created_at, N_("CREATED")),
	PORTAL_FIELDS_END,
};

const struct portal_record user_record = { "user", sizeof(struct user), user_fields };

int user_of_company(struct work *w, int64_t company_id, const char *email, struct user *ret)
{
	return store_get(w->tx, Q_USER_OF_COMPANY, ARGS(A(company_id), A(email)), w->arena,
		&user_record, ret);
}

int user_count(struct work *w, int64_t company_id, int64_t *ret_users)
{
	return store_get_int(w->tx, Q_USER_COUNT, ARGS(A(company_id)), ret_users);
}

int user_count_admins(struct work *w, int64_t company_id, int64_t *ret_admins)
{
	return store_get_int(w->tx, Q_USER_COUNT_ADMINS, ARGS(A(company_id)), ret_admins);
}

int user_check_name(struct work *w, const char **name)
{
	const char *clean =
		*name ? text_field(w->arena, *name, NAME_MAX_BYTES, "name", w->err) : "";

	if (!clean)
		return -(int)w->err->code;
	*name = clean;
	if (*clean)
		return 0;
	portal_fail(w->err, PORTAL_INVALID, _("a user needs a name"));
	return portal_about_field(w->err, "name");
}

struct contact_row {
	int64_t id;
	const char *name;
};

static const struct portal_field contact_fields[] = {
	PORTAL_FIELD(struct contact_row, id, NULL),
	PORTAL_FIELD(struct contact_row, name, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record contact_record = { "contact", sizeof(struct contact_row),
	contact_fields };

static int find_contact(
	struct work *w, int64_t company_id, const char *email, struct contact_row *ret)
{
	return store_get(w->tx, Q_CONTACT_BY_EMAIL, ARGS(A(company_id), A(email)), w->arena,
		&contact_record, ret);
}

static int need_contact(struct work *w, const struct user_draft *d, int64_t *ret_id)
{
	struct contact_row contact = { 0 };
	int r = find_contact(w, d->company_id, d->email, &contact);

	if (r == 0)
		r = store_get_int(w->tx, Q_CONTACT_INSERT,
			ARGS(A(d->company_id), A(d->name), A(fold_text(w->arena, d->name)),
				A(d->email), A(w->now)),
			&contact.id);
	*ret_id = contact.id;
	return r < 0 ? r : 0;
}

int user_insert(struct work *w, const struct user_draft *d, struct user *ret)
{
	int64_t contact = 0, id = 0;
	int r = need_contact(w, d, &contact);

	if (r >= 0)
		r = store_get_int(w->tx, Q_USER_INSERT,
			ARGS(A(d->company_id), A(contact), A(d->email), A(d->role), A(d->status),
				A(d->password), A(d->created_via), A(w->now)),
			&id);
	if (r >= 0)
		r = audit_add(w, "user.add", "user", id,
			CHANGES({ "email", NULL, d->email }, { "name", NULL, d->name },
				{ "role", NULL, d->role }, { "status", NULL, d->status }));
	return r < 0 ? r : user_of_company(w, d->company_id, d->email, ret);
}

int user_write_status(struct work *w, const struct user *user, const char *status)
{
	int r = store_put(w->tx, Q_USER_SET_STATUS, ARGS(A(user->id), A(status), A(w->now)));

	if (r < 0)
		return r;
	r = audit_add(
		w, "user.activate", "user", user->id, CHANGES({ "status", user->status, status }));
	return r < 0 ? r : 1;
}

int user_mail_access(struct work *w, const struct user *user)
{
	const struct event event = { "access_link", "user", user->id,
		NAMED({ "office", work_office_name(w) }, { "name", user->name },
			{ "company_name", user->company_name },
			{ "company_tax_id", user->company_tax_id }, { "email", user->email }) };

	return tell_address(w, &event, user->email, NULL);
}

int user_hash_password(struct portal *portal, const struct portal_secret *password,
	const char **ret_phc, struct portal_error *err)
{
	const struct seal_kdf_slots slots = { portal->options.db };
	int r;

	*ret_phc = NULL;
	if (!password || !password->len)
		return 0;
	r = seal_password_check(password->text, password->len, err);
	return r < 0 ? r
		     : seal_password_hash(
			       &slots, &portal->keep, password->text, password->len, ret_phc, err);
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

static int choose_name(struct work *w, const struct user_request *q, struct user_draft *draft)
{
	struct contact_row contact = { 0 };
	int r = q->name ? 0 : find_contact(w, draft->company_id, draft->email, &contact);

	if (r < 0)
		return r;
	draft->name = q->name ? q->name : contact.name;
	return user_check_name(w, &draft->name);
}

static int add(struct work *w, const struct adding *adding, struct user *ret)
{
	const struct user_request *q = adding->request;
	struct user_draft draft = { .password = adding->password, .created_via = "add" };
	struct company company;
	int r = company_need(w, "user.add", q->company, &company);

	draft.email = r < 0 ? NULL : email_parse(w->arena, q->email, w->err);
	if (!draft.email)
		return -(int)w->err->code;
	if (strcmp(company.status, "registered") != 0)
		return portal_fail(w->err, PORTAL_WRONG_STATE,
			_("company '%s' is not registered, so it has no users"),
			company.tax_id_formatted);
	draft.company_id = company.id;
	r = user_of_company(w, company.id, draft.email, ret);
	if (r != 0)
		return r < 0 ? r : exists_already(w, q, ret);
	r = choose_name(w, q, &draft);
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
	int r = user_hash_password(portal, request->password, &adding.password, err);

	return r < 0 ? r : work_write(portal, add_body, &adding, err);
}

struct found_row {
	int64_t id;
	int64_t company_id;
};

static const struct portal_field found_fields[] = {
	PORTAL_FIELD(struct found_row, id, NULL),
	PORTAL_FIELD(struct found_row, company_id, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record found_record = { "user", sizeof(struct found_row), found_fields };

static int too_many(struct work *w, const char *named)
{
	portal_fail(w->err, PORTAL_USAGE, _("'%s' is a user of several companies"), named);
	return portal_hint(w->err, _("say which with --company TAX-ID"));
}

/* Only the users that the actor may see count: another company's user of the
 * same address must not make the name ambiguous. */
static int find_user(struct work *w, const char *named, int64_t company_id, struct found_row *ret)
{
	const int64_t viewer = w->actor->as && !w->actor->staff ? w->actor->company_id : 0;
	const int64_t id =
		strspn(named, "0123456789") == strlen(named) ? strtoll(named, NULL, 10) : 0;
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct found_row row = { 0 };
	int r = store_rows(w->tx, Q_USER_NAMED, ARGS(A(named), A(id), A(company_id), A(viewer)),
		&found_record, &row, &rows);

	if (r >= 0)
		r = store_next(rows);
	if (r <= 0)
		return r < 0 ? r : work_not_found(w, "user", named);
	*ret = row;
	r = store_next(rows);
	return r > 0 ? too_many(w, named) : r;
}

int user_need(struct work *w, const char *action, const struct user_named *named, struct user *ret)
{
	struct policy_object object = { .kind = "user", .named = named->user };
	struct company company = { 0 };
	struct found_row found = { 0 };
	int r = named->company ? company_need(w, "company.show", named->company, &company) : 0;

	if (r >= 0)
		r = find_user(w, named->user, company.id, &found);
	if (r >= 0)
		r = store_get(w->tx, Q_USER_BY_ID, ARGS(A(found.id)), w->arena, &user_record, ret);
	if (r < 0)
		return r;
	object.id = found.id;
	object.owner = found.company_id;
	return policy_need(w, action, &object);
}

struct call {
	struct user_named named;
	struct user *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct user user;
	const int r = user_need(w, "user.show", &call->named, &user);

	if (r >= 0)
		WORK_GIVE(w, call->ret, user);
	return r;
}

int user_show(struct portal *portal, const char *named, const char *company, struct user *ret_user,
	struct portal_error *err)
{
	struct call call = { { named, company }, ret_user };

	return work_read(portal, show_body, &call, err);
}

static int activate_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct user user;
	int r = user_need(w, "user.activate", &call->named, &user);

	if (r >= 0 && strcmp(user.status, "active") != 0)
		r = user_write_status(w, &user, "active");
	else if (r >= 0)
		r = 0;
	user.status = "active";
	if (r >= 0)
		WORK_GIVE(w, call->ret, user);
	return r;
}

int user_activate(struct portal *portal, const char *named, const char *company,
	struct user *ret_user, struct portal_error *err)
{
	struct call call = { { named, company }, ret_user };

	return work_write(portal, activate_body, &call, err);
}

struct listing {
	const struct user_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

const struct portal_word user_sorts[] = { { "id", NULL }, { "email", NULL }, { "name", NULL },
	{ "created_at", NULL }, { NULL, NULL } };

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct user_filter *f = listing->filter;
	struct company company = { 0 };
	struct user row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = user_sorts,
		.record = &user_record,
		.row = &row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	int64_t viewer, of;
	int r = policy_need_list(w, "user.list", &viewer);

	if (r >= 0 && f->company)
		r = company_need(w, "company.show", f->company, &company);
	if (r < 0)
		return r;
	of = company.id ? company.id : viewer;
	list.statements = (struct list_statements){ of ? Q_USER_LIST_OF : Q_USER_LIST,
		Q_USER_LIST_UP, Q_USER_LIST_DOWN };
	return list_read(
		&list, LIST_ARGS(A(of), A(f->status ? f->status : ""), A(f->role ? f->role : ""),
			       A(list_pattern(w, f->search)), A(viewer)));
}

int user_list(struct portal *portal, const struct user_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
