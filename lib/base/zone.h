/* Time zones of the system's database, read without touching the process's
 * environment or the C library's one current zone, so that several zones can
 * be used side by side. The rules of a zone are in memory after loading. */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include <stdint.h>

#include <portal/error.h>
#include <portal/record.h>

#include "base/time.h"

struct arena;
struct zone;

/* Loads a zone by its name ("America/Sao_Paulo") from @dir, the folder of
 * compiled zone files; NULL is /usr/share/zoneinfo. "UTC" needs no file. The
 * zone lives in @arena. Returns 0, or -PORTAL_INVALID_TIME where there is no
 * such zone, or its file is larger than 64 KiB, damaged, or counts leap seconds. */
int zone_load(struct arena *arena, const char *dir, const char *name, struct zone **ret,
	struct portal_error *err);

/* The name the zone was loaded by; lives as long as the zone. */
const char *zone_name(const struct zone *zone);

/* Seconds east of UTC in force at a point in time (-10800 in Sao Paulo today).
 * Times after the last change on record follow the zone's yearly rule. */
int32_t zone_offset_seconds(const struct zone *zone, int64_t unix_seconds);

/* What calendar and clock show there and then; milliseconds are cut off. */
void zone_to_civil(const struct zone *zone, portal_time time, struct civil *ret);

/* When calendar and clock show @civil, which must be valid. Where the clock was
 * set forward over it, the time as much later as the clock was set; where the
 * clock was set back and shows it twice, the first of the two. */
portal_time zone_from_civil(const struct zone *zone, const struct civil *civil);

/* The first moment of that day: midnight, or the moment the clock was set
 * forward over midnight (Sao Paulo on 2018-11-04 began at 01:00). */
portal_time zone_day_start(const struct zone *zone, const struct civil *day);

/* The first moment of day @day (civil_to_days) at which the clock shows @second (of the day,
 * up to 86400) or later: where the clock was set forward over it, the moment it was set. */
portal_time zone_first_from(const struct zone *zone, int64_t day, int second);

/* The end of a term of one year that begins at @start: the same month, day and
 * time of day, to the millisecond, of the next year there, or of the following
 * day where the next year has no such day (29 February gives 1 March). Source:
 * Código Civil, art. 132, par. 3. */
portal_time zone_add_year(const struct zone *zone, portal_time start);

/* Reads RFC 3339 (time_parse_rfc3339), or a date, which is the first moment of
 * that day in @zone. Returns 0, or -1 and leaves *ret alone. */
int zone_parse_time(const struct zone *zone, const char *text, portal_time *ret);

#endif
