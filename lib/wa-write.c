/* Messages of the office over WhatsApp (W2, W4): each call of the provider's is a message
 * of the outbox, the text first and then its files. */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "outbox-private.h"
#include "wa-private.h"
#include "text/object.h"
#include "text/template.h"

enum { TEXT_MAX = 4096 };

/* One call of the provider's API. @file: the id of the attachment that it is, "" for the
 * text. */
struct part {
	const char *address, *template, *arguments;
	int64_t message_id;
	const char *file;
};

static int put_part(struct work *w, const struct part *part)
{
	int64_t id = 0;
	const int r = store_get_int(w->tx, Q_OUTBOX_INSERT_WHATSAPP,
		ARGS(A(part->address), A(part->template), A(work_language(w)), A(part->arguments),
			A("message"), A(part->message_id), A(w->now)),
		&id);

	return r < 0 ? r : 0;
}

/* A part that has gone, before the window closed on the others, does not go again. */
static int queue(struct work *w, const struct part *part)
{
	int64_t id = 0;
	const int r = store_get_int(w->tx, Q_OUTBOX_PART_GONE,
		ARGS(A(part->message_id), A(OUTBOX_FILE), A(part->file)), &id);

	return r == 0 ? put_part(w, part) : r < 0 ? r : 0;
}

static const char *number_of(const struct conversation_row *row)
{
	return row->conversation.ticket_number;
}

struct file_row {
	int64_t id;
	const char *name;
};

