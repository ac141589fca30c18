/* Lines of sales: read from text, checked, added up. */
#include <string.h>

#include "base/fold.h"
#include "base/i18n.h"
#include "base/quantity.h"
#include "base/utf8.h"
#include "sale-private.h"

enum { DESCRIPTION_MAX = 300, LINES_MAX = 200 };

/* Where the last semicolon before @end stands, or NULL. */
static const char *last_semicolon(const char *text, const char *end)
{
	while (end > text)
		if (*--end == ';')
			return end;
	return NULL;
}

static const char *trimmed(struct arena *arena, const char *from, const char *end)
{
	while (from < end && *from == ' ')
		from++;
	while (end > from && end[-1] == ' ')
		end--;
	return arena_strndup(arena, from, (size_t)(end - from));
}

int sale_line_read(
	struct arena *arena, const char *text, struct sale_line *ret_line, struct portal_error *err)
{
	const char *end = text + strlen(text);
	const char *price = last_semicolon(text, end);
	const char *quantity = price ? last_semicolon(text, price) : NULL;

	if (!quantity) {
		portal_fail(err, PORTAL_INVALID,
			_("'%s' is not of the form DESCRIPTION;QUANTITY;UNIT-PRICE"), text);
		return portal_about_field(err, "item");
	}
	*ret_line = (struct sale_line){ .description = trimmed(arena, text, quantity),
		.quantity = trimmed(arena, quantity + 1, price),
		.unit_price = trimmed(arena, price + 1, end) };
	return 0;
}

/* What people call the columns, as fold_name() gives it. */
static const struct portal_word headings[] = { { "description", "d" }, { "descricao", "d" },
	{ "descricaodoitem", "d" }, { "descricaodoproduto", "d" }, { "descricaodoservico", "d" },
	{ "item", "d" }, { "produto", "d" }, { "servico", "d" }, { "produtoservico", "d" },
	{ "produtoouservico", "d" }, { "product", "d" }, { "service", "d" }, { "quantity", "q" },
	{ "quantidade", "q" }, { "quant", "q" }, { "qtd", "q" }, { "qtde", "q" }, { "qty", "q" },
	{ "unitprice", "u" }, { "price", "u" }, { "valorunitario", "u" }, { "valorunitarior", "u" },
	{ "valorunit", "u" }, { "vlrunitario", "u" }, { "vlrunit", "u" }, { "precounitario", "u" },
	{ "precounitarior", "u" }, { "precounit", "u" }, { "preco", "u" }, { NULL, NULL } };

static const char **column_of(struct sale_line *line, const char *name)
{
	const char *column =
		portal_word_known(headings, name) ? portal_word_label(headings, name) : "";

	switch (*column) {
	case 'd':
		return &line->description;
	case 'q':
		return &line->quantity;
	case 'u':
		return &line->unit_price;
	default:
		return NULL;
	}
}

int sale_line_put(struct sale_line *line, struct arena *arena, const char *heading,
	const char *text, struct portal_error *err)
{
	const char **column = column_of(line, fold_name(arena, heading));

	if (!column)
		return portal_fail(err, PORTAL_INVALID_INPUT,
			_("an item has no '%s'; it has: description, quantity, unit_price"),
			heading);
	if (*column)
		return portal_fail(err, PORTAL_INVALID_INPUT,
			_("'%s' means the same as a column before it"), heading);
	*column = text;
	return 0;
}

static int no_item(struct work *w, const char *sentence, const char *text)
{
	portal_fail(w->err, PORTAL_INVALID, sentence, text);
	return portal_about_field(w->err, "item");
}

static int check_numbers(struct work *w, const struct sale_line *line, struct sale_item *ret)
{
	if (quantity_parse(line->quantity, &ret->quantity_micro) < 0 || ret->quantity_micro == 0)
		return no_item(w,
			_("'%s' is not a quantity over 0 with at most six decimals, as in 1.5"),
			line->quantity);
	if (cents_parse(line->unit_price, &ret->unit_price_cents) < 0)
		return no_item(w,
			_("'%s' is not an amount with at most two decimals, as in 123.45"),
			line->unit_price);
	if (quantity_price(ret->quantity_micro, ret->unit_price_cents, &ret->total_cents) < 0)
		return no_item(w, _("the total of '%s' is too large"), ret->description);
	return 0;
}

static int check_line(struct work *w, const struct sale_line *line, struct sale_item *ret)
{
	ret->description = text_field(w->arena, line->description, DESCRIPTION_MAX, "item", w->err);
	if (!ret->description)
		return -(int)w->err->code;
	if (!*ret->description)
		return no_item(w, _("the item '%s' has no description"), line->quantity);
	return check_numbers(w, line, ret);
}

int sale_items_check(
	struct work *w, const struct sale_line *lines, int64_t count, struct sale_items *ret)
{
	*ret = (struct sale_items){ .count = count };
	if (count < 1 || count > LINES_MAX) {
		portal_fail(w->err, PORTAL_INVALID, _("a sale has 1 to %d items, not %lld"),
			LINES_MAX, (long long)count);
		return portal_about_field(w->err, "item");
	}
	ret->list = arena_array(w->arena, (size_t)count, sizeof(*ret->list));
	for (int64_t i = 0; i < count; i++) {
		if (check_line(w, &lines[i], &ret->list[i]) < 0)
			portal_fault_add(w->err);
		ret->total_cents += ret->list[i].total_cents;
		if (ret->total_cents <= CENTS_MAX)
			continue;
		no_item(w, _("the total of the sale is too large; it may be %s at most"),
			"90071992547409.91");
		portal_fault_add(w->err);
		break;
	}
	return portal_faults_end(w->err);
}
