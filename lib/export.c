#include <portal/export.h>

#include <string.h>

#include <portal/arena.h>
#include <portal/config.h>
#include <portal/user.h>

#include "base/i18n.h"
#include "base/seen.h"
#include "company-private.h"
#include "manifest-write.h"
#include "policy.h"
#include "seal/seal.h"
#include "setting.h"

/* @scratch is used within one row. @nameless knows the contacts of the company being
 * written that have no e-mail. */
struct export
{
	const struct portal_export_request *request;
	struct portal_writer *to;
	struct work *w;
	struct manifest_writer out;
	struct arena scratch;
	struct seen nameless;
	bool has_nameless;
};

struct contact_row {
	int64_t id;
	const char *name, *email;
	portal_list phones;
};

static const struct portal_field contact_fields[] = {
	PORTAL_FIELD(struct contact_row, id, NULL),
	PORTAL_FIELD(struct contact_row, name, NULL),
	PORTAL_FIELD(struct contact_row, email, NULL),
	PORTAL_FIELD(struct contact_row, phones, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record contact_record = { "contact", sizeof(struct contact_row),
	contact_fields };

struct group_row {
	int64_t id, main_id;
	const char *main, *name;
};

static const struct portal_field group_fields[] = {
	PORTAL_FIELD(struct group_row, id, NULL),
	PORTAL_FIELD(struct group_row, main_id, NULL),
	PORTAL_FIELD(struct group_row, main, NULL),
	PORTAL_FIELD(struct group_row, name, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record group_record_of_export = { "group", sizeof(struct group_row),
	group_fields };

struct member_row {
	int64_t id;
	const char *member;
};

static const struct portal_field member_fields[] = {
	PORTAL_FIELD(struct member_row, id, NULL),
	PORTAL_FIELD(struct member_row, member, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record member_record = { "company", sizeof(struct member_row),
	member_fields };

struct connection_row {
	int64_t id;
	const char *from_company, *to_company;
};

static const struct portal_field connection_fields[] = {
	PORTAL_FIELD(struct connection_row, id, NULL),
	PORTAL_FIELD(struct connection_row, from_company, NULL),
	PORTAL_FIELD(struct connection_row, to_company, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record connection_row_record = { "connection",
	sizeof(struct connection_row), connection_fields };

/* Rows are only read while there is somebody to write them for. */
static int next(struct export *e, struct store_rows *rows)
{
	return portal_writer_errno(e->to) ? 0 : store_next(rows);
}

/* Was there one before that a manifest can't tell from this contact? */
static int came_before(struct export *e, const struct contact_row *row)
{
	const char *email = row->email;
	int r = 0;

	if (email && *email)
		return 0;
	if (!e->has_nameless)
		r = seal_random(e->nameless.secret, sizeof(e->nameless.secret), e->w->err);
	e->has_nameless = true;
	if (r < 0)
		return r;
	return seen_put(&e->nameless, row->name, strlen(row->name), row->id) != row->id;
}

static void forget_nameless(struct export *e)
{
	if (e->has_nameless)
		seen_release(&e->nameless);
	e->nameless = (struct seen){ .count = 0 };
	e->has_nameless = false;
}

static void put_row(struct export *e, struct manifest_parts *list, const struct manifest_kind *kind,
	const struct portal_record *record, const void *row)
{
	manifest_put_item(&e->out, list);
	manifest_put_fields(&e->out, &e->scratch, kind, record, row);
	manifest_put_item_end(&e->out);
}

static int put_contacts(
	struct export *e, const struct manifest_kind *company_kind, int64_t company_id)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	const struct manifest_kind *kind = manifest_child_kind(company_kind, "contacts");
	struct manifest_parts list = { .key = "contacts" };
	struct contact_row row = { 0 };
	int r = store_rows(
		e->w->tx, Q_EXPORT_CONTACTS, ARGS(A(company_id)), &contact_record, &row, &rows);

	while (r >= 0 && (r = next(e, rows)) > 0) {
		r = came_before(e, &row);
		if (r == 0)
			put_row(e, &list, kind, &contact_record, &row);
	}
	manifest_put_list_end(&e->out, &list);
	forget_nameless(e);
	return r;
}

static int put_users(struct export *e, const struct manifest_kind *company_kind, int64_t company_id)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	const struct manifest_kind *kind = manifest_child_kind(company_kind, "users");
	struct manifest_parts list = { .key = "users" };
	struct user row = { 0 };
	int r = store_rows(
		e->w->tx, Q_EXPORT_USERS, ARGS(A(company_id)), &user_record, &row, &rows);

	while (r >= 0 && (r = next(e, rows)) > 0)
		put_row(e, &list, kind, &user_record, &row);
	manifest_put_list_end(&e->out, &list);
	return r;
}

static int put_company(struct export *e, struct manifest_parts *list, const struct company *company)
{
	const struct manifest_kind *kind = manifest_child_kind(&manifest_file_kind, list->key);
	int r;

	manifest_put_item(&e->out, list);
	manifest_put_fields(&e->out, &e->scratch, kind, &company_record, company);
	r = put_contacts(e, kind, company->id);
	if (r >= 0)
		r = put_users(e, kind, company->id);
	manifest_put_item_end(&e->out);
	return r;
}

static int put_companies(struct export *e)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct manifest_parts list = { .key = "companies" };
	struct company row = { 0 };
	int r = store_rows(e->w->tx, Q_EXPORT_COMPANIES, NO_ARGS, &company_record, &row, &rows);

	while (r >= 0 && (r = next(e, rows)) > 0)
		r = put_company(e, &list, &row);
	manifest_put_list_end(&e->out, &list);
	return r;
}

static int put_settings(struct export *e)
{
	struct manifest_parts mapping = { .key = "settings" };
	const char *key, *value = NULL;
	int r = 0;

	for (size_t i = 0; r >= 0 && (key = config_key(i)); i++) {
		r = setting_stored(e->w, key, &value);
		if (r > 0)
			manifest_put_entry(&e->out, &mapping, key, value);
	}
	manifest_put_mapping_end(&e->out, &mapping);
	return r;
}

static int put_members(struct export *e, int64_t main_id)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct manifest_parts list = { .key = "members" };
	struct member_row row = { 0 };
	int r = store_rows(
		e->w->tx, Q_EXPORT_MEMBERS, ARGS(A(main_id)), &member_record, &row, &rows);

	while (r >= 0 && (r = next(e, rows)) > 0)
		manifest_put_line(&e->out, &list, row.member);
	manifest_put_list_end(&e->out, &list);
	return r;
}

static int put_groups(struct export *e)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct manifest_parts list = { .key = "groups" };
	struct group_row row = { 0 };
	int r = store_rows(
		e->w->tx, Q_EXPORT_GROUPS, NO_ARGS, &group_record_of_export, &row, &rows);

	while (r >= 0 && (r = next(e, rows)) > 0) {
		manifest_put_item(&e->out, &list);
		manifest_put_text(&e->out, "main", row.main);
		manifest_put_text(&e->out, "name", row.name);
		r = put_members(e, row.main_id);
		manifest_put_item_end(&e->out);
	}
	manifest_put_list_end(&e->out, &list);
	return r;
}

static int put_connections(struct export *e)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct manifest_parts list = { .key = "connections" };
	struct connection_row row = { 0 };
	int r = store_rows(
		e->w->tx, Q_EXPORT_CONNECTIONS, NO_ARGS, &connection_row_record, &row, &rows);

	while (r >= 0 && (r = next(e, rows)) > 0) {
		manifest_put_item(&e->out, &list);
		manifest_put_text(&e->out, "from", row.from_company);
		manifest_put_text(&e->out, "to", row.to_company);
		manifest_put_text(&e->out, "status", "active");
		manifest_put_item_end(&e->out);
	}
	manifest_put_list_end(&e->out, &list);
	return r;
}

static void put_head(struct export *e)
{
	manifest_put_begin(&e->out);
	if (e->request->set)
		manifest_put_text(&e->out, "set", e->request->set);
}

static int put_one(struct export *e)
{
	struct manifest_parts list = { .key = "companies" };
	struct company company;
	int r = company_need(e->w, "company.show", e->request->company, &company);

	if (r < 0)
		return r;
	if (!strcmp(company.status, "unregistered"))
		return company_check_registered(e->w, &company);
	put_head(e);
	r = put_company(e, &list, &company);
	manifest_put_list_end(&e->out, &list);
	return r;
}

static int put_all(struct export *e)
{
	int r;

	put_head(e);
	r = put_settings(e);
	if (r >= 0)
		r = put_companies(e);
	if (r >= 0)
		r = put_groups(e);
	return r >= 0 ? put_connections(e) : r;
}

static int export_body(struct work *w, void *arg)
{
	struct export *e = arg;
	int64_t viewer;
	int r = policy_need_list(w, "portal.export", &viewer);

	if (r >= 0 && e->request->set)
		r = manifest_check_set(e->request->set, w->err);
	if (r < 0)
		return r;
	e->w = w;
	e->out = (struct manifest_writer){ .to = e->to, .form = e->request->form };
	r = e->request->company ? put_one(e) : put_all(e);
	if (r < 0)
		return r;
	manifest_put_end(&e->out);
	return 0;
}

int portal_export(struct portal *portal, const struct portal_export_request *request,
	struct portal_writer *writer, struct portal_error *err)
{
	struct export e = { .request = request, .to = writer };
	const int r = work_read(portal, export_body, &e, err);

	arena_release(&e.scratch);
	return r;
}
