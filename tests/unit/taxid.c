#include <portal/taxid.h>

#include <portal/arena.h>
#include <portal/error.h>

#include "check.h"
#include "vectors.h"

#define SUITES "data/brazil/suites/"

static struct arena arena;

static struct taxid check_in(const char *input, const char *country)
{
	struct taxid taxid;

	taxid_check(&arena, input, country, &taxid);
	return taxid;
}

static struct taxid check(const char *input)
{
	return check_in(input, NULL);
}

static const char *normal(const char *input)
{
	return check(input).tax_id;
}

/* What the sentence of a refusal must contain. */
static void refused(const char *input, const char *why)
{
	struct taxid taxid = check(input);

	if (taxid.valid || taxid.tax_id || taxid.tax_id_formatted || !taxid.reason ||
		!strstr(taxid.reason, why)) {
		printf("# '%s': valid %d, reason '%s', not '%s'\n", input, taxid.valid,
			taxid.reason ? taxid.reason : "(none)", why);
		check_failed_here = 1;
	}
}

static void mismatch(const struct vectors *vectors, const struct taxid *taxid)
{
	printf("# row %d: '%s' is %s %s (%s)\n", vectors->row, taxid->input,
		taxid->valid ? "valid" : "invalid", taxid->tax_id ? taxid->tax_id : "",
		taxid->reason ? taxid->reason : "");
	check_failed_here = 1;
}

/* A row of kind, input, verdict, normal form. That a prefix is no part of a CNPJ is
 * the view of those who split it off before; here it is read. */
static void check_brazilian_row(const struct vectors *vectors, int verdict_column)
{
	char *const *column = vectors->column;
	bool want = !strcmp(column[verdict_column], "valid");
	struct taxid taxid = check(column[1]);
	bool got = taxid.valid && !strcmp(taxid.kind, column[0]);

	if (!strncmp(column[1], "BR ", 3))
		want = true;
	else if (got && verdict_column == 2)
		CHECK_STR(taxid.tax_id, column[3]);
	if (got != want || taxid.valid == (taxid.reason != NULL))
		mismatch(vectors, &taxid);
}

static void check_brazilian_rows(struct vectors *vectors, int verdict_column, int rows)
{
	int count = 0;

	for (; vectors_next(vectors); count++)
		check_brazilian_row(vectors, verdict_column);
	CHECK_INT(count, rows);
}

/* A row of country, id, input, verdict, normal form. */
static void check_latin_row(const struct vectors *vectors)
{
	char *const *column = vectors->column;
	struct taxid taxid = check_in(column[2], column[0]);
	bool remarked = taxid.valid && taxid.reason;
	bool want = strcmp(column[3], "invalid") != 0;

	if (want)
		CHECK_STR(taxid.tax_id, column[4]);
	if ((taxid.valid && !remarked) != !strcmp(column[3], "valid"))
		mismatch(vectors, &taxid);
	if (remarked && strcmp(column[0], "MX") != 0)
		mismatch(vectors, &taxid);
	CHECK_STR(taxid.country, column[0]);
}

static void check_latin_rows(struct vectors *vectors, int rows)
{
	int count = 0;

	for (; vectors_next(vectors); count++)
		check_latin_row(vectors);
	CHECK_INT(count, rows);
}

static void n1_brazilian_vectors_agree(void)
{
	struct vectors vectors;

	CHECK(vectors_open(&vectors, "tests/data", "taxid-vectors-own.tsv"));
	check_brazilian_rows(&vectors, 2, 353);
}

static void n1_latin_american_vectors_agree(void)
{
	struct vectors vectors;

	CHECK(vectors_open(&vectors, "tests/data", "latam-vectors-own.tsv"));
	check_latin_rows(&vectors, 145);
}

static struct vectors shared_taxids, shared_latin, shared_disagreements;

static void n1_the_public_brazilian_suites_agree(void)
{
	check_brazilian_rows(&shared_taxids, 2, 709);
}

static void n1_the_public_latin_american_suites_agree(void)
{
	check_latin_rows(&shared_latin, 362);
}

