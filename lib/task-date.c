#include "task-date.h"

#include <stdio.h>
#include <string.h>

#include <portal/task.h>

#include "base/i18n.h"
#include "base/zone.h"
#include "business-hours.h"
#include "setting.h"

enum { FIRST_YEAR = 1900, FIRST_MONTH_YEAR = 2000, LAST_YEAR = 9990, MONTHS = 12 };

const struct portal_word task_rolls[] = {
	{ "none", N_("stays") },
	{ "next", N_("next working day") },
	{ "previous", N_("working day before") },
	{ NULL, NULL },
};

const struct portal_word task_calendars[] = {
	{ "national", N_("national holidays") },
	{ "banking", N_("banking days") },
	{ "labour", N_("Saturdays count") },
	{ NULL, NULL },
};

int task_today(struct work *w, int64_t *ret_day)
{
	const struct zone *zone = work_zone(w);
	struct civil civil;

	if (!zone)
		return -(int)w->err->code;
	zone_to_civil(zone, w->now, &civil);
	*ret_day = civil_to_days(&civil);
	return 0;
}

const char *task_date_text(struct arena *arena, int64_t day)
{
	struct civil civil;

	civil_from_days(day, &civil);
	return arena_printf(arena, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
}

static int no_date(struct work *w, const char *text, const char *field)
{
	portal_fail(w->err, PORTAL_INVALID_TIME, _("'%s' is not a date like 2026-11-20"), text);
	return portal_about_field(w->err, field);
}

int task_date_read(struct work *w, const char *text, const char *field, int64_t *ret_day)
{
	struct civil civil;

	if (date_parse(text, &civil) < 0 || civil.year < FIRST_YEAR || civil.year > LAST_YEAR)
		return no_date(w, text, field);
	*ret_day = civil_to_days(&civil);
	return 0;
}

int task_moving_check(struct work *w, struct task_moving *moving)
{
	if (!moving->roll)
		moving->roll = "none";
	if (!moving->calendar)
		moving->calendar = "national";
	if (!portal_word_known(task_rolls, moving->roll))
		return work_no_choice(w, task_rolls, moving->roll, "roll");
	if (!portal_word_known(task_calendars, moving->calendar))
		return work_no_choice(w, task_calendars, moving->calendar, "calendar");
	return 0;
}

int task_calendar_of(struct work *w, const char *word, struct calendar *ret)
{
	const enum calendar_kind kind = !strcmp(word, "banking")  ? CALENDAR_BANKING
					: !strcmp(word, "labour") ? CALENDAR_LABOUR
								  : CALENDAR_NATIONAL;

	*ret = (struct calendar){ .kind = kind };
	return business_holidays_parse(w->arena, setting_value(w, "holidays"), ret, w->err);
}

int64_t task_rolled(const struct calendar *calendar, const char *roll, int64_t day)
{
	const enum calendar_roll way = !strcmp(roll, "next")       ? CALENDAR_ROLL_NEXT
				       : !strcmp(roll, "previous") ? CALENDAR_ROLL_PREVIOUS
								   : CALENDAR_ROLL_NONE;

	return calendar_roll(calendar, day, way);
}

int task_due_read(
	struct work *w, const char *text, const struct task_moving *moving, const char **ret)
{
	struct task_moving checked = *moving;
	struct calendar calendar;
	int64_t day;
	int r = task_moving_check(w, &checked);

	if (r < 0)
		return r;
	*ret = NULL;
	if (!text || !*text)
		return 0;
	r = task_date_read(w, text, "due", &day);
	if (r == 0)
		r = task_calendar_of(w, checked.calendar, &calendar);
	if (r == 0)
		*ret = task_date_text(w->arena, task_rolled(&calendar, checked.roll, day));
	return r;
}

const char *task_date_for_people(struct work *w, const char *date)
{
	struct civil civil;

	if (!date || work_language(w)[0] != 'p' || date_parse(date, &civil) < 0)
		return date;
	return arena_printf(w->arena, "%02d/%02d/%04d", civil.day, civil.month, civil.year);
}

int task_month_read(struct work *w, const char *text, const char *field, int64_t *ret_month)
{
	struct civil civil;

	if (date_parse(arena_printf(w->arena, "%s-01", text), &civil) < 0 ||
		civil.year < FIRST_MONTH_YEAR || civil.year > LAST_YEAR) {
		portal_fail(
			w->err, PORTAL_INVALID_TIME, _("'%s' is not a month like 2026-10"), text);
		return portal_about_field(w->err, field);
	}
	*ret_month = civil.year * (int64_t)MONTHS + civil.month - 1;
	return 0;
}

const char *task_month_text(struct arena *arena, int64_t month)
{
	return arena_printf(arena, "%04d-%02d", (int)(month / MONTHS), (int)(month % MONTHS) + 1);
}

int64_t task_month_start(int64_t month)
{
	const struct civil civil = {
		.year = (int)(month / MONTHS), .month = (int)(month % MONTHS) + 1, .day = 1
	};

	return civil_to_days(&civil);
}
