#include "base/zone.h"

#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <portal/arena.h>

#include "base/tzif.h"

#include "check.h"

static struct arena memory;

static struct zone *load(const char *name)
{
	struct portal_error err = { 0 };
	struct zone *zone = NULL;

	if (zone_load(&memory, NULL, name, &zone, &err) != 0) {
		printf("# %s\n", err.message);
		exit(1);
	}
	return zone;
}

static int64_t utc(const char *text)
{
	portal_time time = { -1 };

	CHECK_INT(time_parse_rfc3339(text, &time), 0);
	return time.ms;
}

static int64_t from_civil(const char *zone, int year, int month, int day, int hour, int minute)
{
	struct civil civil = { year, month, day, hour, minute, 0 };

	return zone_from_civil(load(zone), &civil).ms;
}

static int64_t day_start(const char *zone, int year, int month, int day)
{
	struct civil civil = { year, month, day, 0, 0, 0 };

	return zone_day_start(load(zone), &civil).ms;
}

static int64_t year_after(const char *zone, const char *start)
{
	return zone_add_year(load(zone), (portal_time){ utc(start) }).ms;
}

static int32_t libc_offset(int64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm tm;

	localtime_r(&time, &tm);
	return (int32_t)tm.tm_gmtoff;
}

static bool offset_agrees(const struct zone *zone, int64_t seconds)
{
	if (zone_offset_seconds(zone, seconds) == libc_offset(seconds))
		return true;
	printf("# %s at %lld: %d, not %d\n", zone_name(zone), (long long)seconds,
		zone_offset_seconds(zone, seconds), libc_offset(seconds));
	return false;
}

static int64_t from_local(const struct zone *zone, int64_t local_seconds)
{
	struct civil civil;

	civil_from_seconds(local_seconds, &civil);
	return zone_from_civil(zone, &civil).ms / 1000;
}

/* What the clock shows around a change, against the definition: before the
 * change the old offset, and in a gap too; in an overlap the first time. */
static bool civil_agrees_around(const struct zone *zone, int64_t change, int32_t old, int32_t new)
{
	int64_t first = change + (old < new ? old : new) - 7200;
	int64_t last = change + (old < new ? new : old) + 7200;

	for (int64_t local = first; local <= last; local += 300) {
		bool is_old = local < change + old || (new > old &&local < change + new);
		int64_t want = local - (is_old ? old : new);

		if (from_local(zone, local) != want) {
			printf("# %s: local %lld gives %lld, not %lld\n", zone_name(zone),
				(long long)local, (long long)from_local(zone, local),
				(long long)want);
			return false;
		}
	}
	return true;
}

static int64_t find_libc_change(int64_t low, int64_t high)
{
	int32_t before = libc_offset(low);

	while (high - low > 1) {
		int64_t middle = low + (high - low) / 2;

		if (libc_offset(middle) == before)
			low = middle;
		else
			high = middle;
	}
	return high;
}

static bool change_agrees(const struct zone *zone, int64_t change)
{
	return offset_agrees(zone, change - 1) && offset_agrees(zone, change) &&
	       civil_agrees_around(zone, change, libc_offset(change - 1), libc_offset(change));
}

/* Day by day, and to the second at each change; returns how many changes. */
static int compare_with_libc(const char *name, int from_year, int to_year)
{
	struct civil from = { from_year, 1, 1, 0, 0, 0 }, to = { to_year, 1, 1, 0, 0, 0 };
	int64_t end = civil_to_seconds(&to);
	struct zone *zone = load(name);
	int changes = 0;

	setenv("TZ", name, 1);
	tzset();
	for (int64_t t = civil_to_seconds(&from); t < end; t += SECONDS_PER_DAY) {
		if (!offset_agrees(zone, t))
			return -1;
		if (libc_offset(t) == libc_offset(t + SECONDS_PER_DAY))
			continue;
		changes++;
		if (!change_agrees(zone, find_libc_change(t, t + SECONDS_PER_DAY)))
			return -1;
	}
	return changes;
}

