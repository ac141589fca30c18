/* What an event of a web hook changes in the portal (W5 to W9). Private to lib. */
#ifndef LIB_WA_ROUTE_H
#define LIB_WA_ROUTE_H

#include "wa-event.h"
#include "work.h"

/* What became of an event: it was used; it was known; it can't be used, and the reason is
 * a word of webhook_reasons. */
enum wa_fate { WA_USED, WA_KNOWN, WA_SET_ASIDE };

/* @webhook_id: the body that holds the event. @ret_reason is set with WA_SET_ASIDE alone. A
 * fate, or negative: a failure that wrote nothing concerns this event alone. */
int wa_route(
	struct work *w, const struct wa_event *event, int64_t webhook_id, const char **ret_reason);

#endif
