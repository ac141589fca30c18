/* Dates as tasks have them: "2026-11-20", and months: "2026-11". Private to lib. */
#ifndef LIB_TASK_DATE_H
#define LIB_TASK_DATE_H

#include "base/calendar.h"
#include "work.h"

/* The day it is in the portal's zone. */
int task_today(struct work *w, int64_t *ret_day);

/* A day as a text in @arena; no earlier than the year 0, no later than 9999. */
const char *task_date_text(struct arena *arena, int64_t day);

/* Reads a date of the years 1900 to 9990. PORTAL_INVALID_TIME about @field. */
int task_date_read(struct work *w, const char *text, const char *field, int64_t *ret_day);

/* How a date moves: words of task_rolls and task_calendars. */
struct task_moving {
	const char *roll, *calendar;
};

/* Fills what was not given: none, national. PORTAL_USAGE for an unknown word. */
int task_moving_check(struct work *w, struct task_moving *moving);

/* The calendar of a word that is known, with the days off that the setting `holidays` has;
 * it lives as long as the work's arena. */
int task_calendar_of(struct work *w, const char *word, struct calendar *ret);

/* Where a day goes by a word of task_rolls. */
int64_t task_rolled(const struct calendar *calendar, const char *roll, int64_t day);

/* Reads a due date, and moves it; NULL for "" and NULL. */
int task_due_read(
	struct work *w, const char *text, const struct task_moving *moving, const char **ret);

/* A date as the office reads it in its language. */
const char *task_date_for_people(struct work *w, const char *date);

/* Months since the year 0 of "2026-11", and back. PORTAL_INVALID_TIME about @field for
 * what is no month of the years 2000 to 9990. */
int task_month_read(struct work *w, const char *text, const char *field, int64_t *ret_month);
const char *task_month_text(struct arena *arena, int64_t month);

/* The number of the day that a month begins with. */
int64_t task_month_start(int64_t month);

#endif
