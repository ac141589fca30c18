#include "ticket-private.h"

#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "wa-private.h"
#include "policy.h"
#include "target.h"

const struct portal_word ticket_statuses[] = {
	{ "new", N_("new") },
	{ "in_progress", N_("in progress") },
	{ "pending", N_("on hold") },
	{ "done", N_("done") },
	{ "cancelled", N_("cancelled") },
	{ NULL, NULL },
};

const struct portal_word ticket_origins[] = {
	{ "whatsapp", N_("WhatsApp") },
	{ "app", N_("app") },
	{ "email", N_("e-mail") },
	{ "office", N_("office") },
	{ NULL, NULL },
};

/* The fields of a ticket, for the record that is shown and for the wider one that is
 * read: the ticket is the first member of that. */
#define TICKET_FIELDS \
	PORTAL_FIELD( \
		struct ticket, id, N_("ID"), .flags = PORTAL_FIELD_WIDE | PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct ticket, number, N_("NUMBER")), \
		PORTAL_FIELD(struct ticket, subject, N_("SUBJECT")), \
		PORTAL_FIELD( \
			struct ticket, company_tax_id, N_("TAX ID"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, company_name, N_("COMPANY")), \
		PORTAL_FIELD(struct ticket, contact_name, N_("CONTACT")), \
		PORTAL_FIELD(struct ticket, contact_email, N_("CONTACT E-MAIL"), \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, contact_phone, N_("CONTACT PHONE"), \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct ticket, department, N_("DEPARTMENT"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, category, N_("CATEGORY"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, tags, N_("TAGS"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, due_at, N_("DUE BY"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, origin, N_("ORIGIN"), .words = ticket_origins, \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, status, N_("STATUS"), .words = ticket_statuses), \
		PORTAL_FIELD(struct ticket, assignee_email, N_("ASSIGNEE E-MAIL"), \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, assignee_name, N_("ASSIGNEE")), \
		PORTAL_FIELD( \
			struct ticket, opened_at, N_("OPENED AT"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, updated_at, N_("UPDATED")), \
		PORTAL_FIELD(struct ticket, closed_at, N_("ENDED"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, wa_status, N_("WHATSAPP"), \
			.words = conversation_statuses, .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, rating, N_("RATING"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, rating_comment, N_("RATING'S COMMENT"), \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, merged_into, N_("MERGED INTO"), \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct ticket, project_id, N_("PROJECT"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct ticket, task_id, N_("TASK"), .flags = PORTAL_FIELD_WIDE)

#define UNREAD_FIELD \
	PORTAL_FIELD(struct ticket, unread_count, N_("UNREAD"), .flags = PORTAL_FIELD_RIGHT)

static const struct portal_field ticket_fields[] = { TICKET_FIELDS, UNREAD_FIELD,
	PORTAL_FIELDS_END };

const struct portal_record ticket_record = { "ticket", sizeof(struct ticket), ticket_fields };

static const struct portal_field shown_fields[] = {
	TICKET_FIELDS,
	UNREAD_FIELD,
	PORTAL_FIELD(struct ticket_shown, messages, N_("MESSAGES"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct ticket_shown, messages_truncated, N_("EARLIER MESSAGES"),
		.flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELDS_END,
};

const struct portal_record ticket_shown_record = { "ticket", sizeof(struct ticket_shown),
	shown_fields };

static const struct portal_field row_fields[] = {
	TICKET_FIELDS,
	PORTAL_FIELD(struct ticket_row, company_id, NULL),
	PORTAL_FIELD(struct ticket_row, contact_id, NULL),
	PORTAL_FIELD(struct ticket_row, assignee_id, NULL),
	PORTAL_FIELD(struct ticket_row, office_unread, NULL),
	PORTAL_FIELD(struct ticket_row, client_unread, NULL),
	PORTAL_FIELD(struct ticket_row, merged_into_id, NULL),
	PORTAL_FIELD(struct ticket_row, paused_at, NULL),
	PORTAL_FIELD(struct ticket_row, paused_ms, NULL),
	PORTAL_FIELD(struct ticket_row, task_visible, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "ticket", sizeof(struct ticket_row), row_fields };

bool ticket_by_client(const struct work *w)
{
	return w->actor->as && !w->actor->staff;
}

static struct ticket_kept kept_of(const struct ticket_row *row)
{
	const struct ticket *t = &row->ticket;

	return (struct ticket_kept){ t->subject, t->department, t->category, t->tags.lines,
		t->status, row->assignee_id, t->closed_at, t->due_at };
}

static bool same_kept(const struct ticket_kept *a, const struct ticket_kept *b)
{
	return text_same(a->subject, b->subject) && text_same(a->department, b->department) &&
	       text_same(a->category, b->category) && text_same(a->tags, b->tags) &&
	       text_same(a->status, b->status) && a->assignee_id.id == b->assignee_id.id &&
	       a->closed_at.ms == b->closed_at.ms && a->due_at.ms == b->due_at.ms;
}

int ticket_by_id(struct work *w, int64_t id, struct ticket_row *ret)
{
	const int r = store_get(w->tx, Q_TICKET_BY_ID, ARGS(A(id)), w->arena, &row_record, ret);

	if (r > 0)
		ret->kept = kept_of(ret);
	return r;
}

int ticket_find_id(struct work *w, const char *named, int64_t *ret)
{
	struct ticket_number number;

	if (target_id(named, ret))
		return 1;
	if (!ticket_number_parse(w, named, &number))
		return 0;
	return store_get_int(w->tx, Q_TICKET_ID_BY_NUMBER, ARGS(A(number.day), A(number.n)), ret);
}

int ticket_need(struct work *w, const char *action, const char *named, struct ticket_row *ret)
{
	struct policy_object object = { .kind = "ticket", .named = named };
	int r = ticket_find_id(w, named, &object.id);

	if (r > 0)
		r = ticket_by_id(w, object.id, ret);
	if (r > 0 && ret->merged_into_id.id)
		r = ticket_by_id(w, ret->merged_into_id.id, ret);
	if (r <= 0)
		return r < 0 ? r : work_not_found(w, "ticket", named);
	object.id = ret->ticket.id;
	object.owner = ret->company_id.id;
	return policy_need(w, action, &object);
}

int ticket_find_staff(
	struct work *w, const char *named, enum ticket_staff which, int64_t *ret_user_id)
{
	int64_t id = 0;

	if (!target_id(named, &id))
		id = 0;
	return store_get_int(w->tx, Q_TICKET_STAFF,
		ARGS(A(work_office_id(w)), A(named), A(id),
			store_flag(which == TICKET_STAFF_ACTIVE)),
		ret_user_id);
}

bool ticket_is_open(const struct ticket *ticket)
{
	return strcmp(ticket->status, "done") != 0 && strcmp(ticket->status, "cancelled") != 0;
}

int ticket_has_ended(struct work *w, const struct ticket *ticket)
{
	portal_fail(w->err, PORTAL_WRONG_STATE,
		!strcmp(ticket->status, "done") ? _("ticket '%s' is done")
						: _("ticket '%s' was cancelled"),
		ticket->number);
	portal_about(w->err, "ticket", ticket->id);
	return portal_hint(w->err, "portalctl ticket reopen %s", ticket->number);
}

static int save_kept(struct work *w, struct ticket_row *row)
{
	const struct ticket *t = &row->ticket;

	row->kept = kept_of(row);
	return store_put(w->tx, Q_TICKET_UPDATE,
		ARGS(A(t->id), A(t->subject), A(t->department), A(t->category), A(t->tags.lines),
			A(row->assignee_id), A(t->status), A(t->closed_at), A(row->office_unread),
			A(row->client_unread), A(t->updated_at), A(t->due_at), A(row->paused_at),
			A(row->paused_ms)));
}

/* SQLite writes anew each index on a column that is set, to the same value too. */
int ticket_save_internal(struct work *w, struct ticket_row *row)
{
	const struct ticket_kept kept = kept_of(row);

	if (!same_kept(&kept, &row->kept))
		return save_kept(w, row);
	return store_put(w->tx, Q_TICKET_TOUCH,
		ARGS(A(row->ticket.id), A(row->office_unread), A(row->client_unread),
			A(row->ticket.updated_at), A(row->paused_at), A(row->paused_ms)));
}

int ticket_save(struct work *w, struct ticket_row *row)
{
	row->ticket.updated_at = w->now;
	return ticket_save_internal(w, row);
}

void ticket_hide_about(struct work *w, struct ticket *ticket)
{
	if (!ticket_by_client(w))
		return;
	if (ticket->project_id.id && !policy_may_list(w, "project.list"))
		ticket->project_id.id = 0;
	if (ticket->task_id.id && !policy_may_list(w, "task.list"))
		ticket->task_id.id = 0;
}

int ticket_count_whatsapp(struct work *w, struct ticket *ticket)
{
	int64_t is_over = 0;
	int r = 0;

	if (ticket->wa_status && !strcmp(ticket->wa_status, "active"))
		r = store_get_int(
			w->tx, Q_CONVERSATION_IS_OVER, ARGS(A(ticket->id), A(w->now)), &is_over);
	if (is_over)
		ticket->wa_status = "ended";
	return r < 0 ? r : 0;
}

int ticket_give(struct work *w, struct ticket_row *row, struct ticket *ret, int outcome)
{
	struct ticket seen = row->ticket;

	seen.unread_count = ticket_by_client(w) ? row->client_unread : row->office_unread;
	if (ticket_by_client(w))
		seen.tags = (portal_list){ "" };
	if (ticket_by_client(w) && !row->task_visible)
		seen.task_id.id = 0;
	ticket_hide_about(w, &seen);
	if (seen.contact_phone)
		seen.contact_phone = arena_strndup(
			w->arena, seen.contact_phone, strcspn(seen.contact_phone, "\n"));
	if (seen.contact_phone && !*seen.contact_phone)
		seen.contact_phone = NULL;
	if (ticket_count_whatsapp(w, &seen) < 0)
		return -(int)w->err->code;
	WORK_GIVE(w, ret, seen);
	return outcome;
}

struct call {
	const char *named;
	struct ticket *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct ticket_row row = { 0 };
	const int r = ticket_need(w, "ticket.show", call->named, &row);

	return r < 0 ? r : ticket_give(w, &row, call->ret, 0);
}

int ticket_show(struct portal *portal, const char *named, struct ticket *ret_ticket,
	struct portal_error *err)
{
	struct call call = { named, ret_ticket };

	return work_read(portal, show_body, &call, err);
}

static int read_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct ticket_row row = { 0 };
	int64_t *unread = ticket_by_client(w) ? &row.client_unread : &row.office_unread;
	int r = ticket_need(w, "ticket.read", call->named, &row);

	if (r < 0 || *unread == 0)
		return r < 0 ? r : ticket_give(w, &row, call->ret, 0);
	*unread = 0;
	r = store_put(w->tx, Q_TICKET_SET_READ,
		ARGS(A(row.ticket.id), A(row.office_unread), A(row.client_unread)));
	if (r >= 0)
		r = audit_add(w, "ticket.read", "ticket", row.ticket.id, CHANGES({ NULL }));
	return r < 0 ? r : ticket_give(w, &row, call->ret, 1);
}

int ticket_read(struct portal *portal, const char *named, struct ticket *ret_ticket,
	struct portal_error *err)
{
	struct call call = { named, ret_ticket };

	return work_write(portal, read_body, &call, err);
}
