/* Connections as invites need them. */
#ifndef LIB_CONNECTION_PRIVATE_H
#define LIB_CONNECTION_PRIVATE_H

#include "work.h"

/* Are two companies connected now? 1, 0, negative. */
int connection_exists(struct work *w, int64_t company_id, int64_t other_id);

/* The same with the connection's id. */
int connection_active(struct work *w, int64_t company_id, int64_t other_id, int64_t *ret_id);

/* Between which companies it is, where it is active: 1, 0, negative. */
int connection_sides(struct work *w, int64_t id, int64_t *ret_from_id, int64_t *ret_to_id);

/* Ends a connection and tells its sides. 1: ended; 0: it had. */
int connection_stop(struct work *w, int64_t id);

/* Connects two companies from @invite_id on; nothing to do where they are. */
int connection_make(struct work *w, int64_t from_id, int64_t to_id, int64_t invite_id);

#endif
