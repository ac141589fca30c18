/* Records of the office that people name: answers, filters, categories. Private to lib. */
#ifndef LIB_NAMED_H
#define LIB_NAMED_H

#include "work.h"

enum { NAMED_MAX_BYTES = 100 };

/* A name as somebody gave it becomes the one that is stored: one line, at most 100
 * bytes, and not of digits alone, which would be an id. PORTAL_INVALID* about "name". */
int named_check(struct work *w, const char **name);

/* What was typed to find a record: the folded name and 0, or "" and the id. */
struct named {
	const char *name_norm;
	int64_t id;
};
struct named named_parse(struct work *w, const char *typed);

#endif