static void offsets_and_changes_agree_with_the_c_library(void)
{
	CHECK_INT(compare_with_libc("America/Sao_Paulo", 1985, 2020), 68);
	CHECK(compare_with_libc("America/Sao_Paulo", 2020, 2060) >= 0);
	CHECK(compare_with_libc("America/New_York", 2026, 2041) >= 0);
	CHECK(compare_with_libc("Europe/Lisbon", 1970, 2041) > 60);
	CHECK(compare_with_libc("Asia/Kathmandu", 1970, 2041) == 1);
	CHECK(compare_with_libc("UTC", 1970, 2041) == 0);
	CHECK(compare_with_libc("Etc/GMT+3", 1970, 2041) == 0);
	CHECK(compare_with_libc("Pacific/Apia", 1970, 2041) > 20);
	CHECK(compare_with_libc("Pacific/Kwajalein", 1970, 2041) == 1);
	CHECK(compare_with_libc("Australia/Lord_Howe", 1970, 2041) > 80);
	CHECK(compare_with_libc("America/Santiago", 2020, 2060) > 10);
	CHECK(compare_with_libc("America/Nuuk", 2020, 2060) >= 0);
	CHECK(compare_with_libc("Europe/Dublin", 2030, 2060) >= 0);
}

static void the_rule_goes_on_for_all_time(void)
{
	struct zone *zone = load("America/New_York");

	CHECK_INT(zone_offset_seconds(zone, INT64_C(32472144000)), -18000);
	CHECK_INT(zone_offset_seconds(zone, INT64_C(32488041600)), -14400);
	CHECK_INT(zone_offset_seconds(zone, INT64_MIN), -17762);
	CHECK(zone_offset_seconds(zone, INT64_MAX) % 3600 == 0);
	CHECK_INT(zone_offset_seconds(load("America/Sao_Paulo"), INT64_MAX), -10800);
}

static void a_clock_set_forward_over_a_time_gives_the_later_time(void)
{
	CHECK_INT(
		from_civil("America/Sao_Paulo", 2018, 11, 3, 23, 59), utc("2018-11-04T02:59:00Z"));
	CHECK_INT(from_civil("America/Sao_Paulo", 2018, 11, 4, 0, 0), utc("2018-11-04T03:00:00Z"));
	CHECK_INT(from_civil("America/Sao_Paulo", 2018, 11, 4, 0, 30), utc("2018-11-04T03:30:00Z"));
	CHECK_INT(from_civil("America/Sao_Paulo", 2018, 11, 4, 1, 0), utc("2018-11-04T03:00:00Z"));
	CHECK_INT(
		from_civil("Pacific/Apia", 2011, 12, 30, 12, 0), utc("2011-12-31T12:00:00+14:00"));
}

static void a_clock_set_back_gives_the_first_of_two_times(void)
{
	CHECK_INT(
		from_civil("America/Sao_Paulo", 2018, 2, 17, 22, 59), utc("2018-02-18T00:59:00Z"));
	CHECK_INT(from_civil("America/Sao_Paulo", 2018, 2, 17, 23, 0), utc("2018-02-18T01:00:00Z"));
	CHECK_INT(
		from_civil("America/Sao_Paulo", 2018, 2, 17, 23, 59), utc("2018-02-18T01:59:00Z"));
	CHECK_INT(from_civil("America/Sao_Paulo", 2018, 2, 18, 0, 0), utc("2018-02-18T03:00:00Z"));
	CHECK_INT(from_civil("America/New_York", 2040, 11, 4, 1, 30), utc("2040-11-04T05:30:00Z"));
}

