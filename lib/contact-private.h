/* Contacts as the other nouns of lib need them. */
#ifndef LIB_CONTACT_PRIVATE_H
#define LIB_CONTACT_PRIVATE_H

#include "work.h"

/* What a user needs to know of the person behind it. */
struct contact_row {
	int64_t id;
	const char *name;
};

/* A contact about to be written; everything is checked. @email may be NULL, @phones
 * is a portal_list of E.164 numbers. */
struct contact_draft {
	int64_t company_id;
	const char *name, *email, *phones;
};

/* The company's contact with this e-mail: 1, 0, negative. */
int contact_of_company(
	struct work *w, int64_t company_id, const char *email, struct contact_row *ret);

/* Writes a checked draft as a new row. */
int contact_insert(struct work *w, const struct contact_draft *draft, int64_t *ret_id);

/* A person's name: given, clean, not too long; @name becomes its normal form. */
int contact_check_name(struct work *w, const char **name);

#endif
