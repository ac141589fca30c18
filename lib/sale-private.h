/* Sales from inside. Private to lib/sale*.c. */
#ifndef LIB_SALE_PRIVATE_H
#define LIB_SALE_PRIVATE_H

#include <portal/sale.h>

#include "seal/seal.h"
#include "work.h"

struct buf;

/* A sale as it is stored; its items are read apart. */
struct sale_row {
	struct sale sale;
	int64_t company_id;
	portal_time expires_at;
	const char *country;
};

/* Finds a sale by number or id and asks whether the actor may do @action. */
int sale_need(struct work *w, const char *action, const char *named, struct sale_row *ret);

/* The sale with this id, with its items: 1, 0, negative. */
int sale_by_id(struct work *w, int64_t id, struct sale_row *ret);

/* The sale with this number, without them. */
int sale_by_number(struct work *w, const char *number, struct sale_row *ret);

/* The items as one JSON array, read from the store into @buf, or into the sale. */
int sale_put_items(struct work *w, int64_t sale_id, struct buf *buf);
int sale_read_items(struct work *w, struct sale *sale);

/* Gives the caller the sale as it is now, and returns @changed. */
int sale_give(struct work *w, int64_t id, struct sale *ret, int changed);

/* A line that was read: exact integers. */
struct sale_item {
	const char *description;
	int64_t quantity_micro;
	int64_t unit_price_cents;
	int64_t total_cents;
};

/* All lines of a sale. */
struct sale_items {
	struct sale_item *list;
	int64_t count;
	int64_t total_cents;
};

/* Checks lines by the rules, all faults at once. */
int sale_items_check(
	struct work *w, const struct sale_line *lines, int64_t count, struct sale_items *ret);

/* As sale_put_items() would write them. */
const char *sale_items_text(struct arena *arena, const struct sale_items *items);

/* The last day a sale can be signed and the moment after; NULL and none for NULL, and for
 * "". */
struct sale_term {
	const char *valid_until;
	portal_time expires_at;
};
int sale_term_read(struct work *w, const char *text, struct sale_term *ret);

/* 0 for a sale that waits for its signature; else -PORTAL_WRONG_STATE. */
int sale_check_waits(struct work *w, const struct sale_row *row);
int sale_wrong_state(struct work *w, const struct sale_row *row);

/* How a sale ends: by "sale." and @verb, with which status and what goes with it.
 * @ended_by NULL: the actor. */
struct sale_ending {
	const char *verb, *status, *signed_by, *ended_by, *reason;
};

/* Writes the end, with the audit row. @record_sha256: of the signature's record, or NULL. */
int sale_end(struct work *w, const struct sale_row *row, const struct sale_ending *ending,
	const char *record_sha256);

/* Tells of what became of a sale: the company (and @contact, NULL: none), the office, or
 * both. */
enum sale_told { SALE_TELL_COMPANY = 1, SALE_TELL_OFFICE = 2, SALE_TELL_BOTH = 3 };
int sale_tell(struct work *w, int64_t sale_id, const char *event_name, enum sale_told whom,
	const char *contact);

/* The terms of a sale, in the portal's language. */
int sale_terms_of(struct work *w, const struct sale_row *row, struct sale_terms *ret);

/* What is signed: the sale in one line of JSON, of what never changes once it was sent. */
int sale_content(struct work *w, const struct sale_row *row, const char **ret);

/* A signature as it is stored. */
struct sale_signature {
	int64_t id;
	const char *content, *record, *seal, *public_key;
};
extern const struct portal_record sale_signature_record;

/* SHA-256 of bytes as they are, as lower-case hex. */
enum { SALE_HEX_SIZE = 2 * SEAL_SIZE + 1 };
int sale_hash_hex(
	const char *bytes, size_t len, char ret[static SALE_HEX_SIZE], struct portal_error *err);

/* A public key in all its forms. */
int sale_key_forms(struct arena *arena, const unsigned char key[static SEAL_PUBLIC_SIZE],
	struct sale_public_key *ret, struct portal_error *err);

/* The portal's own. */
int sale_own_key(struct work *w, struct sale_public_key *ret);

/* The file of a signature. */
const char *sale_bundle(struct arena *arena, const struct sale_signature *signature);

/* The checks of evidence, in the order they are told. */
enum sale_check {
	SALE_FORMAT,
	SALE_CONTENT,
	SALE_RECORD,
	SALE_TERMS,
	SALE_SEAL,
	SALE_KEY,
	SALE_PINNED_KEY,
	SALE_LEVEL,
	SALE_CHAIN,
	SALE_SAME,
	SALE_SIGNER_SIGNATURE,
	SALE_TIMESTAMP,
	SALE_CHECKS
};
enum sale_result { SALE_ABSENT, SALE_OK, SALE_FAILED };

/* Evidence under examination: what came of each check, and what its record says. */
struct sale_exam {
	struct arena *arena;
	enum sale_result results[SALE_CHECKS];
	struct sale_verification found;
};

/* Checks the bytes alone, and sums up what came of all checks: 0, or -PORTAL_INVALID when
 * one failed. */
int sale_exam_bytes(
	struct sale_exam *exam, const struct sale_evidence *evidence, struct portal_error *err);
int sale_exam_end(struct sale_exam *exam, struct portal_error *err);

/* Do the records of all signatures follow each other, up to the newest that the audit log
 * has? */
int sale_chain_holds(struct work *w, bool *ret_holds);

#endif
