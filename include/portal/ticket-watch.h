/* What is new in tickets (S9): a stream of new tickets and messages, for those who wait
 * for them. Ids count through all of a portal and grow with every commit, so that whoever
 * keeps the last id can go on from there. An id says nothing of how many there are: what
 * somebody else sees has ids between.
 *
 * A user sees of it what ticket_list() and message_list() would show: never an internal
 * comment where the user is a client's. Texts of results live in the portal's arena. */
#ifndef PORTAL_TICKET_WATCH_H
#define PORTAL_TICKET_WATCH_H

#include <portal/portal.h>

/* One piece of news. Texts that there are none of are NULL.
 *
 * @id: of the message, or of the event that opened the ticket: what to go on after.
 * @kind: a word of ticket_news_kinds.
 * @at: when it was said, or opened.
 * @ticket_number, @subject, @company_tax_id, @company_name, @contact_name, @department,
 *   @category, @status, @assignee_email: of the ticket, as in struct ticket, as it is when
 *   the news are read.
 * @direction: a word of message_directions, but for event.
 * @via, @author_name, @automatic, @internal: as in struct message.
 * @body: what was said. Of a new ticket it is NULL, as @direction is: its first message
 *   comes as news of its own. */
struct ticket_news {
	int64_t id;
	const char *kind;
	portal_time at;
	const char *ticket_number;
	const char *subject;
	const char *company_tax_id;
	const char *company_name;
	const char *contact_name;
	const char *department;
	const char *category;
	const char *status;
	const char *assignee_email;
	const char *direction;
	const char *via;
	const char *author_name;
	bool automatic;
	bool internal;
	const char *body;
};
extern const struct portal_record ticket_news_record;

/* What is new.
 *
 * ticket: a ticket was opened. message: something was said in one, by whomever, the viewer
 * too; events besides the opening are no news. */
extern const struct portal_word ticket_news_kinds[];

/* News of one look.
 *
 * @items: @count of them, by id; NULL where there are none.
 * @until: the id to go on after, which may be behind the last of @items. */
struct ticket_news_page {
	const struct ticket_news *items;
	int64_t count;
	int64_t until;
};

/* How many one look gives at most. */
enum { TICKET_NEWS_MAX = 100 };

/* The news behind the id @since, at most TICKET_NEWS_MAX: so many may not be all. Below 0
 * there is none, and ret_page->until is where the portal's news end now. Who may see no
 * tickets gets PORTAL_DENIED, whenever that began. */
int ticket_news_read(struct portal *portal, int64_t since, struct ticket_news_page *ret_page,
	struct portal_error *err);

#endif
