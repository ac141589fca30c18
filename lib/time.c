#include <portal/time.h>

#include <portal/arena.h>

#include "base/time.h"
#include "base/zone.h"

struct portal_zone {
	struct zone *rules;
};

int portal_zone_open(struct arena *arena, const char *name, const struct portal_zone **ret,
	struct portal_error *err)
{
	struct portal_zone *zone = arena_new(arena, struct portal_zone);
	int result = zone_load(arena, NULL, name, &zone->rules, err);

	if (result == 0)
		*ret = zone;
	return result;
}

void portal_zone_wall(const struct portal_zone *zone, portal_time time, struct portal_wall *ret)
{
	struct civil civil;

	zone_to_civil(zone->rules, time, &civil);
	*ret = (struct portal_wall){ civil.year, civil.month, civil.day, civil.hour, civil.minute,
		civil.second };
}

char *portal_time_utc(portal_time time, char buf[static 24])
{
	return time_format_utc(time, buf);
}
