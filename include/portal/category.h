/* Categories of tickets and the rules that give them (S4, S14): which words of the
 * first message, or which answer to a menu, mean a category, who takes care of its
 * tickets, and in which time. The office's own: only its staff and the operator see and
 * change them.
 *
 * A rule takes effect when a ticket is opened: one without a category gets the category
 * whose rule fits, and with it department, assignee and due time, where they are not
 * given; one that is opened with a category gets its due time. Tickets that are there
 * stay as they are.
 *
 * Where a function takes @named, it is a name, in which case and accents do not count,
 * or an id as digits. Texts of results live in the portal's arena. */
#ifndef PORTAL_CATEGORY_H
#define PORTAL_CATEGORY_H

#include <portal/portal.h>

/* One category. Texts that nobody gave are NULL.
 *
 * @name: no two have the same; not of digits alone.
 * @department: that tickets get with it.
 * @words: that mean it in a ticket's subject or first message.
 * @menu: the answer to a menu that means it ("1"); no two have the same.
 * @assignee_email, @assignee_name: who takes care; NULL too when that user is active no
 *   more.
 * @sla_minutes: of business hours until a ticket is due; 0: it is never. */
struct category {
	int64_t id;
	const char *name;
	const char *department;
	portal_list words;
	const char *menu;
	const char *assignee_email;
	const char *assignee_name;
	int64_t sla_minutes;
	portal_time created_at;
	portal_time updated_at;
};
extern const struct portal_record category_record;

/* What a category is to be. In a change NULL leaves a field as it is and "" clears it,
 * the words by a single "".
 *
 * @named: in a change, which one. @name: at most 100 bytes.
 * @department: at most 100 bytes.
 * @words: @word_count of at most 60 bytes each, letters and digits with hyphens inside
 *   ("nfs-e"); at most 50. They count as whole words, without case and accents.
 * @menu: at most 60 bytes.
 * @assignee: the e-mail of an active user of the office.
 * @sla_minutes: a whole number from 1 to 525600.
 * @if_not_exists: of a new one: that there is one of that name is no failure. */
struct category_request {
	const char *named;
	const char *name;
	const char *department;
	const char *const *words;
	int64_t word_count;
	const char *menu;
	const char *assignee;
	const char *sla_minutes;
	bool if_not_exists;
};

/* Adds one; there may be 500. 1: added; 0: exists and @if_not_exists. PORTAL_EXISTS for
 * the name or the answer of another one; PORTAL_NOT_FOUND: no such user of the office. */
int category_add(struct portal *portal, const struct category_request *request,
	struct category *ret_category, struct portal_error *err);

/* Changes one. 1: changed; 0: it was so. */
int category_set(struct portal *portal, const struct category_request *request,
	struct category *ret_category, struct portal_error *err);

/* Finds one. */
int category_show(struct portal *portal, const char *named, struct category *ret_category,
	struct portal_error *err);

/* Takes one away; tickets keep what they have of it. PORTAL_NOT_FOUND. 1: removed; 0: there was
 * none and @missing lets it pass, with a zero @ret_category. */
int category_remove(struct portal *portal, const char *named, enum portal_missing missing,
	struct category *ret_category, struct portal_error *err);

/* Which ones a list gives: of a @department (the whole text), or whose name has @search
 * in it, or both; NULL: any. */
struct category_filter {
	const char *department;
	const char *search;
	struct portal_page page;
};

/* The fields that page.sort takes: id name. */
extern const struct portal_word category_sorts[];

/* Gives each to @visit with @arg, by id unless the page says otherwise. */
int category_list(struct portal *portal, const struct category_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