static void a_day_starts_at_midnight_or_when_the_clock_was_set_over_it(void)
{
	CHECK_INT(day_start("America/Sao_Paulo", 2026, 3, 1), utc("2026-03-01T03:00:00Z"));
	CHECK_INT(day_start("America/Sao_Paulo", 2018, 11, 4), utc("2018-11-04T03:00:00Z"));
	CHECK_INT(day_start("America/Sao_Paulo", 2018, 2, 18), utc("2018-02-18T03:00:00Z"));
	CHECK_INT(day_start("Pacific/Apia", 2011, 12, 30), utc("2011-12-31T00:00:00+14:00"));
	CHECK_INT(day_start("Asia/Kathmandu", 2026, 1, 1), utc("2025-12-31T18:15:00Z"));
	CHECK_INT(day_start("Africa/Cairo", 2027, 4, 30), utc("2027-04-29T22:00:00Z"));
	/* Here the clock went from 23:30 to 00:30, so that midnight is inside the gap. */
	CHECK_INT(day_start("America/Toronto", 1919, 3, 31), INT64_C(-1601753400000));
}

static void n5_a_year_ends_on_the_same_day_and_time_of_day(void)
{
	CHECK_INT(year_after("America/Sao_Paulo", "2026-03-01T12:34:56.789Z"),
		utc("2027-03-01T12:34:56.789Z"));
	CHECK_INT(year_after("UTC", "2027-12-31T23:59:59.999Z"), utc("2028-12-31T23:59:59.999Z"));
	CHECK_INT(year_after("UTC", "2027-02-28T10:00:00Z"), utc("2028-02-28T10:00:00Z"));
	CHECK_INT(year_after("UTC", "2027-03-01T10:00:00Z"), utc("2028-03-01T10:00:00Z"));
}

static void n5_a_year_from_29_february_ends_on_1_march(void)
{
	CHECK_INT(year_after("America/Sao_Paulo", "2028-02-29T12:00:00.001Z"),
		utc("2029-03-01T12:00:00.001Z"));
	CHECK_INT(year_after("UTC", "2096-02-29T00:00:00Z"), utc("2097-03-01T00:00:00Z"));
	/* 1 March in UTC is still 29 February in Sao Paulo, and the other way round. */
	CHECK_INT(year_after("America/Sao_Paulo", "2028-03-01T02:59:59Z"),
		utc("2029-03-02T02:59:59Z"));
	CHECK_INT(
		year_after("Asia/Kathmandu", "2028-02-29T20:00:00Z"), utc("2029-02-28T20:00:00Z"));
}

static void n5_the_time_of_day_counts_in_the_zone_and_not_in_utc(void)
{
	CHECK_INT(year_after("America/Sao_Paulo", "2018-11-01T12:00:00-03:00"),
		utc("2019-11-01T12:00:00-03:00"));
	CHECK_INT(year_after("America/Sao_Paulo", "2018-12-01T12:00:00-02:00"),
		utc("2019-12-01T12:00:00-03:00"));
	CHECK_INT(year_after("America/Sao_Paulo", "2017-11-04T00:30:00-02:00"),
		utc("2018-11-04T01:30:00-02:00"));
	CHECK_INT(year_after("Pacific/Apia", "2010-12-30T12:00:00-10:00"),
		utc("2011-12-31T12:00:00+14:00"));
}

static void a_hundred_thousand_years_are_added_in_no_time(void)
{
	struct zone *zone = load("America/New_York");
	clock_t begin = clock();
	int64_t sum = 0;

	for (int i = 0; i < 100000; i += CHECK_STRIDE(50))
		sum += zone_add_year(zone, (portal_time){ utc("2040-01-01T00:00:00Z") + i }).ms % 7;
	CHECK(sum > 0);
	CHECK((double)(clock() - begin) / CLOCKS_PER_SEC < 1.0);
}

static int64_t read_in_sao_paulo(const char *text)
{
	portal_time time = { -1 };

	return zone_parse_time(load("America/Sao_Paulo"), text, &time) == 0 ? time.ms : -1;
}

static void a_date_is_read_as_the_start_of_that_day_in_the_zone(void)
{
	CHECK_INT(read_in_sao_paulo("2026-03-01"), utc("2026-03-01T03:00:00Z"));
	CHECK_INT(read_in_sao_paulo("2018-11-04"), utc("2018-11-04T03:00:00Z"));
	CHECK_INT(read_in_sao_paulo("2026-03-01T12:00:00Z"), utc("2026-03-01T12:00:00Z"));
	CHECK_INT(read_in_sao_paulo("1970-01-02"), utc("1970-01-02T03:00:00Z"));
	CHECK_INT(read_in_sao_paulo("1970-01-01"), -1);
	CHECK_INT(read_in_sao_paulo("0001-01-01"), -1);
	CHECK_INT(read_in_sao_paulo("2027-02-29"), -1);
	CHECK_INT(read_in_sao_paulo("yesterday"), -1);
}

