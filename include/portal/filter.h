/* Saved filters: the options of a list of tickets under a name, so that a list that is
 * needed every day is one word (ticket_filter.saved). The office's own: only its staff
 * and the operator have any. A filter is private to who made it, or shared with all of
 * them; another's private one is PORTAL_NOT_FOUND, as if not there.
 *
 * A filter shows nobody more than they may see: its options count as if whoever uses it
 * had typed them. Texts of results live in the portal's arena. */
#ifndef PORTAL_FILTER_H
#define PORTAL_FILTER_H

#include <portal/portal.h>

/* One of them. Options that were not given are NULL, or none.
 *
 * @name: no two that one person sees have the same, but for a private and a shared one;
 *   then the private one is meant. Case and accents don't count.
 * @owner_email: who made it; NULL: the operator.
 * @shared: with all of the office; who may use it may remove it.
 * @status: the states; empty: those that are open.
 * @assignee: an e-mail, "me" for whoever uses the filter, or "none".
 * @company, @contact: as they were given; looked up when the filter is used.
 * @category, @department, @tag: the whole text.
 * @origin: a word of ticket_origins.
 * @search: beginnings of words.
 * @since_at, @until_at: opened from then on, and before then.
 * @sort: as in struct portal_page. */
struct filter {
	int64_t id;
	const char *name;
	const char *owner_email;
	bool shared;
	portal_list status;
	const char *assignee;
	const char *company;
	const char *contact;
	const char *category;
	const char *department;
	const char *tag;
	const char *origin;
	const char *search;
	portal_time since_at;
	portal_time until_at;
	const char *sort;
	portal_time created_at;
};
extern const struct portal_record filter_record;

/* A new one.
 *
 * @filter: its name, at most 100 bytes and not of digits alone, whether it is shared,
 *   and the options; id, owner, states and creation count for nothing.
 * @statuses: the states, @status_count of them.
 * @if_not_exists: that there is one of that name is no failure. */
struct filter_request {
	struct filter filter;
	const char *const *statuses;
	int64_t status_count;
	bool if_not_exists;
};

/* Adds one. 1: added; 0: exists and @if_not_exists. PORTAL_EXISTS; PORTAL_USAGE: it has
 * no option, or a status, origin or sort that tickets do not have. */
int filter_add(struct portal *portal, const struct filter_request *request,
	struct filter *ret_filter, struct portal_error *err);

/* Finds one by name or by id as digits, the own one before a shared one of the same
 * name. PORTAL_NOT_FOUND, for what is another's and not shared too. */
int filter_show(struct portal *portal, const char *named, struct filter *ret_filter,
	struct portal_error *err);

/* Takes one away: one's own, or a shared one. PORTAL_NOT_FOUND. 1: removed; 0: there was
 * none and @missing lets it pass, with a zero @ret_filter. */
int filter_remove(struct portal *portal, const char *named, enum portal_missing missing,
	struct filter *ret_filter, struct portal_error *err);

/* Which ones a list gives, of those that the actor may use.
 *
 * @search: part of the name; NULL: all.
 * @page: where to begin, how many, in which order. */
struct filter_filter {
	const char *search;
	struct portal_page page;
};

/* The fields that page.sort takes: id name. The one it goes by where
 * none is said is the id. By name it is the order of letters without
 * case and accents. */
extern const struct portal_word filter_sorts[];

/* Gives each to @visit with @arg, by id unless the page says otherwise. */
int filter_list(struct portal *portal, const struct filter_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
