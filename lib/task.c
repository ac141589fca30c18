#include <portal/task.h>

#include <string.h>

#include "attachment.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "comment-private.h"
#include "company-private.h"
#include "list.h"
#include "policy.h"
#include "project-private.h"
#include "task-date.h"
#include "task-private.h"
#include "text/writer.h"

#define STATUS_WORDS \
	{ "todo", NC_("task", "to do") }, { "doing", NC_("task", "being done") }, \
		{ "done", NC_("task", "done") }, \
	{ \
		"cancelled", NC_("task", "cancelled") \
	}

const struct portal_word task_statuses[] = { STATUS_WORDS, { NULL, NULL } };

const struct portal_word task_filter_statuses[] = { STATUS_WORDS, { "open", NC_("task", "open") },
	{ NULL, NULL } };

const struct portal_word task_visibilities[] = { { "yes", N_("yes") }, { "no", N_("no") },
	{ NULL, NULL } };

#define TASK_FIELDS \
	PORTAL_FIELD(struct task, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct task, title, N_("TITLE")), \
		PORTAL_FIELD( \
			struct task, description, N_("DESCRIPTION"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct task, company_tax_id, N_("TAX ID"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct task, company_name, N_("COMPANY")), \
		PORTAL_FIELD( \
			struct task, ticket_number, N_("TICKET"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct task, project_id, N_("PROJECT"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct task, process_id, N_("PROCESS"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct task, due_on, N_("DUE BY"), .flags = PORTAL_FIELD_DATE), \
		PORTAL_FIELD(struct task, assignee_email, N_("ASSIGNEE")), \
		PORTAL_FIELD(struct task, assignee_name, N_("ASSIGNEE'S NAME"), \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct task, status, N_("STATUS"), .words = task_statuses), \
		PORTAL_FIELD(struct task, progress_percent, N_("PROGRESS"), \
			.flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct task, checklist, N_("CHECKLIST"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct task, waits_for, N_("WAITS FOR"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct task, comments, N_("COMMENTS"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct task, attachments, N_("ATTACHMENTS"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct task, visible_to_client, N_("VISIBLE"), \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct task, recurrence_id, N_("RECURRENCE"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct task, competence, N_("COMPETENCE"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct task, created_at, N_("CREATED"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct task, updated_at, N_("UPDATED"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct task, started_at, N_("STARTED"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct task, ended_at, N_("ENDED"), .flags = PORTAL_FIELD_WIDE)

static const struct portal_field task_fields[] = { TASK_FIELDS, PORTAL_FIELDS_END };

const struct portal_record task_record = { "task", sizeof(struct task), task_fields };

static const struct portal_field row_fields[] = {
	TASK_FIELDS,
	PORTAL_FIELD(struct task_row, company_id, NULL),
	PORTAL_FIELD(struct task_row, assignee_id, NULL),
	PORTAL_FIELDS_END,
};

const struct portal_record task_row_record = { "task", sizeof(struct task_row), row_fields };

struct item_row {
	int64_t number;
	const char *text;
	bool done;
};

static const struct portal_field item_fields[] = {
	PORTAL_FIELD(struct item_row, number, NULL),
	PORTAL_FIELD(struct item_row, text, NULL),
	PORTAL_FIELD(struct item_row, done, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record item_record = { "item", sizeof(struct item_row), item_fields };

static int items_json(struct work *w, int64_t id, portal_json *ret)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	_cleanup_buf_ struct buf buf;
	struct item_row row;
	int r;

	buf_init(&buf);
	buf_char(&buf, '[');
	r = store_rows(w->tx, Q_TASK_ITEMS, ARGS(A(id)), &item_record, &row, &rows);
	while (r >= 0 && (r = store_next(rows)) > 0) {
		buf_printf(&buf, "%s{\"number\":%lld,\"text\":", buf.len > 1 ? "," : "",
			(long long)row.number);
		json_put_string(&buf, row.text);
		buf_printf(&buf, ",\"done\":%s}", row.done ? "true" : "false");
	}
	return r < 0 ? r : comment_json_end(w, &buf, ret);
}

struct wait_row {
	int64_t id;
};

static const struct portal_field wait_fields[] = { PORTAL_FIELD(struct wait_row, id, NULL),
	PORTAL_FIELDS_END };

static const struct portal_record wait_record = { "task", sizeof(struct wait_row), wait_fields };

int task_waits_json(struct work *w, int64_t id, portal_json *ret)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	_cleanup_buf_ struct buf buf;
	struct wait_row row;
	int r;

	buf_init(&buf);
	buf_char(&buf, '[');
	r = store_rows(w->tx, Q_TASK_WAITS, ARGS(A(id), A(comment_sees_all(w))), &wait_record, &row,
		&rows);
	while (r >= 0 && (r = store_next(rows)) > 0) {
		buf_str(&buf, buf.len > 1 ? "," : "");
		json_put_id(&buf, work_shown_id(w, WORK_MADE_TASK, row.id));
	}
	return r < 0 ? r : comment_json_end(w, &buf, ret);
}

/* What stands in other tables. */
static int fill(struct work *w, struct task *task)
{
	const struct comment_about about = { .task_id = { task->id } };
	int r = items_json(w, task->id, &task->checklist);

	if (r >= 0)
		r = task_waits_json(w, task->id, &task->waits_for);
	if (r >= 0)
		r = comment_list_json(w, &about, &task->comments);
	return r < 0 ? r : attachment_json(w, "task", task->id, &task->attachments);
}

int task_by_id(struct work *w, int64_t id, struct task_row *ret)
{
	struct task_row row = { 0 };
	int r = store_get(w->tx, Q_TASK_BY_ID, ARGS(A(id)), w->arena, &task_row_record, &row);

	if (r > 0 && fill(w, &row.task) < 0)
		return -(int)w->err->code;
	if (r > 0)
		*ret = row;
	return r;
}

/* One that is not visible to clients is nobody's but the office's. */
int task_need(struct work *w, const char *action, int64_t id, struct task_row *ret)
{
	struct task_row row = { 0 };
	const int found = task_by_id(w, id, &row);
	const struct policy_object object = {
		.kind = "task", .id = id, .owner = row.task.visible_to_client ? row.company_id : 0
	};
	const int r = policy_need_found(w, action, object, found);

	if (r >= 0)
		*ret = row;
	return r;
}

int task_give(struct work *w, int64_t id, int changed, struct task *ret)
{
	struct task_row row;
	const int r = changed < 0 ? changed : task_by_id(w, id, &row);

	if (r < 0)
		return r;
	WORK_GIVE(w, ret, row.task);
	return changed;
}

struct showing {
	int64_t id;
	struct task *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct showing *showing = arg;
	struct task_row row;
	const int r = task_need(w, "task.show", showing->id, &row);

	if (r >= 0)
		WORK_GIVE(w, showing->ret, row.task);
	return r;
}

int task_show(struct portal *portal, int64_t id, struct task *ret_task, struct portal_error *err)
{
	struct showing showing = { id, ret_task };

	return work_read(portal, show_body, &showing, err);
}

const struct portal_word task_sorts[] = { { "id", NULL }, { "title", NULL }, { "due_on", NULL },
	{ "created_at", NULL }, { "updated_at", NULL }, { NULL, NULL } };

struct listing {
	const struct task_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int finish_row(struct work *w, void *row, void *arg)
{
	(void)arg;
	return fill(w, row);
}

/* What the words of a filter mean. */
struct scope {
	int64_t of, viewer, group, ticket, project, process, visible;
	const char *before, *after;
};

static int read_dates(struct work *w, const struct task_filter *f, struct scope *ret)
{
	int64_t day;
	int r = 0;

	ret->before = f->due_before ? f->due_before : "";
	ret->after = f->due_after ? f->due_after : "";
	if (*ret->before)
		r = task_date_read(w, ret->before, "due-before", &day);
	if (r >= 0 && *ret->after)
		r = task_date_read(w, ret->after, "due-after", &day);
	return r;
}

static int find_scope(struct work *w, const struct task_filter *f, struct scope *ret)
{
	struct company company = { 0 };
	int r = policy_need_list(w, "task.list", &ret->viewer);

	if (r >= 0 && f->company)
		r = company_need(w, "company.show", f->company, &company);
	if (r >= 0)
		r = read_dates(w, f, ret);
	if (r >= 0)
		r = task_filter_ticket(w, f->ticket, &ret->ticket);
	if (r < 0)
		return r;
	ret->group = ret->viewer ? policy_list_group(w, "task.list") : 0;
	ret->of = company.id || ret->group ? company.id : ret->viewer;
	ret->visible = !f->visible ? -1 : !strcmp(f->visible, "yes");
	ret->project = f->project;
	ret->process = f->process;
	return 0;
}

static enum store_query by_id(const struct scope *scope)
{
	if (scope->of)
		return Q_TASK_LIST_OF;
	return scope->group ? Q_TASK_LIST_GROUP : Q_TASK_LIST;
}

static int read_list(struct work *w, const struct task_filter *f, struct list *list)
{
	struct scope scope = { 0 };
	const int r = find_scope(w, f, &scope);

	if (r < 0)
		return r;
	list->statements =
		(struct list_statements){ by_id(&scope), Q_TASK_LIST_UP, Q_TASK_LIST_DOWN };
	return list_read(list, LIST_ARGS(A(scope.of), A(f->status ? f->status : ""),
				       A(f->assignee ? f->assignee : ""), A(scope.before),
				       A(scope.after), A(scope.project), A(scope.process),
				       A(scope.visible), A(list_pattern(w, f->search)),
				       A(scope.viewer), A(scope.group), A(scope.ticket)));
}

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	struct task_row row = { 0 };
	struct list list = { .w = w,
		.page = &listing->filter->page,
		.sorts = task_sorts,
		.record = &task_row_record,
		.row = &row,
		.finish = finish_row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };

	return read_list(w, listing->filter, &list);
}

int task_list(struct portal *portal, const struct task_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
