/* Points in time as people read them: what calendar and clock show in a zone.
 * Zones are read without touching the process's own (TZ, localtime), so that
 * several can be used side by side. The calendar is the Gregorian one. */
#ifndef PORTAL_TIME_H
#define PORTAL_TIME_H

#include <portal/error.h>
#include <portal/record.h>

struct arena;
struct portal;

/* A zone with its rules, read once and never changed. */
struct portal_zone;

/* What calendar and clock on a wall show. Month and day count from 1, hours go
 * from 0 to 23, second 60 does not occur. */
struct portal_wall {
	int year, month, day, hour, minute, second;
};

/* Loads a zone of the system's database by its name ("America/Sao_Paulo"); it
 * lives in @arena. "UTC" is always there. Returns 0, or -PORTAL_INVALID_TIME where
 * there is none of that name or its file is damaged; *ret is untouched then. */
int portal_zone_open(struct arena *arena, const char *name, const struct portal_zone **ret,
	struct portal_error *err);

/* The zone of the portal's office (the setting time_zone), which lives until the portal
 * is closed. Whoever opened the portal may know it: no rights are asked. It is read in a
 * transaction of its own, so don't call it from a visitor or within portal_transact().
 * PORTAL_DAMAGED where the system does not know what is stored there. */
int portal_office_zone(
	struct portal *portal, const struct portal_zone **ret, struct portal_error *err);

/* What they show in the zone at that time, by the rules in force then, summer
 * time included; milliseconds are cut off. */
void portal_zone_wall(const struct portal_zone *zone, portal_time time, struct portal_wall *ret);

/* Writes "2026-03-01T12:00:00Z" to @buf and returns @buf: the form of times in
 * everything that programs read. Milliseconds are cut off; times outside the
 * years 0000 to 9999 are shown as the nearest inside. */
char *portal_time_utc(portal_time time, char buf[static 24]);

/* Reads RFC 3339, or a date, which is the first moment of that day in @zone; with
 * @zone NULL a date is refused like anything else: PORTAL_INVALID_TIME, and
 * *ret_time is untouched. */
int portal_time_read(const struct portal_zone *zone, const char *text, portal_time *ret_time,
	struct portal_error *err);

#endif
