#include <portal/company.h>

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "company-private.h"
#include "list.h"
#include "policy.h"
#include "punctuation.h"

const struct portal_word company_relations[] = {
	{ "client", N_("client") },
	{ "supplier", N_("supplier") },
	{ "both", N_("client and supplier") },
	{ "none", N_("none") },
	{ NULL, NULL },
};

const struct portal_word company_roles[] = {
	{ "head_office", N_("head office") },
	{ "branch", N_("branch") },
	{ "unknown", N_("unknown") },
	{ NULL, NULL },
};

const struct portal_word company_statuses[] = {
	{ "unregistered", N_("unregistered") },
	{ "registered", N_("registered") },
	{ "disabled", N_("disabled") },
	{ NULL, NULL },
};

const struct portal_word company_document_logins[] = {
	{ "inherit", N_("as the office") },
	{ "on", N_("required") },
	{ "off", N_("not required") },
	{ NULL, NULL },
};

const struct portal_word company_sections[] = {
	{ "documents", N_("documents") },
	{ "projects", N_("projects") },
	{ "tasks", N_("tasks") },
	{ "sales", N_("sales") },
	{ "support", N_("support") },
	{ NULL, NULL },
};

const struct portal_word company_signups[] = {
	{ "on", N_("switched on") },
	{ "off", N_("switched off") },
	{ NULL, NULL },
};

