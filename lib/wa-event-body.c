/* A body as strict readers of JSON can take it. */
#include <string.h>

#include <portal/arena.h>

#include "base/i18n.h"
#include "wa-event-private.h"

/* The value of "\uXXXX", or -1. */
static int unit_at(const char *at, const char *end)
{
	int unit = 0;

	if (end - at < 6 || at[0] != '\\' || at[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		static const char digits[] = "0123456789abcdefABCDEF";
		const char *digit = at[i] ? strchr(digits, at[i]) : NULL;

		if (!digit)
			return -1;
		unit = unit << 4 | (int)(digit - digits < 16 ? digit - digits : digit - digits - 6);
	}
	return unit;
}

static bool is_high(int unit)
{
	return unit >= 0xd800 && unit <= 0xdbff;
}

static bool is_low(int unit)
{
	return unit >= 0xdc00 && unit <= 0xdfff;
}

/* Mends the escape at @at, whose place is as long as that of U+FFFD; how long it is. */
static size_t mend_escape(char *at, const char *end)
{
	const int unit = unit_at(at, end);

	if (unit < 0)
		return 2;
	if (is_high(unit) && is_low(unit_at(at + 6, end)))
		return 12;
	if (unit == 0 || is_high(unit) || is_low(unit))
		memcpy(at + 2, "fffd", 4);
	return 6;
}

/* In JSON a backslash stands in strings alone. */
static void mend_escapes(char *text, size_t len)
{
	const char *end = text + len;
	char *at = text;

	while (at < end && (at = memchr(at, '\\', (size_t)(end - at))))
		at += mend_escape(at, end);
}

int wa_body_parse(struct arena *arena, const char *body, size_t len, const struct json **ret_tree,
	struct portal_error *err)
{
	struct json *tree;
	const char *product;
	char *text;
	int r;

	if (len > JSON_MAX_BYTES)
		return portal_fail(err, PORTAL_INVALID_INPUT, _("the body has more than %d MiB"),
			JSON_MAX_BYTES / (1024 * 1024));
	text = arena_alloc(arena, len + 1);
	memcpy(text, body, len);
	mend_escapes(text, len);
	r = json_parse(arena, text, len, &tree, err);
	if (r < 0)
		return r;
	product = json_text(json_get(tree, "object"));
	if (!product || strcmp(product, "whatsapp_business_account") != 0 ||
		json_type(json_get(tree, "entry")) != JSON_ARRAY)
		return portal_fail(
			err, PORTAL_INVALID_INPUT, _("the body is no web hook of WhatsApp"));
	*ret_tree = tree;
	return 0;
}
