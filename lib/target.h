/* A record as people name it in filters: "invite:42". Private to lib. */
#ifndef LIB_TARGET_H
#define LIB_TARGET_H

#include "work.h"

/* @kind "": any; @id 0: any of that kind. */
struct target {
	const char *kind;
	int64_t id;
};

/* Reads "KIND" or "KIND:ID"; NULL is any. PORTAL_USAGE about @field for what is
 * neither: a filter that can't match must not look like an empty list. */
int target_parse(struct work *w, const char *text, const char *field, struct target *ret);

/* Reads an id: decimal digits from 1 on, no sign, no leading zero. */
bool target_id(const char *digits, int64_t *ret);

#endif
