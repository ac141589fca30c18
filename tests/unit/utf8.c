#include "base/utf8.h"

#include <portal/arena.h>

#include "check.h"

static struct arena memory;

static bool valid(const char *text)
{
	return utf8_valid(text, strlen(text));
}

static void well_formed_text_is_valid(void)
{
	CHECK(valid(""));
	CHECK(valid("plain ASCII that is longer than eight bytes"));
	CHECK(valid("São Paulo, Aço Forte & Três Irmãos"));
	CHECK(valid("\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf"));
	CHECK(valid("\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf"));
	CHECK(utf8_valid("a\0b", 3));
}

static void malformed_text_is_refused(void)
{
	static const char *const wrong[] = { "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3",
		"\xc3(", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xe2\x82", "\xe2\x28\xa1", "\xed\xa0\x80",
		"\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff",
		"12345678\xe3", "S\xe3o Paulo, in Latin-1" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (valid(wrong[i])) {
			printf("# number %zu\n", i);
			CHECK(0);
		}
}

static void a_bad_byte_is_found_at_every_place(void)
{
	char text[40];

	for (size_t i = 0; i < sizeof(text); i++) {
		memset(text, 'a', sizeof(text));
		text[i] = (char)0xe3;
		CHECK(!utf8_valid(text, sizeof(text)));
		CHECK(utf8_valid(text, i));
	}
}

static void every_character_encodes_and_decodes(void)
{
	for (uint32_t c = 0; c <= 0x110010; c++) {
		bool is_character = c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
		uint32_t back = 0;
		char buf[4];
		size_t n = utf8_encode(c, buf);

		if ((n > 0) != is_character)
			break;
		if (n > 0 && (utf8_next(buf, n, &back) != n || back != c))
			break;
		if (n > 0 && utf8_next(buf, n - 1, &back) != 0)
			break;
		if (c == 0x110010)
			return;
	}
	CHECK(0);
}

static void every_pair_of_bytes_is_judged_as_two_bytes_should_be(void)
{
	for (int first = 0; first < 256; first++)
		for (int second = 0; second < 256; second++) {
			char text[2] = { (char)first, (char)second };
			bool want = (first < 0x80 && second < 0x80) ||
				    (first >= 0xc2 && first < 0xe0 && (second & 0xc0) == 0x80);

			if (utf8_valid(text, 2) != want)
				CHECK_INT(first * 256 + second, -1);
		}
}

static void what_shows_nothing_is_invisible(void)
{
	static const uint32_t nothing[] = { ' ', '\n', 0xa0, 0xad, 0x200b, 0x200d, 0x2060, 0x2800,
		0x3164, 0xfe0f, 0xfeff, 0xe0041, 0xe0100 };
	static const uint32_t shown[] = { '.', 'a', 0xe9, 0x301, 0x5d0, 0x2014, 0xfffd, 0x1f44d };

	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++)
		CHECK(utf8_is_invisible(nothing[i]));
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		CHECK(!utf8_is_invisible(shown[i]));
}

static void hazards_are_what_deceives_a_terminal(void)
{
	static const uint32_t hazards[] = { 0, 9, 10, 27, 31, 127, 128, 0x9f, 0x61c, 0x200b, 0x200e,
		0x200f, 0x2028, 0x2029, 0x202a, 0x202e, 0x2066, 0x2069, 0xfeff, 0xe0000, 0xe0041,
		0xe007f };
	static const uint32_t harmless[] = { ' ', 'a', '~', 0xa0, 0xe7, 0x61b, 0x200c, 0x200d,
		0x2010, 0x202f, 0x2065, 0x206a, 0xfefe, 0x1f600, 0xe0080, 0x10ffff };

	for (size_t i = 0; i < sizeof(hazards) / sizeof(hazards[0]); i++)
		CHECK(utf8_is_hazard(hazards[i]));
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		CHECK(!utf8_is_hazard(harmless[i]));
}

static void clean_text_is_one_line_without_controls(void)
{
	CHECK(text_is_clean(""));
	CHECK(text_is_clean("Aço Forte\xc2\xa0Ltda. 👍"));
	CHECK(!text_is_clean("a\tb"));
	CHECK(!text_is_clean("a\nb"));
	CHECK(!text_is_clean("a\r"));
	CHECK(!text_is_clean("\x1b[31m"));
	CHECK(!text_is_clean("\x7f"));
	CHECK(!text_is_clean("\xc2\x9b"));
	CHECK(!text_is_clean("\xc2\x80"));
	CHECK(!text_is_clean("\xc2"));
}

static const char *field(const char *input, int want_code, const char *want_message)
{
	struct portal_error err = { 0 };
	const char *text = text_field(&memory, input, 20, "name", &err);

	CHECK_INT(err.code, want_code);
	CHECK_STR(err.message, want_message);
	CHECK_STR(err.field, want_code ? "name" : NULL);
	return text;
}

