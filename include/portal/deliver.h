/* Sending what the outbox holds (O2). Safe to run at any time, several at once, and to
 * be killed: no message is lost (P4), and none is sent twice but where a connection
 * ended between the last byte and the answer (P5); a mail is then tried once more, under
 * the same Message-ID.
 *
 * How is said by the settings of the machine (portal_options.senders). Mails go to the
 * SMTP server smtp.host, from smtp.from; without TLS (smtp.security "none") only where it
 * is this machine. Where no server is set they go into the Maildir "<database>.mail".
 * Messages over WhatsApp go through the Cloud API, in the order in which they were queued for
 * each recipient; without whatsapp.phone_number_id they stay where they are, and nothing is
 * said of them. */
#ifndef PORTAL_DELIVER_H
#define PORTAL_DELIVER_H

#include <stdbool.h>

#include <portal/portal.h>

struct portal_secret;

/* What to send.
 *
 * @channel: one of outbox_channels, or NULL: all.
 * @max_seconds: no message is begun behind it, and one that is under way has five seconds
 *   more. 0: 300.
 * @smtp_password: of the user smtp.user, or NULL.
 * @whatsapp_token: what every call of the Cloud API shows, or NULL.
 * @smtp_unread, @whatsapp_unread: why the one or the other, which is set, could not be read,
 *   or NULL: then that channel sends nothing, and is stopped so where something waits for it.
 * @stop, @stop_arg: asked between messages; true ends the run. NULL: nobody asks. */
struct deliver_request {
	const char *channel;
	int64_t max_seconds;
	const struct portal_secret *smtp_password;
	const struct portal_secret *whatsapp_token;
	const struct portal_error *smtp_unread, *whatsapp_unread;
	bool (*stop)(void *arg);
	void *stop_arg;
};

/* How many messages came to which end: accepted by a server; not yet, and will be tried
 * again; refused for good; it is not known. @stopped: a channel can't work as it is set
 * up: its messages wait. @ours: of those that failed, and of the channels that stopped, for
 * how many the cause is on this side, a text, a file or the settings, and no server's; no
 * field of the record. @fetched: files that clients sent, by wa_media_fetch() (wa.h).
 * @reason: what the first server that did not accept one said, or
 * NULL; it lives in the portal's arena. @unopened: why WhatsApp, and why
 * e-mail, could not be used at all, where something waits for it, which is among @stopped and
 * @ours; the code is PORTAL_OK otherwise. No field of the record. */
enum { DELIVER_WHATSAPP, DELIVER_EMAIL, DELIVER_CHANNELS };
struct deliver_summary {
	int64_t sent;
	int64_t deferred;
	int64_t failed;
	int64_t unknown;
	int64_t stopped;
	int64_t ours;
	int64_t fetched;
	const char *reason;
	struct portal_error unopened[DELIVER_CHANNELS];
};
extern const struct portal_record deliver_summary_record;

/* Sends what may go out now, oldest first. 1: something was tried; 0: nothing was to be
 * sent. The operator and admins of the office; else PORTAL_DENIED. PORTAL_SCHEMA_NEW where a
 * newer program has changed the database since it was opened. A rehearsal sends nothing and
 * says how many would be tried, as @deferred. */
int portal_deliver(struct portal *portal, const struct deliver_request *request,
	struct deliver_summary *ret_summary, struct portal_error *err);

#endif
