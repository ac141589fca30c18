/* O2, P4, P5: a message is claimed for a time, in a transaction of its own that has
 * committed before the first byte goes out. So no two send the same, and what a process
 * that died had begun is known to be unknown. */
#include "outbox-private.h"

#include <string.h>

#include "base/i18n.h"
#include "base/zone.h"
#include "portal-private.h"
#include "text/json.h"
#include "text/object.h"

enum { LEASE_BYTES = 16 };

/* When what may have arrived is tried again, by mail, under the same Message-ID. */
enum { AGAIN_MS = 15 * 60 * 1000 };

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
	PORTAL_FIELDS_END,
};

static const struct portal_record claim_record = { "outbox", sizeof(struct outbox_claim),
	claim_fields };

struct claiming {
	const char *channel;
	int64_t lease_ms;
	bool rendered;
	struct outbox_claim claim;
};

/* The arguments that are stored, and the secrets that are not. */
static int add_secrets(struct work *w, const struct outbox_claim *claim,
	const struct outbox_secrets *secrets, struct json **ret)
{
	struct named_text *texts;
	struct json *tree;
	const char *text;
	size_t count = 2;
	int r = json_parse(w->arena, claim->arguments, strlen(claim->arguments), &tree, w->err);

	if (r < 0)
		return r;
	for (const struct json *m = json_first(tree); m; m = json_next(m))
		count++;
	texts = arena_array(w->arena, count + 1, sizeof(*texts));
	texts[0] = (struct named_text){ "link", secrets->link };
	texts[1] = (struct named_text){ "password", secrets->password };
	count = 2;
	for (const struct json *m = json_first(tree); m; m = json_next(m))
		texts[count++] = (struct named_text){ json_key(m), json_text(m) };
	text = object_of_texts(w->arena, texts);
	return json_parse(w->arena, text, strlen(text), ret, w->err);
}

/* 1: rendered; 0: it has no sense any more. */
static int render(struct work *w, struct outbox_claim *claim)
{
	struct outbox_secrets secrets = { NULL, NULL };
	struct json *arguments;
	int r = outbox_secrets(w, claim, &secrets);

	if (r > 0)
		r = add_secrets(w, claim, &secrets, &arguments) < 0 ? -(int)w->err->code : 1;
	if (r <= 0)
		return r;
	r = template_render(
		w->arena, claim->template, claim->language, arguments, &claim->text, w->err);
	return r < 0 ? r : 1;
}

/* Ends one that can't go out. */
static int end(struct work *w, int64_t id, const char *lease, const char *state, const char *why)
{
	return store_put(w->tx, Q_OUTBOX_SETTLE,
		ARGS(A(id), A(lease), A(state), A((portal_id){ 0 }), A(why), A((portal_time){ 0 }),
			A((int64_t)0)));
}

/* A text that can't be made must not hold up the others. */
static int render_or_end(struct work *w, struct claiming *c)
{
	struct portal_error unheard = { 0 };
	struct portal_error *const err = w->err;
	int r;

	w->err = &unheard;
	r = render(w, &c->claim);
	w->err = err;
	c->rendered = r > 0;
	if (r > 0)
		return 0;
	if (store_failed(w->tx))
		return portal_fail(err, unheard.code, "%s", unheard.message);
	return r == 0 ? end(w, c->claim.id, c->claim.lease, "cancelled",
				"what it tells of is no longer so")
		      : end(w, c->claim.id, c->claim.lease, "failed", unheard.message);
}

static int find(struct work *w, const char *channel, int64_t *ret_id, bool *ret_again)
{
	int r = store_get_int(w->tx, Q_OUTBOX_CLAIMABLE, ARGS(A(channel), A(w->now)), ret_id);

	*ret_again = r >= 0 && !*ret_id;
	if (*ret_again)
		r = store_get_int(
			w->tx, Q_OUTBOX_CLAIMABLE_AGAIN, ARGS(A(channel), A(w->now)), ret_id);
	return r;
}

static int read_claim(struct work *w, int64_t id, struct outbox_claim *ret)
{
	const struct zone *zone = work_zone(w);
	int r = zone ? store_get(w->tx, Q_OUTBOX_CLAIMED, ARGS(A(id)), w->arena, &claim_record, ret)
		     : -(int)w->err->code;

	if (r <= 0)
		return r;
	ret->portal_id = w->portal->identity.portal_id;
	ret->office_name = work_office_name(w);
	ret->zone_offset_minutes = zone_offset_seconds(zone, ret->first_attempt_at.ms / 1000) / 60;
	return 1;
}

static int claim_body(struct work *w, void *arg)
{
	struct claiming *c = arg;
	const portal_time until = { w->now.ms + c->lease_ms };
	const char *lease = work_random_hex(w, LEASE_BYTES);
	bool again = false;
	int64_t id = 0;
	int r = lease ? find(w, c->channel, &id, &again) : -(int)w->err->code;

	if (r < 0 || !id)
		return r < 0 ? r : 0;
	c->claim = (struct outbox_claim){ .again = again };
	r = store_put(w->tx, Q_OUTBOX_CLAIM, ARGS(A(id), A(lease), A(until), A(w->now)));
	if (r >= 0)
		r = read_claim(w, id, &c->claim);
	if (r >= 0)
		r = render_or_end(w, c);
	return r < 0 ? r : 1;
}

/* A run that finds nothing writes nothing. */
static int look_body(struct work *w, void *arg)
{
	const struct claiming *c = arg;
	int64_t id = 0, held = 0;
	bool again = false;
	int r = store_get_int(w->tx, Q_CHANNEL_HELD, ARGS(A(c->channel), A(w->now)), &held);

	if (r < 0 || held)
		return r < 0 ? r : 0;
	r = find(w, c->channel, &id, &again);
	return r < 0 ? r : id > 0;
}

int outbox_any(struct portal *portal, const char *channel, struct portal_error *err)
{
	struct claiming claiming = { .channel = channel };

	return work_read(portal, look_body, &claiming, err);
}

int outbox_claim(struct portal *portal, const char *channel, int64_t lease_ms,
	struct outbox_claim *ret, struct portal_error *err)
{
	struct claiming claiming = { .channel = channel, .lease_ms = lease_ms };
	int r;

	do
		r = work_write(portal, claim_body, &claiming, err);
	while (r > 0 && !claiming.rendered);
	*ret = claiming.claim;
	return r;
}

static int look_for_lost(struct work *w, void *arg)
{
	int64_t id = 0;
	const int r = store_get_int(w->tx, Q_OUTBOX_LOST, ARGS(A(w->now)), &id);

	(void)arg;
	return r < 0 ? r : id > 0;
}

static int lose_one(struct work *w, void *arg)
{
	const portal_time again = { w->now.ms + AGAIN_MS };
	int64_t id = 0;
	int r = store_get_int(w->tx, Q_OUTBOX_LOST, ARGS(A(w->now)), &id);

	(void)arg;
	if (r < 0 || !id)
		return r < 0 ? r : 0;
	return store_put(w->tx, Q_OUTBOX_LOSE,
		ARGS(A(id), A(again), A("the process that sent it did not end its work")));
}

int outbox_find_lost(struct portal *portal, struct portal_error *err)
{
	return work_in_chunks(portal, look_for_lost, lose_one, err);
}