static void n1_where_the_public_suites_differ_our_policy_stands(void)
{
	check_brazilian_rows(&shared_disagreements, 3, 21);
}

/* The first field of a row of the supplier list, which never is a quoted one. */
static bool next_supplier(FILE *file, char *line, int size)
{
	if (!fgets(line, size, file))
		return false;
	line[strcspn(line, ";")] = '\0';
	return true;
}

static void check_supplier(const char *input, const char *want)
{
	struct taxid taxid = check(input);
	const char *got =
		taxid.valid ? arena_printf(&arena, "%s %s", taxid.country, taxid.tax_id) : "";

	CHECK_STR(got, want);
}

static void n1_the_supplier_list_gives_the_ids_expected(void)
{
	struct vectors vectors;
	FILE *list = fopen("tests/data/fornecedores-import.csv", "r");
	char line[1024];
	int count = 0;

	CHECK(vectors_open(&vectors, "tests/data", "fornecedores-esperado.tsv"));
	CHECK(list && next_supplier(list, line, sizeof(line)));
	for (; vectors_next(&vectors) && next_supplier(list, line, sizeof(line)); count++)
		check_supplier(line, vectors.column[2]);
	CHECK_INT(count, 57);
	fclose(list);
}

static void n1_a_cnpj_may_have_letters(void)
{
	struct taxid taxid = check(" 12.abc.345/01de-35 ");

	CHECK(taxid.valid && !taxid.reason);
	CHECK_STR(taxid.input, " 12.abc.345/01de-35 ");
	CHECK_STR(taxid.country, "BR");
	CHECK_STR(taxid.kind, "cnpj");
	CHECK_STR(taxid.tax_id, "12ABC34501DE35");
	CHECK_STR(taxid.tax_id_formatted, "12.ABC.345/01DE-35");
	CHECK_STR(normal("00.000.000/E08G-12"), "00000000E08G12");
}

static void n1_a_country_counts_before_a_blank_or_a_colon_only(void)
{
	CHECK_STR(check("mx LFQ151231697").country, "MX");
	CHECK_STR(check("MX:LFQ151231697").kind, "rfc");
	CHECK_STR(check("MX : LFQ151231697").tax_id, "LFQ151231697");
	CHECK_STR(check("MXLFQ151231697").country, "BR");
	CHECK_STR(check("MXLFQ151231697").kind, "cnpj");
	CHECK_STR(check("BR\xc2\xa0"
			"65635571000148")
			  .tax_id,
		"65635571000148");
}

static void n1_glued_br_is_read_where_nothing_else_fits(void)
{
	CHECK_STR(normal("BR65635571000148"), "65635571000148");
	CHECK_STR(normal("br65.635.571/0001-48"), "65635571000148");
	refused("BR65635571000149", "don't match");
	CHECK(!check_in("BR65635571000148", "PE").valid);
}

static void n1_a_country_in_the_input_wins_over_the_default(void)
{
	CHECK_STR(check_in("30-94537838-3", "AR").kind, "cuit");
	CHECK_STR(check_in("30-94537838-3", "ar").country, "AR");
	CHECK_STR(check_in("BR 65635571000148", "AR").country, "BR");
	CHECK_STR(check_in("BR 65635571000148", "Brasil").country, "BR");
}

static void n1_a_country_is_two_letters(void)
{
	struct taxid taxid = check_in("65635571000148", "BRA");

	CHECK(!taxid.valid && !taxid.country && !taxid.kind);
	CHECK_STR(taxid.reason, "'BRA' is not a country code of two letters");
	CHECK(!check_in("65635571000148", "").valid);
	CHECK(!check_in("65635571000148", "5").valid);
	CHECK(!check_in("65635571000148", "Ñ").valid);
}

