#include <portal/group.h>

#include <string.h>

#include "base/i18n.h"
#include "company-private.h"
#include "group-private.h"
#include "list.h"
#include "policy.h"

static const struct portal_field group_fields[] = {
	PORTAL_FIELD(struct group, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct group, main_country, N_("COUNTRY"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct group, main_tax_id, N_("MAIN COMPANY")),
	PORTAL_FIELD(struct group, name, N_("NAME")),
	PORTAL_FIELD(struct group, members, N_("MEMBERS")),
	PORTAL_FIELD(struct group, created_at, N_("CREATED"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct group, updated_at, N_("UPDATED"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELDS_END,
};

const struct portal_record group_record = { "group", sizeof(struct group), group_fields };

/* A row of the table; the members come from another one. */
static const struct portal_field row_fields[] = {
	PORTAL_FIELD(struct group, id, NULL),
	PORTAL_FIELD(struct group, main_country, NULL),
	PORTAL_FIELD(struct group, main_tax_id, NULL),
	PORTAL_FIELD(struct group, name, NULL),
	PORTAL_FIELD(struct group, created_at, NULL),
	PORTAL_FIELD(struct group, updated_at, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "group", sizeof(struct group), row_fields };

struct member_row {
	int64_t id;
	const char *country, *tax_id;
};

static const struct portal_field member_fields[] = {
	PORTAL_FIELD(struct member_row, id, NULL),
	PORTAL_FIELD(struct member_row, country, NULL),
	PORTAL_FIELD(struct member_row, tax_id, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record member_record = { "company", sizeof(struct member_row),
	member_fields };

/* Lines in an arena, which grow by doubling. */
struct lines {
	char *text;
	size_t len, room;
};

static void add_line(struct arena *arena, struct lines *lines, const struct member_row *row)
{
	const bool local = !strcmp(row->country, "BR");
	const size_t most = strlen(row->country) + strlen(row->tax_id) + 3;

	if (lines->len + most > lines->room) {
		char *grown = arena_alloc(arena, 2 * lines->room + most);

		if (lines->len)
			memcpy(grown, lines->text, lines->len);
		lines->room = 2 * lines->room + most;
		lines->text = grown;
	}
	if (lines->len)
		lines->text[lines->len++] = '\n';
	for (const char *c = local ? "" : row->country; *c; c++)
		lines->text[lines->len++] = *c;
	if (!local)
		lines->text[lines->len++] = ':';
	for (const char *c = row->tax_id; *c; c++)
		lines->text[lines->len++] = *c;
	lines->text[lines->len] = '\0';
}

static int read_members(struct work *w, struct group *group)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct lines lines = { .len = 0 };
	struct member_row row;
	int r = store_rows(w->tx, Q_GROUP_MEMBERS, ARGS(A(group->id)), &member_record, &row, &rows);

	while (r >= 0 && (r = store_next(rows)) > 0)
		add_line(w->arena, &lines, &row);
	group->members.lines = lines.text;
	return r < 0 ? r : 0;
}

int group_of_main(struct work *w, int64_t main_id, struct group *ret)
{
	struct group group;
	int r = store_get(w->tx, Q_GROUP_OF_MAIN, ARGS(A(main_id)), w->arena, &row_record, &group);

	if (r > 0 && read_members(w, &group) < 0)
		return -(int)w->err->code;
	if (r > 0)
		*ret = group;
	return r;
}

int group_main_of(struct work *w, int64_t company_id, int64_t *ret_main_id)
{
	*ret_main_id = 0;
	return store_get_int(w->tx, Q_COMPANY_MAIN, ARGS(A(company_id)), ret_main_id);
}

struct call {
	const char *main;
	struct group *ret;
};

/* Finds a group by its main company, and asks whether the actor may see it. */
static int show_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct company company;
	struct group group;
	int r = company_named(w, call->main, &company);

	if (r > 0)
		r = group_of_main(w, company.id, &group);
	if (r == 0)
		return work_not_found(w, "group", call->main);
	if (r > 0)
		r = policy_need(w, "group.show",
			&(struct policy_object){ .kind = "group",
				.id = group.id,
				.named = call->main,
				.owner = company.id });
	if (r >= 0)
		WORK_GIVE(w, call->ret, group);
	return r;
}

int group_show(
	struct portal *portal, const char *main, struct group *ret_group, struct portal_error *err)
{
	struct call call = { main, ret_group };

	return work_read(portal, show_body, &call, err);
}

struct listing {
	const struct group_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int finish_row(struct work *w, void *row, void *arg)
{
	(void)arg;
	return read_members(w, row);
}

/* Which main company the list is of, by the filter and by what the viewer may see;
 * -1: none at all. */
static int narrow(
	struct work *w, const struct group_filter *f, int64_t *ret_asked, int64_t *ret_own)
{
	struct company company;
	int64_t viewer;
	int r = policy_need_list(w, "group.list", &viewer);

	*ret_asked = 0;
	*ret_own = 0;
	if (r < 0)
		return r;
	if (viewer)
		*ret_own = w->actor->main_id ? w->actor->main_id : -1;
	if (!f->company)
		return 0;
	r = company_need(w, "company.show", f->company, &company);
	if (r >= 0)
		r = group_main_of(w, company.id, ret_asked);
	if (*ret_asked == 0)
		*ret_asked = -1;
	return r;
}

const struct portal_word group_sorts[] = { { "id", NULL }, { "name", NULL }, { NULL, NULL } };

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct group_filter *f = listing->filter;
	struct group row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = group_sorts,
		.statements = { Q_GROUP_LIST, Q_GROUP_LIST_UP, Q_GROUP_LIST_DOWN },
		.record = &row_record,
		.row = &row,
		.finish = finish_row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	int64_t asked, own;
	const int r = narrow(w, f, &asked, &own);

	if (r < 0)
		return r;
	return list_read(&list, LIST_ARGS(A(asked), A(list_pattern(w, f->search)), A(own)));
}

int group_list(struct portal *portal, const struct group_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
