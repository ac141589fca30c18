#include <portal/phone.h>

#include <string.h>
#include <strings.h>

#include <portal/arena.h>
#include <portal/error.h>

#include "base/i18n.h"
#include "punctuation.h"

const struct portal_word phone_kinds[] = {
	{ "mobile", N_("mobile") },
	{ "landline", N_("landline") },
	{ "service", N_("service") },
	{ "foreign", N_("foreign") },
	{ NULL, NULL },
};

static const struct portal_field fields[] = {
	PORTAL_FIELD(struct phone, input, N_("INPUT")),
	PORTAL_FIELD(struct phone, valid, N_("VALID")),
	PORTAL_FIELD(struct phone, kind, N_("KIND"), .words = phone_kinds),
	PORTAL_FIELD(struct phone, e164, N_("E.164")),
	PORTAL_FIELD(struct phone, formatted, N_("PRINTED")),
	PORTAL_FIELD(struct phone, wa_ids, N_("WHATSAPP IDS")),
	PORTAL_FIELD(struct phone, reason, N_("REASON")),
	PORTAL_FIELDS_END,
};

const struct portal_record phone_record = { "phone", sizeof(struct phone), fields };

/* What was dropped from the input or added to it. */
enum remark {
	CARRIER_DROPPED = 1 << 0,
	AREA_IS_DEFAULT = 1 << 1,
	NINTH_ADDED = 1 << 2,
	EXTENSION_DROPPED = 1 << 3,
};

/* A number on its way: the digits not yet accounted for, and what befell the rest. */
struct dialled {
	char text[PHONE_INPUT_MAX + 1];
	char *digits;
	size_t len;
	bool international;
	bool zero_area; /* it began with (00), where an area code stands */
	unsigned remarks;
};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The 67 area codes: by their first digit, the second ones in use. */
static bool area_known(const char *code)
{
	static const char *const second_digits[] = { "", "123456789", "12478", "1234578",
		"123456789", "1345", "123456789", "134579", "123456789", "123456789" };

	return is_digit(code[0]) && is_digit(code[1]) &&
	       strchr(second_digits[code[0] - '0'], code[1]);
}

static size_t word_len(const char *text)
{
	size_t len = 0;

	while (is_letter(text[len]))
		len++;
	return len;
}

/* Is the word of @len letters one of @words, which ends with NULL? */
static bool word_among(const char *text, size_t len, const char *const *words)
{
	for (; len && *words; words++)
		if (strlen(*words) == len && !strncasecmp(text, *words, len))
			return true;
	return false;
}

/* Blanks, dots, dashes and what else may follow a word. */
static const char *skip_signs(const char *text)
{
	for (size_t len; *text; text += len) {
		len = *text == ':' ? 1 : punctuation_any(text);
		if (!len)
			break;
	}
	return text;
}

static const char *skip_labels(const char *text)
{
	static const char *const labels[] = { "whatsapp", "whats", "wpp", "zap", "telefone", "tel",
		"fone", "celular", "cel", "fixo", "phone", "mobile", NULL };

	text = skip_signs(text);
	while (word_among(text, word_len(text), labels))
		text = skip_signs(text + word_len(text));
	return text;
}

/* Is @text an extension to the end: "ramal 205", "r. 12"? */
static bool is_extension(const char *text)
{
	static const char *const words[] = { "ramal", "r", "ext", "extension", NULL };
	const char *number = skip_signs(text + word_len(text));
	size_t digits = strspn(number, "0123456789");

	return word_among(text, word_len(text), words) && digits && !*skip_signs(number + digits);
}

/* The "xx" of (0xx21), where a carrier's code is to be put. */
static bool is_carrier_place(const struct dialled *number, const char *text)
{
	return number->len == 1 && number->text[0] == '0' && !strncasecmp(text, "xx", 2) &&
	       is_digit(text[2]);
}

/* Bytes of what may stand between the digits and before them, or 0. */
static size_t filler_len(const struct dialled *number, const char *text)
{
	if (*text == '(' || *text == ')')
		return 1;
	return is_carrier_place(number, text) ? 2 : punctuation_any(text);
}

