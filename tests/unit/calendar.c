#include "base/calendar.h"

#include <stdio.h>
#include <string.h>

#include "base/time.h"

#include "check.h"

static const struct calendar national = { .kind = CALENDAR_NATIONAL };
static const struct calendar banking = { .kind = CALENDAR_BANKING };
static const struct calendar labour = { .kind = CALENDAR_LABOUR };

static int64_t day(const char *date)
{
	struct civil civil = { 0 };

	CHECK_INT(date_parse(date, &civil), 0);
	return civil_to_days(&civil);
}

static const char *text(int64_t days)
{
	static char texts[4][16];
	static int next;
	struct civil civil;

	next = (next + 1) % 4;
	civil_from_days(days, &civil);
	snprintf(texts[next], sizeof(texts[next]), "%04d-%02d-%02d", civil.year, civil.month,
		civil.day);
	return texts[next];
}

static void easter_falls_where_the_tables_say(void)
{
	CHECK_STR(text(calendar_easter(1583)), "1583-04-10");
	CHECK_STR(text(calendar_easter(1818)), "1818-03-22");
	CHECK_STR(text(calendar_easter(1943)), "1943-04-25");
	CHECK_STR(text(calendar_easter(1981)), "1981-04-19");
	CHECK_STR(text(calendar_easter(2000)), "2000-04-23");
	CHECK_STR(text(calendar_easter(2026)), "2026-04-05");
	CHECK_STR(text(calendar_easter(2285)), "2285-03-22");
}

static void easter_is_a_sunday_between_22_march_and_25_april(void)
{
	for (int year = 1583; year < 5000; year++) {
		const char *date = text(calendar_easter(year)) + 5;

		if (calendar_weekday(calendar_easter(year)) != 0 || strcmp(date, "03-22") < 0 ||
			strcmp(date, "04-25") > 0) {
			printf("# %d: %s\n", year, date);
			CHECK(0);
		}
	}
}

/* What the file says of a day: off for both, for the banks, or (Ash Wednesday) for
 * nobody. */
struct holiday_line {
	int64_t day;
	bool national, banking;
};

static bool next_line(FILE *file, struct holiday_line *ret)
{
	char line[200];

	if (!fgets(line, sizeof(line), file))
		return false;
	line[strcspn(line, "\r\n")] = '\0';
	ret->national = strstr(line, ",nacional") != NULL;
	ret->banking = ret->national || strstr(line, ",facultativo-bancario") != NULL;
	line[10] = '\0';
	ret->day = day(line);
	return true;
}

static FILE *open_holidays(void)
{
	FILE *file = fopen("tests/data/feriados-2023-2030.csv", "r");
	char header[200];

	CHECK(file && fgets(header, sizeof(header), file));
	return file;
}

static void every_holiday_of_the_file_is_known_with_its_kind(void)
{
	struct holiday_line line;
	FILE *file = open_holidays();
	int lines = 0;

	for (; file && next_line(file, &line); lines++) {
		if (calendar_is_holiday(&national, line.day) != line.national ||
			calendar_is_holiday(&banking, line.day) != line.banking) {
			printf("# %s\n", text(line.day));
			CHECK(0);
		}
	}
	CHECK_INT(lines, 111);
	if (file)
		fclose(file);
}

/* Counting all days of these years finds no holiday that the file has not. */
static void no_other_day_is_a_holiday(void)
{
	int of_file[2] = { 0, 0 }, counted[2] = { 0, 0 };
	struct holiday_line line;
	FILE *file = open_holidays();

	while (file && next_line(file, &line)) {
		of_file[0] += line.national;
		of_file[1] += line.banking;
	}
	if (file)
		fclose(file);
	for (int64_t d = day("2023-01-01"); d <= day("2030-12-31"); d++) {
		counted[0] += calendar_is_holiday(&national, d);
		counted[1] += calendar_is_holiday(&banking, d);
	}
	CHECK_INT(counted[0], of_file[0]);
	CHECK_INT(counted[1], of_file[1]);
	CHECK_INT(of_file[1] - of_file[0], 3 * 8);
}

static void a_year_lists_its_holidays_in_order(void)
{
	int64_t days[CALENDAR_HOLIDAYS_MAX];

	CHECK_INT(calendar_holidays(CALENDAR_NATIONAL, 2023, days), 9);
	CHECK_INT(calendar_holidays(CALENDAR_NATIONAL, 2024, days), 10);
	CHECK_INT(calendar_holidays(CALENDAR_BANKING, 2026, days), 13);
	CHECK_STR(text(days[0]), "2026-01-01");
	CHECK_STR(text(days[1]), "2026-02-16");
	CHECK_STR(text(days[2]), "2026-02-17");
	CHECK_STR(text(days[3]), "2026-04-03");
	CHECK_STR(text(days[6]), "2026-06-04");
	CHECK_STR(text(days[12]), "2026-12-25");
	for (size_t i = 0; i < 13; i++)
		CHECK(calendar_is_holiday(&banking, days[i]) && (i == 0 || days[i - 1] < days[i]));
}

static void the_day_of_black_consciousness_is_national_since_2024(void)
{
	CHECK(!calendar_is_holiday(&national, day("2023-11-20")));
	CHECK(calendar_is_holiday(&national, day("2024-11-20")));
}

