#include <portal/user.h>

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "list.h"
#include "policy.h"
#include "portal-private.h"
#include "user-private.h"

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
	{ "contact", N_("contact") },
	{ "document", N_("link of a document") },
	{ "invite", N_("invite") },
	{ "manifest", N_("manifest") },
	{ "signup", N_("signup link") },
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

int user_by_id(struct work *w, int64_t id, struct user *ret)
{
	return store_get(w->tx, Q_USER_BY_ID, ARGS(A(id)), w->arena, &user_record, ret);
}

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

/* The users that a name fits, of one company (0: of all) as far as @viewer (0: whoever)
 * sees them: how many, 2 for more, and the first. */
static int match_users(struct work *w, const char *named, int64_t company_id, int64_t viewer,
	struct found_row *ret)
{
	const int64_t id =
		strspn(named, "0123456789") == strlen(named) ? strtoll(named, NULL, 10) : 0;
	const int64_t group = viewer ? policy_list_group(w, "user.list") : 0;
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct found_row row = { 0 };
	int more, r = store_rows(w->tx, Q_USER_NAMED,
			  ARGS(A(named), A(id), A(company_id), A(viewer), A(group)), &found_record,
			  &row, &rows);

	if (r >= 0)
		r = store_next(rows);
	if (r <= 0)
		return r;
	*ret = row;
	more = store_next(rows);
	return more < 0 ? more : more > 0 ? 2 : 1;
}

/* Only the users that the actor may see count: another company's user of the
 * same address must not make the name ambiguous. To have named one is a denial. */
static int find_user(struct work *w, const char *action, const struct user_named *named,
	int64_t company_id, struct found_row *ret)
{
	const int64_t viewer = w->actor->as && !w->actor->staff ? w->actor->company_id : 0;
	struct found_row hidden;
	int r = match_users(w, named->user, company_id, viewer, ret);

	if (r > 1)
		return too_many(w, named->user);
	if (r != 0)
		return r;
	r = viewer ? match_users(w, named->user, company_id, 0, &hidden) : 0;
	if (r > 0)
		portal_note_denial(w->portal, action, "user", hidden.id);
	return r < 0 ? r : work_not_found(w, "user", named->user);
}

int user_need(struct work *w, const char *action, const struct user_named *named, struct user *ret)
{
	struct policy_object object = { .kind = "user", .named = named->user };
	struct company company = { 0 };
	struct found_row found = { 0 };
	int r = named->company ? company_need(w, "company.show", named->company, &company) : 0;

	if (r >= 0)
		r = find_user(w, action, named, company.id, &found);
	if (r >= 0)
		r = user_by_id(w, found.id, ret);
	if (r < 0)
		return r;
	object.id = object.user = found.id;
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
	int64_t viewer, group, of;
	int r = policy_need_list(w, "user.list", &viewer);

	if (r >= 0 && f->company)
		r = company_need(w, "company.show", f->company, &company);
	if (r < 0)
		return r;
	group = viewer ? policy_list_group(w, "user.list") : 0;
	of = company.id ? company.id : group ? 0 : viewer;
	list.statements = (struct list_statements){ of      ? Q_USER_LIST_OF
						    : group ? Q_USER_LIST_GROUP
							    : Q_USER_LIST,
		Q_USER_LIST_UP, Q_USER_LIST_DOWN };
	return list_read(
		&list, LIST_ARGS(A(of), A(f->status ? f->status : ""), A(f->role ? f->role : ""),
			       A(list_pattern(w, f->search)), A(viewer), A(group)));
}

int user_list(struct portal *portal, const struct user_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
