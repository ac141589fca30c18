/* Tickets as the other nouns of lib need them. */
#ifndef LIB_TICKET_PRIVATE_H
#define LIB_TICKET_PRIVATE_H

#include <portal/message.h>
#include <portal/ticket.h>

#include "file.h"
#include "work.h"

/* What of a ticket is found by an index, and seldom changes. */
struct ticket_kept {
	const char *subject, *department, *category, *tags, *status;
	portal_id assignee_id;
	portal_time closed_at, due_at;
};

/* A ticket with what its record does not show. @ticket.tags are all tags and
 * @ticket.unread_count is not set until ticket_give(). @paused_at: pending since then;
 * @paused_ms: the business hours spent so before. @task_visible: to clients. @kept: what is
 * stored now, all zero where that is not known. */
struct ticket_row {
	struct ticket ticket;
	portal_id company_id;
	int64_t contact_id;
	portal_id assignee_id;
	int64_t office_unread, client_unread;
	portal_id merged_into_id;
	portal_time paused_at;
	int64_t paused_ms;
	bool task_visible;
	struct ticket_kept kept;
};

/* Is the actor a user of a client, rather than of the office, or the operator? */
bool ticket_by_client(const struct work *w);

/* The ticket with this id: 1, 0, negative. */
int ticket_by_id(struct work *w, int64_t id, struct ticket_row *ret);

/* Finds the ticket a user named by number or id, and asks whether the actor may do
 * @action. Of one that was merged it is the one it was merged into. */
int ticket_need(struct work *w, const char *action, const char *named, struct ticket_row *ret);

bool ticket_is_open(const struct ticket *ticket);

/* -PORTAL_WRONG_STATE, with the way back. */
int ticket_has_ended(struct work *w, const struct ticket *ticket);

/* What a ticket discusses, and whose that is: all 0 for nothing. */
struct ticket_about {
	portal_id project_id, task_id;
	int64_t company_id;
};

/* Finds the project or task with this id, which the actor may see; 0: none. PORTAL_USAGE
 * for both. */
int ticket_find_about(struct work *w, int64_t project, int64_t task, struct ticket_about *ret);

/* -PORTAL_INVALID where it is of another company. */
int ticket_check_about(struct work *w, const struct ticket_about *about, int64_t company_id);

/* "260301-001": false for what is no number of a ticket. */
struct ticket_number {
	const char *day;
	int64_t n;
};
bool ticket_number_parse(struct work *w, const char *text, struct ticket_number *ret);

/* The next number of the day it is where the portal is (S1); taken for good when
 * the transaction commits. */
int ticket_number_take(struct work *w, struct ticket_number *ret);

/* A ticket to be written; all is checked. @body: what was said first, or NULL. */
struct ticket_draft {
	portal_id company_id;
	int64_t contact_id;
	const char *subject, *department, *category, *origin, *body;
	portal_list tags;
	portal_id project_id, task_id;
};

/* Writes it, with its words, the event that it was opened, what its category brings (S4,
 * S14), and the audit row. What is said and told in it comes after. */
int ticket_make(struct work *w, const struct ticket_draft *draft, struct ticket_row *ret);

/* A client went on: what was pending or done is in progress (S5); ticket_save() after. */
int ticket_resume(struct work *w, struct ticket_row *row);

/* Writes what was changed of @row and sets updated_at. */
int ticket_save(struct work *w, struct ticket_row *row);

/* The same for what the office alone sees: updated_at, which clients see, stays (S6). */
int ticket_save_internal(struct work *w, struct ticket_row *row);

/* What is stored as a live conversation over WhatsApp may be past its window. */
int ticket_count_whatsapp(struct work *w, struct ticket *ticket);

/* Gives the caller its result as the actor's side sees it; returns @outcome. */
int ticket_give(struct work *w, struct ticket_row *row, struct ticket *ret, int outcome);

/* Takes the ids of a project or a task away for a client for whom its section is off (U5). */
void ticket_hide_about(struct work *w, struct ticket *ticket);

/* Checks one line of text for a field of a ticket; faults are added up. NULL for "" and
 * for NULL. */
const char *ticket_text(struct work *w, const char *text, size_t max_bytes, const char *field);

/* Checks a subject, which must not be empty. NULL and a fault added for what is none. */
const char *ticket_subject(struct work *w, const char *text);

/* Checks a body: lines of text, at most 64 KiB, not empty; the normal form has no
 * carriage returns. NULL and a fault added for what is none. */
const char *ticket_body(struct work *w, const char *text, const char *field);

enum { TICKET_SUBJECT_MAX = 300, TICKET_FIELD_MAX = 100, TICKET_TAG_MAX = 60, TICKET_TAGS = 20 };

/* The list with and without these tags, which are checked; faults are added up. Two are
 * the same when case and accents alone differ. */
portal_list ticket_tags_with(
	struct work *w, portal_list tags, const char *const *added, int64_t count);
portal_list ticket_tags_without(
	struct work *w, portal_list tags, const char *const *dropped, int64_t count);

/* All tags of @tags, and of @others as many as there is room for. */
portal_list ticket_tags_joined(struct work *w, portal_list tags, portal_list others);

/* Who sees what is written. */
enum ticket_audience { TICKET_FOR_ALL, TICKET_FOR_OFFICE };

/* Makes the words of a text such by which the ticket is found. */
int ticket_words_add(
	struct work *w, int64_t ticket_id, const char *text, enum ticket_audience audience);

/* The same of tags that came and went. */
int ticket_words_tags(struct work *w, int64_t ticket_id, portal_list before, portal_list after);

