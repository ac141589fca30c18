/* Phones as fields of records: read with the portal's area code. Private to lib. */
#ifndef LIB_PHONE_PRIVATE_H
#define LIB_PHONE_PRIVATE_H

#include <portal/phone.h>

#include "work.h"

/* Reads one number. PORTAL_INVALID_PHONE about "phone". */
int phone_field(struct work *w, const char *input, struct phone *ret);

/* The phones of a person, at most. */
enum { PHONE_LIST_MAX = 20 };

/* Numbers as people gave them. @field: what faults are about; NULL: "phone". */
struct phone_inputs {
	const char *const *items;
	int64_t count;
	const char *field;
};

/* The same as a portal_list of E.164 numbers, each once; empty texts are dropped. Every
 * fault joins the list that portal_faults_end() ends, and so does PORTAL_INVALID for
 * more than PHONE_LIST_MAX. */
void phone_list(struct work *w, const struct phone_inputs *inputs, const char **ret);

#endif
