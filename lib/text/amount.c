#include <portal/text.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <portal/arena.h>
#include <portal/writer.h>

#include "base/i18n.h"

/* What a pattern shows 1234.56 as: what stands before, between thousands, before cents. */
struct money {
	int before;
	char thousands, cents;
};

static struct money read_pattern(const char *pattern)
{
	const size_t before = strcspn(pattern, "1");

	return (struct money){ (int)before, pattern[before + 1], pattern[before + 5] };
}

const char *portal_money_text(struct arena *arena, int64_t cents, const char *pattern)
{
	const struct money money = read_pattern(pattern);
	const uint64_t value = cents < 0 ? 0 - (uint64_t)cents : (uint64_t)cents;
	const char *digits = arena_printf(arena, "%" PRIu64, value / 100);
	size_t left = strlen(digits);
	const char *text =
		arena_printf(arena, "%.*s%s", money.before, pattern, cents < 0 ? "-" : "");

	while (left > 0) {
		const int some = (int)((left - 1) % 3 + 1);

		left -= (size_t)some;
		text = arena_printf(
			arena, "%s%.*s%.*s", text, some, digits, left > 0, &money.thousands);
		digits += some;
	}
	return arena_printf(arena, "%s%c%02d", text, money.cents, (int)(value % 100));
}

static bool is_amount(const char *key)
{
	const size_t len = strlen(key);

	return len > 6 && !strcmp(key + len - 6, "_cents");
}

const char *portal_amount_text(
	struct arena *arena, const struct portal_column *column, const void *row)
{
	const char *text = column->type == PORTAL_JSON ? portal_column_text(column, row) : NULL;

	if (!is_amount(column->field->key))
		return NULL;
	if (column->type == PORTAL_JSON && (!text || !strcmp(text, "null")))
		return "";
	return portal_money_text(arena,
		text ? strtoll(text, NULL, 10) : portal_column_int(column, row), _("BRL 1,234.56"));
}
