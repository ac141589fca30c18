#include <portal/phone.h>

#include <portal/arena.h>
#include <portal/error.h>

#include "check.h"
#include "vectors.h"

static struct arena arena;

static struct phone check_in(const char *input, const char *area_code)
{
	struct phone phone;

	phone_check(&arena, input, area_code, &phone);
	return phone;
}

static struct phone check(const char *input)
{
	return check_in(input, NULL);
}

/* What the sentence of a refusal must contain. */
static void refused(const char *input, const char *why)
{
	struct phone phone = check(input);

	if (phone.valid || phone.kind || phone.e164 || phone.formatted || phone.wa_ids.lines ||
		!phone.reason || !strstr(phone.reason, why)) {
		printf("# '%s': valid %d, reason '%s', not '%s'\n", input, phone.valid,
			phone.reason ? phone.reason : "(none)", why);
		check_failed_here = 1;
	}
}

static char *digits_of(const char *text)
{
	char *digits = arena_strdup(&arena, text), *end = digits;

	for (const char *c = text; *c; c++)
		if (*c >= '0' && *c <= '9')
			*end++ = *c;
	*end = '\0';
	return digits;
}

/* The candidates as the vectors write them: joined by commas. */
static const char *joined(portal_list list)
{
	char *text = arena_strdup(&arena, list.lines ? list.lines : "");

	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = ',';
	return text;
}

/* The vectors' word for a remark or a refusal, and ours. */
static const struct {
	const char *note;
	const char *reason;
} notes[] = {
	{ "", NULL },
	{ "no E.164 form", NULL },
	{ "carrier code dropped", "the carrier's code was dropped" },
	{ "ninth digit added", "the ninth digit was added" },
	{ "default area code", "the area code is the default one" },
	{ "default area code; ninth digit added",
		"the area code is the default one; the ninth digit was added" },
	{ "extension dropped", "the extension was dropped" },
	{ "area code missing", "the area code is missing" },
	{ "length", "a phone number has 10 or 11 digits" },
	{ "unknown area code", "there is no area code" },
	{ "nine digits must start with 9", "a number of nine digits begins with 9" },
	{ "subscriber starts with 0 or 1", "no number begins with 0 or 1" },
	{ "letters", "it holds " },
};

static void check_note(const struct phone *phone, const char *note)
{
	for (size_t i = 0; i < sizeof(notes) / sizeof(*notes); i++) {
		const char *want = notes[i].reason;

		if (strcmp(notes[i].note, note) != 0)
			continue;
		if (!want || !phone->reason || phone->valid)
			CHECK_STR(phone->reason, want);
		else
			CHECK(!strncmp(phone->reason, want, strlen(want)));
		return;
	}
	CHECK_STR(note, "one of the notes above");
}

/* A service number has no E.164: the vectors give its digits there. */
static void check_row(char *const *column)
{
	struct phone phone = check_in(column[0], *column[1] ? column[1] : NULL);
	const char *number = phone.e164 ? phone.e164 : "";
	int failed = check_failed_here;

	check_failed_here = 0;
	if (phone.valid && !phone.e164)
		number = digits_of(phone.formatted);
	CHECK_STR(number, column[2]);
	CHECK_STR(phone.kind ? phone.kind : "", column[3]);
	CHECK_INT(phone.valid, *column[3] != '\0');
	CHECK_STR(joined(phone.wa_ids), column[5]);
	check_note(&phone, column[4]);
	if (check_failed_here)
		printf("# in the row of '%s'\n", column[0]);
	check_failed_here |= failed;
}

static void w9_phone_vectors_agree(void)
{
	struct vectors vectors;
	int count = 0;

	CHECK(vectors_open(&vectors, "tests/data", "phone-vectors.tsv"));
	for (; vectors_next(&vectors); count++)
		check_row(vectors.column);
	CHECK_INT(count, 72);
}

