/* How sales end without a signature (P2): refused, cancelled, expired; and who is told. */
#include <string.h>

#include <portal/text.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "company-private.h"
#include "policy.h"
#include "sale-private.h"
#include "task-date.h"
#include "tell.h"

enum { REASON_MAX = 2000, CHUNK_ROWS = 500 };

/* As the office reads an amount. */
static const char *amount_text(struct work *w, int64_t cents)
{
	const bool portuguese = work_language(w)[0] == 'p';

	return portal_money_text(w->arena, cents, portuguese ? "R$ 1.234,56" : "BRL 1,234.56");
}

static int texts_of(struct work *w, const struct sale *sale, const struct company *company,
	struct named_text *ret)
{
	const struct named_text texts[] = {
		{ "office", work_office_name(w) },
		{ "number", sale->number },
		{ "company_name", company_title(company) },
		{ "total", amount_text(w, sale->total_cents) },
		{ "valid_until", task_date_for_people(w, sale->valid_until) },
		{ "signed_by", sale->signed_by },
		{ "reason", sale->reason },
		{ NULL, NULL },
	};

	memcpy(ret, texts, sizeof(texts));
	return 0;
}

int sale_tell(struct work *w, int64_t sale_id, const char *event_name, enum sale_told whom,
	const char *contact)
{
	const int64_t office = work_office_id(w);
	struct company company;
	struct sale_row row;
	struct named_text texts[8];
	const struct event event = { event_name, "sale", sale_id, texts };
	struct told told[2];
	size_t count = 0;
	int r = sale_by_id(w, sale_id, &row);

	if (r >= 0)
		r = company_by_id(w, row.company_id, &company);
	if (r < 0)
		return r;
	texts_of(w, &row.sale, &company, texts);
	if (whom & SALE_TELL_COMPANY)
		told[count++] = (struct told){ company.id, company.email, contact };
	if ((whom & SALE_TELL_OFFICE) && (!count || company.id != office))
		told[count++] = (struct told){ .company_id = office };
	return tell_companies(w, &event, told, count);
}

int sale_end(struct work *w, const struct sale_row *row, const struct sale_ending *ending,
	const char *record_sha256)
{
	const char *by = ending->ended_by ? ending->ended_by : w->actor->label;
	const char *action = arena_printf(w->arena, "sale.%s", ending->verb);
	int r = store_put(w->tx, Q_SALE_END,
		ARGS(A(row->sale.id), A(ending->status), A(w->now), A(ending->signed_by), A(by),
			A(ending->reason)));

	if (r >= 0)
		r = audit_add(w, action, "sale", row->sale.id,
			CHANGES({ "status", row->sale.status, ending->status },
				{ "signed_by", NULL, ending->signed_by },
				{ "record_sha256", NULL, record_sha256 }));
	return r;
}

/* Saying no, of either side. */
struct no {
	const char *permission, *named, *reason, *event;
	enum sale_told whom;
	struct sale_ending ending;
	struct sale *ret;
};

/* A draft that is dropped is told to nobody: nobody else knew of it. */
static int end_and_tell(struct work *w, const struct no *no, const struct sale_row *row)
{
	int r = sale_end(w, row, &no->ending, NULL);

	if (r >= 0 && row->sale.sent_at.ms)
		r = sale_tell(w, row->sale.id, no->event, no->whom, NULL);
	return r < 0 ? r : sale_give(w, row->sale.id, no->ret, 1);
}

static int check_state(struct work *w, const struct no *no, const struct sale_row *row)
{
	const char *status = row->sale.status;

	if (no->whom == SALE_TELL_OFFICE)
		return sale_check_waits(w, row);
	return strcmp(status, "draft") && strcmp(status, "sent") ? sale_wrong_state(w, row) : 0;
}

