#include <portal/taxid.h>

#include <string.h>

#include <portal/arena.h>
#include <portal/error.h>

#include "base/i18n.h"
#include "punctuation.h"
#include "taxid_assigned.h"
#include "taxid_countries.h"

const struct portal_word taxid_kinds[] = {
	{ "cnpj", N_("CNPJ") },
	{ "cpf", N_("CPF") },
	{ "cuit", N_("CUIT") },
	{ "rut", N_("RUT") },
	{ "nit", N_("NIT") },
	{ "rfc", N_("RFC") },
	{ "ruc", N_("RUC") },
	{ "other", N_("other") },
	{ NULL, NULL },
};

static const struct portal_field fields[] = {
	PORTAL_FIELD(struct taxid, input, N_("INPUT")),
	PORTAL_FIELD(struct taxid, country, N_("COUNTRY")),
	PORTAL_FIELD(struct taxid, kind, N_("KIND"), .words = taxid_kinds),
	PORTAL_FIELD(struct taxid, valid, N_("VALID")),
	PORTAL_FIELD(struct taxid, tax_id, N_("TAX ID")),
	PORTAL_FIELD(struct taxid, tax_id_formatted, N_("PRINTED")),
	PORTAL_FIELD(struct taxid, reason, N_("REASON")),
	PORTAL_FIELDS_END,
};

const struct portal_record taxid_record = { "taxid", sizeof(struct taxid), fields };

/* An id without its punctuation. @stopped_at is the first character that belongs in
 * no checked id, or NULL. */
struct bare_id {
	unsigned char text[TAXID_INPUT_MAX];
	size_t len;
	const char *stopped_at;
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Blanks at the end of @text are found going forward: some have several bytes. */
static size_t len_without_trailing_blanks(const char *text)
{
	size_t end = 0;

	for (size_t i = 0, blank; text[i]; i += blank ? blank : 1) {
		blank = punctuation_blank(text + i);
		if (!blank)
			end = i + 1;
	}
	return end;
}

/* Two letters in upper case, or false. */
static bool read_country(const char *text, char ret_country[static 3])
{
	if (!is_letter(text[0]) || !is_letter(text[1]))
		return false;
	ret_country[0] = upper(text[0]);
	ret_country[1] = upper(text[1]);
	ret_country[2] = '\0';
	return true;
}

/* The id behind "BR " or "BR:", whose country goes to @ret_country; @text itself
 * where there is no such prefix. */
static const char *skip_prefix(const char *text, char ret_country[static 3])
{
	const char *id = is_letter(text[0]) && is_letter(text[1]) ? text + 2 : text;

	if (id == text || (*id != ':' && !punctuation_blank(id)))
		return text;
	read_country(text, ret_country);
	id = punctuation_skip_blanks(id);
	return punctuation_skip_blanks(*id == ':' ? id + 1 : id);
}

static void strip(const char *text, struct bare_id *ret_id)
{
	size_t step;

	ret_id->len = 0;
	ret_id->stopped_at = NULL;
	for (; *text; text += step) {
		unsigned char c = (unsigned char)upper(*text);

		step = 1;
		if (!is_digit(*text) && !is_letter(*text) && *text != '&') {
			step = punctuation_any(text);
			if (step)
				continue;
			if (strncmp(text, "Ñ", 2) != 0 && strncmp(text, "ñ", 2) != 0) {
				ret_id->stopped_at = text;
				return;
			}
			step = 2;
			c = TAXID_ENYE;
		}
		ret_id->text[ret_id->len++] = c;
	}
}

/* The id as it is stored: @ret_text has room for two bytes a character. */
static void spell(const struct bare_id *id, char *ret_text)
{
	for (size_t i = 0; i < id->len; i++) {
		if (id->text[i] == TAXID_ENYE)
			*ret_text++ = (char)0xc3;
		*ret_text++ = id->text[i] == TAXID_ENYE ? (char)0x91 : (char)id->text[i];
	}
	*ret_text = '\0';
}

static void accept(
	struct arena *arena, struct taxid *taxid, const struct taxid_rule *rule, const char *tax_id)
{
	char buf[TAXID_FORMAT_SIZE];