static void n1_the_area_codes_are_those_of_the_table(void)
{
	struct vectors vectors;
	bool known[100] = { false };
	char input[16];
	int count = 0;

	CHECK(vectors_open(&vectors, "tests/data", "ddd.csv"));
	for (; vectors_next(&vectors); count++)
		known[strtol(vectors.column[0], NULL, 10) % 100] = true;
	CHECK_INT(count, 67);
	for (int code = 10; code < 100; code++) {
		snprintf(input, sizeof(input), "%d 98765-4321", code);
		CHECK_INT(check(input).valid, known[code]);
	}
	CHECK_STR(check("01 98765-4321").e164, "+5519987654321");
}

static void n1_the_supplier_list_gives_the_phones_expected(void)
{
	CHECK_STR(check("027 2050-1003").e164, "+552720501003");
	CHECK_STR(check("+54 11 4321-1234").e164, "+541143211234");
	refused("(23) 98765-4487", "there is no area code 23");
}

static void w9_a_mobile_answers_to_both_ids(void)
{
	struct phone phone = check("031 8765.4321");

	CHECK_STR(phone.input, "031 8765.4321");
	CHECK_STR(phone.e164, "+5531987654321");
	CHECK_STR(phone.formatted, "+55 31 98765-4321");
	CHECK_STR(phone.wa_ids.lines, "5531987654321\n553187654321");
	CHECK_STR(phone.reason, "the ninth digit was added");
	CHECK_STR(check("31 6765-4321").e164, "+5531967654321");
	CHECK_STR(check("31 5765-4321").e164, "+553157654321");
}

static void n1_numbers_are_printed_as_people_write_them(void)
{
	CHECK_STR(check("2125331234").formatted, "+55 21 2533-1234");
	CHECK_STR(check("08001234567").formatted, "0800 123 4567");
	CHECK_STR(check("4004 1234").formatted, "4004-1234");
	CHECK_STR(check("+1 (415) 555-2671").formatted, "+14155552671");
}

static void n1_service_numbers_can_be_looked_at_but_not_stored(void)
{
	struct portal_error err = { 0 };
	struct phone phone;

	CHECK(check("0800 123 4567").valid);
	CHECK(!check("0800 123 4567").e164);
	CHECK(check_in("4004-1234", "21").valid);
	CHECK_INT(phone_parse(&arena, "0800 123 4567", NULL, &phone, &err), -PORTAL_INVALID_PHONE);
	CHECK(strstr(err.message, "is a service number"));
	CHECK_STR(phone.kind, "service");
}

static void n1_an_area_code_makes_a_landline_of_a_service_number(void)
{
	CHECK_STR(check("21 4004-1234").e164, "+552140041234");
	CHECK_STR(check("21 4004-1234").kind, "landline");
}

static void n1_55_is_brazil_or_santa_maria_by_the_length(void)
{
	CHECK_STR(check("55 3222-1234").e164, "+555532221234");
	CHECK_STR(check("55 11 3222-1234").e164, "+551132221234");
	CHECK_STR(check("+55 055 99123-4567").e164, "+5555991234567");
	refused("+55 55 11 3222-1234", "this has 12");
}

static void n1_a_default_area_code_must_exist(void)
{
	CHECK(!check_in("98765-4321", "20").valid);
	CHECK(!check_in("98765-4321", "021").valid);
	CHECK(!check_in("98765-4321", "x").valid);
	CHECK(!check_in("98765-4321", "").valid);
	CHECK_STR(check_in("11 98765-4321", "021").e164, "+5511987654321");
}

static void n1_foreign_numbers_have_eight_to_fifteen_digits(void)
{
	refused("+54 1234", "8 to 15 digits, this has 6");
	refused("+1234567890123456", "8 to 15 digits, this has 16");
	refused("+0 1234 56789", "no country code begins with 0");
	refused("+", "it holds no digit");
	refused("++54 11 4321-1234", "it holds letters or signs");
	refused("54+11 4321-1234", "it holds letters or signs");
	refused("+55", "this has 0");
}

