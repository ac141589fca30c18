#include "business-hours.h"

#include <stdio.h>
#include <string.h>

#include <portal/arena.h>

#include "base/time.h"
#include "base/zone.h"

#include "check.h"
#include "vectors.h"

static int64_t at(const char *local)
{
	char text[40];
	portal_time time = { 0 };

	snprintf(text, sizeof(text), "%.16s:00%s", local, local + 16);
	CHECK_INT(time_parse_rfc3339(text, &time), 0);
	return time.ms;
}

static const char *show(int64_t ms)
{
	static char texts[4][24];
	static int next;

	next = (next + 1) % 4;
	return time_format_utc((portal_time){ ms }, texts[next]);
}

static struct business_hours hours_in(struct arena *arena, const char *text, const char *zone_name)
{
	struct business_hours hours = { .calendar = { .kind = CALENDAR_NATIONAL } };
	struct portal_error err = { .arena = arena };
	struct zone *zone = NULL;

	CHECK_INT(zone_load(arena, NULL, zone_name, &zone, &err), 0);
	hours.zone = zone;
	CHECK_INT(business_hours_parse(text, &hours, &err), 0);
	return hours;
}

static struct business_hours hours_of(struct arena *arena, const char *text)
{
	return hours_in(arena, text, "America/Sao_Paulo");
}

static int64_t add(const struct business_hours *hours, const char *start, int64_t minutes)
{
	return business_hours_add(hours, (portal_time){ at(start) }, minutes * BUSINESS_MINUTE_MS)
		.ms;
}

static int64_t minutes_between(const struct business_hours *hours, int64_t from, int64_t to)
{
	return business_hours_between(hours, (portal_time){ from }, (portal_time){ to }) /
	       BUSINESS_MINUTE_MS;
}

static void due_times_are_those_of_the_table(void)
{
	struct vectors v;

	CHECK(vectors_open(&v, "tests/data", "sla-vectors.tsv"));
	while (v.file && vectors_next(&v)) {
		_cleanup_arena_ struct arena arena = { 0 };
		struct business_hours hours = hours_of(&arena, v.column[3]);
		const int64_t minutes = strtoll(v.column[1], NULL, 10);
		int64_t due;

		if (!strcmp(v.column[2], "bancario"))
			hours.calendar.kind = CALENDAR_BANKING;
		due = add(&hours, v.column[0], minutes);
		CHECK_STR(show(due), show(at(v.column[4])));
		CHECK_INT(minutes_between(&hours, at(v.column[0]), due), minutes);
	}
	CHECK_INT(v.row, 21);
}

static void the_offices_own_days_off_have_no_hours(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct business_hours hours = hours_of(&arena, "mon-fri 09:00-18:00");
	struct portal_error err = { .arena = &arena };

	CHECK_INT(business_holidays_parse(&arena, "2026-07-10, 2026-07-09", &hours.calendar, &err),
		0);
	CHECK_STR(show(add(&hours, "2026-07-08T17:00-03:00", 120)),
		show(at("2026-07-13T10:00-03:00")));
	CHECK_INT(business_holidays_parse(&arena, "", &hours.calendar, &err), 0);
	CHECK_STR(show(add(&hours, "2026-07-08T17:00-03:00", 120)),
		show(at("2026-07-09T10:00-03:00")));
	CHECK_INT(business_holidays_parse(&arena, "2026-02-29", &hours.calendar, &err),
		-PORTAL_INVALID_TIME);
}

static void days_of_the_week_have_hours_of_their_own(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	const struct business_hours hours =
		hours_of(&arena, "mon-thu 9-12,13-18; fri 9-17; sat 08:30-12:00");

	CHECK_STR(show(add(&hours, "2026-11-13T16:30-03:00", 60)),
		show(at("2026-11-14T09:00-03:00")));
	CHECK_STR(show(add(&hours, "2026-11-14T11:00-03:00", 61)),
		show(at("2026-11-16T09:01-03:00")));
	CHECK_INT(
		minutes_between(&hours, at("2026-11-09T00:00-03:00"), at("2026-11-16T00:00-03:00")),
		4 * 480 + 480 + 210);
}

static void a_pause_moves_a_due_time_by_the_hours_it_lasted(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	const struct business_hours hours = hours_of(&arena, "mon-fri 09:00-18:00");
	const int64_t due = at("2026-11-18T18:00-03:00");
	int64_t paused =
		minutes_between(&hours, at("2026-11-18T18:30-03:00"), at("2026-11-19T08:59-03:00"));

	CHECK_INT(paused, 0);
	CHECK_STR(show(business_hours_add(&hours, (portal_time){ due }, paused).ms), show(due));
	paused =
		minutes_between(&hours, at("2026-11-18T17:00-03:00"), at("2026-11-23T09:30-03:00"));
	CHECK_INT(paused, 60 + 540 + 30);
	CHECK_STR(show(business_hours_add(&hours, (portal_time){ due }, paused * BUSINESS_MINUTE_MS)
				  .ms),
		show(at("2026-11-23T10:30-03:00")));
	CHECK_INT(minutes_between(&hours, due, due), 0);
	CHECK_INT(minutes_between(&hours, due, due - 1), 0);
}

