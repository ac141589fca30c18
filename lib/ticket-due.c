/* When a ticket is due, and what the rule of its category says besides (S4, S14). */
#include <string.h>

#include "business-hours.h"
#include "category-private.h"
#include "ticket-private.h"
#include "user-private.h"

/* From the opening on, without the business hours spent pending. */
static int set_due(struct work *w, struct ticket_row *row, const struct category *category)
{
	struct ticket *t = &row->ticket;
	struct business_hours hours;
	int r = category_due(w, category, t->opened_at, &t->due_at);

	if (r < 0 || !t->due_at.ms || !row->paused_ms)
		return r;
	r = business_hours_read(w, &hours);
	if (r >= 0)
		t->due_at = business_hours_add(&hours, t->due_at, row->paused_ms);
	return r;
}

int ticket_new_due(struct work *w, struct ticket_row *row)
{
	struct category category;
	int r = 0;

	row->ticket.due_at = (portal_time){ 0 };
	if (row->ticket.category)
		r = category_by_name(w, row->ticket.category, &category);
	return r > 0 ? set_due(w, row, &category) : r;
}

static int assign_by_rule(struct work *w, struct ticket_row *row, const struct category *category)
{
	struct ticket *t = &row->ticket;
	struct user user;
	int64_t id;
	int r = category_assignee(w, category, &id);

	if (r < 0 || !id)
		return r;
	r = user_by_id(w, id, &user);
	if (r < 0)
		return r;
	row->assignee_id.id = id;
	t->assignee_email = user.email;
	t->assignee_name = user.name;
	r = ticket_event_by_rule(w, row, "assigned", NULL, user.name);
	if (r < 0 || strcmp(t->status, "new") != 0)
		return r;
	t->status = "in_progress";
	return ticket_event_by_rule(w, row, "status", "new", t->status);
}

static int take_category(struct work *w, struct ticket_row *row, const struct category *category)
{
	struct ticket *t = &row->ticket;
	int r;

	t->category = category->name;
	if (!t->department)
		t->department = category->department;
	r = assign_by_rule(w, row, category);
	/* A client's ticket is told to the assignee anyway. */
	return r < 0 || ticket_by_client(w) ? r : ticket_tell_assignee(w, row);
}

int ticket_apply_rule(struct work *w, struct ticket_row *row, const char *body)
{
	struct ticket *t = &row->ticket;
	struct category category;
	int r;

	if (t->category) {
		r = category_by_name(w, t->category, &category);
		t->category = r > 0 ? category.name : t->category;
	} else {
		r = category_match(w, t->subject, body, &category);
		if (r > 0 && take_category(w, row, &category) < 0)
			return -(int)w->err->code;
	}
	if (r <= 0)
		return r;
	r = set_due(w, row, &category);
	return r < 0 ? r : ticket_save(w, row);
}

int ticket_turn_clock(struct work *w, struct ticket_row *row, const char *status)
{
	struct ticket *t = &row->ticket;
	struct business_hours hours;
	int64_t paused;

	if (!strcmp(status, "pending"))
		row->paused_at = w->now;
	if (strcmp(t->status, "pending") != 0)
		return 0;
	if (business_hours_read(w, &hours) < 0)
		return -(int)w->err->code;
	paused = business_hours_between(&hours, row->paused_at, w->now);
	row->paused_at = (portal_time){ 0 };
	row->paused_ms += paused;
	if (t->due_at.ms)
		t->due_at = business_hours_add(&hours, t->due_at, paused);
	return 0;
}
