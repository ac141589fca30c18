/* A channel as the loop of deliver.c sends through it. */
#ifndef LIB_DELIVER_PRIVATE_H
#define LIB_DELIVER_PRIVATE_H

#include <portal/deliver.h>

#include "outbox-private.h"

struct mail_channel;

/* Opens nothing yet: the server is spoken to at the first message. NULL and @err. */
struct mail_channel *mail_open(struct portal *portal, const struct portal_secret *password,
	struct arena *arena, struct portal_error *err);

/* Sends one within @max_ms. Always an outcome. */
void mail_send(struct mail_channel *mail, const struct outbox_claim *claim, int64_t max_ms,
	struct net_outcome *ret);

void mail_close(struct mail_channel *mail);

#endif
