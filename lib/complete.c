#include <portal/complete.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <portal/config.h>
#include <portal/taxid.h>
#include <portal/text.h>

#include "base/i18n.h"
#include "company-private.h"
#include "work.h"

enum { WAIT_MS = 50, MOST = 50, PREFIX_BYTES = 64 };

/* @value: the value, or the state of a record whose id is the value. */
struct complete_row {
	int64_t id;
	const char *value;
	const char *text;
};

static const struct portal_field row_fields[] = {
	PORTAL_FIELD(struct complete_row, id, NULL),
	PORTAL_FIELD(struct complete_row, value, NULL),
	PORTAL_FIELD(struct complete_row, text, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "completion", sizeof(struct complete_row),
	row_fields };

struct completing {
	const struct portal_completion *completion;
	portal_complete_each *each;
	void *arg;
	const char *country; /* of tax ids */
	bool formatted;
	const struct portal_word *states;
	int64_t given;
};

static void give(struct completing *c, struct work *w, const char *value, const char *description)
{
	if (c->given >= MOST)
		return;
	c->given++;
	c->each(c->arg, portal_text_printable(w->arena, value),
		portal_text_printable(w->arena, description));
}

/* The first text behind all that begin with @prefix: no character comes after
 * the last one of Unicode. */
static const char *behind(struct work *w, const char *prefix)
{
	return arena_printf(w->arena, "%s\xf4\x8f\xbf\xbf", prefix);
}

typedef void give_row(struct completing *c, struct work *w, const struct complete_row *row);

static int give_rows(struct completing *c, struct work *w, enum store_query query,
	const struct store_value *args, give_row *give_one)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct complete_row row = { 0 };
	int r = store_rows(w->tx, query, args, &row_record, &row, &rows);

	while (r >= 0 && (r = store_next(rows)) > 0)
		give_one(c, w, &row);
	return r;
}

static void give_company(struct completing *c, struct work *w, const struct complete_row *row)
{
	char printed[TAXID_FORMAT_SIZE];
	const char *tax_id = row->value;

	if (c->formatted)
		tax_id = taxid_format(c->country, tax_id, printed);
	give(c, w, company_typed_id(w, c->country, tax_id), row->text);
}

/* The letters and digits of what was typed, behind its country if it has one. */
static const char *bare_prefix(struct completing *c, struct work *w)
{
	const char *typed = c->completion->prefix;
	char bare[PREFIX_BYTES + 1];
	size_t len = 0;

	c->country = "BR";
	if (isalpha((unsigned char)typed[0]) && isalpha((unsigned char)typed[1]) &&
		typed[2] == ':') {
		c->country = arena_strndup(w->arena, typed, 2);
		typed += 3;
	}
	for (; *typed && len < PREFIX_BYTES; typed++) {
		if (strchr("./-", *typed))
			c->formatted = true;
		else
			bare[len++] = *typed;
	}
	return arena_strndup(w->arena, bare, len);
}

static int give_companies(struct completing *c, struct work *w)
{
	const char *prefix = bare_prefix(c, w);

	return give_rows(c, w, Q_COMPLETE_COMPANIES,
		ARGS(A(c->country), A(prefix), A(behind(w, prefix))), give_company);
}

static void give_user(struct completing *c, struct work *w, const struct complete_row *row)
{
	give(c, w, row->value, row->text);
}

static int give_users(struct completing *c, struct work *w)
{
	const char *prefix = c->completion->prefix;

	return give_rows(c, w, Q_COMPLETE_USERS,
		ARGS(A(prefix), A(behind(w, prefix)), A(c->completion->open_only)), give_user);
}

static void give_id(struct completing *c, struct work *w, const struct complete_row *row)
{
	const char *label = portal_word_text(c->states, row->value);

	give(c, w, arena_printf(w->arena, "%lld", (long long)row->id),
		arena_printf(w->arena, "%s, %s", label ? label : "", row->text ? row->text : ""));
}

/* The number typed, or -1: ids have at most 15 digits here and no leading 0. */
static int64_t number(const char *text)
{
	int64_t n = 0;

	if (text[0] == '0' || strlen(text) > 15)
		return -1;
	for (; *text; text++) {
		if (!isdigit((unsigned char)*text))
			return -1;
		n = 10 * n + (*text - '0');
	}
	return n;
}

