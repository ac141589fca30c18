/* O2, P4, P5: messages are claimed for a time, some at once, in a transaction that is on
 * disk before the first byte goes out. So no two send the same. */
#include "outbox-private.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/zone.h"
#include "portal-private.h"
#include "text/json.h"
#include "wa-private.h"

enum { LEASE_BYTES = 16 };

static const struct portal_field claim_fields[] = {
	PORTAL_FIELD(struct outbox_claim, id, NULL),
	PORTAL_FIELD(struct outbox_claim, channel, NULL),
	PORTAL_FIELD(struct outbox_claim, recipient, NULL),
	PORTAL_FIELD(struct outbox_claim, template, NULL),
	PORTAL_FIELD(struct outbox_claim, language, NULL),
	PORTAL_FIELD(struct outbox_claim, arguments, NULL),
	PORTAL_FIELD(struct outbox_claim, attempts, NULL),
	PORTAL_FIELD(struct outbox_claim, cause_kind, NULL),
	PORTAL_FIELD(struct outbox_claim, cause_id, NULL),
	PORTAL_FIELD(struct outbox_claim, created_at, NULL),
	PORTAL_FIELD(struct outbox_claim, lease, NULL),
	PORTAL_FIELD(struct outbox_claim, first_attempt_at, NULL),
	PORTAL_FIELD(struct outbox_claim, again, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record claim_record = { "outbox", sizeof(struct outbox_claim),
	claim_fields };

struct claiming {
	const struct outbox_asking *asking;
	struct outbox_batch batch;
	portal_time templates_held; /* until then; 0: they are not */
	const char *boot;
};

struct found {
	int64_t id;
};

static const struct portal_field found_fields[] = { PORTAL_FIELD(struct found, id, NULL),
	PORTAL_FIELDS_END };

static const struct portal_record found_record = { "outbox", sizeof(struct found), found_fields };

static bool is_whatsapp(const char *channel)
{
	return !strcmp(channel, "whatsapp");
}

int outbox_words(struct work *w, const struct outbox_claim *claim, struct outbox_words *ret)
{
	struct outbox_secrets secrets = { NULL, NULL };
	int r = outbox_secrets(w, claim, &secrets);

	if (r <= 0)
		return r;
	ret->secrets[0] = (struct named_text){ "link", secrets.link };
	ret->secrets[1] = (struct named_text){ "password", secrets.password };
	ret->secrets[2] = (struct named_text){ NULL, NULL };
	r = json_parse(
		w->arena, claim->arguments, strlen(claim->arguments), &ret->arguments, w->err);
	return r < 0 ? r : 1;
}

int outbox_fill(struct work *w, const struct outbox_claim *claim, const struct outbox_words *words,
	struct template_text *ret)
{
	const struct template_call call = { .name = claim->template,
		.language = claim->language,
		.args = words->arguments,
		.texts = words->secrets };
	const int r = template_fill(w->arena, &call, ret, w->err);

	return r < 0 ? r : 1;
}

/* 1: rendered; 0: it has no sense any more. */
static int render(struct work *w, struct outbox_claim *claim)
{
	struct outbox_words words;
	int r;

	if (is_whatsapp(claim->channel))
		return outbox_whatsapp(w, claim, &claim->whatsapp);
	r = outbox_words(w, claim, &words);
	return r <= 0 ? r : outbox_fill(w, claim, &words, &claim->text);
}

static int settle(struct work *w, const struct outbox_claim *claim, const char *state,
	portal_time next, const char *why)
{
	return store_put(w->tx, Q_OUTBOX_SETTLE,
		ARGS(A(claim->id), A(claim->lease), A(state), A(next), A(why),
			A((portal_time){ 0 }), A((int64_t)0), A((const char *)NULL),
			A((const char *)NULL)));
}

/* Ends one that can't go out, or puts it off. */
static int end(struct work *w, const struct outbox_claim *claim, const char *state,
	portal_time next, const char *why)
{
	const int r = settle(w, claim, state, next, why);

	return r < 0 ? r : outbox_follow(w, claim->cause_kind, claim->cause_id);
}

static int fail(
	struct work *w, struct claiming *c, const struct outbox_claim *claim, const char *why)
{
	if (!c->batch.failed++)
		c->batch.reason = arena_strdup(w->arena, why);
	return end(w, claim, "failed", (portal_time){ 0 }, why);
}

static bool is_held(const struct claiming *c, const struct outbox_claim *claim)
{
	return c->templates_held.ms && claim->whatsapp && claim->whatsapp->template_name;
}

/* The row is of the past before anybody looks for where its message goes instead. */
static int refuse(struct work *w, const struct outbox_claim *claim)
{
	int r = settle(w, claim, "cancelled", (portal_time){ 0 }, "the client's window has closed");

	if (r >= 0)
		r = conversation_window_refused(w, claim->cause_id);
	return r < 0 ? r : outbox_follow(w, claim->cause_kind, claim->cause_id);
}

static int cancel(struct work *w, const struct outbox_claim *claim)
{
	return claim->window_closed ? refuse(w, claim)
				    : end(w, claim, "cancelled", (portal_time){ 0 },
					      "what it tells of is no longer so");
}

/* A text that can't be made must not hold up the others. 1: it is to be sent. */
static int render_or_end(struct work *w, struct claiming *c, struct outbox_claim *claim)
{
	struct portal_error unheard = { 0 };
	struct portal_error *const err = w->err;
	int r;

	w->err = &unheard;
	r = render(w, claim);
	w->err = err;
	if (store_failed(w->tx))
		return portal_fail(err, unheard.code, "%s", unheard.message);
	if (r < 0)
		r = fail(w, c, claim, unheard.message);
	else if (r == 0)
		r = cancel(w, claim);
	else if (is_held(c, claim))
		r = end(w, claim, "queued", c->templates_held, "templates are held back");
	else
		return 1;
	return r < 0 ? r : 0;
}

static int read_claim(struct work *w, int64_t id, struct outbox_claim *ret)
{
	const struct zone *zone = work_zone(w);
	int r = zone ? store_get(w->tx, Q_OUTBOX_CLAIMED, ARGS(A(id)), w->arena, &claim_record, ret)
		     : -(int)w->err->code;
	int64_t date_ms;

	if (r <= 0)
		return r;
	date_ms = ret->first_attempt_at.ms ? ret->first_attempt_at.ms : w->now.ms;
	ret->portal_id = w->portal->identity.portal_id;
	ret->office_name = work_office_name(w);
	ret->zone_offset_minutes = zone_offset_seconds(zone, date_ms / 1000) / 60;
	return 1;
}

static int claim_one(struct work *w, struct claiming *c, int64_t id)
{
	const portal_time until = { w->now.ms + c->asking->lease_ms };
	struct outbox_claim *claim = &c->batch.claims[c->batch.count];
	int r = store_put(
		w->tx, Q_OUTBOX_CLAIM, ARGS(A(id), A(c->batch.lease), A(until), A(c->boot)));

	*claim = (struct outbox_claim){ .id = id };
	if (r >= 0)
		r = read_claim(w, id, claim);
	if (r > 0)
		r = outbox_follow(w, claim->cause_kind, claim->cause_id) < 0 ? -(int)w->err->code
									     : 1;
	if (r > 0)
		r = render_or_end(w, c, claim);
	c->batch.count += r > 0;
	return r;
}

/* Adds the ids of those that @query finds to the @count that are there. */
static int find(struct work *w, const struct outbox_asking *asking, enum store_query query,
	int64_t ids[static OUTBOX_BATCH_MAX], int *count)
{
	const int64_t most = asking->most - *count;
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct found found;
	int r = store_rows(w->tx, query, ARGS(A(asking->channel), A(w->now), A(most)),
		&found_record, &found, &rows);

	while (r >= 0 && *count < OUTBOX_BATCH_MAX && (r = store_next(rows)) > 0)
		ids[(*count)++] = found.id;
	return r;
}

/* How many. */
static int find_all(
	struct work *w, const struct outbox_asking *asking, int64_t ids[static OUTBOX_BATCH_MAX])
{
	int count = 0;
	int r;

	if (is_whatsapp(asking->channel))
		r = find(w, asking, Q_OUTBOX_CLAIMABLE_IN_ORDER, ids, &count);
	else
		r = find(w, asking, Q_OUTBOX_CLAIMABLE, ids, &count);
	if (r >= 0 && count < asking->most)
		r = find(w, asking, Q_OUTBOX_CLAIMABLE_AGAIN, ids, &count);
	return r < 0 ? r : count;
}

/* A name for the batch, under which its process shows that it is there. */
static int name_batch(struct work *w, struct claiming *c)
{
	const char *lease = work_random_hex(w, LEASE_BYTES);

	if (!lease)
		return -(int)w->err->code;
	c->batch.lease = lease;
	/* Nobody may look for who is not shown: then the time alone tells. */
	c->boot = store_show_presence(w->portal->store, outbox_presence(lease))
			  ? w->portal->options.boot_id
			  : NULL;
	return 0;
}

static int claim_all(struct work *w, struct claiming *c, const int64_t *ids, int count)
{
	const char *templates = arena_printf(w->arena, "%s.template", c->asking->channel);
	int r = name_batch(w, c);

	if (r < 0)
		return r;
	c->batch.claims = arena_array(w->arena, (size_t)count, sizeof(*c->batch.claims));
	r = store_get_int(
		w->tx, Q_CHANNEL_HELD, ARGS(A(templates), A(w->now)), &c->templates_held.ms);
	for (int i = 0; r >= 0 && i < count; i++)
		r = claim_one(w, c, ids[i]);
	return r < 0 ? r : 1;
}

/* What may go out now, where the channel is not held: how many. */
static int find_free(
	struct work *w, const struct outbox_asking *asking, int64_t ids[static OUTBOX_BATCH_MAX])
{
	int64_t held = 0;
	const int r =
		store_get_int(w->tx, Q_CHANNEL_HELD, ARGS(A(asking->channel), A(w->now)), &held);

	if (r < 0 || held)
		return r < 0 ? r : 0;
	return find_all(w, asking, ids);
}

static int claim_body(struct work *w, void *arg)
{
	struct claiming *c = arg;
	int64_t ids[OUTBOX_BATCH_MAX];
	int r = outbox_end_batch(w, c->asking->finished, c->asking->before);

	c->batch = (struct outbox_batch){ .claims = NULL };
	c->templates_held = (portal_time){ 0 };
	if (r >= 0)
		r = find_free(w, c->asking, ids);
	return r > 0 ? claim_all(w, c, ids, r) : r;
}

int outbox_claim(struct portal *portal, const struct outbox_asking *asking,
	struct outbox_batch *ret, struct portal_error *err)
{
	struct claiming claiming = { .asking = asking };
	const int r = work_write(portal, claim_body, &claiming, err);

	if (r < 0 && claiming.batch.lease)
		store_end_presence(portal->store, outbox_presence(claiming.batch.lease));
	if (r >= 0 && asking->finished)
		store_end_presence(portal->store, outbox_presence(asking->finished->lease));
	*ret = claiming.batch;
	ret->synced_ms = monotonic_ms();
	return r;
}

/* A run that finds nothing writes nothing. */
static int look_body(struct work *w, void *arg)
{
	const char *const *channel = arg;
	const struct outbox_asking asking = { .channel = *channel, .most = 1 };
	int64_t ids[OUTBOX_BATCH_MAX];

	return find_free(w, &asking, ids);
}

int outbox_any(struct portal *portal, const char *channel, struct portal_error *err)
{
	return work_read(portal, look_body, &channel, err);
}
