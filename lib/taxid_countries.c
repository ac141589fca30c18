#include "taxid_countries.h"

#include <stdbool.h>
#include <string.h>

#include <portal/taxid.h>

#include "base/i18n.h"

static bool is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool all_digits(const unsigned char *id, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_digit(id[i]))
			return false;
	return true;
}

static bool all_equal(const unsigned char *id, size_t len)
{
	for (size_t i = 1; i < len; i++)
		if (id[i] != id[0])
			return false;
	return true;
}

static unsigned number(const unsigned char *digits)
{
	return (digits[0] - '0') * 10u + (digits[1] - '0');
}

/* Weights count 2, 3, 4 ... @top from the right and then begin again: with the
 * right @top that is every country's row of weights but Colombia's. */
static unsigned weighted_sum(const unsigned char *id, size_t len, unsigned top)
{
	unsigned sum = 0, weight = 2;

	while (len-- > 0) {
		sum += (id[len] - (unsigned)'0') * weight;
		weight = weight == top ? 2 : weight + 1;
	}
	return sum;
}

/* What makes @sum a multiple of 11; where that is ten, the countries differ. */
static unsigned char check_character(unsigned sum, unsigned char ten)
{
	unsigned check = (11 - sum % 11) % 11;

	return check == 10 ? ten : (unsigned char)('0' + check);
}

static const char *wrong_digit(void)
{
	return _("the check digit doesn't match");
}

static const char *wrong_digits(void)
{
	return _("the check digits don't match");
}

static const char *digits_only(void)
{
	return _("it has digits only");
}

static bool last_matches(const unsigned char *id, size_t len, unsigned top, unsigned char ten)
{
	return check_character(weighted_sum(id, len - 1, top), ten) == id[len - 1];
}

/* Both check digits of Brazil: the second covers the first. */
static bool last_two_match(const unsigned char *id, size_t len, unsigned top)
{
	return last_matches(id, len - 1, top, '0') && last_matches(id, len, top, '0');
}

static const char *refuse_cnpj(const unsigned char *id, size_t len)
{
	for (size_t i = 0; i < 12; i++)
		if (!is_digit(id[i]) && (id[i] < 'A' || id[i] > 'Z'))
			return _("a CNPJ has letters and digits only");
	if (!all_digits(id + 12, 2))
		return _("the last two characters of a CNPJ are digits");
	if (all_equal(id, len))
		return _("all its characters are the same");
	if (!memcmp(id + 8, "0000", 4))
		return _("no CNPJ has the order 0000");
	return last_two_match(id, len, 9) ? NULL : wrong_digits();
}

static const char *refuse_cpf(const unsigned char *id, size_t len)
{
	if (!all_digits(id, len))
		return _("it has the length of a CPF, which has digits only");
	if (all_equal(id, len))
		return _("all its characters are the same");
	return last_two_match(id, len, 11) ? NULL : wrong_digits();
}

static bool begins_with_one_of(const unsigned char *id, const char *pairs)
{
	for (; *pairs; pairs += 2)
		if (!memcmp(id, pairs, 2))
			return true;
	return false;
}

static const char *refuse_cuit(const unsigned char *id, size_t len)
{
	if (!all_digits(id, len))
		return digits_only();
	if (!begins_with_one_of(id, "20232427303334505155"))
		return _("no CUIT begins with these two digits");
	return last_matches(id, len, 7, '9') ? NULL : wrong_digit();
}

static const char *refuse_cl_rut(const unsigned char *id, size_t len)
{
	if (!all_digits(id, len - 1))
		return _("a RUT has digits only, but for a K at its end");
	return last_matches(id, len, 7, 'K') ? NULL : wrong_digit();
}

static const char *refuse_nit(const unsigned char *id, size_t len)
{
	static const unsigned char weights[] = { 3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59,
		67, 71 };
	unsigned sum = 0;

	if (!all_digits(id, len))
		return digits_only();
	for (size_t i = 0; i + 1 < len; i++)
		sum += (id[len - 2 - i] - (unsigned)'0') * weights[i];
	if (check_character(sum, '1') == id[len - 1])
		return NULL;
	return _("the check digit doesn't match, or was left out");
}

static bool date_exists(const unsigned char *yymmdd)
{
	static const unsigned char days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	unsigned year = number(yymmdd), month = number(yymmdd + 2), day = number(yymmdd + 4);

	if (month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	return month != 2 || day < 29 || year % 4 == 0;
}

static const char *refuse_rfc(const unsigned char *id, size_t len)
{
	size_t letters = len - 9;

	for (size_t i = 0; i < letters; i++)
		if (is_digit(id[i]))
			return _("an RFC begins with three letters, or four for a person");
	if (!all_digits(id + letters, 6))
		return _("the letters of an RFC are followed by a date of six digits");
	if (!date_exists(id + letters))
		return _("the date in it does not exist");
	for (size_t i = len - 3; i < len; i++)
		if (id[i] == '&' || id[i] == TAXID_ENYE)
			return _("an RFC ends in three letters or digits");
	return NULL;
}

/* The place of a character in Mexico's alphabet; a blank pads a company's id. */
static unsigned rfc_value(unsigned char c)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ \xd1";

	return (unsigned)(strchr(alphabet, c) - alphabet);
}

/* The two characters that tell namesakes apart are drawn from fewer than all. */
static bool homoclave_is_usual(const unsigned char *tail)
{
	return tail[0] >= '1' && tail[0] <= 'V' && tail[1] != '0';
}

