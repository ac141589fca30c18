/* Tickets (S1 to S7, S12, S13): what clients ask of the office, and how far it is.
 * What is said in them is <portal/message.h>.
 *
 * Where a function takes @named, it is a number ("260301-001") or an id as digits.
 * A ticket that the actor may not see is PORTAL_NOT_FOUND, as if not there: the
 * office's staff see all, other users those of their own company and group. Texts of
 * results live in the portal's arena. */
#ifndef PORTAL_TICKET_H
#define PORTAL_TICKET_H

#include <portal/portal.h>

/* One ticket. Texts that nobody gave are NULL.
 *
 * @number: YYMMDD-NNN: the day in the portal's time zone, and the how-many-eth of
 *   that day, with three digits or more (S1). Numbers have no gap and never change.
 * @company_tax_id, @company_name: whose; NULL for one of a sender nobody knows yet.
 * @contact_name, @contact_email, @contact_phone: who asks; the first of the phones.
 * @department, @category: as people named them; a category that has a rule (category.h)
 *   as that is written.
 * @tags: the office's own: clients read none.
 * @due_at: when the category's rule has it done (category.h), or none. It moves by the
 *   business hours that the ticket is pending, when that ends, and is another one when the
 *   category is.
 * @origin: a word of ticket_origins. @status: a word of ticket_statuses.
 * @assignee_email, @assignee_name: who of the office takes care of it.
 * @closed_at: since when it is done or cancelled.
 * @wa_status: of its WhatsApp conversation, or NULL.
 * @rating: what the client thought of it: 1, the worst, to 5; 0 (null) for nothing yet. It
 *   is no id, but has the type of one, as there is none other of integers that may be null.
 * @rating_comment: why, in the client's words.
 * @merged_into: of one that was merged, the number of the ticket that stands for it.
 * @project_id, @task_id: what it discusses (S12): at most one of them, of the same company.
 *   Of a task that is not visible to clients they read none, nor of what their company's
 *   admin has switched off for them (U5).
 * @unread_count: messages of the other side since that of the actor wrote to it, or
 *   marked the ticket as read, for the last time. */
struct ticket {
	int64_t id;
	const char *number;
	const char *subject;
	const char *company_tax_id;
	const char *company_name;
	const char *contact_name;
	const char *contact_email;
	const char *contact_phone;
	const char *department;
	const char *category;
	portal_list tags;
	portal_time due_at;
	const char *origin;
	const char *status;
	const char *assignee_email;
	const char *assignee_name;
	portal_time opened_at;
	portal_time updated_at;
	portal_time closed_at;
	const char *wa_status;
	portal_id rating;
	const char *rating_comment;
	const char *merged_into;
	portal_id project_id;
	portal_id task_id;
	int64_t unread_count;
};
extern const struct portal_record ticket_record;

/* A ticket as it is shown alone. ticket_show() fills the ticket; whoever shows it adds
 * what is said in it.
 *
 * @messages: the newest messages that the reader may see, the oldest of them first, as
 *   a JSON array of message records.
 * @messages_truncated: there are earlier ones. */
struct ticket_shown {
	struct ticket ticket;
	portal_json messages;
	bool messages_truncated;
};
extern const struct portal_record ticket_shown_record;

/* How far it is (S3). Open are:
 *	new          nobody of the office has answered or taken it
 *	in_progress  somebody works on it
 *	pending      it waits for something, as a rule from the client
 * Not open any more, until it is reopened, are:
 *	done         concluded; the client was told
 *	cancelled    given up; the client was not told */
extern const struct portal_word ticket_statuses[];

/* Those, "open" for the three that are, and "any" for all. */
extern const struct portal_word ticket_status_choices[];

/* By which way it was opened:
 *	whatsapp  a message there
 *	app       the client, with its own access to the portal
 *	email     a mail
 *	office    the office, for the client, whatever the occasion */
extern const struct portal_word ticket_origins[];