static void what_is_taken_and_given_back_is_the_same_at_every_minute(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	const struct business_hours hours = hours_of(&arena, "9-12,13-18; sat 9-12");
	const int64_t begin = at("2026-11-18T00:00-03:00");
	int64_t before = 0;

	for (int64_t minute = 0; minute < 7 * 24 * 60; minute += CHECK_STRIDE(37)) {
		const int64_t now = begin + minute * BUSINESS_MINUTE_MS;
		const int64_t passed = minutes_between(&hours, begin, now);
		const int64_t due = business_hours_add(
			&hours, (portal_time){ begin }, passed * BUSINESS_MINUTE_MS)
					    .ms;

		CHECK(passed >= before);
		CHECK(due <= now);
		CHECK_INT(minutes_between(&hours, due, now), 0);
		before = passed;
	}
	CHECK(before > 1000);
}

static void clocks_that_are_set_lose_and_gain_nothing(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct business_hours hours = hours_in(&arena, "mon-sun 0-24", "America/New_York");

	CHECK_INT(
		minutes_between(&hours, at("2026-03-08T00:00-05:00"), at("2026-03-09T00:00-04:00")),
		23 * 60);
	CHECK_STR(show(add(&hours, "2026-03-08T00:00-05:00", 23 * 60)),
		show(at("2026-03-09T00:00-04:00")));
	CHECK_INT(
		minutes_between(&hours, at("2026-11-01T00:00-04:00"), at("2026-11-03T00:00-05:00")),
		25 * 60);
}

static void hours_that_the_clock_leaves_out_do_not_count(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct business_hours hours =
		hours_in(&arena, "sun 02:00-02:30,03:00-04:00", "America/New_York");

	CHECK_STR(show(add(&hours, "2027-03-14T00:00-05:00", 60)),
		show(at("2027-03-14T04:00-04:00")));
	CHECK_INT(
		minutes_between(&hours, at("2027-03-14T00:00-05:00"), at("2027-03-15T00:00-04:00")),
		60);
	CHECK_INT(
		minutes_between(&hours, at("2027-03-21T00:00-04:00"), at("2027-03-22T00:00-04:00")),
		90);
	hours = hours_in(&arena, "sun 01:30-02:30,02:45-03:15", "America/New_York");
	CHECK_STR(show(add(&hours, "2027-03-14T00:00-05:00", 30)),
		show(at("2027-03-14T03:00-04:00")));
	CHECK_STR(show(add(&hours, "2027-03-14T00:00-05:00", 45)),
		show(at("2027-03-14T03:15-04:00")));
}

static void very_long_times_end(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	const struct business_hours hours = hours_of(&arena, "sun 0:00-0:01");

	CHECK_INT(add(&hours, "2026-11-18T09:00-03:00", 10000000), TIME_MAX_MS);
	CHECK(add(&hours, "2026-11-18T09:00-03:00", 10) > at("2027-01-20T00:00-03:00"));
}

static void hours_that_can_not_be_meant_are_refused(void)
{
	static const char *const bad[] = { "", " ", "mon", "mon-fri", "9", "9-", "9-9", "18-9",
		"9-25", "24:01-25", "9:60-10", "9-12,11-13", "13-18,9-12", "mon 9-12; mon 13-18",
		"mon-fri 9-18;", "; 9-18", "9-18,", "seg-sex 9-18", "mon-fri9-18x", "MON 9-18",
		"mon, tue 9-18", "009-18", "-1-5", "9-18 x",
		"mon-fri 1-2,2-3,3-4,4-5,5-6,6-7,7-8,8-9,9-10" };
	struct business_hours hours = { .zone = NULL };
	struct portal_error err = { 0 };

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (business_hours_parse(bad[i], &hours, &err) != -PORTAL_INVALID)
			printf("# taken: '%s'\n", bad[i]);
		CHECK_INT(business_hours_parse(bad[i], &hours, &err), -PORTAL_INVALID);
	}
	CHECK_INT(business_hours_parse("sat-mon,wed 9-18", &hours, &err), 0);
	CHECK(hours.days[0].count && hours.days[1].count && hours.days[3].count &&
		hours.days[6].count);
	CHECK(!hours.days[2].count && !hours.days[4].count && !hours.days[5].count);
}

int main(void)
{
	RUN(due_times_are_those_of_the_table);
	RUN(the_offices_own_days_off_have_no_hours);
	RUN(days_of_the_week_have_hours_of_their_own);
	RUN(a_pause_moves_a_due_time_by_the_hours_it_lasted);
	RUN(what_is_taken_and_given_back_is_the_same_at_every_minute);
	RUN(clocks_that_are_set_lose_and_gain_nothing);
	RUN(hours_that_the_clock_leaves_out_do_not_count);
	RUN(very_long_times_end);
	RUN(hours_that_can_not_be_meant_are_refused);
	CHECK_REPORT();
}
