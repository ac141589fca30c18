/* What makes a task. */
#include <string.h>

#include "audit.h"
#include "base/buf.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "comment-private.h"
#include "company-private.h"
#include "project-private.h"
#include "recurrence-private.h"
#include "task-date.h"
#include "text/writer.h"
#include "ticket-private.h"

enum { TITLE_MAX_BYTES = 300, ITEM_MAX_BYTES = 300 };

int task_check_title(struct work *w, const char **title)
{
	const char *clean =
		text_field(w->arena, *title ? *title : "", TITLE_MAX_BYTES, "title", w->err);

	if (!clean)
		return -(int)w->err->code;
	*title = clean;
	if (*clean)
		return 0;
	portal_fail(w->err, PORTAL_INVALID, _("a task needs a title"));
	return portal_about_field(w->err, "title");
}

static int too_many_items(struct work *w)
{
	portal_fail(w->err, PORTAL_INVALID, _("a checklist has at most %d items"), TASK_ITEMS_MAX);
	return portal_about_field(w->err, "check-item");
}

static int add_item(struct work *w, struct buf *buf, const char *item)
{
	const char *clean = text_field(w->arena, item, ITEM_MAX_BYTES, "check-item", w->err);

	if (!clean)
		return -(int)w->err->code;
	if (!*clean) {
		portal_fail(w->err, PORTAL_INVALID, _("an item of a checklist needs a text"));
		return portal_about_field(w->err, "check-item");
	}
	if (buf->len)
		buf_char(buf, '\n');
	buf_str(buf, clean);
	return 0;
}

int task_items_check(struct work *w, const char *const *items, int64_t count, portal_list *ret)
{
	_cleanup_buf_ struct buf buf;
	int r = count > TASK_ITEMS_MAX ? too_many_items(w) : 0;

	buf_init(&buf);
	for (int64_t i = 0; r == 0 && i < count; i++)
		r = add_item(w, &buf, items[i]);
	if (r == 0 && buf.error)
		return portal_fail(w->err, PORTAL_NO_MEMORY, _("there is not enough memory"));
	if (r == 0)
		ret->lines = arena_strndup(w->arena, buf.len ? buf.data : "", buf.len);
	return r;
}

int task_find_assignee(struct work *w, const char *email, portal_id *ret)
{
	const char *clean;
	int r;

	ret->id = 0;
	if (!email || !*email)
		return 0;
	clean = email_parse(w->arena, email, w->err);
	if (!clean)
		return portal_about_field(w->err, "assignee");
	r = store_get_int(w->tx, Q_TASK_ASSIGNEE, ARGS(A(work_office_id(w)), A(clean)), &ret->id);
	if (r != 0)
		return r < 0 ? r : 0;
	portal_fail(w->err, PORTAL_INVALID, _("'%s' is not an active user of the office"), clean);
	return portal_about_field(w->err, "assignee");
}

int task_find_project(struct work *w, int64_t id, int64_t company_id, portal_id *ret)
{
	struct project_row project = { .company_id = 0 };
	int r;

	ret->id = id;
	if (id == 0)
		return 0;
	r = project_need(w, "project.show", id, &project);
	if (r < 0)
		return portal_about_field(w->err, "project");
	if (project.company_id != company_id)
		portal_fail(w->err, PORTAL_INVALID, _("project '%lld' is of another company"),
			(long long)id);
	else if (!strcmp(project.project.status, "closed"))
		portal_fail(
			w->err, PORTAL_WRONG_STATE, _("project '%lld' is closed"), (long long)id);
	else
		return 0;
	portal_about(w->err, "project", id);
	return portal_about_field(w->err, "project");
}

static int other_company(struct work *w, const struct ticket_row *ticket)
{
	portal_fail(w->err, PORTAL_INVALID,
		ticket->company_id.id ? _("ticket '%s' is of another company")
				      : _("ticket '%s' has no company: say which one"),
		ticket->ticket.number);
	return portal_about_field(w->err, "ticket");
}

static int find_ticket(struct work *w, const char *ticket, struct ticket_row *ret)
{
	*ret = (struct ticket_row){ .company_id = { 0 } };
	return ticket ? ticket_need(w, "ticket.show", ticket, ret) : 0;
}

int task_find_origin(struct work *w, const char *action, const char *company, const char *ticket,
	struct task_origin *ret)
{
	struct ticket_row row;
	int r = find_ticket(w, ticket, &row);

	if (r < 0)
		return r;
	if (!company && !row.company_id.id)
		return other_company(w, &row);
	if (!company)
		company = arena_printf(w->arena, "%lld", (long long)row.company_id.id);
	r = company_need(w, action, company, &ret->company);
	ret->ticket_id.id = row.ticket.id;
	if (r >= 0)
		r = company_check_registered(w, &ret->company);
	if (r >= 0 && row.company_id.id && row.company_id.id != ret->company.id)
		return other_company(w, &row);
	return r;
}

int task_filter_ticket(struct work *w, const char *ticket, int64_t *ret_id)
{
	struct ticket_row row;
	const int r = find_ticket(w, ticket, &row);

	*ret_id = row.ticket.id;
	return r;
}

