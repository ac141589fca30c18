#include "base/time.h"

#include <time.h>

#include "check.h"

static int64_t parsed_ms(const char *text)
{
	portal_time time = { -1 };

	return time_parse_rfc3339(text, &time) ? -1 : time.ms;
}

static void rfc_3339_times_are_read(void)
{
	CHECK_INT(parsed_ms("2026-03-01T12:00:00Z"), 1772366400000);
	CHECK_INT(parsed_ms("2026-03-01t12:00:00z"), 1772366400000);
	CHECK_INT(parsed_ms("2026-03-01T09:00:00-03:00"), 1772366400000);
	CHECK_INT(parsed_ms("2026-03-01T17:45:00+05:45"), 1772366400000);
	CHECK_INT(parsed_ms("2026-03-01T12:00:00-00:00"), 1772366400000);
	CHECK_INT(parsed_ms("2024-02-29T23:59:59Z"), 1709251199000);
}

static void a_fraction_is_cut_to_milliseconds(void)
{
	CHECK_INT(parsed_ms("2026-03-01T12:00:00.5Z"), 1772366400500);
	CHECK_INT(parsed_ms("2026-03-01T12:00:00.007Z"), 1772366400007);
	CHECK_INT(parsed_ms("2026-03-01T12:00:00.9999999999999999999999Z"), 1772366400999);
	CHECK_INT(parsed_ms("2026-03-01T12:00:00.0009+00:00"), 1772366400000);
}

static void the_range_begins_on_the_second_day_and_ends_with_9999(void)
{
	CHECK_INT(parsed_ms("1970-01-02T00:00:00Z"), TIME_MIN_MS);
	CHECK_INT(parsed_ms("1970-01-01T23:59:59.999Z"), -1);
	CHECK_INT(parsed_ms("1970-01-02T01:00:00+02:00"), -1);
	CHECK_INT(parsed_ms("1970-01-01T22:00:00-02:00"), TIME_MIN_MS);
	CHECK_INT(parsed_ms("9999-12-31T23:59:59.999Z"), TIME_MAX_MS);
	CHECK_INT(parsed_ms("9999-12-31T23:59:59-00:01"), -1);
	CHECK_INT(parsed_ms("0000-01-01T00:00:00Z"), -1);
}

static void what_is_not_rfc_3339_is_refused(void)
{
	static const char *const wrong[] = { "", "2026", "2026-03-01", "2026-03-01T12:00:00",
		"2026-03-01 12:00:00Z", "2026-03-01T12:00Z", "2026-03-01T12:00:00.Z",
		"2026-03-01T12:00:00,5Z", "2026-03-01T12:00:00Z ", " 2026-03-01T12:00:00Z",
		"2026-03-01T12:00:00+3", "2026-03-01T12:00:00+0300", "2026-03-01T12:00:00+03:0",
		"2026-03-01T12:00:00+24:00", "2026-03-01T12:00:00+03:60", "2026-03-01T24:00:00Z",
		"2026-03-01T12:60:00Z", "2016-12-31T23:59:60Z", "2026-13-01T12:00:00Z",
		"2026-00-01T12:00:00Z", "2026-03-00T12:00:00Z", "2026-02-29T12:00:00Z",
		"2026-04-31T12:00:00Z", "2100-02-29T12:00:00Z", "-026-03-01T12:00:00Z",
		"+026-03-01T12:00:00Z", "02026-03-01T12:00:00Z", "2026-3-1T12:00:00Z",
		"2026-03-01T12:00:00ZZ", "2026-03-01T12:00:00\342\210\22203:00" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		portal_time time = { 77 };

		if (time_parse_rfc3339(wrong[i], &time) != -1 || time.ms != 77) {
			printf("# taken: \"%s\"\n", wrong[i]);
			CHECK(0);
		}
	}
}

static int date_verdict(const char *text)
{
	struct civil civil = { 0 };

	return date_parse(text, &civil);
}

static void dates_are_read_and_days_that_do_not_exist_refused(void)
{
	struct civil civil = { 1, 1, 1, 1, 1, 1 };

	CHECK_INT(date_parse("2026-10-31", &civil), 0);
	CHECK(civil.year == 2026 && civil.month == 10 && civil.day == 31);
	CHECK(civil.hour == 0 && civil.minute == 0 && civil.second == 0);
	CHECK_INT(date_verdict("2000-02-29"), 0);
	CHECK_INT(date_verdict("2096-02-29"), 0);
	CHECK_INT(date_verdict("0001-01-01"), 0);
	CHECK_INT(date_verdict("9999-12-31"), 0);
	CHECK_INT(date_verdict("1900-02-29"), -1);
	CHECK_INT(date_verdict("2100-02-29"), -1);
	CHECK_INT(date_verdict("0000-01-01"), -1);
	CHECK_INT(date_verdict("2026-10-32"), -1);
	CHECK_INT(date_verdict("2026-1-1"), -1);
	CHECK_INT(date_verdict("2026-10-31 "), -1);
	CHECK_INT(date_verdict("20261031"), -1);
	CHECK_INT(date_verdict("2026-10"), -1);
	CHECK_INT(date_verdict("31/10/2026"), -1);
}

