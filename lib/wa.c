#include "wa-private.h"

#include <string.h>

#include "base/i18n.h"
#include "company-private.h"
#include "contact-identity.h"
#include "list.h"
#include "policy.h"

/* clang-format off */
#define STATUSES \
	{ "active", NC_("conversation", "active") }, \
	{ "awaiting_client", N_("awaiting the client's answer") }, \
	{ "ended", N_("ended") }
/* clang-format on */

const struct portal_word conversation_statuses[] = { STATUSES, { NULL, NULL } };
const struct portal_word conversation_list_statuses[] = { { "live", N_("live") }, STATUSES,
	{ "any", N_("any") }, { NULL, NULL } };

const struct portal_word conversation_reasons[] = {
	{ "ended", N_("ended by the office") },
	{ "done", N_("the ticket is done") },
	{ "cancelled", N_("the ticket was cancelled") },
	{ "inactivity", N_("ended by inactivity") },
	{ "app", N_("the client answers through the app") },
	{ NULL, NULL },
};

#define WIDE .flags = PORTAL_FIELD_WIDE

/* The conversation is the first member of the row, so both records begin alike. */
#define CONVERSATION_FIELDS \
	PORTAL_FIELD(struct conversation, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct conversation, ticket_number, N_("TICKET")), \
		PORTAL_FIELD(struct conversation, contact_id, N_("CONTACT"), WIDE), \
		PORTAL_FIELD(struct conversation, contact_name, N_("NAME")), \
		PORTAL_FIELD(struct conversation, phone, N_("PHONE")), \
		PORTAL_FIELD(struct conversation, status, N_("STATUS"), \
			.words = conversation_statuses), \
		PORTAL_FIELD(struct conversation, end_reason, N_("END"), WIDE, \
			.words = conversation_reasons), \
		PORTAL_FIELD(struct conversation, window_closes_at, N_("WINDOW CLOSES")), \
		PORTAL_FIELD(struct conversation, started_at, N_("STARTED"), WIDE), \
		PORTAL_FIELD(struct conversation, ended_at, N_("ENDED"), WIDE), \
		PORTAL_FIELD(struct conversation, waiting_count, N_("WAITING"), \
			.flags = PORTAL_FIELD_RIGHT)

#define WINDOW_FIELD PORTAL_FIELD(struct conversation, window_open, N_("WINDOW OPEN"), WIDE)

static const struct portal_field conversation_fields[] = { CONVERSATION_FIELDS, WINDOW_FIELD,
	PORTAL_FIELDS_END };

const struct portal_record conversation_record = { "conversation", sizeof(struct conversation),
	conversation_fields };