/* Ids that begin with 12 are 12, 120 to 129, 1200 to 1299 and so on. */
static int give_ids_from(struct completing *c, struct work *w, enum store_query query, int64_t low)
{
	const int64_t last = 999999999999999;
	int64_t high = low > 0 ? low : last;
	int r = 0;

	while (r >= 0 && low <= last && c->given < MOST) {
		r = give_rows(
			c, w, query, ARGS(A(low), A(high), A(c->completion->open_only)), give_id);
		if (low == 0)
			break;
		low *= 10;
		high = 10 * high + 9;
	}
	return r;
}

/* A noun's ids are known by the statement "complete_NOUN"; -1 where there is none. */
static int find_query(const char *noun)
{
	char name[64];

	snprintf(name, sizeof(name), "complete_%s", noun);
	for (int q = 0; q < STORE_QUERY_COUNT; q++)
		if (!strcmp(store_statement((enum store_query)q)->name, name))
			return q;
	return -1;
}

/* The words of a record's state, under whichever name it has one. */
static const struct portal_word *state_words(const struct portal_record *record)
{
	static const char *const names[] = { "status", "state", "kind", "access" };
	const struct portal_field *field = NULL;

	for (size_t i = 0; !field && i < sizeof(names) / sizeof(*names); i++)
		field = portal_record_field(record, names[i]);
	return field ? field->words : NULL;
}

static int give_ids(struct completing *c, struct work *w)
{
	const int64_t low = number(c->completion->prefix);
	const int query = find_query(c->completion->noun);

	if (low < 0 || query < 0 || !c->completion->record)
		return 0;
	c->states = state_words(c->completion->record);
	return give_ids_from(c, w, (enum store_query)query, low);
}

static void give_ticket(struct completing *c, struct work *w, const struct complete_row *row)
{
	give(c, w, row->value, row->text);
}

/* Numbers sort as texts within their day, and days sort as texts. */
static int give_tickets(struct completing *c, struct work *w)
{
	const char *prefix = c->completion->prefix;
	const char *day = arena_strndup(w->arena, prefix, strcspn(prefix, "-"));

	return give_rows(c, w, Q_COMPLETE_TICKETS,
		ARGS(A(day), A(behind(w, day)), A(prefix), A(behind(w, prefix)),
			A(c->completion->open_only)),
		give_ticket);
}

static int complete_body(struct work *w, void *arg)
{
	struct completing *c = arg;

	switch (c->completion->what) {
	case PORTAL_COMPLETES_COMPANY:
		return give_companies(c, w);
	case PORTAL_COMPLETES_USER:
		return give_users(c, w);
	case PORTAL_COMPLETES_ID:
		return give_ids(c, w);
	case PORTAL_COMPLETES_TICKET:
		return give_tickets(c, w);
	case PORTAL_COMPLETES_SETTING:
		break;
	}
	return 0;
}

/* Their names are known without any portal. */
static int64_t give_settings(const char *prefix, portal_complete_each *each, void *arg)
{
	int64_t given = 0;
	const char *key;

	for (size_t i = 0; (key = config_key(i)); i++) {
		if (strncmp(key, prefix, strlen(prefix)) != 0)
			continue;
		each(arg, key, NULL);
		given++;
	}
	return given;
}

int64_t portal_complete(const struct portal_options *options,
	const struct portal_completion *completion, portal_complete_each *each, void *arg)
{
	struct completing completing = { .completion = completion, .each = each, .arg = arg };
	struct portal_options quick = *options;
	struct portal_error unheard = { 0 };
	struct portal *portal;

	if (completion->what == PORTAL_COMPLETES_SETTING)
		return give_settings(completion->prefix, each, arg);
	if (options->acting_as || options->session_token)
		return 0;
	quick.wait_ms = WAIT_MS;
	if (portal_open(&quick, &portal, &unheard) < 0)
		return 0;
	work_read(portal, complete_body, &completing, &unheard);
	portal_close(portal);
	return completing.given;
}
