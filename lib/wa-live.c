/* Beginning, ending and resuming a conversation (W1, W2, W4), as several verbs do it. */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "contact-identity.h"
#include "wa-private.h"

static int spoken_with(struct work *w, const struct conversation *there)
{
	portal_fail(w->err, PORTAL_CONFLICT,
		_("'%s' is being spoken with over WhatsApp in ticket '%s'"), there->contact_name,
		there->ticket_number);
	portal_about(w->err, "conversation", there->id);
	return portal_hint(w->err, "portalctl wa end %s", there->ticket_number);
}

int conversation_stop(struct work *w, struct conversation_row *row)
{
	const char *reason = conversation_is_live(&row->conversation) ? "ended" : "inactivity";
	struct ticket_row ticket = { 0 };
	int r = ticket_by_id(w, row->ticket_id, &ticket);

	if (r > 0)
		r = conversation_finish(w, row, &ticket, reason);
	return r <= 0 ? r : ticket_save(w, &ticket);
}

/* Ends what is past its window and was not written down: @ticket, if any, is written by
 * the caller, any other here. */
static int end_overdue(struct work *w, struct conversation_row *row, struct ticket_row *ticket)
{
	return ticket && row->ticket_id == ticket->ticket.id
		       ? conversation_finish(w, row, ticket, "inactivity")
		       : conversation_stop(w, row);
}

/* @row: what is stored as live. 1: it was past its window, and has ended; negative. */
static int make_way(struct work *w, struct conversation_row *row, struct ticket_row *ticket)
{
	return conversation_is_live(&row->conversation) ? spoken_with(w, &row->conversation)
							: end_overdue(w, row, ticket);
}

static int make_way_of(
	struct work *w, enum conversation_of of, int64_t id, struct ticket_row *ticket)
{
	struct conversation_row row;
	const int r = conversation_stored(w, of, ARGS(A(id)), &row);

	return r <= 0 ? r : make_way(w, &row, ticket);
}

/* 1: another contact that has a name of the account is spoken with, *ret; 0. The overdue of
 * others end, one contact after the other. */
static int others_live(struct work *w, const char *address, int64_t contact_id,
	struct ticket_row *ticket, struct conversation_row *ret)
{
	int r;

	while ((r = conversation_of_others(w, address, contact_id, ret)) > 0) {
		if (conversation_is_live(&ret->conversation))
			return 1;
		if (end_overdue(w, ret, ticket) < 0)
			return -(int)w->err->code;
	}
	return r;
}

static int make_way_at(struct work *w, const char *address, struct ticket_row *ticket)
{
	struct conversation_row row;
	const int r = others_live(w, address, ticket->contact_id, ticket, &row);

	return r > 0 ? spoken_with(w, &row.conversation) : r;
}

static int end_overdue_id(struct work *w, int64_t id)
{
	struct conversation_row row;
	const int r = conversation_by_id(w, id, &row);

	return r <= 0 ? r : conversation_stop(w, &row);
}

int conversation_find_writer(
	struct work *w, const struct identity_names *names, int64_t *ret_contact_id)
{
	struct identity_writer writer;
	int r;

	while ((r = identity_find_overdue(w, names, &writer)) > 0 && writer.overdue_id)
		if (end_overdue_id(w, writer.overdue_id) < 0)
			return -(int)w->err->code;
	if (r > 0)
		*ret_contact_id = writer.contact_id;
	return r;
}

int conversation_begin(struct work *w, struct ticket_row *ticket, const char *address,
	const char *status, struct conversation_row *ret)
{
	const char *identity = identity_of(w->arena, address);
	int64_t id = 0;
	int r = make_way_of(w, CONVERSATION_OF_CONTACT, ticket->contact_id, ticket);

	if (r >= 0)
		r = make_way_of(w, CONVERSATION_OF_TICKET, ticket->ticket.id, ticket);
	if (r >= 0)
		r = make_way_at(w, address, ticket);
	if (r >= 0)
		r = store_get_int(w->tx, Q_CONVERSATION_INSERT,
			ARGS(A(ticket->ticket.id), A(ticket->contact_id), A(address), A(identity),
				A(status), A(w->now)),
			&id);
	if (r >= 0)
		r = store_put(
			w->tx, Q_IDENTITY_ADD, ARGS(A(identity), A(ticket->contact_id), A(w->now)));
	if (r >= 0)
		r = store_put(
			w->tx, Q_OUTBOX_FOLLOW_CLIENT, ARGS(A(ticket->ticket.id), A(address)));
	if (r >= 0)
		r = ticket_event(w, ticket, "conversation_started", NULL, status);
	if (r >= 0)
		r = conversation_by_id(w, id, ret);
	return r < 0 ? r : 0;
}

/* What is queued as the template @which of a ticket, or over WhatsApp at all where it is "",
 * is not sent. */
static int drop(struct work *w, int64_t ticket_id, const char *which, const char *why)
{
	const int r = store_put(w->tx, Q_OUTBOX_DROP, ARGS(A(ticket_id), A(which), A(why)));

	return r < 0 ? r : store_put(w->tx, Q_MESSAGE_DROP, ARGS(A(ticket_id), A(which)));
}

/* What waits and what is queued is cancelled with the conversation. Of a ticket that is done
 * what was said goes, with the closing message behind it (S13), and no question any more. */
