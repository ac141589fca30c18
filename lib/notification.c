#include <portal/notification.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/time.h"
#include "company-private.h"
#include "list.h"
#include "policy.h"
#include "text/template.h"

/* The fields of a notification, for the record that is shown and for the wider
 * one that is read: the notification is the first member of both. */
#define NOTIFICATION_FIELDS \
	PORTAL_FIELD(struct notification, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct notification, company_tax_id, N_("TAX ID")), \
		PORTAL_FIELD(struct notification, kind, N_("KIND"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct notification, target_kind, N_("RECORD")), \
		PORTAL_FIELD(struct notification, target_id, N_("RECORD ID"), \
			.flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct notification, text, N_("TEXT")), \
		PORTAL_FIELD(struct notification, read_at, N_("READ")), \
		PORTAL_FIELD(struct notification, created_at, N_("CREATED"))

static const struct portal_field notification_fields[] = { NOTIFICATION_FIELDS, PORTAL_FIELDS_END };

const struct portal_record notification_record = { "notification", sizeof(struct notification),
	notification_fields };

static const struct portal_field count_fields[] = {
	PORTAL_FIELD(struct notification_count, unread, N_("UNREAD"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELDS_END,
};

const struct portal_record notification_count_record = { "notification.count",
	sizeof(struct notification_count), count_fields };

struct notification_row {
	struct notification notification;
	int64_t company_id;
};

static const struct portal_field row_fields[] = {
	NOTIFICATION_FIELDS,
	PORTAL_FIELD(struct notification_row, company_id, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "notification", sizeof(struct notification_row),
	row_fields };

/* Whose notifications are meant: those of one company, or all (0). */
static int find_scope(
	struct work *w, const char *action, const char *named, int64_t *ret_company_id)
{
	struct company company;
	int r;

	if (!named)
		return policy_need_list(w, action, ret_company_id);
	r = company_need(w, action, named, &company);
	*ret_company_id = r < 0 ? 0 : company.id;
	return r;
}

struct counting {
	const char *company;
	struct notification_count *ret;
};

static int count_body(struct work *w, void *arg)
{
	const struct counting *counting = arg;
	struct notification_count count = { 0 };
	int64_t company_id;
	int r = find_scope(w, "notification.count", counting->company, &company_id);

	if (r >= 0 && company_id)
		r = store_get_int(
			w->tx, Q_NOTIFICATION_COUNT_UNREAD_OF, ARGS(A(company_id)), &count.unread);
	else if (r >= 0)
		r = store_get_int(w->tx, Q_NOTIFICATION_COUNT_UNREAD, NO_ARGS, &count.unread);
	if (r >= 0)
		WORK_GIVE(w, counting->ret, count);
	return r;
}

int notification_count(struct portal *portal, const char *company,
	struct notification_count *ret_count, struct portal_error *err)
{
	struct counting counting = { company, ret_count };
	const int r = work_read(portal, count_body, &counting, err);

	return r < 0 ? r : 0;
}

struct reading {
	int64_t id;
	struct notification *ret;
};

static int notification_need(struct work *w, int64_t id, struct notification_row *ret)
{
	const char *named = arena_printf(w->arena, "%lld", (long long)id);
	struct policy_object object = { .kind = "notification", .id = id, .named = named };
	const int r =
		store_get(w->tx, Q_NOTIFICATION_BY_ID, ARGS(A(id)), w->arena, &row_record, ret);

	if (r == 0)
		return work_not_found(w, object.kind, named);
	object.owner = ret->company_id;
	return r < 0 ? r : policy_need(w, "notification.read", &object);
}

static int read_body(struct work *w, void *arg)
{
	const struct reading *reading = arg;
	struct notification_row row = { 0 };
	char now[24];
	int r = notification_need(w, reading->id, &row);
	const bool unread = !row.notification.read_at.ms;

	if (r >= 0 && unread) {
		row.notification.read_at = w->now;
		r = store_put(w->tx, Q_NOTIFICATION_SET_READ, ARGS(A(reading->id), A(w->now)));
		if (r >= 0)
			r = audit_add(w, "notification.read", "notification", reading->id,
				CHANGES({ "read_at", NULL, time_format_utc(w->now, now) }));
	}
	if (r >= 0)
		WORK_GIVE(w, reading->ret, row.notification);
	return r < 0 ? r : unread;
}

int notification_read(struct portal *portal, int64_t id, struct notification *ret_notification,
	struct portal_error *err)
{
	struct reading reading = { id, ret_notification };

	return work_write(portal, read_body, &reading, err);
}

struct listing {
	const struct notification_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

const struct portal_word notification_sorts[] = { { "id", NULL }, { "created_at", NULL },
	{ NULL, NULL } };

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct notification_filter *f = listing->filter;
	struct notification row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = notification_sorts,
		.statements = { Q_NOTIFICATION_LIST, Q_NOTIFICATION_LIST_UP,
			Q_NOTIFICATION_LIST_DOWN },
		.record = &notification_record,
		.row = &row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	int64_t company_id;
	const int r = find_scope(w, "notification.list", f->company, &company_id);

	if (r < 0)
		return r;
	if (f->kind && !template_exists(f->kind))
		return portal_fail(
			w->err, PORTAL_USAGE, _("'%s' is no kind of notification"), f->kind);
	if (company_id)
		list.statements.by_id = Q_NOTIFICATION_LIST_OF;
	return list_read(
		&list, LIST_ARGS(A(company_id), A(f->kind ? f->kind : ""), A(f->unread_only)));
}

int notification_list(struct portal *portal, const struct notification_filter *filter,
	portal_visit *visit, void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
