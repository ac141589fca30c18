/* Writing the audit log (O4). Private to lib; reading it is <portal/audit.h>. */
#ifndef LIB_AUDIT_H
#define LIB_AUDIT_H

#include "text/object.h"
#include "work.h"

/* Adds one row to the chain, in the transaction of the change it tells of.
 * @action is "invite.accept" or a word of its own; @kind and @id name the
 * record (NULL, 0: none); @changes ends with a NULL field. */
int audit_add(struct work *w, const char *action, const char *kind, int64_t id,
	const struct change *changes);

/* A list in one line, as the log shows it; NULL for NULL. */
const char *audit_list_text(struct work *w, portal_list list);

/* An id in digits, as the log shows it; NULL for none. */
const char *audit_id(struct work *w, portal_id id);

/* The first row of a new portal's chain: ties it to the portal's id. */
int audit_begin(struct work *w, const char *new_portal_id);

#endif
