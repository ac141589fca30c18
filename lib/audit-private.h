/* What writing and verifying the audit chain share. Private to lib/audit*.c. */
#ifndef LIB_AUDIT_PRIVATE_H
#define LIB_AUDIT_PRIVATE_H

#include "text/object.h"
#include "work.h"

/* AUDIT_WINDOW_ROWS: so many rows are verified together. */
enum { AUDIT_HEX = 64, AUDIT_WINDOW_ROWS = 1 << 17 };

/* What the row of an erasure names those by whose changes it took away (O4a), as
 * <portal/audit.h> says. */
#define AUDIT_ERASED_ROWS "audit_rows"

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

/* Can a row have this action, or one of this noun? */
bool audit_knows(const char *action);

/* SHA-256 of nonce and changes, and the keyed hash over the previous row's
 * hash and every column but those two. Both as lower-case hex in @ret. */
int audit_digest(struct work *w, const struct audit_row *row, char ret[static AUDIT_HEX + 1]);
int audit_hash(struct work *w, const char *previous, const struct audit_row *row,
	char ret[static AUDIT_HEX + 1]);

/* What the first row says was changed: the portal came to be. */
#define AUDIT_FIRST(portal_id) CHANGES({ "portal_id", NULL, (portal_id) })

/* The end of the chain as it is in the database; id 0 and AUDIT_ORIGIN where
 * there is none. */
struct audit_tail;
int audit_find_tail(struct work *w, struct audit_tail *ret);

/* What a checkpoint tells of: the chain had @rows rows, the last with @hash,
 * at @at. */
struct audit_mark {
	int64_t rows;
	const char *hash;
	const char *at;
};

/* By rows, ascending. */
struct audit_marks {
	struct audit_mark *marks;
	size_t count;
};

/* Reads the checkpoints in @text (NULL: none), all of which must be whole and
 * of this portal: PORTAL_INVALID_INPUT. */
int audit_marks_read(struct work *w, const char *text, struct audit_marks *ret);

/* What stands for "the row before" in front of the first one. */
#define AUDIT_ORIGIN "portalctl audit 1"

#endif