/* Gives the ticket these tags, with the event and the words. 1: changed; 0: it had them.
 * ticket_save_internal() comes after. */
int ticket_put_tags(struct work *w, struct ticket_row *row, portal_list tags);

/* "#urgente": the word of a tag. */
const char *ticket_tag_word(struct work *w, const char *tag);

/* What is looked for, "" behind the last. */
enum { TICKET_TERMS = 6 };
struct ticket_terms {
	const char *words[TICKET_TERMS];
	int64_t found; /* see ticket_terms_weigh() */
};
int ticket_terms_parse(struct work *w, const char *search, struct ticket_terms *ret);

/* Puts the rarest in front, and how many tickets have it into @found, which is @most
 * where each is had by so many or more. */
int ticket_terms_weigh(struct work *w, struct ticket_terms *terms, int64_t most);

/* message_list() within a transaction. */
int message_list_in(struct work *w, const struct message_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end);

/* The message with this id: 1, 0, negative. */
int message_by_id(struct work *w, int64_t id, struct message *ret);

/* The id of the very ticket that is named, merged or not: 1, 0, negative. There may be
 * none of an id that was typed as one. */
int ticket_find_id(struct work *w, const char *named, int64_t *ret);

/* The user of the office with this e-mail or id: 1, 0, negative. */
enum ticket_staff { TICKET_STAFF_ACTIVE, TICKET_STAFF_ALL };
int ticket_find_staff(
	struct work *w, const char *named, enum ticket_staff which, int64_t *ret_user_id);

/* A message to be written; all is checked. @author_id: who wrote it, where that is not
 * the actor; @at: when, where that is not now; @delivery, @wamid, @reply_to: of one over
 * WhatsApp. */
struct message_draft {
	const char *direction, *via, *body;
	const char *event, *from, *to;
	const struct file *files;
	int64_t file_count;
	bool internal, automatic;
	int64_t outbox_id;
	portal_id author_id, reply_to;
	portal_time at;
	const char *delivery, *wamid;
};

/* Puts the files that go with a message on disk, before the transaction that has them
 * begins; @ret lives in the portal's arena. */
int message_keep_files(struct portal *portal, const char *const *paths, int64_t count,
	const struct file **ret, struct portal_error *err);

/* Writes a message of the actor in the ticket, with its words, and counts it as unread
 * for the other side; ticket_save() comes after. */
int message_add(
	struct work *w, struct ticket_row *row, const struct message_draft *draft, int64_t *ret_id);

/* Writes an event. Values that are equal make none. */
int ticket_event(struct work *w, struct ticket_row *row, const char *event, const char *from,
	const char *to);

/* The same of what a rule did: it is no person, and the event has no author. */
int ticket_event_by_rule(struct work *w, struct ticket_row *row, const char *event,
	const char *from, const char *to);

/* The same, which the office alone sees. */
int ticket_event_internal(struct work *w, struct ticket_row *row, const char *event,
	const char *from, const char *to);

/* Writes an internal comment in a step that is something else besides. */
int message_add_comment(struct work *w, struct ticket_row *row, const char *body);

/* Gives the ticket a status, or an assignee (NULL: nobody), with the event; what
 * they are already makes none. ticket_save() comes after. */
struct user;
int ticket_put_status(struct work *w, struct ticket_row *row, const char *status);
int ticket_put_assignee(struct work *w, struct ticket_row *row, const struct user *user);

/* Gives @company all tickets of the contact that are of none (W6), with the event and the
 * audit row of @action. -PORTAL_CONFLICT where a task of another company hangs on one. */
struct company;
int ticket_give_to_company(
	struct work *w, const char *action, int64_t contact_id, const struct company *company);

/* The rule of its category for a ticket that is being opened (S4, S14): the category where
 * none was given, with department and assignee, and the due time. The ticket stays new:
 * nobody has taken it yet. Writes what it changes. */
int ticket_apply_rule(struct work *w, struct ticket_row *row, const char *body);

/* The due time of a ticket whose category is another now. */
int ticket_new_due(struct work *w, struct ticket_row *row);

/* The clock stands while a ticket is pending: called before its status becomes @status. */
int ticket_turn_clock(struct work *w, struct ticket_row *row, const char *status);

/* S13: done, with the automatic message and the mail. */
int ticket_conclude(struct work *w, struct ticket_row *row);

/* Tells the client (a mail to the contact who may still have one, a notification for the
 * company), or the
 * office (a notification, and a mail to the assignee who is still active there), by the
 * template @name.
 * @ret_outbox_id (may be NULL) is the contact's mail, 0 for none. */
int ticket_tell_client(
	struct work *w, const struct ticket_row *row, const char *name, int64_t *ret_outbox_id);
int ticket_tell_office(struct work *w, const struct ticket_row *row, const char *name);

/* Tells the client's company alone, by a notification. */
int ticket_tell_company(struct work *w, const struct ticket_row *row, const char *name);

/* Tells the assignee that the ticket is theirs now; not who did it themselves. */
int ticket_tell_assignee(struct work *w, const struct ticket_row *row);

/* What fills a template that speaks of the ticket. */
struct named_text;
const struct named_text *ticket_texts(struct work *w, const struct ticket_row *row);

/* The sentence of S13, and @subject with the tag of S2 where it came in that way and has
 * none, in the portal's language. A NULL subject stays. */
int ticket_closing_text(struct work *w, const struct ticket_row *row, const char **ret);
const char *ticket_tagged_subject(struct work *w, const char *subject, const char *origin);

#endif
