/* What changes a sale before it is signed (P2). */
#include <ctype.h>
#include <string.h>

#include "audit.h"
#include "base/buf.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "company-private.h"
#include "contact-private.h"
#include "policy.h"
#include "sale-private.h"

enum { NUMBER_MAX = 40, YEAR_DIGITS = 4 };

int sale_wrong_state(struct work *w, const struct sale_row *row)
{
	portal_fail(w->err, PORTAL_WRONG_STATE, _("sale '%s' is not in a state for this (%s)"),
		row->sale.number, row->sale.status);
	return portal_about(w->err, "sale", row->sale.id);
}

int sale_check_waits(struct work *w, const struct sale_row *row)
{
	if (strcmp(row->sale.status, "sent") != 0)
		return sale_wrong_state(w, row);
	if (!row->expires_at.ms || w->now.ms < row->expires_at.ms)
		return 0;
	portal_fail(w->err, PORTAL_WRONG_STATE, _("sale '%s' was valid until %s"), row->sale.number,
		row->sale.valid_until);
	return portal_about(w->err, "sale", row->sale.id);
}

static int bad_term(struct work *w, const char *sentence, const char *text)
{
	portal_fail(w->err, PORTAL_INVALID_TIME, sentence, text);
	return portal_about_field(w->err, "valid_until");
}

int sale_term_read(struct work *w, const char *text, struct sale_term *ret)
{
	const struct zone *zone = work_zone(w);
	struct civil day;

	*ret = (struct sale_term){ .valid_until = NULL };
	if (!zone)
		return -(int)w->err->code;
	if (!text || !*text)
		return 0;
	if (date_parse(text, &day) < 0)
		return bad_term(w, _("'%s' is not a date such as 2026-03-01"), text);
	civil_from_days(civil_to_days(&day) + 1, &day);
	ret->valid_until = text;
	ret->expires_at = zone_day_start(zone, &day);
	return ret->expires_at.ms <= w->now.ms ? bad_term(w, _("the day '%s' is over"), text) : 0;
}

/* "2026-0001": what the portal itself gives. */
static bool is_of_a_year(const char *number)
{
	const size_t digits = strspn(number, "0123456789");

	return digits == YEAR_DIGITS && number[digits] == '-' &&
	       number[digits + 1 + strspn(number + digits + 1, "0123456789")] == '\0';
}

static int check_number(struct work *w, const char *number)
{
	const size_t len = strlen(number);
	const char *fault = NULL;
	size_t right = 0;

	while (right < len &&
		(isalnum((unsigned char)number[right]) || strchr("-_", number[right])))
		right++;
	if (len == 0 || len > NUMBER_MAX || right < len)
		fault = _("'%s' is not a number of 1 to 40 letters, digits, '-' and '_'");
	else if (strspn(number, "0123456789") == len)
		fault = _("'%s' has digits alone, which name a sale by its id; put a letter before "
			  "them");
	else if (is_of_a_year(number))
		fault = _("numbers such as '%s' are given by the portal itself");
	if (!fault)
		return 0;
	portal_fail(w->err, PORTAL_INVALID, fault, number);
	return portal_about_field(w->err, "number");
}

/* What a sale is called: of a number of one's own there is no year. */
struct numbered {
	const char *number;
	portal_id year, serial;
};

static int next_number(struct work *w, struct numbered *ret)
{
	const struct zone *zone = work_zone(w);
	struct civil today;
	int r;

	if (!zone)
		return -(int)w->err->code;
	zone_to_civil(zone, w->now, &today);
	ret->year.id = today.year;
	r = store_get_int(w->tx, Q_SALE_NEXT_SERIAL, ARGS(A(ret->year.id)), &ret->serial.id);
	ret->number = arena_printf(w->arena, "%04d-%04lld", today.year, (long long)ret->serial.id);
	return r;
}

static int choose_number(struct work *w, const char *own, struct numbered *ret)
{
	struct sale_row taken;
	int r;

	*ret = (struct numbered){ .number = own };
	if (!own)
		return next_number(w, ret);
	r = check_number(w, own);
	if (r >= 0)
		r = sale_by_number(w, own, &taken);
	if (r <= 0)
		return r;
	portal_fail(w->err, PORTAL_EXISTS, _("there is a sale '%s' already"), own);
	return portal_about(w->err, "sale", taken.sale.id);
}

static int write_items(struct work *w, int64_t sale_id, const struct sale_items *items)
{
	int r = 0;

	for (int64_t i = 0; r >= 0 && i < items->count; i++) {
		const struct sale_item *item = &items->list[i];

		r = store_put(w->tx, Q_SALE_ADD_ITEM,
			ARGS(A(sale_id), A(i + 1), A(item->description), A(item->quantity_micro),
				A(item->unit_price_cents), A(item->total_cents)));
	}
	return r;
}

