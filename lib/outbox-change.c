/* What people decide of a message (O2): to try it again, to keep it back, not to send it. */
#include "outbox-private.h"

#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "contact-identity.h"
#include "target.h"
#include "wa-private.h"

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

/* What was said in the ticket of another contact, which was merged into this one, is no
 * business of this one's. */
static int of_another(struct work *w, const struct outbox *o, int64_t ticket_id)
{
	struct ticket_row ticket = { 0 };

	if (ticket_by_id(w, ticket_id, &ticket) < 0)
		return -(int)w->err->code;
	portal_fail(w->err, PORTAL_WRONG_STATE,
		_("message '%lld' was for the contact of ticket '%s', which was merged into one of "
		  "another contact"),
		(long long)o->id, ticket.ticket.number);
	portal_about(w->err, "outbox", o->id);
	return portal_hint(w->err, "portalctl ticket open --contact %lld --subject …",
		(long long)ticket.contact_id);
}

static int nobody_there(struct work *w, const struct outbox *o)
{
	portal_fail(w->err, PORTAL_WRONG_STATE,
		_("nobody for whom message '%lld' was is reached at '%s' any more"),
		(long long)o->id, o->recipient);
	return portal_about(w->err, "outbox", o->id);
}

/* To the contact of the ticket, wherever that is written to by now. */
static int find_client(struct work *w, int64_t message_id, struct outbox *o)
{
	struct ticket_row ticket = { 0 };
	const char *address = NULL;
	int64_t id = 0;
	int r = conversation_another(w, message_id, &id);

	if (r != 0)
		return r < 0 ? r : of_another(w, o, id);
	r = store_get_int(w->tx, Q_MESSAGE_TICKET, ARGS(A(message_id)), &id);
	if (r > 0)
		r = ticket_by_id(w, id, &ticket);
	if (r > 0)
		r = conversation_address_now(w, ticket.contact_id, o->recipient, &address);
	if (r < 0)
		return r;
	if (r == 0) {
		nobody_there(w, o);
		return portal_hint(w->err, "portalctl contact set %lld --phone NUMBER",
			(long long)ticket.contact_id);
	}
	o->recipient = address;
	return 0;
}

static int is_reader(struct work *w, const struct outbox *o, const char *address)
{
	int64_t id = 0;

	return store_get_int(w->tx, Q_OUTBOX_READER,
		ARGS(A(o->id), A(address), A(identity_of(w->arena, address))), &id);
}

/* What @address, a number, has become since the message was queued. */
static int address_since(struct work *w, const struct outbox *o, const char **address)
{
	struct identity_names names = { .wa_id = *address };
	const int r = identity_names_now(w, &names, o->created_at);

	if (names.wa_id != *address)
		*address = identity_is_user(names.wa_id)
				   ? names.wa_id
				   : arena_printf(w->arena, "+%s", names.wa_id);
	return r;
}

/* A link goes to those alone who are sent the document; corrections have moved it already,
 * and so has a change of the number, unless the row was sent or cancelled then. */
static int find_reader(struct work *w, int64_t document_id, struct outbox *o)
{
	const char *address = o->recipient;
	int r = is_reader(w, o, address);

	if (r == 0 && !strcmp(o->channel, "whatsapp")) {
		r = address_since(w, o, &address);
		if (r >= 0)
			r = is_reader(w, o, address);
	}
	if (r < 0)
		return r;
	if (r == 0) {
		nobody_there(w, o);
		return portal_hint(
			w->err, "portalctl document send %lld --to …", (long long)document_id);
	}
	o->recipient = address;
	return 0;
}

static bool is_kind(const char *cause, const char *start)
{
	return !strncmp(cause, start, strlen(start));
}

/* Whom it is for may be reached elsewhere by now: what people try again goes there (W9). */
static int find_recipient(struct work *w, struct outbox *o)
{
	const char *kind_end = strchr(o->cause, ':');
	int64_t id = 0;

	if (!kind_end || !target_id(kind_end + 1, &id))
		return 0;
	if (is_kind(o->cause, "document:"))
		return find_reader(w, id, o);
	return is_kind(o->cause, "message:") && !strcmp(o->channel, "whatsapp")
		       ? find_client(w, id, o)
		       : 0;
}

static int put(struct work *w, const struct decision *decision, struct outbox *outbox)
{
	const bool waits = !strcmp(decision->to, "queued");
	const char *was = outbox->state;
	int r = waits ? find_recipient(w, outbox) : 0;

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
