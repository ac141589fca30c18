#include <portal/phone.h>
#include <portal/taxid.h>

#include "base/utf8.h"
#include "fuzz.h"

/* A normal form and a printed form name the same number again. The country stands in
 * front: of an id that is taken as given the first letters may look like one. */
static void check_same(struct arena *arena, const struct taxid *first, const char *text)
{
	struct taxid again;

	taxid_check(arena, arena_printf(arena, "%s:%s", first->country, text), NULL, &again);
	FUZZ_CHECK(again.valid);
	FUZZ_CHECK(!strcmp(again.country, first->country));
	FUZZ_CHECK(!strcmp(again.tax_id, first->tax_id));
}

static void taxid(const char *text, const char *country)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct taxid got, parsed;

	taxid_check(&arena, text, country, &got);
	FUZZ_CHECK(!strcmp(got.input, text));
	FUZZ_CHECK((taxid_parse(&arena, text, country, &parsed, &err) == 0) == got.valid);
	FUZZ_CHECK(!got.reason || !utf8_valid(text, strlen(text)) ||
		   utf8_valid(got.reason, strlen(got.reason)));
	if (!got.valid) {
		FUZZ_CHECK(got.reason && !got.tax_id && !got.tax_id_formatted);
		return;
	}
	FUZZ_CHECK(got.country && got.kind);
	check_same(&arena, &got, got.tax_id);
	check_same(&arena, &got, got.tax_id_formatted);
}

static void check_dials(struct arena *arena, const struct phone *first, const char *text)
{
	struct phone again;

	phone_check(arena, text, NULL, &again);
	FUZZ_CHECK(again.valid && again.e164);
	FUZZ_CHECK(!strcmp(again.e164, first->e164));
	FUZZ_CHECK(!strcmp(again.kind, first->kind));
}

static void phone(const char *text, const char *area_code)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct phone got, parsed;
	int rc;

	phone_check(&arena, text, area_code, &got);
	rc = phone_parse(&arena, text, area_code, &parsed, &err);
	FUZZ_CHECK((rc == 0) == (got.valid && got.e164));
	FUZZ_CHECK(got.valid ? got.kind && got.formatted : got.reason && !got.e164);
	if (!got.valid || !got.e164)
		return;
	FUZZ_CHECK(got.e164[0] == '+' && strlen(got.e164) <= 16);
	check_dials(&arena, &got, got.e164);
	check_dials(&arena, &got, got.formatted);
}

/* The first byte chooses what is supposed of a number that does not say. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char countries[][4] = { "BR", "AR", "CL", "CO", "MX", "PE", "UY", "PY", "US",
		"PT", "ar", "x", "" };
	static const char areas[][3] = { "21", "11", "20", "x" };
	const size_t countries_count = sizeof(countries) / sizeof(*countries);
	_cleanup_text_ char *text = NULL;

	if (size == 0)
		return 0;
	text = fuzz_text(data + 1, size - 1);
	taxid(text, data[0] & 128 ? NULL : countries[data[0] % countries_count]);
	phone(text, data[0] & 128 ? NULL : areas[data[0] % 4]);
	return 0;
}
