/* O2: the loop that sends. */
#include <portal/deliver.h>

#include <string.h>

#include <portal/settings.h>

#include "base/clock.h"
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
	PORTAL_FIELD(struct deliver_summary, fetched, N_("FILES FETCHED")),
	PORTAL_FIELD(struct deliver_summary, reason, N_("REASON")),
	PORTAL_FIELDS_END,
};

const struct portal_record deliver_summary_record = { "deliver", sizeof(struct deliver_summary),
	summary_fields };

/* How long a run takes where nothing was said, and one message at most; how much longer
 * than the run a claim lasts, for the transaction that ends it. */
enum { RUN_SECONDS = 300, MESSAGE_MS_MAX = 600 * 1000, GRACE_MS = 2000, LEASE_MORE_MS = 120000 };

/* After so many in a row whom nobody answered, the channel has to wait for the next run. */
enum { SILENT_MAX = 2 };

/* Channels take turns, so that one that is slow leaves time to the others: as many
 * messages are claimed at once as went out in about such a time before. So many batches
 * are in memory together. */
enum { TURN_MS = 1000, TURN_BATCHES = 4, FIRST_BATCH = 25 };

struct delivery {
	struct portal *portal;
	const struct deliver_request *request;
	struct deliver_summary *summary;
	struct arena arena;
	int64_t end_ms;
	struct portal_error *err;
};

/* One way to send. open(): NULL and why; nothing is opened where nothing is set. */
struct channel {
	const char *name;
	bool (*is_set)(const struct portal_senders *senders);
	void *(*open)(struct delivery *d, struct portal_error *err);
	void (*send)(void *opened, const struct outbox_claim *claim, int64_t max_ms,
		struct net_outcome *ret);
	void (*close)(void *opened);
};

/* A channel in this run. */
struct way {
	const struct channel *channel;
	void *opened;
	int64_t batch;
	int silent;
	bool is_over;
};

/* Without a server there is the Maildir. */
static bool is_mail_set(const struct portal_senders *senders)
{
	(void)senders;
	return true;
}

static bool is_unread(const struct portal_error *why, struct portal_error *err)
{
	if (why)
		portal_fail(err, PORTAL_FAILURE, "%s", why->message);
	return why != NULL;
}

static void *open_mail(struct delivery *d, struct portal_error *err)
{
	if (is_unread(d->request->smtp_unread, err))
		return NULL;
	return mail_open(d->portal, d->request->smtp_password, &d->arena, err);
}

static void send_mail(
	void *opened, const struct outbox_claim *claim, int64_t max_ms, struct net_outcome *ret)
{
	mail_send(opened, claim, max_ms, ret);
}

static void close_mail(void *opened)
{
	mail_close(opened);
}

static bool is_whatsapp_set(const struct portal_senders *senders)
{
	return senders && senders->whatsapp.phone_number_id;
}

static void *open_whatsapp(struct delivery *d, struct portal_error *err)
{
	if (is_unread(d->request->whatsapp_unread, err))
		return NULL;
	return whatsapp_channel_open(d->portal, d->request->whatsapp_token, &d->arena, err);
}

static void send_whatsapp(
	void *opened, const struct outbox_claim *claim, int64_t max_ms, struct net_outcome *ret)
{
	whatsapp_channel_send(opened, claim, max_ms, ret);
}

static void close_whatsapp(void *opened)
{
	whatsapp_channel_close(opened);
}

/* The one that may wait ten minutes for an answer comes last. */
static const struct channel channels[] = {
	[DELIVER_WHATSAPP] = { "whatsapp", is_whatsapp_set, open_whatsapp, send_whatsapp,
		close_whatsapp },
	[DELIVER_EMAIL] = { "email", is_mail_set, open_mail, send_mail, close_mail },
};

/* What nobody has set up sends nothing, and says nothing. */
static bool is_wanted(const struct delivery *d, const struct channel *channel)
{
	const char *asked = d->request->channel;

	return (!asked || !strcmp(asked, channel->name)) &&
	       channel->is_set(d->portal->options.senders);
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
	int r = 0;

	for (size_t i = 0; r >= 0 && i < DELIVER_CHANNELS; i++) {
		int64_t count = 0;

		if (is_wanted(d, &channels[i]))
			r = store_get_int(w->tx, Q_OUTBOX_COUNT_CLAIMABLE,
				ARGS(A(channels[i].name), A(w->now)), &count);
		d->summary->deferred += count;
	}
	return r;
}

