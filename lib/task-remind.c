/* Reminders (O3): whoever is responsible is mailed the day before a task falls due, on
 * the day, and once it is overdue. What was mailed stands at the task, in the same
 * transaction, so two runs at once, or one that was killed, send nothing twice. */
#include <string.h>

#include "audit.h"
#include "portal-private.h"
#include "task-date.h"
#include "task-private.h"

enum { CHUNK_ROWS = 500, TOMORROW = 1, TODAY = 2, OVERDUE = 3 };

struct days {
	const char *today, *tomorrow;
};

static int find_days(struct work *w, struct days *ret)
{
	int64_t today;
	const int r = task_today(w, &today);

	if (r < 0)
		return r;
	ret->today = task_date_text(w->arena, today);
	ret->tomorrow = task_date_text(w->arena, today + 1);
	return 0;
}

struct due_rows {
	struct task_row rows[CHUNK_ROWS];
	int64_t count;
};

static void keep(struct work *w, struct task_row *to, const struct task_row *row)
{
	*to = *row;
	to->task.title = arena_strdup(w->arena, row->task.title);
	to->task.company_name = arena_strdup(w->arena, row->task.company_name);
	to->task.company_tax_id = arena_strdup(w->arena, row->task.company_tax_id);
	to->task.due_on = arena_strdup(w->arena, row->task.due_on);
	to->task.assignee_email = arena_strdup(w->arena, row->task.assignee_email);
}

/* All rows are read before the first is written: an engine reads one result at a time. */
static int read_rows(struct work *w, const struct days *days, int64_t most, struct due_rows *ret)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct task_row row = { 0 };
	int r = store_rows(w->tx, Q_TASK_REMIND_ROWS,
		ARGS(A(days->today), A(days->tomorrow), A(most)), &task_row_record, &row, &rows);

	ret->count = 0;
	while (r >= 0 && (r = store_next(rows)) > 0)
		keep(w, &ret->rows[ret->count++], &row);
	return r;
}

static int64_t stage_of(const struct days *days, const char *due_on)
{
	const int order = strcmp(due_on, days->today);

	return order < 0 ? OVERDUE : order == 0 ? TODAY : TOMORROW;
}

static int remind(struct work *w, const struct days *days, const struct task_row *row)
{
	static const char *const words[] = { NULL, "tomorrow", "today", "overdue" };
	const int64_t stage = stage_of(days, row->task.due_on);
	int r = store_put(w->tx, Q_TASK_SET_REMINDED, ARGS(A(row->task.id), A(stage)));

	if (r >= 0)
		r = audit_add(w, "task.remind", "task", row->task.id,
			CHANGES({ "stage", NULL, words[stage] }));
	return r < 0 ? r : task_tell_due(w, row, stage);
}

static int look_body(struct work *w, void *arg)
{
	struct due_rows *due = arena_new(w->arena, struct due_rows);
	struct days days;
	int r = find_days(w, &days);

	(void)arg;
	if (r >= 0)
		r = read_rows(w, &days, 1, due);
	if (r >= 0 && due->count > 0)
		r = work_will_write(w);
	return r < 0 ? r : (int)due->count;
}

static int remind_some(struct work *w, const struct days *days, struct due_rows *due)
{
	int r = read_rows(w, days, CHUNK_ROWS, due);

	for (int64_t i = 0; r >= 0 && i < due->count; i++)
		r = remind(w, days, &due->rows[i]);
	return r < 0 ? r : (int)due->count;
}

/* What a rehearsal has written is gone after it: it has one chunk. */
static int chunk_body(struct work *w, void *arg)
{
	struct due_rows *due = arena_new(w->arena, struct due_rows);
	struct days days;
	int done = 0, r = find_days(w, &days);

	(void)arg;
	if (r < 0)
		return r;
	do {
		r = remind_some(w, &days, due);
		done += r;
	} while (r > 0 && w->portal->options.dry_run);
	return r < 0 ? r : done;
}

int task_remind(struct portal *portal, struct portal_error *err)
{
	return work_in_chunks(portal, look_body, chunk_body, err);
}
