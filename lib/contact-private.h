/* Contacts as the other nouns of lib need them. */
#ifndef LIB_CONTACT_PRIVATE_H
#define LIB_CONTACT_PRIVATE_H

#include <portal/contact.h>

#include "work.h"

/* What a user needs to know of the person behind it. */
struct contact_row {
	int64_t id;
	const char *name;
};

/* A contact about to be written; everything is checked. @company_id 0: of nobody yet
 * (W6). @email may be NULL, @phones is a portal_list of E.164 numbers. */
struct contact_draft {
	int64_t company_id;
	const char *name, *email, *phones;
};

/* The company's contact with this e-mail: 1, 0, negative. */
int contact_of_company(
	struct work *w, int64_t company_id, const char *email, struct contact_row *ret);

/* Writes a checked draft as a new row. */
int contact_insert(struct work *w, const struct contact_draft *draft, int64_t *ret_id);

/* A contact as it was found, and the company it belongs to (none: 0). */
struct contact_found {
	struct contact contact;
	portal_id company_id;
};

/* A contact as somebody typed it: e-mail or id, and the company where the e-mail
 * has several (NULL: not said). */
struct contact_named {
	const char *contact, *company;
};

/* Finds the contact and asks whether the actor may do @action. */
int contact_need(struct work *w, const char *action, const struct contact_named *named,
	struct contact_found *ret);

/* The contact with this id: 1, 0 (absent or removed), negative. */
int contact_by_id(struct work *w, int64_t id, struct contact_found *ret);

/* Gives a contact the name, e-mail and phones of @now, which are checked, with the
 * audit row of @action. 1: changed; 0: it was so. contact_save(): what is queued for the
 * contact follows, as people have corrected where it is reached. */
int contact_store(
	struct work *w, const char *action, const struct contact *was, struct contact *now);
int contact_save(
	struct work *w, const char *action, const struct contact *was, struct contact *now);

/* 0 where no contact of the company has the e-mail (NULL: none); else -PORTAL_EXISTS, about
 * the one that has it. */
int contact_check_email_free(struct work *w, int64_t company_id, const char *email);

/* Takes away a contact that is no user; -PORTAL_CONFLICT for one that is. */
int contact_drop(struct work *w, const struct contact *contact);

/* Writes the audit row of what became of a contact; all of one that is new or gone is
 * on one side. */
int contact_audit(
	struct work *w, const char *action, const struct contact *was, const struct contact *now);

/* A person's name: given, clean, not too long; @name becomes its normal form. */
int contact_check_name(struct work *w, const char **name);

/* The same, whose fault joins the list that portal_faults_end() ends. */
void contact_field_name(struct work *w, const char **name);

#endif
