/* Conversations over WhatsApp (W1 to W4, W10): a contact's WhatsApp tied to one ticket.
 *
 * A contact has at most one that is live (active or awaiting_client). It is active while
 * the client's own last message is less than 24 hours old, by the provider's clock; then
 * messages of the office go at once. The 24 hours are those of one WhatsApp account, the
 * one that the conversation leads to: what a client with two phones wrote from one of
 * them opens nothing on the other. A client who writes from another takes the
 * conversation there, with what waits to be sent, unless somebody else is spoken with
 * there. Where the client has not written, or not lately, an approved template asks
 * whether to talk, and what the office writes waits until the client answers. Tickets are
 * named as in <portal/ticket.h>. The staff of the office only. */
#ifndef PORTAL_WA_H
#define PORTAL_WA_H

#include <portal/message.h>
#include <portal/portal.h>

/* One conversation.
 *
 * @contact_name, @contact_id: with whom.
 * @phone: where messages go now: "+5531999990001", or the id of a WhatsApp user who shows
 *   no number.
 * @status: a word of conversation_statuses. An active one whose window is over has ended,
 *   also before conversation_expire() has come by.
 * @end_reason: a word of conversation_reasons; NULL while it is live.
 * @window_open: may the office write freely now? @window_closes_at: until when; none (0)
 *   where the client never wrote from there.
 * @waiting_count: messages of the office that wait for the client's answer. */
struct conversation {
	int64_t id;
	const char *ticket_number;
	int64_t contact_id;
	const char *contact_name;
	const char *phone;
	const char *status;
	const char *end_reason;
	bool window_open;
	portal_time window_closes_at;
	portal_time started_at;
	portal_time ended_at;
	int64_t waiting_count;
};
extern const struct portal_record conversation_record;

/* active: messages go at once; awaiting_client: a template asked whether to talk, and what
 * is written waits; ended. */
extern const struct portal_word conversation_statuses[];

/* The same with "live", which is active or awaiting_client, and "any", as lists are asked
 * for. */
extern const struct portal_word conversation_list_statuses[];

/* Why one is no longer live (W4). ended: the office ended it; done, cancelled: the
 * ticket's end; inactivity: 24 hours without a message of the client; app: the client
 * answers through the app. */
extern const struct portal_word conversation_reasons[];

/* Starting one.
 *
 * @ticket: number or id of an open ticket.
 * @phone: where to, one of the contact's own as people write it; NULL: where the client
 *   wrote from last, else what WhatsApp called the contact last, else the first phone.
 * @again: where one awaits the client's answer already, the template goes once more.
 * @idempotency_key: the same key and arguments give the first result again; NULL: none. */
struct conversation_start {
	const char *ticket;
	const char *phone;
	bool again;
	const char *idempotency_key;
};

/* Starts the conversation of a ticket (W2): active where the window is open, else the
 * template goes out and it awaits the client. 1; 0: it was live already.
 * PORTAL_WRONG_STATE: the ticket is not open; PORTAL_CONFLICT: the contact is being
 * spoken with in another ticket, which is named; PORTAL_INVALID: no number to write to, or
 * none of the contact's. */
int conversation_start(struct portal *portal, const struct conversation_start *request,
	struct conversation *ret_conversation, struct portal_error *err);

/* Ends it (W4): the client is told nothing, the ticket stays as it is, and what waited is
 * cancelled. 1; 0: it had ended. PORTAL_WRONG_STATE: the ticket never had one. */
int conversation_end(struct portal *portal, const char *ticket,
	struct conversation *ret_conversation, struct portal_error *err);

/* What is written over WhatsApp is a message of the ticket as any other (message.h), whose
 * delivery says how far it has come: awaiting_client queued sending sent delivered read
 * played, or failed, unknown, cancelled (W7).
 *
 * Writes a message of the office over WhatsApp: as message_reply() with @request->via
 * "whatsapp", and @reply_to_id, the id of a message of this ticket that it answers (0:
 * none). 1: written; 0: the key was used before. PORTAL_WRONG_STATE where no conversation
 * is live; PORTAL_INVALID for a text of more than 4096 characters. */
int conversation_send(struct portal *portal, const struct message_request *request,
	struct message *ret_message, struct portal_error *err);

/* What the newest conversation of a ticket has come to.
 *
 * The newest one, live or ended, with the window as it is now. The result lives in
 * the portal's arena. PORTAL_NOT_FOUND where there is none, and for a ticket that is none
 * of the actor's. */
int conversation_show(struct portal *portal, const char *ticket,
	struct conversation *ret_conversation, struct portal_error *err);