static void n1_00_in_brackets_is_no_area_code_and_no_prefix(void)
{
	refused("(00) 98765-4321", "there is no area code 00");
	refused("( 00 )98765-4321", "there is no area code 00");
	refused("tel. (00) 3333-4444", "there is no area code 00");
	refused("(00) 1 212 555 0100", "this has 13");
	CHECK_STR(check("00 98 765 4321 00").e164, "+98765432100");
	CHECK_STR(check("(0098) 7654-32100").e164, "+98765432100");
	CHECK_STR(check("00 (98) 7654-32100").e164, "+98765432100");
}

static void n1_labels_and_extensions_are_dropped_and_nothing_else(void)
{
	CHECK_STR(check("Tel./WhatsApp: (84) 98765-4321").e164, "+5584987654321");
	CHECK_STR(check("(11) 3555-0100 ext: 12").reason, "the extension was dropped");
	CHECK_STR(check("(0XX21) 98765-4321").e164, "+5521987654321");
	refused("João 84 98765-4321", "it holds letters");
	refused("84 98765-4321 João", "it holds letters");
	refused("84 98765-4321 ramal", "it holds letters");
	refused("84 98765-4321 r. 12 r. 13", "it holds letters");
	refused("0xx", "it holds letters");
	refused("84 98765-4321;", "it holds letters or signs");
	refused("", "it holds no digit");
}

static void n1_input_has_a_limit(void)
{
	char input[100];
	struct portal_error err = { 0 };
	struct phone phone;

	memset(input, '9', sizeof(input));
	input[64] = '\0';
	refused(input, "this has 64");
	input[64] = '9';
	input[65] = '\0';
	refused(input, "longer than 64 bytes");
	CHECK_INT(phone_parse(&arena, input, NULL, &phone, &err), -PORTAL_INVALID_PHONE);
	CHECK_STR(err.message, "a phone number has at most 64 bytes");
}

static void n1_a_function_that_needs_a_number_fails_with_the_reason(void)
{
	struct portal_error err = { 0 };
	struct phone phone;

	CHECK_INT(phone_parse(&arena, "21 98765-4321", NULL, &phone, &err), 0);
	CHECK_STR(phone.e164, "+5521987654321");
	CHECK_INT(phone_parse(&arena, "98765-4321", NULL, &phone, &err), -PORTAL_INVALID_PHONE);
	CHECK_STR(err.message, "'98765-4321' is not a phone number: the area code is missing");
}

static void n1_every_kind_is_a_word_and_the_fields_keep_their_order(void)
{
	static const char *const keys[] = { "input", "valid", "kind", "e164", "formatted", "wa_ids",
		"reason" };

	CHECK_STR(phone_record.kind, "phone");
	for (size_t i = 0; i < 7; i++)
		CHECK_STR(phone_record.fields[i].key, keys[i]);
	CHECK(!phone_record.fields[7].key);
	CHECK(portal_word_known(phone_kinds, check("0800 123 4567").kind));
	CHECK(portal_word_known(phone_kinds, check("+14155552671").kind));
}

int main(void)
{
	RUN(w9_phone_vectors_agree);
	RUN(n1_the_area_codes_are_those_of_the_table);
	RUN(n1_the_supplier_list_gives_the_phones_expected);
	RUN(w9_a_mobile_answers_to_both_ids);
	RUN(n1_numbers_are_printed_as_people_write_them);
	RUN(n1_service_numbers_can_be_looked_at_but_not_stored);
	RUN(n1_an_area_code_makes_a_landline_of_a_service_number);
	RUN(n1_55_is_brazil_or_santa_maria_by_the_length);
	RUN(n1_a_default_area_code_must_exist);
	RUN(n1_foreign_numbers_have_eight_to_fifteen_digits);
	RUN(n1_00_in_brackets_is_no_area_code_and_no_prefix);
	RUN(n1_labels_and_extensions_are_dropped_and_nothing_else);
	RUN(n1_input_has_a_limit);
	RUN(n1_a_function_that_needs_a_number_fails_with_the_reason);
	RUN(n1_every_kind_is_a_word_and_the_fields_keep_their_order);
	arena_release(&arena);
	CHECK_REPORT();
}