static const char *remark_rfc(const unsigned char *id, size_t len)
{
	unsigned char values[12];
	size_t pad = 13 - len;

	if (!memcmp(id, "XAXX010101000", len) || !memcmp(id, "XEXX010101000", len))
		return _("a generic RFC, which names nobody");
	if (!homoclave_is_usual(id + len - 3))
		return _("RFCs don't end in these three characters");
	for (size_t i = 0; i < 12; i++)
		values[i] = (unsigned char)('0' + rfc_value(i < pad ? ' ' : id[i - pad]));
	if (check_character(weighted_sum(values, 12, 13), 'A') == id[len - 1])
		return NULL;
	return wrong_digit();
}

static const char *refuse_pe_ruc(const unsigned char *id, size_t len)
{
	if (!all_digits(id, len))
		return digits_only();
	if (!begins_with_one_of(id, "10151720"))
		return _("no RUC begins with these two digits");
	if ((11 - weighted_sum(id, len - 1, 7) % 11) % 10 != id[len - 1] - (unsigned)'0')
		return wrong_digit();
	return NULL;
}

static const char *refuse_uy_rut(const unsigned char *id, size_t len)
{
	if (!all_digits(id, len))
		return digits_only();
	if (number(id) < 1 || number(id) > 22 || !memcmp(id + 2, "000000", 6) ||
		memcmp(id + 8, "001", 3) != 0)
		return _("a RUT is a number from 01 to 22, six digits, 001 and a check digit");
	return last_matches(id, len, 9, 0) ? NULL : wrong_digit();
}

static const char *refuse_py_ruc(const unsigned char *id, size_t len)
{
	if (!all_digits(id, len))
		return digits_only();
	return last_matches(id, len, 9, '0') ? NULL : wrong_digit();
}

static const char *refuse_ein(const unsigned char *id, size_t len)
{
	return all_digits(id, len) ? NULL : digits_only();
}

/* Brazil first: nearly every row of nearly every list is looked up here. */
static const struct taxid_rule rules[] = {
	{ "BR", "cnpj", "CNPJ", "##.###.###/####-##", 14, 14, refuse_cnpj, NULL },
	{ "BR", "cpf", "CPF", "###.###.###-##", 11, 11, refuse_cpf, NULL },
	{ "AR", "cuit", "CUIT", "##-########-#", 11, 11, refuse_cuit, NULL },
	{ "CL", "rut", "RUT", "##.###.###-#", 8, 9, refuse_cl_rut, NULL },
	{ "CO", "nit", "NIT", "###.###.###.###.###-#", 8, 16, refuse_nit, NULL },
	{ "MX", "rfc", "RFC", "#### ###### ###", 12, 13, refuse_rfc, remark_rfc },
	{ "PE", "ruc", "RUC", "###########", 11, 11, refuse_pe_ruc, NULL },
	{ "UY", "rut", "RUT", "##-######-###-#", 12, 12, refuse_uy_rut, NULL },
	{ "PY", "ruc", "RUC", "########-#", 5, 9, refuse_py_ruc, NULL },
	{ "US", "other", "EIN", "##-#######", 9, 9, refuse_ein, NULL },
};

const struct taxid_rule *taxid_rule_for(const char *country, size_t len)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (len >= rules[i].min_len && len <= rules[i].max_len &&
			!strcmp(rules[i].country, country))
			return &rules[i];
	return NULL;
}

const struct taxid_rule *taxid_rule_of(const char *country)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (!strcmp(rules[i].country, country))
			return &rules[i];
	return NULL;
}

/* Characters, where the id has few enough bytes for every buffer; else 0. */
static size_t count_characters(const char *tax_id)
{
	size_t count = 0, bytes = strnlen(tax_id, 21);

	for (size_t i = 0; i < bytes; i++)
		count += ((unsigned char)tax_id[i] & 0xc0) != 0x80;
	return bytes <= 20 ? count : 0;
}

static const struct taxid_rule *rule_of_stored(const char *country, const char *tax_id)
{
	const struct taxid_rule *rule = taxid_rule_for(country, count_characters(tax_id));

	/* Where the kind is "other", an id of the same length may have been taken as given. */
	if (rule && !strcmp(rule->kind, "other") &&
		rule->refuse((const unsigned char *)tax_id, strlen(tax_id)))
		return NULL;
	return rule;
}

/* Skips the slots that a short id leaves empty, and the sign behind the last. */
static const char *skip_slots(const char *mask, size_t count)
{
	for (; count > 0; mask++)
		count -= *mask == '#';
	return *mask == '#' ? mask : mask + 1;
}

const char *taxid_format(const char *country, const char *tax_id, char buf[static 40])
{
	const struct taxid_rule *rule = rule_of_stored(country, tax_id);
	const char *mask;
	char *out = buf;

	if (!rule)
		return tax_id;
	mask = skip_slots(rule->mask, rule->max_len - count_characters(tax_id));
	while (*tax_id && *mask) {
		if (*mask++ != '#') {
			*out++ = mask[-1];
			continue;
		}
		*out++ = *tax_id++;
		while (((unsigned char)*tax_id & 0xc0) == 0x80)
			*out++ = *tax_id++;
	}
	*out = '\0';
	return buf;
}

const char *taxid_kind(const char *country, const char *tax_id)
{
	const struct taxid_rule *rule = rule_of_stored(country, tax_id);

	return rule ? rule->kind : "other";
}

const char *taxid_role(const char *country, const char *tax_id)
{
	if (strcmp(taxid_kind(country, tax_id), "cnpj") != 0 || strlen(tax_id) != 14)
		return "unknown";
	return memcmp(tax_id + 8, "0001", 4) ? "branch" : "head_office";
}
