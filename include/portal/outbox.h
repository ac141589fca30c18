/* The outbox (O2): every message that goes out, queued in the transaction of
 * what it tells of and sent later by deliver. */
#ifndef PORTAL_OUTBOX_H
#define PORTAL_OUTBOX_H

#include <portal/portal.h>

/* One message. @channel: email, whatsapp. @subject: rendered when read, in the
 * language it goes out in; NULL where that can't be done. @state: one of
 * outbox_states. @next_attempt_at: none once it will not be tried again.
 * @cause: the record it tells of, "KIND:ID". */
struct outbox {
	int64_t id;
	const char *channel;
	const char *recipient;
	const char *subject;
	const char *state;
	int64_t attempts;
	portal_time next_attempt_at;
	const char *last_error;
	const char *cause;
	portal_time created_at;
	portal_time sent_at;
};
extern const struct portal_record outbox_record;

extern const struct portal_word outbox_channels[];
extern const struct portal_word outbox_states[];

/* A message with what the recipient reads. Secret links are made only when it
 * goes out and stand as "…" in @body: nobody reads a token here (P7). */
struct outbox_message {
	struct outbox outbox;
	const char *body;
};
extern const struct portal_record outbox_message_record;

/* NULL: any. @state "any": all. @recipient: the whole address or number, in any
 * case of letters. @cause: "KIND" or "KIND:ID"; anything else is PORTAL_USAGE. */
struct outbox_filter {
	const char *state;
	const char *channel;
	const char *recipient;
	const char *cause;
	struct portal_page page;
};

/* Gives each message to @visit. Sorts: created_at recipient. The operator and
 * admins of the office; else PORTAL_DENIED. */
int outbox_list(struct portal *portal, const struct outbox_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

/* One message, without and with its text. To whoever may not see it,
 * PORTAL_NOT_FOUND, as if it did not exist. The second is PORTAL_FAILURE where
 * the text can't be rendered. Results live in the portal's arena. */
int outbox_show(
	struct portal *portal, int64_t id, struct outbox *ret_outbox, struct portal_error *err);
int outbox_show_message(struct portal *portal, int64_t id, struct outbox_message *ret_message,
	struct portal_error *err);

#endif
