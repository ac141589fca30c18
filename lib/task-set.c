/* What changes the fields of a task. */
#include <string.h>

#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "comment-private.h"
#include "recurrence-private.h"
#include "target.h"
#include "task-date.h"

/* A task as it will be. */
struct changing {
	struct task_row now;
	portal_list items;
};

struct call {
	const struct task_change *change;
	struct task *ret;
};

static void check_texts(struct work *w, const struct task_change *q, struct changing *ret)
{
	struct task *now = &ret->now.task;
	const struct task_moving moving = { q->roll, q->calendar };

	if (q->title) {
		now->title = q->title;
		if (task_check_title(w, &now->title) < 0)
			portal_fault_add(w->err);
	}
	if (q->description) {
		now->description = comment_text(w, q->description, "description");
		if (!now->description)
			portal_fault_add(w->err);
	}
	if (!q->due_on && (q->roll || q->calendar)) {
		portal_fail(w->err, PORTAL_USAGE, _("'--roll' and '--calendar' need '--due'"));
		portal_fault_add(w->err);
	}
	if (q->due_on && task_due_read(w, q->due_on, &moving, &now->due_on) < 0)
		portal_fault_add(w->err);
	if (task_items_check(w, q->items, q->item_count, &ret->items) < 0)
		portal_fault_add(w->err);
}

static int read_project(
	struct work *w, const char *text, const struct task_row *row, portal_id *ret)
{
	int64_t id = 0;

	if (*text && !target_id(text, &id)) {
		work_not_found(w, "project", text);
		return portal_about_field(w->err, "project");
	}
	if (id == row->task.project_id.id)
		return 0;
	return task_find_project(w, id, row->company_id, ret);
}

static int change_assignee(struct work *w, const char *email, struct task_row *now)
{
	if (text_same(email, now->task.assignee_email))
		return 0;
	if (task_find_assignee(w, email, &now->assignee_id) < 0)
		return -(int)w->err->code;
	now->task.assignee_email = *email ? email_parse(w->arena, email, w->err) : NULL;
	return 0;
}

static void check_links(struct work *w, const struct task_change *q, struct changing *ret)
{
	struct task *now = &ret->now.task;

	if (q->project && read_project(w, q->project, &ret->now, &now->project_id) < 0)
		portal_fault_add(w->err);
	if (q->assignee && change_assignee(w, q->assignee, &ret->now) < 0)
		portal_fault_add(w->err);
	if (q->visible)
		now->visible_to_client = !strcmp(q->visible, "yes");
}

/* What the task must be like for it. */
static int check_state(struct work *w, const struct task_change *q, const struct task_row *was)
{
	int64_t month;

	if (q->status && !portal_word_known(task_statuses, q->status))
		return work_no_choice(w, task_statuses, q->status, "status");
	if (q->status && task_check_passing(w, was, q->status, TASK_CORRECTED) < 0)
		return -(int)w->err->code;
	if (q->until && !was->task.recurrence_id.id) {
		portal_fail(w->err, PORTAL_INVALID, _("task '%lld' does not come again"),
			(long long)q->id);
		return portal_about_field(w->err, "until");
	}
	if (q->until && *q->until && task_month_read(w, q->until, "until", &month) < 0)
		return -(int)w->err->code;
	if (q->item_count && task_is_end(was->task.status))
		return task_ended(w, was);
	return q->item_count ? task_items_room(w, q->id, q->item_count) : 0;
}

/* A project that is closed has no open work: what ended in it stays ended. */
static int check_reopening(struct work *w, const struct task_change *q, const struct task_row *was,
	const struct task_row *now)
{
	portal_id project;

	if (!q->status || !task_is_end(was->task.status) || task_is_end(q->status) ||
		now->task.project_id.id != was->task.project_id.id)
		return 0;
	return task_find_project(w, was->task.project_id.id, was->company_id, &project);
}

/* An empty text is none. */
static const char *or_none(const char *text)
{
	return text && *text ? text : NULL;
}

