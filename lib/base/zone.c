#include "base/zone.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <portal/arena.h>

#include "base/i18n.h"
#include "base/tzif.h"

enum { NAME_BYTES_MAX = 64 };

/* Weekdays and leap years repeat after 400 years, and so do yearly rules. */
#define CYCLE_SECONDS (INT64_C(146097) * SECONDS_PER_DAY)

struct zone {
	const char *name;
	struct tzif file;
};

static bool name_is_safe(const char *name)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_+-/";
	size_t len = strnlen(name, NAME_BYTES_MAX + 1);

	return len > 0 && len <= NAME_BYTES_MAX && name[0] != '/' && name[len - 1] != '/' &&
	       !strstr(name, "//") && name[strspn(name, allowed)] == '\0';
}

static void close_file(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* Reads @size bytes, or fewer where the file ends earlier; -1 on failure. */
static ssize_t read_whole(int fd, unsigned char *data, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = read(fd, data + done, size - done);

		if (n == 0)
			break;
		if (n > 0)
			done += (size_t)n;
		else if (errno != EINTR)
			return -1;
	}
	return (ssize_t)done;
}

/* A name may lead to a folder or, in a folder of one's own, to a pipe. */
static const unsigned char *read_file(struct arena *arena, const char *path, size_t *ret_size)
{
	__attribute__((cleanup(close_file))) int fd =
		open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	unsigned char *data;
	struct stat stat;
	ssize_t size;

	if (fd < 0 || fstat(fd, &stat) < 0 || !S_ISREG(stat.st_mode) ||
		stat.st_size > TZIF_BYTES_MAX)
		return NULL;
	data = arena_alloc(arena, (size_t)stat.st_size);
	size = read_whole(fd, data, (size_t)stat.st_size);
	if (size < 0)
		return NULL;
	*ret_size = (size_t)size;
	return data;
}

static int fail_unknown(const char *name, struct portal_error *err)
{
	portal_fail(err, PORTAL_INVALID_TIME, _("'%s' is not a time zone"), name);
	return portal_hint(err, _("give a name such as America/Sao_Paulo; the system's tzdata "
				  "package holds the zones"));
}

int zone_load(struct arena *arena, const char *dir, const char *name, struct zone **ret,
	struct portal_error *err)
{
	struct zone *zone = arena_new(arena, struct zone);
	const unsigned char *data;
	size_t size;

	if (!name_is_safe(name))
		return fail_unknown(name, err);
	zone->name = arena_strdup(arena, name);
	if (strcmp(name, "UTC") != 0) {
		data = read_file(arena,
			arena_printf(arena, "%s/%s", dir ? dir : "/usr/share/zoneinfo", name),
			&size);
		if (!data)
			return fail_unknown(name, err);
		if (!tzif_read(arena, data, size, &zone->file))
			return portal_fail(err, PORTAL_INVALID_TIME,
				_("the file of the time zone '%s' is damaged"), name);
	}
	*ret = zone;
	return 0;
}

const char *zone_name(const struct zone *zone)
{
	return zone->name;
}

static int64_t month_rule_day(const struct rule_day *rule, int year)
{
	struct civil first = { .year = year, .month = rule->month, .day = 1 };
	int64_t days = civil_to_days(&first);
	int weekday = (int)((days + 4) % 7);
	int day = (rule->day - weekday + 7) % 7 + 7 * (rule->week - 1);

	return days + (day < civil_month_days(year, rule->month) ? day : day - 7);
}

static int64_t rule_day_in_year(const struct rule_day *rule, int year)
{
	struct civil first = { .year = year, .month = 1, .day = 1 };
	bool is_past_leap_day = rule->day >= 60 && civil_month_days(year, 2) == 29;

	if (rule->kind == 'M')
		return month_rule_day(rule, year);
	if (rule->kind == 'J')
		return civil_to_days(&first) + rule->day - 1 + is_past_leap_day;
	return civil_to_days(&first) + rule->day;
}

static int64_t rule_time(const struct rule_day *rule, int year, int32_t offset_before)
{
	return rule_day_in_year(rule, year) * SECONDS_PER_DAY + rule->seconds - offset_before;
}

/* The last change at or before @seconds decides. A change may fall outside the
 * year it belongs to, hence the years around it. Where summer time ends at the
 * moment it begins again, it goes on: its begin is looked at second. */
