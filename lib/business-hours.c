#include "business-hours.h"

#include <stdlib.h>
#include <string.h>

#include <portal/arena.h>

#include "base/i18n.h"
#include "base/time.h"
#include "base/zone.h"
#include "setting.h"
#include "work.h"

enum { WEEK = 7, DATE_LEN = 10, MONDAY_TO_FRIDAY = 0x3e };

static const char day_names[WEEK][4] = { "sun", "mon", "tue", "wed", "thu", "fri", "sat" };

static void skip_blanks(const char **at)
{
	*at += strspn(*at, " ");
}

/* 0 to 6, or -1 where no day is named. */
static int read_day(const char **at)
{
	for (int day = 0; day < WEEK; day++) {
		if (strncmp(*at, day_names[day], 3) != 0)
			continue;
		*at += 3;
		return day;
	}
	return -1;
}

/* The days of a part as bits; 0 where they can't be read. None given: Monday to Friday. */
static unsigned read_days(const char **at)
{
	unsigned days = 0;

	if (**at >= '0' && **at <= '9')
		return MONDAY_TO_FRIDAY;
	for (;;) {
		const int first = read_day(at);
		int last = first;

		if (first >= 0 && **at == '-') {
			++*at;
			last = read_day(at);
		}
		if (first < 0 || last < 0)
			return 0;
		for (int day = first;; day = (day + 1) % WEEK) {
			days |= 1U << day;
			if (day == last)
				break;
		}
		if (**at != ',')
			break;
		++*at;
	}
	skip_blanks(at);
	return days;
}

static int read_number(const char **at, int most)
{
	const size_t digits = strspn(*at, "0123456789");
	int number = 0;

	if (digits < 1 || digits > 2)
		return -1;
	for (size_t i = 0; i < digits; i++)
		number = 10 * number + (*at)[i] - '0';
	*at += digits;
	return number <= most ? number : -1;
}

/* "9", "09:00" or "24:00" as seconds of the day, or -1. */
static int read_clock(const char **at)
{
	const int hour = read_number(at, 24);
	int minute = 0;

	if (hour >= 0 && **at == ':') {
		++*at;
		minute = read_number(at, 59);
	}
	if (hour < 0 || minute < 0 || hour * 60 + minute > 24 * 60)
		return -1;
	return (hour * 60 + minute) * 60;
}

static bool read_span(const char **at, struct business_day *day)
{
	struct business_span *span = &day->spans[day->count];

	if (day->count == BUSINESS_SPANS_MAX)
		return false;
	span->from = read_clock(at);
	if (span->from < 0 || **at != '-')
		return false;
	++*at;
	span->to = read_clock(at);
	if (span->to <= span->from || (day->count > 0 && span->from < span[-1].to))
		return false;
	day->count++;
	return true;
}

static bool read_spans(const char **at, struct business_day *ret)
{
	while (read_span(at, ret)) {
		if (**at != ',')
			return true;
		++*at;
	}
	return false;
}

static bool read_part(const char **at, struct business_hours *ret)
{
	struct business_day hours = { .count = 0 };
	unsigned days;

	skip_blanks(at);
	days = read_days(at);
	if (!days || !read_spans(at, &hours))
		return false;
	skip_blanks(at);
	for (int day = 0; day < WEEK; day++) {
		if (!(days & 1U << day))
			continue;
		if (ret->days[day].count)
			return false;
		ret->days[day] = hours;
	}
	return **at == '\0' || **at == ';';
}

int business_hours_parse(const char *text, struct business_hours *ret, struct portal_error *err)
{
	struct business_hours hours = { .calendar = ret->calendar, .zone = ret->zone };
	const char *at = text;
	bool ok;

	while ((ok = read_part(&at, &hours)) && *at == ';')
		at++;
	if (!ok || *at) {
		portal_fail(err, PORTAL_INVALID, _("'%s' are no business hours"), text);
		return portal_hint(err, _("write them like this: mon-fri 09:00-12:00,13:00-18:00; "
					  "sat 09:00-12:00"));
	}
	*ret = hours;
	return 0;
}

static int compare_days(const void *a, const void *b)
{
	const int64_t *first = a, *second = b;

	return (*first > *second) - (*first < *second);
}

