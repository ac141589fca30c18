/* Canned answers as tickets need them. Private to lib. */
#ifndef LIB_ANSWER_PRIVATE_H
#define LIB_ANSWER_PRIVATE_H

#include <portal/answer.h>

#include "text/object.h"
#include "work.h"

/* The words in braces of @body; NULL and err for one that is none. */
int answer_find_placeholders(struct work *w, const char *body, portal_list *ret);

/* Finds one by name or id, and asks whether the actor may do @action. */
int answer_need(struct work *w, const char *action, const char *named, struct answer *ret);

/* The text of the answer @named with @values in the place of the words in braces. A word
 * that has none is PORTAL_CONFLICT: a gap must not reach people. */
int answer_render(
	struct work *w, const char *named, const struct named_text *values, const char **ret_body);

#endif
