/* Mail over SMTP (RFC 5321), with STARTTLS (RFC 3207) or TLS from the first byte
 * (RFC 8314), and a login where there is a user. One connection serves many messages,
 * one recipient a transaction. Without TLS only to this very machine. */
#ifndef NET_SMTP_H
#define NET_SMTP_H

#include <portal/error.h>

#include "net/outcome.h"

struct arena;
struct mime;
struct portal_secret;

/* How to reach the server; all must live until smtp_close().
 *
 * @host, @port: where it listens; 0: 587, for "tls" 465.
 * @security: "starttls" (and then nothing is said before it), "tls", or "none".
 * @user, @password: NULL: no login.
 * @ca_file: certificates to trust; NULL: the system's.
 * @helo: the name we give ourselves, that of a host.
 * @timeout_seconds: how long one answer may take; the last one, after the message, up to
 *   ten minutes (RFC 5321, 4.5.3.2.6). 0: 60. */
struct smtp_options {
	const char *host;
	int port;
	const char *security;
	const char *user;
	const struct portal_secret *password;
	const char *ca_file;
	const char *helo;
	int64_t timeout_seconds;
};

struct smtp;

/* Connects at the first message, not here. NULL and @err: no libcurl, no memory. */
struct smtp *smtp_open(
	struct arena *arena, const struct smtp_options *options, struct portal_error *err);

/* Sends @message, which was not read from yet, from and to these addresses (as
 * email_parse() gives them), within @max_ms in all. Always an outcome; how long closing
 * takes is no part of it. */
void smtp_send(struct smtp *smtp, const char *from, const char *to, struct mime *message,
	int64_t max_ms, struct net_outcome *ret);

/* Says good bye, for at most one second. NULL is allowed. */
void smtp_close(struct smtp *smtp);

#endif
