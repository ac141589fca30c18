/* Whom the steps of a task are told to (S10, S12). */
#include "base/utf8.h"
#include "comment-private.h"
#include "task-date.h"
#include "task-private.h"
#include "tell.h"

struct texts {
	struct named_text list[9];
};

static struct texts texts_of(struct work *w, const struct task_row *row)
{
	const struct task *t = &row->task;

	return (struct texts){ {
		{ "office", work_office_name(w) },
		{ "task_id", arena_printf(w->arena, "%lld", (long long)t->id) },
		{ "title", t->title },
		{ "company", t->company_name ? t->company_name : t->company_tax_id },
		{ "due_on", t->due_on ? task_date_for_people(w, t->due_on) : "" },
		{ NULL, NULL },
	} };
}

static void add_text(struct texts *texts, const char *name, const char *text)
{
	size_t i = 0;

	while (texts->list[i].name)
		i++;
	texts->list[i] = (struct named_text){ name, text };
	texts->list[i + 1] = (struct named_text){ NULL, NULL };
}

static int tell_assignee(struct work *w, const struct task_row *row, const char *name)
{
	const struct texts texts = texts_of(w, row);
	const struct event event = { name, "task", row->task.id, texts.list };

	if (!row->assignee_id.id || row->assignee_id.id == w->actor->user_id)
		return 0;
	return tell_staff(w, &event, row->assignee_id.id);
}

/* As long as there is nobody to tell, the next one responsible may be told. */
static int tell_free(struct work *w, const struct task_row *row)
{
	const int64_t actor = w->actor->user_id;
	const int r = tell_assignee(w, row, "task_free");

	if (r < 0 || (r == 0 && (!actor || row->assignee_id.id != actor)))
		return r;
	return store_put(w->tx, Q_TASK_SET_FREE_TOLD, ARGS(A(row->task.id)));
}

int task_tell_assigned(struct work *w, const struct task_row *row)
{
	int64_t id = 0;
	int r = tell_assignee(w, row, "task_assigned");

	if (r >= 0 && row->task.process_id.id)
		r = store_get_int(w->tx, Q_TASK_FREE, ARGS(A(row->task.id)), &id);
	if (r >= 0 && id)
		r = tell_free(w, row);
	return r < 0 ? r : 0;
}

int task_tell_freed(struct work *w, int64_t ended_id)
{
	int64_t id = 0;
	int r;

	while ((r = store_get_int(w->tx, Q_TASK_FREED, ARGS(A(ended_id), A(id)), &id)) > 0) {
		struct task_row row = { 0 };

		r = task_by_id(w, id, &row);
		if (r >= 0)
			r = tell_free(w, &row);
		if (r < 0)
			break;
	}
	return r;
}

int task_tell_due(struct work *w, const struct task_row *row, int64_t stage)
{
	struct texts texts = texts_of(w, row);
	const struct event event = { "task_reminder", "task", row->task.id, texts.list };

	add_text(&texts, "tomorrow", stage == 1 ? "1" : "");
	add_text(&texts, "today", stage == 2 ? "1" : "");
	add_text(&texts, "overdue", stage == 3 ? "1" : "");
	return tell_address(w, &event, row->task.assignee_email, NULL);
}

/* The one responsible hears of a client's word, or the office's admins where there is
 * nobody, or nobody who still works there. */
static int tell_office(struct work *w, const struct task_row *row, const struct event *event)
{
	const struct told told = { .company_id = work_office_id(w) };
	const int r = row->assignee_id.id ? tell_staff(w, event, row->assignee_id.id) : 0;

	return r == 0 ? tell_company(w, event, &told, NULL) : r;
}

int task_tell_comment(
	struct work *w, const struct task_row *row, const struct task_comment *comment)
{
	struct texts texts = texts_of(w, row);
	const struct event event = { "task_commented", "task", row->task.id, texts.list };
	const struct told client = { .company_id = row->company_id };

	add_text(&texts, "author", comment_author(w));
	add_text(&texts, "comment", comment->body);
	if (!comment_sees_all(w))
		return tell_office(w, row, &event);
	if (comment->internal || !row->task.visible_to_client ||
		row->company_id == work_office_id(w))
		return 0;
	return tell_company(w, &event, &client, NULL);
}
