/* The permission table, for those who want to print or check it. */
#ifndef PORTAL_POLICY_H
#define PORTAL_POLICY_H

#include <stdbool.h>

/* Who an action is allowed to, besides the operator, who may do everything.
 * "Own" is the company whose record it is, "peer" the one it addresses. */
enum policy_who {
	POLICY_OPERATOR_ONLY = 0,
	POLICY_OFFICE_ADMIN = 1 << 0, /* an admin of the office, on any record */
	POLICY_OFFICE_STAFF = 1 << 1, /* any user of the office, on any record */
	POLICY_OWN_ADMIN = 1 << 2,
	POLICY_OWN_USER = 1 << 3,
	POLICY_PEER_ADMIN = 1 << 4,
	POLICY_PEER_USER = 1 << 5,
	POLICY_ANY_USER = 1 << 6, /* any active user, on records that are public */
};

/* One rule. @action is "noun.verb". */
struct policy_rule {
	const char *action;
	unsigned who;
};

/* All rules; ends with a NULL action. An action without a rule is denied. */
const struct policy_rule *policy_rules(void);

/* Is there a rule for this action? The test of the command table asks. */
bool policy_knows(const char *action);

#endif
