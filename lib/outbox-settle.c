/* O2: what an attempt came to, as the message's new state. */
#include "outbox-private.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "tell.h"

/* How a channel goes on after a failure. Postfix waits 300 to 4,000 seconds and gives up
 * after five days; the Cloud API asks for 4^n seconds. */
struct patience {
	const char *channel;
	int64_t first_seconds, factor, most_seconds, give_up_seconds;
};

static const struct patience patiences[] = {
	{ "email", 300, 2, 4020, 5 * 86400 },
	{ "whatsapp", 4, 4, 3600, 86400 },
	{ NULL, 0, 0, 0, 0 },
};

/* How long a channel that can't work is left alone, and a message whose end nobody
 * knows; what a server may ask for. */
enum { HOLD_SECONDS = 300, AGAIN_SECONDS = 900, RETRY_AFTER_MAX = 86400 };

struct settling {
	const struct outbox_claim *claim;
	const struct net_outcome *outcome;
	const char *state;
	portal_time next;
	int64_t uncounted;
};

static const struct patience *patience_of(const char *channel)
{
	const struct patience *p = patiences;

	while (p->channel && strcmp(p->channel, channel) != 0)
		p++;
	return p;
}

/* Between 80 and 120 hundredths of @seconds: many that failed at once don't come back at
 * once. */
static int spread(struct work *w, int64_t seconds, int64_t *ret_ms)
{
	const char *hex = work_random_hex(w, 2);

	if (!hex)
		return -(int)w->err->code;
	*ret_ms = seconds * 10 * (80 + (int64_t)strtol(hex, NULL, 16) % 41);
	return 0;
}

static int64_t back_off(const struct patience *p, int64_t attempts)
{
	int64_t seconds = p->first_seconds;

	while (--attempts > 0 && seconds < p->most_seconds)
		seconds *= p->factor;
	return seconds < p->most_seconds ? seconds : p->most_seconds;
}

static int retry(struct work *w, struct settling *s)
{
	const struct outbox_claim *claim = s->claim;
	const struct patience *p = patience_of(claim->channel);
	const int64_t age = (w->now.ms - claim->first_attempt_at.ms) / 1000;
	const int64_t asked = s->outcome->retry_after_seconds;
	int64_t ms = 0;
	int r;

	s->state = age >= p->give_up_seconds ? "failed" : "queued";
	if (!strcmp(s->state, "failed"))
		return 0;
	r = spread(w, back_off(p, claim->attempts), &ms);
	if (asked > 0)
		ms = 1000 * (asked < RETRY_AFTER_MAX ? asked : RETRY_AFTER_MAX);
	s->next = (portal_time){ w->now.ms + ms };
	return r;
}

/* A mail is tried once more, under the same Message-ID; whoever gets it twice sees it
 * once. WhatsApp has nothing like it: a report of the message or a person tells. */
static void become_unknown(const struct work *w, struct settling *s)
{
	s->state = "unknown";
	if (!strcmp(s->claim->channel, "email") && !s->claim->again)
		s->next = (portal_time){ w->now.ms + AGAIN_SECONDS * 1000 };
}

/* The office hears of it once, until the channel works again. */
static int stop_channel(struct work *w, struct settling *s)
{
	const char *channel = s->claim->channel;
	const portal_time until = { w->now.ms + HOLD_SECONDS * 1000 };
	const struct event event = { "channel_stopped", "outbox", s->claim->id,
		NAMED({ "office", work_office_name(w) }, { "channel", channel },
			{ "reason", s->outcome->said }) };
	int64_t before = 0;
	int r = store_get_int(w->tx, Q_CHANNEL_STOPPED, ARGS(A(channel)), &before);

	s->state = "queued";
	s->next = w->now;
	s->uncounted = 1;
	if (r >= 0)
		r = store_put(
			w->tx, Q_CHANNEL_HOLD, ARGS(A(channel), A(until), A(s->outcome->said)));
	if (r >= 0 && !before)
		r = tell_notice(w, &event, work_office_id(w));
	return r;
}

static int decide(struct work *w, struct settling *s)
{
	switch (s->outcome->class) {
	case NET_SENT:
		s->state = "sent";
		return store_put(w->tx, Q_CHANNEL_RELEASE, ARGS(A(s->claim->channel)));
	case NET_RETRY:
		return retry(w, s);
	case NET_UNKNOWN:
		become_unknown(w, s);
		return 0;
	case NET_STOP:
		return stop_channel(w, s);
	case NET_FAILED:
		break;
	}
	s->state = "failed";
	return 0;
}

static int settle_body(struct work *w, void *arg)
{
	struct settling *s = arg;
	const bool sent = s->outcome->class == NET_SENT;
	const portal_time sent_at = sent ? w->now : (portal_time){ 0 };
	const char *said = !sent && s->outcome->said[0] ? s->outcome->said : NULL;
	int r;

	s->next = (portal_time){ 0 };
	s->uncounted = 0;
	r = decide(w, s);
	if (r < 0)
		return r;
	return store_put(w->tx, Q_OUTBOX_SETTLE,
		ARGS(A(s->claim->id), A(s->claim->lease), A(s->state), A(s->next), A(said),
			A(sent_at), A(s->uncounted)));
}

int outbox_settle(struct portal *portal, const struct outbox_claim *claim,
	const struct net_outcome *outcome, const char **ret_state, struct portal_error *err)
{
	struct settling settling = { .claim = claim, .outcome = outcome };
	const int r = work_write(portal, settle_body, &settling, err);

	*ret_state = settling.state;
	return r;
}