static void weekdays_are_right_on_both_sides_of_1970(void)
{
	CHECK_INT(calendar_weekday(0), 4);
	CHECK_INT(calendar_weekday(-1), 3);
	CHECK_INT(calendar_weekday(-5), 6);
	CHECK_INT(calendar_weekday(day("2026-11-22")), 0);
	CHECK_INT(calendar_weekday(day("1600-01-01")), 6);
}

static void saturdays_count_for_salaries_alone(void)
{
	CHECK(!calendar_is_working_day(&national, day("2026-09-05")));
	CHECK(!calendar_is_working_day(&banking, day("2026-09-05")));
	CHECK(calendar_is_working_day(&labour, day("2026-09-05")));
	CHECK(!calendar_is_working_day(&labour, day("2026-09-06")));
	CHECK(!calendar_is_working_day(&labour, day("2026-09-07")));
}

/* S10: the example of the obligations: DAS goes on, FGTS goes back. */
static void a_due_date_on_a_holiday_rolls_as_asked(void)
{
	const int64_t due = day("2026-11-20");

	CHECK_STR(text(calendar_roll(&banking, due, CALENDAR_ROLL_NEXT)), "2026-11-23");
	CHECK_STR(text(calendar_roll(&banking, due, CALENDAR_ROLL_PREVIOUS)), "2026-11-19");
	CHECK_STR(text(calendar_roll(&banking, due, CALENDAR_ROLL_NONE)), "2026-11-20");
	CHECK_STR(
		text(calendar_roll(&banking, day("2026-11-19"), CALENDAR_ROLL_NEXT)), "2026-11-19");
	CHECK_STR(
		text(calendar_roll(&banking, day("2026-02-14"), CALENDAR_ROLL_NEXT)), "2026-02-18");
	CHECK_STR(text(calendar_roll(&national, day("2026-02-14"), CALENDAR_ROLL_NEXT)),
		"2026-02-16");
}

static void extra_days_are_off_too(void)
{
	const int64_t days[] = { day("2026-04-23"), day("2026-07-09"), day("2026-11-23") };
	const struct calendar town = { CALENDAR_BANKING, days, 3 };

	CHECK(calendar_is_holiday(&town, day("2026-07-09")));
	CHECK(!calendar_is_holiday(&banking, day("2026-07-09")));
	CHECK_STR(text(calendar_roll(&town, day("2026-11-20"), CALENDAR_ROLL_NEXT)), "2026-11-24");
}

static void working_days_are_counted_in_both_directions(void)
{
	CHECK_STR(text(calendar_add_working_days(&national, day("2026-11-19"), 1)), "2026-11-23");
	CHECK_STR(text(calendar_add_working_days(&national, day("2026-11-23"), -1)), "2026-11-19");
	CHECK_STR(text(calendar_add_working_days(&national, day("2026-11-22"), 0)), "2026-11-22");
	CHECK_STR(text(calendar_add_working_days(&national, day("2026-12-23"), 5)), "2026-12-31");
}

static const char *nth(const struct calendar *calendar, int year, int month, int n)
{
	int64_t found = -1;

	return calendar_nth_working_day(calendar, year, month, n, &found) ? "none" : text(found);
}

static void the_nth_and_the_last_working_day_of_a_month_are_found(void)
{
	CHECK_STR(nth(&banking, 2026, 12, 10), "2026-12-14");
	CHECK_STR(nth(&banking, 2027, 2, 10), "2027-02-16");
	CHECK_STR(nth(&labour, 2026, 11, 5), "2026-11-07");
	CHECK_STR(nth(&national, 2026, 11, 5), "2026-11-09");
	CHECK_STR(nth(&banking, 2026, 10, CALENDAR_LAST), "2026-10-30");
	CHECK_STR(nth(&banking, 2026, 12, CALENDAR_LAST), "2026-12-31");
	CHECK_STR(nth(&national, 2026, 1, 1), "2026-01-02");
}

static void a_month_without_such_a_working_day_says_so(void)
{
	CHECK_STR(nth(&national, 2026, 11, 23), "none");
	CHECK_STR(nth(&national, 2026, 11, 0), "none");
	CHECK_STR(nth(&national, 2026, 11, -2), "none");
}

int main(void)
{
	RUN(easter_falls_where_the_tables_say);
	RUN(easter_is_a_sunday_between_22_march_and_25_april);
	RUN(every_holiday_of_the_file_is_known_with_its_kind);
	RUN(no_other_day_is_a_holiday);
	RUN(a_year_lists_its_holidays_in_order);
	RUN(the_day_of_black_consciousness_is_national_since_2024);
	RUN(weekdays_are_right_on_both_sides_of_1970);
	RUN(saturdays_count_for_salaries_alone);
	RUN(a_due_date_on_a_holiday_rolls_as_asked);
	RUN(extra_days_are_off_too);
	RUN(working_days_are_counted_in_both_directions);
	RUN(the_nth_and_the_last_working_day_of_a_month_are_found);
	RUN(a_month_without_such_a_working_day_says_so);
	CHECK_REPORT();
}
