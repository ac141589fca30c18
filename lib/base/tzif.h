/* The compiled zone files of the time zone database: RFC 8536, versions 1 to 4,
 * with the yearly rule at the end (POSIX TZ with the extensions of that RFC).
 * Only zone.c, which asks the questions, looks inside. */
#ifndef BASE_TZIF_H
#define BASE_TZIF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* No real file has a tenth of this. */
enum { TZIF_BYTES_MAX = 64 * 1024 };

/* A day of the year in the ways of POSIX TZ: 'M' the @week-th (5 is the last)
 * @day (0 is Sunday) of @month, 'J' a day from 1 that never is 29 February,
 * 'N' a day from 0 that may be. @seconds count from that day's midnight. */
struct rule_day {
	char kind;
	int month, week, day;
	int32_t seconds;
};

struct tz_rule {
	int32_t standard_offset, summer_offset;
	struct rule_day summer_begins, summer_ends;
};

/* offsets[i] is in force from times[i] on, first_offset before times[0], and
 * @rule, unless NULL, from the last of times on. */
struct tzif {
	size_t count;
	int64_t *times;
	int32_t *offsets;
	int32_t first_offset;
	struct tz_rule *rule;
};

/* Reads the @size bytes of a file, at most TZIF_BYTES_MAX, into *ret, whose
 * arrays live in @arena. False for what is damaged, and for files that count
 * leap seconds, which Unix time does not. */
bool tzif_read(struct arena *arena, const unsigned char *data, size_t size, struct tzif *ret);

#endif