static void give_reason(struct delivery *d, const char *reason)
{
	if (!d->summary->reason)
		d->summary->reason = arena_strdup(&d->arena, reason);
}

/* Counts what was written of a message, once. */
static void count(struct delivery *d, struct outbox_end *end)
{
	struct deliver_summary *summary = d->summary;

	if (!end->claim || !end->state)
		return;
	if (!strcmp(end->state, "sent"))
		summary->sent++;
	else if (!strcmp(end->state, "failed"))
		summary->failed++;
	else if (!strcmp(end->state, "unknown"))
		summary->unknown++;
	else
		summary->deferred++;
	summary->stopped += end->outcome.class == NET_STOP;
	summary->ours += end->outcome.ours && strcmp(end->state, "sent") != 0 &&
			 (end->outcome.class == NET_STOP || strcmp(end->state, "queued") != 0);
	if (end->outcome.class != NET_SENT)
		give_reason(d, end->outcome.said);
}

static bool is_over(const struct delivery *d)
{
	return monotonic_ms() >= d->end_ms ||
	       (d->request->stop && d->request->stop(d->request->stop_arg));
}

/* May the next message follow this one? Not where whoever asked for less is waited for. */
static bool may_go_on(struct way *way, const struct net_outcome *outcome)
{
	const bool held = outcome->class == NET_RETRY && outcome->scope != NET_THIS;

	way->silent = outcome->class == NET_RETRY && !outcome->code ? way->silent + 1 : 0;
	way->is_over = outcome->class == NET_STOP || way->silent >= SILENT_MAX;
	return !way->is_over && !held;
}

/* What a channel does while it is its turn. */
struct turn {
	struct outbox_batch batch;
	struct outbox_end end; /* of the message that was begun last */
	int64_t began_ms;
	bool is_open; /* the batch was claimed, and not finished yet */
};

/* 1: the next; 0: none in this turn any more. */
static int send_one(struct delivery *d, struct way *way, struct turn *turn, int64_t i)
{
	const int64_t left_ms = d->end_ms - monotonic_ms() + GRACE_MS;
	struct outbox_claim *claim = &turn->batch.claims[i];
	int r;

	if (monotonic_ms() - turn->began_ms >= TURN_MS || is_over(d))
		return 0;
	r = outbox_start(d->portal, &turn->batch, &turn->end, claim, d->err);
	if (r < 0)
		return r;
	count(d, &turn->end);
	turn->end.claim = NULL;
	if (r == 0)
		return 1;
	way->channel->send(way->opened, claim, left_ms < MESSAGE_MS_MAX ? left_ms : MESSAGE_MS_MAX,
		&turn->end.outcome);
	turn->end.claim = claim;
	return may_go_on(way, &turn->end.outcome);
}

/* How many are claimed next: twice as many, or half, according to how long these took. */
static void adapt(struct way *way, int64_t took_ms)
{
	if (took_ms < TURN_MS / 2 && way->batch < OUTBOX_BATCH_MAX / 2)
		way->batch *= 2;
	else if (took_ms < TURN_MS / 2)
		way->batch = OUTBOX_BATCH_MAX;
	else if (took_ms > TURN_MS && way->batch > 1)
		way->batch /= 2;
}

static int send_batch(struct delivery *d, struct way *way, struct turn *turn)
{
	const int64_t began_ms = monotonic_ms();
	int r = 1;

	for (int64_t i = 0; r > 0 && i < turn->batch.count; i++)
		r = send_one(d, way, turn, i);
	adapt(way, monotonic_ms() - began_ms);
	return r;
}