	taxid->valid = true;
	taxid->kind = rule ? rule->kind : "other";
	taxid->tax_id = arena_strdup(arena, tax_id);
	taxid->tax_id_formatted =
		arena_strdup(arena, taxid_format(taxid->country, taxid->tax_id, buf));
}

/* Why a character is refused: shown where it can be seen, else its place. */
static const char *foreign_character(struct arena *arena, const char *input, const char *at)
{
	size_t place = 1;

	if (*at > ' ' && *at < 0x7f)
		return arena_printf(
			arena, _("the character '%c' does not belong in a tax id"), *at);
	for (; input < at; input++)
		place += ((unsigned char)*input & 0xc0) != 0x80;
	return arena_printf(
		arena, _("the character in place %zu does not belong in a tax id"), place);
}

static bool has_digit(const char *text)
{
	return text[strcspn(text, "0123456789")] != '\0';
}

static const char *skip_digits(const char *text)
{
	return text + strspn(text, "0123456789");
}

/* "1,2345678E+13", or without the sign where there is a decimal comma or point. */
static bool is_scientific(const char *text)
{
	const char *mantissa = punctuation_skip_blanks(text), *rest = skip_digits(mantissa);
	bool telling = *rest == ',' || *rest == '.';

	if (rest != mantissa + 1)
		return false;
	rest = skip_digits(rest + telling);
	if (*rest != 'E' && *rest != 'e')
		return false;
	telling |= rest[1] == '+';
	rest += 1 + (rest[1] == '+' || rest[1] == '-');
	return telling && is_digit(*rest) && !*punctuation_skip_blanks(skip_digits(rest));
}

static const char *wrong_length(struct arena *arena, const char *country, size_t len)
{
	const struct taxid_rule *rule = taxid_rule_of(country);

	if (!strcmp(country, "BR"))
		return arena_printf(
			arena, _("a CNPJ has 14 characters and a CPF 11, this has %zu"), len);
	if (rule->min_len == rule->max_len)
		return arena_printf(arena, _("a %s has %zu characters, this has %zu"), rule->name,
			rule->max_len, len);
	return arena_printf(arena, _("a %s has %zu to %zu characters, this has %zu"), rule->name,
		rule->min_len, rule->max_len, len);
}

/* Faults of the whole @text tell more than those of the id in it. */
static const char *damage(
	struct arena *arena, const struct taxid *taxid, const char *text, const struct bare_id *id)
{
	if (!id->len && !id->stopped_at)
		return _("it is empty");
	if (!has_digit(text))
		return _("it holds no digit");
	if (is_scientific(text))
		return _("a spreadsheet made a rounded number of it: take it from the source, as "
			 "text");
	return id->stopped_at ? foreign_character(arena, taxid->input, id->stopped_at) : NULL;
}

/* Why @id, read from @text, is refused; @text is a part of the input. */
static const char *refusal(
	struct arena *arena, const struct taxid *taxid, const char *text, const struct bare_id *id)
{
	const struct taxid_rule *rule = taxid_rule_for(taxid->country, id->len);
	const char *reason = damage(arena, taxid, text, id);

