/* What became of what we sent (W7), and what the provider tells the office. */
#include <stdlib.h>
#include <string.h>

#include "outbox-private.h"
#include "tell.h"
#include "wa-route-private.h"

enum { WINDOW_CLOSED = 131047, ID_DIGITS = 15 };

struct reported {
	int64_t id;
	const char *state, *delivery, *cause_kind;
	int64_t cause_id;
	const char *recipient, *wamid;
};

static const struct portal_field reported_fields[] = {
	PORTAL_FIELD(struct reported, id, NULL),
	PORTAL_FIELD(struct reported, state, NULL),
	PORTAL_FIELD(struct reported, delivery, NULL),
	PORTAL_FIELD(struct reported, cause_kind, NULL),
	PORTAL_FIELD(struct reported, cause_id, NULL),
	PORTAL_FIELD(struct reported, recipient, NULL),
	PORTAL_FIELD(struct reported, wamid, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record reported_record = { "outbox", sizeof(struct reported),
	reported_fields };

/* How far a message is, whatever order it is told in: what has arrived did not fail. */
static int rank(const char *word)
{
	static const char *const words[] = { "sent", "failed", "delivered", "read", "played" };

	for (int i = 0; word && i < 5; i++)
		if (!strcmp(words[i], word))
			return i + 1;
	return 0;
}

/* By the name that it got, or else by ours, which was sent along. */
static int find_outbox(struct work *w, const struct wa_event *event, struct reported *ret)
{
	const char *callback = event->callback ? event->callback : "";
	const size_t len = strspn(callback, "0123456789");
	int64_t id = 0;
	int r = store_get_int(w->tx, Q_OUTBOX_BY_WAMID, ARGS(A(event->wamid)), &id);

	if (r == 0 && len && len <= ID_DIGITS && !callback[len])
		id = strtoll(callback, NULL, 10);
	return r < 0 || !id ? r
			    : store_get(w->tx, Q_OUTBOX_REPORTED, ARGS(A(id)), w->arena,
				      &reported_record, ret);
}

/* The number that the message went to before the client had another is a stranger's. */
static int forget_former(struct work *w, const struct reported *o, struct identity_names *names)
{
	const char *told = names->wa_id ? identity_of(w->arena, names->wa_id) : NULL;
	int64_t was = 0;
	int r;

	if (!told || !strcmp(told, identity_of(w->arena, o->recipient)))
		return 0;
	r = store_get_int(w->tx, Q_IDENTITY_WAS,
		ARGS(A(told), A(o->recipient + (*o->recipient == '+'))), &was);
	if (r > 0)
		*names = (struct identity_names){ .wa_id = NULL };
	return r;
}

static bool is_over(const char *state)
{
	return !strcmp(state, "sent") || !strcmp(state, "failed");
}

/* Is that told of an attempt before the one that counts? It had another name; or the row
 * has that name from an attempt that is over, and waits or is tried again. */
static bool is_of_before(const struct wa_event *event, const struct reported *o)
{
	if (!o->wamid)
		return false;
	return strcmp(o->wamid, event->wamid) != 0 || !is_over(o->state);
}

/* An attempt that is not the last, or whose end nobody knows, may have gone to another number,
 * which was corrected since. */
static void forget_elsewhere(struct work *w, const struct wa_event *event, const struct reported *o,
	struct identity_names *names)
{
	const char *told = names->wa_id ? identity_of(w->arena, names->wa_id) : NULL;
	const bool may_differ = is_of_before(event, o) || !o->wamid;

	if (may_differ && told && !identity_is_user(o->recipient) &&
		strcmp(told, identity_of(w->arena, o->recipient)) != 0)
		*names = (struct identity_names){ .wa_id = NULL };
}

/* Whom a message went to is known by these names. */
static int learn(struct work *w, const struct wa_event *event, const struct reported *o)
{
	struct identity_names names = wa_names(&event->who);
	int r;

	if (strcmp(o->cause_kind, "message") != 0)
		return 0;
	forget_elsewhere(w, event, o, &names);
	r = forget_former(w, o, &names);
	return r < 0 || (!names.wa_id && !names.user_id)
		       ? r
		       : identity_learn_at(w, o->recipient, &names);
}

static const char *error_text(struct work *w, const struct wa_event *event)
{
	const struct wa_error *e = &event->error;
	const char *words = e->details ? e->details : e->title ? e->title : "";

	return arena_printf(w->arena, "%lld %s", (long long)e->code, wa_line(w, words, 300));
}

static int report(struct work *w, const struct wa_event *event, const struct reported *o,
	const char *state, const char *error)
{
	const portal_time sent = { strcmp(state, "sent") ? 0 : event->timestamp * 1000 };
	const int r = store_put(w->tx, Q_OUTBOX_REPORT,
		ARGS(A(o->id), A(event->status), A(state), A(event->wamid), A(error), A(sent)));

	return r < 0 ? r : outbox_follow(w, o->cause_kind, o->cause_id);
}

static int tell_failed(struct work *w, const struct reported *o)
{
	struct ticket_row ticket = { 0 };
	int64_t ticket_id = 0;
	int r;

	if (strcmp(o->cause_kind, "message") != 0)
		return 0;
	r = store_get_int(w->tx, Q_MESSAGE_TICKET, ARGS(A(o->cause_id)), &ticket_id);
	if (r > 0)
		r = ticket_by_id(w, ticket_id, &ticket);
	return r > 0 ? ticket_tell_office(w, &ticket, "wa_failed") : r;
}

/* What waits to be tried again is not failed yet. */
static bool may_fail(const struct reported *o)
{
	return !strcmp(o->state, "sent") || !strcmp(o->state, "unknown") ||
	       !strcmp(o->state, "sending");
}

static int fail(struct work *w, const struct wa_event *event, const struct reported *o)
{
	int r;

	if (!may_fail(o))
		return WA_USED;
	r = report(w, event, o, "failed", error_text(w, event));
	if (r < 0)
		return r;
	if (event->error.code == WINDOW_CLOSED && !strcmp(o->cause_kind, "message"))
		r = conversation_window_refused(w, o->cause_id);
	else
		r = tell_failed(w, o);
	return r < 0 ? r : WA_USED;
}

static int told_before(const struct reported *o, int told)
{
	return told && told == rank(o->delivery) ? WA_KNOWN : WA_USED;
}

/* @told says something new. Of an attempt before, that the client has the message counts, for
 * it needs no other; that it failed, or was sent off, says nothing of the one after it. */
static int follow(struct work *w, const struct wa_event *event, const struct reported *o, int told)
{
	const bool has_arrived = told > rank("failed");
	int r;

	if (!has_arrived && is_of_before(event, o))
		return WA_USED;
	if (told == rank("failed"))
		return fail(w, event, o);
	r = report(w, event, o, "sent", NULL);
	return r < 0 ? r : WA_USED;
}

int wa_route_status(struct work *w, const struct wa_event *event, const char **ret_reason)
{
	struct reported o = { 0 };
	const int told = rank(event->status);
	int r = find_outbox(w, event, &o);

	if (r > 0)
		r = learn(w, event, &o) < 0 ? -(int)w->err->code : 1;
	if (r <= 0) {
		*ret_reason = "no_subject";
		return r < 0 ? r : WA_SET_ASIDE;
	}
	return told <= rank(o.delivery) ? told_before(&o, told) : follow(w, event, &o, told);
}

static bool is_among(const char *word, const char *const *words)
{
	while (word && *words && strcmp(*words, word) != 0)
		words++;
	return word && *words;
}

/* What somebody should do something about. */
static bool is_bad_news(const struct wa_event *event)
{
	static const char *const words[] = { "REJECTED", "PAUSED", "DISABLED", "FLAGGED",
		"PENDING_DELETION", "RED", "MARKETING", "ACCOUNT_RESTRICTION", "DISABLED_UPDATE",
		"ACCOUNT_VIOLATION", "ACCOUNT_DELETED", "PARTNER_REMOVED", "DOWNGRADE", NULL };

	return is_among(event->notice.word, words);
}

int wa_route_notice(struct work *w, const struct wa_event *event, int64_t webhook_id)
{
	const char *name = event->notice.name ? wa_line(w, event->notice.name, 200) : NULL;
	const char *reason = event->notice.reason ? wa_line(w, event->notice.reason, 300) : NULL;
	const struct event notice = { "wa_notice", "webhook", webhook_id,
		NAMED({ "office", work_office_name(w) }, { "template", name },
			{ "word", event->notice.word ? wa_line(w, event->notice.word, 100) : "" },
			{ "reason", reason }) };
	const int r = is_bad_news(event) ? tell_notice(w, &notice, work_office_id(w)) : 0;

	return r < 0 ? r : WA_USED;
}
