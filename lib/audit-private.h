/* What writing and verifying the audit chain share. Private to lib/audit*.c. */
#ifndef LIB_AUDIT_PRIVATE_H
#define LIB_AUDIT_PRIVATE_H

#include "work.h"

enum { AUDIT_HEX = 64 };

/* One row as the chain covers it. */
struct audit_row {
	int64_t id;
	portal_time at;
	const char *actor;
	const char *as;
	const char *action;
	const char *target_kind;
	portal_id target_id;
	const char *nonce;
	const char *changes;
	const char *digest;
	const char *hash;
};
extern const struct portal_record audit_row_record;

/* SHA-256 of nonce and changes, and the keyed hash over the previous row's
 * hash and every column but those two. Both as lower-case hex in @ret. */
int audit_digest(struct work *w, const struct audit_row *row, char ret[static AUDIT_HEX + 1]);
int audit_hash(struct work *w, const char *previous, const struct audit_row *row,
	char ret[static AUDIT_HEX + 1]);

/* What stands for "the row before" in front of the first one. */
#define AUDIT_ORIGIN "portalctl audit 1"

#endif
