#include <portal/text.h>

#include "base/fold.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "text/json.h"
#include "text/template.h"

enum { FIELD_BYTES_MAX = 120 };

static void email(struct arena *arena, const char *text)
{
	struct portal_error err = { 0 };
	const char *address = email_parse(arena, text, &err);

	if (!address) {
		FUZZ_CHECK(err.code == PORTAL_INVALID_EMAIL);
		return;
	}
	FUZZ_CHECK(strlen(address) <= 254 && strchr(address, '@') && text_is_clean(address));
	FUZZ_CHECK(!strpbrk(address, " \"<>,;:\\") && !strcmp(fold_text(arena, address), address));
	FUZZ_CHECK(!strcmp(email_parse(arena, address, &err), address));
}

static void field(struct arena *arena, const char *text)
{
	struct portal_error err = { 0 };
	const char *line = text_field(arena, text, FIELD_BYTES_MAX, "name", &err), *again;

	if (!line) {
		FUZZ_CHECK(err.code == PORTAL_INVALID_TEXT || err.code == PORTAL_INVALID);
		FUZZ_CHECK(!strcmp(err.field, "name"));
		return;
	}
	FUZZ_CHECK(strlen(line) <= FIELD_BYTES_MAX);
	FUZZ_CHECK(text_is_clean(line) && portal_text_is_sound(line));
	again = text_field(arena, line, FIELD_BYTES_MAX, "name", &err);
	FUZZ_CHECK(again && !strcmp(again, line));
}

/* Never longer, and folding again changes nothing. */
static void fold(struct arena *arena, const char *text)
{
	const char *folded = fold_text(arena, text);

	FUZZ_CHECK(strlen(folded) <= strlen(text));
	FUZZ_CHECK(!strcmp(fold_text(arena, folded), folded));
	FUZZ_CHECK(!utf8_valid(text, strlen(text)) || utf8_valid(folded, strlen(folded)));
}

static void printable(struct arena *arena, const char *text)
{
	const char *shown = portal_text_printable(arena, text);
	size_t len = strlen(shown), n;
	uint32_t character;

	FUZZ_CHECK(text_is_clean(shown) && portal_text_printable(arena, shown) == shown);
	FUZZ_CHECK(shown != text || text_is_clean(text));
	for (; len > 0; shown += n, len -= n) {
		n = utf8_next(shown, len, &character);
		FUZZ_CHECK(n > 0 && !utf8_is_hazard(character));
	}
}

static void template(struct arena *arena, const char *text)
{
	static const char args_text[] = "{\"a\":\"x {{b}} {{#a}}\",\"b\":\"\",\"n\":1}";
	struct portal_error err = { 0 };
	struct json *args = NULL;
	const char *got = NULL;
	int rc;

	FUZZ_CHECK(json_parse(arena, args_text, strlen(args_text), &args, &err) == 0);
	rc = template_expand(arena, text, args, &got, &err);
	FUZZ_CHECK(rc == -PORTAL_FAILURE || (rc == 0 && got));
	FUZZ_CHECK(strstr(text, "{{") || (rc == 0 && !strcmp(got, text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_arena_ struct arena arena = { 0 };
	_cleanup_text_ char *text = fuzz_text(data, size);

	email(&arena, text);
	field(&arena, text);
	fold(&arena, text);
	printable(&arena, text);
	template(&arena, text);
	return 0;
}
