#include <portal/project.h>

#include "base/i18n.h"
#include "comment-private.h"
#include "company-private.h"
#include "list.h"
#include "policy.h"
#include "project-private.h"

const struct portal_word project_statuses[] = {
	{ "open", NC_("project", "open") },
	{ "closed", NC_("project", "closed") },
	{ NULL, NULL },
};

#define PROJECT_FIELDS \
	PORTAL_FIELD(struct project, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct project, name, N_("NAME")), \
		PORTAL_FIELD(struct project, description, N_("DESCRIPTION"), \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct project, company_tax_id, N_("TAX ID"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct project, company_name, N_("COMPANY")), \
		PORTAL_FIELD(struct project, status, N_("STATUS"), .words = project_statuses), \
		PORTAL_FIELD(struct project, progress_percent, N_("PROGRESS"), \
			.flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD( \
			struct project, comments, N_("COMMENTS"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct project, created_at, N_("CREATED")), \
		PORTAL_FIELD( \
			struct project, updated_at, N_("UPDATED"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct project, closed_at, N_("CLOSED"), .flags = PORTAL_FIELD_WIDE)

static const struct portal_field project_fields[] = { PROJECT_FIELDS, PORTAL_FIELDS_END };

const struct portal_record project_record = { "project", sizeof(struct project), project_fields };

static const struct portal_field row_fields[] = {
	PROJECT_FIELDS,
	PORTAL_FIELD(struct project_row, company_id, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "project", sizeof(struct project_row),
	row_fields };

static int fill(struct work *w, struct project *project)
{
	const struct comment_about about = { .project_id = { project->id } };

	return comment_list_json(w, &about, &project->comments);
}

int project_by_id(struct work *w, int64_t id, struct project_row *ret)
{
	struct project_row row = { 0 };
	const int r = store_get(w->tx, Q_PROJECT_BY_ID, ARGS(A(id), A(comment_sees_all(w))),
		w->arena, &row_record, &row);

	if (r > 0 && fill(w, &row.project) < 0)
		return -(int)w->err->code;
	if (r > 0)
		*ret = row;
	return r;
}

int project_need(struct work *w, const char *action, int64_t id, struct project_row *ret)
{
	struct project_row row = { 0 };
	const int found = project_by_id(w, id, &row);
	const struct policy_object object = {
		.kind = "project", .id = id, .owner = row.company_id
	};
	const int r = policy_need_found(w, action, object, found);

	if (r >= 0)
		*ret = row;
	return r;
}

int project_give(struct work *w, int64_t id, int changed, struct project *ret)
{
	struct project_row row;
	const int r = changed < 0 ? changed : project_by_id(w, id, &row);

	if (r < 0)
		return r;
	WORK_GIVE(w, ret, row.project);
	return changed;
}

struct showing {
	int64_t id;
	struct project *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct showing *showing = arg;
	struct project_row row;
	const int r = project_need(w, "project.show", showing->id, &row);

	if (r >= 0)
		WORK_GIVE(w, showing->ret, row.project);
	return r;
}

int project_show(
	struct portal *portal, int64_t id, struct project *ret_project, struct portal_error *err)
{
	struct showing showing = { id, ret_project };

	return work_read(portal, show_body, &showing, err);
}

const struct portal_word project_sorts[] = { { "id", NULL }, { "name", NULL },
	{ "created_at", NULL }, { "updated_at", NULL }, { NULL, NULL } };

struct listing {
	const struct project_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int finish_row(struct work *w, void *row, void *arg)
{
	(void)arg;
	return fill(w, row);
}

static int read_list(struct work *w, const struct project_filter *f, struct list *list)
{
	struct company company = { 0 };
	int64_t viewer, group;
	int r = policy_need_list(w, "project.list", &viewer);

	if (r >= 0 && f->company)
		r = company_need(w, "company.show", f->company, &company);
	if (r < 0)
		return r;
	group = viewer ? policy_list_group(w, "project.list") : 0;
	return list_read(list, LIST_ARGS(A(company.id), A(f->status ? f->status : ""), A(viewer),
				       A(group), A(list_pattern(w, f->search))));
}

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	struct project_row row = { 0 };
	struct list list = { .w = w,
		.page = &listing->filter->page,
		.sorts = project_sorts,
		.statements = { Q_PROJECT_LIST, Q_PROJECT_LIST_UP, Q_PROJECT_LIST_DOWN },
		.record = &row_record,
		.row = &row,
		.finish = finish_row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };

	return read_list(w, listing->filter, &list);
}

int project_list(struct portal *portal, const struct project_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
