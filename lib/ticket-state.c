/* How far a ticket is, and who takes care of it (S4, S5, S13), as the verbs change it. */
#include <string.h>

#include "base/utf8.h"
#include "wa-private.h"
#include "ticket-private.h"
#include "user-private.h"

int ticket_put_status(struct work *w, struct ticket_row *row, const char *status)
{
	struct ticket *t = &row->ticket;
	const char *was = t->status;

	if (!strcmp(was, status))
		return 0;
	if (!strcmp(was, "done") && conversation_drop_closing(w, t->id) < 0)
		return -(int)w->err->code;
	if (ticket_turn_clock(w, row, status) < 0)
		return -(int)w->err->code;
	t->status = status;
	t->closed_at = ticket_is_open(t) ? (portal_time){ 0 } : w->now;
	if (ticket_event(w, row, "status", was, status) < 0)
		return -(int)w->err->code;
	return ticket_is_open(t) ? 0 : conversation_finish_of(w, row, status);
}

int ticket_resume(struct work *w, struct ticket_row *row)
{
	const char *status = row->ticket.status;

	return !strcmp(status, "pending") || !strcmp(status, "done")
		       ? ticket_put_status(w, row, "in_progress")
		       : 0;
}

int ticket_put_assignee(struct work *w, struct ticket_row *row, const struct user *user)
{
	struct ticket *t = &row->ticket;
	const char *was = t->assignee_name;
	int r;

	if (row->assignee_id.id == (user ? user->id : 0))
		return 0;
	row->assignee_id.id = user ? user->id : 0;
	t->assignee_email = user ? user->email : NULL;
	t->assignee_name = user ? user->name : NULL;
	r = ticket_event(w, row, "assigned", was, t->assignee_name);
	if (r >= 0 && user && !strcmp(t->status, "new"))
		r = ticket_put_status(w, row, "in_progress");
	return r;
}

/* Not where the provider has refused a text whatever we think of the window. */
static bool takes_a_text(const struct conversation *c)
{
	return c->window_open && strcmp(c->status, "awaiting_client") != 0;
}

static int tell_over_whatsapp(struct work *w, const struct conversation_row *conversation,
	struct ticket_row *row, struct message_draft *draft)
{
	const struct conversation_template closing = { "ticket_closed", ticket_texts(w, row),
		draft->body };
	int64_t id;
	const int r = takes_a_text(&conversation->conversation)
			      ? conversation_write(w, conversation, row, draft, &id)
			      : conversation_write_template(w, conversation, row, &closing);

	return r < 0 ? r : ticket_tell_company(w, row, "ticket_closed");
}

static int tell_concluded(struct work *w, struct ticket_row *row, struct message_draft *draft)
{
	struct conversation_row conversation;
	int64_t id;
	int r = conversation_to_conclude(w, row, &conversation);

	if (r > 0)
		return tell_over_whatsapp(w, &conversation, row, draft);
	if (r >= 0)
		r = ticket_tell_client(w, row, "ticket_closed", &draft->outbox_id);
	return r < 0 ? r : message_add(w, row, draft, &id);
}

int ticket_conclude(struct work *w, struct ticket_row *row)
{
	struct message_draft draft = { .direction = "out", .via = "app", .automatic = true };
	int r = ticket_closing_text(w, row, &draft.body);

	if (r >= 0)
		r = tell_concluded(w, row, &draft);
	return r < 0 ? r : ticket_put_status(w, row, "done");
}