/* Whether the office may write freely to a contact now (W10): the provider takes free
 * texts while the client's last message is less than 24 hours old, and nothing but
 * approved templates otherwise.
 *
 * @ticket_number: of the contact's live conversation, or NULL. @phone: whose window it is,
 *   or NULL: where the ticket's own live conversation leads; without one, and of a contact,
 *   where conversation_start() would lead. @last_client_message_at: what the window is
 *   counted from; none: never. */
struct conversation_window {
	int64_t contact_id;
	const char *contact_name;
	const char *phone;
	const char *ticket_number;
	bool window_open;
	portal_time window_closes_at;
	portal_time last_client_message_at;
};
extern const struct portal_record conversation_window_record;

/* Of the contact of @ticket, or of @contact (e-mail or id, of @company where there are
 * several); one of the two. 1: open; 0: closed. */
struct conversation_whose {
	const char *ticket;
	const char *contact;
	const char *company;
};
int conversation_can_reply(struct portal *portal, const struct conversation_whose *whose,
	struct conversation_window *ret_window, struct portal_error *err);

/* What 24 hours without a message of the client bring, in short transactions that let other
 * writers in between; for cron (due.h does it too).
 *
 * Ends those whose 24 hours are over, with the event "ended by inactivity" (W4), and tells
 * the office of those that are about to, once until the client writes again (O3; setting
 * wa_warn_minutes, 0: never).
 * Safe to run twice. 1: something was done; 0. */
struct conversation_expiry {
	int64_t ended;
	int64_t warned;
};
extern const struct portal_record conversation_expiry_record;
int conversation_expire(
	struct portal *portal, struct conversation_expiry *ret_expiry, struct portal_error *err);

/* Which conversations a list gives.
 *
 * @status: a word of conversation_list_statuses; NULL: live. One that is past its window
 *   is among those that have ended.
 * @contact: e-mail or id; @ticket: number or id; NULL: any.
 * @page: where to begin, how many, in which order. */
struct conversation_filter {
	const char *status;
	const char *contact;
	const char *ticket;
	struct portal_page page;
};

/* The fields that page.sort takes: id started_at window_closes_at. */
extern const struct portal_word conversation_sorts[];

/* Gives each conversation to @visit with @arg, by id unless the page says otherwise.
 * PORTAL_DENIED for those who are no users of the office. */
int conversation_list(struct portal *portal, const struct conversation_filter *filter,
	portal_visit *visit, void *arg, struct portal_list_end *ret_end, struct portal_error *err);

/* A file that a client sent (W8): fetched after its message was kept, and tried again
 * while the provider has it, for seven days.
 *
 * @ticket_number, @message_id: where it belongs; once it is fetched it is an attachment
 *   there. @file_name: as the client called it, or NULL. @media_id: the provider's.
 * @state: a word of wa_media_states. @next_attempt_at: none (0) where there will be none. */
struct wa_media_file {
	int64_t id;
	const char *ticket_number;
	int64_t message_id;
	const char *file_name;
	const char *media_type;
	const char *media_id;
	const char *state;
	int64_t attempts;
	portal_time next_attempt_at;
	const char *last_error;
};
extern const struct portal_record wa_media_record;

/* missing: not fetched yet; fetched: an attachment of its message; failed: the provider has
 * it no more, or it is too big (setting attachment_max_mb). A list has "any" besides. */
extern const struct portal_word wa_media_states[];
extern const struct portal_word wa_media_list_states[];

/* Fetches what is missing and due: into the kept files, and only bytes whose hash is the
 * one that the provider told in the message. What fails is tried again after a minute, then
 * after twice as long each time. Safe to run twice, and at the same time: a file is attached
 * once. With the token of @request (deliver.h), of which
 * max_seconds, channel and stop count as well: nothing without a token. 1: something was
 * tried; 0. Where the way itself is wrong the rest waits, and the summary says why.
 * PORTAL_DENIED as portal_deliver(). In a rehearsal nothing is fetched. */
struct deliver_request;

/* How many came, and how many did not. @unopened: why none could, with the code PORTAL_OK
 * where they could. */
struct wa_media_summary {
	int64_t fetched;
	int64_t failed;
	struct portal_error unopened;
};
int wa_media_fetch(struct portal *portal, const struct deliver_request *request,
	struct wa_media_summary *ret_summary, struct portal_error *err);

/* Which files a list gives.
 *
 * @state: a word of wa_media_list_states; NULL: missing.
 * @page: where to begin, how many, in which order. */
struct wa_media_filter {
	const char *state;
	struct portal_page page;
};

/* The fields that page.sort takes: id next_attempt_at. */
extern const struct portal_word wa_media_sorts[];

/* Gives each to @visit, by id unless the page says otherwise. The staff of the office. */
int wa_media_list(struct portal *portal, const struct wa_media_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
