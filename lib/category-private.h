/* Categories as tickets need them. Private to lib. */
#ifndef LIB_CATEGORY_PRIVATE_H
#define LIB_CATEGORY_PRIVATE_H

#include <portal/category.h>

#include "work.h"

/* The category of that name, whoever asks: 1, 0, negative. */
int category_by_name(struct work *w, const char *name, struct category *ret);

/* Where @name is that of a category but for case and accents, it becomes its own. NULL stays. */
int category_own_name(struct work *w, const char **name);

/* The category that a ticket is of by what was written first (S4): the one whose answer
 * to the menu, or whose name, the whole @body is; else the one of whose words most stand
 * in @subject and @body, the older of equals. NULL texts are none. 1, 0, negative. */
int category_match(struct work *w, const char *subject, const char *body, struct category *ret);

/* Who takes care of its tickets: the id of an active user, or 0. */
int category_assignee(struct work *w, const struct category *category, int64_t *ret_user_id);

/* When a ticket of it is due that is opened at @start (S14); 0 for never. */
int category_due(
	struct work *w, const struct category *category, portal_time start, portal_time *ret_due);

#endif