	if (!reason && !strcmp(taxid->country, "BR"))
		reason = taxid_suggestion(arena, id->text, id->len);
	if (reason)
		return reason;
	return rule ? rule->refuse(id->text, id->len)
		    : wrong_length(arena, taxid->country, id->len);
}

/* "BR" and 14 characters glued: 16 characters have no other reading. */
static void drop_glued_prefix(const char *country, struct bare_id *id)
{
	if (id->len != 16 || strcmp(country, "BR") != 0 || memcmp(id->text, "BR", 2) != 0)
		return;
	id->len -= 2;
	memmove(id->text, id->text + 2, id->len);
}

/* Takes an id of a country with rules. False leaves the reason to the caller. */
static bool take_checked(struct arena *arena, struct taxid *taxid, const struct bare_id *id)
{
	const struct taxid_rule *rule =
		id->stopped_at ? NULL : taxid_rule_for(taxid->country, id->len);
	char text[2 * TAXID_INPUT_MAX + 1];

	if (!rule)
		return false;
	taxid->kind = rule->kind;
	if (rule->refuse(id->text, id->len))
		return false;
	spell(id, text);
	accept(arena, taxid, rule, text);
	if (rule->remark)
		taxid->reason = rule->remark(id->text, id->len);
	return true;
}

/* Takes an id that nothing is known of, as it was given. */
static const char *take_as_given(struct arena *arena, struct taxid *taxid, const char *text)
{
	char id[TAXID_INPUT_MAX + 1];
	size_t len = len_without_trailing_blanks(text);

	taxid->kind = "other";
	if (!len)
		return _("it is empty");
	for (size_t i = 0; i < len; i++) {
		if (!is_letter(text[i]) && !is_digit(text[i]) && !strchr("./& -", text[i]))
			return foreign_character(arena, taxid->input, text + i);
		id[i] = upper(text[i]);
	}
	id[len] = '\0';
	if (!has_digit(id))
		return _("it holds no digit");
	if (len < 3 || len > 20)
		return arena_printf(arena, _("a tax id has 3 to 20 characters, this has %zu"), len);
	accept(arena, taxid, NULL, id);
	return NULL;
}

/* @text is the part of the input behind the country. */
static void judge(struct arena *arena, const char *text, struct taxid *taxid)
{
	const struct taxid_rule *rule = taxid_rule_of(taxid->country);
	struct bare_id id;

	strip(text, &id);
	drop_glued_prefix(taxid->country, &id);
	if (rule && take_checked(arena, taxid, &id))
		return;
	/* A rule of kind "other" tells a shape, not what is wrong. */
	if (!rule || !strcmp(rule->kind, "other"))
		taxid->reason = take_as_given(arena, taxid, text);
	else
		taxid->reason = refusal(arena, taxid, text, &id);
}

static bool too_long(const char *input)
{
	return strnlen(input, TAXID_INPUT_MAX + 1) > TAXID_INPUT_MAX;
}

void taxid_check(
	struct arena *arena, const char *input, const char *country, struct taxid *ret_taxid)
{
	char code[3] = "BR";
	bool country_known = !country || (read_country(country, code) && !country[2]);
	const char *text, *id;

	*ret_taxid = (struct taxid){ .input = arena_strdup(arena, input) };
	if (too_long(input)) {
		ret_taxid->reason =
			arena_printf(arena, _("it is longer than %d bytes"), TAXID_INPUT_MAX);
		return;
	}
	text = punctuation_skip_blanks(ret_taxid->input);
	id = skip_prefix(text, code);
	if (!country_known && id == text) {
		ret_taxid->reason = arena_printf(
			arena, _("'%s' is not a country code of two letters"), country);
		return;
	}
	if (!taxid_country_is_assigned(code)) {
		ret_taxid->reason = arena_printf(
			arena, _("'%s' is not the code of any country (ISO 3166-1)"), code);
		return;
	}
	ret_taxid->country = arena_strdup(arena, code);
	judge(arena, id, ret_taxid);
}

int taxid_parse(struct arena *arena, const char *input, const char *country,
	struct taxid *ret_taxid, struct portal_error *err)
{
	taxid_check(arena, input, country, ret_taxid);
	if (ret_taxid->valid)
		return 0;
	if (too_long(input))
		return portal_fail(err, PORTAL_INVALID_TAX_ID, _("a tax id has at most %d bytes"),
			TAXID_INPUT_MAX);
	return portal_fail(err, PORTAL_INVALID_TAX_ID, _("'%s' is not a tax id: %s"), input,
		ret_taxid->reason);
}