/* Ends the batch before in the same transaction. 0: there is nothing more to be sent. */
static int claim_next(struct delivery *d, struct way *way, struct turn *turn)
{
	const struct outbox_asking asking = { .channel = way->channel->name,
		.most = way->batch,
		.lease_ms = d->end_ms - monotonic_ms() + GRACE_MS + LEASE_MORE_MS,
		.finished = turn->is_open ? &turn->batch : NULL,
		.before = &turn->end };
	struct outbox_batch next;
	const int r = outbox_claim(d->portal, &asking, &next, d->err);

	if (r < 0)
		return r;
	count(d, &turn->end);
	turn->end.claim = NULL;
	turn->is_open = r > 0;
	if (r == 0)
		return 0;
	turn->batch = next;
	d->summary->failed += next.failed;
	d->summary->ours += next.failed;
	if (next.failed)
		give_reason(d, next.reason);
	return 1;
}

/* What became of the last message is worth a try, whatever else went wrong. */
static int finish(struct delivery *d, struct turn *turn, int r)
{
	struct portal_error unheard = { 0 };
	int finished = 0;

	if (turn->is_open)
		finished = outbox_finish(
			d->portal, &turn->batch, &turn->end, r < 0 ? &unheard : d->err);
	if (finished >= 0)
		count(d, &turn->end);
	return r < 0 ? r : finished;
}

/* 1: there may be more. */
static int send_batches(struct delivery *d, struct way *way)
{
	struct turn turn = { .began_ms = monotonic_ms() };
	int claimed = 1, r = 1;

	for (int i = 0; r > 0 && i < TURN_BATCHES; i++) {
		r = claimed = claim_next(d, way, &turn);
		if (r > 0)
			r = send_batch(d, way, &turn);
	}
	r = finish(d, &turn, r);
	return r < 0 ? r : claimed;
}

/* What waits for it goes on waiting, and other channels go on. */
static bool open_way(struct delivery *d, struct way *way)
{
	struct portal_error *why = &d->summary->unopened[way->channel - channels];

	if (!way->opened)
		way->opened = way->channel->open(d, why);
	if (way->opened)
		return true;
	d->summary->stopped++;
	d->summary->ours++;
	give_reason(d, why->message);
	return false;
}

/* 1: there may be more. The server, and libcurl, are for messages that there are. */
static int take_turn(struct delivery *d, struct way *way)
{
	const int r = outbox_any(d->portal, way->channel->name, d->err);

	if (r <= 0)
		return r;
	return open_way(d, way) ? send_batches(d, way) : 0;
}

/* Until none has anything to send. One that can't go on does not keep the others from it. */
static int take_turns(struct delivery *d, struct way *ways)
{
	int r = 0;
	bool more = true;

	while (more && r >= 0 && !is_over(d)) {
		more = false;
		for (size_t i = 0; r >= 0 && i < DELIVER_CHANNELS; i++) {
			struct way *way = &ways[i];

			if (way->is_over || is_over(d))
				continue;
			r = take_turn(d, way);
			way->is_over = way->is_over || r == 0;
			more = more || !way->is_over;
			portal_forget(d->portal);
		}
	}
	return r;
}

static int run_channels(struct delivery *d)
{
	struct way ways[DELIVER_CHANNELS];
	int r;

	for (size_t i = 0; i < DELIVER_CHANNELS; i++)
		ways[i] = (struct way){ .channel = &channels[i],
			.batch = FIRST_BATCH,
			.is_over = !is_wanted(d, &channels[i]) };
	r = take_turns(d, ways);
	for (size_t i = 0; i < DELIVER_CHANNELS; i++)
		if (ways[i].opened)
			ways[i].channel->close(ways[i].opened);
	return r;
}

static int run(struct delivery *d)
{
	int r = store_check_version(d->portal->store, d->err);

	if (r >= 0)
		r = work_read(d->portal, may, NULL, d->err);
	if (r >= 0)
		r = work_read(d->portal, may_write, NULL, d->err);
	if (r >= 0 && d->portal->options.dry_run)
		return work_read(d->portal, rehearse, d, d->err);
	if (r >= 0)
		r = outbox_find_lost(d->portal, d->err);
	return r < 0 ? r : run_channels(d);
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
		.end_ms = monotonic_ms() + seconds * 1000,
		.err = err };
	const int r = run(&delivery);

	if (summary.reason)
		summary.reason = arena_strdup(portal_arena(portal), summary.reason);
	arena_release(&delivery.arena);
	if (r < 0)
		return r;
	*ret_summary = summary;
	return summary.sent || summary.deferred || summary.failed || summary.unknown ||
	       summary.stopped;
}