static int32_t rule_offset(const struct tz_rule *rule, int64_t seconds)
{
	int32_t offset = rule->standard_offset;
	int64_t latest = INT64_MIN;
	struct civil now;

	if (rule->summer_offset == rule->standard_offset)
		return offset;
	seconds = seconds % CYCLE_SECONDS + 2 * CYCLE_SECONDS;
	civil_from_seconds(seconds, &now);
	for (int year = now.year - 1; year <= now.year + 1; year++) {
		int64_t ends = rule_time(&rule->summer_ends, year, rule->summer_offset);
		int64_t begins = rule_time(&rule->summer_begins, year, rule->standard_offset);

		if (ends <= seconds && ends >= latest) {
			latest = ends;
			offset = rule->standard_offset;
		}
		if (begins <= seconds && begins >= latest) {
			latest = begins;
			offset = rule->summer_offset;
		}
	}
	return offset;
}

/* How many changes lie at or before @seconds. */
static size_t changes_until(const struct zone *zone, int64_t seconds)
{
	size_t low = 0, high = zone->file.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (zone->file.times[middle] <= seconds)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int32_t zone_offset_seconds(const struct zone *zone, int64_t unix_seconds)
{
	size_t changes = changes_until(zone, unix_seconds);

	if (zone->file.rule && changes == zone->file.count)
		return rule_offset(zone->file.rule, unix_seconds);
	return changes > 0 ? zone->file.offsets[changes - 1] : zone->file.first_offset;
}

void zone_to_civil(const struct zone *zone, portal_time time, struct civil *ret)
{
	int64_t seconds = floor_div(time.ms, 1000);

	civil_from_seconds(seconds + zone_offset_seconds(zone, seconds), ret);
}

/* The offset that turns what a clock shows into time is @before. In a gap, where
 * no clock ever shows it, that is the offset before the gap, @after the one after. */
struct local_offsets {
	int32_t before, after;
	bool is_gap;
};

static bool shows(const struct zone *zone, int64_t local_seconds, int32_t offset)
{
	return zone_offset_seconds(zone, local_seconds - offset) == offset;
}

/* Offsets are below 26 hours and changes days apart, so the offsets a day
 * before and after are all that can hold. The larger one is the earlier time. */
static struct local_offsets offsets_at(const struct zone *zone, int64_t local_seconds)
{
	struct local_offsets at = {
		.before = zone_offset_seconds(zone, local_seconds - SECONDS_PER_DAY),
		.after = zone_offset_seconds(zone, local_seconds + SECONDS_PER_DAY),
	};

	if (shows(zone, local_seconds, at.before))
		return at;
	at.is_gap = !shows(zone, local_seconds, at.after);
	if (!at.is_gap)
		at.before = at.after;
	return at;
}

static int64_t local_to_seconds(const struct zone *zone, const struct civil *civil)
{
	int64_t local_seconds = civil_to_seconds(civil);

	return local_seconds - offsets_at(zone, local_seconds).before;
}

portal_time zone_from_civil(const struct zone *zone, const struct civil *civil)
{
	return (portal_time){ local_to_seconds(zone, civil) * 1000 };
}

/* The moment between @low and @high at which the offset stops being @before. */
static int64_t find_change(const struct zone *zone, int64_t low, int64_t high, int32_t before)
{
	while (low < high) {
		int64_t middle = low + (high - low) / 2;

		if (zone_offset_seconds(zone, middle) == before)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static portal_time first_from(const struct zone *zone, int64_t local_seconds)
{
	struct local_offsets at = offsets_at(zone, local_seconds);
	int64_t seconds = local_seconds - at.before;

	if (at.is_gap)
		seconds = find_change(zone, local_seconds - at.after, seconds, at.before);
	return (portal_time){ seconds * 1000 };
}

portal_time zone_first_from(const struct zone *zone, int64_t day, int second)
{
	return first_from(zone, day * SECONDS_PER_DAY + second);
}

portal_time zone_day_start(const struct zone *zone, const struct civil *day)
{
	return first_from(zone, civil_to_days(day) * SECONDS_PER_DAY);
}

portal_time zone_add_year(const struct zone *zone, portal_time start)
{
	int64_t ms = start.ms - floor_div(start.ms, 1000) * 1000;
	struct civil civil;

	zone_to_civil(zone, start, &civil);
	civil.year++;
	if (civil.day > civil_month_days(civil.year, civil.month)) {
		civil.day = 1;
		civil.month++;
	}
	return (portal_time){ local_to_seconds(zone, &civil) * 1000 + ms };
}

int zone_parse_time(const struct zone *zone, const char *text, portal_time *ret)
{
	struct civil day;
	portal_time time;

	if (time_parse_rfc3339(text, ret) == 0)
		return 0;
	if (date_parse(text, &day) < 0)
		return -1;
	time = zone_day_start(zone, &day);
	if (time.ms < TIME_MIN_MS || time.ms > TIME_MAX_MS)
		return -1;
	*ret = time;
	return 0;
}