static bool is_same(const struct task_row *a, const struct task_row *b)
{
	return text_same(a->task.title, b->task.title) &&
	       text_same(a->task.description, b->task.description) &&
	       text_same(a->task.due_on, b->task.due_on) &&
	       a->assignee_id.id == b->assignee_id.id &&
	       a->task.project_id.id == b->task.project_id.id &&
	       a->task.visible_to_client == b->task.visible_to_client;
}

static const char *yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

static int audit_fields(struct work *w, const struct task_row *was, const struct task_row *now)
{
	const bool described = !text_same(was->task.description, now->task.description);
	const char *const from = arena_printf(w->arena, "%lld", (long long)was->task.project_id.id);
	const char *const to = arena_printf(w->arena, "%lld", (long long)now->task.project_id.id);

	return audit_add(w, "task.set", "task", now->task.id,
		CHANGES({ "title", was->task.title, now->task.title },
			{ "description", NULL, described ? "changed" : NULL },
			{ "due_on", was->task.due_on, now->task.due_on },
			{ "assignee", was->task.assignee_email, now->task.assignee_email },
			{ "project_id", from, to },
			{ "visible", yes_no(was->task.visible_to_client),
				yes_no(now->task.visible_to_client) }));
}

static int save(struct work *w, const struct task_row *was, struct task_row *now)
{
	int r;

	now->task.due_on = or_none(now->task.due_on);
	now->task.description = or_none(now->task.description);
	if (is_same(was, now))
		return 0;
	r = store_put(w->tx, Q_TASK_UPDATE,
		ARGS(A(now->task.id), A(now->task.title), A(fold_text(w->arena, now->task.title)),
			A(now->task.description), A(now->task.due_on), A(now->assignee_id),
			A(now->task.project_id), A(now->task.visible_to_client), A(w->now)));
	if (r >= 0)
		r = audit_fields(w, was, now);
	if (r >= 0 && now->assignee_id.id != was->assignee_id.id)
		r = task_tell_assigned(w, now);
	return r < 0 ? r : 1;
}

static int add_items(struct work *w, const struct task_row *row, portal_list items)
{
	int r;

	if (!items.lines || !*items.lines)
		return 0;
	r = task_add_items(w, row->task.id, items);
	if (r >= 0)
		r = store_put(w->tx, Q_TASK_REFRESH, ARGS(A(row->task.id), A(w->now)));
	if (r >= 0)
		r = audit_add(w, "task.set", "task", row->task.id,
			CHANGES({ "checklist", NULL, "longer" }));
	return r < 0 ? r : 1;
}

/* The parts of a change one by one, all of which were checked. */
static int apply(struct work *w, const struct task_change *q, const struct task_row *was,
	struct changing *changing)
{
	int r = save(w, was, &changing->now), changed = r > 0;

	if (r >= 0 && q->until)
		r = recurrence_end(w, was->task.recurrence_id.id, q->until);
	changed |= r > 0;
	if (r >= 0)
		r = add_items(w, was, changing->items);
	changed |= r > 0;
	if (r >= 0 && q->status)
		r = task_put_status(w, "task.set", was, q->status, TASK_CORRECTED);
	changed |= r > 0;
	return r < 0 ? r : changed;
}

static int set_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct changing changing = { .items = { NULL } };
	struct task_row was;
	int r = task_need(w, "task.set", call->change->id, &was);

	if (r < 0)
		return r;
	changing.now = was;
	check_texts(w, call->change, &changing);
	check_links(w, call->change, &changing);
	if (check_state(w, call->change, &was) < 0 ||
		check_reopening(w, call->change, &was, &changing.now) < 0)
		portal_fault_add(w->err);
	r = portal_faults_end(w->err);
	if (r >= 0)
		r = apply(w, call->change, &was, &changing);
	return task_give(w, call->change->id, r, call->ret);
}

int task_set(struct portal *portal, const struct task_change *change, struct task *ret_task,
	struct portal_error *err)
{
	struct call call = { change, ret_task };

	return work_write(portal, set_body, &call, err);
}
