/* The fields of an answer that say when to come again. */
#include "net/http.h"

#include <string.h>

#include "base/time.h"

enum { DIGITS_MAX = 9, DATE_CHARS = 29 };

static bool take_number(const char *text, size_t digits, int *ret)
{
	*ret = 0;
	for (size_t i = 0; i < digits; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*ret = *ret * 10 + text[i] - '0';
	}
	return true;
}

static int month_of(const char *text)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (int i = 0; i < 12; i++)
		if (!strncmp(text, months + (size_t)i * 3, 3))
			return i + 1;
	return 0;
}

/* "Wed, 21 Oct 2037 07:28:00 GMT" (IMF-fixdate). */
static bool take_date(const char *text, int64_t *ret_seconds)
{
	struct civil civil;

	if (strlen(text) != DATE_CHARS || text[3] != ',' || strcmp(text + 25, " GMT") != 0)
		return false;
	civil.month = month_of(text + 8);
	if (!take_number(text + 5, 2, &civil.day) || !take_number(text + 12, 4, &civil.year) ||
		!take_number(text + 17, 2, &civil.hour) ||
		!take_number(text + 20, 2, &civil.minute) ||
		!take_number(text + 23, 2, &civil.second) || !civil_is_valid(&civil))
		return false;
	*ret_seconds = civil_to_seconds(&civil);
	return true;
}

int64_t http_retry_after(const char *value, int64_t now_seconds)
{
	const size_t digits = strspn(value, "0123456789");
	int number = 0;
	int64_t seconds = 0, at;

	if (digits > 0 && digits <= DIGITS_MAX && !value[digits] &&
		take_number(value, digits, &number))
		seconds = number;
	else if (take_date(value, &at))
		seconds = at - now_seconds;
	if (seconds < 0)
		return 0;
	return seconds < SECONDS_PER_DAY ? seconds : SECONDS_PER_DAY;
}
