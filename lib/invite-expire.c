/* N5: what is a year old without an answer is cancelled. Due invites are found
 * through the index of their last day but changed in the order of their ids, so
 * that rows which lie together are written together; each chunk is a short
 * transaction that looks at the state again, so two runs at once, or one that
 * was killed, do no harm. */
#include <stdlib.h>
#include <time.h>

#include "base/i18n.h"
#include "invite-private.h"
#include "policy.h"

enum {
	WINDOW_BITS = 1 << 23, /* ids looked at together: one bit each, 1 MiB */
	CHUNK_ROWS = 10000,
	FIRST_CHUNK_ROWS = 1000,
	CHUNK_MS = 100,
};

static const struct portal_field expiry_fields[] = {
	PORTAL_FIELD(struct invite_expiry, expired, N_("EXPIRED")),
	PORTAL_FIELD(struct invite_expiry, remaining, N_("REMAINING")),
	PORTAL_FIELDS_END,
};

const struct portal_record invite_expiry_record = { "invite.expire", sizeof(struct invite_expiry),
	expiry_fields };

struct span {
	int64_t low, high;
};

static const struct portal_field span_fields[] = {
	PORTAL_FIELD(struct span, low, NULL),
	PORTAL_FIELD(struct span, high, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record span_record = { "span", sizeof(struct span), span_fields };

struct sweep {
	struct portal *portal;
	int64_t limit, done, due;
	int64_t chunk_rows;
	int64_t pace; /* rows that a chunk of CHUNK_MS can hold here */
	struct span all, window, chunk;
	unsigned char *bits;
	int64_t last_done; /* id of the last invite this chunk came to */
};

static int look_body(struct work *w, void *arg)
{
	struct sweep *sweep = arg;
	int64_t viewer;
	int r = policy_need_list(w, "invite.expire", &viewer);

	if (r >= 0)
		r = work_will_write(w);
	if (r >= 0)
		r = store_get_int(w->tx, Q_INVITE_COUNT_DUE, ARGS(A(w->now)), &sweep->due);
	if (r >= 0 && sweep->due > 0)
		r = store_get(w->tx, Q_INVITE_DUE_BOUNDS, ARGS(A(w->now)), w->arena, &span_record,
			&sweep->all);
	return r;
}

/* Marks the due ids of the window. */
static int mark_body(struct work *w, void *arg)
{
	struct sweep *sweep = arg;
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct span row;
	int r = store_rows(w->tx, Q_INVITE_DUE_IDS,
		ARGS(A(w->now), A(sweep->window.low), A(sweep->window.high)), &span_record, &row,
		&rows);

	while (r >= 0 && (r = store_next(rows)) > 0) {
		const int64_t bit = row.low - sweep->window.low;

		sweep->bits[bit / 8] |= (unsigned char)(1u << (bit % 8));
	}
	return r;
}

static bool is_due(const struct sweep *sweep, int64_t id)
{
	const int64_t bit = id - sweep->window.low;

	return sweep->bits[bit / 8] >> (bit % 8) & 1;
}

/* The next ids of the window from @from on, at most @most of them. */
static bool next_chunk(struct sweep *sweep, int64_t from, int64_t most)
{
	int64_t count = 0;

	sweep->chunk = (struct span){ 0, 0 };
	for (int64_t id = from; id < sweep->window.high && count < most; id++) {
		if (!is_due(sweep, id))
			continue;
		if (!count++)
			sweep->chunk.low = id;
		sweep->chunk.high = id;
	}
	return count > 0;
}

static int64_t elapsed_ms(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)(now.tv_sec - since->tv_sec) * 1000 +
	       (now.tv_nsec - since->tv_nsec) / 1000000;
}

struct due_rows {
	struct invite_row *rows;
	int64_t count;
};

static void keep_row(struct work *w, struct invite_row *to, const struct invite_row *row)
{
	*to = *row;
	for (const struct portal_field *f = invite_row_record.fields; f->key; f++) {
		const char **text = (const char **)(void *)((char *)to + f->offset);

		if (f->type == PORTAL_TEXT)
			*text = arena_strdup(w->arena, *text);
	}
}

/* All rows are read before the first is written: an engine reads one result at
 * a time. */
static int read_chunk(struct work *w, const struct sweep *sweep, struct due_rows *due)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct invite_row row;
	int r = store_rows(w->tx, Q_INVITE_DUE_ROWS,
		ARGS(A(w->now), A(sweep->chunk.low), A(sweep->chunk.high), A(sweep->chunk_rows)),
		&invite_row_record, &row, &rows);

	due->rows = arena_array(w->arena, (size_t)sweep->chunk_rows, sizeof(*due->rows));
	due->count = 0;
	while (r >= 0 && (r = store_next(rows)) > 0)
		keep_row(w, &due->rows[due->count++], &row);
	return r;
}