static void n1_a_country_is_one_that_there_is(void)
{
	static const char *const countries[] = { "AD", "BV", "PT", "US", "ZW", "pt" };
	static const char *const none[] = { "AA", "XX", "UK", "EL", "ZZ" };
	struct taxid taxid = check_in("XX:123", NULL);

	CHECK(!taxid.valid && !taxid.country);
	CHECK_STR(taxid.reason, "'XX' is not the code of any country (ISO 3166-1)");
	for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++)
		CHECK(check_in("509442013", countries[i]).country);
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		CHECK(!check_in("509442013", none[i]).country);
}

static void n1_a_cnpj_that_lost_its_zeros_is_refused(void)
{
	refused("12345000165", "is it the CNPJ 00.012.345/0001-65?");
	refused("191", "is it the CPF 000.000.001-91 or the CNPJ 00.000.000/0001-91?");
	refused("1234567890", "is it the CPF 012.345.678-90?");
	refused("1234567892", "a CNPJ has 14 characters and a CPF 11, this has 10");
	refused("1ABCDE", "this has 6");
}

static void n1_other_damage_by_spreadsheets_has_its_own_reason(void)
{
	refused("1,2345678E+13", "a spreadsheet made a rounded number");
	refused("1.2345678e13", "a spreadsheet made a rounded number");
	refused(" 1E+13 ", "a spreadsheet made a rounded number");
	refused("'12ABC34501DE35", "the character '''");
	refused("=12ABC34501DE35", "the character '='");
}

static void n1_words_instead_of_an_id_have_their_own_reason(void)
{
	refused("", "it is empty");
	refused(" -- ", "it is empty");
	refused("BR ", "it is empty");
	refused("ISENTO", "it holds no digit");
	refused("N/A", "it holds no digit");
	refused("não informado", "it holds no digit");
	refused("no consta", "it holds no digit");
}

static void n1_ids_that_are_never_issued_are_refused(void)
{
	refused("00000000000000", "the same");
	refused("111.111.111-11", "the same");
	refused("12ABC345000000", "the order 0000");
}

static void n1_wrong_check_digits_are_told_from_other_faults(void)
{
	refused("12.ABC.345/01DE-34", "the check digits don't match");
	refused("12.ABC.345/01DE-3S", "the last two characters of a CNPJ are digits");
	refused("12.ABC.345/01DE", "this has 12");
	refused("AR 30-94537838-4", "the check digit doesn't match");
	refused("CO 993761436", "or was left out");
	refused("CL 123", "a RUT has 8 to 9 characters, this has 3");
	refused("PE 123", "a RUC has 11 characters, this has 3");
}

static void n1_a_letter_that_looks_like_a_digit_is_suggested(void)
{
	refused("O0000000000191", "it is 00.000.000/0001-91");
	refused("l2ABC34501DE35", "it is 12.ABC.345/01DE-35");
	refused("111.444.777-3S", "which has digits only");
}

static void n1_unseen_characters_are_refused_by_their_place(void)
{
	refused("65635571000148\xe2\x80\x8b", "in place 15 ");
	refused("65635571000148\xff", "in place 15 ");
	refused("BR é", "it holds no digit");
	refused("BR é1", "in place 4 ");
	refused("PT 1é1", "in place 5 ");
	refused("não 65635571000148", "in place 2 ");
	refused("６5635571000148", "in place 1 ");
	CHECK_STR(normal("65\xe2\x80\xaf"
			 "635\xe2\x80\x89"
			 "571\xe2\x88\x92"
			 "0001\xe2\x80\x95"
			 "48"),
		"65635571000148");
}

static void n1_a_mexican_id_with_a_wrong_digit_is_warned_about(void)
{
	struct taxid taxid = check("MX PKT 990131 NM3");

	CHECK(taxid.valid);
	CHECK_STR(taxid.tax_id, "PKT990131NM3");
	CHECK_STR(taxid.reason, "the check digit doesn't match");
	CHECK_STR(check("MX XAXX010101000").reason, "a generic RFC, which names nobody");
	CHECK_STR(check("MX PKT 990131 N02").reason, "RFCs don't end in these three characters");
	refused("MX PKT 990231 NM2", "the date in it does not exist");
	refused("MX 1KT 990131 NM2", "begins with three letters");
	CHECK_STR(check("MX ñab010101ab5").tax_id, "ÑAB010101AB5");
	CHECK_STR(check("MX ñab010101ab5").tax_id_formatted, "ÑAB 010101 AB5");
}

