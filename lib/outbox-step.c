/* O2, P5: how a batch goes on from message to message. */
#include "outbox-private.h"

#include <string.h>

#include "base/clock.h"
#include "portal-private.h"

/* How long what was written may not be on disk. */
enum { ASYNC_MS = 100 };

/* Those that were noted as accepted. */
static int settle_accepted(struct work *w, const struct outbox_batch *batch)
{
	int r = 0;

	for (int64_t i = 0; r >= 0 && i < batch->count; i++)
		if (batch->claims[i].accepted_at.ms)
			r = outbox_settle_accepted(w, &batch->claims[i]);
	return r;
}

/* What one transaction writes: how the one before ended, and that the next begins. */
struct step {
	const struct outbox_batch *batch;
	struct outbox_end *before;
	const struct outbox_claim *next;
	bool is_async, is_accepted;
	portal_time now;
};

static bool is_among(const struct outbox_batch *batch, const char *wamid)
{
	for (int64_t i = 0; i < batch->count; i++) {
		const struct outbox_claim *claim = &batch->claims[i];

		if (claim->accepted_at.ms && !strcmp(claim->wamid, wamid))
			return true;
	}
	return false;
}

/* May it be noted and no more? Not where the answer's name is that of another message. */
static int is_plain(struct work *w, const struct step *step)
{
	const struct net_outcome *outcome = &step->before->outcome;
	int64_t other = 0;
	int r = 0;

	if (outcome->class != NET_SENT)
		return 0;
	if (*outcome->wamid) {
		if (is_among(step->batch, outcome->wamid))
			return 0;
		r = store_get_int(w->tx, Q_OUTBOX_BY_WAMID, ARGS(A(outcome->wamid)), &other);
	}
	return r < 0 ? r : !other;
}

static int accept(struct work *w, struct step *step)
{
	struct outbox_end *end = step->before;
	const char *wamid = end->outcome.wamid;
	const int r = store_put(w->tx, Q_OUTBOX_ACCEPT,
		ARGS(A(end->claim->id), A(end->claim->lease), A(w->now), A(*wamid ? wamid : NULL)));

	end->state = r > 0 ? "sent" : NULL;
	step->is_accepted = r > 0;
	return r;
}

static int end_before(struct work *w, struct step *step)
{
	struct outbox_end *before = step->before;
	int r;

	if (step->is_async) {
		r = before->claim ? is_plain(w, step) : 0;
		if (r != 0 || !before->claim)
			return r > 0 ? accept(w, step) : r;
	}
	r = settle_accepted(w, step->batch);
	return r < 0 || !before->claim ? r : outbox_settle(w, before);
}

static int start_body(struct work *w, void *arg)
{
	struct step *step = arg;
	const struct outbox_claim *next = step->next;
	const int r = end_before(w, step);

	step->now = w->now;
	return r < 0 ? r
		     : store_put(
			       w->tx, Q_OUTBOX_START, ARGS(A(next->id), A(next->lease), A(w->now)));
}
static void keep_accepted(struct portal *portal, const struct step *step)
{
	struct outbox_claim *claim = step->before->claim;

	claim->accepted_at = step->now;
	claim->wamid = arena_strdup(portal_arena(portal), step->before->outcome.wamid);
	claim->wa_id = arena_strdup(portal_arena(portal), step->before->outcome.wa_id);
}

int outbox_start(struct portal *portal, struct outbox_batch *batch, struct outbox_end *before,
	struct outbox_claim *next, struct portal_error *err)
{
	struct step step = { .batch = batch,
		.before = before,
		.next = next,
		.is_async = monotonic_ms() - batch->synced_ms < ASYNC_MS };
	int r;

	if (step.is_async)
		r = work_write_async(portal, start_body, &step, err);
	else {
		r = work_write(portal, start_body, &step, err);
		batch->synced_ms = monotonic_ms();
	}
	if (r >= 0 && step.is_accepted)
		keep_accepted(portal, &step);
	if (r <= 0)
		return r;
	next->attempts++;
	if (!next->first_attempt_at.ms)
		next->first_attempt_at = step.now;
	return 1;
}

int outbox_end_batch(struct work *w, const struct outbox_batch *batch, struct outbox_end *before)
{
	int r = batch ? settle_accepted(w, batch) : 0;

	if (r >= 0 && batch && before->claim)
		r = outbox_settle(w, before);
	for (int64_t i = 0; r >= 0 && batch && i < batch->count; i++) {
		const struct outbox_claim *claim = &batch->claims[i];

		r = store_put(
			w->tx, Q_OUTBOX_GIVE_BACK, ARGS(A(claim->id), A(claim->lease), A(w->now)));
		if (r > 0)
			r = outbox_follow(w, claim->cause_kind, claim->cause_id);
	}
	return r < 0 ? r : 1;
}

static int finish_body(struct work *w, void *arg)
{
	const struct step *step = arg;

	return outbox_end_batch(w, step->batch, step->before);
}

int outbox_finish(struct portal *portal, const struct outbox_batch *batch,
	struct outbox_end *before, struct portal_error *err)
{
	struct step step = { .batch = batch, .before = before };
	const int r = work_write(portal, finish_body, &step, err);

	if (r >= 0)
		store_end_presence(portal->store, outbox_presence(batch->lease));
	return r;
}
