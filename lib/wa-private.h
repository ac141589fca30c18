/* Conversations as the other nouns of lib need them. */
#ifndef LIB_WA_PRIVATE_H
#define LIB_WA_PRIVATE_H

#include <portal/wa.h>

#include "ticket-private.h"

/* A conversation with what its record does not show. @conversation is as it counts now:
 * one past its window has ended. @stored_live: that is not written down yet. */
struct conversation_row {
	struct conversation conversation;
	portal_id company_id;
	int64_t ticket_id;
	const char *identity;
	const char *menu;
	portal_time warned_at;
	bool stored_live;
};

/* 1, 0 where there is none, negative. The last one of a ticket: where tickets were merged,
 * one of its own contact rather than of the other's. */
int conversation_by_id(struct work *w, int64_t id, struct conversation_row *ret);
int conversation_last(struct work *w, int64_t ticket_id, struct conversation_row *ret);

/* The live one of a ticket, of a contact: 1, 0, negative. One that is past its window
 * is not live. */
int conversation_of_ticket(struct work *w, int64_t ticket_id, struct conversation_row *ret);
int conversation_of_contact(struct work *w, int64_t contact_id, struct conversation_row *ret);

/* What is stored as live, which may be past its window: of the id in @args, or of the
 * account, of which conversation_of_others() knows more. 1, 0, negative. */
enum conversation_of { CONVERSATION_OF_TICKET, CONVERSATION_OF_CONTACT, CONVERSATION_OF_ACCOUNT };
int conversation_stored(struct work *w, enum conversation_of of, const struct store_value *args,
	struct conversation_row *ret);

/* Gives the error of @w the hint to start one, where that can be done. Its code, negative. */
int conversation_suggest(struct work *w, const struct ticket *ticket);

/* One that is stored as live with another contact than @contact_id, at @address or under
 * another name of that account (identity_find()). 1, 0, negative. */
int conversation_of_others(
	struct work *w, const char *address, int64_t contact_id, struct conversation_row *ret);

bool conversation_is_live(const struct conversation *conversation);

/* When the account that @address is one of the names of (contact-identity.h) last wrote;
 * none (0) for never. */
int conversation_wrote_at(struct work *w, const char *address, portal_time *ret);

/* Until when the office may write freely to @address (W3, W10); none (0) where nobody ever
 * wrote from it. conversation_window_open(): is that later than now? 1, 0, negative. */
int conversation_closes(struct work *w, const char *address, portal_time *ret);
int conversation_window_open(struct work *w, const char *address);

/* Where messages to a contact go when nobody says where: where the client last wrote from;
 * else where the conversation that is stored as live leads, what WhatsApp called the
 * contact last, the first phone. 1; 0 and NULL where there is nothing of that. */
int conversation_usual_address(struct work *w, int64_t contact_id, const char **ret);

/* Where what was for a contact at @address goes by now: there, as it is spelled now, while
 * that is one of the contact's names, else to the usual address. 1; 0 and NULL where there
 * is none, or the contact was removed. */
int conversation_address_now(
	struct work *w, int64_t contact_id, const char *address, const char **ret);

/* S13: the conversation in which the client hears that the ticket is done: the live one; or
 * the last one of the ticket's contact where it has ended by inactivity, or as the ticket was
 * done before, with where it would go on now. 1; 0 for none, also where the client has
 * answered through the app since (W4). */
int conversation_to_conclude(
	struct work *w, const struct ticket_row *ticket, struct conversation_row *ret);

/* Where a conversation leads. @wanted NULL: the usual address, PORTAL_INVALID where there
 * is none; else one of the contact's own as people write it, PORTAL_INVALID where it
 * is none of them. */
int conversation_find_address(
	struct work *w, int64_t contact_id, const char *wanted, const char **ret);

/* Begins a conversation of the ticket's contact at @address, active or awaiting_client,
 * with its event; ticket_save() comes after. The address is one that the contact is known
 * by. PORTAL_CONFLICT where the contact, or the
 * account that is reached there, is being spoken with in another ticket. */
int conversation_begin(struct work *w, struct ticket_row *ticket, const char *address,
	const char *status, struct conversation_row *ret);

/* Who writes under these names (identity_find()), before a new message opens windows again:
 * conversations of all who have them that are past their window are ended first. */