static void every_day_of_a_thousand_years_converts_both_ways(void)
{
	struct civil want = { 1600, 1, 1, 0, 0, 0 }, got;
	int64_t first = civil_to_days(&want), day = first;

	while (want.year < 2600) {
		civil_from_days(day, &got);
		if (civil_to_days(&want) != day || memcmp(&got, &want, sizeof(got)) != 0)
			break;
		day++;
		if (++want.day > civil_month_days(want.year, want.month)) {
			want.day = 1;
			want.year += want.month == 12;
			want.month = want.month % 12 + 1;
		}
	}
	CHECK_INT(want.year, 2600);
	CHECK_INT(day - first, 365242 + 1);
}

static void leap_years_follow_the_gregorian_rule(void)
{
	CHECK_INT(civil_month_days(1900, 2), 28);
	CHECK_INT(civil_month_days(2000, 2), 29);
	CHECK_INT(civil_month_days(2024, 2), 29);
	CHECK_INT(civil_month_days(2096, 2), 29);
	CHECK_INT(civil_month_days(2100, 2), 28);
	CHECK_INT(civil_month_days(2026, 12), 31);
}

static void seconds_below_1970_round_down(void)
{
	struct civil civil;

	civil_from_seconds(-1, &civil);
	CHECK(civil.year == 1969 && civil.month == 12 && civil.day == 31);
	CHECK(civil.hour == 23 && civil.minute == 59 && civil.second == 59);
	CHECK_INT(civil_to_seconds(&civil), -1);
	CHECK_INT(floor_div(-1000, 1000), -1);
	CHECK_INT(floor_div(-1001, 1000), -2);
	CHECK_INT(floor_div(1999, 1000), 1);
}

static void the_most_distant_times_still_convert(void)
{
	struct civil civil;

	civil_from_seconds(INT64_MAX / 1000, &civil);
	CHECK_INT(civil.year, 292278994);
	CHECK_INT(civil_to_seconds(&civil), INT64_MAX / 1000);
	civil_from_seconds(INT64_MIN / 1000, &civil);
	CHECK_INT(civil_to_seconds(&civil), INT64_MIN / 1000);
}

static void formatting_agrees_with_the_c_library(void)
{
	char got[24], want[32];

	for (int64_t s = -62167219200; s <= 253402300799; s += 9876543) {
		time_t libc_time = (time_t)s;
		struct tm tm;

		gmtime_r(&libc_time, &tm);
		snprintf(want, sizeof(want), "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
			tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
		if (strcmp(time_format_utc((portal_time){ s * 1000 + 999 }, got), want) != 0) {
			CHECK_STR(got, want);
			return;
		}
	}
}

static void formatting_stays_inside_four_digit_years(void)
{
	char buf[24];

	CHECK_STR(time_format_utc((portal_time){ 1772366400999 }, buf), "2026-03-01T12:00:00Z");
	CHECK_STR(time_format_utc((portal_time){ -1 }, buf), "1969-12-31T23:59:59Z");
	CHECK_STR(time_format_utc((portal_time){ TIME_MAX_MS }, buf), "9999-12-31T23:59:59Z");
	CHECK_STR(time_format_utc((portal_time){ INT64_MAX }, buf), "9999-12-31T23:59:59Z");
	CHECK_STR(time_format_utc((portal_time){ INT64_MIN }, buf), "0000-01-01T00:00:00Z");
}

int main(void)
{
	RUN(rfc_3339_times_are_read);
	RUN(a_fraction_is_cut_to_milliseconds);
	RUN(the_range_begins_on_the_second_day_and_ends_with_9999);
	RUN(what_is_not_rfc_3339_is_refused);
	RUN(dates_are_read_and_days_that_do_not_exist_refused);
	RUN(every_day_of_a_thousand_years_converts_both_ways);
	RUN(leap_years_follow_the_gregorian_rule);
	RUN(seconds_below_1970_round_down);
	RUN(the_most_distant_times_still_convert);
	RUN(formatting_agrees_with_the_c_library);
	RUN(formatting_stays_inside_four_digit_years);
	CHECK_REPORT();
}
