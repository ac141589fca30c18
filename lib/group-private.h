/* Groups as the other nouns of lib need them. */
#ifndef LIB_GROUP_PRIVATE_H
#define LIB_GROUP_PRIVATE_H

#include <portal/company.h>
#include <portal/group.h>

#include "work.h"

/* The group whose main company has this id: 1, 0, negative. */
int group_of_main(struct work *w, int64_t main_id, struct group *ret);

/* The main company of the group a company is in; 0: none. */
int group_main_of(struct work *w, int64_t company_id, int64_t *ret_main_id);

/* Makes a group; @name is checked. -PORTAL_CONFLICT and the like as group_create(). */
int group_make(struct work *w, const struct company *main, const char *name, struct group *ret);

/* A group's name in normal form; the main company's where @name is NULL or empty. */
int group_check_name(struct work *w, const char **name, const struct company *main);

/* Gives a group another name, which is checked. 1: changed; 0: it was so. */
int group_rename(
	struct work *w, const struct company *main, const struct group *group, const char *name);

/* Links and unlinks; 1: changed, 0: it was so. */
int group_add_member(struct work *w, const struct company *main, const struct company *member);
int group_drop_member(struct work *w, const struct company *main, const struct company *member);

/* Ends the group of a main company. */
int group_end(struct work *w, const struct company *main, const struct group *group);

#endif
