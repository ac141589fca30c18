#include "base/time.h"

#include "base/zone.h"
#include "fuzz.h"

/* A time reads back from what it is printed as, to the second. */
static void rfc3339(const char *text)
{
	portal_time time = { 0 }, again = { 0 };
	struct civil day;
	char buf[24];

	if (time_parse_rfc3339(text, &time) == 0) {
		FUZZ_CHECK(time.ms >= TIME_MIN_MS && time.ms <= TIME_MAX_MS);
		FUZZ_CHECK(time_parse_rfc3339(time_format_utc(time, buf), &again) == 0);
		FUZZ_CHECK(again.ms == time.ms - time.ms % 1000);
	}
	if (date_parse(text, &day) == 0)
		FUZZ_CHECK(civil_is_valid(&day) && strlen(text) == 10);
}

/* No zone is as far as two days from UTC, so nothing it says may be. */
static void ask(const struct zone *zone, int64_t ms)
{
	const int64_t two_days_ms = INT64_C(2000) * SECONDS_PER_DAY;
	struct civil civil;
	portal_time time = { ms }, back;

	zone_to_civil(zone, time, &civil);
	FUZZ_CHECK(civil_is_valid(&civil));
	back = zone_from_civil(zone, &civil);
	FUZZ_CHECK(back.ms > ms - two_days_ms && back.ms < ms + two_days_ms);
	back = zone_day_start(zone, &civil);
	FUZZ_CHECK(back.ms > ms - 2 * two_days_ms && back.ms < ms + two_days_ms);
	FUZZ_CHECK(zone_add_year(zone, time).ms > ms);
}

/* The file in memory is reached by the number of its descriptor. */
static void zone_file(const uint8_t *data, size_t size)
{
	static const int64_t times_ms[] = { TIME_MIN_MS, INT64_C(1293839999999),
		INT64_C(1793839999999), INT64_C(4102444800000), TIME_MAX_MS };
	static int fd = -1;
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct zone *zone = NULL;
	char name[16];
	int rc;

	fuzz_file(&fd, data, size);
	snprintf(name, sizeof(name), "%d", fd);
	rc = zone_load(&arena, "/proc/self/fd", name, &zone, &err);
	FUZZ_CHECK(rc == 0 || rc == -PORTAL_INVALID_TIME);
	for (size_t i = 0; rc == 0 && i < sizeof(times_ms) / sizeof(*times_ms); i++)
		ask(zone, times_ms[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_text_ char *text = fuzz_text(data, size);

	rfc3339(text);
	zone_file(data, size);
	return 0;
}
