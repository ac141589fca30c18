#include "base/time.h"

#include <string.h>

/* The calendar repeats after 400 years. Years begin in March here, so that the
 * leap day is the last of its year and months need no table. */
enum { DAYS_PER_ERA = 146097, DAYS_TO_1970 = 719468 };

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int civil_month_days(int year, int month)
{
	static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

static bool is_within(int value, int least, int most)
{
	return value >= least && value <= most;
}

static bool date_is_valid(const struct civil *civil)
{
	return is_within(civil->month, 1, 12) &&
	       is_within(civil->day, 1, civil_month_days(civil->year, civil->month));
}

bool civil_is_valid(const struct civil *civil)
{
	return date_is_valid(civil) && is_within(civil->hour, 0, 23) &&
	       is_within(civil->minute, 0, 59) && is_within(civil->second, 0, 59);
}

int64_t civil_to_days(const struct civil *civil)
{
	int64_t year = (int64_t)civil->year - (civil->month <= 2);
	int64_t era = floor_div(year, 400);
	int64_t year_of_era = year - era * 400;
	int month = (civil->month + 9) % 12;
	int64_t day_of_year = (153 * month + 2) / 5 + civil->day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * DAYS_PER_ERA + day_of_era - DAYS_TO_1970;
}

int64_t civil_to_seconds(const struct civil *civil)
{
	return civil_to_days(civil) * SECONDS_PER_DAY + civil->hour * 3600 + civil->minute * 60 +
	       civil->second;
}

void civil_from_days(int64_t days, struct civil *ret)
{
	int64_t shifted = days + DAYS_TO_1970;
	int64_t era = floor_div(shifted, DAYS_PER_ERA);
	uint32_t day = (uint32_t)(shifted - era * DAYS_PER_ERA);
	uint32_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	uint32_t day_of_year = day - (365 * year + year / 4 - year / 100);
	uint32_t month = (5 * day_of_year + 2) / 153;

	ret->year = (int)(era * 400) + (int)year + (month >= 10);
	ret->month = (int)(month < 10 ? month + 3 : month - 9);
	ret->day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	ret->hour = ret->minute = ret->second = 0;
}

void civil_from_seconds(int64_t seconds, struct civil *ret)
{
	int64_t days = floor_div(seconds, SECONDS_PER_DAY);
	uint32_t rest = (uint32_t)(seconds - days * SECONDS_PER_DAY);

	civil_from_days(days, ret);
	ret->hour = (int)(rest / 3600);
	ret->minute = (int)(rest / 60 % 60);
	ret->second = (int)(rest % 60);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool take_digits(const char **cursor, int count, int *ret)
{
	int value = 0;

	for (int i = 0; i < count; i++) {
		if (!is_digit((*cursor)[i]))
			return false;
		value = value * 10 + (*cursor)[i] - '0';
	}
	*cursor += count;
	*ret = value;
	return true;
}

static bool take_one_of(const char **cursor, const char *wanted)
{
	if (**cursor == '\0' || !strchr(wanted, **cursor))
		return false;
	(*cursor)++;
	return true;
}

static bool take_date(const char **cursor, struct civil *ret)
{
	return take_digits(cursor, 4, &ret->year) && take_one_of(cursor, "-") &&
	       take_digits(cursor, 2, &ret->month) && take_one_of(cursor, "-") &&
	       take_digits(cursor, 2, &ret->day);
}

static bool take_hour_and_minute(const char **cursor, struct civil *ret)
{
	return take_digits(cursor, 2, &ret->hour) && take_one_of(cursor, ":") &&
	       take_digits(cursor, 2, &ret->minute);
}

static bool take_clock(const char **cursor, struct civil *ret)
{
	return take_hour_and_minute(cursor, ret) && take_one_of(cursor, ":") &&
	       take_digits(cursor, 2, &ret->second);
}

static bool take_fraction(const char **cursor, int *ret_ms)
{
	int scale = 100;

	*ret_ms = 0;
	if (!take_one_of(cursor, "."))
		return true;
	if (!is_digit(**cursor))
		return false;
	for (; is_digit(**cursor); (*cursor)++, scale /= 10)
		*ret_ms += (**cursor - '0') * scale;
	return true;
}

static bool take_offset(const char **cursor, int *ret_seconds)
{
	bool is_west = **cursor == '-';
	struct civil offset = { 0 };

	*ret_seconds = 0;
	if (take_one_of(cursor, "Zz"))
		return true;
	if (!take_one_of(cursor, "+-") || !take_hour_and_minute(cursor, &offset))
		return false;
	*ret_seconds = (offset.hour * 3600 + offset.minute * 60) * (is_west ? -1 : 1);
	return offset.hour <= 23 && offset.minute <= 59;
}

int time_parse_rfc3339(const char *text, portal_time *ret)
{
	struct civil civil;
	int fraction_ms, offset_seconds;
	int64_t ms;

	if (!take_date(&text, &civil) || !take_one_of(&text, "Tt") || !take_clock(&text, &civil) ||
		!take_fraction(&text, &fraction_ms) || !take_offset(&text, &offset_seconds))
		return -1;
	if (*text != '\0' || !civil_is_valid(&civil))
		return -1;
	ms = (civil_to_seconds(&civil) - offset_seconds) * 1000 + fraction_ms;
	if (ms < TIME_MIN_MS || ms > TIME_MAX_MS)
		return -1;
	ret->ms = ms;
	return 0;
}

int date_parse(const char *text, struct civil *ret)
{
	struct civil civil = { 0 };

	if (!take_date(&text, &civil) || *text != '\0' || civil.year == 0 || !date_is_valid(&civil))
		return -1;
	*ret = civil;
	return 0;
}

static void put_two(char *at, int value)
{
	at[0] = (char)('0' + value / 10);
	at[1] = (char)('0' + value % 10);
}

char *time_format_utc(portal_time time, char buf[static 24])
{
	const int64_t year_0 = INT64_C(-62167219200), year_9999_end = TIME_MAX_MS / 1000;
	int64_t seconds = floor_div(time.ms, 1000);
	struct civil civil;

	if (seconds < year_0)
		seconds = year_0;
	if (seconds > year_9999_end)
		seconds = year_9999_end;
	civil_from_seconds(seconds, &civil);
	memcpy(buf, "0000-00-00T00:00:00Z", sizeof("0000-00-00T00:00:00Z"));
	put_two(buf, civil.year / 100);
	put_two(buf + 2, civil.year % 100);
	put_two(buf + 5, civil.month);
	put_two(buf + 8, civil.day);
	put_two(buf + 11, civil.hour);
	put_two(buf + 14, civil.minute);
	put_two(buf + 17, civil.second);
	return buf;
}
