#include <portal/panel.h>

#include <stdlib.h>
#include <string.h>

#include <portal/arena.h>
#include <portal/document.h>
#include <portal/project.h>
#include <portal/sale.h>
#include <portal/task.h>
#include <portal/ticket.h>

#include "base/i18n.h"
#include "company-private.h"
#include "panel-private.h"
#include "policy.h"

static const struct portal_field fields[] = {
	PORTAL_FIELD(struct panel, company_tax_id, N_("TAX ID")),
	PORTAL_FIELD(struct panel, company_name, N_("COMPANY")),
	PORTAL_FIELD(struct panel, whole_group, N_("WHOLE GROUP")),
	PORTAL_FIELD(struct panel, at, N_("AT")),
	PORTAL_FIELD(struct panel, projects, N_("PROJECTS")),
	PORTAL_FIELD(struct panel, project_count, N_("PROJECTS IN ALL")),
	PORTAL_FIELD(struct panel, tasks, N_("TASKS")),
	PORTAL_FIELD(struct panel, task_count, N_("TASKS IN ALL")),
	PORTAL_FIELD(struct panel, sales, N_("SALES")),
	PORTAL_FIELD(struct panel, sale_count, N_("SALES IN ALL")),
	PORTAL_FIELD(struct panel, tickets, N_("TICKETS")),
	PORTAL_FIELD(struct panel, ticket_count, N_("TICKETS IN ALL")),
	PORTAL_FIELD(struct panel, documents, N_("DOCUMENTS")),
	PORTAL_FIELD(struct panel, document_count, N_("DOCUMENTS IN ALL")),
	PORTAL_FIELDS_END,
};

const struct portal_record panel_record = { "panel", sizeof(struct panel), fields };

struct source;

/* A section being read. */
struct walk {
	struct portal *portal;
	const char *company;
	const struct panel_scope *scope;
	const struct panel_visitor *visitor;
	const struct source *source;
	struct work *w;
	int64_t count;
	struct portal_list_end end;
};

struct source {
	const char *permission;
	int (*list)(struct walk *walk);
	struct panel_section section;
};

#define NEWEST_FIRST \
	{ \
		.sort = "-id" \
	}

static int visit(const void *row, void *arg);

static int list_projects(struct walk *walk)
{
	const struct project_filter filter = {
		.company = walk->company, .status = "open", .page = NEWEST_FIRST
	};

	return project_list(walk->portal, &filter, visit, walk, &walk->end, walk->w->err);
}

static int list_tasks(struct walk *walk)
{
	const struct task_filter filter = { .company = walk->company, .page = NEWEST_FIRST };

	return task_list(walk->portal, &filter, visit, walk, &walk->end, walk->w->err);
}

static int list_sales(struct walk *walk)
{
	const struct sale_filter filter = { .company = walk->company, .page = NEWEST_FIRST };

	return sale_list(walk->portal, &filter, visit, walk, &walk->end, walk->w->err);
}

static int list_tickets(struct walk *walk)
{
	const struct ticket_filter filter = { .company = walk->company,
		.statuses = (const char *const[]){ "any" },
		.status_count = 1,
		.page = NEWEST_FIRST };

	return ticket_list(walk->portal, &filter, visit, walk, &walk->end, walk->w->err);
}

static int list_documents(struct walk *walk)
{
	const struct document_filter filter = {
		.company = walk->company, .status = "published", .page = NEWEST_FIRST
	};

	return document_list(walk->portal, &filter, visit, walk, &walk->end, walk->w->err);
}

#define COLUMNS(...) \
	.columns = (const struct panel_column[]) \
	{ \
		__VA_ARGS__, { "company_name", N_("Company") }, \
		{ \
			NULL, NULL \
		} \
	}
#define DETAILS(...) \
	.details = (const struct panel_detail[]) \
	{ \
		__VA_ARGS__, \
		{ \
			NULL, NULL, NULL \
		} \
	}