static void n1_other_countries_are_taken_as_given(void)
{
	CHECK_STR(normal("DE DE 123.456/7-a "), "DE 123.456/7-A");
	CHECK_STR(check("PT 501964843").kind, "other");
	CHECK_STR(check("PT 501964843").tax_id_formatted, "501964843");
	refused("PT 12", "3 to 20 characters, this has 2");
	refused("PT 123456789012345678901", "3 to 20 characters, this has 21");
	refused("PT 501_964", "the character '_'");
	refused("PT ", "it is empty");
}

static void n1_an_ein_loses_its_hyphen(void)
{
	CHECK_STR(normal("US 12-3456789"), "123456789");
	CHECK_STR(check("US 123456789").tax_id_formatted, "12-3456789");
	CHECK_STR(check("US 123456789").kind, "other");
	CHECK_STR(normal("US C-12345"), "C-12345");
	CHECK_STR(check("US 12-345678").tax_id_formatted, "12-345678");
}

static void n1_input_has_a_limit(void)
{
	char input[100];
	struct portal_error err = { 0 };
	struct taxid taxid;

	memset(input, ' ', sizeof(input));
	memcpy(input, "65635571000148", 14);
	input[64] = '\0';
	CHECK(check(input).valid);
	memset(input, '9', 64);
	refused(input, "this has 64");
	memset(input, '.', 65);
	input[65] = '\0';
	refused(input, "longer than 64 bytes");
	CHECK_INT(taxid_parse(&arena, input, NULL, &taxid, &err), -PORTAL_INVALID_TAX_ID);
	CHECK_STR(err.message, "a tax id has at most 64 bytes");
}

static void n1_a_function_that_needs_an_id_fails_with_the_reason(void)
{
	struct portal_error err = { 0 };
	struct taxid taxid;

	CHECK_INT(taxid_parse(&arena, "65.635.571/0001-48", NULL, &taxid, &err), 0);
	CHECK_STR(taxid.tax_id, "65635571000148");
	CHECK_INT(
		taxid_parse(&arena, "65635571000149", NULL, &taxid, &err), -PORTAL_INVALID_TAX_ID);
	CHECK_STR(err.message, "'65635571000149' is not a tax id: the check digits don't match");
	CHECK(!taxid.valid && taxid.reason);
}

static void n1_stored_ids_are_printed_with_their_mask(void)
{
	static const char *const rows[][3] = {
		{ "BR", "12ABC34501DE35", "12.ABC.345/01DE-35" },
		{ "BR", "11144477735", "111.444.777-35" },
		{ "AR", "30945378383", "30-94537838-3" },
		{ "CL", "993064009", "99.306.400-9" },
		{ "CL", "12345670", "1.234.567-0" },
		{ "CO", "9937614365", "993.761.436-5" },
		{ "CO", "1234567890123456", "123.456.789.012.345-6" },
		{ "MX", "PKT990131NM2", "PKT 990131 NM2" },
		{ "MX", "XAXX010101000", "XAXX 010101 000" },
		{ "PE", "20965630482", "20965630482" },
		{ "UY", "219137340013", "21-913734-001-3" },
		{ "PY", "809337347", "80933734-7" },
		{ "PY", "12340", "1234-0" },
		{ "US", "123456789", "12-3456789" },
		{ "US", "12-345678", "12-345678" },
		{ "PT", "501964843", "501964843" },
		{ "BR", "123", "123" },
		{ "BR", "", "" },
		{ "CO", "ÑÑÑÑÑÑÑÑÑÑÑÑ", "ÑÑÑÑÑÑÑÑÑÑÑÑ" },
		{ "PY",
			"\x80\x80\x80"
			"12345",
			"1234-5" },
	};
	char buf[TAXID_FORMAT_SIZE];

	for (size_t i = 0; i + 1 < sizeof(rows) / sizeof(*rows); i++)
		CHECK_STR(taxid_format(rows[i][0], rows[i][1], buf), rows[i][2]);
	CHECK(strlen(taxid_format("PY",
		      "\x80\x80\x80"
		      "12345",
		      buf)) < sizeof(buf));
}

