/* Verifying the chain (P10): one walk from the first row to the last, a window of
 * rows after another, so that which of them were erased fits in little memory. */
#include <portal/audit.h>

#include <stdlib.h>
#include <string.h>

#include "audit-private.h"
#include "base/i18n.h"
#include "policy.h"
#include "portal-private.h"
#include "text/json.h"

enum { PROGRESS_ROWS = 8192, WINDOW_ROWS = AUDIT_WINDOW_ROWS };

struct span {
	int64_t low, high;
};

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

/* The rows from @low to @high, and of those a bit each: an erasure names it. */
struct window {
	int64_t low, high;
	unsigned char *named;
};

/* Where the walk is: @last_id and @hash are those of the row before. */
struct walk {
	struct work *w;
	struct audit_row row;
	int64_t last_id, erased;
	char hash[AUDIT_HEX + 1];
	struct audit_marks marks;
	size_t marks_seen;
	struct window window;
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

static bool is_named(const struct window *window, int64_t id)
{
	const int64_t bit = id - window->low;

	return window->named && (window->named[bit / 8] >> (bit % 8) & 1);
}

/* O4a: an erased row has neither nonce nor changes; half of it is no erasure. Anybody
 * can blank a row: a row of the chain must say that it was erased. */
static int check_erased(struct walk *walk)
{
	const int64_t id = walk->row.id;

	if (!is_named(&walk->window, id))
		return fault(walk, id,
			_("the changes of audit row '%lld' were removed, and no erasure names it"));
	walk->erased++;
	return 0;
}

static int check_digest(struct walk *walk)
{
	const struct audit_row *row = &walk->row;
	char digest[AUDIT_HEX + 1];
	int r;

	if (!row->nonce && !row->changes)
		return check_erased(walk);
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

struct erasure {
	int64_t id;
	const char *changes;
};

static const struct portal_field erasure_fields[] = {
	PORTAL_FIELD(struct erasure, id, NULL),
	PORTAL_FIELD(struct erasure, changes, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record erasure_record = { "audit", sizeof(struct erasure),
	erasure_fields };

/* The next of "2,5-9": false at the end, and at what is no such list. */
static bool next_span(const char **text, struct span *ret)
{
	char *end;

	ret->low = ret->high = strtoll(*text, &end, 10);
	if (end == *text)
		return false;
	if (*end == '-')
		ret->high = strtoll(end + 1, &end, 10);
	*text = end + (*end == ',');
	return (*end == ',' || !*end) && ret->high >= ret->low;
}

static void name_rows(struct window *window, int64_t low, int64_t high)
{
	const int64_t first = low > window->low ? low : window->low;
	const int64_t last = high < window->high ? high : window->high;

	for (int64_t id = first; id <= last; id++) {
		const int64_t bit = id - window->low;

		window->named[bit / 8] |= (unsigned char)(1u << (bit % 8));
	}
}

/* Only rows before it: what comes later it can't have erased. They ascend, so that
 * none is gone through twice. */
static void read_erasure(
	struct window *window, struct arena *scratch, const struct erasure *erasure)
{
	struct portal_error unheard = { 0 };
	struct json *changes = NULL;
	const struct json *member;
	const char *text;
	struct span span;
	int64_t last = 0;

	arena_reset(scratch);
	if (!erasure->changes || json_parse(scratch, erasure->changes, strlen(erasure->changes),
					 &changes, &unheard) < 0)
		return;
	member = json_next(json_first(json_get(changes, AUDIT_ERASED_ROWS)));
	text = json_text(member);
	while (text && next_span(&text, &span) && span.low > last && span.high < erasure->id) {
		name_rows(window, span.low, span.high);
		last = span.high;
	}
}

/* What the erasures say is believed here: the walk comes to each of them later, and
 * proves it then. */
static int read_erasures(struct walk *walk)
{
	_cleanup_arena_ struct arena scratch = { .out_of_memory = walk->w->arena->out_of_memory };
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct window *window = &walk->window;
	struct erasure erasure;
	int r = store_rows(walk->w->tx, Q_AUDIT_ERASURES, ARGS(A(window->low)), &erasure_record,
		&erasure, &rows);

	if (!window->named)
		window->named = arena_alloc(walk->w->arena, WINDOW_ROWS / 8);
	memset(window->named, 0, WINDOW_ROWS / 8);
	while (r >= 0 && (r = store_next(rows)) > 0)
		read_erasure(window, &scratch, &erasure);
	return r;
}

static int check_window(struct walk *walk, int64_t whole)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	/* A row below the first does not belong there, wherever it is. */
	const int64_t low = walk->window.low == 1 ? INT64_MIN : walk->window.low;
	int r = store_rows(walk->w->tx, Q_AUDIT_ALL, ARGS(A(low), A(walk->window.high)),
		&audit_row_record, &walk->row, &rows);

	while (r >= 0 && (r = store_next(rows)) > 0) {
		r = check_row(walk);
		if (walk->last_id % PROGRESS_ROWS == 0)
			work_progress(walk->w->portal, walk->last_id, whole);
	}
	return r;
}

static int check_rows(struct walk *walk, int64_t whole)
{
	struct window *window = &walk->window;
	int64_t erased;
	int r = 0;

	for (window->low = 1; r >= 0; window->low = window->high + 1) {
		window->high = window->low + WINDOW_ROWS - 1;
		r = store_get_int(walk->w->tx, Q_AUDIT_ERASED,
			ARGS(A(window->low), A(window->high)), &erased);
		if (r > 0)
			r = read_erasures(walk);
		if (r >= 0)
			r = check_window(walk, whole);
		if (r >= 0 && walk->last_id < window->high)
			break;
	}
	if (r >= 0 && walk->last_id < whole)
		return fault(walk, walk->last_id + 1, _("audit row '%lld' is missing"));
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
