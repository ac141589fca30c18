/* Numbers of tickets (S1): YYMMDD-NNN. */
#include <stdlib.h>
#include <string.h>

#include "base/zone.h"
#include "ticket-private.h"

enum { DAY_DIGITS = 6, COUNT_DIGITS_MIN = 3, COUNT_DIGITS_MAX = 9 };

#define DIGITS "0123456789"

bool ticket_number_parse(struct work *w, const char *text, struct ticket_number *ret)
{
	const char *count = text + DAY_DIGITS + 1;
	size_t digits;

	if (strspn(text, DIGITS) != DAY_DIGITS || text[DAY_DIGITS] != '-')
		return false;
	digits = strspn(count, DIGITS);
	if (count[digits] || digits < COUNT_DIGITS_MIN || digits > COUNT_DIGITS_MAX ||
		(digits > COUNT_DIGITS_MIN && *count == '0'))
		return false;
	ret->day = arena_strndup(w->arena, text, DAY_DIGITS);
	ret->n = strtoll(count, NULL, 10);
	return true;
}

int ticket_number_take(struct work *w, struct ticket_number *ret)
{
	const struct zone *zone = work_zone(w);
	struct civil civil;

	if (!zone)
		return -(int)w->err->code;
	zone_to_civil(zone, w->now, &civil);
	ret->day = arena_printf(w->arena, "%02d%02d%02d", civil.year % 100, civil.month, civil.day);
	return store_get_int(w->tx, Q_TICKET_DAY_NEXT, ARGS(A(ret->day)), &ret->n);
}