/* What a search looks through: the number and the descriptions. */
static const char *search_text(struct work *w, const char *number, const struct sale_items *items)
{
	_cleanup_buf_ struct buf buf;

	buf_init(&buf);
	buf_str(&buf, number);
	for (int64_t i = 0; i < items->count; i++) {
		buf_char(&buf, ' ');
		buf_str(&buf, items->list[i].description);
	}
	return fold_text(w->arena, buf_text(&buf));
}

static const char *cents_text(struct work *w, int64_t cents)
{
	return arena_printf(w->arena, "%lld", (long long)cents);
}

struct adding {
	const struct sale_request *request;
	struct sale *ret;
};

static int insert(struct work *w, const struct company *company, const struct sale_items *items,
	const struct sale_term *term, const struct numbered *called, int64_t *ret_id)
{
	int r = store_get_int(w->tx, Q_SALE_INSERT,
		ARGS(A(called->number), A(called->year), A(called->serial), A(company->id),
			A(items->total_cents), A(search_text(w, called->number, items)),
			A(term->valid_until), A(term->expires_at), A(w->now)),
		ret_id);

	if (r >= 0)
		r = write_items(w, *ret_id, items);
	if (r >= 0)
		r = audit_add(w, "sale.add", "sale", *ret_id,
			CHANGES({ "number", NULL, called->number },
				{ "company_tax_id", NULL, company->tax_id },
				{ "total_cents", NULL, cents_text(w, items->total_cents) },
				{ "valid_until", NULL, term->valid_until }));
	return r;
}

static int add_body(struct work *w, void *arg)
{
	const struct adding *adding = arg;
	const struct sale_request *q = adding->request;
	struct policy_object object = { .kind = "company", .named = q->company };
	struct company company;
	struct sale_items items;
	struct sale_term term;
	struct numbered called;
	int64_t id = 0;
	int r = company_need(w, "company.show", q->company, &company);

	if (r < 0)
		return r;
	object.id = object.owner = company.id;
	object.public_record = true;
	r = policy_need(w, "sale.add", &object);
	if (r >= 0)
		r = company_check_registered(w, &company);
	if (r >= 0)
		r = sale_items_check(w, q->lines, q->line_count, &items);
	if (r >= 0)
		r = sale_term_read(w, q->valid_until, &term);
	if (r >= 0)
		r = choose_number(w, q->number, &called);
	if (r >= 0)
		r = insert(w, &company, &items, &term, &called, &id);
	return r < 0 ? r : sale_give(w, id, adding->ret, 1);
}

int sale_add(struct portal *portal, const struct sale_request *request, struct sale *ret_sale,
	struct portal_error *err)
{
	struct adding adding = { request, ret_sale };

	return work_write(portal, add_body, &adding, err);
}

struct setting {
	const struct sale_change *change;
	struct sale *ret;
};

/* What a draft becomes. Without lines the items stay. */
struct draft {
	struct sale_items items;
	struct sale_term term;
};

static int read_change(
	struct work *w, const struct sale_change *c, const struct sale_row *was, struct draft *ret)
{
	int r = 0;

	ret->term = (struct sale_term){ was->sale.valid_until, was->expires_at };
	ret->items.total_cents = was->sale.total_cents;
	if (c->line_count)
		r = sale_items_check(w, c->lines, c->line_count, &ret->items);
	if (r >= 0 && c->valid_until)
		r = sale_term_read(w, c->valid_until, &ret->term);
	return r;
}

static int replace_items(struct work *w, const struct sale_row *was, const struct draft *draft)
{
	int r = store_put(w->tx, Q_SALE_DROP_ITEMS, ARGS(A(was->sale.id)));

	if (r >= 0)
		r = write_items(w, was->sale.id, &draft->items);
	if (r >= 0)
		r = store_put(w->tx, Q_SALE_SET_SEARCH,
			ARGS(A(was->sale.id), A(search_text(w, was->sale.number, &draft->items))));
	return r;
}

static bool same_items(struct work *w, const struct sale_row *was, const struct draft *draft)
{
	return !draft->items.count ||
	       !strcmp(was->sale.items.text, sale_items_text(w->arena, &draft->items));
}

static int save_draft(struct work *w, const struct sale_row *was, const struct draft *draft)
{
	const bool same = same_items(w, was, draft);
	const char *count = arena_printf(w->arena, "%lld", (long long)draft->items.count);
	int r = 0;

	if (same && text_same(was->sale.valid_until, draft->term.valid_until))
		return 0;
	if (!same)
		r = replace_items(w, was, draft);
	if (r >= 0)
		r = store_put(w->tx, Q_SALE_UPDATE,
			ARGS(A(was->sale.id), A(draft->items.total_cents),
				A(draft->term.valid_until), A(draft->term.expires_at), A(w->now)));
	if (r >= 0)
		r = audit_add(w, "sale.set", "sale", was->sale.id,
			CHANGES({ "total_cents", cents_text(w, was->sale.total_cents),
					cents_text(w, draft->items.total_cents) },
				{ "items", NULL, same ? NULL : count },
				{ "valid_until", was->sale.valid_until, draft->term.valid_until }));
	return r < 0 ? r : 1;
}

