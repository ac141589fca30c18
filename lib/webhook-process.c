/* Reading the bodies that were kept: what they tell, in one transaction each. */
#include <string.h>

#include "portal-private.h"
#include "tell.h"
#include "text/json.h"
#include "wa-route.h"
#include "webhook-private.h"

/* Who reads a body that another left has it to itself for so long; whoever dies over it
 * does so so often at most; and what breaks off in the midst of its changes is left out
 * of so many new beginnings. */
enum { READING_MS = 10000, ATTEMPTS_MAX = 3, LEFT_OUT_MAX = 20, ONE_RUN_MAX = 1000 };

/* The reason for what the portal itself could not do. */
#define FAILED "failed"

/* A body on its way into the portal. @events: how many there are of each fate and kind.
 * @left_out: positions of events that failed when they had begun to write. @at: the event
 * under way, which @failed when it did. */
struct processing {
	struct portal *portal;
	int64_t id;
	const struct json *tree;
	struct arena tree_arena, scratch;
	struct webhook counts;
	int left_out[LEFT_OUT_MAX];
	int left_out_count;
	const char *left_out_detail;
	int failed_at;
	struct work *w;
	struct portal_error *err;
};

/* Not the event's fault, but the store's or the machine's: it may pass. What the rules of
 * the domain refuse never will. */
static bool is_passing(enum portal_code code)
{
	enum { FAILURE = 1, REMOTE = 8, BUSY = 9, NO_SPACE = 12 };
	const int status = portal_code_exit(code);

	return status == FAILURE || status == REMOTE || status == BUSY || status == NO_SPACE;
}

static bool is_left_out(const struct processing *p, int position)
{
	for (int i = 0; i < p->left_out_count; i++)
		if (p->left_out[i] == position)
			return true;
	return false;
}

/* The first reason is kept, but for what failed here: somebody may mend that. */
static void set_aside(struct processing *p, const char *reason, const char *detail)
{
	p->counts.set_aside++;
	if (p->counts.reason && (strcmp(reason, FAILED) != 0 || !strcmp(p->counts.reason, FAILED)))
		return;
	p->counts.reason = arena_strdup(&p->tree_arena, reason);
	p->counts.detail = arena_strdup(&p->tree_arena, detail);
}

static void count(struct processing *p, const struct wa_event *event)
{
	switch (event->kind) {
	case WA_MESSAGE:
	case WA_REACTION:
	case WA_EDIT:
	case WA_REVOKE:
		p->counts.messages++;
		break;
	case WA_STATUS:
		p->counts.statuses++;
		break;
	case WA_ECHO:
	case WA_NUMBER_CHANGED:
	case WA_USER_ID_CHANGED:
	case WA_TEMPLATE:
	case WA_ACCOUNT:
	case WA_OTHER:
	case WA_BAD:
	default:
		p->counts.other++;
	}
}

/* Routes one event with an error of its own: it may fail alone. */
static int try_event(struct processing *p, const struct wa_event *event, const char **ret_reason,
	struct portal_error *failure)
{
	struct work own = *p->w;
	struct portal_error *outer = store_report_to(own.tx, failure);
	int fate;

	own.err = failure;
	fate = wa_route(&own, event, p->id, ret_reason);
	store_report_to(own.tx, outer);
	return fate;
}

static int give_up(struct processing *p, const struct portal_error *failure, int position)
{
	const bool passing = store_failed(p->w->tx) || is_passing(failure->code);

	p->failed_at = passing ? 0 : position;
	*p->w->err = *failure;
	return -(int)failure->code;
}

static int route_event(const struct wa_event *event, void *arg)
{
	struct processing *p = arg;
	const int64_t writes = store_writes(p->w->tx);
	struct portal_error failure = { .arena = &p->tree_arena };
	const char *reason = NULL;
	int fate;

	if (is_left_out(p, event->position))
		return set_aside(p, FAILED, p->left_out_detail), 0;
	fate = try_event(p, event, &reason, &failure);
	if (fate < 0 && (is_passing(failure.code) || store_failed(p->w->tx) ||
				store_writes(p->w->tx) != writes))
		return give_up(p, &failure, event->position);
	if (fate < 0)
		set_aside(p, FAILED, failure.message);
	else if (fate == WA_SET_ASIDE)
		set_aside(p, reason, NULL);
	else if (fate == WA_KNOWN)
		p->counts.duplicates++;
	else
		count(p, event);
	return 0;
}