/* Reads the digits of @text; what stops it, or its end. */
static const char *read_digits(const char *text, struct dialled *number)
{
	for (size_t step; *text; text += step) {
		step = filler_len(number, text);
		if (*text == ')' && number->len == 2 && !strncmp(number->text, "00", 2))
			number->zero_area = true;
		if (step)
			continue;
		step = 1;
		if (is_digit(*text))
			number->text[number->len++] = *text;
		else if (*text == '+' && !number->len && !number->international)
			number->international = true;
		else
			break;
	}
	return text;
}

static void drop(struct dialled *number, size_t count)
{
	number->digits += count;
	number->len -= count;
}

/* Fills @ret_number, or gives the reason against @input. */
static const char *read_number(const char *input, struct dialled *ret_number)
{
	const char *rest;

	ret_number->digits = ret_number->text;
	if (!input[strcspn(input, "0123456789")])
		return _("it holds no digit");
	rest = read_digits(skip_labels(input), ret_number);
	if (ret_number->len >= 8 && is_extension(rest))
		ret_number->remarks |= EXTENSION_DROPPED;
	else if (*rest)
		return _("it holds letters or signs that no phone number has");
	if (!ret_number->international && !ret_number->zero_area && ret_number->len > 10 &&
		!strncmp(ret_number->text, "00", 2)) {
		ret_number->international = true;
		drop(ret_number, 2);
	}
	return NULL;
}

static const char *remarks_text(struct arena *arena, unsigned remarks)
{
	const struct {
		unsigned flag;
		const char *text;
	} texts[] = {
		{ CARRIER_DROPPED, _("the carrier's code was dropped") },
		{ AREA_IS_DEFAULT, _("the area code is the default one") },
		{ NINTH_ADDED, _("the ninth digit was added") },
		{ EXTENSION_DROPPED, _("the extension was dropped") },
	};
	const char *all = NULL;

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (remarks & texts[i].flag)
			all = all ? arena_printf(arena, "%s; %s", all, texts[i].text)
				  : texts[i].text;
	return all;
}

static const char *wrong_length(struct arena *arena, size_t len)
{
	return arena_printf(arena,
		_("a phone number has 10 or 11 digits with its area code, this has %zu"), len);
}

static const char *accept_foreign(
	struct arena *arena, struct phone *phone, const struct dialled *number)
{
	if (number->len < 8 || number->len > 15)
		return arena_printf(arena,
			_("an international number has 8 to 15 digits, this has %zu"), number->len);
	if (number->digits[0] == '0')
		return _("no country code begins with 0");
	phone->kind = "foreign";
	phone->e164 = arena_printf(arena, "+%s", number->digits);
	phone->formatted = phone->e164;
	phone->wa_ids.lines = phone->e164 + 1;
	return NULL;
}

static bool is_free_of_area(const struct dialled *number)
{
	const char *d = number->digits;

	return number->len == 8 && (d[0] == '3' || d[0] == '4') && d[1] == '0' && d[2] == '0';
}