struct identity_names;
int conversation_find_writer(
	struct work *w, const struct identity_names *names, int64_t *ret_contact_id);

/* Ends a live one for @reason, with its event; ticket_save() comes after. What waits
 * and what is queued over WhatsApp is cancelled, but after inactivity: the client may still
 * answer; and where the ticket is done what was said still goes, with the closing message
 * behind it (S13). */
int conversation_finish(struct work *w, struct conversation_row *row, struct ticket_row *ticket,
	const char *reason);

/* Ends one whose ticket is not written by the caller: "ended", or by inactivity where it is
 * past its window already. */
int conversation_stop(struct work *w, struct conversation_row *row);

/* conversation_finish() of whatever conversation of the ticket is live; none is fine. */
int conversation_finish_of(struct work *w, struct ticket_row *ticket, const char *reason);

/* The client has written: what was awaited is active, what waits goes out, in order, once,
 * and the question whether to talk does not go any more (W2). @row is live. */
int conversation_resume(struct work *w, struct conversation_row *row, struct ticket_row *ticket);

/* Writes a message over a live conversation: it goes at once or waits. ticket_save() comes
 * after. PORTAL_INVALID for a text that is longer than WhatsApp takes. */
int conversation_write(struct work *w, const struct conversation_row *row,
	struct ticket_row *ticket, struct message_draft *draft, int64_t *ret_id);

/* Puts the parts of a message into the outbox, those that have not gone before. */
int conversation_queue(struct work *w, const struct conversation_row *row, int64_t message_id);

/* The text of the template @name in the portal's language, without the last line break. */
struct named_text;
int conversation_text(
	struct work *w, const char *name, const struct named_text *texts, const char **ret);

/* Writes an automatic message that goes as the approved template of that name, whether the
 * window is open or not. @body: what is shown of it; NULL: the template's own. @row may
 * have ended. */
struct conversation_template {
	const char *name;
	const struct named_text *texts;
	const char *body;
};
int conversation_write_template(struct work *w, const struct conversation_row *row,
	struct ticket_row *ticket, const struct conversation_template *template);

/* The ticket of another contact in which a message was written, before it was merged into the
 * message's ticket of now: 1; 0 for none, or where nothing of it was put into the outbox. */
int conversation_another(struct work *w, int64_t message_id, int64_t *ret_ticket_id);

/* W2: writes the question whether to talk, with the button that answers it; ticket_save()
 * comes after. */
int conversation_ask(struct work *w, const struct conversation_row *row, struct ticket_row *ticket);

/* The window is closed on a message: the provider says so (131047), whatever we thought, or
 * it closed meanwhile. 1: it waits for the client again, and the office hears of it, or it
 * goes at once where the client has written since. 0: its ticket has ended; the closing
 * message of one that is done goes as a template instead (S13), anything else is
 * cancelled, and the office hears of it; as is what was said to another contact before the
 * tickets were merged. What was cancelled meanwhile stays so. */
int conversation_window_refused(struct work *w, int64_t message_id);

/* The ticket is open again: that it was concluded is not said any more (S13). */
int conversation_drop_closing(struct work *w, int64_t ticket_id);

/* Nobody is reached as the contact any more, @why: its conversation ends, and nothing that is
 * queued for it over WhatsApp in its tickets goes. */
int conversation_drop(struct work *w, int64_t contact_id, const char *why);

/* A conversation goes on at @address, unless somebody is spoken with there: 1, 0, negative. */
int conversation_move(struct work *w, const struct conversation_row *row, const char *address);

/* W9: people gave @was, a contact, the phones of @now. What was to be sent to one that is not
 * the contact's any more goes to its usual number of now, in the conversation or not, and
 * nowhere where it has none; the conversation goes on there with a client who has yet to
 * answer, or ends where that number is spoken with. @action: for the log. */
struct contact;
int conversation_correct(
	struct work *w, const char *action, const struct contact *was, const struct contact *now);

/* What was written waits for the client's answer, and the office hears of it. @id: of the
 * conversation that is live, or 0. */
int conversation_await(struct work *w, const struct ticket_row *ticket, int64_t id);

/* Two tickets are one: the conversation goes along, but where both are live, or @to is of
 * another contact, to whom nothing goes that was meant for the one of @from. What is past
 * its window ends before. */
int conversation_merge(struct work *w, struct ticket_row *from, struct ticket_row *to);

#endif
