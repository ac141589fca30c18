#include <portal/process.h>

#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "comment-private.h"
#include "company-private.h"
#include "list.h"
#include "policy.h"
#include "process-private.h"
#include "task-private.h"
#include "text/writer.h"

const struct portal_word process_statuses[] = {
	{ "running", NC_("process", "running") },
	{ "done", NC_("process", "done") },
	{ "cancelled", NC_("process", "cancelled") },
	{ NULL, NULL },
};

#define PROCESS_FIELDS \
	PORTAL_FIELD(struct process, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct process, template, N_("TEMPLATE")), \
		PORTAL_FIELD( \
			struct process, company_tax_id, N_("TAX ID"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct process, company_name, N_("COMPANY")), \
		PORTAL_FIELD( \
			struct process, ticket_number, N_("TICKET"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct process, status, N_("STATUS"), .words = process_statuses), \
		PORTAL_FIELD(struct process, progress_percent, N_("PROGRESS"), \
			.flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct process, steps, N_("STEPS"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct process, started_at, N_("STARTED")), \
		PORTAL_FIELD(struct process, ended_at, N_("ENDED"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct process, updated_at, N_("UPDATED"), .flags = PORTAL_FIELD_WIDE)

static const struct portal_field process_fields[] = { PROCESS_FIELDS, PORTAL_FIELDS_END };

const struct portal_record process_record = { "process", sizeof(struct process), process_fields };

static const struct portal_field row_fields[] = {
	PROCESS_FIELDS,
	PORTAL_FIELD(struct process_row, company_id, NULL),
	PORTAL_FIELD(struct process_row, final, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "process", sizeof(struct process_row),
	row_fields };

/* Of a step. */
static const struct portal_field step_fields[] = {
	PORTAL_FIELD(struct task, id, NULL),
	PORTAL_FIELD(struct task, title, NULL),
	PORTAL_FIELD(struct task, status, NULL),
	PORTAL_FIELD(struct task, due_on, NULL),
	PORTAL_FIELD(struct task, assignee_email, NULL),
	PORTAL_FIELD(struct task, progress_percent, NULL),
	PORTAL_FIELD(struct task, visible_to_client, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record step_record = { "task", sizeof(struct task), step_fields };

static int put_step(struct work *w, struct buf *buf, const struct task *step)
{
	portal_json waits = { "[]" };
	const int r = task_waits_json(w, step->id, &waits);

	buf_str(buf, buf->len > 1 ? ",{\"task_id\":" : "{\"task_id\":");
	json_put_id(buf, work_shown_id(w, WORK_MADE_TASK, step->id));
	json_put_member(buf, "title", step->title);
	json_put_member(buf, "status", step->status);
	json_put_member(buf, "due_on", step->due_on);
	json_put_member(buf, "assignee_email", step->assignee_email);
	buf_printf(buf, ",\"progress_percent\":%lld,\"waits_for\":%s}",
		(long long)step->progress_percent, waits.text);
	return r;
}

static int fill(struct work *w, struct process *process)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	_cleanup_buf_ struct buf buf;
	struct task step = { 0 };
	int r;

	buf_init(&buf);
	buf_char(&buf, '[');
	r = store_rows(w->tx, Q_PROCESS_STEPS, ARGS(A(process->id), A(comment_sees_all(w))),
		&step_record, &step, &rows);
	while (r >= 0 && (r = store_next(rows)) > 0)
		r = put_step(w, &buf, &step);
	return r < 0 ? r : comment_json_end(w, &buf, &process->steps);
}

int process_by_id(struct work *w, int64_t id, struct process_row *ret)
{
	struct process_row row = { 0 };
	const int r = store_get(w->tx, Q_PROCESS_BY_ID, ARGS(A(id), A(comment_sees_all(w))),
		w->arena, &row_record, &row);

	if (r > 0 && fill(w, &row.process) < 0)
		return -(int)w->err->code;
	if (r > 0)
		*ret = row;
	return r;
}

/* One without a step that is visible to clients is nobody's but the office's. */
int process_need(struct work *w, const char *action, int64_t id, struct process_row *ret)
{
	struct process_row row = { 0 };
	int64_t shown = 0;
	const int found = process_by_id(w, id, &row);
	struct policy_object object = { .kind = "process", .id = id };
	int r = store_get_int(w->tx, Q_PROCESS_SHOWN, ARGS(A(id)), &shown);

	object.owner = shown ? row.company_id : 0;
	if (r >= 0)
		r = policy_need_found(w, action, object, found);
	if (r >= 0)
		*ret = row;
	return r;
}

int process_check_running(struct work *w, int64_t id)
{
	struct process_row row = { 0 };
	const int r = process_by_id(w, id, &row);

	if (r < 0 || !row.final)
		return r < 0 ? r : 0;
	portal_fail(w->err, PORTAL_WRONG_STATE, _("process '%lld' was cancelled"), (long long)id);
	return portal_about(w->err, "process", id);
}

/* What ended a process: its last step, or someone for good. */
enum ending { BY_STEPS, FOR_GOOD };

static int put_status(
	struct work *w, const struct process *was, const char *status, enum ending ending)
{
	const portal_time ended = { strcmp(status, "running") != 0 ? w->now.ms : 0 };
	const bool final = ending == FOR_GOOD;
	int r;

	if (!final && !strcmp(was->status, status))
		return 0;
	r = store_put(w->tx, Q_PROCESS_SET_STATUS,
		ARGS(A(was->id), A(status), A(ended), A(w->now), A(final)));
	if (r >= 0)
		r = audit_add(w, final ? "process.cancel" : "process.settle", "process", was->id,
			CHANGES({ "status", was->status, status }));
	return r < 0 ? r : 1;
}

int process_settle(struct work *w, int64_t id)
{
	struct process_row row = { 0 };
	int64_t open = 0, done = 0;
	int r = process_by_id(w, id, &row);

	if (r >= 0)
		r = store_get_int(w->tx, Q_PROCESS_OPEN_STEPS, ARGS(A(id)), &open);
	if (r >= 0)
		r = store_get_int(w->tx, Q_PROCESS_DONE_STEPS, ARGS(A(id)), &done);
	if (r < 0 || row.final)
		return r < 0 ? r : 0;
	return put_status(w, &row.process,
		open   ? "running"
		: done ? "done"
		       : "cancelled",
		BY_STEPS);
}

struct call {
	int64_t id;
	struct process *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct process_row row;
	const int r = process_need(w, "process.show", call->id, &row);

	if (r >= 0)
		WORK_GIVE(w, call->ret, row.process);
	return r;
}

int process_show(
	struct portal *portal, int64_t id, struct process *ret_process, struct portal_error *err)
{
	struct call call = { id, ret_process };

	return work_read(portal, show_body, &call, err);
}

/* The process first: what its last step would make of it is not asked then. */
static int cancel(struct work *w, const struct process *process)
{
	int64_t step = 0;
	int r = put_status(w, process, "cancelled", FOR_GOOD);

	while (r >= 0) {
		struct task_row row;
		int64_t id = 0;

		r = store_get_int(w->tx, Q_PROCESS_NEXT_OPEN, ARGS(A(process->id), A(step)), &id);
		if (r <= 0)
			break;
		r = task_by_id(w, id, &row);
		if (r >= 0)
			r = task_put_status(w, "task.cancel", &row, "cancelled", TASK_BY_VERB);
		step++;
	}
	return r < 0 ? r : 1;
}

static int cancel_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct process_row row;
	int changed = 0, r = process_need(w, "process.cancel", call->id, &row);

	if (r >= 0 && !strcmp(row.process.status, "done")) {
		portal_fail(w->err, PORTAL_WRONG_STATE, _("process '%lld' is done"),
			(long long)call->id);
		return portal_about(w->err, "process", call->id);
	}
	if (r >= 0 && !row.final)
		r = changed = cancel(w, &row.process);
	if (r >= 0)
		r = process_by_id(w, call->id, &row);
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, row.process);
	return changed;
}

int process_cancel(
	struct portal *portal, int64_t id, struct process *ret_process, struct portal_error *err)
{
	struct call call = { id, ret_process };

	return work_write(portal, cancel_body, &call, err);
}

const struct portal_word process_sorts[] = { { "id", NULL }, { "started_at", NULL },
	{ NULL, NULL } };

struct listing {
	const struct process_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int finish_row(struct work *w, void *row, void *arg)
{
	(void)arg;
	return fill(w, row);
}

static int read_list(struct work *w, const struct process_filter *f, struct list *list)
{
	struct company company = { 0 };
	int64_t viewer, group, ticket;
	int r = policy_need_list(w, "process.list", &viewer);

	if (r >= 0 && f->company)
		r = company_need(w, "company.show", f->company, &company);
	if (r >= 0)
		r = task_filter_ticket(w, f->ticket, &ticket);
	if (r < 0)
		return r;
	group = viewer ? policy_list_group(w, "process.list") : 0;
	return list_read(list, LIST_ARGS(A(company.id), A(f->status ? f->status : ""), A(viewer),
				       A(group), A(list_pattern(w, f->search)), A(ticket)));
}

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	struct process_row row = { 0 };
	struct list list = { .w = w,
		.page = &listing->filter->page,
		.sorts = process_sorts,
		.statements = { Q_PROCESS_LIST, Q_PROCESS_LIST_UP, Q_PROCESS_LIST_DOWN },
		.record = &row_record,
		.row = &row,
		.finish = finish_row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };

	return read_list(w, listing->filter, &list);
}

int process_list(struct portal *portal, const struct process_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