int task_items_room(struct work *w, int64_t id, int64_t count)
{
	int64_t there = 0;
	const int r = store_get_int(w->tx, Q_TASK_ITEM_COUNT, ARGS(A(id)), &there);

	if (r < 0)
		return r;
	return there + count > TASK_ITEMS_MAX ? too_many_items(w) : 0;
}

int task_add_items(struct work *w, int64_t id, portal_list items)
{
	const char *lines = items.lines, *line;
	int64_t number = 0;
	size_t len;
	int r = store_get_int(w->tx, Q_TASK_ITEM_COUNT, ARGS(A(id)), &number);

	while (r >= 0 && lines && list_next(&lines, &line, &len)) {
		number++;
		r = store_put(w->tx, Q_TASK_ITEM_INSERT,
			ARGS(A(id), A(number), A(arena_strndup(w->arena, line, len))));
	}
	return r < 0 ? r : 0;
}

static int insert_row(struct work *w, const struct task_draft *d, int64_t *ret_id)
{
	const int r = store_get_int(w->tx, Q_TASK_INSERT,
		ARGS(A(d->company_id), A(d->project_id), A(d->process_id), A(d->step),
			A(d->recurrence_id), A(d->competence), A(d->assignee_id), A(d->title),
			A(fold_text(w->arena, d->title)), A(d->description), A(d->due_on),
			A(d->visible), A(w->now), A(d->ticket_id)),
		ret_id);

	if (r >= 0)
		work_note_made(w, WORK_MADE_TASK, *ret_id);
	return r;
}

int task_insert(struct work *w, const struct task_draft *draft, int64_t *ret_id)
{
	struct task_row row;
	int r = insert_row(w, draft, ret_id);

	if (r >= 0)
		r = task_add_items(w, *ret_id, draft->items);
	if (r >= 0)
		r = task_by_id(w, *ret_id, &row);
	if (r < 0)
		return r;
	r = audit_add(w, "task.add", "task", *ret_id,
		CHANGES({ "company_tax_id", NULL, row.task.company_tax_id },
			{ "title", NULL, row.task.title }, { "due_on", NULL, row.task.due_on },
			{ "assignee", NULL, row.task.assignee_email },
			{ "visible", NULL, draft->visible ? "yes" : NULL },
			{ "ticket_id", NULL, audit_id(w, draft->ticket_id) },
			{ "project_id", NULL, audit_id(w, draft->project_id) },
			{ "process_id", NULL, audit_id(w, draft->process_id) },
			{ "recurrence_id", NULL, audit_id(w, draft->recurrence_id) },
			{ "competence", NULL, draft->competence }));
	return r < 0 ? r : task_tell_assigned(w, &row);
}

struct adding {
	const struct task_request *request;
	struct task *ret;
};

/* Texts as they were given become those that are stored. All faults at once. */
static int check(struct work *w, const struct task_request *q, struct task_draft *draft,
	struct recurrence *rule)
{
	const struct task_moving moving = { q->roll, q->calendar };

	draft->title = q->title;
	if (task_check_title(w, &draft->title) < 0)
		portal_fault_add(w->err);
	if (q->description && *q->description) {
		draft->description = comment_text(w, q->description, "description");
		if (!draft->description)
			portal_fault_add(w->err);
	}
	if (task_items_check(w, q->items, q->item_count, &draft->items) < 0)
		portal_fault_add(w->err);
	if (task_find_assignee(w, q->assignee, &draft->assignee_id) < 0)
		portal_fault_add(w->err);
	if (task_find_project(w, q->project, draft->company_id, &draft->project_id) < 0)
		portal_fault_add(w->err);
	if (recurrence_check(w, q, rule) < 0)
		portal_fault_add(w->err);
	if (task_due_read(w, q->due_on, &moving, &draft->due_on) < 0)
		portal_fault_add(w->err);
	return portal_faults_end(w->err);
}

static int write_task(
	struct work *w, const struct task_draft *draft, struct recurrence *rule, int64_t *ret_id)
{
	if (!rule->every_months)
		return task_insert(w, draft, ret_id);
	rule->company_id = draft->company_id;
	rule->project_id = draft->project_id;
	rule->assignee_id = draft->assignee_id;
	rule->title = draft->title;
	rule->description = draft->description;
	rule->checklist = draft->items.lines;
	rule->visible_to_client = draft->visible;
	return recurrence_begin(w, rule, ret_id);
}

static int add_body(struct work *w, void *arg)
{
	const struct adding *adding = arg;
	const struct task_request *q = adding->request;
	struct task_draft draft = { .visible = q->visible };
	struct recurrence rule = { 0 };
	struct task_origin origin;
	int64_t id = 0;
	int r = task_find_origin(w, "task.add", q->company, q->ticket, &origin);

	if (r < 0)
		return r;
	draft.company_id = origin.company.id;
	draft.ticket_id = origin.ticket_id;
	r = check(w, q, &draft, &rule);
	if (r >= 0)
		r = write_task(w, &draft, &rule, &id);
	if (r >= 0)
		r = 1;
	return task_give(w, id, r, adding->ret);
}

int task_add(struct portal *portal, const struct task_request *request, struct task *ret_task,
	struct portal_error *err)
{
	struct adding adding = { request, ret_task };

	return work_write(portal, add_body, &adding, err);
}