/* The office hears once of each body of which something was not used for a reason of ours. */
static int tell_failed(struct work *w, int64_t id, const char *detail)
{
	const struct event event = { "webhook_failed", "webhook", id,
		NAMED({ "office", work_office_name(w) },
			{ "id", arena_printf(w->arena, "%lld", (long long)id) },
			{ "reason", detail }) };
	int64_t told = 0;
	const int r = store_get_int(w->tx, Q_NOTIFICATION_TOLD,
		ARGS(A(work_office_id(w)), A(event.name), A(event.kind), A(id)), &told);

	return r != 0 ? r : tell_notice(w, &event, work_office_id(w));
}

static int finish(struct work *w, const struct processing *p)
{
	const struct webhook *c = &p->counts;
	const int r = store_put(w->tx, Q_WEBHOOK_DONE,
		ARGS(A(p->id), A(w->now), A(c->reason), A(c->detail), A(c->messages),
			A(c->statuses), A(c->other), A(c->set_aside), A(c->duplicates)));

	return r < 0 || !c->reason || strcmp(c->reason, FAILED) != 0
		       ? r
		       : tell_failed(w, p->id, c->detail);
}

/* 1; 0 where somebody else was faster. */
static int read_events(struct work *w, void *arg)
{
	struct processing *p = arg;
	int64_t waits = 0;
	int r = store_get_int(w->tx, Q_WEBHOOK_WAITS, ARGS(A(p->id)), &waits);

	if (r < 0 || !waits)
		return r;
	p->w = w;
	p->failed_at = 0;
	p->counts = (struct webhook){ 0 };
	r = wa_body_visit(p->tree, &p->scratch, route_event, p);
	if (r >= 0)
		r = finish(w, p);
	return r < 0 ? r : 1;
}

struct failing {
	int64_t id;
	const char *reason, *detail;
};

static int write_failure(struct work *w, void *arg)
{
	const struct failing *f = arg;
	int r = store_put(
		w->tx, Q_WEBHOOK_FAIL, ARGS(A(f->id), A(w->now), A(f->reason), A(f->detail)));

	if (r > 0)
		r = tell_failed(w, f->id, f->detail);
	return r < 0 ? r : 1;
}

/* Begins anew without the event that broke off. */
static bool leave_out(struct processing *p)
{
	if (!p->failed_at || p->left_out_count == LEFT_OUT_MAX)
		return false;
	p->left_out[p->left_out_count++] = p->failed_at;
	if (!p->left_out_detail)
		p->left_out_detail = arena_strdup(&p->tree_arena, p->err->message);
	*p->err = (struct portal_error){ .arena = p->err->arena };
	return true;
}

static int process_tree(struct processing *p)
{
	struct failing failing = { .id = p->id, .reason = FAILED };
	int r;

	do
		r = work_write_async(p->portal, read_events, p, p->err);
	while (r < 0 && !p->portal->joined && leave_out(p));
	if (r >= 0 || !p->failed_at)
		return r;
	failing.detail = arena_strdup(&p->tree_arena, p->err->message);
	*p->err = (struct portal_error){ .arena = p->err->arena };
	return work_write(p->portal, write_failure, &failing, p->err);
}

/* 1: read, or failed for good; 0: somebody else did it. */
static int process_body(
	struct portal *portal, int64_t id, const char *body, struct portal_error *err)
{
	struct processing p = { .portal = portal,
		.id = id,
		.tree_arena.out_of_memory = portal->results.out_of_memory,
		.scratch.out_of_memory = portal->results.out_of_memory,
		.err = err };
	struct failing failing = { .id = id, .reason = "unreadable" };
	struct portal_error unreadable = { 0 };
	int r = wa_body_parse(&p.tree_arena, body, strlen(body), &p.tree, &unreadable);

	failing.detail = unreadable.message;
	if (r >= 0)
		r = process_tree(&p);
	else if (r == -PORTAL_INVALID_INPUT)
		r = work_write(portal, write_failure, &failing, err);
	else
		*err = unreadable;
	arena_release(&p.scratch);
	arena_release(&p.tree_arena);
	return r;
}

/* A body that waits, taken to be read; its text lives in @arena. */
struct taking {
	struct arena arena;
	int64_t id; /* 0: the next that waits for long enough */
	int64_t older_than_ms;
	int64_t attempts;
	const char *body;
};

