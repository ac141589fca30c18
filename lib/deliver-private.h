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

struct whatsapp_channel;

/* Opens nothing yet: the API is spoken to at the first message. @token must live until the
 * channel is closed. NULL and @err, where no number or no token is set, too
 * (PORTAL_INVALID). */
struct whatsapp_channel *whatsapp_channel_open(struct portal *portal,
	const struct portal_secret *token, struct arena *arena, struct portal_error *err);

/* Sends what @claim->whatsapp says within @max_ms. Always an outcome. */
void whatsapp_channel_send(struct whatsapp_channel *channel, const struct outbox_claim *claim,
	int64_t max_ms, struct net_outcome *ret);

/* NULL is allowed. */
void whatsapp_channel_close(struct whatsapp_channel *channel);

#endif
