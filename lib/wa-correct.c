/* What people correct of a contact's numbers (W9). */
#include <string.h>

#include "audit.h"
#include "contact-identity.h"
#include "wa-private.h"

/* A number that is not the contact's any more, and the one to write to instead. */
struct correction {
	const char *action;
	int64_t contact_id;
	const char *from, *to;
};

/* At the number of now nobody was asked yet, or the question still goes there. */
static int settle(struct work *w, struct conversation_row *row, struct ticket_row *ticket)
{
	struct conversation *c = &row->conversation;
	int64_t id;
	int r;

	if (c->window_open) {
		c->status = "active";
		return conversation_resume(w, row, ticket);
	}
	r = store_get_int(w->tx, Q_OUTBOX_ASKS, ARGS(A(row->ticket_id), A(c->phone)), &id);
	return r == 0 ? conversation_await(w, ticket, c->id) : r;
}

static int go_on(struct work *w, const struct correction *c, struct conversation_row *row,
	struct ticket_row *ticket)
{
	const int64_t id = row->conversation.id;
	int r = conversation_move(w, row, c->to);

	if (r == 0)
		return conversation_finish(w, row, ticket, "ended");
	if (r > 0)
		r = ticket_event(w, ticket, "number", c->from, c->to);
	if (r >= 0)
		r = audit_add(
			w, c->action, "conversation", id, CHANGES({ "phone", c->from, c->to }));
	if (r >= 0)
		r = identity_settle(w, c->contact_id, c->from);
	if (r >= 0)
		r = conversation_by_id(w, id, row);
	return r < 0 ? r : settle(w, row, ticket);
}

static int correct_conversation(struct work *w, const struct correction *c)
{
	struct ticket_row ticket = { 0 };
	struct conversation_row row;
	int r = conversation_stored(w, CONVERSATION_OF_CONTACT, ARGS(A(c->contact_id)), &row);

	if (r <= 0 || strcmp(row.identity, identity_of(w->arena, c->from)) != 0)
		return r < 0 ? r : 0;
	r = ticket_by_id(w, row.ticket_id, &ticket);
	if (r > 0)
		r = conversation_is_live(&row.conversation)
			    ? go_on(w, c, &row, &ticket)
			    : conversation_finish(w, &row, &ticket, "inactivity");
	return r < 0 ? r : ticket_save(w, &ticket);
}

static int correct(struct work *w, const struct correction *c)
{
	static const char why[] = "the contact has no number any more";
	const char *identity = identity_of(w->arena, c->from);
	const char *spelled[] = { arena_printf(w->arena, "+%s", identity),
		arena_printf(w->arena, "+%s", identity_long(w->arena, identity)) };
	const struct contact gone = { .id = c->contact_id,
		.phones = { arena_printf(w->arena, "%s\n%s", spelled[0], spelled[1]) },
		.wa_ids = { "" } };
	int r = identity_follow_links(w, &gone, c->to, why);

	if (r >= 0 && !c->to)
		return conversation_drop(w, c->contact_id, why);
	if (r >= 0)
		r = store_put(w->tx, Q_OUTBOX_FOLLOW_CONTACT,
			ARGS(A(c->contact_id), A(spelled[0]), A(c->to), A(spelled[1])));
	return r < 0 ? r : correct_conversation(w, c);
}

int conversation_correct(
	struct work *w, const char *action, const struct contact *was, const struct contact *now)
{
	struct correction c = { .action = action, .contact_id = was->id };
	const char *rest = was->phones.lines;
	int r = 0;

	while (r >= 0 && (c.from = identity_gone(w, now, &rest))) {
		r = conversation_usual_address(w, was->id, &c.to);
		if (r >= 0)
			r = correct(w, &c);
	}
	return r < 0 ? r : 0;
}
