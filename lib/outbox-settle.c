/* O2: what an attempt came to, as the message's new state. */
#include "outbox-private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "contact-identity.h"
#include "portal-private.h"
#include "tell.h"
#include "wa-private.h"

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

/* How often one is tried that fails as WhatsApp says it may not for long. */
enum { LIMITED_ATTEMPTS = 3 };

/* What is to be written of a message: @said is why. */
struct settling {
	const struct outbox_claim *claim;
	const struct net_outcome *outcome;
	const char *state, *said;
	portal_time next, sent_at;
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

enum hold { HOLD_QUIETLY, HOLD_AND_TELL };

/* Until then nothing is sent by @channel, or no template of it. The office hears of it
 * once, until it works again. */
static int hold(struct work *w, const struct settling *s, const char *channel, portal_time until,
	enum hold how)
{
	const struct event event = { "channel_stopped", "outbox", s->claim->id,
		NAMED({ "office", work_office_name(w) }, { "channel", channel },
			{ "reason", s->outcome->said }) };
	int64_t before = 0;
	int r = store_get_int(w->tx, Q_CHANNEL_STOPPED, ARGS(A(channel)), &before);

	if (r >= 0)
		r = store_put(w->tx, Q_CHANNEL_HOLD,
			ARGS(A(channel), A(until), A(s->outcome->said),
				A((int64_t)(how == HOLD_AND_TELL))));
	if (r >= 0 && !before && how == HOLD_AND_TELL)
		r = tell_notice(w, &event, work_office_id(w));
	return r;
}

static const char *templates_of(struct work *w, const char *channel)
{
	return arena_printf(w->arena, "%s.template", channel);
}

/* Others fare as this one did. That templates are held takes hours, and somebody may have
 * to do something about it; that a channel is too fast ends by itself. */
static int hold_others(struct work *w, const struct settling *s)
{
	const char *channel = s->claim->channel;

	switch (s->outcome->scope) {
	case NET_TEMPLATES:
		return hold(w, s, templates_of(w, channel), s->next, HOLD_AND_TELL);
	case NET_CHANNEL:
		return hold(w, s, channel, s->next, HOLD_QUIETLY);
	case NET_THIS:
		break;
	}
	return 0;
}

static bool gives_up(const struct work *w, const struct settling *s)
{
	const struct outbox_claim *claim = s->claim;
	const int64_t age = (w->now.ms - claim->first_attempt_at.ms) / 1000;

	return age >= patience_of(claim->channel)->give_up_seconds ||
	       (s->outcome->limited && claim->attempts >= LIMITED_ATTEMPTS);
}

static int retry(struct work *w, struct settling *s)
{
	const struct outbox_claim *claim = s->claim;
	const int64_t asked = s->outcome->retry_after_seconds;
	int64_t ms = 0;
	int r = spread(w, back_off(patience_of(claim->channel), claim->attempts), &ms);

	if (asked > 0)
		ms = 1000 * (asked < RETRY_AFTER_MAX ? asked : RETRY_AFTER_MAX);
	s->state = "queued";
	s->next = (portal_time){ w->now.ms + ms };
	if (r >= 0)
		r = hold_others(w, s);
	if (gives_up(w, s)) {
		s->state = "failed";
		s->next = (portal_time){ 0 };
	}
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

static int stop_channel(struct work *w, struct settling *s)
{
	const portal_time until = { w->now.ms + HOLD_SECONDS * 1000 };

	s->state = "queued";
	s->next = w->now;
	s->uncounted = 1;
	return hold(w, s, s->claim->channel, until, HOLD_AND_TELL);
}

/* An answer that names a message which was sent before is none about this one. */
static int accepted(struct work *w, struct settling *s)
{
	const struct outbox_claim *claim = s->claim;
	const char *wamid = s->outcome->wamid;
	int64_t other = 0;
	int r = 0;

	if (*wamid)
		r = store_get_int(w->tx, Q_OUTBOX_BY_WAMID, ARGS(A(wamid)), &other);
	if (r >= 0 && other && other != claim->id) {
		become_unknown(w, s);
		s->said = "the answer names a message that was sent before";
		return 0;
	}
	s->state = "sent";
	if (r >= 0)
		r = store_put(w->tx, Q_CHANNEL_RELEASE, ARGS(A(claim->channel), A(w->now)));
	if (r >= 0 && claim->whatsapp && claim->whatsapp->template_name)
		r = store_put(w->tx, Q_CHANNEL_RELEASE,
			ARGS(A(templates_of(w, claim->channel)), A(w->now)));
	return r;
}

static int decide(struct work *w, struct settling *s)
{
	switch (s->outcome->class) {
	case NET_SENT:
		return accepted(w, s);
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

/* What WhatsApp calls the number it was sent to is one more name of the contact (W9). */
static int learn(struct work *w, const struct settling *s)
{
	const struct identity_names names = { .wa_id = s->outcome->wa_id };

	if (!names.wa_id[0] || !strcmp(s->claim->recipient + 1, names.wa_id))
		return 0;
	return identity_learn_at(w, s->claim->recipient, &names);
}

static int follow(struct work *w, const struct settling *s)
{
	const struct outbox_claim *claim = s->claim;
	int r = 0;

	if (!strcmp(claim->cause_kind, "message")) {
		if (s->outcome->window_closed)
			return conversation_window_refused(w, claim->cause_id);
		r = learn(w, s);
	}
	return r < 0 ? r : outbox_follow(w, claim->cause_kind, claim->cause_id);
}

/* The client may have moved while the call was under way: what may have arrived has gone
 * where it was sent to, and what goes later goes to the new address. */
static const char *reached(const struct settling *s)
{
	const bool there = !strcmp(s->state, "sent") || !strcmp(s->state, "unknown") ||
			   s->outcome->window_closed;

	return there ? s->claim->recipient : NULL;
}

static int write_state(struct work *w, const struct settling *s)
{
	const char *wamid = s->sent_at.ms && s->outcome->wamid[0] ? s->outcome->wamid : NULL;
	int r = store_put(w->tx, Q_OUTBOX_SETTLE,
		ARGS(A(s->claim->id), A(s->claim->lease), A(s->state), A(s->next), A(s->said),
			A(s->sent_at), A(s->uncounted), A(wamid), A(reached(s))));

	if (r <= 0)
		return r;
	r = follow(w, s);
	return r < 0 ? r : 1;
}

int outbox_settle(struct work *w, struct outbox_end *end)
{
	struct settling s = { .claim = end->claim, .outcome = &end->outcome };
	int r;

	end->state = NULL;
	s.said = s.outcome->class != NET_SENT && s.outcome->said[0] ? s.outcome->said : NULL;
	r = decide(w, &s);
	if (r >= 0 && !strcmp(s.state, "sent"))
		s.sent_at = w->now;
	if (r >= 0)
		r = write_state(w, &s);
	if (r > 0)
		end->state = s.state;
	return r;
}

int outbox_settle_accepted(struct work *w, struct outbox_claim *claim)
{
	struct net_outcome outcome = { .class = NET_SENT };
	struct settling s = { .claim = claim, .outcome = &outcome, .sent_at = claim->accepted_at };
	int r;

	snprintf(outcome.wamid, sizeof(outcome.wamid), "%s", claim->wamid);
	snprintf(outcome.wa_id, sizeof(outcome.wa_id), "%s", claim->wa_id);
	claim->accepted_at = (portal_time){ 0 };
	r = accepted(w, &s);
	return r < 0 ? r : write_state(w, &s);
}

int outbox_follow(struct work *w, const char *cause_kind, int64_t cause_id)
{
	return strcmp(cause_kind, "message") != 0
		       ? 0
		       : store_put(w->tx, Q_MESSAGE_FOLLOW, ARGS(A(cause_id), A(OUTBOX_FILE)));
}