static const struct portal_field file_fields[] = {
	PORTAL_FIELD(struct file_row, id, NULL),
	PORTAL_FIELD(struct file_row, name, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record file_record = { "attachment", sizeof(struct file_row),
	file_fields };

static int queue_files(struct work *w, const struct conversation_row *row, int64_t message_id)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct part part = { row->conversation.phone, "wa_message", NULL, message_id, "" };
	struct file_row file;
	int r = store_rows(w->tx, Q_MESSAGE_FILES, ARGS(A(message_id)), &file_record, &file, &rows);

	while (r >= 0 && (r = store_next(rows)) > 0) {
		part.file = arena_printf(w->arena, "%lld", (long long)file.id);
		part.arguments = object_of_texts(
			w->arena, NAMED({ "number", number_of(row) }, { "attachment", part.file },
					  { "name", arena_strdup(w->arena, file.name) }));
		r = queue(w, &part);
	}
	return r;
}

static int set_delivery(struct work *w, int64_t message_id, const char *delivery)
{
	return store_put(w->tx, Q_MESSAGE_SET_DELIVERY, ARGS(A(message_id), A(delivery)));
}

int conversation_queue(struct work *w, const struct conversation_row *row, int64_t message_id)
{
	const struct part part = { row->conversation.phone, "wa_message",
		object_of_texts(w->arena, NAMED({ "number", number_of(row) })), message_id, "" };
	struct message message;
	int r = message_by_id(w, message_id, &message);

	if (r > 0 && message.body && *message.body)
		r = queue(w, &part);
	if (r >= 0)
		r = queue_files(w, row, message_id);
	if (r >= 0)
		r = set_delivery(w, message_id, "queued");
	return r < 0 ? r : outbox_follow(w, "message", message_id);
}

static int64_t characters(const char *text)
{
	int64_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

static int check_length(struct work *w, const char *body)
{
	if (!body || characters(body) <= TEXT_MAX)
		return 0;
	portal_fail(w->err, PORTAL_INVALID,
		_("the text has %lld characters, and WhatsApp takes %d"),
		(long long)characters(body), TEXT_MAX);
	return portal_about_field(w->err, "body");
}

int conversation_write(struct work *w, const struct conversation_row *row,
	struct ticket_row *ticket, struct message_draft *draft, int64_t *ret_id)
{
	const bool waits = !strcmp(row->conversation.status, "awaiting_client");
	int r = check_length(w, draft->body);

	draft->direction = "out";
	draft->via = "whatsapp";
	draft->delivery = waits ? "awaiting_client" : "queued";
	if (r >= 0)
		r = message_add(w, ticket, draft, ret_id);
	return r < 0 || waits ? r : conversation_queue(w, row, *ret_id);
}

int conversation_text(
	struct work *w, const char *name, const struct named_text *texts, const char **ret)
{
	const struct template_call call = {
		.name = name, .language = work_language(w), .texts = texts
	};
	struct template_text text;
	const int r = template_fill(w->arena, &call, &text, w->err);
	size_t len = r < 0 ? 0 : strlen(text.body);

	while (len > 0 && text.body[len - 1] == '\n')
		len--;
	if (r >= 0)
		*ret = arena_strndup(w->arena, text.body, len);
	return r;
}

int conversation_write_template(struct work *w, const struct conversation_row *row,
	struct ticket_row *ticket, const struct conversation_template *template)
{
	struct message_draft draft = { .direction = "out",
		.via = "whatsapp",
		.automatic = true,
		.body = template->body,
		.delivery = "queued" };
	struct part part = { row->conversation.phone, template->name,
		object_of_texts(w->arena, template->texts), 0, "" };
	int r = 0;

	if (!draft.body)
		r = conversation_text(w, template->name, template->texts, &draft.body);
	if (r >= 0)
		r = message_add(w, ticket, &draft, &part.message_id);
	return r < 0 ? r : put_part(w, &part);
}

/* What else the outbox holds for the client would be refused as well. */
static int take_back(struct work *w, int64_t ticket_id)
{
	const int r = store_put(w->tx, Q_MESSAGE_TAKE_BACK, ARGS(A(ticket_id)));

	return r < 0 ? r
		     : store_put(w->tx, Q_OUTBOX_TAKE_BACK,
			       ARGS(A(ticket_id), A("waits for the client's answer")));
}

/* Has the client written since, so that the refusal is of the past? Or from elsewhere, so
 * that it is of another address? */
static int wrote_since(struct work *w, const struct conversation_row *row, int64_t message_id)
{
	const char *address = row->conversation.phone;
	portal_time wrote = { 0 };
	int64_t tried = 0, id = 0;
	int r = store_get_int(w->tx, Q_OUTBOX_TRIED_THERE, ARGS(A(message_id), A(address)), &id);

	if (r == 0)
		return row->conversation.window_open;
	if (r > 0)
		r = store_get_int(w->tx, Q_OUTBOX_TRIED_AT, ARGS(A(message_id)), &tried);
	if (r >= 0)
		r = conversation_wrote_at(w, address, &wrote);
	return r < 0 ? r : row->conversation.window_open && tried && wrote.ms > tried;
}

struct recipient_row {
	const char *recipient;
};

static const struct portal_field recipient_fields[] = {
	PORTAL_FIELD(struct recipient_row, recipient, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record recipient_record = { "outbox", sizeof(struct recipient_row),
	recipient_fields };

/* S13: what was to be said of a ticket that is done is said as a template. Once: 0 where it
 * is, or the client is reached nowhere any more. */
static int close_by_template(struct work *w, const struct ticket_row *ticket, int64_t message_id)
{
	struct part part = { NULL, "ticket_closed", NULL, message_id, "" };
	struct recipient_row went;
	int r = store_get(w->tx, Q_OUTBOX_WENT_TO, ARGS(A(message_id), A(part.template)), w->arena,
		&recipient_record, &went);

	if (r > 0)
		r = conversation_address_now(w, ticket->contact_id, went.recipient, &part.address);
	if (r <= 0)
		return r;
	part.arguments = object_of_texts(w->arena, ticket_texts(w, ticket));
	r = put_part(w, &part);
	if (r >= 0)
		r = set_delivery(w, message_id, "queued");
	return r < 0 ? r : 1;
}

/* Part of it may have gone before. */
static int cancel(struct work *w, int64_t message_id)
{
	const int r = set_delivery(w, message_id, "cancelled");

	return r < 0 ? r : outbox_follow(w, "message", message_id);
}

/* What waits for nobody is not said, and the office hears of it. */
static int lose(struct work *w, const struct ticket_row *ticket, int64_t message_id)
{
	const int r = cancel(w, message_id);

	return r < 0 ? r : ticket_tell_office(w, ticket, "wa_failed");
}

/* Nothing waits for the client on a ticket that has ended, nor does a closing message where
 * it was opened again. */
static int give_up(struct work *w, const struct ticket_row *ticket, int64_t message_id)
{
	return ticket_is_open(&ticket->ticket) ? cancel(w, message_id)
					       : lose(w, ticket, message_id);
}

int conversation_await(struct work *w, const struct ticket_row *ticket, int64_t id)
{
	int r = take_back(w, ticket->ticket.id);

	if (r >= 0 && id)
		r = store_put(w->tx, Q_CONVERSATION_AWAIT, ARGS(A(id)));
	return r < 0 ? r : ticket_tell_office(w, ticket, "wa_waiting");
}

static int wait_for_client(struct work *w, const struct ticket_row *ticket, int64_t message_id)
{
	const int64_t ticket_id = ticket->ticket.id;
	struct conversation_row row = { .identity = NULL };
	int r = set_delivery(w, message_id, "awaiting_client");

	if (r >= 0)
		r = conversation_of_ticket(w, ticket_id, &row);
	if (r > 0) {
		r = wrote_since(w, &row, message_id);
		if (r != 0)
			return r < 0 ? r : conversation_queue(w, &row, message_id);
		r = 1;
	}
	if (r >= 0)
		r = conversation_await(w, ticket, r > 0 ? row.conversation.id : 0);
	return r < 0 ? r : 1;
}

int conversation_another(struct work *w, int64_t message_id, int64_t *ret_ticket_id)
{
	return store_get_int(w->tx, Q_MESSAGE_ANOTHERS,
		ARGS(A(message_id), A("%\"number\":\""), A("\"%")), ret_ticket_id);
}

/* What was said to the contact of a ticket that was merged into this one waits for nobody. */
static int refused_of(struct work *w, const struct ticket_row *ticket, int64_t message_id)
{
	int64_t closing = 0, other = 0;
	const bool is_open = ticket_is_open(&ticket->ticket);
	int r = store_get_int(w->tx, Q_MESSAGE_CLOSING, ARGS(A(ticket->ticket.id)), &closing);

	if (r >= 0)
		r = conversation_another(w, message_id, &other);
	if (r != 0)
		return r < 0 ? r : lose(w, ticket, message_id);
	if (is_open && closing != message_id)
		return wait_for_client(w, ticket, message_id);
	if (!strcmp(ticket->ticket.status, "done") && closing == message_id)
		r = close_by_template(w, ticket, message_id);
	return r != 0 ? (r < 0 ? r : 0) : give_up(w, ticket, message_id);
}

int conversation_window_refused(struct work *w, int64_t message_id)
{
	struct ticket_row ticket = { 0 };
	int64_t ticket_id = 0;
	int r = store_get_int(w->tx, Q_MESSAGE_TO_BE_SAID, ARGS(A(message_id)), &ticket_id);

	if (r > 0)
		r = ticket_by_id(w, ticket_id, &ticket);
	return r <= 0 ? r : refused_of(w, &ticket, message_id);
}

int conversation_drop_closing(struct work *w, int64_t ticket_id)
{
	int64_t id = 0;
	int r = store_get_int(w->tx, Q_MESSAGE_CLOSING, ARGS(A(ticket_id)), &id);

	if (r >= 0)
		r = store_put(w->tx, Q_OUTBOX_TAKE, ARGS(A(id), A("the ticket was reopened")));
	return r < 0 ? r : store_put(w->tx, Q_MESSAGE_TAKE, ARGS(A(id)));
}
