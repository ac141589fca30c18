/* Canned answers: texts that the office answers with again and again, with places for
 * what is different each time. The office's own: only its staff and the operator see and
 * change them; message_request.answer writes one into a ticket.
 *
 * In the text "{contact_name}" stands for the name of who asks, and likewise
 * {company_name}, {ticket_number}, {ticket_subject}, {assignee_name}, {user_name} (who
 * answers) and {office_name}. Other braces are braces. What is filled in is not looked
 * through again. Texts of results live in the portal's arena. */
#ifndef PORTAL_ANSWER_H
#define PORTAL_ANSWER_H

#include <portal/portal.h>

/* One of them.
 *
 * @name: no two have the same, whatever case and accents; not of digits alone.
 * @body: the text, as it was given.
 * @placeholders: the words in braces that it has. */
struct answer {
	int64_t id;
	const char *name;
	const char *body;
	portal_list placeholders;
	portal_time created_at;
};
extern const struct portal_record answer_record;

/* The words that can stand in braces, each with what it stands for. */
extern const struct portal_word answer_placeholders[];

/* A new one.
 *
 * @name: at most 100 bytes.
 * @body: lines of text, at most 64 KiB, not empty. A word in braces that is none of
 *   answer_placeholders is PORTAL_INVALID, with the nearest that is.
 * @if_not_exists: that there is one of that name is no failure. */
struct answer_request {
	const char *name;
	const char *body;
	bool if_not_exists;
};

/* Adds one. 1: added; 0: exists and @if_not_exists. PORTAL_EXISTS. */
int answer_add(struct portal *portal, const struct answer_request *request,
	struct answer *ret_answer, struct portal_error *err);

/* Finds one by name, in which case and accents do not count, or by id as digits.
 * PORTAL_NOT_FOUND. */
int answer_show(struct portal *portal, const char *named, struct answer *ret_answer,
	struct portal_error *err);

/* Takes one away; what was written with it stays. PORTAL_NOT_FOUND. 1: removed; 0: there was
 * none and @missing lets it pass, with a zero @ret_answer. */
int answer_remove(struct portal *portal, const char *named, enum portal_missing missing,
	struct answer *ret_answer, struct portal_error *err);

/* Which ones a list gives.
 *
 * @search: part of the name; NULL: all.
 * @page: where to begin, how many, in which order. */
struct answer_filter {
	const char *search;
	struct portal_page page;
};

/* The fields that page.sort takes: id name. */
extern const struct portal_word answer_sorts[];

/* Gives each to @visit with @arg, by id unless the page says otherwise. */
int answer_list(struct portal *portal, const struct answer_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