static const struct portal_field taking_fields[] = {
	PORTAL_FIELD(struct taking, id, NULL),
	PORTAL_FIELD(struct taking, attempts, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record taking_record = { "webhook", sizeof(struct taking),
	taking_fields };

static const struct portal_field body_fields[] = {
	PORTAL_FIELD(struct taking, body, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record body_record = { "webhook", sizeof(struct taking), body_fields };

static int read_body(struct work *w, void *arg)
{
	struct taking *taking = arg;

	return store_get(
		w->tx, Q_WEBHOOK_BODY, ARGS(A(taking->id)), &taking->arena, &body_record, taking);
}

static int find_next(struct work *w, struct taking *taking)
{
	const portal_time received = { w->now.ms - taking->older_than_ms };
	const portal_time tried = { w->now.ms - READING_MS };

	return store_get(w->tx, Q_WEBHOOK_NEXT, ARGS(A(received), A(tried)), w->arena,
		&taking_record, taking);
}

static int look_for_next(struct work *w, void *arg)
{
	struct taking *taking = arg;

	return find_next(w, taking);
}

/* 1: taken; 0: there is none, @id 0, or one that has failed. */
static int take_next(struct work *w, void *arg)
{
	struct taking *taking = arg;
	int r;

	taking->id = 0;
	r = find_next(w, taking);
	if (r <= 0)
		return r;
	if (taking->attempts >= ATTEMPTS_MAX) {
		struct failing failing = { taking->id, "crashed", NULL };

		r = write_failure(w, &failing);
		return r < 0 ? r : 0;
	}
	r = store_put(w->tx, Q_WEBHOOK_TRY, ARGS(A(taking->id), A(w->now)));
	return r < 0 ? r : read_body(w, taking);
}

/* What can't be read now is left for later; only what the store itself can't do ends the
 * run. */
static int run_next(struct portal *portal, struct taking *taking, struct portal_error *err)
{
	int r = work_read(portal, look_for_next, taking, err);

	if (r <= 0)
		return r;
	r = work_write(portal, take_next, taking, err);
	if (r <= 0)
		return r < 0 ? r : taking->id != 0;
	r = process_body(portal, taking->id, taking->body, err);
	return r < 0 ? r : 1;
}

static int count_waiting(struct work *w, void *arg)
{
	return webhook_count_waiting(w, arg);
}

int webhook_run(struct portal *portal, int64_t older_than_ms, struct portal_error *err)
{
	int64_t waiting = 0;
	int done = 0, r = 1;

	if (portal->options.dry_run) {
		r = work_read(portal, count_waiting, &waiting, err);
		return r < 0 ? r : (int)waiting;
	}
	while (r > 0 && done < ONE_RUN_MAX) {
		struct taking taking = { .arena.out_of_memory = portal->results.out_of_memory,
			.older_than_ms = older_than_ms };

		r = run_next(portal, &taking, err);
		done += r > 0;
		arena_release(&taking.arena);
		portal_forget(portal);
	}
	return r < 0 ? r : done;
}

struct showing {
	int64_t id;
	struct webhook *ret;
};

static int show(struct work *w, void *arg)
{
	const struct showing *showing = arg;
	struct webhook webhook = { 0 };
	const int r = webhook_by_id(w, showing->id, &webhook);

	if (r > 0)
		WORK_GIVE(w, showing->ret, webhook);
	return r;
}

/* Those that were left behind come first; that one of them can't be read now must not keep
 * this one from being read. */
static int process_in_turn(struct portal *portal, struct taking *taking, struct portal_error *err)
{
	struct portal_error unheard = { 0 };
	int r;

	if (!portal->options.dry_run)
		webhook_run(portal, READING_MS, &unheard);
	r = work_read(portal, read_body, taking, err);
	return r > 0 ? process_body(portal, taking->id, taking->body, err) : r;
}

int webhook_process(
	struct portal *portal, int64_t id, struct webhook *ret_webhook, struct portal_error *err)
{
	struct taking taking = { .arena.out_of_memory = portal->results.out_of_memory, .id = id };
	struct showing showing = { id, ret_webhook };
	struct portal_error why = { .arena = err->arena };
	const int done = process_in_turn(portal, &taking, &why);
	int r;

	arena_release(&taking.arena);
	if (done < 0 && portal->joined) {
		*err = why;
		return done;
	}
	r = work_read(portal, show, &showing, err);
	if (r >= 0 && done < 0)
		ret_webhook->detail = arena_strdup(portal_arena(portal), why.message);
	return r < 0 ? r : done > 0;
}
