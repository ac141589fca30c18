/* O2: what a process that died had claimed. What it had begun may have arrived; what it
 * had not begun did not, as long as the machine has not started anew: what it wrote of it
 * last may be lost then. That a process is gone shows at once, or when its time is over. */
#include "outbox-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "portal-private.h"

/* When what may have arrived is tried again, by mail, under the same Message-ID; and how
 * many are looked after in one transaction. */
enum { AGAIN_MS = 15 * 60 * 1000, CHUNK = 100, LEASES = 64 };

struct lost {
	int64_t id;
	const char *channel, *cause_kind;
	int64_t cause_id;
	portal_time started_at;
	const char *boot, *lease;
	bool again;
	portal_time sent_at; /* it was accepted: */
	const char *accepted_as;
};

static const struct portal_field lost_fields[] = {
	PORTAL_FIELD(struct lost, id, NULL),
	PORTAL_FIELD(struct lost, channel, NULL),
	PORTAL_FIELD(struct lost, cause_kind, NULL),
	PORTAL_FIELD(struct lost, cause_id, NULL),
	PORTAL_FIELD(struct lost, started_at, NULL),
	PORTAL_FIELD(struct lost, boot, NULL),
	PORTAL_FIELD(struct lost, again, NULL),
	PORTAL_FIELD(struct lost, lease, NULL),
	PORTAL_FIELD(struct lost, sent_at, NULL),
	PORTAL_FIELD(struct lost, accepted_as, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record lost_record = { "outbox", sizeof(struct lost), lost_fields };

struct lease {
	const char *lease;
};

static const struct portal_field lease_fields[] = { PORTAL_FIELD(struct lease, lease, NULL),
	PORTAL_FIELDS_END };

static const struct portal_record lease_record = { "outbox", sizeof(struct lease), lease_fields };

/* The lease is random; so many of its digits fit. */
int64_t outbox_presence(const char *lease)
{
	char start[16];

	snprintf(start, sizeof(start), "%.15s", lease);
	return strtoll(start, NULL, 16);
}

/* Claims whose process has ended, their time not being over: at most LEASES of them. */
static int find_absent(struct work *w, const char *ret[static LEASES])
{
	const char *boot = w->portal->options.boot_id;
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct lease found;
	int count = 0, r;

	if (!boot)
		return 0;
	r = store_rows(
		w->tx, Q_OUTBOX_LEASES, ARGS(A(boot), A(w->now)), &lease_record, &found, &rows);
	while (r >= 0 && count < LEASES && (r = store_next(rows)) > 0)
		if (store_is_absent(w->portal->store, outbox_presence(found.lease)))
			ret[count++] = arena_strdup(w->arena, found.lease);
	return r < 0 ? r : count;
}

static int end_absent(struct work *w)
{
	const char *leases[LEASES];
	const int count = find_absent(w, leases);
	int r = count;

	for (int i = 0; r >= 0 && i < count; i++)
		r = store_put(w->tx, Q_OUTBOX_END_LEASE, ARGS(A(leases[i]), A(w->now)));
	return r;
}

static int look_for_lost(struct work *w, void *arg)
{
	const char *leases[LEASES];
	struct lost lost;
	const int r = find_absent(w, leases);

	(void)arg;
	return r ? r
		 : store_get(w->tx, Q_OUTBOX_LOST, ARGS(A(w->now)), w->arena, &lost_record, &lost);
}

static bool never_left(const struct work *w, const struct lost *lost)
{
	const char *boot = w->portal->options.boot_id;

	return !lost->started_at.ms && boot && lost->boot && !strcmp(boot, lost->boot);
}

/* It was accepted, and nobody came to write so. Not where its name is that of another. */
static int was_accepted(struct work *w, const struct lost *lost)
{
	int64_t other = 0;
	int r = 0;

	if (lost->sent_at.ms && lost->accepted_as)
		r = store_get_int(w->tx, Q_OUTBOX_BY_WAMID, ARGS(A(lost->accepted_as)), &other);
	return r < 0 ? r : lost->sent_at.ms && (!other || other == lost->id);
}

static int settle(struct work *w, const struct lost *lost)
{
	const bool mail_once = !strcmp(lost->channel, "email") && !lost->again;
	const portal_time again = { mail_once ? w->now.ms + AGAIN_MS : 0 };
	const char *why = "the process that sent it did not end its work";
	int r = was_accepted(w, lost);

	if (r < 0)
		return r;
	if (r > 0)
		r = store_put(w->tx, Q_OUTBOX_SETTLE,
			ARGS(A(lost->id), A(lost->lease), A("sent"), A((portal_time){ 0 }),
				A((const char *)NULL), A(lost->sent_at), A((int64_t)0),
				A(lost->accepted_as), A((const char *)NULL)));
	else if (never_left(w, lost))
		r = store_put(
			w->tx, Q_OUTBOX_GIVE_BACK, ARGS(A(lost->id), A(lost->lease), A(w->now)));
	else
		r = store_put(w->tx, Q_OUTBOX_LOSE, ARGS(A(lost->id), A(again), A(why)));
	return r < 0 ? r : outbox_follow(w, lost->cause_kind, lost->cause_id);
}

static int settle_some(struct work *w, void *arg)
{
	int count = 0, r = end_absent(w) < 0 ? -(int)w->err->code : 1;

	(void)arg;
	while (r > 0 && count < CHUNK) {
		struct lost lost;

		r = store_get(w->tx, Q_OUTBOX_LOST, ARGS(A(w->now)), w->arena, &lost_record, &lost);
		if (r > 0 && settle(w, &lost) < 0)
			r = -(int)w->err->code;
		count += r > 0;
	}
	return r < 0 ? r : count;
}

int outbox_find_lost(struct portal *portal, struct portal_error *err)
{
	return work_in_chunks(portal, look_for_lost, settle_some, err);
}
