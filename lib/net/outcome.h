/* What became of one attempt to send one message. */
#ifndef NET_OUTCOME_H
#define NET_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NET_SENT: accepted by the peer. NET_RETRY: not accepted, and nothing says that it
 * never will be. NET_UNKNOWN: all of it went out, and no answer came: it may have been
 * accepted. NET_FAILED: refused for good. NET_STOP: whatever was sent this way would
 * fare the same: the settings, the certificate or the password is wrong. */
enum net_class { NET_SENT, NET_RETRY, NET_UNKNOWN, NET_FAILED, NET_STOP };

/* Whom a NET_RETRY that has to wait holds up: this message, and so what follows it to the
 * same recipient; every template; every message of the channel. */
enum net_scope { NET_THIS, NET_TEMPLATES, NET_CHANNEL };

enum { NET_WAMID_MAX = 256, NET_WA_ID_MAX = 64 };

/* @code: of the peer's last answer (250, 429), or 0. @said: what it said or what went
 * wrong, one line of printable text, "" for nothing. @retry_after_seconds: what the peer
 * asked for or what such an answer asks for in any case, or 0; @scope: of whom. @ours: the
 * fault is on this side, a file, a text or the settings: no peer has refused anything.
 *
 * Over WhatsApp alone, and zero everywhere else:
 * @limited: NET_RETRY, but after three attempts in all it is NET_FAILED.
 * @window_closed: NET_FAILED because the client has not written for 24 hours; it belongs
 *   back among those that wait for the client.
 * @wamid: NET_SENT: by what name statuses speak of it. @wa_id: whom WhatsApp took the
 *   recipient for, digits; "" where it did not say. */
struct net_outcome {
	enum net_class class;
	long code;
	int64_t retry_after_seconds;
	char said[300];
	enum net_scope scope;
	bool ours;
	bool limited;
	bool window_closed;
	char wamid[NET_WAMID_MAX];
	char wa_id[NET_WA_ID_MAX];
};

/* Puts @text there as one line: what can't be printed becomes "?", what is too long is
 * cut between two characters. @len bytes that need not be UTF-8. */
void net_said(struct net_outcome *outcome, const char *text, size_t len);

#endif