static int set_body(struct work *w, void *arg)
{
	const struct setting *setting = arg;
	struct draft draft = { .items = { .count = 0 } };
	struct sale_row was;
	int r = sale_need(w, "sale.set", setting->change->named, &was);

	if (r >= 0 && strcmp(was.sale.status, "draft") != 0)
		r = sale_wrong_state(w, &was);
	if (r >= 0)
		r = read_change(w, setting->change, &was, &draft);
	if (r >= 0)
		r = save_draft(w, &was, &draft);
	return r < 0 ? r : sale_give(w, was.sale.id, setting->ret, r);
}

int sale_set(struct portal *portal, const struct sale_change *change, struct sale *ret_sale,
	struct portal_error *err)
{
	struct setting setting = { change, ret_sale };

	return work_write(portal, set_body, &setting, err);
}

struct sending {
	const struct sale_sending *request;
	struct sale *ret;
};

/* Who is mailed besides the admins must be a contact of the company: what is offered to
 * it is nobody else's business. */
static int find_contact(
	struct work *w, const struct sale_row *row, const char *to, const char **ret_email)
{
	struct contact_row contact;
	int r;

	*ret_email = to ? email_parse(w->arena, to, w->err) : NULL;
	if (!to)
		return 0;
	if (!*ret_email)
		return portal_about_field(w->err, "to");
	r = contact_of_company(w, row->company_id, *ret_email, &contact);
	return r == 0 ? work_not_found(w, "contact", *ret_email) : r;
}

static int send_draft(struct work *w, const struct sale_row *row, const struct sale_term *term,
	const char *contact)
{
	const int64_t id = row->sale.id;
	int r = store_put(w->tx, Q_SALE_SEND,
		ARGS(A(id), A(term->valid_until), A(term->expires_at), A(w->now)));

	if (r >= 0)
		r = audit_add(w, "sale.send", "sale", id,
			CHANGES({ "status", "draft", "sent" }, { "to", NULL, contact },
				{ "valid_until", row->sale.valid_until, term->valid_until }));
	return r < 0 ? r : sale_tell(w, id, "sale_sent", SALE_TELL_COMPANY, contact);
}

/* A script that sends again must not believe that it has set a term, or told somebody. */
static int check_same(struct work *w, const struct sale_sending *q, const struct sale_row *row)
{
	const char *until = q->valid_until && *q->valid_until ? q->valid_until : NULL;
	const char *contact;
	int64_t mails = 0;
	int r = find_contact(w, row, q->to, &contact);

	if (r >= 0 && contact)
		r = store_get_int(
			w->tx, Q_SALE_COUNT_MAILS, ARGS(A(row->sale.id), A(contact)), &mails);
	if (r < 0)
		return r;
	if ((!contact || mails) && (!q->valid_until || text_same(until, row->sale.valid_until)))
		return 0;
	portal_fail(w->err, PORTAL_WRONG_STATE,
		_("sale '%s' was sent before, and what was sent is not changed"), row->sale.number);
	return portal_about(w->err, "sale", row->sale.id);
}

static int send_body(struct work *w, void *arg)
{
	const struct sending *sending = arg;
	const struct sale_sending *q = sending->request;
	const char *contact = NULL;
	struct sale_term term;
	struct sale_row row;
	int r = sale_need(w, "sale.send", q->named, &row);

	if (r < 0)
		return r;
	if (!strcmp(row.sale.status, "sent")) {
		r = check_same(w, q, &row);
		return r < 0 ? r : sale_give(w, row.sale.id, sending->ret, 0);
	}
	if (strcmp(row.sale.status, "draft") != 0)
		return sale_wrong_state(w, &row);
	r = company_check_registered_id(w, row.company_id);
	if (r >= 0)
		r = sale_term_read(
			w, q->valid_until ? q->valid_until : row.sale.valid_until, &term);
	if (r >= 0)
		r = find_contact(w, &row, q->to, &contact);
	if (r >= 0)
		r = send_draft(w, &row, &term, contact);
	return r < 0 ? r : sale_give(w, row.sale.id, sending->ret, 1);
}

int sale_send(struct portal *portal, const struct sale_sending *sending, struct sale *ret_sale,
	struct portal_error *err)
{
	struct sending call = { sending, ret_sale };

	return work_write(portal, send_body, &call, err);
}
