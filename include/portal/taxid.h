/* Tax ids: what a company is known by (N1). Pure functions: no database, no
 * clock, no locale but that of the sentences.
 *
 * Which numbers are checked:
 *	BR  CNPJ (numeric and alphanumeric, IN RFB 2.229/2024) and CPF
 *	AR  CUIT     CL  RUT      CO  NIT      MX  RFC
 *	PE  RUC      UY  RUT      PY  RUC
 *	US  EIN: its shape alone; there is no check digit
 * Every other country's id is taken as given (N1): trimmed, letters in upper
 * case, 3 to 20 of [0-9A-Z./& -] and a digit among them.
 *
 * How input is read: blanks (space, tab, U+00A0, U+2007, U+2009, U+202F), dots,
 * hyphens (also U+2010 to U+2015 and U+2212) and slashes are dropped anywhere,
 * ASCII letters become upper case, and any other character is a refusal. A
 * country counts only where a blank or a colon follows it ("BR 656...",
 * "AR:30-..."), because an alphanumeric CNPJ may begin with any two letters:
 * "MXLFQ151231697" is a CNPJ, though an RFC hides in it. Glued "BR" is read when
 * 14 characters follow. Nothing is ever repaired in silence: an id that a
 * spreadsheet has damaged is refused, with the repaired one in the reason. */
#ifndef PORTAL_TAXID_H
#define PORTAL_TAXID_H

#include <stdbool.h>

#include <portal/record.h>

struct arena;
struct portal_error;

/* Bytes: longest input that is looked at; room that taxid_format() asks for. */
enum {
	TAXID_INPUT_MAX = 64,
	TAXID_FORMAT_SIZE = 40,
};

/* Record "taxid": the verdict on one input. The strings live in the arena given
 * to the function that filled it, or for ever.
 *	input             the text as given
 *	country           ISO 3166-1 alpha-2 in upper case; NULL when what was given
 *	                  for one is not two letters
 *	kind              a word of taxid_kinds; NULL where nothing tells
 *	valid             false: refused, and @reason says why
 *	tax_id            normal form, the one to store and compare; NULL when invalid
 *	tax_id_formatted  as people print it; NULL when invalid
 *	reason            translated; NULL when valid, unless there is a remark: an RFC
 *	                  with a wrong check digit is valid (about one real one in
 *	                  seventy has it), and so are the generic RFCs */
struct taxid {
	const char *input;
	const char *country;
	const char *kind;
	bool valid;
	const char *tax_id;
	const char *tax_id_formatted;
	const char *reason;
};

extern const struct portal_record taxid_record;

/* cnpj cpf cuit rut nit rfc ruc other */
extern const struct portal_word taxid_kinds[];

/* Judges @input. @country is the country of an input that names none; NULL means
 * BR. Never fails: a refusal is a result. */
void taxid_check(
	struct arena *arena, const char *input, const char *country, struct taxid *ret_taxid);

/* The same for those who need a valid one: 0, or -PORTAL_INVALID_TAX_ID with the
 * reason in the sentence. @ret_taxid is filled either way. */
int taxid_parse(struct arena *arena, const char *input, const char *country,
	struct taxid *ret_taxid, struct portal_error *err);

/* The three below take a stored pair, country and normal form. They check
 * nothing, allocate nothing and never fail: lists call them once a row. */

/* The printed form: "12.ABC.345/01DE-35", "30-12345678-9". Returns @buf, or
 * @tax_id itself where the country has no mask or the length does not fit it. */
const char *taxid_format(const char *country, const char *tax_id, char buf[static 40]);

/* The kind, a word of taxid_kinds: "cnpj"; "other" for ids that aren't checked. */
const char *taxid_kind(const char *country, const char *tax_id);

/* The role that the order of a CNPJ lets us presume: "head_office" for 0001,
 * "branch" for another, "unknown" for all that is no CNPJ. A presumption only: a
 * branch that becomes the head office keeps its order (Receita Federal, questions
 * and answers on the alphanumeric CNPJ, 25). */
const char *taxid_role(const char *country, const char *tax_id);

#endif
