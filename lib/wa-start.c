/* The verbs: starting, ending and writing (W2, W4). */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "contact-identity.h"
#include "wa-private.h"
#include "idempotency.h"
#include "text/object.h"

struct starting {
	const struct conversation_start *request;
	struct ticket_row ticket;
	struct conversation_row row;
	const char *address;
	struct conversation *ret;
};

int conversation_ask(struct work *w, const struct conversation_row *row, struct ticket_row *ticket)
{
	const struct ticket *t = &ticket->ticket;

	const struct conversation_template question = { .name = "wa_start",
		.texts = NAMED({ "office", work_office_name(w) }, { "number", t->number },
			{ "contact_name", t->contact_name }) };

	return conversation_write_template(w, row, ticket, &question);
}

static int ask(struct work *w, struct starting *s)
{
	return conversation_ask(w, &s->row, &s->ticket);
}

static int begin(struct work *w, struct starting *s)
{
	int is_open = 0;
	int r = conversation_find_address(w, s->ticket.contact_id, s->request->phone, &s->address);

	if (r >= 0)
		r = is_open = conversation_window_open(w, s->address);
	if (r >= 0)
		r = conversation_begin(
			w, &s->ticket, s->address, is_open ? "active" : "awaiting_client", &s->row);
	if (r >= 0)
		r = is_open ? conversation_resume(w, &s->row, &s->ticket) : ask(w, s);
	if (r >= 0)
		r = ticket_save(w, &s->ticket);
	if (r < 0)
		return r;
	return audit_add(w, "wa.start", "conversation", s->row.conversation.id,
		CHANGES({ "ticket", NULL, s->ticket.ticket.number },
			{ "status", NULL, s->row.conversation.status },
			{ "phone", NULL, s->address }));
}

/* Once more, to a client who has not answered. */
static int ask_again(struct work *w, struct starting *s)
{
	int r = ask(w, s);

	if (r >= 0)
		r = ticket_save(w, &s->ticket);
	return r < 0 ? r
		     : audit_add(w, "wa.start", "conversation", s->row.conversation.id,
			       CHANGES({ "ticket", NULL, s->ticket.ticket.number }));
}

static int give(struct work *w, int64_t id, struct conversation *ret, int outcome)
{
	struct conversation_row row;
	const int r = conversation_by_id(w, id, &row);

	if (r > 0)
		WORK_GIVE(w, ret, row.conversation);
	return r < 0 ? r : outcome;
}

/* Another number than that of the conversation which is live needs a new one. */
static int check_phone(struct work *w, struct starting *s)
{
	const struct ticket *t = &s->ticket.ticket;
	int r = conversation_find_address(w, s->ticket.contact_id, s->request->phone, &s->address);

	if (r < 0 || !strcmp(identity_of(w->arena, s->address), s->row.identity))
		return r;
	portal_fail(w->err, PORTAL_WRONG_STATE, _("ticket '%s' is spoken of with %s"), t->number,
		s->row.conversation.phone);
	portal_about(w->err, "ticket", t->id);
	return portal_hint(w->err, "portalctl wa end %s", t->number);
}

/* 1: started, or asked again; 0: it was live. */
static int start(struct work *w, struct starting *s)
{
	int r;

	if (!ticket_is_open(&s->ticket.ticket))
		return ticket_has_ended(w, &s->ticket.ticket);
	r = conversation_of_ticket(w, s->ticket.ticket.id, &s->row);
	if (r > 0 && s->request->phone && check_phone(w, s) < 0)
		return -(int)w->err->code;
	if (r == 0)
		r = begin(w, s);
	else if (r > 0 &&
		 (!s->request->again || strcmp(s->row.conversation.status, "awaiting_client") != 0))
		return 0;
	else if (r > 0)
		r = ask_again(w, s);
	return r < 0 ? r : 1;
}

static int start_body(struct work *w, void *arg)
{
	const struct starting *call = arg;
	struct starting s = *call;
	struct idempotency key = { .verb = "wa.start",
		.key = s.request->idempotency_key,
		.arguments = NAMED({ "phone", s.request->phone },
			{ "again", s.request->again ? "1" : NULL }) };
	int r = ticket_need(w, "wa.start", s.request->ticket, &s.ticket), changed = 0;

	key.target = arena_printf(w->arena, "%lld", (long long)s.ticket.ticket.id);
	if (r >= 0)
		r = idempotency_find(w, &key);
	if (r > 0)
		return give(w, key.result_id, s.ret, 0);
	if (r >= 0)
		r = changed = start(w, &s);
	if (r >= 0)
		r = idempotency_keep(w, &key, s.row.conversation.id);
	return r < 0 ? r : give(w, s.row.conversation.id, s.ret, changed);
}

int conversation_start(struct portal *portal, const struct conversation_start *request,
	struct conversation *ret_conversation, struct portal_error *err)
{
	struct starting call = { .request = request, .ret = ret_conversation };

	return work_write(portal, start_body, &call, err);
}

struct ending {
	const char *ticket;
	struct conversation *ret;
};

static int never_begun(struct work *w, const struct ticket *ticket)
{
	portal_fail(w->err, PORTAL_WRONG_STATE, _("ticket '%s' was never spoken of over WhatsApp"),
		ticket->number);
	return portal_about(w->err, "ticket", ticket->id);
}

static int end_body(struct work *w, void *arg)
{
	const struct ending *call = arg;
	struct ticket_row ticket = { 0 };
	struct conversation_row row;
	bool live;
	int r = ticket_need(w, "wa.end", call->ticket, &ticket);

	if (r >= 0)
		r = conversation_last(w, ticket.ticket.id, &row);
	if (r == 0)
		return never_begun(w, &ticket.ticket);
	live = r > 0 && conversation_is_live(&row.conversation);
	if (live)
		r = conversation_finish(w, &row, &ticket, "ended");
	if (r >= 0 && live)
		r = ticket_save(w, &ticket);
	return r < 0 ? r : give(w, row.conversation.id, call->ret, live);
}

int conversation_end(struct portal *portal, const char *ticket,
	struct conversation *ret_conversation, struct portal_error *err)
{
	struct ending call = { ticket, ret_conversation };

	return work_write(portal, end_body, &call, err);
}
