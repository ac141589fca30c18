/* O2: what a process that died had claimed. What it had begun may have arrived; what it
 * had not begun did not, as long as the machine has not started anew: what it wrote of it
 * last may be lost then. */
#include "outbox-private.h"

#include <string.h>

#include "portal-private.h"

/* When what may have arrived is tried again, by mail, under the same Message-ID; and how
 * many are looked after in one transaction. */
enum { AGAIN_MS = 15 * 60 * 1000, CHUNK = 100 };

struct lost {
	int64_t id;
	const char *channel, *cause_kind;
	int64_t cause_id;
	portal_time started_at;
	const char *boot, *lease;
	bool again;
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
	PORTAL_FIELDS_END,
};

static const struct portal_record lost_record = { "outbox", sizeof(struct lost), lost_fields };

static int look_for_lost(struct work *w, void *arg)
{
	struct lost lost;

	(void)arg;
	return store_get(w->tx, Q_OUTBOX_LOST, ARGS(A(w->now)), w->arena, &lost_record, &lost);
}

static bool never_left(const struct work *w, const struct lost *lost)
{
	const char *boot = w->portal->options.boot_id;

	return !lost->started_at.ms && boot && lost->boot && !strcmp(boot, lost->boot);
}

static int settle(struct work *w, const struct lost *lost)
{
	const bool mail_once = !strcmp(lost->channel, "email") && !lost->again;
	const portal_time again = { mail_once ? w->now.ms + AGAIN_MS : 0 };
	const char *why = "the process that sent it did not end its work";
	int r;

	if (never_left(w, lost))
		r = store_put(
			w->tx, Q_OUTBOX_GIVE_BACK, ARGS(A(lost->id), A(lost->lease), A(w->now)));
	else
		r = store_put(w->tx, Q_OUTBOX_LOSE, ARGS(A(lost->id), A(again), A(why)));
	return r < 0 ? r : outbox_follow(w, lost->cause_kind, lost->cause_id);
}

static int settle_some(struct work *w, void *arg)
{
	int count = 0, r = 1;

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
