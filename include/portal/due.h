/* All that is due at a time, in one call (O3): what cron runs. */
#ifndef PORTAL_DUE_H
#define PORTAL_DUE_H

#include <portal/portal.h>

/* What was done. */
struct portal_due {
	int64_t invites_expired;
};
extern const struct portal_record portal_due_record;

/* Expires the invites whose year is over (N5). Safe to run twice, and at the
 * same time. 1: something was done; 0: nothing was due. */
int portal_do_due(struct portal *portal, struct portal_due *ret_due, struct portal_error *err);

#endif
