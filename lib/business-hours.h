/* Business hours (S14): when the office is at work, and how much of that lies between
 * two times. Working time is counted in milliseconds, in the hours of the portal's zone,
 * without national holidays and the office's own days off. Private to lib.
 *
 * A day's hours end before their last moment: work that is due when they end is due
 * then, not when the next ones begin. */
#ifndef LIB_BUSINESS_HOURS_H
#define LIB_BUSINESS_HOURS_H

#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>
#include <portal/record.h>

#include "base/calendar.h"

struct arena;
struct work;
struct zone;

enum { BUSINESS_SPANS_MAX = 8, BUSINESS_MINUTE_MS = 60000 };

/* Seconds of a local day, 0 to 86400; @to is behind the last. */
struct business_span {
	int from, to;
};

/* @count spans in ascending order. */
struct business_day {
	struct business_span spans[BUSINESS_SPANS_MAX];
	size_t count;
};

/* @days: 0 is Sunday. @calendar: its holidays have no hours, whatever day of the week. */
struct business_hours {
	struct business_day days[7];
	struct calendar calendar;
	const struct zone *zone;
};

/* Reads "mon-fri 09:00-18:00", "09:00-12:00,13:00-18:00" (Monday to Friday), or several
 * such parts with ';' between: "mon-fri 9-18; sat 9-12". Fills @ret->days. PORTAL_INVALID
 * for all else, a day given twice, and spans that are empty, overlap or go back. */
int business_hours_parse(const char *text, struct business_hours *ret, struct portal_error *err);

/* Reads "2026-07-09,2026-11-30" (or blanks between; "": none) into the extra days of
 * @ret, in @arena. PORTAL_INVALID_TIME for what is no date. */
int business_holidays_parse(
	struct arena *arena, const char *text, struct calendar *ret, struct portal_error *err);

/* The portal's own, from its settings. They live in the work's arena. */
int business_hours_read(struct work *w, struct business_hours *ret);

/* When @ms of working time have passed after @start; @start itself for none. */
portal_time business_hours_add(const struct business_hours *hours, portal_time start, int64_t ms);

/* How much working time lies between two times; 0 where @to is not behind @from. */
int64_t business_hours_between(
	const struct business_hours *hours, portal_time from, portal_time to);

#endif
