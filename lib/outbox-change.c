/* What people decide of a message (O2): to try it again, to keep it back, not to send it. */
#include "outbox-private.h"

#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "contact-identity.h"

/* From which states a decision leads where; a message that is there already stays. */
struct decision {
	const char *action;
	const char *from[5];
	const char *to;
};

static const struct decision decisions[] = {
	[OUTBOX_RETRY] = { "outbox.retry", { "failed", "unknown", "cancelled", "queued", NULL },
		"queued" },
	[OUTBOX_HOLD] = { "outbox.hold", { "queued", NULL }, "held" },
	[OUTBOX_RELEASE] = { "outbox.release", { "held", NULL }, "queued" },
	[OUTBOX_CANCEL] = { "outbox.cancel", { "queued", "held", "failed", "unknown", NULL },
		"cancelled" },
};

struct deciding {
	const struct decision *decision;
	int64_t id;
	struct outbox *ret;
};

static bool leads_from(const struct decision *decision, const char *state)
{
	const char *const *from = decision->from;

	while (*from && strcmp(*from, state) != 0)
		from++;
	return *from;
}

static int wrong_state(struct work *w, const struct outbox *outbox)
{
	portal_fail(w->err, PORTAL_WRONG_STATE, _("message '%lld' is %s"), (long long)outbox->id,
		portal_word_text(outbox_states, outbox->state));
	return portal_about(w->err, "outbox", outbox->id);
}

/* One that waits already, but not until its time has come, is tried at once. */
static bool is_there(const struct work *w, const struct decision *decision, const struct outbox *o)
{
	return !strcmp(o->state, decision->to) &&
	       (decision != &decisions[OUTBOX_RETRY] || o->next_attempt_at.ms <= w->now.ms);
}

/* What went out in another row since does not go twice. */
static int check_newest(struct work *w, const struct decision *decision, const struct outbox *o)
{
	int64_t newer = 0;
	int r = 0;

	if (!strcmp(decision->to, "queued"))
		r = store_get_int(
			w->tx, Q_OUTBOX_SUPERSEDED, ARGS(A(o->id), A(OUTBOX_FILE)), &newer);
	if (r <= 0)
		return r;
	portal_fail(w->err, PORTAL_WRONG_STATE, _("message '%lld' goes out as message '%lld'"),
		(long long)o->id, (long long)newer);
	return portal_about(w->err, "outbox", o->id);
}

/* Whom it was for may have another number by now: the old one is given away again (W9). */
static int follow_recipient(struct work *w, struct outbox *outbox)
{
	const char *was = outbox->recipient;
	struct identity_names names = { .wa_id = was };
	const int r = strcmp(outbox->channel, "whatsapp")
			      ? 0
			      : identity_names_now(w, &names, outbox->created_at);

	if (names.wa_id != was)
		outbox->recipient = identity_is_user(names.wa_id)
					    ? names.wa_id
					    : arena_printf(w->arena, "+%s", names.wa_id);
	return r;
}

static int put(struct work *w, const struct decision *decision, struct outbox *outbox)
{
	const bool waits = !strcmp(decision->to, "queued");
	const char *was = outbox->state;
	int r = waits ? follow_recipient(w, outbox) : 0;

	outbox->state = decision->to;
	outbox->next_attempt_at = waits ? w->now : (portal_time){ 0 };
	if (r >= 0)
		r = store_put(w->tx, Q_OUTBOX_PUT_STATE,
			ARGS(A(outbox->id), A(outbox->state), A(outbox->next_attempt_at),
				A(outbox->recipient)));
	if (r >= 0)
		r = store_put(w->tx, Q_MESSAGE_DECIDED, ARGS(A(outbox->id)));
	if (r < 0)
		return r;
	return audit_add(w, decision->action, "outbox", outbox->id,
		CHANGES({ "state", was, outbox->state }));
}

static int decide_body(struct work *w, void *arg)
{
	const struct deciding *deciding = arg;
	const struct decision *decision = deciding->decision;
	struct outbox outbox;
	int r = outbox_need(w, decision->action, deciding->id, &outbox);

	if (r < 0)
		return r;
	if (is_there(w, decision, &outbox)) {
		WORK_GIVE(w, deciding->ret, outbox);
		return 0;
	}
	if (!leads_from(decision, outbox.state))
		return wrong_state(w, &outbox);
	r = check_newest(w, decision, &outbox);
	if (r < 0)
		return r;
	r = put(w, decision, &outbox);
	if (r >= 0)
		WORK_GIVE(w, deciding->ret, outbox);
	return r < 0 ? r : 1;
}

int outbox_decide(struct portal *portal, int64_t id, enum outbox_decision decision,
	struct outbox *ret_outbox, struct portal_error *err)
{
	struct deciding deciding = { &decisions[decision], id, ret_outbox };

	return work_write(portal, decide_body, &deciding, err);
}