/* A new ticket.
 *
 * @company: tax id or id; NULL: that of the contact, of the project or task, or of the user
 *   who asks.
 * @contact: e-mail or id of a contact of that company. Required of the office; a
 *   client asks in the own name, and gives none or itself.
 * @subject: required, at most 300 bytes, one line.
 * @department, @category: at most 100 bytes, or NULL.
 * @project, @task: the id of what it discusses, or 0; not both. Of the ticket's company,
 *   and a client names those it sees alone.
 * @body: the first message, or NULL: lines of text, at most 64 KiB. Of a client it is
 *   a message to the office, of the office one to the client.
 * @files: paths of @file_count files of the first message, as in <portal/message.h>.
 * @origin: a word of ticket_origins; NULL: app of a client, else office. A client
 *   can't choose. whatsapp puts the tag of S2 behind the subject.
 * @tags: @tag_count texts of at most 60 bytes, 20 at most; of the office alone. */
struct ticket_request {
	const char *company;
	const char *contact;
	const char *subject;
	const char *department;
	const char *category;
	int64_t project;
	int64_t task;
	const char *body;
	const char *const *files;
	int64_t file_count;
	const char *origin;
	const char *const *tags;
	int64_t tag_count;
};

/* Opens a ticket, and tells the other side of it: the office by a notification, the
 * contact by a mail and its company by a notification. A ticket about a task of which
 * nobody is the assignee is mailed to the task's, as whatever the client does in it.
 * PORTAL_NOT_FOUND: no such company, project or task, or no such contact in the company;
 * PORTAL_INVALID for a project or task of another company; all faults of the texts at
 * once. */
int ticket_open(struct portal *portal, const struct ticket_request *request,
	struct ticket *ret_ticket, struct portal_error *err);

/* Finds one. It is not marked as read by that: a look changes nothing. */
int ticket_show(struct portal *portal, const char *named, struct ticket *ret_ticket,
	struct portal_error *err);

/* Which tickets a list gives. NULL: any. What is given must all hold.
 *
 * @statuses: @status_count words of ticket_status_choices; none is "open".
 * @assignee: an e-mail or id of the staff, "me", or "none" for those of nobody. Of those
 *   who were removed too: somebody is who has or had that e-mail in the office.
 * @company, @contact: as above; the office finds the tickets of a contact who was removed,
 *   too. @category, @department, @tag: the whole text.
 * @origin: a word of ticket_origins. @project, @task: an id, 0: any.
 * @search: beginnings of words, at most six, of the number, the subject and the
 *   messages; case and accents ignored. Internal comments count for the office alone.
 * @since, @until: opened from then on, and before then; 0: any time.
 * @saved: a saved filter (filter.h), by name or id: its options count where none is given
 *   here. PORTAL_NOT_FOUND where the actor has no such filter.
 * @page: where to begin, how many, in which order. */
struct ticket_filter {
	const char *const *statuses;
	int64_t status_count;
	const char *assignee;
	const char *company;
	const char *contact;
	const char *category;
	const char *department;
	const char *tag;
	const char *origin;
	int64_t project;
	int64_t task;
	const char *search;
	portal_time since, until;
	const char *saved;
	struct portal_page page;
};

/* The fields that page.sort takes: id number status opened_at updated_at due_at. Those
 * without a due time come last. */
extern const struct portal_word ticket_sorts[];

/* Gives each ticket to @visit with @arg, by id unless the page says otherwise. Who is no
 * user of the office sees those of the own company and its group. PORTAL_NOT_FOUND: no
 * such company, contact or user of the office; PORTAL_USAGE: a search without a word, or
 * with more than six. */
