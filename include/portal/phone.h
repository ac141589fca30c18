/* Phone numbers: of contacts (N1) and of WhatsApp senders (W9). Pure functions: no
 * database, no clock, no locale but that of the sentences.
 *
 * Brazilian numbers are an area code (DDD) and eight digits (landline, first digit
 * 2 to 5) or nine (mobile, first digit 9). Sources: Anatel's area codes, Resolution
 * 749/2022; ITU-T E.164 for the rest of the world.
 *
 * How input is read:
 *	- blanks, dots, hyphens, slashes and brackets are dropped; a label before the
 *	  number ("WhatsApp:", "tel.") and an extension after it ("ramal 205") too
 *	- "+" or "00" begins an international number; 55 is Brazil, any other country is
 *	  taken with 8 to 15 digits
 *	- without them, a leading 55 is Brazil only where 10 or 11 digits follow, since
 *	  55 is an area code as well
 *	- 0 + area code, 0 + carrier + area code and (0xx21) are trunk forms
 *	- eight digits that begin with 6 to 9 are a mobile from before the ninth digit,
 *	  which is added
 *	- 0800, 0300, 0303, 0500, 0900 and 300X, 400X are service numbers, which can't
 *	  be dialled from abroad: no E.164, no WhatsApp
 * What was dropped or added is said in @reason. */
#ifndef PORTAL_PHONE_H
#define PORTAL_PHONE_H

#include <stdbool.h>

#include <portal/record.h>

struct arena;
struct portal_error;

/* Bytes: longest input that is looked at. */
enum {
	PHONE_INPUT_MAX = 64,
};

/* Record "phone": the verdict on one input. The strings live in the arena given to
 * the function that filled it, or for ever.
 *	input      the text as given
 *	valid      false: refused, and @reason says why
 *	kind       a word of phone_kinds; NULL when invalid
 *	e164       "+5521987654321", the form to store; NULL when invalid and for
 *	           service numbers
 *	formatted  "+55 21 98765-4321", "0800 123 4567", "4004-1234"; other countries'
 *	           numbers as in @e164; NULL when invalid
 *	wa_ids     what WhatsApp may call this number, the likelier first: accounts from
 *	           before the ninth digit keep the id without it, and no rule says which
 *	           (W9). So match inbound against each. Empty for Brazilian landlines and
 *	           for service numbers
 *	reason     translated: the refusal, or remarks on a valid number, or NULL */
struct phone {
	const char *input;
	bool valid;
	const char *kind;
	const char *e164;
	const char *formatted;
	portal_list wa_ids;
	const char *reason;
};

extern const struct portal_record phone_record;

/* mobile landline service foreign */
extern const struct portal_word phone_kinds[];

/* Judges @input. @area_code is the two digits of a Brazilian number that has none;
 * with NULL such a number is refused. Never fails: a refusal is a result. */
void phone_check(
	struct arena *arena, const char *input, const char *area_code, struct phone *ret_phone);

/* The same for those who need a number to store: 0, or -PORTAL_INVALID_PHONE with the
 * reason in the sentence. Service numbers are refused here, having no E.164.
 * @ret_phone is filled either way. */
int phone_parse(struct arena *arena, const char *input, const char *area_code,
	struct phone *ret_phone, struct portal_error *err);

#endif
