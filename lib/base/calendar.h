/* Working days in Brazil, on days since 1970-01-01 (civil_to_days() of base/time.h):
 * which days nobody works on, and where a due date moves to that falls on one. Nothing
 * here reads a clock, a zone or a file. */
#ifndef BASE_CALENDAR_H
#define BASE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whose days off. Saturdays and Sundays are off everywhere, but for the last.
 *
 * CALENDAR_NATIONAL: the nine fixed holidays (Laws 662/1949, 6.802/1980, 10.607/2002),
 *   20 November since 2024 (Law 14.759/2023) and Good Friday.
 * CALENDAR_BANKING: moreover Carnaval's Monday and Tuesday and Corpus Christi, when the
 *   banks are shut: what taxes fall due by. Ash Wednesday is a day, if a short one.
 * CALENDAR_LABOUR: national, but Saturdays count: what salaries fall due by (CLT, art.
 *   459, par. 1). */
enum calendar_kind { CALENDAR_NATIONAL, CALENDAR_BANKING, CALENDAR_LABOUR };

/* A calendar and the days off that its owner adds, of a state or a town: @extra_count
 * days in ascending order, which must outlive it; NULL and 0 for none. */
struct calendar {
	enum calendar_kind kind;
	const int64_t *extra_days;
	size_t extra_count;
};

/* Where a date goes that is no working day: nowhere, to the first one after it, or to
 * the last one before it. */
enum calendar_roll { CALENDAR_ROLL_NONE, CALENDAR_ROLL_NEXT, CALENDAR_ROLL_PREVIOUS };

enum { CALENDAR_LAST = -1, CALENDAR_HOLIDAYS_MAX = 14 };

/* Easter Sunday by the Gregorian rule; @year from 1583 on. */
int64_t calendar_easter(int year);

/* The holidays of a year in ascending order, without weekends and without extra days.
 * Returns how many there are; two may be one day (21 April 2000: Good Friday too). */
size_t calendar_holidays(
	enum calendar_kind kind, int year, int64_t ret_days[static CALENDAR_HOLIDAYS_MAX]);

/* 0 is Sunday, 6 Saturday. */
int calendar_weekday(int64_t day);

/* Is it a holiday or one of the extra days, whatever day of the week? */
bool calendar_is_holiday(const struct calendar *calendar, int64_t day);

bool calendar_is_working_day(const struct calendar *calendar, int64_t day);

/* Where @day goes; a working day stays. */
int64_t calendar_roll(const struct calendar *calendar, int64_t day, enum calendar_roll roll);

/* The working day that is @count working days after @day (before it where @count is
 * below zero); 0 gives @day itself, working day or not. Steps day by day. */
int64_t calendar_add_working_days(const struct calendar *calendar, int64_t day, int64_t count);

/* The @n-th working day of a month from 1 on, or its last with CALENDAR_LAST: 0 and the
 * day; -1, and *ret_day left alone, where the month has no such day. */
int calendar_nth_working_day(
	const struct calendar *calendar, int year, int month, int n, int64_t *ret_day);

#endif