/* Nobody made this change, so both sides hear of it (N11). */
static int expire_row(struct work *w, struct invite_row *row)
{
	const struct invite_end end = { .status = "cancelled",
		.reason = "expired",
		.by = "expiry",
		.action = "invite.expire" };
	int r = invite_end(w, row, &end);

	return r < 0 ? r : invite_tell_both(w, row, "invite_expired");
}

/* What one row needs is forgotten with it; @w keeps the rows. */
static int expire_alone(const struct work *w, struct arena *scratch, struct invite_row *row)
{
	struct work alone = *w;

	alone.arena = scratch;
	arena_reset(scratch);
	return expire_row(&alone, row);
}

/* So that a slow disk does not read again what there was no time to change. */
static void learn_pace(struct sweep *sweep, int64_t rows, int64_t ms)
{
	const int64_t pace = rows * CHUNK_MS / (ms + 1) * 3 / 4;

	sweep->pace = pace < FIRST_CHUNK_ROWS ? FIRST_CHUNK_ROWS
		      : pace > CHUNK_ROWS     ? CHUNK_ROWS
					      : pace;
}

static int chunk_body(struct work *w, void *arg)
{
	_cleanup_arena_ struct arena scratch = { .out_of_memory = w->arena->out_of_memory };
	struct sweep *sweep = arg;
	struct timespec start;
	struct due_rows due = { .count = 0 };
	int64_t viewer, i = 0;
	int r;

	clock_gettime(CLOCK_MONOTONIC, &start);
	r = policy_need_list(w, "invite.expire", &viewer);
	if (r >= 0)
		r = read_chunk(w, sweep, &due);
	for (; r >= 0 && i < due.count; i++) {
		r = expire_alone(w, &scratch, &due.rows[i]);
		sweep->last_done = due.rows[i].invite.id;
		if (i % 64 == 63 && elapsed_ms(&start) > CHUNK_MS)
			break;
	}
	/* Rows that became due meanwhile can fill the chunk before its end. */
	if (r >= 0 && i >= due.count && due.count < sweep->chunk_rows)
		sweep->last_done = sweep->chunk.high;
	learn_pace(sweep, i, elapsed_ms(&start));
	return r < 0 ? r : (int)(i < due.count ? i + 1 : due.count);
}

static int64_t chunk_size(const struct sweep *sweep)
{
	const int64_t left = sweep->limit ? sweep->limit - sweep->done : CHUNK_ROWS;

	return left < sweep->pace ? left : sweep->pace;
}

static int sweep_window(struct sweep *sweep, struct portal_error *err)
{
	int64_t from = sweep->window.low;

	for (;;) {
		int r;

		sweep->chunk_rows = chunk_size(sweep);
		if (!next_chunk(sweep, from, sweep->chunk_rows))
			return 0;
		r = work_write(sweep->portal, chunk_body, sweep, err);
		if (r < 0)
			return r;
		sweep->done += r;
		from = sweep->last_done + 1;
		portal_forget(sweep->portal);
		work_progress(sweep->portal, sweep->done, sweep->due);
	}
}

static int sweep_all(struct sweep *sweep, struct portal_error *err)
{
	int r = 0;

	for (int64_t low = sweep->all.low; r >= 0 && sweep->due > 0 && low <= sweep->all.high;
		low += WINDOW_BITS) {
		if (sweep->limit && sweep->done >= sweep->limit)
			break;
		sweep->window = (struct span){ low, low + WINDOW_BITS };
		for (int64_t i = 0; i < WINDOW_BITS / 8; i++)
			sweep->bits[i] = 0;
		r = work_read(sweep->portal, mark_body, sweep, err);
		if (r >= 0)
			r = sweep_window(sweep, err);
	}
	return r;
}

int invite_expire(struct portal *portal, int64_t limit, struct invite_expiry *ret_expiry,
	struct portal_error *err)
{
	struct sweep sweep = { .portal = portal, .limit = limit, .pace = FIRST_CHUNK_ROWS };
	int r = limit < 0 ? portal_fail(err, PORTAL_USAGE, _("--limit can't be negative"))
			  : work_read(portal, look_body, &sweep, err);

	if (r < 0)
		return r;
	sweep.bits = calloc(1, WINDOW_BITS / 8);
	if (!sweep.bits)
		return portal_fail(err, PORTAL_NO_MEMORY, _("out of memory"));
	r = sweep_all(&sweep, err);
	free(sweep.bits);
	if (r < 0 && sweep.done > 0)
		return portal_hint(err,
			_("%lld invites had expired by then; run it again for the rest"),
			(long long)sweep.done);
	if (r < 0)
		return r;
	*ret_expiry = (struct invite_expiry){ sweep.done,
		sweep.due > sweep.done ? sweep.due - sweep.done : 0 };
	return sweep.done > 0;
}
