/* O2: the loop that sends. */
#include <portal/deliver.h>

#include <string.h>
#include <time.h>

#include "base/i18n.h"
#include "deliver-private.h"
#include "policy.h"
#include "portal-private.h"

static const struct portal_field summary_fields[] = {
	PORTAL_FIELD(struct deliver_summary, sent, N_("SENT")),
	PORTAL_FIELD(struct deliver_summary, deferred, N_("TO BE TRIED AGAIN")),
	PORTAL_FIELD(struct deliver_summary, failed, N_("FAILED")),
	PORTAL_FIELD(struct deliver_summary, unknown, N_("NOT KNOWN")),
	PORTAL_FIELD(struct deliver_summary, stopped, N_("CHANNELS STOPPED")),
	PORTAL_FIELD(struct deliver_summary, reason, N_("REASON")),
	PORTAL_FIELDS_END,
};

const struct portal_record deliver_summary_record = { "deliver", sizeof(struct deliver_summary),
	summary_fields };

/* How long a run takes where nothing was said, and one message at most; how much longer
 * than a message a claim lasts, for the transaction that ends it. */
enum { RUN_SECONDS = 300, MESSAGE_MS_MAX = 600 * 1000, GRACE_MS = 2000, LEASE_MORE_MS = 120000 };

/* After so many in a row whom nobody answered, the channel has to wait for the next run. */
enum { SILENT_MAX = 2 };

struct delivery {
	struct portal *portal;
	const struct deliver_request *request;
	struct deliver_summary *summary;
	struct mail_channel *mail;
	struct arena arena;
	int64_t end_ms;
	int silent;
	struct portal_error *err;
};

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int may(struct work *w, void *arg)
{
	int64_t viewer;

	(void)arg;
	return policy_need_list(w, "portal.deliver", &viewer);
}

static int may_write(struct work *w, void *arg)
{
	(void)arg;
	return work_will_write(w);
}

/* A rehearsal sends nothing: what would be tried is counted as put off. */
static int rehearse(struct work *w, void *arg)
{
	const struct delivery *d = arg;
	const char *channel = d->request->channel ? d->request->channel : "";

	return store_get_int(w->tx, Q_OUTBOX_COUNT_CLAIMABLE, ARGS(A(channel), A(w->now)),
		&d->summary->deferred);
}

static void count(struct delivery *d, const char *state, const struct net_outcome *outcome)
{
	struct deliver_summary *summary = d->summary;

	if (!strcmp(state, "sent"))
		summary->sent++;
	else if (!strcmp(state, "failed"))
		summary->failed++;
	else if (!strcmp(state, "unknown"))
		summary->unknown++;
	else
		summary->deferred++;
	summary->stopped += outcome->class == NET_STOP;
	if (outcome->class != NET_SENT && !summary->reason)
		summary->reason = arena_strdup(&d->portal->keep, outcome->said);
}

/* The server, and libcurl, are for messages that there are. */
static int open_channel(struct delivery *d)
{
	if (!d->mail)
		d->mail = mail_open(d->portal, d->request->smtp_password, &d->arena, d->err);
	return d->mail ? 0 : -(int)d->err->code;
}

/* 1: the channel may go on. */
static int send_one(struct delivery *d, const struct outbox_claim *claim, int64_t left_ms)
{
	const char *state = NULL;
	struct net_outcome outcome;
	int r;

	mail_send(d->mail, claim, left_ms, &outcome);
	r = outbox_settle(d->portal, claim, &outcome, &state, d->err);
	if (r < 0)
		return r;
	if (r > 0)
		count(d, state, &outcome);
	d->silent = outcome.class == NET_RETRY && !outcome.code ? d->silent + 1 : 0;
	return outcome.class != NET_STOP && d->silent < SILENT_MAX;
}

static bool is_over(const struct delivery *d)
{
	return clock_ms() >= d->end_ms ||
	       (d->request->stop && d->request->stop(d->request->stop_arg));
}

static int send_next(struct delivery *d, const char *channel)
{
	const int64_t left_ms = d->end_ms - clock_ms() + GRACE_MS;
	const int64_t max_ms = left_ms < MESSAGE_MS_MAX ? left_ms : MESSAGE_MS_MAX;
	struct outbox_claim claim;
	int r = outbox_any(d->portal, channel, d->err);

	if (r > 0)
		r = open_channel(d) < 0 ? -(int)d->err->code : 1;
	if (r > 0)
		r = outbox_claim(d->portal, channel, max_ms + LEASE_MORE_MS, &claim, d->err);
	return r > 0 ? send_one(d, &claim, max_ms) : r;
}

static int run_mail(struct delivery *d)
{
	int r = 1;

	while (r > 0 && !is_over(d)) {
		r = send_next(d, "email");
		portal_forget(d->portal);
	}
	mail_close(d->mail);
	return r;
}

static int run(struct delivery *d)
{
	const char *channel = d->request->channel;
	int r = work_read(d->portal, may, NULL, d->err);

	if (r >= 0)
		r = work_read(d->portal, may_write, NULL, d->err);
	if (r >= 0 && d->portal->options.dry_run)
		return work_read(d->portal, rehearse, d, d->err);
	if (r >= 0)
		r = outbox_find_lost(d->portal, d->err);
	if (r >= 0 && (!channel || !strcmp(channel, "email")))
		r = run_mail(d);
	return r;
}

int portal_deliver(struct portal *portal, const struct deliver_request *request,
	struct deliver_summary *ret_summary, struct portal_error *err)
{
	const int64_t seconds = request->max_seconds ? request->max_seconds : RUN_SECONDS;
	struct deliver_summary summary = { 0 };
	struct delivery delivery = { .portal = portal,
		.request = request,
		.summary = &summary,
		.arena.out_of_memory = portal->options.out_of_memory,
		.end_ms = clock_ms() + seconds * 1000,
		.err = err };
	const int r = run(&delivery);

	arena_release(&delivery.arena);
	if (r < 0)
		return r;
	*ret_summary = summary;
	return summary.sent || summary.deferred || summary.failed || summary.unknown;
}
