/* Starting a process: a task of each step of its template (S11). */
#include <string.h>

#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "company-private.h"
#include "process-private.h"
#include "task-date.h"
#include "task-private.h"

/* What is to be written; everything is checked. */
struct start {
	struct process_plan plan;
	portal_id assignees[PROCESS_STEPS_MAX];
	int64_t task_ids[PROCESS_STEPS_MAX];
	int64_t company_id, day, process_id;
	portal_id ticket_id;
};

/* All people who are not there are told of at once. */
static int check_people(struct work *w, struct start *start)
{
	for (size_t i = 0; i < start->plan.count; i++)
		if (task_find_assignee(w, start->plan.steps[i].assignee, &start->assignees[i]) < 0)
			portal_fault_add(w->err);
	return portal_faults_end(w->err);
}

/* No working days after a day off is the next working day. */
static int due_on(
	struct work *w, const struct process_step *step, int64_t day, const char **ret_date)
{
	const bool counted = step->working && !strcmp(step->roll, "none");
	struct calendar calendar;
	const int r = task_calendar_of(w, step->calendar, &calendar);

	if (r < 0)
		return r;
	day = step->working ? calendar_add_working_days(&calendar, day, step->offset_days)
			    : day + step->offset_days;
	*ret_date = task_date_text(
		w->arena, task_rolled(&calendar, counted ? "next" : step->roll, day));
	return 0;
}

static int write_step(struct work *w, struct start *start, size_t i)
{
	const struct process_step *step = &start->plan.steps[i];
	struct task_draft draft = { .company_id = start->company_id,
		.ticket_id = start->ticket_id,
		.process_id = { start->process_id },
		.step = { (int64_t)i + 1 },
		.assignee_id = start->assignees[i],
		.title = step->title,
		.items = step->checklist,
		.visible = step->visible };
	int r = step->has_due ? due_on(w, step, start->day, &draft.due_on) : 0;

	if (r >= 0)
		r = task_insert(w, &draft, &start->task_ids[i]);
	for (size_t n = 0; r >= 0 && n < step->need_count; n++)
		r = store_put(w->tx, Q_TASK_NEED_INSERT,
			ARGS(A(start->task_ids[i]), A(start->task_ids[step->needs[n]])));
	return r < 0 ? r : 0;
}

static int write_process(struct work *w, struct start *start)
{
	const char *name = start->plan.name;
	int r = store_get_int(w->tx, Q_PROCESS_INSERT,
		ARGS(A(start->company_id), A(name), A(fold_text(w->arena, name)), A(w->now),
			A(start->ticket_id)),
		&start->process_id);

	if (r >= 0)
		r = audit_add(w, "process.start", "process", start->process_id,
			CHANGES({ "template", NULL, name },
				{ "start", NULL, task_date_text(w->arena, start->day) }));
	for (size_t i = 0; r >= 0 && i < start->plan.count; i++)
		r = write_step(w, start, i);
	return r < 0 ? r : 0;
}

struct call {
	const struct process_request *request;
	struct process *ret;
};

static int start_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	const struct process_request *q = call->request;
	struct start *start = arena_new(w->arena, struct start);
	struct process_template_row template;
	struct process_row row;
	struct task_origin origin;
	int r = task_find_origin(w, "process.start", q->company, q->ticket, &origin);

	if (r >= 0)
		r = process_template_need(w, q->template, &template, &start->plan);
	if (r >= 0)
		r = q->start ? task_date_read(w, q->start, "start", &start->day)
			     : task_today(w, &start->day);
	if (r >= 0)
		r = check_people(w, start);
	if (r < 0)
		return r;
	start->company_id = origin.company.id;
	start->ticket_id = origin.ticket_id;
	r = write_process(w, start);
	if (r >= 0)
		r = process_by_id(w, start->process_id, &row);
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, row.process);
	return 1;
}

int process_start(struct portal *portal, const struct process_request *request,
	struct process *ret_process, struct portal_error *err)
{
	struct call call = { request, ret_process };

	return work_write(portal, start_body, &call, err);
}
