#include <portal/taxid.h>

#include <string.h>

#include <portal/arena.h>

#include "base/i18n.h"
#include "taxid_countries.h"

/* Room for a CNPJ. */
enum {
	LONGEST = 14,
};

/* The printed form of @id where it is right for Brazil, or NULL. */
static const char *printed_if_right(struct arena *arena, const char *id)
{
	const struct taxid_rule *rule = taxid_rule_for("BR", strlen(id));
	char buf[TAXID_FORMAT_SIZE];

	if (!rule || rule->refuse((const unsigned char *)id, strlen(id)))
		return NULL;
	return arena_strdup(arena, taxid_format("BR", id, buf));
}

/* With zeros before @id, up to @wanted characters. */
static const char *padded(struct arena *arena, const unsigned char *id, size_t len, size_t wanted)
{
	char text[LONGEST + 1] = "00000000000000";

	if (len >= wanted)
		return NULL;
	memcpy(text + (wanted - len), id, len);
	text[wanted] = '\0';
	return printed_if_right(arena, text);
}

/* With the digits that the letters O, I and L look like. */
static const char *with_digits(struct arena *arena, const unsigned char *id, size_t len)
{
	char text[LONGEST + 1] = { 0 };

	if (len > LONGEST)
		return NULL;
	for (size_t i = 0; i < len; i++)
		text[i] = id[i] == 'O' ? '0' : id[i] == 'I' || id[i] == 'L' ? '1' : (char)id[i];
	return printed_if_right(arena, text);
}

/* A spreadsheet takes only digits for a number. */
static bool is_number(const unsigned char *id, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (id[i] < '0' || id[i] > '9')
			return false;
	return true;
}

static const char *dropped_zeros(struct arena *arena, const unsigned char *id, size_t len)
{
	const char *cpf = padded(arena, id, len, 11), *cnpj = padded(arena, id, len, 14);

	if (cpf && cnpj)
		return arena_printf(arena,
			_("a spreadsheet may have dropped leading zeros: is it the CPF %s or the "
			  "CNPJ %s?"),
			cpf, cnpj);
	if (!cpf && !cnpj)
		return NULL;
	return arena_printf(arena,
		cpf ? _("a spreadsheet may have dropped leading zeros: is it the CPF %s?")
		    : _("a spreadsheet may have dropped leading zeros: is it the CNPJ %s?"),
		cpf ? cpf : cnpj);
}

const char *taxid_suggestion(struct arena *arena, const unsigned char *id, size_t len)
{
	const char *spelt;

	if (is_number(id, len))
		return dropped_zeros(arena, id, len);
	spelt = with_digits(arena, id, len);
	if (!spelt)
		return NULL;
	return arena_printf(arena,
		_("the check digits don't match: with 0 and 1 for the letters O, I and L it is %s"),
		spelt);
}
