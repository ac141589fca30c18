/* Sending, as deliver and due do it. */
#ifndef CMD_DELIVER_H
#define CMD_DELIVER_H

#include <stdbool.h>

#include <portal/deliver.h>

/* What is asked for; those of `portalctl deliver`. */
struct deliver_args {
	const char *channel;
	int64_t max_seconds;
	bool loop;
};

/* What was sent, and the signal that ended it; 0: none did. @reason: where that of @sum is. */
struct deliver_end {
	struct deliver_summary sum;
	char reason[512];
	int signal;
};

/* Sends what may go out, with the passwords that the settings name, until that is done or
 * a signal comes between two messages. Fails as portal_deliver() does; *ret_end has what was
 * done before. A loop says on standard error why a channel can't be used, and goes on. */
int deliver_all(struct portal *portal, const struct portal_options *options,
	const struct deliver_args *args, struct deliver_end *ret_end, struct portal_error *err);

/* Is there something that people must hear of? Then it is the failure: PORTAL_REMOTE where a
 * channel stopped or nothing was sent because of a server, PORTAL_FAILURE where the cause is
 * on this side, as a password that can't be read, PORTAL_PARTIAL where messages failed and
 * others were sent. What will be tried again by itself is none. */
int deliver_tell(const struct deliver_summary *sum, struct portal_error *err);

#endif
