#include "sale-private.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/quantity.h"
#include "company-private.h"
#include "list.h"
#include "policy.h"
#include "target.h"
#include "text/writer.h"

const struct portal_word sale_statuses[] = {
	{ "draft", NC_("sale", "draft") },
	{ "sent", NC_("sale", "sent for signature") },
	{ "signed", NC_("sale", "signed") },
	{ "refused", NC_("sale", "refused") },
	{ "cancelled", NC_("sale", "cancelled") },
	{ "expired", NC_("sale", "expired") },
	{ NULL, NULL },
};

#define FIELD(member, title, ...) PORTAL_FIELD(struct sale, member, title, __VA_ARGS__)
#define SALE_HEAD \
	FIELD(id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), FIELD(number, N_("NUMBER")), \
		FIELD(company_tax_id, N_("TAX ID")), FIELD(company_name, N_("COMPANY"))
#define SALE_TAIL \
	FIELD(total_cents, N_("TOTAL"), .flags = PORTAL_FIELD_RIGHT), \
		FIELD(status, N_("STATUS"), .words = sale_statuses), \
		FIELD(valid_until, N_("VALID UNTIL"), .flags = PORTAL_FIELD_DATE), \
		FIELD(sent_at, N_("SENT"), .flags = PORTAL_FIELD_WIDE), \
		FIELD(signed_at, N_("SIGNED")), FIELD(signed_by, N_("SIGNED BY")), \
		FIELD(reason, N_("REASON"), .flags = PORTAL_FIELD_WIDE), \
		FIELD(created_at, N_("CREATED"), .flags = PORTAL_FIELD_WIDE), \
		FIELD(updated_at, N_("UPDATED"), .flags = PORTAL_FIELD_WIDE), \
		FIELD(ended_at, N_("ENDED"), .flags = PORTAL_FIELD_WIDE), \
		FIELD(ended_by, N_("ENDED BY"), .words = ended_by_words, \
			.flags = PORTAL_FIELD_WIDE | PORTAL_FIELD_OPEN)

static const struct portal_field sale_fields[] = {
	SALE_HEAD,
	FIELD(items, N_("ITEMS"), .flags = PORTAL_FIELD_WIDE),
	SALE_TAIL,
	PORTAL_FIELDS_END,
};

const struct portal_record sale_record = { "sale", sizeof(struct sale), sale_fields };

