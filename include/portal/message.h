/* What is said and done in tickets (S5 to S8): messages of both sides, the office's
 * internal comments, and events. Tickets are named as in <portal/ticket.h>. */
#ifndef PORTAL_MESSAGE_H
#define PORTAL_MESSAGE_H

#include <portal/portal.h>

/* One of them. Texts that there are none of are NULL.
 *
 * @direction: a word of message_directions.
 * @via: by which way it came or goes, a word of ticket_origins; NULL for comments and
 *   events.
 * @author_name, @author_email: who wrote or did it; of what the office says without
 *   saying who, the office's name and NULL.
 * @automatic: the program wrote it.
 * @internal: the office alone sees it; in no answer to a client there is one.
 * @body: the text, or NULL (an event has none).
 * @event: what happened, a word of message_events; @event_from, @event_to: from what to
 *   what: words of ticket_statuses, names of assignees, texts of fields.
 * @delivery: of the mail or the WhatsApp message, a word of message_deliveries; NULL
 *   where nothing was sent.
 * @attachments: a JSON array: id, position, name, media_type, size_bytes and sha256 of
 *   each file.
 * @wamid: what WhatsApp calls the message.
 * @file_lines: for people, "ID NAME" of each file; no field of the record. */
struct message {
	int64_t id;
	const char *ticket_number;
	portal_time at;
	const char *direction;
	const char *via;
	const char *author_name;
	const char *author_email;
	bool automatic;
	bool internal;
	const char *body;
	const char *event;
	const char *event_from;
	const char *event_to;
	const char *delivery;
	portal_json attachments;
	const char *wamid;
	portal_list file_lines;
};
extern const struct portal_record message_record;

/* in: of the client; out: of the office; internal: a comment; event. */
extern const struct portal_word message_directions[];

/* opened assigned status subject department category tags company: what of the ticket came
 * to be, or changed. Those of tags are internal. */
extern const struct portal_word message_events[];

/* queued sending sent unknown failed held cancelled, as in the outbox, and what
 * WhatsApp tells besides: awaiting_client delivered read played. */
extern const struct portal_word message_deliveries[];

/* A message in words, in the program's language, as everything that people read shows it;
 * in @arena, or as constant as the message.
 *
 * message_author_text: who wrote it; the office where nobody else is said to have.
 * message_way_text: "via WhatsApp"; NULL where there is no way.
 * message_delivery_text: "waits to be sent", behind ticks what has arrived; NULL where
 *   nothing was sent.
 * message_event_text: of an event alone: "assignee changed to Dora by Caio". */
const char *message_author_text(const struct message *message);
const char *message_way_text(const struct message *message);
const char *message_delivery_text(struct arena *arena, const struct message *message);
const char *message_event_text(struct arena *arena, const struct message *message);

/* A message to be written.
 *
 * @ticket: number or id.
 * @body: lines of text, at most 64 KiB; may be NULL or empty where there are files.
 * @files: paths of @file_count files, 50 at most, each as big as the setting
 *   attachment_max_mb allows. Their names become labels.
 * @answer: a canned answer (answer.h), by name or id, that is filled in and takes the place
 *   of @body, which must be NULL then; of replies alone. NULL: none. With a key it is the
 *   answer's name that counts, not what it is filled in with. A word in braces that there
 *   is nothing for is PORTAL_CONFLICT.
 * @via: of an answer of the office: app, email, office or whatsapp; NULL: whatsapp where
 *   a conversation is live there (wa.h), else office. A client's
 *   goes via app and says nothing.
 * @reply_to_id: a message of the same ticket that this one answers, which WhatsApp shows
 *   quoted; 0: none.
 * @idempotency_key: the same key and arguments give the first result again; NULL:
 *   none. Of answers alone. */
struct message_request {
	const char *ticket;
	const char *body;
	const char *const *files;
	int64_t file_count;
	const char *answer;
	const char *via;
	int64_t reply_to_id;
	const char *idempotency_key;
};

/* Answers, and tells the other side: the contact by a mail and its company by a
 * notification, or the office by a notification and the assignee by a mail.
 *
 * The first answer of the staff makes a new ticket one in progress, and its author the
 * assignee where there is none (S4, S5). The client's answer makes a pending one
 * one in progress, and reopens a done one. 1: written; 0: the key was used
 * before. PORTAL_WRONG_STATE: the ticket was cancelled, or is done and the office answers. */
int message_reply(struct portal *portal, const struct message_request *request,
	struct message *ret_message, struct portal_error *err);

/* The same of files alone: @body, @via and @idempotency_key are not looked at, and at
 * least one file is required. */
int message_attach(struct portal *portal, const struct message_request *request,
	struct message *ret_message, struct portal_error *err);

/* Writes an internal comment (S6), in a ticket of whatever state, which it does not
 * change. @via and @idempotency_key are not looked at. 1. */
int message_comment(struct portal *portal, const struct message_request *request,
	struct message *ret_message, struct portal_error *err);

/* One file of a message.
 *
 * @id: what it is fetched by. @message_id: the message that has it.
 * @name: a label for people, never a path. @media_type: by the content. */
struct ticket_attachment {
	int64_t id;
	const char *ticket_number;
	int64_t message_id;
	const char *name;
	const char *media_type;
	int64_t size_bytes;
	const char *sha256;
};
extern const struct portal_record ticket_attachment_record;

/* Opens a file of the ticket for reading; the caller closes @ret_fd, whose bytes are those
 * that were attached. PORTAL_NOT_FOUND: the ticket has no such file, or the actor may
 * not see it; PORTAL_DAMAGED: the bytes are gone or have changed. */
int ticket_attachment_open(struct portal *portal, const char *ticket, int64_t id,
	struct ticket_attachment *ret_attachment, int *ret_fd, struct portal_error *err);

/* The same into the file at @path, which has it whole or stays as it was. */
int ticket_attachment_save(struct portal *portal, const char *ticket, int64_t id, const char *path,
	struct ticket_attachment *ret_attachment, struct portal_error *err);

/* Which messages a list gives.
 *
 * @ticket: whose. @since_id: from this message on; 0: all.
 * @page: where to begin, how many; the fields to sort by are id and at. */
struct message_filter {
	const char *ticket;
	int64_t since_id;
	struct portal_page page;
};
extern const struct portal_word message_sorts[];

/* Gives the messages of a ticket to @visit with @arg, the oldest first unless the page
 * says otherwise; of the internal ones none to a client. PORTAL_NOT_FOUND: no such
 * ticket. */
int message_list(struct portal *portal, const struct message_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
