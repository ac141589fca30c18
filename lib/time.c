#include <portal/time.h>

#include <portal/arena.h>

#include "base/i18n.h"
#include "base/time.h"
#include "base/zone.h"
#include "time-private.h"

int portal_zone_open(struct arena *arena, const char *name, const struct portal_zone **ret,
	struct portal_error *err)
{
	struct portal_zone *zone = arena_new(arena, struct portal_zone);
	struct zone *rules;
	int result = zone_load(arena, NULL, name, &rules, err);

	if (result < 0)
		return result;
	zone->rules = rules;
	*ret = zone;
	return 0;
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

int portal_time_read(const struct portal_zone *zone, const char *text, portal_time *ret_time,
	struct portal_error *err)
{
	int result = zone ? zone_parse_time(zone->rules, text, ret_time)
			  : time_parse_rfc3339(text, ret_time);

	if (result == 0)
		return 0;
	if (!zone)
		return portal_fail(err, PORTAL_INVALID_TIME,
			_("'%.100s' is no time; write 2026-03-01T12:00:00Z"), text);
	return portal_fail(err, PORTAL_INVALID_TIME,
		_("'%.100s' is no time; write 2026-03-01T12:00:00Z or 2026-03-01"), text);
}