/* The sale is the first member of its row, so that a list reads into one, too. */
static const struct portal_field row_fields[] = {
	SALE_HEAD,
	SALE_TAIL,
	PORTAL_FIELD(struct sale_row, company_id, NULL),
	PORTAL_FIELD(struct sale_row, expires_at, NULL),
	PORTAL_FIELD(struct sale_row, country, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "sale", sizeof(struct sale_row), row_fields };

static const struct portal_field item_fields[] = {
	PORTAL_FIELD(struct sale_item, description, NULL),
	PORTAL_FIELD(struct sale_item, quantity_micro, NULL),
	PORTAL_FIELD(struct sale_item, unit_price_cents, NULL),
	PORTAL_FIELD(struct sale_item, total_cents, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record item_record = { "sale", sizeof(struct sale_item), item_fields };

static void put_item(struct buf *buf, const struct sale_item *item)
{
	char quantity[QUANTITY_SIZE];

	buf_str(buf, "{\"description\":");
	json_put_string(buf, item->description);
	buf_printf(buf, ",\"quantity\":\"%s\",\"unit_price_cents\":%lld,\"total_cents\":%lld}",
		quantity_format(item->quantity_micro, quantity), (long long)item->unit_price_cents,
		(long long)item->total_cents);
}

int sale_put_items(struct work *w, int64_t sale_id, struct buf *buf)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct sale_item item;
	int r = store_rows(w->tx, Q_SALE_ITEMS, ARGS(A(sale_id)), &item_record, &item, &rows);

	buf_char(buf, '[');
	for (int count = 0; r >= 0 && (r = store_next(rows)) > 0; count++) {
		if (count)
			buf_char(buf, ',');
		put_item(buf, &item);
	}
	buf_char(buf, ']');
	return r < 0 ? r : 0;
}

const char *sale_items_text(struct arena *arena, const struct sale_items *items)
{
	_cleanup_buf_ struct buf buf;

	buf_init(&buf);
	for (int64_t i = 0; i < items->count; i++) {
		buf_char(&buf, i ? ',' : '[');
		put_item(&buf, &items->list[i]);
	}
	buf_char(&buf, ']');
	return arena_strdup(arena, buf_text(&buf));
}

int sale_read_items(struct work *w, struct sale *sale)
{
	_cleanup_buf_ struct buf buf;
	int r;

	buf_init(&buf);
	r = sale_put_items(w, sale->id, &buf);
	sale->items.text = arena_strdup(w->arena, buf_text(&buf));
	if (r >= 0 && buf.error)
		r = portal_fail(w->err, PORTAL_NO_MEMORY, _("out of memory"));
	return r;
}

int sale_by_id(struct work *w, int64_t id, struct sale_row *ret)
{
	const int r = store_get(w->tx, Q_SALE_BY_ID, ARGS(A(id)), w->arena, &row_record, ret);

	return r > 0 && sale_read_items(w, &ret->sale) < 0 ? -(int)w->err->code : r;
}

int sale_by_number(struct work *w, const char *number, struct sale_row *ret)
{
	return store_get(w->tx, Q_SALE_BY_NUMBER, ARGS(A(number)), w->arena, &row_record, ret);
}

/* No number is digits alone, so a name is never both. */
static int find(struct work *w, const char *named, struct sale_row *ret)
{
	int64_t id;

	if (target_id(named, &id))
		return store_get(w->tx, Q_SALE_BY_ID, ARGS(A(id)), w->arena, &row_record, ret);
	return sale_by_number(w, named, ret);
}

int sale_need(struct work *w, const char *action, const char *named, struct sale_row *ret)
{
	struct policy_object object = { .kind = "sale", .named = named };
	int r = find(w, named, ret);

	if (r <= 0)
		return r < 0 ? r : work_not_found(w, object.kind, named);
	object.id = ret->sale.id;
	object.owner = ret->sale.sent_at.ms ? ret->company_id : 0;
	r = policy_need(w, action, &object);
	return r < 0 ? r : sale_read_items(w, &ret->sale);
}

int sale_give(struct work *w, int64_t id, struct sale *ret, int changed)
{
	struct sale_row row;
	const int r = sale_by_id(w, id, &row);

	if (r < 0)
		return r;
	WORK_GIVE(w, ret, row.sale);
	return changed;
}

struct show {
	const char *named;
	struct sale *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct show *show = arg;
	struct sale_row row;
	const int r = sale_need(w, "sale.show", show->named, &row);

	if (r >= 0)
		WORK_GIVE(w, show->ret, row.sale);
	return r;
}

int sale_show(
	struct portal *portal, const char *named, struct sale *ret_sale, struct portal_error *err)
{
	struct show show = { named, ret_sale };

	return work_read(portal, show_body, &show, err);
}

const struct portal_word sale_sorts[] = { { "id", NULL }, { "number", NULL },
	{ "total_cents", NULL }, { "created_at", NULL }, { NULL, NULL } };

/* Of which company the list is (0: of all that may be seen), who sees it, and the
 * group whose sales that one sees too. */
struct scope {
	int64_t of, viewer, group;
};

static int find_scope(struct work *w, const struct sale_filter *f, struct scope *ret)
{
	struct company company = { 0 };
	int r = policy_need_list(w, "sale.list", &ret->viewer);

	if (r >= 0 && f->company)
		r = company_need(w, "company.show", f->company, &company);
	ret->group = r >= 0 && ret->viewer ? policy_list_group(w, "sale.list") : 0;
	ret->of = company.id || ret->group ? company.id : ret->viewer;
	return r;
}

static enum store_query by_id(const struct scope *scope)
{
	if (scope->of)
		return Q_SALE_LIST_OF;
	return scope->group ? Q_SALE_LIST_GROUP : Q_SALE_LIST;
}

static int finish_row(struct work *w, void *row, void *arg)
{
	(void)arg;
	return sale_read_items(w, row);
}

struct listing {
	const struct sale_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static const struct portal_field listed_fields[] = { SALE_HEAD, SALE_TAIL, PORTAL_FIELDS_END };

static const struct portal_record listed_record = { "sale", sizeof(struct sale), listed_fields };

static int read_list(struct work *w, const struct listing *listing, const struct scope *scope)
{
	const struct sale_filter *f = listing->filter;
	struct sale row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = sale_sorts,
		.statements = { by_id(scope), Q_SALE_LIST_UP, Q_SALE_LIST_DOWN },
		.record = &listed_record,
		.row = &row,
		.finish = finish_row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };

	return list_read(
		&list, LIST_ARGS(A(scope->of), A(f->status ? f->status : "any"), A(f->since.ms),
			       A(f->until.ms), A(list_pattern(w, f->search)), A(scope->viewer),
			       A(scope->group)));
}

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	struct scope scope = { 0 };
	const int r = find_scope(w, listing->filter, &scope);

	return r < 0 ? r : read_list(w, listing, &scope);
}

int sale_list(struct portal *portal, const struct sale_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
