/* What becomes of a task: its status, its checklist, what is said of it. */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "comment-private.h"
#include "process-private.h"
#include "task-private.h"

bool task_is_end(const char *status)
{
	return !strcmp(status, "done") || !strcmp(status, "cancelled");
}

int task_ended(struct work *w, const struct task_row *row)
{
	portal_fail(w->err, PORTAL_WRONG_STATE, _("task '%lld' is %s"), (long long)row->task.id,
		portal_word_text(task_statuses, row->task.status));
	portal_hint(w->err, "portalctl task set %lld --status todo", (long long)row->task.id);
	return portal_about(w->err, "task", row->task.id);
}

/* A step begins when those before it have ended. */
static int check_waits(struct work *w, const struct task_row *row)
{
	const char *list = row->task.waits_for.text;

	if (!strcmp(list, "[]"))
		return 0;
	portal_fail(w->err, PORTAL_WRONG_STATE, _("task '%lld' waits for task '%.*s'"),
		(long long)row->task.id, (int)strcspn(list + 1, ",]"), list + 1);
	return portal_about(w->err, "task", row->task.id);
}

int task_check_passing(
	struct work *w, const struct task_row *row, const char *status, enum task_passing passing)
{
	int r = 0;

	if (!strcmp(row->task.status, status))
		return 0;
	if (passing == TASK_BY_VERB && task_is_end(row->task.status))
		return task_ended(w, row);
	if (strcmp(status, "cancelled") != 0 && row->task.process_id.id)
		r = process_check_running(w, row->task.process_id.id);
	if (r >= 0 && (!strcmp(status, "doing") || !strcmp(status, "done")))
		r = check_waits(w, row);
	return r;
}

int task_put_status(struct work *w, const char *action, const struct task_row *row,
	const char *status, enum task_passing passing)
{
	const portal_time none = { 0 };
	const bool begun = row->task.started_at.ms || !strcmp(status, "doing");
	portal_time started = row->task.started_at.ms ? row->task.started_at : w->now;
	int r;

	if (!strcmp(row->task.status, status))
		return 0;
	r = task_check_passing(w, row, status, passing);
	if (r < 0)
		return r;
	if (!strcmp(status, "todo") || !begun)
		started = none;
	r = store_put(w->tx, Q_TASK_SET_STATUS,
		ARGS(A(row->task.id), A(status), A(started), A(task_is_end(status) ? w->now : none),
			A(w->now)));
	if (r >= 0)
		r = audit_add(w, action, "task", row->task.id,
			CHANGES({ "status", row->task.status, status }));
	if (r >= 0 && row->task.process_id.id && task_is_end(status))
		r = task_tell_freed(w, row->task.id);
	if (r >= 0 && row->task.process_id.id)
		r = process_settle(w, row->task.process_id.id);
	return r < 0 ? r : 1;
}

/* A call of any of the verbs here. */
struct call {
	int64_t id;
	const char *action, *status;
	const struct task_comment *comment;
	int64_t item;
	enum task_tick tick;
	struct task *ret;
};

static int status_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct task_row row;
	int r = task_need(w, call->action, call->id, &row);

	if (r >= 0)
		r = task_put_status(w, call->action, &row, call->status, TASK_BY_VERB);
	return task_give(w, call->id, r, call->ret);
}

int task_start(struct portal *portal, int64_t id, struct task *ret_task, struct portal_error *err)
{
	struct call call = { .id = id, .action = "task.start", .status = "doing", .ret = ret_task };

	return work_write(portal, status_body, &call, err);
}

int task_done(struct portal *portal, int64_t id, struct task *ret_task, struct portal_error *err)
{
	struct call call = { .id = id, .action = "task.done", .status = "done", .ret = ret_task };

	return work_write(portal, status_body, &call, err);
}

int task_cancel(struct portal *portal, int64_t id, struct task *ret_task, struct portal_error *err)
{
	struct call call = {
		.id = id, .action = "task.cancel", .status = "cancelled", .ret = ret_task
	};

	return work_write(portal, status_body, &call, err);
}

static int no_item(struct work *w, const struct call *call)
{
	portal_fail(w->err, PORTAL_NOT_FOUND, _("task '%lld' has no item '%lld'"),
		(long long)call->id, (long long)call->item);
	return portal_about(w->err, "task", call->id);
}

static int tick(struct work *w, const struct call *call, const struct task_row *row)
{
	const int64_t want = call->tick == TASK_TICKED;
	int64_t is = 0;
	int r = store_get_int(w->tx, Q_TASK_ITEM_DONE, ARGS(A(call->id), A(call->item)), &is);

	if (r <= 0)
		return r < 0 ? r : no_item(w, call);
	if (is == want)
		return 0;
	if (task_is_end(row->task.status))
		return task_ended(w, row);
	r = store_put(w->tx, Q_TASK_ITEM_SET, ARGS(A(call->id), A(call->item), A(want)));
	if (r >= 0)
		r = store_put(w->tx, Q_TASK_REFRESH, ARGS(A(call->id), A(w->now)));
	if (r >= 0)
		r = audit_add(w, call->action, "task", call->id,
			CHANGES({ "item", NULL,
				arena_printf(w->arena, "%lld", (long long)call->item) }));
	return r < 0 ? r : 1;
}

static int check_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct task_row row;
	int r = task_need(w, call->action, call->id, &row);

	if (r >= 0)
		r = tick(w, call, &row);
	return task_give(w, call->id, r, call->ret);
}

int task_check(struct portal *portal, int64_t id, int64_t item, enum task_tick tick_or_not,
	struct task *ret_task, struct portal_error *err)
{
	struct call call = { .id = id,
		.item = item,
		.tick = tick_or_not,
		.action = tick_or_not == TASK_TICKED ? "task.check" : "task.uncheck",
		.ret = ret_task };

	return work_write(portal, check_body, &call, err);
}

static int comment_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	const struct comment_about about = { .task_id = { call->id } };
	struct task_comment comment = *call->comment;
	struct task_row row;
	int r = task_need(w, "task.comment", call->id, &row);

	if (r >= 0 && comment.internal)
		r = task_need(w, "task.comment-internal", call->id, &row);
	if (r >= 0)
		r = comment_check(w, &comment);
	if (r >= 0)
		r = comment_insert(w, &about, &comment);
	if (r >= 0 && !comment.internal)
		r = store_put(w->tx, Q_TASK_REFRESH, ARGS(A(call->id), A(w->now)));
	if (r >= 0)
		r = audit_add(w, "task.comment", "task", call->id,
			CHANGES({ "internal", NULL, comment.internal ? "yes" : NULL }));
	if (r >= 0)
		r = task_tell_comment(w, &row, &comment);
	return task_give(w, call->id, r < 0 ? r : 1, call->ret);
}

int task_add_comment(struct portal *portal, const struct task_comment *comment,
	struct task *ret_task, struct portal_error *err)
{
	struct call call = { .id = comment->id, .comment = comment, .ret = ret_task };

	return work_write(portal, comment_body, &call, err);
}
