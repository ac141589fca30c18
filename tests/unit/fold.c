#include "base/fold.h"

#include <string.h>

#include <portal/arena.h>

#include "base/utf8.h"

#include "check.h"

static struct arena memory;

static const char *fold(const char *text)
{
	return fold_text(&memory, text);
}

static void case_and_accents_do_not_count(void)
{
	CHECK_STR(fold("AÇO FORTE Indústria e Comércio Ltda."),
		"aco forte industria e comercio ltda.");
	CHECK_STR(fold("Três Irmãos & Cia. nº 1ª"), "tres irmaos & cia. no 1a");
	CHECK_STR(fold("ÀÁÂÃÄÅ ÈÉÊË ÌÍÎÏ ÒÓÔÕÖØ ÙÚÛÜ Ýÿ Ññ Çç"),
		"aaaaaa eeee iiii oooooo uuuu yy nn cc");
	CHECK_STR(fold("Łódź Đorđe İstanbul ıŞığ ŐŰ"), "lodz dorde istanbul isig ou");
	CHECK_STR(fold("Nguyễn Ổi Ȩ"), "nguyen oi e");
}

static void ligatures_and_sharp_s_become_two_letters(void)
{
	CHECK_STR(fold("Straße STRAẞE"), "strasse strasse");
	CHECK_STR(fold("Æther Œuvre Ĳssel ǅ Þór"), "aether oeuvre ijssel dz thor");
}

static void decomposed_text_matches_composed_text(void)
{
	CHECK_STR(fold("Sa\xcc\x83o Joa\xcc\x83o"), fold("São João"));
	CHECK_STR(fold("\xd0\xb8\xcc\x86"), fold("й"));
	CHECK_STR(fold("\xce\xb1\xcc\x81"), fold("ά"));
	CHECK_STR(fold("\xcc\x81"), "");
}

static void greek_and_cyrillic_lose_case_and_accents(void)
{
	CHECK_STR(fold("ΆΛΦΑ Ωμέγα ΣΊΣΥΦΟΣ Σίσυφος"), "αλφα ωμεγα σισυφοσ σισυφοσ");
	CHECK_STR(fold("Москва ЁЛКА Київ Ћирилица"), "москва елка киів ћирилица");
	CHECK_STR(fold("ᾼ ᾳ Ἀ"), "α α α");
}

static void other_text_stays(void)
{
	CHECK_STR(fold("東京 ไทย 👍 x×y ÷ © € 𝔄"), "東京 ไทย 👍 x×y ÷ © € 𝔄");
	CHECK_STR(fold("a\xff\xc3"), "a\xff\xc3");
	CHECK_STR(fold("65.635.571/0001-48 @_%"), "65.635.571/0001-48 @_%");
}

static void a_mark_between_stray_bytes_stays(void)
{
	CHECK_STR(fold("\xc3\xcc\x81\x9f"), "\xc3\xcc\x81\x9f");
	CHECK_STR(fold("\xc3\xcc\x81\xcc\x81"
		       "E\xcc\x81"),
		"\xc3\xcc\x81"
		"e");
}

static void runs_of_blanks_become_one_space(void)
{
	CHECK_STR(fold("a  b\t\tc \r\n d"), "a b c d");
	CHECK_STR(fold("a\xc2\xa0 \xe3\x80\x80 b"), "a b");
	CHECK_STR(fold("  a b  "), "a b");
	CHECK_STR(fold(" \t "), "");
	CHECK_STR(fold(""), "");
}

static void every_character_folds_to_valid_text_once_and_for_all(void)
{
	for (uint32_t c = 1; c < 0x11000; c++) {
		char text[8] = { 0 };
		const char *once;

		if (utf8_encode(c, text) == 0)
			continue;
		once = fold(text);
		if (strlen(once) > strlen(text) || !utf8_valid(once, strlen(once)) ||
			strcmp(fold(once), once) != 0) {
			CHECK_INT(c, -1);
			return;
		}
		arena_reset(&memory);
	}
}

static void a_name_is_its_letters_and_digits(void)
{
	CHECK_STR(fold_name(&memory, "Valor Unitário (R$)"), "valorunitarior");
	CHECK_STR(fold_name(&memory, " CNPJ/CPF nº 1 "), "cnpjcpfno1");
	CHECK_STR(fold_name(&memory, "«»"), "");
}

/* The words of @text, folded or not, with a bar between them. */
static const char *words(const char *text)
{
	size_t left = strlen(text);
	const char *found = "";

	while (left > 0) {
		const size_t len = fold_letters_run(text, left), skip = len ? len : 1;

		if (len)
			found = arena_printf(
				&memory, "%s%s%.*s", found, *found ? "|" : "", (int)len, text);
		text += skip;
		left -= skip;
	}
	return found;
}

static void what_is_no_letter_and_no_digit_parts_words(void)
{
	const char *marks = "«Boleto» vencido: §artigo ´agudo´ ¿que? ‘a’–“b”…c　d×e÷f\xc2\xa0g"
			    "\xc2\xadh R$100 €500 nº1ª";

	CHECK_STR(words(marks), "Boleto|vencido|artigo|agudo|que|a|b|c|d|e|f|g|h|R|100|500|nº1ª");
	CHECK_STR(words("🔥urgente ✅feito ✅️já 🧑🏽‍💼cliente ❤️amor "
			"👍🏿ok"),
		"urgente|feito|já|cliente|amor|ok");
	CHECK_STR(words("a\xff"
			"b"),
		"a|b");
	CHECK(fold_letter("\xc3", 1) == 0);
	CHECK(fold_letter("", 0) == 0);
	CHECK(fold_letter("ção", 5) == 2);
}

static void letters_of_all_scripts_stay_together(void)
{
	static const char *const kept[] = { "São", "Sa\xcc\x83o", "Łódź", "Ελλάδα", "Москва",
		"日本語", "한국어", "नमस्ते", "สวัสดี", "עברית", "مرحبا", "x²", "١٢٣", "𝔘𝔫𝔦" };

	for (size_t i = 0; i < sizeof(kept) / sizeof(*kept); i++)
		CHECK_STR(words(kept[i]), kept[i]);
}

int main(void)
{
	RUN(case_and_accents_do_not_count);
	RUN(ligatures_and_sharp_s_become_two_letters);
	RUN(decomposed_text_matches_composed_text);
	RUN(greek_and_cyrillic_lose_case_and_accents);
	RUN(other_text_stays);
	RUN(a_mark_between_stray_bytes_stays);
	RUN(runs_of_blanks_become_one_space);
	RUN(every_character_folds_to_valid_text_once_and_for_all);
	RUN(what_is_no_letter_and_no_digit_parts_words);
	RUN(a_name_is_its_letters_and_digits);
	RUN(letters_of_all_scripts_stay_together);
	arena_release(&memory);
	CHECK_REPORT();
}
