#include <string.h>

#include "attachment.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "list.h"
#include "policy.h"
#include "ticket-private.h"

const struct portal_word message_directions[] = {
	{ "in", N_("from the client") },
	{ "out", N_("to the client") },
	{ "internal", N_("internal comment") },
	{ "event", N_("event") },
	{ NULL, NULL },
};

const struct portal_word message_events[] = {
	{ "opened", N_("opened") },
	{ "assigned", N_("assignee changed") },
	{ "status", N_("status changed") },
	{ "subject", N_("subject changed") },
	{ "department", N_("department changed") },
	{ "category", N_("category changed") },
	{ "tags", N_("tags changed") },
	{ "company", N_("company changed") },
	{ "rated", N_("rated by the client") },
	{ "merged", N_("another ticket merged into this one") },
	{ "number", N_("number changed") },
	{ "conversation_started", N_("conversation over WhatsApp started") },
	{ "conversation_answered", N_("answered over WhatsApp") },
	{ "conversation_ended", N_("conversation over WhatsApp ended") },
	{ NULL, NULL },
};

const struct portal_word message_deliveries[] = {
	{ "queued", N_("waits to be sent") },
	{ "awaiting_client", N_("waits for the client's answer to be delivered") },
	{ "sending", NC_("message", "being sent") },
	{ "sent", NC_("message", "sent") },
	{ "delivered", NC_("message", "delivered") },
	{ "read", NC_("message", "read") },
	{ "played", NC_("message", "played") },
	{ "failed", NC_("message", "failed") },
	{ "unknown", N_("may have been sent") },
	{ "held", N_("held back") },
	{ "cancelled", NC_("message", "cancelled") },
	{ NULL, NULL },
};

