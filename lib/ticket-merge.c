/* Two tickets that turn out to be one. */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "wa-private.h"
#include "ticket-private.h"

struct merging {
	const char *named, *into;
	struct ticket *ret;
};

static int refuse(struct work *w, const struct ticket *ticket, const char *sentence)
{
	portal_fail(w->err, PORTAL_CONFLICT, sentence, ticket->number);
	return portal_about(w->err, "ticket", ticket->id);
}

/* People of no company are strangers to each other. */
static bool of_one_client(const struct ticket_row *a, const struct ticket_row *b)
{
	return a->company_id.id ? a->company_id.id == b->company_id.id
				: !b->company_id.id && a->contact_id == b->contact_id;
}

/* Two names of one ticket: 0 where the first was merged before. */
static int check_same(struct work *w, const struct merging *q, const struct ticket *ticket)
{
	int64_t from = 0, into = 0;
	int r = ticket_find_id(w, q->named, &from);

	if (r >= 0)
		r = ticket_find_id(w, q->into, &into);
	if (r < 0)
		return r;
	if (from == into)
		return refuse(w, ticket, _("ticket '%s' can't be merged into itself"));
	return from != ticket->id
		       ? 0
		       : refuse(w, ticket, _("the other ticket was merged into '%s' before"));
}

/* 1: they may be merged; 0: they were before. */
static int check(struct work *w, const struct merging *q, const struct ticket_row *from,
	const struct ticket_row *to)
{
	if (from->ticket.id == to->ticket.id)
		return check_same(w, q, &to->ticket);
	if (!of_one_client(from, to))
		return refuse(w, &from->ticket, _("ticket '%s' is of another company"));
	return ticket_is_open(&to->ticket) ? 1 : ticket_has_ended(w, &to->ticket);
}

/* A tag that finds no room is left behind with its word. */
static int move_tags(struct work *w, struct ticket_row *from, struct ticket_row *to)
{
	const portal_list none = { "" }, tags = from->ticket.tags;
	int r = ticket_put_tags(w, to, ticket_tags_joined(w, to->ticket.tags, tags));

	from->ticket.tags = none;
	return r < 0 ? r : ticket_words_tags(w, from->ticket.id, tags, none);
}

/* All that refers to the one refers to the other. The words go by copies. */
static int move(struct work *w, int64_t from, int64_t to)
{
	static const enum store_query moves[] = { Q_TICKET_MERGE_MESSAGES, Q_TICKET_MERGE_TASKS,
		Q_TICKET_MERGE_PROCESSES, Q_TICKET_MERGE_WORDS, Q_TICKET_MERGE };
	int r = 0;

	for (size_t i = 0; r >= 0 && i < sizeof(moves) / sizeof(*moves); i++)
		r = store_put(w->tx, moves[i], ARGS(A(from), A(to)));
	return r < 0 ? r : store_put(w->tx, Q_TICKET_MERGE_FORGET, ARGS(A(from)));
}

/* What the one is about the other is about, where that is about nothing. */
static int move_about(struct work *w, const struct ticket_row *from, struct ticket_row *to)
{
	struct ticket *t = &to->ticket;
	const bool has = from->ticket.project_id.id || from->ticket.task_id.id;

	if (!has || t->project_id.id || t->task_id.id)
		return 0;
	t->project_id = from->ticket.project_id;
	t->task_id = from->ticket.task_id;
	to->task_visible = from->task_visible;
	return store_put(
		w->tx, Q_TICKET_SET_ABOUT, ARGS(A(t->id), A(t->project_id), A(t->task_id)));
}

/* What is merged has ended, whatever it was, without an event of its own. */
static int end_source(struct work *w, struct ticket_row *from)
{
	const int r = ticket_turn_clock(w, from, "cancelled");

	from->ticket.status = "cancelled";
	from->ticket.closed_at = w->now;
	from->office_unread = from->client_unread = 0;
	return r < 0 ? r : ticket_save(w, from);
}

static int merge(struct work *w, struct ticket_row *from, struct ticket_row *to)
{
	const char *was = from->ticket.status;
	int r;

	to->office_unread += from->office_unread;
	to->client_unread += from->client_unread;
	r = move_tags(w, from, to);
	if (r >= 0)
		r = conversation_merge(w, from, to);
	if (r >= 0)
		r = end_source(w, from);
	if (r >= 0)
		r = move(w, from->ticket.id, to->ticket.id);
	if (r >= 0)
		r = move_about(w, from, to);
	if (r >= 0)
		r = ticket_event(w, to, "merged", from->ticket.number, NULL);
	if (r >= 0)
		r = ticket_save(w, to);
	return r < 0 ? r
		     : audit_add(w, "ticket.merge", "ticket", from->ticket.id,
			       CHANGES({ "merged_into", NULL, to->ticket.number },
				       { "status", was, from->ticket.status }));
}

static int merge_body(struct work *w, void *arg)
{
	const struct merging *q = arg;
	struct ticket_row from = { 0 }, to = { 0 };
	int r = ticket_need(w, "ticket.merge", q->named, &from), changed = 0;

	if (r >= 0)
		r = ticket_need(w, "ticket.merge", q->into, &to);
	if (r >= 0)
		r = changed = check(w, q, &from, &to);
	if (r > 0)
		r = merge(w, &from, &to);
	return r < 0 ? r : ticket_give(w, &to, q->ret, changed);
}

int ticket_merge(struct portal *portal, const char *named, const char *into,
	struct ticket *ret_ticket, struct portal_error *err)
{
	struct merging q = { named, into, ret_ticket };

	return work_write(portal, merge_body, &q, err);
}
