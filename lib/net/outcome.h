/* What became of one attempt to send one message. */
#ifndef NET_OUTCOME_H
#define NET_OUTCOME_H

#include <stddef.h>
#include <stdint.h>

/* NET_SENT: accepted by the peer. NET_RETRY: not accepted, and nothing says that it
 * never will be. NET_UNKNOWN: all of it went out, and no answer came: it may have been
 * accepted. NET_FAILED: refused for good. NET_STOP: whatever was sent this way would
 * fare the same: the settings, the certificate or the password is wrong. */
enum net_class { NET_SENT, NET_RETRY, NET_UNKNOWN, NET_FAILED, NET_STOP };

/* @code: of the peer's last answer (250, 429), or 0. @said: what it said or what went
 * wrong, one line of printable text, "" for nothing. @retry_after_seconds: what the peer
 * asked for, or 0. */
struct net_outcome {
	enum net_class class;
	long code;
	int64_t retry_after_seconds;
	char said[300];
};

/* Puts @text there as one line: what can't be printed becomes "?", what is too long is
 * cut between two characters. @len bytes that need not be UTF-8. */
void net_said(struct net_outcome *outcome, const char *text, size_t len);

#endif