static bool is_service(const struct dialled *number)
{
	static const char prefixes[][5] = { "0800", "0300", "0303", "0500", "0900" };

	for (size_t i = 0; number->len == 11 && i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (!strncmp(number->digits, prefixes[i], 4))
			return true;
	return is_free_of_area(number);
}

static void accept_service(struct arena *arena, struct phone *phone, const struct dialled *number)
{
	const char *d = number->digits;

	phone->kind = "service";
	if (number->len == 8)
		phone->formatted = arena_printf(arena, "%.4s-%s", d, d + 4);
	else
		phone->formatted = arena_printf(arena, "%.4s %.3s %s", d, d + 4, d + 7);
}

/* Drops 55, 0 and 0 with a carrier's code, where an area code and a number stay.
 * 55 is an area code too, so the length decides. */
static void drop_trunk(struct dialled *number)
{
	if (number->zero_area)
		return;
	if (!number->international && (number->len == 12 || number->len == 13) &&
		!strncmp(number->digits, "55", 2))
		drop(number, 2);
	else if ((number->len == 11 || number->len == 12) && number->digits[0] == '0')
		drop(number, 1);
	else if ((number->len == 13 || number->len == 14) && number->digits[0] == '0') {
		drop(number, 3);
		number->remarks |= CARRIER_DROPPED;
	}
}

/* Splits off the area code, two digits, to @ret_area; or gives the reason against. */
static const char *split_area(
	struct arena *arena, struct dialled *number, const char *area_code, char ret_area[static 3])
{
	bool local = number->len == 8 || number->len == 9;

	if (!local && number->len != 10 && number->len != 11)
		return wrong_length(arena, number->len);
	if (local && !area_code)
		return _("the area code is missing");
	if (local && strlen(area_code) != 2)
		return _("an area code has two digits");
	memcpy(ret_area, local ? area_code : number->digits, 2);
	ret_area[2] = '\0';
	if (local)
		number->remarks |= AREA_IS_DEFAULT;
	else
		drop(number, 2);
	if (area_known(ret_area))
		return NULL;
	return arena_printf(arena, _("there is no area code %s"), ret_area);
}

static void accept_landline(
	struct arena *arena, struct phone *phone, const char *area, const char *digits)
{
	phone->kind = "landline";
	phone->e164 = arena_printf(arena, "+55%s%s", area, digits);
	phone->formatted = arena_printf(arena, "+55 %s %.4s-%s", area, digits, digits + 4);
}

/* @digits are the eight behind the ninth digit, which comes first. */
static void accept_mobile(
	struct arena *arena, struct phone *phone, const char *area, const char *digits)
{
	phone->kind = "mobile";
	phone->e164 = arena_printf(arena, "+55%s9%s", area, digits);
	phone->formatted = arena_printf(arena, "+55 %s 9%.4s-%s", area, digits, digits + 4);
	phone->wa_ids.lines = arena_printf(arena, "55%s9%s\n55%s%s", area, digits, area, digits);
}

/* Takes eight or nine digits of a Brazilian number, or gives the reason against. */
static const char *accept_subscriber(
	struct arena *arena, struct phone *phone, const char *area, struct dialled *number)
{
	const char *digits = number->digits;

	if (number->len == 9 && digits[0] != '9')
		return _("a number of nine digits begins with 9");
	if (digits[0] == '0' || digits[0] == '1')
		return _("no number begins with 0 or 1 behind the area code");
	if (number->len == 9) {
		accept_mobile(arena, phone, area, digits + 1);
	} else if (digits[0] >= '6') {
		number->remarks |= NINTH_ADDED;
		accept_mobile(arena, phone, area, digits);
	} else {
		accept_landline(arena, phone, area, digits);
	}
	return NULL;
}

static const char *accept_brazilian(
	struct arena *arena, struct phone *phone, const char *area_code, struct dialled *number)
{
	char area[3];
	const char *reason;

	if (is_service(number)) {
		accept_service(arena, phone, number);
		return NULL;
	}
	drop_trunk(number);
	reason = split_area(arena, number, area_code, area);
	return reason ? reason : accept_subscriber(arena, phone, area, number);
}

static const char *judge(struct arena *arena, struct phone *phone, const char *area_code)
{
	struct dialled number = { 0 };
	const char *reason = read_number(phone->input, &number);

	if (reason)
		return reason;
	if (number.international && strncmp(number.digits, "55", 2) != 0)
		reason = accept_foreign(arena, phone, &number);
	else {
		if (number.international)
			drop(&number, 2);
		reason = accept_brazilian(arena, phone, area_code, &number);
	}
	if (reason)
		return reason;
	phone->valid = true;
	return number.remarks ? remarks_text(arena, number.remarks) : NULL;
}

static bool too_long(const char *input)
{
	return strnlen(input, PHONE_INPUT_MAX + 1) > PHONE_INPUT_MAX;
}

void phone_check(
	struct arena *arena, const char *input, const char *area_code, struct phone *ret_phone)
{
	*ret_phone = (struct phone){ .input = arena_strdup(arena, input) };
	if (too_long(input))
		ret_phone->reason =
			arena_printf(arena, _("it is longer than %d bytes"), PHONE_INPUT_MAX);
	else
		ret_phone->reason = judge(arena, ret_phone, area_code);
}

int phone_parse(struct arena *arena, const char *input, const char *area_code,
	struct phone *ret_phone, struct portal_error *err)
{
	phone_check(arena, input, area_code, ret_phone);
	if (ret_phone->e164)
		return 0;
	if (too_long(input))
		return portal_fail(err, PORTAL_INVALID_PHONE,
			_("a phone number has at most %d bytes"), PHONE_INPUT_MAX);
	if (ret_phone->valid)
		return portal_fail(err, PORTAL_INVALID_PHONE,
			_("'%s' is a service number, which has no international form"), input);
	return portal_fail(err, PORTAL_INVALID_PHONE, _("'%s' is not a phone number: %s"), input,
		ret_phone->reason);
}