static int no_body(struct work *w, void *arg)
{
	struct no no = *(const struct no *)arg;
	struct sale_row row;
	int r = sale_need(w, no.permission, no.named, &row);

	if (r < 0)
		return r;
	if (!strcmp(row.sale.status, no.ending.status))
		return sale_give(w, row.sale.id, no.ret, 0);
	r = check_state(w, &no, &row);
	if (r >= 0 && no.reason && *no.reason) {
		no.ending.reason = text_field(w->arena, no.reason, REASON_MAX, "reason", w->err);
		r = no.ending.reason ? 0 : -(int)w->err->code;
	}
	return r < 0 ? r : end_and_tell(w, &no, &row);
}

int sale_refuse(struct portal *portal, const char *named, const char *reason, struct sale *ret_sale,
	struct portal_error *err)
{
	struct no no = { .permission = "sale.refuse",
		.named = named,
		.reason = reason,
		.event = "sale_refused",
		.whom = SALE_TELL_OFFICE,
		.ending = { .verb = "refuse", .status = "refused" },
		.ret = ret_sale };

	return work_write(portal, no_body, &no, err);
}

int sale_cancel(struct portal *portal, const char *named, const char *reason, struct sale *ret_sale,
	struct portal_error *err)
{
	struct no no = { .permission = "sale.cancel",
		.named = named,
		.reason = reason,
		.event = "sale_cancelled",
		.whom = SALE_TELL_COMPANY,
		.ending = { .verb = "cancel", .status = "cancelled" },
		.ret = ret_sale };

	return work_write(portal, no_body, &no, err);
}

static int expire_one(struct work *w, int64_t id)
{
	const struct sale_ending ending = {
		.verb = "expire", .status = "expired", .ended_by = "expiry"
	};
	struct sale_row row;
	int r = sale_by_id(w, id, &row);

	if (r >= 0)
		r = sale_end(w, &row, &ending, NULL);
	return r < 0 ? r : sale_tell(w, id, "sale_expired", SALE_TELL_BOTH, NULL);
}

static const struct portal_field due_fields[] = {
	PORTAL_FIELD(struct sale, id, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record due_record = { "sale", sizeof(struct sale), due_fields };

/* Where the walk through what is due is. */
struct sweep {
	int64_t ids[CHUNK_ROWS];
	int64_t count, last_id, expired;
};

static int read_due(struct work *w, struct sweep *sweep)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct sale row = { 0 };
	const int64_t most = CHUNK_ROWS;
	int r = store_rows(w->tx, Q_SALE_DUE_IDS, ARGS(A(w->now), A(sweep->last_id), A(most)),
		&due_record, &row, &rows);

	sweep->count = 0;
	while (r >= 0 && (r = store_next(rows)) > 0)
		sweep->ids[sweep->count++] = row.id;
	return r;
}

/* Is there anything? A run that finds nothing takes no turn among the writers. */
static int look_body(struct work *w, void *arg)
{
	int64_t viewer;
	int r = policy_need_list(w, "portal.due", &viewer);

	if (r >= 0)
		r = work_will_write(w);
	return r < 0 ? r : read_due(w, arg);
}

/* Looks again in its own transaction, so that two runs at once do no harm. */
static int chunk_body(struct work *w, void *arg)
{
	struct sweep *sweep = arg;
	int64_t viewer;
	int r = policy_need_list(w, "portal.due", &viewer);

	if (r >= 0)
		r = read_due(w, sweep);
	for (int64_t i = 0; r >= 0 && i < sweep->count; i++)
		r = expire_one(w, sweep->ids[i]);
	return r;
}

int sale_expire(struct portal *portal, int64_t *ret_expired, struct portal_error *err)
{
	struct sweep sweep = { .last_id = 0 };
	int r = work_read(portal, look_body, &sweep, err);

	while (r >= 0 && sweep.count > 0) {
		r = work_write(portal, chunk_body, &sweep, err);
		if (r < 0 || sweep.count == 0)
			break;
		sweep.expired += sweep.count;
		sweep.last_id = sweep.ids[sweep.count - 1];
		portal_forget(portal);
	}
	*ret_expired = sweep.expired;
	return r < 0 ? r : sweep.expired > 0;
}