int business_holidays_parse(
	struct arena *arena, const char *text, struct calendar *ret, struct portal_error *err)
{
	const size_t room = strlen(text) / DATE_LEN;
	int64_t *days = arena_array(arena, room + 1, sizeof(*days));
	size_t count = 0;

	for (const char *at = text + strspn(text, " ,"); *at; at += strspn(at, " ,")) {
		const size_t len = strcspn(at, " ,");
		const char *date = arena_strndup(arena, at, len);
		struct civil civil;

		if (date_parse(date, &civil) < 0)
			return portal_fail(err, PORTAL_INVALID_TIME,
				_("'%s' is not a date like 2026-07-09"), date);
		days[count++] = civil_to_days(&civil);
		at += len;
	}
	qsort(days, count, sizeof(*days), compare_days);
	ret->extra_days = count ? days : NULL;
	ret->extra_count = count;
	return 0;
}

int business_hours_read(struct work *w, struct business_hours *ret)
{
	int r;

	*ret = (struct business_hours){ .calendar = { .kind = CALENDAR_NATIONAL } };
	ret->zone = work_zone(w);
	if (!ret->zone)
		return -(int)w->err->code;
	r = business_hours_parse(setting_value(w, "business_hours"), ret, w->err);
	if (r < 0)
		return r;
	return business_holidays_parse(
		w->arena, setting_value(w, "holidays"), &ret->calendar, w->err);
}

static int64_t day_of(const struct zone *zone, portal_time time)
{
	struct civil civil;

	zone_to_civil(zone, time, &civil);
	return civil_to_days(&civil);
}

/* Hours over which the clock was set forward are none. */
static int64_t moment(const struct zone *zone, int64_t day, int second)
{
	return zone_first_from(zone, day, second).ms;
}

static const struct business_day *hours_of(const struct business_hours *hours, int64_t day)
{
	static const struct business_day none = { .count = 0 };

	if (calendar_is_holiday(&hours->calendar, day))
		return &none;
	return &hours->days[calendar_weekday(day)];
}

/* The working time of @day between @from and @to. */
static int64_t work_in(const struct business_hours *hours, int64_t day, int64_t from, int64_t to)
{
	const struct business_day *today = hours_of(hours, day);
	int64_t sum = 0;

	for (size_t i = 0; i < today->count; i++) {
		const int64_t begin = moment(hours->zone, day, today->spans[i].from);
		const int64_t end = moment(hours->zone, day, today->spans[i].to);
		const int64_t first = begin > from ? begin : from;
		const int64_t last = end < to ? end : to;

		sum += last > first ? last - first : 0;
	}
	return sum;
}

/* Where @ms of working time of @day end that begin at @from; they lie in that day. */
static int64_t end_in(const struct business_hours *hours, int64_t day, int64_t from, int64_t ms)
{
	const struct business_day *today = hours_of(hours, day);

	for (size_t i = 0; i < today->count; i++) {
		const int64_t begin = moment(hours->zone, day, today->spans[i].from);
		const int64_t end = moment(hours->zone, day, today->spans[i].to);
		const int64_t first = begin > from ? begin : from;

		if (first < end && ms <= end - first)
			return first + ms;
		ms -= first < end ? end - first : 0;
	}
	return from;
}

portal_time business_hours_add(const struct business_hours *hours, portal_time start, int64_t ms)
{
	const int64_t last = TIME_MAX_MS / 1000 / SECONDS_PER_DAY;

	if (ms <= 0)
		return start;
	for (int64_t day = day_of(hours->zone, start); day < last; day++) {
		const int64_t today = work_in(hours, day, start.ms, INT64_MAX);

		if (ms <= today)
			return (portal_time){ end_in(hours, day, start.ms, ms) };
		ms -= today;
	}
	return (portal_time){ TIME_MAX_MS };
}

int64_t business_hours_between(const struct business_hours *hours, portal_time from, portal_time to)
{
	const int64_t last = day_of(hours->zone, to);
	int64_t sum = 0;

	if (to.ms <= from.ms)
		return 0;
	for (int64_t day = day_of(hours->zone, from); day <= last; day++)
		sum += work_in(hours, day, from.ms, to.ms);
	return sum;
}
