/* Changing, handing over and ending tickets (S3 to S6, S13). */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "category-private.h"
#include "ticket-private.h"
#include "user-private.h"

/* A ticket as it was and as it becomes. */
struct step {
	struct ticket_row was, now;
};

static int need(struct work *w, const char *action, const char *named, struct step *ret)
{
	const int r = ticket_need(w, action, named, &ret->was);

	ret->now = ret->was;
	return r;
}

/* Tags are the office's own, so that they changed is nothing a client could see. */
static bool is_internal(const struct step *step, const char *fields)
{
	return fields && !strcmp(fields, "tags") &&
	       !strcmp(step->was.ticket.status, step->now.ticket.status);
}

/* The audit log has states, people and names of fields, no texts. */
static int end_step(struct work *w, const char *action, struct step *step, const char *fields)
{
	const struct ticket *was = &step->was.ticket, *now = &step->now.ticket;
	const int r = is_internal(step, fields) ? ticket_save_internal(w, &step->now)
						: ticket_save(w, &step->now);

	if (r < 0)
		return r;
	return audit_add(w, action, "ticket", now->id,
		CHANGES({ "status", was->status, now->status },
			{ "assignee_email", was->assignee_email, now->assignee_email },
			{ "fields", NULL, fields }));
}

/* What has ended in one way can't end in the other; nothing is written yet. */
static int check_status(struct work *w, const struct ticket *ticket, const char *status)
{
	const struct ticket next = { .status = status };

	if (!strcmp(ticket->status, status) || ticket_is_open(ticket) || ticket_is_open(&next))
		return 0;
	return ticket_has_ended(w, ticket);
}

/* What was to be done was done before, but there may be a comment. */
static int keep_as_it_is(struct work *w, const char *action, struct step *step, const char *comment,
	struct ticket *ret)
{
	int r = comment ? message_add_comment(w, &step->now, comment) : 0;

	if (r >= 0 && comment)
		r = ticket_save_internal(w, &step->now);
	if (r >= 0 && comment)
		r = audit_add(w, action, "ticket", step->now.ticket.id, CHANGES({ NULL }));
	return r < 0 ? r : ticket_give(w, &step->now, ret, comment != NULL);
}

static int cancel_row(struct work *w, struct ticket_row *row, const char *reason)
{
	const int r = reason ? message_add_comment(w, row, reason) : 0;

	return r < 0 ? r : ticket_put_status(w, row, "cancelled");
}

static int reopen_row(struct work *w, struct ticket_row *row, const char *status)
{
	const int r = ticket_put_status(w, row, status);

	return r >= 0 && ticket_by_client(w) ? ticket_tell_office(w, row, "ticket_reopened") : r;
}

static int set_status(struct work *w, struct ticket_row *row, const char *status)
{
	if (!strcmp(row->ticket.status, status))
		return 0;
	if (!strcmp(status, "done"))
		return ticket_conclude(w, row);
	if (!strcmp(status, "cancelled"))
		return cancel_row(w, row, NULL);
	return ticket_is_open(&row->ticket) ? ticket_put_status(w, row, status)
					    : reopen_row(w, row, status);
}

/* Checks what is given of a change; texts become their normal form. */
static int check_change(struct work *w, const struct ticket_change *c, struct ticket *now)
{
	if (c->subject)
		now->subject = ticket_tagged_subject(w, ticket_subject(w, c->subject), now->origin);
	if (c->department)
		now->department = ticket_text(w, c->department, TICKET_FIELD_MAX, "department");
	if (c->category)
		now->category = ticket_text(w, c->category, TICKET_FIELD_MAX, "category");
	now->tags = ticket_tags_without(w, now->tags, c->drop, c->drop_count);
	now->tags = ticket_tags_with(w, now->tags, c->add, c->add_count);
	if (c->status && !portal_word_known(ticket_statuses, c->status))
		return work_no_choice(w, ticket_statuses, c->status, "status");
	if (portal_faults_end(w->err) < 0)
		return -(int)w->err->code;
	if (c->category && category_own_name(w, &now->category) < 0)
		return -(int)w->err->code;
	return c->status ? check_status(w, now, c->status) : 0;
}

struct field {
	const char *name, *was, *now;
};

/* An event for each field that changed, whose names are joined in @ret. */
static int put_fields(struct work *w, struct step *step, const char **ret)
{
	const struct ticket *was = &step->was.ticket, *now = &step->now.ticket;
	const struct field fields[] = { { "subject", was->subject, now->subject },
		{ "department", was->department, now->department },
		{ "category", was->category, now->category } };
	int r = 0;

	for (size_t i = 0; r >= 0 && i < sizeof(fields) / sizeof(*fields); i++) {
		const struct field *f = &fields[i];

		if (text_same(f->was, f->now))
			continue;
		r = ticket_event(w, &step->now, f->name, f->was, f->now);
		*ret = arena_printf(
			w->arena, "%s%s%s", *ret ? *ret : "", *ret ? ", " : "", f->name);
	}
	return r;
}

static int put_tags(struct work *w, struct step *step, const char **ret)
{
	const portal_list tags = step->now.ticket.tags;
	int r;

	step->now.ticket.tags = step->was.ticket.tags;
	r = ticket_put_tags(w, &step->now, tags);
	if (r > 0)
		*ret = arena_printf(w->arena, "%s%stags", *ret ? *ret : "", *ret ? ", " : "");
	return r;
}

struct setting {
	const struct ticket_change *change;
	struct ticket *ret;
};

