/* Web hooks as the rest of lib needs them. */
#ifndef LIB_WEBHOOK_PRIVATE_H
#define LIB_WEBHOOK_PRIVATE_H

#include <portal/webhook.h>

#include "work.h"

/* One body without its text: 1, 0 where there is none, negative. */
int webhook_by_id(struct work *w, int64_t id, struct webhook *ret);

/* Reads the bodies that wait: @older_than_ms and longer (0: all), but for those that
 * somebody else began to read just now. Whoever dies over one leaves it to the next; after
 * the third it has failed. Returns how many were read; of a rehearsal, how many wait. */
int webhook_run(struct portal *portal, int64_t older_than_ms, struct portal_error *err);

/* How many wait; for `status`. */
int webhook_count_waiting(struct work *w, int64_t *ret);

#endif