static int drop_rest(struct work *w, int64_t ticket_id, const char *reason)
{
	const char *which = strcmp(reason, "done") ? "" : "wa_start";
	const int r = drop(w, ticket_id, which, "the conversation has ended");

	return r < 0 ? r : store_put(w->tx, Q_MESSAGE_CANCEL_WAITING, ARGS(A(ticket_id)));
}

int conversation_finish(
	struct work *w, struct conversation_row *row, struct ticket_row *ticket, const char *reason)
{
	struct conversation *c = &row->conversation;
	const bool by_itself = !strcmp(reason, "inactivity");
	int r = store_put(w->tx, Q_CONVERSATION_END, ARGS(A(c->id), A(reason), A(w->now)));

	if (r >= 0)
		r = identity_settle(w, c->contact_id, c->phone);
	if (r >= 0 && !by_itself)
		r = drop_rest(w, ticket->ticket.id, reason);
	if (r >= 0)
		r = by_itself ? ticket_event_by_rule(w, ticket, "conversation_ended", NULL, reason)
			      : ticket_event(w, ticket, "conversation_ended", NULL, reason);
	if (r >= 0)
		r = audit_add(w, "wa.end", "conversation", c->id,
			CHANGES({ "status", c->status, "ended" }, { "end_reason", NULL, reason }));
	c->status = "ended";
	c->end_reason = reason;
	c->ended_at = w->now;
	row->stored_live = false;
	return r < 0 ? r : 1;
}

int conversation_finish_of(struct work *w, struct ticket_row *ticket, const char *reason)
{
	struct conversation_row row;
	int r = conversation_stored(w, CONVERSATION_OF_TICKET, ARGS(A(ticket->ticket.id)), &row);

	if (r > 0)
		r = conversation_finish(w, &row, ticket,
			conversation_is_live(&row.conversation) ? reason : "inactivity");
	/* What waited since an end by inactivity waits for nothing any more. */
	return r < 0 ? r : drop_rest(w, ticket->ticket.id, reason);
}

int conversation_resume(struct work *w, struct conversation_row *row, struct ticket_row *ticket)
{
	int64_t id = 0, after = 0;
	int r = 1;

	if (strcmp(row->conversation.status, "awaiting_client") == 0)
		r = ticket_event(w, ticket, "conversation_answered", NULL, NULL);
	if (r >= 0)
		r = store_put(w->tx, Q_CONVERSATION_ACTIVATE, ARGS(A(row->conversation.id)));
	if (r >= 0)
		r = drop(w, ticket->ticket.id, "wa_start", "the client has answered");
	row->conversation.status = "active";
	while (r >= 0 && (r = store_get_int(w->tx, Q_MESSAGE_WAITING,
				  ARGS(A(ticket->ticket.id), A(after)), &id)) > 0) {
		r = conversation_queue(w, row, id);
		after = id;
	}
	row->conversation.waiting_count = 0;
	return r < 0 ? r : 0;
}

int conversation_move(struct work *w, const struct conversation_row *row, const char *address)
{
	const char *identity = identity_of(w->arena, address);
	struct conversation_row other;
	int r = others_live(w, address, row->conversation.contact_id, NULL, &other);

	if (r != 0)
		return r < 0 ? r : 0;
	r = store_put(w->tx, Q_CONVERSATION_SET_ADDRESS,
		ARGS(A(row->conversation.id), A(address), A(identity)));
	return r < 0 ? r : 1;
}

int conversation_drop(struct work *w, int64_t contact_id, const char *why)
{
	struct conversation_row row;
	int r = conversation_stored(w, CONVERSATION_OF_CONTACT, ARGS(A(contact_id)), &row);

	if (r > 0)
		r = conversation_stop(w, &row);
	if (r >= 0)
		r = store_put(w->tx, Q_OUTBOX_DROP_OF, ARGS(A(contact_id), A(why)));
	return r < 0 ? r : store_put(w->tx, Q_MESSAGE_DROP_OF, ARGS(A(contact_id)));
}

/* W4: what is past its window has ended, before anything is made of it. */
static int finish_overdue(struct work *w, struct ticket_row *ticket)
{
	struct conversation_row row;
	const int r =
		conversation_stored(w, CONVERSATION_OF_TICKET, ARGS(A(ticket->ticket.id)), &row);

	if (r <= 0 || conversation_is_live(&row.conversation))
		return r;
	return conversation_finish(w, &row, ticket, "inactivity");
}

/* Where both are live the one that ends here is the source's: the client goes on in the
 * other, which has the messages. What was to be said to another person is said to nobody. */
int conversation_merge(struct work *w, struct ticket_row *from, struct ticket_row *to)
{
	struct conversation_row row, other;
	int r = finish_overdue(w, from), both = 0;

	if (r >= 0)
		r = finish_overdue(w, to);
	if (r >= 0)
		r = conversation_of_ticket(w, from->ticket.id, &row);
	if (r > 0)
		both = conversation_of_ticket(w, to->ticket.id, &other);
	if (r < 0 || both < 0)
		return r < 0 ? r : both;
	if (both || (r > 0 && row.conversation.contact_id != to->contact_id))
		r = conversation_finish(w, &row, from, "ended");
	if (r >= 0 && from->contact_id != to->contact_id)
		r = drop_rest(w, from->ticket.id, "ended");
	return r < 0 ? r
		     : store_put(w->tx, Q_CONVERSATION_MOVE,
			       ARGS(A(from->ticket.id), A(to->ticket.id)));
}