static int set_body(struct work *w, void *arg)
{
	const struct setting *call = arg;
	const struct ticket_change *c = call->change;
	const char *fields = NULL;
	struct step step = { .was = { .contact_id = 0 } };
	struct ticket *now = &step.now.ticket;
	int r = need(w, "ticket.set", c->named, &step);

	if (r >= 0)
		r = check_change(w, c, now);
	if (r >= 0)
		r = put_fields(w, &step, &fields);
	if (r >= 0 && !text_same(step.was.ticket.category, now->category))
		r = ticket_new_due(w, &step.now);
	if (r >= 0)
		r = put_tags(w, &step, &fields);
	if (r >= 0 && !text_same(step.was.ticket.subject, now->subject))
		r = ticket_words_add(w, now->id, now->subject, TICKET_FOR_ALL);
	if (r >= 0 && c->status)
		r = set_status(w, &step.now, c->status);
	if (r < 0)
		return r;
	if (!fields && !strcmp(step.was.ticket.status, now->status))
		return ticket_give(w, &step.now, call->ret, 0);
	r = end_step(w, "ticket.set", &step, fields);
	return r < 0 ? r : ticket_give(w, &step.now, call->ret, 1);
}

int ticket_set(struct portal *portal, const struct ticket_change *change, struct ticket *ret_ticket,
	struct portal_error *err)
{
	struct setting call = { change, ret_ticket };

	return work_write(portal, set_body, &call, err);
}

static int find_staff(struct work *w, const char *named, struct user *ret)
{
	int64_t id;
	const int r = ticket_find_staff(w, named, TICKET_STAFF_ACTIVE, &id);

	if (r != 0)
		return r < 0 ? r : user_by_id(w, id, ret);
	portal_fail(w->err, PORTAL_NOT_FOUND, _("'%s' is no active user of the office"), named);
	return portal_about_field(w->err, "to");
}

struct assigning {
	const char *action, *named, *to, *comment;
	struct ticket *ret;
};

static int put_assignee(struct work *w, const struct assigning *call, struct step *step,
	const struct user *user, const char *comment)
{
	int r = ticket_put_assignee(w, &step->now, user);

	if (r >= 0 && comment)
		r = message_add_comment(w, &step->now, comment);
	if (r >= 0)
		r = ticket_tell_assignee(w, &step->now);
	return r < 0 ? r : end_step(w, call->action, step, NULL);
}

static int assign_body(struct work *w, void *arg)
{
	const struct assigning *call = arg;
	struct step step = { .was = { .contact_id = 0 } };
	struct user user = { .id = 0 };
	const char *comment = call->comment ? ticket_body(w, call->comment, "comment") : NULL;
	int r = need(w, call->action, call->named, &step);

	if (r >= 0)
		r = portal_faults_end(w->err);
	if (r >= 0 && call->to)
		r = find_staff(w, call->to, &user);
	if (r < 0)
		return r;
	if (step.was.assignee_id.id == user.id)
		return keep_as_it_is(w, call->action, &step, comment, call->ret);
	if (!ticket_is_open(&step.was.ticket))
		return ticket_has_ended(w, &step.was.ticket);
	r = put_assignee(w, call, &step, call->to ? &user : NULL, comment);
	return r < 0 ? r : ticket_give(w, &step.now, call->ret, 1);
}

int ticket_assign(struct portal *portal, const char *named, const char *to,
	struct ticket *ret_ticket, struct portal_error *err)
{
	struct assigning call = { "ticket.assign", named, to, NULL, ret_ticket };

	return work_write(portal, assign_body, &call, err);
}

int ticket_hand_over(struct portal *portal, const char *named, const char *to, const char *comment,
	struct ticket *ret_ticket, struct portal_error *err)
{
	struct assigning call = { "ticket.transfer", named, to, comment, ret_ticket };

	return work_write(portal, assign_body, &call, err);
}

/* A verb that gives a ticket one status. */
struct turn {
	const char *named, *action, *status, *reason;
	struct ticket *ret;
};

static int turn_body(struct work *w, void *arg)
{
	const struct turn *turn = arg;
	struct step step = { .was = { .contact_id = 0 } };
	const bool opens = !strcmp(turn->status, "in_progress");
	const char *reason = turn->reason ? ticket_body(w, turn->reason, "reason") : NULL;
	int r = need(w, turn->action, turn->named, &step);

	if (r >= 0)
		r = portal_faults_end(w->err);
	if (r < 0)
		return r;
	if (opens ? ticket_is_open(&step.was.ticket)
		  : !strcmp(step.was.ticket.status, turn->status))
		return keep_as_it_is(w, turn->action, &step, reason, turn->ret);
	r = check_status(w, &step.was.ticket, turn->status);
	if (r < 0)
		return r;
	r = reason ? cancel_row(w, &step.now, reason) : set_status(w, &step.now, turn->status);
	if (r >= 0)
		r = end_step(w, turn->action, &step, NULL);
	return r < 0 ? r : ticket_give(w, &step.now, turn->ret, 1);
}

static int turn(struct portal *portal, struct turn *turn, struct portal_error *err)
{
	return work_write(portal, turn_body, turn, err);
}

int ticket_close(struct portal *portal, const char *named, struct ticket *ret_ticket,
	struct portal_error *err)
{
	struct turn close = { named, "ticket.close", "done", NULL, ret_ticket };

	return turn(portal, &close, err);
}

int ticket_cancel(struct portal *portal, const char *named, const char *reason,
	struct ticket *ret_ticket, struct portal_error *err)
{
	struct turn cancel = { named, "ticket.cancel", "cancelled", reason, ret_ticket };

	return turn(portal, &cancel, err);
}

int ticket_reopen(struct portal *portal, const char *named, struct ticket *ret_ticket,
	struct portal_error *err)
{
	struct turn reopen = { named, "ticket.reopen", "in_progress", NULL, ret_ticket };

	return turn(portal, &reopen, err);
}
