#include "base/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"

enum { DAYS_PER_WEEK = 7, THURSDAY = 4, SATURDAY = 6 };

/* Month and day of those that stand on the same date every year, and since when. */
static const struct fixed {
	int month, day, since_year;
} fixed_holidays[] = { { 1, 1, 0 }, { 4, 21, 0 }, { 5, 1, 0 }, { 9, 7, 0 }, { 10, 12, 0 },
	{ 11, 2, 0 }, { 11, 15, 0 }, { 11, 20, 2024 }, { 12, 25, 0 } };

/* Those that move with Easter: how many days after it, and for whom. */
static const struct movable {
	int after_easter;
	bool banking_only;
} movable_holidays[] = { { -48, true }, { -47, true }, { -2, false }, { 60, true } };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

_Static_assert(COUNT(fixed_holidays) + COUNT(movable_holidays) <= CALENDAR_HOLIDAYS_MAX,
	"the caller's array has room for all");

/* The anonymous Gregorian computus (Meeus, Astronomical Algorithms, ch. 8). */
int64_t calendar_easter(int year)
{
	const int a = year % 19, b = year / 100, c = year % 100;
	const int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
	const int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
	const int f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
	const struct civil civil = { .year = year, .month = f / 31, .day = f % 31 + 1 };

	return civil_to_days(&civil);
}

static bool is_fixed(const struct civil *civil)
{
	for (size_t i = 0; i < COUNT(fixed_holidays); i++)
		if (fixed_holidays[i].month == civil->month && fixed_holidays[i].day == civil->day)
			return civil->year >= fixed_holidays[i].since_year;
	return false;
}

static bool is_movable(enum calendar_kind kind, int64_t after_easter)
{
	for (size_t i = 0; i < COUNT(movable_holidays); i++)
		if (movable_holidays[i].after_easter == after_easter)
			return kind == CALENDAR_BANKING || !movable_holidays[i].banking_only;
	return false;
}

static int compare_days(const void *a, const void *b)
{
	const int64_t *first = a, *second = b;

	return (*first > *second) - (*first < *second);
}

size_t calendar_holidays(
	enum calendar_kind kind, int year, int64_t ret_days[static CALENDAR_HOLIDAYS_MAX])
{
	const int64_t easter = calendar_easter(year);
	size_t count = 0;

	for (size_t i = 0; i < COUNT(fixed_holidays); i++) {
		const struct fixed *f = &fixed_holidays[i];

		if (year >= f->since_year)
			ret_days[count++] = civil_to_days(
				&(struct civil){ .year = year, .month = f->month, .day = f->day });
	}
	for (size_t i = 0; i < COUNT(movable_holidays); i++)
		if (is_movable(kind, movable_holidays[i].after_easter))
			ret_days[count++] = easter + movable_holidays[i].after_easter;
	qsort(ret_days, count, sizeof(ret_days[0]), compare_days);
	return count;
}

int calendar_weekday(int64_t day)
{
	const int64_t since_sunday = day + THURSDAY; /* 1970-01-01 was a Thursday */

	return (int)(since_sunday - floor_div(since_sunday, DAYS_PER_WEEK) * DAYS_PER_WEEK);
}

bool calendar_is_holiday(const struct calendar *calendar, int64_t day)
{
	struct civil civil;

	civil_from_days(day, &civil);
	if (is_fixed(&civil) || is_movable(calendar->kind, day - calendar_easter(civil.year)))
		return true;
	return calendar->extra_count > 0 &&
	       bsearch(&day, calendar->extra_days, calendar->extra_count, sizeof(day),
		       compare_days) != NULL;
}

bool calendar_is_working_day(const struct calendar *calendar, int64_t day)
{
	const int weekday = calendar_weekday(day);

	if (weekday == 0 || (weekday == SATURDAY && calendar->kind != CALENDAR_LABOUR))
		return false;
	return !calendar_is_holiday(calendar, day);
}

int64_t calendar_roll(const struct calendar *calendar, int64_t day, enum calendar_roll roll)
{
	while (roll != CALENDAR_ROLL_NONE && !calendar_is_working_day(calendar, day))
		day += roll == CALENDAR_ROLL_NEXT ? 1 : -1;
	return day;
}

int64_t calendar_add_working_days(const struct calendar *calendar, int64_t day, int64_t count)
{
	const int step = count < 0 ? -1 : 1;

	while (count != 0) {
		day += step;
		if (calendar_is_working_day(calendar, day))
			count -= step;
	}
	return day;
}

int calendar_nth_working_day(
	const struct calendar *calendar, int year, int month, int n, int64_t *ret_day)
{
	const struct civil begin = { .year = year, .month = month, .day = 1 };
	const int64_t first = civil_to_days(&begin);
	const int64_t last = first + civil_month_days(year, month) - 1;
	const int64_t day = n == CALENDAR_LAST
				    ? calendar_roll(calendar, last, CALENDAR_ROLL_PREVIOUS)
				    : calendar_add_working_days(calendar, first - 1, n);

	if (n == 0 || n < CALENDAR_LAST || day < first || day > last)
		return -1;
	*ret_day = day;
	return 0;
}
