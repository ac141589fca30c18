/* What clients write (W3, W5, W8). */
#include <stdio.h>
#include <string.h>

#include "audit.h"
#include "base/fold.h"
#include "base/utf8.h"
#include "contact-private.h"
#include "setting.h"
#include "tell.h"
#include "wa-route-private.h"

/* A message on its way into a ticket. @at: when the client wrote it, @who that
 * is by now. @is_open: may the
 * office write freely, now that the client has? @row: the live conversation, where
 * @is_live says that there is one. */
struct inbound {
	const struct wa_event *event;
	struct wa_person who;
	const char *body;
	portal_time at;
	struct contact_found contact;
	bool is_open, is_new, is_live;
	struct ticket_row ticket;
	struct conversation_row row;
};

static const struct portal_field known_fields[] = {
	PORTAL_FIELD(struct wa_known, id, NULL),
	PORTAL_FIELD(struct wa_known, ticket_id, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record known_record = { "message", sizeof(struct wa_known),
	known_fields };

int wa_find_message(struct work *w, const char *wamid, struct wa_known *ret)
{
	int r;

	*ret = (struct wa_known){ 0 };
	if (!wamid)
		return 0;
	r = store_get(w->tx, Q_MESSAGE_OF_WAMID, ARGS(A(wamid)), w->arena, &known_record, ret);
	if (r == 0)
		r = store_get(
			w->tx, Q_MESSAGE_OF_CALL, ARGS(A(wamid)), w->arena, &known_record, ret);
	return r;
}

/* What is said goes on in the live conversation, which follows the client; the window is that
 * of where the office would answer now. */
static int find_conversation(struct work *w, int64_t contact_id, struct inbound *in)
{
	int r = conversation_of_contact(w, contact_id, &in->row);

	in->is_live = r > 0;
	if (r > 0 && in->event->timestamp)
		r = wa_follow_writer(w, &in->row, &in->who, in->at);
	if (r > 0 && in->event->timestamp)
		r = conversation_of_contact(w, contact_id, &in->row);
	if (r >= 0)
		r = conversation_window_open(
			w, in->is_live ? in->row.conversation.phone : wa_address(w, &in->who));
	in->is_open = r > 0;
	return r < 0 ? r : 0;
}

/* Names that are one account only now may be spoken with in several tickets: the client goes on
 * in the contact's own (W1). */
static int end_others(struct work *w, int64_t contact_id, const struct wa_person *who)
{
	const char *address = wa_address(w, who);
	const int64_t client = w->caused_by;
	struct conversation_row row;
	int r;

	w->caused_by = WORK_BY_RULE;
	while ((r = conversation_of_others(w, address, contact_id, &row)) > 0) {
		r = conversation_stop(w, &row);
		if (r < 0)
			break;
	}
	w->caused_by = client;
	return r;
}

static int find_client(struct work *w, struct inbound *in)
{
	struct identity_names names;
	int64_t id = 0;
	int r = wa_person_now(w, in->event, &in->who);

	names = wa_names(&in->who);
	if (r >= 0)
		r = wa_find_writer(w, &in->who, in->at, &id);
	if (r >= 0 && in->event->timestamp) {
		r = identity_wrote(w, &names, in->at);
		if (r > 0)
			r = end_others(w, id, &in->who);
	}
	if (r >= 0)
		r = contact_by_id(w, id, &in->contact);
	return r < 0 ? r : find_conversation(w, id, in);
}

/* Active by what the client wrote; of what came too late to open the window, the portal
 * asks whether to talk. */
static int begin(struct work *w, struct inbound *in)
{
	const char *status = in->is_open ? "active" : "awaiting_client";
	const char *address = wa_address(w, &in->who);
	const int64_t client = w->caused_by;
	int r;

	if (!in->is_open)
		w->caused_by = WORK_BY_RULE;
	r = conversation_begin(w, &in->ticket, address, status, &in->row);
	w->caused_by = client;
	in->is_live = r >= 0;
	if (r < 0)
		return r;
	return audit_add(w, "wa.start", "conversation", in->row.conversation.id,
		CHANGES({ "ticket", NULL, in->ticket.ticket.number }, { "status", NULL, status },
			{ "phone", NULL, address }));
}

static int open_ticket(struct work *w, struct inbound *in)
{
	const struct ticket_draft draft = { .company_id = in->contact.company_id,
		.contact_id = in->contact.contact.id,
		.subject = wa_subject(w, in->body),
		.origin = "whatsapp",
		.tags = { "" },
		.body = in->body };

	in->is_new = true;
	return ticket_make(w, &draft, &in->ticket);
}

/* W5: the live conversation's, else the newest one while it is open, else a new one. What
 * resumes a conversation too late to open the window (W3) is said in the ticket alone: the
 * office asks whether to talk when it wants to answer. */
static int find_ticket(struct work *w, struct inbound *in)
{
	const int64_t contact_id = in->contact.contact.id;
	int64_t id = 0;
	int r;

	if (in->is_live)
		return ticket_by_id(w, in->row.ticket_id, &in->ticket);
	r = store_get_int(w->tx, Q_TICKET_NEWEST_OF, ARGS(A(contact_id)), &id);
	if (r > 0)
		r = ticket_by_id(w, id, &in->ticket);
	if (r >= 0 && (r == 0 || !ticket_is_open(&in->ticket.ticket)))
		r = open_ticket(w, in);
	return r < 0 || (!in->is_open && !in->is_new) ? r : begin(w, in);
}

static int add_media(struct work *w, const struct wa_event *event, int64_t message_id)
{
	const struct wa_media *m = &event->media;
	const char *type = m->mime_type ? wa_line(w, m->mime_type, 200) : NULL;
	const char *name = m->file_name ? wa_line(w, m->file_name, 200) : NULL;

	if (!m->id)
		return 0;
	return store_put(w->tx, Q_WA_MEDIA_INSERT,
		ARGS(A(message_id), A(m->id), A(type), A(m->sha256), A(name), A(m->voice),
			A(w->now)));
}

/* A message that is quoted is of this very ticket. */
static int quoted(struct work *w, const struct inbound *in, portal_id *ret)
{
	struct wa_known known;
	const int r = wa_find_message(w, in->event->context_wamid, &known);

	ret->id = known.ticket_id == in->ticket.ticket.id ? known.id : 0;
	return r;
}

static int write(struct work *w, struct inbound *in, int64_t *ret_id)
{
	struct message_draft draft = { .direction = "in",
		.via = "whatsapp",
		.body = in->body,
		.author_id = { in->contact.contact.id },
		.at = in->at,
		.wamid = in->event->wamid };
	int r = quoted(w, in, &draft.reply_to);

	if (r >= 0)
		r = message_add(w, &in->ticket, &draft, ret_id);
	return r < 0 ? r : add_media(w, in->event, *ret_id);
}

/* The categories, a line each, as they are kept and as the client reads them. */
struct menu_line {
	const char *name;
};

static const struct portal_field menu_fields[] = {
	PORTAL_FIELD(struct menu_line, name, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record menu_record = { "category", sizeof(struct menu_line),
	menu_fields };

static int read_menu(struct work *w, const char **ret_kept, const char **ret_shown)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct menu_line line;
	int n = 0, r = store_rows(w->tx, Q_CATEGORY_MENU, NO_ARGS, &menu_record, &line, &rows);

	while (r >= 0 && (r = store_next(rows)) > 0) {
		n++;
		*ret_kept = arena_printf(
			w->arena, "%s%s%s", n > 1 ? *ret_kept : "", n > 1 ? "\n" : "", line.name);
		*ret_shown = arena_printf(w->arena, "%s%s%d. %s", n > 1 ? *ret_shown : "",
			n > 1 ? "\n" : "", n, line.name);
	}
	return r;
}

/* The automatic greeting of a new ticket, with a menu where one is wanted and nothing told
 * the category. */
static int write_greeting(struct work *w, struct inbound *in)
{
	const bool asks = !in->ticket.ticket.category && !strcmp(setting_value(w, "wa_menu"), "on");
	const char *kept = NULL, *shown = NULL;
	struct message_draft draft = { .automatic = true };
	int64_t id;
	int r = asks ? read_menu(w, &kept, &shown) : 0;

	if (r >= 0)
		r = conversation_text(w, "wa_greeting",
			NAMED({ "office", work_office_name(w) },
				{ "number", in->ticket.ticket.number },
				{ "contact_name", in->contact.contact.name }, { "menu", shown }),
			&draft.body);
	if (r >= 0)
		r = conversation_write(w, &in->row, &in->ticket, &draft, &id);
	return r < 0 || !kept ? r
			      : store_put(w->tx, Q_CONVERSATION_SET_MENU,
					ARGS(A(in->row.conversation.id), A(kept)));
}

/* Where the window is closed, the question goes first and the greeting waits for its answer
 * (W2). What the client wrote is unread all the same. */
static int greet(struct work *w, struct inbound *in)
{
	const int64_t unread = in->ticket.office_unread;
	int r = in->is_open ? 0 : conversation_ask(w, &in->row, &in->ticket);

	if (r >= 0)
		r = write_greeting(w, in);
	in->ticket.office_unread = unread;
	return r;
}

/* The line of the menu that the answer names by its number or its text; NULL: none. */
static const char *chosen(struct work *w, const char *menu, const char *answer)
{
	const char *folded = fold_text(w->arena, answer);
	char number[16];

	for (int n = 1; *menu; n++) {
		const char *line = arena_strndup(w->arena, menu, strcspn(menu, "\n"));

		snprintf(number, sizeof(number), "%d", n);
		if (!strcmp(folded, number) || !strcmp(folded, fold_text(w->arena, line)))
			return line;
		menu += strlen(line);
		menu += *menu == '\n';
	}
	return NULL;
}

/* S4: the answer to the menu gives the category, with its rule; any other is just said.
 * Nobody answers a menu that waits to be sent. */
static int take_choice(struct work *w, struct inbound *in)
{
	const char *menu = in->is_live && !in->is_new ? in->row.menu : NULL;
	const char *name = menu ? chosen(w, menu, in->body) : NULL;
	int64_t waits = 0;
	int r;

	if (!menu || !*menu)
		return 0;
	r = store_get_int(w->tx, Q_MESSAGE_AUTOMATIC_WAITS, ARGS(A(in->ticket.ticket.id)), &waits);
	if (r != 0)
		return r < 0 ? r : 0;
	r = store_put(w->tx, Q_CONVERSATION_SET_MENU,
		ARGS(A(in->row.conversation.id), A((const char *)NULL)));
	if (r < 0 || !name || in->ticket.ticket.category)
		return r;
	r = ticket_event(w, &in->ticket, "category", NULL, name);
	return r < 0 ? r : ticket_apply_rule(w, &in->ticket, name);
}

/* Whoever got it by its category has a mail of that already. */
static int tell_opened(struct work *w, const struct inbound *in)
{
	const struct event event = { "ticket_opened", "ticket", in->ticket.ticket.id,
		ticket_texts(w, &in->ticket) };

	return in->ticket.assignee_id.id ? tell_notice(w, &event, work_office_id(w))
					 : ticket_tell_office(w, &in->ticket, event.name);
}

/* Is there something that this message sets going? */
static bool goes_on(const struct inbound *in)
{
	const struct conversation *c = &in->row.conversation;

	return in->is_live && in->is_open &&
	       (!strcmp(c->status, "awaiting_client") || c->waiting_count > 0);
}

static int follow(struct work *w, struct inbound *in)
{
	int r = ticket_resume(w, &in->ticket);

	if (r >= 0)
		r = take_choice(w, in);
	if (r >= 0)
		r = in->is_new ? tell_opened(w, in)
			       : ticket_tell_office(w, &in->ticket, "ticket_answered");
	if (r >= 0 && goes_on(in))
		r = conversation_resume(w, &in->row, &in->ticket);
	if (r >= 0 && in->is_new)
		r = greet(w, in);
	return r < 0 ? r : ticket_save(w, &in->ticket);
}

static int note(struct work *w, const struct inbound *in, const char *was, int64_t message_id)
{
	return audit_add(w, "wa.receive", "ticket", in->ticket.ticket.id,
		CHANGES({ "message_id", NULL, audit_id(w, (portal_id){ message_id }) },
			{ "status", was, in->ticket.ticket.status }));
}

static const char *word_of(enum wa_kind kind)
{
	return kind == WA_REACTION ? "reaction"
	       : kind == WA_EDIT   ? "edit"
	       : kind == WA_REVOKE ? "revoke"
				   : "echo";
}

/* The same of what is no message of the client's to the office. */
static int note_other(
	struct work *w, const struct ticket_row *ticket, const char *what, int64_t message_id)
{
	return audit_add(w, "wa.receive", "ticket", ticket->ticket.id,
		CHANGES({ "message_id", NULL, audit_id(w, (portal_id){ message_id }) },
			{ "type", NULL, what }));
}

/* Whose names these were when it happened: 1, 0, negative. */
static int find_person(struct work *w, const struct wa_event *event, int64_t *ret_contact_id)
{
	struct identity_names names;
	struct wa_person who;
	const int r = wa_person_now(w, event, &who);

	names = wa_names(&who);
	return r < 0 ? r : identity_find(w, &names, ret_contact_id);
}

/* Says in the ticket what opens nothing there. */
static int say(struct work *w, const struct wa_event *event, struct ticket_row *ticket,
	const struct message_draft *draft)
{
	int64_t id;
	int r = message_add(w, ticket, draft, &id);

	if (r >= 0)
		r = add_media(w, event, id);
	if (r >= 0)
		r = ticket_save(w, ticket);
	if (r >= 0)
		r = note_other(w, ticket, word_of(event->kind), id);
	return r < 0 ? r : WA_USED;
}

int wa_route_message(struct work *w, const struct wa_event *event, const char **ret_reason)
{
	struct inbound in = { .event = event, .at = wa_happened_at(w, event) };
	const char *was;
	int64_t id = 0;
	int r = store_get_int(w->tx, Q_MESSAGE_RECEIVED, ARGS(A(event->wamid)), &id);

	(void)ret_reason;
	if (r != 0)
		return r < 0 ? r : WA_KNOWN;
	in.body = wa_body(w, event);
	r = find_client(w, &in);
	w->caused_by = in.contact.contact.id;
	if (r >= 0)
		r = find_ticket(w, &in);
	was = in.ticket.ticket.status;
	if (r >= 0)
		r = write(w, &in, &id);
	if (r >= 0)
		r = follow(w, &in);
	if (r >= 0)
		r = note(w, &in, was, id);
	return r < 0 ? r : WA_USED;
}

/* What is about another message is said where that was, and opens nothing. */
int wa_route_about(struct work *w, const struct wa_event *event, const char **ret_reason)
{
	struct message_draft draft = { .direction = "in",
		.via = "whatsapp",
		.body = wa_body(w, event),
		.at = wa_happened_at(w, event),
		.wamid = event->wamid };
	struct ticket_row ticket = { 0 };
	struct wa_known known;
	int64_t id = 0;
	int r = store_get_int(w->tx, Q_MESSAGE_RECEIVED, ARGS(A(event->wamid)), &id);

	if (r != 0)
		return r < 0 ? r : WA_KNOWN;
	*ret_reason = "no_subject";
	r = wa_find_message(w, event->context_wamid, &known);
	if (r > 0)
		r = ticket_by_id(w, known.ticket_id, &ticket);
	if (r <= 0)
		return r < 0 ? r : WA_SET_ASIDE;
	draft.reply_to.id = known.id;
	r = find_person(w, event, &draft.author_id.id);
	return r < 0 ? r : say(w, event, &ticket, &draft);
}

/* What the office wrote from its phone is said in the ticket that is open with the client
 * who had that name then. */
int wa_route_echo(struct work *w, const struct wa_event *event, const char **ret_reason)
{
	const struct message_draft draft = { .direction = "out",
		.via = "whatsapp",
		.body = wa_body(w, event),
		.at = wa_happened_at(w, event),
		.delivery = "sent",
		.wamid = event->wamid };
	struct ticket_row ticket = { 0 };
	struct wa_known known;
	int64_t contact_id = 0, id = 0;
	int r = wa_find_message(w, event->wamid, &known);

	if (r != 0)
		return r < 0 ? r : WA_KNOWN;
	*ret_reason = "no_subject";
	r = find_person(w, event, &contact_id);
	if (r > 0)
		r = store_get_int(w->tx, Q_TICKET_NEWEST_OF, ARGS(A(contact_id)), &id);
	if (r > 0)
		r = ticket_by_id(w, id, &ticket);
	if (r <= 0 || !ticket_is_open(&ticket.ticket))
		return r < 0 ? r : WA_SET_ASIDE;
	return say(w, event, &ticket, &draft);
}