static const struct portal_field row_fields[] = {
	CONVERSATION_FIELDS,
	PORTAL_FIELD(struct conversation_row, company_id, NULL),
	PORTAL_FIELD(struct conversation_row, ticket_id, NULL),
	PORTAL_FIELD(struct conversation_row, identity, NULL),
	PORTAL_FIELD(struct conversation_row, menu, NULL),
	PORTAL_FIELD(struct conversation_row, warned_at, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "conversation", sizeof(struct conversation_row),
	row_fields };

static const struct portal_field window_fields[] = {
	PORTAL_FIELD(struct conversation_window, contact_id, N_("CONTACT")),
	PORTAL_FIELD(struct conversation_window, contact_name, N_("NAME")),
	PORTAL_FIELD(struct conversation_window, phone, N_("PHONE")),
	PORTAL_FIELD(struct conversation_window, ticket_number, N_("TICKET")),
	PORTAL_FIELD(struct conversation_window, window_open, N_("WINDOW OPEN")),
	PORTAL_FIELD(struct conversation_window, window_closes_at, N_("WINDOW CLOSES")),
	PORTAL_FIELD(struct conversation_window, last_client_message_at, N_("CLIENT WROTE")),
	PORTAL_FIELDS_END,
};

const struct portal_record conversation_window_record = { "conversation.window",
	sizeof(struct conversation_window), window_fields };

bool conversation_is_live(const struct conversation *conversation)
{
	return strcmp(conversation->status, "ended") != 0;
}

/* As it counts at @now, whatever is written down (W4). */
static void count_now(struct conversation *c, portal_time now)
{
	c->window_open = c->window_closes_at.ms > now.ms;
	if (strcmp(c->status, "active") != 0 || c->window_open)
		return;
	c->status = "ended";
	c->end_reason = "inactivity";
	c->ended_at = c->window_closes_at.ms ? c->window_closes_at : c->started_at;
}

static int get(struct work *w, enum store_query query, const struct store_value *args,
	struct conversation_row *ret)
{
	const int r = store_get(w->tx, query, args, w->arena, &row_record, ret);

	if (r <= 0)
		return r;
	ret->stored_live = conversation_is_live(&ret->conversation);
	count_now(&ret->conversation, w->now);
	return 1;
}

int conversation_by_id(struct work *w, int64_t id, struct conversation_row *ret)
{
	return get(w, Q_CONVERSATION_BY_ID, ARGS(A(id)), ret);
}

/* The live one, where another was merged in behind it. */
int conversation_last(struct work *w, int64_t ticket_id, struct conversation_row *ret)
{
	const int r = get(w, Q_CONVERSATION_LIVE_OF_TICKET, ARGS(A(ticket_id)), ret);

	return r ? r : get(w, Q_CONVERSATION_LAST_OF_TICKET, ARGS(A(ticket_id)), ret);
}

int conversation_stored(struct work *w, enum conversation_of of, const struct store_value *args,
	struct conversation_row *ret)
{
	static const enum store_query queries[] = {
		[CONVERSATION_OF_TICKET] = Q_CONVERSATION_LIVE_OF_TICKET,
		[CONVERSATION_OF_CONTACT] = Q_CONVERSATION_LIVE_OF_CONTACT,
		[CONVERSATION_OF_ACCOUNT] = Q_CONVERSATION_LIVE_OF_ACCOUNT,
	};

	return get(w, queries[of], args, ret);
}

int conversation_of_others(
	struct work *w, const char *address, int64_t contact_id, struct conversation_row *ret)
{
	const bool is_user = identity_is_user(address);
	const char *user = is_user ? address : "";
	const char *number = is_user ? "" : identity_of(w->arena, address);

	return conversation_stored(
		w, CONVERSATION_OF_ACCOUNT, ARGS(A(user), A(number), A(contact_id)), ret);
}

static int live(struct work *w, enum conversation_of of, int64_t id, struct conversation_row *ret)
{
	const int r = conversation_stored(w, of, ARGS(A(id)), ret);

	return r > 0 ? conversation_is_live(&ret->conversation) : r;
}

int conversation_of_ticket(struct work *w, int64_t ticket_id, struct conversation_row *ret)
{
	return live(w, CONVERSATION_OF_TICKET, ticket_id, ret);
}

int conversation_of_contact(struct work *w, int64_t contact_id, struct conversation_row *ret)
{
	return live(w, CONVERSATION_OF_CONTACT, contact_id, ret);
}

int conversation_suggest(struct work *w, const struct ticket *ticket)
{
	return ticket_is_open(ticket) ? portal_hint(w->err, "portalctl wa start %s", ticket->number)
				      : -(int)w->err->code;
}

static int no_conversation(struct work *w, const struct ticket *ticket)
{
	portal_fail(w->err, PORTAL_NOT_FOUND, _("ticket '%s' was never spoken of over WhatsApp"),
		ticket->number);
	portal_about(w->err, "ticket", ticket->id);
	return conversation_suggest(w, ticket);
}

struct show {
	const char *ticket;
	struct conversation *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct show *show = arg;
	struct ticket_row ticket = { 0 };
	struct conversation_row row;
	int r = ticket_need(w, "wa.show", show->ticket, &ticket);

	if (r >= 0)
		r = conversation_last(w, ticket.ticket.id, &row);
	if (r == 0)
		return no_conversation(w, &ticket.ticket);
	if (r > 0)
		WORK_GIVE(w, show->ret, row.conversation);
	return r < 0 ? r : 0;
}

int conversation_show(struct portal *portal, const char *ticket,
	struct conversation *ret_conversation, struct portal_error *err)
{
	struct show show = { ticket, ret_conversation };

	return work_read(portal, show_body, &show, err);
}

struct asking {
	const struct conversation_whose *whose;
	struct conversation_window *ret;
};

static int find_whose(struct work *w, const struct conversation_whose *whose, int64_t *ret_id,
	int64_t *ret_ticket_id)
{
	const struct contact_named named = { whose->contact, whose->company };
	struct ticket_row ticket = { 0 };
	struct contact_found found;
	int r;

	if (!whose->ticket == !whose->contact)
		return portal_fail(
			w->err, PORTAL_USAGE, _("give a ticket or '--contact', one of the two"));
	if (whose->ticket) {
		r = ticket_need(w, "wa.can-reply", whose->ticket, &ticket);
		*ret_id = ticket.contact_id;
		*ret_ticket_id = ticket.ticket.id;
		return r;
	}
	r = contact_need(w, "wa.can-reply", &named, &found);
	if (r >= 0)
		*ret_id = found.contact.id;
	return r;
}

/* The address of the ticket's own conversation, else the one that a new one would have. */
static int find_address(
	struct work *w, int64_t contact_id, int64_t ticket_id, struct conversation_window *ret)
{
	struct conversation_row row;
	int r = conversation_of_contact(w, contact_id, &row);

	if (r > 0)
		ret->ticket_number = row.conversation.ticket_number;
	if (r > 0 && row.ticket_id == ticket_id) {
		ret->phone = row.conversation.phone;
		return 1;
	}
	return r < 0 ? r : conversation_usual_address(w, contact_id, &ret->phone);
}

static int read_window(
	struct work *w, int64_t contact_id, int64_t ticket_id, struct conversation_window *ret)
{
	struct contact_found found;
	int r = contact_by_id(w, contact_id, &found);

	ret->contact_id = contact_id;
	ret->contact_name = r > 0 ? found.contact.name : NULL;
	if (r >= 0)
		r = find_address(w, contact_id, ticket_id, ret);
	if (r > 0)
		r = conversation_wrote_at(w, ret->phone, &ret->last_client_message_at);
	if (r >= 0 && ret->phone)
		r = conversation_closes(w, ret->phone, &ret->window_closes_at);
	ret->window_open = ret->window_closes_at.ms > w->now.ms;
	return r < 0 ? r : 0;
}

static int can_reply_body(struct work *w, void *arg)
{
	const struct asking *asking = arg;
	struct conversation_window window = { 0 };
	int64_t contact_id = 0, ticket_id = 0;
	int r = find_whose(w, asking->whose, &contact_id, &ticket_id);

	if (r >= 0)
		r = read_window(w, contact_id, ticket_id, &window);
	if (r < 0)
		return r;
	WORK_GIVE(w, asking->ret, window);
	return window.window_open;
}

int conversation_can_reply(struct portal *portal, const struct conversation_whose *whose,
	struct conversation_window *ret_window, struct portal_error *err)
{
	struct asking asking = { whose, ret_window };

	return work_read(portal, can_reply_body, &asking, err);
}

const struct portal_word conversation_sorts[] = { { "id", NULL }, { "started_at", NULL },
	{ "window_closes_at", NULL }, { NULL, NULL } };

struct listing {
	const struct conversation_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int finish_row(struct work *w, void *row, void *arg)
{
	(void)arg;
	count_now(row, w->now);
	return 0;
}

static int find_filter(struct work *w, const struct conversation_filter *f, int64_t *ret_contact,
	int64_t *ret_ticket)
{
	const struct contact_named named = { f->contact, NULL };
	struct ticket_row ticket = { 0 };
	struct contact_found found;
	int64_t viewer;
	int r = policy_need_list(w, "wa.list", &viewer);

	if (r >= 0 && f->contact) {
		r = contact_need(w, "contact.show", &named, &found);
		*ret_contact = r >= 0 ? found.contact.id : 0;
	}
	if (r >= 0 && f->ticket)
		r = ticket_need(w, "wa.show", f->ticket, &ticket);
	*ret_ticket = ticket.ticket.id;
	return r;
}

static int list_body(struct work *w, void *arg)
{
	enum { CLOCK_ARG = 6 };
	const struct listing *listing = arg;
	const struct conversation_filter *f = listing->filter;
	struct conversation row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = conversation_sorts,
		.statements = { Q_CONVERSATION_LIST, Q_CONVERSATION_LIST_UP,
			Q_CONVERSATION_LIST_DOWN },
		.record = &conversation_record,
		.row = &row,
		.finish = finish_row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end,
		.clock_arg = CLOCK_ARG };
	int64_t contact = 0, ticket = 0;
	const int r = find_filter(w, f, &contact, &ticket);

	if (r < 0)
		return r;
	return list_read(&list,
		LIST_ARGS(A(f->status ? f->status : "live"), A(w->now), A(contact), A(ticket)));
}

int conversation_list(struct portal *portal, const struct conversation_filter *filter,
	portal_visit *visit, void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
