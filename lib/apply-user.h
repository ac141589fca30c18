/* The users of one company of a manifest. Private to lib/apply-*.c. */
#ifndef LIB_APPLY_USER_H
#define LIB_APPLY_USER_H

#include "apply-private.h"

/* The company whose people are done. @company: NULL where it could not be made. @found:
 * was it there before? */
struct people {
	const struct manifest_company *manifest;
	const struct company *company;
	enum apply_found found;
};

int apply_users(struct apply *apply, const struct people *people);

#endif