static void n1_stored_ids_tell_their_kind_and_role(void)
{
	CHECK_STR(taxid_kind("BR", "12ABC34501DE35"), "cnpj");
	CHECK_STR(taxid_kind("BR", "11144477735"), "cpf");
	CHECK_STR(taxid_kind("PT", "501964843"), "other");
	CHECK_STR(taxid_role("BR", "99782063000195"), "head_office");
	CHECK_STR(taxid_role("BR", "00000000E08G12"), "branch");
	CHECK_STR(taxid_role("BR", "11144477735"), "unknown");
	CHECK_STR(taxid_role("UY", "219137340013"), "unknown");
}

static void n1_every_kind_is_a_word_and_the_fields_keep_their_order(void)
{
	static const char *const keys[] = { "input", "country", "kind", "valid", "tax_id",
		"tax_id_formatted", "reason" };

	CHECK_STR(taxid_record.kind, "taxid");
	for (size_t i = 0; i < 7; i++)
		CHECK_STR(taxid_record.fields[i].key, keys[i]);
	CHECK(!taxid_record.fields[7].key);
	CHECK(portal_word_known(taxid_kinds, check("AR 30-94537838-3").kind));
	CHECK(portal_word_known(taxid_kinds, check("PT 501964843").kind));
}

int main(void)
{
	RUN(n1_brazilian_vectors_agree);
	RUN(n1_latin_american_vectors_agree);
	RUN(n1_the_supplier_list_gives_the_ids_expected);
	RUN(n1_a_cnpj_may_have_letters);
	RUN(n1_a_country_counts_before_a_blank_or_a_colon_only);
	RUN(n1_glued_br_is_read_where_nothing_else_fits);
	RUN(n1_a_country_in_the_input_wins_over_the_default);
	RUN(n1_a_country_is_two_letters);
	RUN(n1_a_country_is_one_that_there_is);
	RUN(n1_a_cnpj_that_lost_its_zeros_is_refused);
	RUN(n1_other_damage_by_spreadsheets_has_its_own_reason);
	RUN(n1_words_instead_of_an_id_have_their_own_reason);
	RUN(n1_ids_that_are_never_issued_are_refused);
	RUN(n1_wrong_check_digits_are_told_from_other_faults);
	RUN(n1_a_letter_that_looks_like_a_digit_is_suggested);
	RUN(n1_unseen_characters_are_refused_by_their_place);
	RUN(n1_a_mexican_id_with_a_wrong_digit_is_warned_about);
	RUN(n1_other_countries_are_taken_as_given);
	RUN(n1_an_ein_loses_its_hyphen);
	RUN(n1_input_has_a_limit);
	RUN(n1_a_function_that_needs_an_id_fails_with_the_reason);
	RUN(n1_stored_ids_are_printed_with_their_mask);
	RUN(n1_stored_ids_tell_their_kind_and_role);
	RUN(n1_every_kind_is_a_word_and_the_fields_keep_their_order);
	if (vectors_open_shared(&shared_taxids, SUITES "taxid-vectors.tsv"))
		RUN(n1_the_public_brazilian_suites_agree);
	else
		SKIP(n1_the_public_brazilian_suites_agree, "no shared data");
	if (vectors_open_shared(&shared_latin, SUITES "latam-vectors.tsv"))
		RUN(n1_the_public_latin_american_suites_agree);
	else
		SKIP(n1_the_public_latin_american_suites_agree, "no shared data");
	if (vectors_open_shared(&shared_disagreements, SUITES "taxid-disagreements.tsv"))
		RUN(n1_where_the_public_suites_differ_our_policy_stands);
	else
		SKIP(n1_where_the_public_suites_differ_our_policy_stands, "no shared data");
	arena_release(&arena);
	CHECK_REPORT();
}