static void a_field_loses_its_outer_blanks_and_no_others(void)
{
	CHECK_STR(field("Modelo Ltda.", 0, ""), "Modelo Ltda.");
	CHECK_STR(field(" \t Modelo  Ltda. \t", 0, ""), "Modelo  Ltda.");
	CHECK_STR(field("\xc2\xa0\xe3\x80\x80Modelo\xe2\x80\xaf\xc2\xa0", 0, ""), "Modelo");
	CHECK_STR(field("à", 0, ""), "à");
	CHECK_STR(field("", 0, ""), "");
	CHECK_STR(field(" \xc2\xa0 ", 0, ""), "");
	CHECK_STR(field("   12345678901234567890   ", 0, ""), "12345678901234567890");
}

static void a_field_that_is_not_clean_is_refused_by_name(void)
{
	CHECK(!field("S\xe3o", PORTAL_INVALID_TEXT, "'name' is not UTF-8"));
	CHECK(!field("\xa0", PORTAL_INVALID_TEXT, "'name' is not UTF-8"));
	CHECK(!field("a\nBcc: b", PORTAL_INVALID_TEXT,
		"'name' holds a control character, a tab or a line break"));
	CHECK(!field("name\n", PORTAL_INVALID_TEXT,
		"'name' holds a control character, a tab or a line break"));
	CHECK(!field("123456789012345678901", PORTAL_INVALID, "'name' is longer than 20 bytes"));
}

static const char *email(const char *input)
{
	struct portal_error err = { 0 };
	const char *text = email_parse(&memory, input, &err);

	CHECK_INT(err.code, text ? 0 : PORTAL_INVALID_EMAIL);
	CHECK((err.message[0] == '\0') == (text != NULL));
	return text;
}

static void e_mail_addresses_come_out_in_lower_case(void)
{
	CHECK_STR(email("Vendas@Aco-Forte.example"), "vendas@aco-forte.example");
	CHECK_STR(email("  contato@modelo.example\xc2\xa0"), "contato@modelo.example");
	CHECK_STR(email("a.b+tag_!#$%&'*/=?^`{|}~-@x.y.example"),
		"a.b+tag_!#$%&'*/=?^`{|}~-@x.y.example");
	CHECK_STR(email("o@1.2.3.br"), "o@1.2.3.br");
	CHECK_STR(email("a@xn--ao-forte-1za.example"), "a@xn--ao-forte-1za.example");
}

static void what_is_no_e_mail_address_is_refused(void)
{
	static const char *const wrong[] = { "", "   ", "torto@@com", "torto", "torto@", "@com.br",
		"torto@com", "a@b@c.example", ".a@b.example", "a.@b.example", "a..b@c.example",
		"a@.b.example", "a@b.example.", "a@b..example", "a@-b.example", "a@b-.example",
		"a@b_c.example", "a@b.-", "a b@c.example", "a@b .example", "\"a b\"@c.example",
		"Ana <ana@x.example>", "a@[127.0.0.1]", "a@127.0.0.1", "a@b.1", "a,b@c.example",
		"a@b.example,c@d.example", "a@b.example\n", "a@b.example\r\nBcc: c@d.example",
		"a\t@b.example", "joão@x.example", "joao@aço.example", "a\xff@x.example",
		"a;b@x.example", "a(b)@x.example", "a\\@x.example" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (email(wrong[i]))
			CHECK_STR(wrong[i], "refused");
}

static const char *email_of_lengths(int local, int label)
{
	static const char a[] =
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

	return email(
		arena_printf(&memory, "%.*s@%.*s.%.*s.%.*s.br", local, a, label, a, 61, a, 61, a));
}

static void e_mail_addresses_have_longest_parts(void)
{
	CHECK(email_of_lengths(64, 10));
	CHECK(!email_of_lengths(65, 10));
	CHECK(email_of_lengths(10, 63));
	CHECK(!email_of_lengths(10, 64));
	CHECK_INT(strlen(email_of_lengths(64, 61)), 254 - 1);
	CHECK_INT(strlen(email_of_lengths(64, 62)), 254);
	CHECK(!email_of_lengths(64, 63));
}

static void a_refused_address_is_named_unless_it_could_do_harm(void)
{
	struct portal_error err = { 0 };

	CHECK(!email_parse(&memory, "torto@@com", &err));
	CHECK_STR(err.message, "'torto@@com' is not an e-mail address like name@example.com");
	CHECK(!email_parse(&memory, "\x1b[31m@x.example", &err));
	CHECK_STR(err.message, "'email' holds a control character, a tab or a line break");
	CHECK(!email_parse(&memory, "joão@x.example", &err));
	CHECK(strstr(err.message, "without accents") != NULL);
}

int main(void)
{
	RUN(well_formed_text_is_valid);
	RUN(malformed_text_is_refused);
	RUN(a_bad_byte_is_found_at_every_place);
	RUN(every_character_encodes_and_decodes);
	RUN(every_pair_of_bytes_is_judged_as_two_bytes_should_be);
	RUN(hazards_are_what_deceives_a_terminal);
	RUN(what_shows_nothing_is_invisible);
	RUN(clean_text_is_one_line_without_controls);
	RUN(a_field_loses_its_outer_blanks_and_no_others);
	RUN(a_field_that_is_not_clean_is_refused_by_name);
	RUN(e_mail_addresses_come_out_in_lower_case);
	RUN(what_is_no_e_mail_address_is_refused);
	RUN(e_mail_addresses_have_longest_parts);
	RUN(a_refused_address_is_named_unless_it_could_do_harm);
	arena_release(&memory);
	CHECK_REPORT();
}
