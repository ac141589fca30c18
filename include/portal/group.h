/* Groups (U10; matriz e filiais): a main company and the companies that share one
 * client area with it. A user of any of them sees the documents, tickets, tasks,
 * projects and sales of all; admins of the main company administer the users of
 * all, admins of a member only its own. A company is in at most one group, and the
 * main company is in its own.
 *
 * Where a function takes @main, it is the main company's tax id or id. The office
 * makes and changes groups; the users of a group's companies see it. */
#ifndef PORTAL_GROUP_H
#define PORTAL_GROUP_H

#include <portal/portal.h>

/* One group.
 *
 * @main_country, @main_tax_id: of the main company; the tax id in normal form.
 * @name: what people call it.
 * @members: tax ids in normal form of all its companies, the main one first, the
 *   others in order; one that is not Brazilian has its country before it
 *   ("AR:30945378383").
 * @created_at, @updated_at: when it was made, and last changed. */
struct group {
	int64_t id;
	const char *main_country;
	const char *main_tax_id;
	const char *name;
	portal_list members;
	portal_time created_at;
	portal_time updated_at;
};
extern const struct portal_record group_record;

/* A new group.
 *
 * @main: tax id or id of a registered company, required.
 * @name: NULL: the main company's name; at most 300 bytes.
 * @if_not_exists: that this company has a group already is no failure. */
struct group_request {
	const char *main;
	const char *name;
	bool if_not_exists;
};

/* Makes a group with the main company alone. 1: made; 0: exists and
 * @if_not_exists. PORTAL_EXISTS; PORTAL_CONFLICT: it is in another group, or the
 * office; PORTAL_WRONG_STATE: not registered. */
int group_create(struct portal *portal, const struct group_request *request,
	struct group *ret_group, struct portal_error *err);

/* Links a registered company to a group, which shows each the other's client area
 * at once. 1: linked; 0: it was. PORTAL_CONFLICT: in another group, or the office. */
int group_link(struct portal *portal, const char *main, const char *member, struct group *ret_group,
	struct portal_error *err);

/* Takes the view away at once. 1: unlinked; 0: it was no member. PORTAL_CONFLICT: the
 * main company stays as long as the group. */
int group_unlink(struct portal *portal, const char *main, const char *member,
	struct group *ret_group, struct portal_error *err);

/* Finds one. */
int group_show(
	struct portal *portal, const char *main, struct group *ret_group, struct portal_error *err);

/* What removing does where there is nothing to remove. */
enum group_missing { GROUP_MISSING_FAILS, GROUP_MISSING_IS_FINE };

/* Unlinks all and ends the group; @ret_group is how it was. 1: ended; 0: there is
 * none, and that is fine: @ret_group then is zero. */
int group_dissolve(struct portal *portal, const char *main, enum group_missing missing,
	struct group *ret_group, struct portal_error *err);

/* Which groups a list gives; NULL: any.
 *
 * @company: the group of this company.
 * @search: part of the name; case and accents ignored. */
struct group_filter {
	const char *company;
	const char *search;
	struct portal_page page;
};

/* What the list can be sorted by. */
extern const struct portal_word group_sorts[];

/* Gives each group that the actor may see to @visit with @arg. */
int group_list(struct portal *portal, const struct group_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