static const struct portal_field company_fields[] = {
	PORTAL_FIELD(struct company, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct company, country, N_("COUNTRY")),
	PORTAL_FIELD(struct company, tax_id, N_("TAX ID (BARE)"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct company, tax_id_formatted, N_("TAX ID")),
	PORTAL_FIELD(
		struct company, kind, N_("KIND"), .words = taxid_kinds, .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct company, name, N_("NAME")),
	PORTAL_FIELD(struct company, trade_name, N_("TRADE NAME"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct company, email, N_("E-MAIL")),
	PORTAL_FIELD(struct company, phone, N_("PHONE")),
	PORTAL_FIELD(struct company, relation, N_("RELATION"), .words = company_relations),
	PORTAL_FIELD(struct company, role, N_("ROLE"), .words = company_roles,
		.flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct company, status, N_("STATUS"), .words = company_statuses),
	PORTAL_FIELD(struct company, main_tax_id, N_("MAIN COMPANY"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct company, document_login, N_("DOCUMENT LOGIN"),
		.words = company_document_logins, .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct company, sections, N_("SECTIONS"), .words = company_sections,
		.flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct company, signup, N_("SIGNUP"), .words = company_signups,
		.flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct company, created_at, N_("CREATED"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct company, updated_at, N_("UPDATED"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELDS_END,
};

const struct portal_record company_record = { "company", sizeof(struct company), company_fields };

/* Fills what is not stored. */
static void finish(struct work *w, struct company *company)
{
	char buf[TAXID_FORMAT_SIZE];

	company->tax_id_formatted =
		arena_strdup(w->arena, taxid_format(company->country, company->tax_id, buf));
	company->kind = taxid_kind(company->country, company->tax_id);
}

const char *company_printed_id(struct work *w, int64_t id, const char *tax_id)
{
	struct company company;

	return company_by_id(w, id, &company) > 0 ? company.tax_id_formatted : tax_id;
}

const char *company_title(const struct company *company)
{
	return company->name ? company->name : company->tax_id_formatted;
}

static int find_one(
	struct work *w, enum store_query query, const struct store_value *args, struct company *ret)
{
	const int r = store_get(w->tx, query, args, w->arena, &company_record, ret);

	if (r <= 0)
		return r;
	finish(w, ret);
	return 1;
}

int company_by_id(struct work *w, int64_t id, struct company *ret)
{
	return find_one(w, Q_COMPANY_BY_ID, ARGS(A(id)), ret);
}

int company_by_tax_id(struct work *w, const char *tax_id, struct company *ret)
{
	struct taxid parsed;
	const int r = taxid_parse(w->arena, tax_id, NULL, &parsed, w->err);

	if (r < 0)
		return r;
	return find_one(w, Q_COMPANY_BY_TAX_ID, ARGS(A(parsed.country), A(parsed.tax_id)), ret);
}

/* A tax id has never so few digits, unless a country stands before it. */
bool company_is_id(const char *named)
{
	const size_t digits = strspn(named, "0123456789");

	return digits > 0 && digits < 8 && !named[digits];
}

int company_named(struct work *w, const char *named, struct company *ret)
{
	return company_is_id(named) ? company_by_id(w, strtoll(named, NULL, 10), ret)
				    : company_by_tax_id(w, named, ret);
}

int company_need(struct work *w, const char *action, const char *named, struct company *ret)
{
	struct policy_object object = { .kind = "company", .named = named };
	const int r = company_named(w, named, ret);

	if (r == 0)
		return work_not_found(w, "company", named);
	if (r < 0)
		return r;
	object.id = object.owner = ret->id;
	object.public_record = !strcmp(ret->status, "registered");
	return policy_need(w, action, &object);
}

int company_check_registered(struct work *w, const struct company *company)
{
	const bool disabled = !strcmp(company->status, "disabled");

	if (!strcmp(company->status, "registered"))
		return 0;
	portal_fail(w->err, PORTAL_WRONG_STATE,
		disabled ? _("company '%s' is disabled") : _("company '%s' is not registered"),
		company->tax_id_formatted);
	portal_hint(w->err, "portalctl company %s", disabled ? "enable" : "add");
	return portal_about(w->err, "company", company->id);
}

int company_check_registered_id(struct work *w, int64_t id)
{
	struct company company = { 0 };
	const int r = company_by_id(w, id, &company);

	return r < 0 ? r : company_check_registered(w, &company);
}

struct show {
	const char *action, *named;
	struct company *ret;
};

/* To users of other companies a registered company is an entry in a directory:
 * how to name and invite it, not how to reach it or what the office set for it. */
static void hide_from_strangers(struct company *company)
{
	company->email = company->phone = NULL;
	company->relation = company->document_login = company->main_tax_id = NULL;
	company->signup = NULL;
	company->sections.lines = NULL;
}

bool company_is_strange(const struct work *w, int64_t id)
{
	return w->actor->as && !w->actor->staff && id != w->actor->company_id;
}

/* U10: whoever administers its users sees it as they do. */
static bool is_hidden(struct work *w, int64_t id)
{
	return company_is_strange(w, id) && !policy_administers(w, id);
}

static int show_body(struct work *w, void *arg)
{
	const struct show *show = arg;
	struct company company;
	const int r = company_need(w, show->action, show->named, &company);

	if (r >= 0 && is_hidden(w, company.id))
		hide_from_strangers(&company);
	if (r >= 0)
		WORK_GIVE(w, show->ret, company);
	return r;
}

int company_show(struct portal *portal, const char *named, struct company *ret_company,
	struct portal_error *err)
{
	struct show show = { "company.show", named, ret_company };

	return work_read(portal, show_body, &show, err);
}

struct listing {
	const struct company_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int finish_row(struct work *w, void *row, void *arg)
{
	struct company *company = row;

	(void)arg;
	finish(w, company);
	if (is_hidden(w, company->id))
		hide_from_strangers(company);
	return 0;
}

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

/* The tax ids that begin as the user typed: from @start to @end where they are
 * stored without punctuation, from @given to @given_end where as given. */
struct id_range {
	const char *country, *start, *end, *given, *given_end;
};

static void from_text(struct work *w, const char *text, struct id_range *range)
{
	char *start = arena_alloc(w->arena, strlen(text) + 1), *to = start;
	char *given = arena_strdup(w->arena, text);

	for (char *c = given; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 32);
	for (const char *from = given; *from;) {
		const size_t skip = punctuation_any(from);

		if (!skip)
			*to++ = *from;
		from += skip ? skip : 1;
	}
	range->start = start;
	range->end = arena_printf(w->arena, "%s\x7f", start);
	range->given = given;
	range->given_end = arena_printf(w->arena, "%s\x7f", given);
}

/* Reads on behind "BR " or "BR:", which must be there. */
static const char *behind_country(const char *text)
{
	text = punctuation_skip_blanks(punctuation_skip_blanks(text) + 2);
	return punctuation_skip_blanks(*text == ':' ? text + 1 : text);
}

static int too_long(struct work *w)
{
	portal_fail(
		w->err, PORTAL_INVALID_TAX_ID, _("a tax id has at most %d bytes"), TAXID_INPUT_MAX);
	return portal_about_field(w->err, "tax_id");
}

/* The country in front of the id counts before the one said apart; neither may
 * be one that no company can have, which would be an empty list without a word. */
static int read_ids(struct work *w, const struct company_filter *f, struct id_range *range)
{
	const char *text = or_empty(f->tax_id);
	struct taxid named, taxid;

	*range = (struct id_range){ "", "", "", "", "" };
	if (strnlen(text, TAXID_INPUT_MAX + 1) > TAXID_INPUT_MAX)
		return too_long(w);
	taxid_check(w->arena, text, "", &named);
	taxid_check(w->arena, text, f->country ? f->country : "BR", &taxid);
	if (!taxid.country) {
		portal_fail(w->err, PORTAL_INVALID, "%s", taxid.reason);
		return portal_about_field(w->err, "country");
	}
	if (f->country || named.country)
		range->country = taxid.country;
	if (*text)
		from_text(w, named.country ? behind_country(text) : text, range);
	return 0;
}

const struct portal_word company_sorts[] = { { "id", NULL }, { "name", NULL }, { "tax_id", NULL },
	{ "created_at", NULL }, { "updated_at", NULL }, { NULL, NULL } };

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct company_filter *f = listing->filter;
	struct company row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = company_sorts,
		.statements = { Q_COMPANY_LIST, Q_COMPANY_LIST_UP, Q_COMPANY_LIST_DOWN },
		.record = &company_record,
		.row = &row,
		.finish = finish_row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	struct id_range ids;
	int64_t viewer;
	int r = policy_need_list(w, "company.list", &viewer);

	if (r >= 0)
		r = read_ids(w, f, &ids);
	if (r < 0)
		return r;
	if (*ids.start)
		list.statements.by_id = Q_COMPANY_LIST_IDS;
	return list_read(&list,
		LIST_ARGS(A(ids.country), A(list_pattern(w, f->search)), A(ids.start), A(ids.end),
			A(or_empty(f->status)), A(or_empty(f->relation)), A(viewer), A(ids.given),
			A(ids.given_end), A(list_tax_id_pattern(w, f->search)),
			A(viewer ? policy_list_group(w, "company.list") : 0)));
}

int company_list(struct portal *portal, const struct company_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}

const char *company_typed_id(struct work *w, const char *country, const char *tax_id)
{
	return strcmp(country, "BR") ? arena_printf(w->arena, "%s:%s", country, tax_id) : tax_id;
}
