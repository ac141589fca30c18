/* Verifying the chain (P10): one walk from the first row to the last. */
#include <portal/audit.h>

#include <string.h>

#include "audit-private.h"
#include "base/i18n.h"
#include "policy.h"
#include "portal-private.h"

enum { PROGRESS_ROWS = 8192 };

static const struct portal_field verification_fields[] = {
	PORTAL_FIELD(struct audit_verification, rows, N_("ROWS"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(
		struct audit_verification, last_id, N_("LAST ROW"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct audit_verification, last_hash, N_("HASH")),
	PORTAL_FIELD(struct audit_verification, erased, N_("ERASED"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELDS_END,
};

const struct portal_record audit_verification_record = { "audit.verify",
	sizeof(struct audit_verification), verification_fields };

/* Where the walk is: @last_id and @hash are those of the row before. */
struct walk {
	struct work *w;
	struct audit_row row;
	int64_t last_id, erased;
	char hash[AUDIT_HEX + 1];
	struct audit_marks marks;
	size_t marks_seen;
};

static int fault(struct walk *walk, int64_t id, const char *fmt)
	__attribute__((format(printf, 3, 0)));

static int fault(struct walk *walk, int64_t id, const char *fmt)
{
	portal_fail(walk->w->err, PORTAL_DAMAGED, fmt, (long long)id);
	portal_hint(walk->w->err, _("compare with a backup, and find out who could write to the "
				    "database file"));
	return portal_about(walk->w->err, "audit", id);
}

/* Rows are counted without a gap, so a row that is gone leaves one. */
static int check_place(struct walk *walk)
{
	const int64_t id = walk->row.id;

	if (id == walk->last_id + 1)
		return 0;
	if (id > walk->last_id)
		return fault(walk, walk->last_id + 1, _("audit row '%lld' is missing"));
	return fault(walk, id, _("audit row '%lld' does not belong to the audit log"));
}

/* O4a: an erased row has neither nonce nor changes; half of it is no erasure. */
static int check_digest(struct walk *walk)
{
	const struct audit_row *row = &walk->row;
	char digest[AUDIT_HEX + 1];
	int r;

	if (!row->nonce && !row->changes) {
		walk->erased++;
		return 0;
	}
	r = audit_digest(walk->w, row, digest);
	if (r < 0 || !strcmp(digest, row->digest))
		return r;
	return fault(walk, row->id, _("the changes of audit row '%lld' were altered"));
}

static int check_hash(struct walk *walk)
{
	const struct audit_row *row = &walk->row;
	char hash[AUDIT_HEX + 1];
	int r = audit_hash(walk->w, walk->hash, row, hash);

	if (r < 0)
		return r;
	if (strcmp(hash, row->hash) != 0)
		return fault(walk, row->id,
			_("audit row '%lld' was altered, or was written elsewhere or without the "
			  "portal's key"));
	memcpy(walk->hash, hash, sizeof(hash));
	return 0;
}

/* The chain of another portal may hold in itself, under that portal's key. */
static int check_first(struct walk *walk)
{
	const struct audit_row *row = &walk->row;
	const char *ours;

	if (row->id != 1)
		return 0;
	ours = object_of_changes(walk->w->arena, AUDIT_FIRST(walk->w->portal->identity.portal_id));
	if (row->changes && !strcmp(row->changes, ours))
		return 0;
	return fault(walk, row->id, _("audit row '%lld' does not begin this portal's audit log"));
}

static int check_marks(struct walk *walk)
{
	for (; walk->marks_seen < walk->marks.count; walk->marks_seen++) {
		const struct audit_mark *mark = &walk->marks.marks[walk->marks_seen];

		if (mark->rows != walk->row.id)
			return 0;
		if (strcmp(mark->hash, walk->hash) != 0)
			return fault(walk, mark->rows,
				_("audit row '%lld' is not the one that the checkpoint tells of"));
	}
	return 0;
}

static int check_row(struct walk *walk)
{
	int r = check_place(walk);

	if (r >= 0)
		r = check_digest(walk);
	if (r >= 0)
		r = check_hash(walk);
	if (r >= 0)
		r = check_first(walk);
	if (r >= 0)
		r = check_marks(walk);
	walk->last_id = walk->row.id;
	return r;
}

static int check_end(struct walk *walk)
{
	if (walk->last_id == 0)
		return fault(walk, 1, _("the audit log is empty: row '%lld' is missing"));
	if (walk->marks_seen == walk->marks.count)
		return 0;
	return fault(walk, walk->marks.marks[walk->marks_seen].rows,
		_("the end of the audit log is missing: a checkpoint tells of row '%lld'"));
}

static int check_rows(struct walk *walk, int64_t whole)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	int r = store_rows(walk->w->tx, Q_AUDIT_ALL, NO_ARGS, &audit_row_record, &walk->row, &rows);

	while (r >= 0 && (r = store_next(rows)) > 0) {
		r = check_row(walk);
		if (walk->last_id % PROGRESS_ROWS == 0)
			work_progress(walk->w->portal, walk->last_id, whole);
	}
	return r < 0 ? r : check_end(walk);
}

struct verifying {
	const char *checkpoints;
	struct audit_verification *ret;
};

static int verify_body(struct work *w, void *arg)
{
	const struct verifying *verifying = arg;
	struct walk walk = { .w = w, .hash = AUDIT_ORIGIN };
	struct audit_verification found;
	int64_t viewer, whole = 0;
	int r = policy_need_list(w, "audit.verify", &viewer);

	if (r >= 0)
		r = audit_marks_read(w, verifying->checkpoints, &walk.marks);
	if (r >= 0)
		r = store_get_int(w->tx, Q_AUDIT_LAST, NO_ARGS, &whole);
	if (r >= 0)
		r = check_rows(&walk, whole);
	if (r < 0)
		return r;
	found = (struct audit_verification){ .rows = walk.last_id,
		.last_id = walk.last_id,
		.last_hash = arena_strdup(w->arena, walk.hash),
		.erased = walk.erased };
	WORK_GIVE(w, verifying->ret, found);
	return 0;
}

int audit_verify(struct portal *portal, const char *checkpoints,
	struct audit_verification *ret_verification, struct portal_error *err)
{
	struct verifying verifying = { checkpoints, ret_verification };

	return work_read(portal, verify_body, &verifying, err);
}