static int load_verdict(const char *dir, const char *name)
{
	struct portal_error err = { 0 };
	struct zone *zone = NULL;
	int r = zone_load(&memory, dir, name, &zone, &err);

	CHECK((r == 0) == (zone != NULL) && (r == 0) == (err.message[0] == '\0'));
	return r;
}

static void names_that_leave_the_folder_or_name_no_zone_are_refused(void)
{
	static const char *const wrong[] = { "", "/etc/passwd", "/America/Sao_Paulo",
		"../../etc/passwd", "..", "America/../UTC", "America", "America/",
		"America//Sao_Paulo", "America/Atlantis", "tzdata.zi", "leapseconds",
		"S\xc3\xa3o_Paulo", "America/Sao Paulo", "UTC\n",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK_INT(load_verdict(NULL, wrong[i]), -PORTAL_INVALID_TIME);
	CHECK_INT(load_verdict("/nonexistent", "America/Sao_Paulo"), -PORTAL_INVALID_TIME);
	CHECK_INT(load_verdict("/nonexistent", "UTC"), 0);
}

static void write_file(const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "w");

	CHECK(file && fwrite(data, 1, size, file) == size && fclose(file) == 0);
}

static void large_damaged_and_odd_files_are_refused(void)
{
	char dir[] = "/tmp/zone-test-XXXXXX", path[64];
	static char zeros[TZIF_BYTES_MAX + 1];

	CHECK(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/Test", dir);
	write_file(path, zeros, sizeof(zeros));
	CHECK_INT(load_verdict(dir, "Test"), -PORTAL_INVALID_TIME);
	write_file(path, "TZif2", 5);
	CHECK_INT(load_verdict(dir, "Test"), -PORTAL_INVALID_TIME);
	write_file(path, "", 0);
	CHECK_INT(load_verdict(dir, "Test"), -PORTAL_INVALID_TIME);
	unlink(path);
	CHECK_INT(mkfifo(path, 0600), 0);
	CHECK_INT(load_verdict(dir, "Test"), -PORTAL_INVALID_TIME);
	unlink(path);
	rmdir(dir);
}

/* In memory of exactly that size, so that a sanitizer sees each byte too far. */
static bool reads_as_zone(const unsigned char *data, size_t size)
{
	struct arena arena = { 0 };
	struct tzif zone = { 0 };
	unsigned char *copy = malloc(size ? size : 1);
	bool is_zone;

	memcpy(copy, data, size);
	is_zone = tzif_read(&arena, copy, size, &zone);
	free(copy);
	arena_release(&arena);
	return is_zone;
}

static size_t read_new_york(unsigned char data[static 8192])
{
	FILE *file = fopen("/usr/share/zoneinfo/America/New_York", "r");
	size_t size = file ? fread(data, 1, 8192, file) : 0;

	CHECK(size > 1000);
	if (file)
		fclose(file);
	return size;
}

static void a_file_cut_anywhere_is_refused(void)
{
	unsigned char data[8192];
	size_t size = read_new_york(data);

	CHECK(reads_as_zone(data, size));
	for (size_t cut = 0; cut < size; cut++)
		if (reads_as_zone(data, cut)) {
			CHECK_INT(cut, -1);
			break;
		}
}

static void a_file_with_any_byte_changed_does_no_harm(void)
{
	unsigned char data[8192];
	size_t size = read_new_york(data), refused = 0;

	for (size_t i = 0; i < size; i++) {
		unsigned char was = data[i];

		data[i] = (unsigned char)(was ^ 0xff);
		refused += !reads_as_zone(data, size);
		data[i] = was;
	}
	CHECK(refused > 500);
}

/* A version 2 file of one type at UTC-5, without changes, with that rule. */
static bool rule_is_read(const char *rule, size_t leap_seconds)
{
	unsigned char data[512] = { 0 }, *second = data + 44 + 7;

	memcpy(data, "TZif2", 5);
	data[39] = data[43] = 1;
	memcpy(second, data, 44);
	second[31] = (unsigned char)leap_seconds;
	memcpy(second + 44, "\xff\xff\xb9\xb0\0\0\0", 7);
	snprintf((char *)second + 51, 300, "\n%s\n", rule);
	return reads_as_zone(data, (size_t)(second - data) + 51 + strlen(rule) + 2);
}

static void yearly_rules_are_read_strictly(void)
{
	static const char *const right[] = { "", "EST5", "<-03>3", "EST5EDT,M3.2.0,M11.1.0",
		"EST5EDT4:30:15,J60/-1,365/167:59:59", "EST5EDT,0/0,J365/25",
		"<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45" };
	static const char *const wrong[] = { "E5", "EST", "EST5EDT", "EST5EDT,M3.2.0",
		"EST5EDT,M0.2.0,M11.1.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0",
		"EST5EDT,M3.0.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,J0,M11.1.0",
		"EST5EDT,366,M11.1.0", "EST5EDT,M3.2.0/168,M11.1.0", "EST25", "EST5x", "<-03",
		"EST99999999999999999999", "EST5EDT,M3.2.0,M11.1.0,", "EST5:60" };

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		if (!rule_is_read(right[i], 0))
			CHECK_STR(right[i], "a rule");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (rule_is_read(wrong[i], 0))
			CHECK_STR(wrong[i], "no rule");
	CHECK(!rule_is_read("", 1));
}

static void summer_time_may_last_all_year(void)
{
	unsigned char data[] = "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
			       "\0\0\0\0\0\0\0\1\0\0\0\1"
			       "\0\0\0\0\0\0\0"
			       "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
			       "\0\0\0\0\0\0\0\1\0\0\0\1"
			       "\0\0\0\0\0\0\0\nEST5EDT,0/0,J365/25\n";
	char dir[] = "/tmp/zone-test-XXXXXX", path[64];
	struct portal_error err = { 0 };
	struct zone *zone = NULL;

	CHECK(mkdtemp(dir) != NULL);
	snprintf(path, sizeof(path), "%s/Test", dir);
	write_file(path, data, sizeof(data) - 1);
	CHECK_INT(zone_load(&memory, dir, "Test", &zone, &err), 0);
	for (int64_t t = 1767225600; t < 1767225600 + 800 * 86400 && zone; t += 1800)
		if (zone_offset_seconds(zone, t) != -14400) {
			CHECK_INT(t, -1);
			break;
		}
	unlink(path);
	rmdir(dir);
}

int main(void)
{
	RUN(offsets_and_changes_agree_with_the_c_library);
	RUN(the_rule_goes_on_for_all_time);
	RUN(a_clock_set_forward_over_a_time_gives_the_later_time);
	RUN(a_clock_set_back_gives_the_first_of_two_times);
	RUN(a_day_starts_at_midnight_or_when_the_clock_was_set_over_it);
	RUN(n5_a_year_ends_on_the_same_day_and_time_of_day);
	RUN(n5_a_year_from_29_february_ends_on_1_march);
	RUN(n5_the_time_of_day_counts_in_the_zone_and_not_in_utc);
	RUN(a_hundred_thousand_years_are_added_in_no_time);
	RUN(a_date_is_read_as_the_start_of_that_day_in_the_zone);
	RUN(names_that_leave_the_folder_or_name_no_zone_are_refused);
	RUN(large_damaged_and_odd_files_are_refused);
	RUN(a_file_cut_anywhere_is_refused);
	RUN(a_file_with_any_byte_changed_does_no_harm);
	RUN(yearly_rules_are_read_strictly);
	RUN(summer_time_may_last_all_year);
	arena_release(&memory);
	CHECK_REPORT();
}