int ticket_list(struct portal *portal, const struct ticket_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

/* The badge (S9): how many tickets are in one of the states. */
struct ticket_count {
	int64_t count;
};
extern const struct portal_record ticket_count_record;

/* Counts the tickets that the actor may see in the states, @count words of
 * ticket_status_choices; none is "new". */
int ticket_count(struct portal *portal, const char *const *statuses, int64_t count,
	struct ticket_count *ret_count, struct portal_error *err);

/* What to change of a ticket. NULL leaves a field as it is, "" clears it.
 *
 * @subject, @department, @category: as in struct ticket_request.
 * @status: a word of ticket_statuses; "done" is ticket_close(), "cancelled"
 *   ticket_cancel(), and an open one of a ticket that has ended ticket_reopen().
 * @add, @drop: tags, @add_count and @drop_count of them. */
struct ticket_change {
	const char *named;
	const char *subject;
	const char *department;
	const char *category;
	const char *status;
	const char *const *add;
	const char *const *drop;
	int64_t add_count, drop_count;
};

/* Changes what @change gives, with an event for each field; that of tags the office
 * alone sees. The ticket is still found by the words of its former subject, which its
 * conversation has. 1: changed; 0: it was so. PORTAL_WRONG_STATE: it has ended, and
 * should end otherwise; all faults of the texts at once. */
int ticket_set(struct portal *portal, const struct ticket_change *change, struct ticket *ret_ticket,
	struct portal_error *err);

/* Makes an active user of the office, by e-mail or id, the assignee; @to NULL: nobody.
 * A new ticket is in progress then (S4), and the assignee is mailed, unless it is the
 * actor. 1: changed; 0: it was so. PORTAL_NOT_FOUND: no such user of the office;
 * PORTAL_WRONG_STATE for a ticket that has ended. */
int ticket_assign(struct portal *portal, const char *named, const char *to,
	struct ticket *ret_ticket, struct portal_error *err);

/* The same to somebody (@to is required), with an internal comment for who takes over
 * (S6). @comment, NULL for none, is written also where it was theirs already: 1 then. */
int ticket_hand_over(struct portal *portal, const char *named, const char *to, const char *comment,
	struct ticket *ret_ticket, struct portal_error *err);

/* Concludes it (S13): the client gets an automatic message with the number, and a
 * mail. 1: done now; 0: it was. PORTAL_WRONG_STATE for a cancelled one. */
int ticket_close(struct portal *portal, const char *named, struct ticket *ret_ticket,
	struct portal_error *err);

/* Cancels it; nothing is told to the client. @reason (NULL: none) becomes an internal
 * comment, also of a ticket that was cancelled: 1 then. 1: cancelled now; 0: it was.
 * PORTAL_WRONG_STATE for a done one. */
int ticket_cancel(struct portal *portal, const char *named, const char *reason,
	struct ticket *ret_ticket, struct portal_error *err);

/* Takes a done or cancelled ticket up again: it is in progress, and its assignee is who it
 * was. The office is told where a client does it. 1: reopened; 0: it was open. */
int ticket_reopen(struct portal *portal, const char *named, struct ticket *ret_ticket,
	struct portal_error *err);

/* How the client found it (S7): @rating is 1, the worst, to 5, @comment at most 1,000
 * bytes in lines, or NULL. Of a done ticket; a later one takes the place of the earlier.
 * The office is told. 1: rated; 0: it was rated so. PORTAL_WRONG_STATE for a ticket that
 * is not done, PORTAL_INVALID for another number. */
int ticket_rate(struct portal *portal, const char *named, int64_t rating, const char *comment,
	struct ticket *ret_ticket, struct portal_error *err);

/* Two tickets that turn out to be one: merges @named into another ticket of the same
 * company, which must be open: its messages, tasks, processes and tags (as many as there
 * is room for) are that one's from now on, and its number names that one, in every
 * function. 1: merged; 0: it was merged into it before. PORTAL_CONFLICT for a ticket of
 * another company, and for the ticket itself; PORTAL_WRONG_STATE. @ret_ticket is the one
 * that stands for both. The one that was merged stays in lists as cancelled, and says so
 * in merged_into. */
int ticket_merge(struct portal *portal, const char *named, const char *into,
	struct ticket *ret_ticket, struct portal_error *err);

/* Marks what the other side wrote as read, for the actor's whole side. 1: something was
 * unread; 0: nothing was. */
int ticket_read(struct portal *portal, const char *named, struct ticket *ret_ticket,
	struct portal_error *err);

#endif
