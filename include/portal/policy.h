/* The permission table (P8), for those who want to print or check it. Every
 * function that shows or changes something asks it, by itself; nobody has to
 * before calling. */
#ifndef PORTAL_POLICY_H
#define PORTAL_POLICY_H

#include <stdbool.h>

/* Who an action is allowed to, besides the operator, who may do everything.
 * "Own" is the company whose record it is, "peer" the one it addresses; "group" are
 * the companies that share a client area with the own one (U10). */
enum policy_who {
	POLICY_OPERATOR_ONLY = 0,     /* nobody else */
	POLICY_OFFICE_ADMIN = 1 << 0, /* an admin of the office, on any record */
	POLICY_OFFICE_STAFF = 1 << 1, /* any user of the office, on any record */
	POLICY_OWN_ADMIN = 1 << 2,    /* an admin of the company whose record it is */
	POLICY_OWN_USER = 1 << 3,     /* any active user of that company */
	POLICY_PEER_ADMIN = 1 << 4,   /* an admin of the company it addresses */
	POLICY_PEER_USER = 1 << 5,    /* any active user of that one */
	POLICY_ANY_USER = 1 << 6,     /* any active user, on records that are public */
	POLICY_GROUP_ADMIN = 1 << 7,  /* an admin of the main company of its group */
	POLICY_GROUP_USER = 1 << 8,   /* any active user of a company of its group */
	POLICY_SELF = 1 << 9,         /* the user whom the record is about */
	POLICY_UNSETTLED = 1 << 10,   /* on their own too, who have to change a password */
};

/* One rule.
 *
 * @action: "noun.verb" ("invite.send"); commands without a noun stand under
 *   "portal" ("portal.status"); the last rule has NULL.
 * @who: bits of enum policy_who; any one of them is enough.
 * @section: the section of the client area it belongs to, or NULL; the collaborators
 *   of a company whose admins have switched that section off are nobody to it (U5). */
struct policy_rule {
	const char *action;
	unsigned who;
	const char *section;
};

/* All rules; ends with a NULL action. An action without a rule is denied to all
 * but the operator. Constant. */
const struct policy_rule *policy_rules(void);

/* Is there a rule for this action? The test of the command table asks. */
bool policy_knows(const char *action);

#endif
