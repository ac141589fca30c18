/* The audit log (O4): every change, who made it and when, in a chain of rows of
 * which each covers the one before with the portal's key.
 *
 * What the chain alone shows: any row altered, missing, put in, put elsewhere,
 * or taken from another portal, even when everything was computed anew without
 * the key. What it does not show: that rows were cut off its end, or that the
 * whole file is an older copy. For that, keep a checkpoint somewhere else. */
#ifndef PORTAL_AUDIT_H
#define PORTAL_AUDIT_H

#include <portal/portal.h>

/* One row.
 *
 * @id: counts from 1 without a gap.
 * @at: when, by the clock of whoever wrote.
 * @actor: who ran the program ("uid:1000").
 * @as: under which user's rights ("EMAIL/TAX-ID"); NULL for the operator.
 * @action: "NOUN.VERB" ("invite.accept"), "init" for the first row, "denied"
 *   for what somebody was not allowed to do.
 * @target_kind, @target_id: the record it was done to; NULL and none where
 *   there was no single one.
 * @changes: {"field":["before","after"],…}; NULL after a person's data were
 *   erased (O4a). Of "contact.erase" they have the member "audit_rows", whose
 *   second value lists the rows before it that were erased: ids and spans of
 *   ids, ascending, with commas between ("2,50-53").
 * @hash: 64 lower-case hex digits over this row and all before it. */
struct audit {
	int64_t id;
	portal_time at;
	const char *actor;
	const char *as;
	const char *action;
	const char *target_kind;
	portal_id target_id;
	portal_json changes;
	const char *hash;
};
extern const struct portal_record audit_record;

/* Which rows. 0 and NULL: any. @since is inside the range, @until is not.
 * @action: "invite.send", or "invite" for all actions of that noun. @actor: as in
 * the row's actor, its as, or the e-mail of its as. @target: "KIND" or "KIND:ID".
 * An action that no row can have, and any other target, is PORTAL_USAGE. */
struct audit_filter {
	portal_time since;
	portal_time until;
	const char *action;
	const char *actor;
	const char *target;
	struct portal_page page;
};

/* The fields that page.sort takes: id at. */
extern const struct portal_word audit_sorts[];

/* Gives each row to @visit, oldest first. The operator and admins of
 * the office; else PORTAL_DENIED, as for the two functions below. */
int audit_list(struct portal *portal, const struct audit_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

/* What a chain that holds consists of.
 *
 * @rows: how many; @last_id is the same number, for a chain has no gaps.
 * @last_hash: what a checkpoint taken now would hold.
 * @erased: rows whose changes were erased (O4a), which is no fault where the
 *   changes of a later row "contact.erase" of the chain name them: their digest
 *   still stands in the chain. Any other row without changes is a fault. */
struct audit_verification {
	int64_t rows;
	int64_t last_id;
	const char *last_hash;
	int64_t erased;
};
extern const struct portal_record audit_verification_record;

/* Walks the whole chain in bounded memory and computes every digest and hash
 * anew. @checkpoints is text that holds lines of audit_checkpoint(), one or
 * many, in any order, each with anything before it on its line; NULL: none. The
 * chain must then still hold the row each of them tells of.
 *
 * PORTAL_DAMAGED: the first fault, naming the row and what is wrong with it.
 * PORTAL_INVALID_INPUT: @checkpoints has no such line, a broken one (with its
 * line), or one of another portal. The result lives in the portal's arena. */
int audit_verify(struct portal *portal, const char *checkpoints,
	struct audit_verification *ret_verification, struct portal_error *err);

/* How many rows the chain had at a time, and the hash of the last. @checkpoint
 * is all of it in one line to be kept where whoever can write the database
 * can't: "portalctl-checkpoint 1 PORTAL-ID ROWS HASH AT". */
struct audit_checkpoint {
	const char *checkpoint;
	const char *portal_id;
	int64_t rows;
	const char *hash;
	portal_time at;
};
extern const struct portal_record audit_checkpoint_record;

/* The checkpoint of the chain as it is; it does not verify it. PORTAL_DAMAGED
 * where rows are missing. The result lives in the portal's arena. */
int audit_checkpoint(
	struct portal *portal, struct audit_checkpoint *ret_checkpoint, struct portal_error *err);

#endif
