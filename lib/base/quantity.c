#include "base/quantity.h"

#include <stdio.h>

enum { CENT_PLACES = 2 };

/* Holds the product of any two numbers of 64 bits. */
__extension__ typedef __int128 wide;

static int add_digit(int64_t *value, char digit)
{
	return __builtin_mul_overflow(*value, 10, value) ||
			       __builtin_add_overflow(*value, digit - '0', value)
		       ? -1
		       : 0;
}

static int is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits from *@text on into *@value; how many there were, or -1. */
static int read_digits(const char **text, int64_t *value)
{
	int count = 0;

	for (; is_digit(**text); (*text)++, count++)
		if (add_digit(value, **text) < 0)
			return -1;
	return count;
}

static int decimal_parse(const char *text, int places, int64_t *ret)
{
	int64_t value = 0;
	int behind = 0;

	if (read_digits(&text, &value) < 1)
		return -1;
	if (*text == '.' || *text == ',') {
		text++;
		behind = read_digits(&text, &value);
		if (behind < 1 || behind > places)
			return -1;
	}
	for (; behind < places; behind++)
		if (add_digit(&value, '0') < 0)
			return -1;
	if (*text)
		return -1;
	*ret = value;
	return 0;
}

int quantity_parse(const char *text, int64_t *ret_micro)
{
	return decimal_parse(text, QUANTITY_PLACES, ret_micro);
}

int cents_parse(const char *text, int64_t *ret_cents)
{
	int64_t cents = 0;

	if (decimal_parse(text, CENT_PLACES, &cents) < 0 || cents > CENTS_MAX)
		return -1;
	*ret_cents = cents;
	return 0;
}

char *quantity_format(int64_t micro, char buf[static QUANTITY_SIZE])
{
	int len = snprintf(buf, QUANTITY_SIZE, "%lld.%06lld", (long long)(micro / QUANTITY_SCALE),
		(long long)(micro % QUANTITY_SCALE));

	while (buf[len - 1] == '0')
		buf[--len] = '\0';
	if (buf[len - 1] == '.')
		buf[--len] = '\0';
	return buf;
}

int quantity_price(int64_t micro, int64_t unit_cents, int64_t *ret_cents)
{
	const wide exact = (wide)micro * unit_cents;
	const wide cents = (exact + QUANTITY_SCALE / 2) / QUANTITY_SCALE;

	if (cents > CENTS_MAX)
		return -1;
	*ret_cents = (int64_t)cents;
	return 0;
}