/* The fields of a message, without its files: the store has those in another table. */
#define MESSAGE_FIELDS \
	PORTAL_FIELD(struct message, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD( \
			struct message, ticket_number, N_("TICKET"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct message, at, N_("TIME")), \
		PORTAL_FIELD( \
			struct message, direction, N_("DIRECTION"), .words = message_directions), \
		PORTAL_FIELD(struct message, via, N_("BY WAY OF"), .words = ticket_origins), \
		PORTAL_FIELD(struct message, author_name, N_("AUTHOR")), \
		PORTAL_FIELD(struct message, author_email, N_("AUTHOR E-MAIL"), \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct message, automatic, N_("AUTOMATIC"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct message, internal, N_("INTERNAL"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct message, body, N_("TEXT")), \
		PORTAL_FIELD(struct message, event, N_("EVENT"), .words = message_events), \
		PORTAL_FIELD(struct message, event_from, N_("FROM"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct message, event_to, N_("TO"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct message, delivery, N_("DELIVERY"), .words = message_deliveries), \
		PORTAL_FIELD(struct message, wamid, N_("WHATSAPP ID"), .flags = PORTAL_FIELD_WIDE)

static const struct portal_field message_fields[] = {
	MESSAGE_FIELDS,
	PORTAL_FIELD(struct message, attachments, N_("ATTACHMENTS"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELDS_END,
};

const struct portal_record message_record = { "message", sizeof(struct message), message_fields };

struct message_row {
	struct message message;
	bool has_files;
};

static const struct portal_field row_fields[] = {
	MESSAGE_FIELDS,
	PORTAL_FIELD(struct message_row, has_files, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "message", sizeof(struct message_row),
	row_fields };

static int list_files(struct work *w, struct message *message)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	_cleanup_buf_ struct buf lines;
	struct ticket_attachment file;
	int r = store_rows(w->tx, Q_MESSAGE_FILES, ARGS(A(message->id)), &ticket_attachment_record,
		&file, &rows);

	buf_init(&lines);
	while (r >= 0 && (r = store_next(rows)) > 0)
		buf_printf(
			&lines, "%s%lld %s", lines.len ? "\n" : "", (long long)file.id, file.name);
	if (r >= 0 && lines.error)
		r = portal_fail(w->err, PORTAL_NO_MEMORY, _("memory ran out"));
	message->file_lines.lines = arena_strdup(w->arena, buf_text(&lines));
	return r;
}

static int add_files(struct work *w, struct message_row *row)
{
	struct message *message = &row->message;
	int r;

	message->attachments.text = "[]";
	message->file_lines.lines = "";
	if (!row->has_files)
		return 0;
	r = attachment_json(w, "message", message->id, &message->attachments);
	return r < 0 ? r : list_files(w, message);
}

int message_by_id(struct work *w, int64_t id, struct message *ret)
{
	struct message_row row = { .has_files = false };
	int r = store_get(w->tx, Q_MESSAGE_BY_ID, ARGS(A(id)), w->arena, &row_record, &row);

	if (r > 0)
		r = add_files(w, &row) < 0 ? -(int)w->err->code : 1;
	*ret = row.message;
	return r;
}

/* Whose doing it is, as the author of what is written: a contact, or 0 for the operator. */
static int find_author(struct work *w, int64_t *ret)
{
	*ret = w->caused_by;
	if (w->caused_by || !w->actor->as)
		return 0;
	return store_get_int(w->tx, Q_TICKET_AUTHOR, ARGS(A(w->actor->user_id)), ret);
}

static int insert(struct work *w, const struct ticket_row *row, const struct message_draft *d,
	int64_t *ret_id)
{
	const bool automatic = d->automatic || w->caused_by == WORK_BY_RULE;
	int64_t author = d->author_id.id;
	const int r = automatic || author ? 0 : find_author(w, &author);

	if (r < 0)
		return r;
	return store_get_int(w->tx, Q_MESSAGE_INSERT,
		ARGS(A(row->ticket.id), A(d->at.ms ? d->at : w->now), A(d->direction), A(d->via),
			A((portal_id){ author }), store_flag(automatic), A(d->internal), A(d->body),
			A(d->event), A(d->from), A(d->to), A((portal_id){ d->outbox_id }),
			A(d->delivery), A(d->wamid), A(d->reply_to)),
		ret_id);
}

int message_add(
	struct work *w, struct ticket_row *row, const struct message_draft *draft, int64_t *ret_id)
{
	int r = insert(w, row, draft, ret_id);

	if (!strcmp(draft->direction, "in")) {
		row->office_unread++;
		row->client_unread = 0;
	}
	if (!strcmp(draft->direction, "out")) {
		row->client_unread++;
		row->office_unread = 0;
	}
	if (r >= 0)
		r = attachment_add(w, "message", *ret_id, draft->files, draft->file_count);
	if (r < 0 || !draft->body)
		return r < 0 ? r : 0;
	return ticket_words_add(w, row->ticket.id, draft->body,
		draft->internal ? TICKET_FOR_OFFICE : TICKET_FOR_ALL);
}

int message_add_comment(struct work *w, struct ticket_row *row, const char *body)
{
	int64_t id;

	return message_add(w, row,
		&(struct message_draft){ .direction = "internal", .body = body, .internal = true },
		&id);
}

static int add_event(struct work *w, struct ticket_row *row, const struct message_draft *draft)
{
	int64_t id;

	return message_add(w, row, draft, &id);
}

int ticket_event(
	struct work *w, struct ticket_row *row, const char *event, const char *from, const char *to)
{
	const struct message_draft draft = {
		.direction = "event", .event = event, .from = from, .to = to
	};

	return add_event(w, row, &draft);
}

int ticket_event_by_rule(
	struct work *w, struct ticket_row *row, const char *event, const char *from, const char *to)
{
	const struct message_draft draft = {
		.direction = "event", .event = event, .from = from, .to = to, .automatic = true
	};

	return add_event(w, row, &draft);
}

int ticket_event_internal(
	struct work *w, struct ticket_row *row, const char *event, const char *from, const char *to)
{
	const struct message_draft draft = {
		.direction = "event", .event = event, .from = from, .to = to, .internal = true
	};

	return add_event(w, row, &draft);
}

const struct portal_word message_sorts[] = { { "id", NULL }, { "at", NULL }, { NULL, NULL } };

struct listing {
	const struct message_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

/* @w has memory for this row alone. */
static int finish_row(struct work *w, void *row, void *arg)
{
	(void)arg;
	return add_files(w, row);
}

/* The newest first is read off the index, and need not be sorted. */
static bool by_id_down(const struct portal_page *page)
{
	return page->sort && !strcmp(page->sort, "-id");
}

static int read_list(struct work *w, const struct listing *listing)
{
	const struct message_filter *f = listing->filter;
	struct message_row row = { .has_files = false };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = message_sorts,
		.statements = { Q_MESSAGE_LIST, Q_MESSAGE_LIST_AT_UP,
			by_id_down(&f->page) ? Q_MESSAGE_LIST_DOWN : Q_MESSAGE_LIST_AT_DOWN },
		.record = &row_record,
		.row = &row,
		.finish = finish_row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	struct ticket_row ticket = { 0 };
	const int r = ticket_need(w, "ticket.messages", f->ticket, &ticket);

	if (r < 0)
		return r;
	return list_read(
		&list, LIST_ARGS(A(ticket.ticket.id), A(ticket_by_client(w)), A(f->since_id)));
}

int message_list_in(struct work *w, const struct message_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end)
{
	const struct listing listing = { filter, visit, arg, ret_end };

	return read_list(w, &listing);
}

static int list_body(struct work *w, void *arg)
{
	return read_list(w, arg);
}

int message_list(struct portal *portal, const struct message_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
