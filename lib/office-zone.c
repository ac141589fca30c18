#include <portal/time.h>

#include "portal-private.h"
#include "time-private.h"

struct office_zone {
	struct portal *portal;
	const struct zone *rules;
	struct portal_error *err;
};

/* Nobody acts: a session that has ended has times to show, too. */
static int read_office_zone(struct store_tx *tx, void *arg)
{
	struct office_zone *office = arg;
	struct work w = { .portal = office->portal,
		.tx = tx,
		.arena = &office->portal->results,
		.err = office->err };

	work_forget_settings(&w);
	office->rules = work_zone(&w);
	return office->rules ? 0 : -(int)office->err->code;
}

int portal_office_zone(
	struct portal *portal, const struct portal_zone **ret, struct portal_error *err)
{
	struct office_zone office = { portal, NULL, err };
	struct portal_zone *zone;
	const int r =
		store_run(portal->store, STORE_READ, STORE_COMMIT, read_office_zone, &office, err);

	if (r < 0)
		return r;
	zone = arena_new(&portal->keep, struct portal_zone);
	zone->rules = office.rules;
	*ret = zone;
	return 0;
}
