/* The outbox (O2): every message that goes out, queued in the transaction of
 * what it tells of and sent later by deliver. */
#ifndef PORTAL_OUTBOX_H
#define PORTAL_OUTBOX_H

#include <portal/portal.h>

/* One message.
 *
 * @channel: one of outbox_channels.
 * @recipient: an e-mail address in lower case, or a number.
 * @subject: rendered when read, in the language it goes out in; NULL where that
 *   can't be done, which hides no other field.
 * @state: one of outbox_states. "unknown" is a message whose sending broke off
 *   where nobody can tell whether it arrived.
 * @attempts: how often sending it was tried.
 * @next_attempt_at: none once it will not be tried again.
 * @last_error: what the server said, or NULL.
 * @cause: the record it tells of, "KIND:ID".
 * @created_at, @sent_at: when it was queued, and accepted by a server.
 * @body: what the recipient reads, where it was asked for; else NULL. Secret links
 *   are made only when it goes out and stand as "…": nobody reads a token here (P7). */
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
	const char *body;
};
extern const struct portal_record outbox_record;

/* The words of @channel and @state, with what people read for them. */
extern const struct portal_word outbox_channels[];
extern const struct portal_word outbox_states[];

/* The words that a list takes for @state: those, and "any". */
extern const struct portal_word outbox_list_states[];

/* Which messages; NULL: any.
 *
 * @state: one of outbox_states, or "any".
 * @channel: one of outbox_channels.
 * @recipient: the whole address or number, in any case of letters.
 * @cause: "KIND" or "KIND:ID"; anything else is PORTAL_USAGE. */
struct outbox_filter {
	const char *state;
	const char *channel;
	const char *recipient;
	const char *cause;
	struct portal_page page;
};

/* The fields that page.sort takes: id created_at recipient. */
extern const struct portal_word outbox_sorts[];

/* Gives each message to @visit, oldest first. In
 * constant memory: the row, its subject too, is gone after the call. The
 * operator and admins of the office; else PORTAL_DENIED. */
int outbox_list(struct portal *portal, const struct outbox_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

/* Whether to render the text of a message, too. */
enum outbox_text { OUTBOX_WITHOUT_BODY, OUTBOX_WITH_BODY };

/* One message. To whoever may not see it, PORTAL_NOT_FOUND, as if it did not
 * exist (P8). PORTAL_FAILURE where a text that was asked for can't be rendered.
 * The result lives in the portal's arena. */
int outbox_show(struct portal *portal, int64_t id, enum outbox_text text, struct outbox *ret_outbox,
	struct portal_error *err);

/* What a person decides.
 *
 * OUTBOX_RETRY: what failed, what nobody knows the end of, what was cancelled and what
 *   waits for its next attempt is tried at once. Of one whose end is not known that may
 *   send it twice: a person has found out that it did not arrive.
 * OUTBOX_HOLD: not to be sent until OUTBOX_RELEASE.
 * OUTBOX_CANCEL: never to be sent. */
enum outbox_decision { OUTBOX_RETRY, OUTBOX_HOLD, OUTBOX_RELEASE, OUTBOX_CANCEL };

/* Does that: 1; 0 where the message is so already. What is to be sent goes where whom it is
 * for is reached by now (W9): a call for a ticket to the ticket's contact, the link to a
 * document to nobody but those who are sent it. PORTAL_WRONG_STATE for one that was sent, or
 * is on its way, for whom nobody is reached any more, or that was for the contact of a ticket
 * that was merged into another contact's; PORTAL_NOT_FOUND as outbox_show(). */
int outbox_decide(struct portal *portal, int64_t id, enum outbox_decision decision,
	struct outbox *ret_outbox, struct portal_error *err);

#endif