#define PLACE(kind) \
	.rows = offsetof(struct panel, kind##s), .count = offsetof(struct panel, kind##_count)

static const struct source sources[] = {
	{ "project.list", list_projects,
		{ N_("Projects"), &project_record,
			COLUMNS({ "name", N_("Project") },
				{ "progress_percent", N_("Progress (%)") },
				{ "updated_at", N_("Updated") }),
			DETAILS({ "comments", N_("Comments"), "body" }), PLACE(project) } },
	{ "task.list", list_tasks,
		{ N_("Tasks"), &task_record,
			COLUMNS({ "title", N_("Task") }, { "due_on", N_("Due") },
				{ "status", N_("Status") },
				{ "progress_percent", N_("Progress (%)") }),
			DETAILS({ "checklist", N_("Checklist"), "text" },
				{ "attachments", N_("Files"), "name" },
				{ "comments", N_("Comments"), "body" }),
			PLACE(task) } },
	{ "sale.list", list_sales,
		{ N_("Sales"), &sale_record,
			COLUMNS({ "number", N_("Number") }, { "total_cents", N_("Total") },
				{ "status", N_("Status") }, { "valid_until", N_("Valid until") }),
			DETAILS({ "items", N_("Items"), "description" }), PLACE(sale) } },
	{ "ticket.list", list_tickets,
		{ N_("Support"), &ticket_record,
			COLUMNS({ "number", N_("Number") }, { "subject", N_("Subject") },
				{ "status", N_("Status") },
				{ "unread_count", N_("Unread answers") },
				{ "updated_at", N_("Updated") }),
			DETAILS({ NULL, NULL, NULL }), PLACE(ticket) } },
	{ "document.list", list_documents,
		{ N_("Documents"), &document_record,
			COLUMNS({ "title", N_("Title") }, { "competence", N_("Competence") },
				{ "due_on", N_("Due") }, { "amount_cents", N_("Amount") },
				{ "opened_count", N_("Times opened") }),
			DETAILS({ "attachments", N_("Files"), "name" }), PLACE(document) } },
	{ NULL, NULL, { 0 } },
};

static int visit(const void *row, void *arg)
{
	struct walk *walk = arg;

	if (walk->count++ >= PANEL_ROWS_MAX)
		return 0;
	return walk->visitor->row(&walk->source->section, row, walk->visitor->arg);
}

static int read_section(struct walk *walk)
{
	const struct panel_visitor *visitor = walk->visitor;
	const struct panel_section *section = &walk->source->section;
	int r = visitor->begin(&walk->scope->panel, section, visitor->arg);

	walk->count = 0;
	if (r >= 0)
		r = walk->source->list(walk);
	return r < 0 ? r : visitor->end(section, walk->count, visitor->arg);
}

static int read_sections(void *arg)
{
	struct walk *walk = arg;
	int r = 0;

	for (walk->source = sources; r >= 0 && walk->source->list; walk->source++)
		if (policy_may_list(walk->w, walk->source->permission))
			r = read_section(walk);
	return r;
}

int panel_walk(struct work *w, const struct panel_scope *scope, const struct panel_visitor *visitor)
{
	struct work reading = *w;
	struct walk walk = { .portal = w->portal,
		.company = scope->company,
		.scope = scope,
		.visitor = visitor,
		.w = &reading };

	reading.actor = &scope->reader;
	return work_together(&reading, read_sections, &walk);
}

static bool is_client(const struct work *w)
{
	return w->actor->as && !w->actor->staff;
}

static int find_company(struct work *w, const char *named, struct company *ret)
{
	if (named)
		return company_need(w, "company.show", named, ret);
	if (is_client(w))
		return company_by_id(w, w->actor->company_id, ret);
	portal_fail(w->err, PORTAL_USAGE, _("whose panel? name the company"));
	return portal_hint(w->err, "portalctl panel --company TAX-ID");
}

/* What the office looks at is what the client sees (P1). */
static struct actor reader_of(const struct work *w, const struct company *company)
{
	if (is_client(w))
		return *w->actor;
	return (struct actor){ .label = w->actor->label,
		.as = w->actor->label,
		.company_id = company->id,
		.admin = true };
}

int panel_find(struct work *w, const char *named, struct panel_scope *ret)
{
	struct policy_object object = { .kind = "company", .named = named };
	struct company company = { 0 };
	int r = find_company(w, named, &company);

	object.id = object.owner = company.id;
	if (r >= 0)
		r = policy_need(w, "panel.show", &object);
	if (r < 0)
		return r;
	*ret = (struct panel_scope){ .reader = reader_of(w, &company) };
	ret->panel.company_tax_id = company.tax_id;
	ret->panel.company_name = company.name;
	ret->panel.whole_group = !named && w->actor->main_id;
	ret->panel.at = w->now;
	if (!ret->panel.whole_group)
		ret->company = arena_printf(w->arena, "%lld", (long long)company.id);
	return 0;
}

/* The rows of the section at hand, as JSON. */
struct gathering {
	struct work *w;
	struct panel *panel;
	struct portal_writer *json;
	const struct portal_columns *columns;
	const char *before;
};

static portal_json *place(const struct gathering *g, size_t offset)
{
	return (portal_json *)(void *)((char *)g->panel + offset);
}

static int gather_begin(const struct panel *panel, const struct panel_section *section, void *arg)
{
	struct gathering *g = arg;

	(void)panel;
	g->before = "[";
	portal_writer_close(g->json);
	g->json = NULL;
	if (portal_columns_make(g->w->arena, section->record, NULL, &g->columns, g->w->err) < 0)
		return -(int)g->w->err->code;
	return portal_writer_open(&g->json, -1, g->w->err);
}

static int gather_row(const struct panel_section *section, const void *row, void *arg)
{
	struct gathering *g = arg;

	(void)section;
	portal_put(g->json, g->before);
	portal_put_record(g->json, g->columns, row);
	g->before = ",";
	return 0;
}

static int gather_end(const struct panel_section *section, int64_t count, void *arg)
{
	struct gathering *g = arg;

	portal_put(g->json, count ? "]" : "[]");
	place(g, section->rows)->text = arena_strdup(g->w->arena, portal_writer_text(g->json));
	place(g, section->count)->text = arena_printf(g->w->arena, "%lld", (long long)count);
	return 0;
}

struct call {
	const char *company;
	const struct panel_visitor *visitor;
	struct panel *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct panel_scope scope;
	int r = panel_find(w, call->company, &scope);
	struct gathering gathering = { .w = w, .panel = &scope.panel };
	const struct panel_visitor gatherer = { gather_begin, gather_row, gather_end, &gathering };

	if (r >= 0)
		r = panel_walk(w, &scope, call->visitor ? call->visitor : &gatherer);
	portal_writer_close(gathering.json);
	if (r >= 0)
		WORK_GIVE(w, call->ret, scope.panel);
	return r;
}

int panel_show(struct portal *portal, const char *company, struct panel *ret_panel,
	struct portal_error *err)
{
	struct call call = { company, NULL, ret_panel };

	return work_read(portal, show_body, &call, err);
}

int panel_visit(struct portal *portal, const char *company, const struct panel_visitor *visitor,
	struct panel *ret_panel, struct portal_error *err)
{
	struct call call = { company, visitor, ret_panel };

	return work_read(portal, show_body, &call, err);
}
