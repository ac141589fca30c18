/* Points in time and calendar dates, in UTC or in no zone at all; zone.h knows
 * the zones. The calendar is the Gregorian one, also before it was made. All
 * arithmetic is on integers and touches no state of the C library. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include <portal/record.h>

/* The earliest and the latest time that is read from outside:
 * 1970-01-02T00:00:00Z (0 is "none") and 9999-12-31T23:59:59.999Z. */
#define TIME_MIN_MS INT64_C(86400000)
#define TIME_MAX_MS INT64_C(253402300799999)

enum { SECONDS_PER_DAY = 86400 };

/* What a calendar and a clock on a wall show. Month and day count from 1. */
struct civil {
	int year, month, day, hour, minute, second;
};

/* Rounds down, also below zero; @b is above zero. */
static inline int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* 28 to 31; @month is 1 to 12. */
int civil_month_days(int year, int month);

/* Is there such a day, hour, minute and second? Second 60 is none. */
bool civil_is_valid(const struct civil *civil);

/* Days, or seconds, from 1970-01-01 00:00:00 to @civil, which must be valid;
 * the first looks at year, month and day alone. */
int64_t civil_to_days(const struct civil *civil);
int64_t civil_to_seconds(const struct civil *civil);

/* The reverse. The first sets the clock to 00:00:00. Right for all times that
 * fit in a portal_time. */
void civil_from_days(int64_t days, struct civil *ret);
void civil_from_seconds(int64_t seconds, struct civil *ret);

/* Reads "2026-03-01T12:00:00Z" (RFC 3339): T and Z in either case, an offset
 * instead of Z, a fraction that is cut to milliseconds. Refuses leap seconds,
 * blanks around it, and what is not between TIME_MIN_MS and TIME_MAX_MS.
 * Returns 0, or -1 and leaves *ret alone. */
int time_parse_rfc3339(const char *text, portal_time *ret);

/* Reads "2026-03-01", a day that exists in the years 0001 to 9999, and sets the
 * clock to 00:00:00. Returns 0, or -1 and leaves *ret alone. */
int date_parse(const char *text, struct civil *ret);

/* Writes "2026-03-01T12:00:00Z" to @buf and returns @buf. Milliseconds are cut
 * off; times outside the years 0000 to 9999 are shown as the nearest inside. */
char *time_format_utc(portal_time time, char buf[static 24]);

#endif
