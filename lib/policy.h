/* Permissions are data: one table in policy.c says who may do what. Private to
 * lib; cmd/ knows the actions by name only. */
#ifndef LIB_POLICY_H
#define LIB_POLICY_H

#include "work.h"

/* The record an action is about. @owner is the company whose record it is (who
 * sent the invite), @peer the one it addresses, @user the user it is about; 0 where
 * there is none. @public_record: any active user may know it. @named is what the
 * user typed. */
struct policy_object {
	const char *kind;
	int64_t id;
	const char *named;
	int64_t owner, peer, user;
	bool public_record;
};

/* May the actor do this? 0; -PORTAL_DENIED when the record is visible but the
 * action is not allowed; -PORTAL_NOT_FOUND when it is not even visible. */
int policy_need(struct work *w, const char *action, const struct policy_object *object);

/* The same for a record between two companies, just looked for by its id: @found
 * is what the look-up returned (0: there is none). */
int policy_need_found(struct work *w, const char *action, struct policy_object object, int found);

/* One answer for every link that gives no rights, so that a stranger learns nothing:
 * -PORTAL_DENIED, with the audit row. @letter is that of the link's tokens (a: access, i:
 * invite, s: signup), @id what it is about, or 0. */
int policy_deny_link(struct work *w, char letter, int64_t id);

/* May the actor see this kind of list, and how much of it? @ret_viewer is 0
 * for all of it, or the company to which it must be narrowed. */
int policy_need_list(struct work *w, const char *action, int64_t *ret_viewer);

/* The same question of what is shown among other things: who may not see this list is not
 * denied anything, so nothing is recorded. */
bool policy_may_list(struct work *w, const char *action);

/* Behind policy_need_list(): the main company of the viewer's group when the list
 * shows its members' records too (POLICY_GROUP_ADMIN, POLICY_GROUP_USER), else 0. */
int64_t policy_list_group(const struct work *w, const char *action);

/* Is the actor an admin of the main company of the group this company is in (U10)? */
bool policy_administers(struct work *w, int64_t company_id);

/* The company an action is done for when none was named: the actor's own, or
 * the office for the operator. */
int64_t policy_own_company(const struct work *w);

#endif
