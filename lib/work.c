#include "work.h"

#include <string.h>
#include <time.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/word.h"
#include "base/zone.h"
#include "portal-private.h"
#include "seal/seal.h"
#include "setting.h"
#include "target.h"

/* Companies may be named by tax id; so few digits are an id. */
enum { COMPANY_ID_DIGITS = 7 };

struct run {
	struct portal *portal;
	work_body *body;
	void *arg;
	struct portal_error *err;
	enum store_mode mode;
	enum store_end end;
};

portal_time portal_clock(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (portal_time){ (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 };
}

static portal_time clock_now(const struct portal *portal)
{
	return portal->options.now.ms ? portal->options.now : portal_clock();
}

portal_time portal_true_clock(const struct portal *portal)
{
	return portal->identity.allow_clock_override ? clock_now(portal) : portal_clock();
}

static int check_clock(const struct portal *portal, struct portal_error *err)
{
	if (portal->options.dry_run || !portal->options.now.ms ||
		portal->identity.allow_clock_override)
		return 0;
	portal_fail(err, PORTAL_CLOCK_DENIED,
		_("this portal does not let the clock be set for changes"));
	return portal_hint(err, _("leave out --now and PORTALCTL_NOW; only a portal made with "
				  "'init --allow-clock-override' takes them"));
}

/* One transaction: who and when first, then the work. */
static int run_body(struct store_tx *tx, void *arg)
{
	const struct run *run = arg;
	struct portal *portal = run->portal;
	struct work w = { .portal = portal,
		.tx = tx,
		.arena = &portal->results,
		.now = clock_now(portal),
		.actor = &portal->actor,
		.err = run->err };
	int r;

	portal->tail.known = false;
	portal->actor_known = false;
	memset(portal->first_made, 0, sizeof(portal->first_made));
	work_forget_settings(&w);
	r = portal_identify(portal, tx);
	if (r >= 0 && run->mode == STORE_WRITE)
		r = check_clock(portal, run->err);
	if (r >= 0)
		r = portal_find_actor(portal, &w);
	portal->actor_writes = store_writes(tx);
	return r < 0 ? r : run->body(&w, run->arg);
}

int work_will_write(const struct work *w)
{
	return check_clock(w->portal, w->err);
}

/* A denial is written at the true time: whoever was denied must not choose it. */
static int write_denials(struct store_tx *tx, void *arg)
{
	struct portal *portal = arg;
	struct work w = { .portal = portal,
		.tx = tx,
		.arena = &portal->results,
		.now = portal_true_clock(portal),
		.err = store_error(tx) };
	int r = 0;

	portal->tail.known = false;
	for (const struct denial *d = portal->denials; r >= 0 && d; d = d->next) {
		const struct actor actor = { .label = d->as, .as = d->as };

		w.actor = &actor;
		r = audit_add(&w, "denied", d->kind, d->id, CHANGES({ "action", NULL, d->action }));
	}
	return r;
}

/* The denial itself is what the user must hear of; that it could not be
 * recorded (a read-only disk) must not hide it. */
static void record_denials(struct portal *portal)
{
	struct portal_error unheard = { 0 };

	if (portal->denials)
		store_run(
			portal->store, STORE_WRITE, STORE_COMMIT, write_denials, portal, &unheard);
	portal->denials = portal->last_denial = NULL;
}

static int write_use(struct store_tx *tx, void *arg)
{
	const struct portal *portal = arg;

	return store_put(
		tx, Q_SESSION_USE, ARGS(A(portal->used_session_id), A(portal_true_clock(portal))));
}

/* As with denials: that a use could not be noted must not make a command fail. */
static void record_use(struct portal *portal)
{
	struct portal_error unheard = { 0 };

	if (portal->used_session_id && !portal->options.dry_run)
		store_run(portal->store, STORE_WRITE, STORE_COMMIT, write_use, portal, &unheard);
	portal->used_session_id = 0;
}

/* From now on it can't be said that nothing was changed. */
static void note_change(struct portal *portal)
{
	if (!portal->options.out_of_memory_after)
		return;
	portal->keep.out_of_memory = portal->options.out_of_memory_after;
	portal->results.out_of_memory = portal->options.out_of_memory_after;
}

static int run_alone(struct run *run)
{
	const enum store_end end = run->portal->options.dry_run ? STORE_REHEARSE : run->end;
	const int r = store_run(run->portal->store, run->mode, end, run_body, run, run->err);

	if (r >= 0 && run->mode == STORE_WRITE && end != STORE_REHEARSE)
		note_change(run->portal);
	record_denials(run->portal);
	record_use(run->portal);
	return r;
}

/* A record before this one may have taken the actor's rights away. */
static int renew_actor(struct work *w)
{
	struct portal *portal = w->portal;
	const int64_t writes = store_writes(w->tx);

	if (writes != portal->actor_writes)
		portal->actor_known = false;
	portal->actor_writes = writes;
	return portal_find_actor(portal, w);
}

/* A batch goes on after a record that failed, so a record that failed must not
 * have begun to write: that would be half a record. */
static int run_joined(struct portal *portal, work_body *body, void *arg, struct portal_error *err)
{
	struct work w = *portal->joined;
	struct portal_error *outer = store_report_to(w.tx, err);
	const int64_t writes = store_writes(w.tx);
	int r;

	w.err = err;
	r = renew_actor(&w);
	if (r >= 0)
		r = body(&w, arg);
	store_report_to(w.tx, outer);
	if (r < 0 && (store_failed(w.tx) || store_writes(w.tx) != writes))
		store_spoil(w.tx, r, err);
	return r;
}

static int run_work(struct run run)
{
	struct portal *portal = run.portal;
	const struct result outer = portal->result;
	int r;

	portal->result = (struct result){ NULL, NULL, 0 };
	r = portal->joined ? run_joined(portal, run.body, run.arg, run.err) : run_alone(&run);
	if (r >= 0 && portal->result.ret)
		memcpy(portal->result.ret, portal->result.value, portal->result.size);
	portal->result = outer;
	return r;
}

void work_give(struct work *w, void *ret, const void *value, size_t size)
{
	void *kept = arena_alloc(w->arena, size);

	memcpy(kept, value, size);
	w->portal->result = (struct result){ ret, kept, size };
}

int work_read(struct portal *portal, work_body *body, void *arg, struct portal_error *err)
{
	return run_work((struct run){ portal, body, arg, err, STORE_READ, STORE_COMMIT });
}

int work_write(struct portal *portal, work_body *body, void *arg, struct portal_error *err)
{
	return run_work((struct run){ portal, body, arg, err, STORE_WRITE, STORE_COMMIT });
}

int work_write_async(struct portal *portal, work_body *body, void *arg, struct portal_error *err)
{
	return run_work((struct run){ portal, body, arg, err, STORE_WRITE, STORE_COMMIT_ASYNC });
}

int work_in_chunks(
	struct portal *portal, work_body *look, work_body *chunk, struct portal_error *err)
{
	int done = 0, r = work_read(portal, look, NULL, err);

	while (r > 0) {
		r = work_write(portal, chunk, NULL, err);
		done += r > 0 ? r : 0;
		if (portal->options.dry_run)
			break;
		portal_forget(portal);
	}
	return r < 0 ? r : done;
}

struct transact {
	int (*body)(void *arg);
	void *arg;
};

int work_together(struct work *w, int (*body)(void *arg), void *arg)
{
	struct work *before = w->portal->joined;
	int r;

	w->portal->joined = w;
	r = body(arg);
	w->portal->joined = before;
	return r;
}

static int transact_body(struct work *w, void *arg)
{
	const struct transact *transact = arg;

	return work_together(w, transact->body, transact->arg);
}

int portal_transact(
	struct portal *portal, int (*body)(void *arg), void *arg, struct portal_error *err)
{
	struct transact transact = { body, arg };

	return work_write(portal, transact_body, &transact, err);
}

void work_note_made(struct work *w, enum work_made what, int64_t id)
{
	int64_t *first = &w->portal->first_made[what];

	*first = *first ? *first : id;
}

/* Ids rise, and nobody else writes meanwhile. */
int64_t work_shown_id(const struct work *w, enum work_made what, int64_t id)
{
	const int64_t first = w->portal->first_made[what];

	return w->portal->options.dry_run && first && id >= first ? 0 : id;
}

int64_t work_office_id(const struct work *w)
{
	return w->portal->identity.office_id;
}

const char *work_office_name(const struct work *w)
{
	return w->portal->identity.office_name;
}

void work_forget_settings(struct work *w)
{
	w->portal->language_known = w->portal->zone_known = false;
}

/* Keeps a setting until the close, once for each value it had. 1: it is another. */
static int keep_setting(struct work *w, const char *key, const char **kept)
{
	const char *value = setting_value(w, key);

	if (*kept && !strcmp(*kept, value))
		return 0;
	*kept = arena_strdup(&w->portal->keep, value);
	return 1;
}

const char *work_language(struct work *w)
{
	struct portal *portal = w->portal;

	if (!portal->language_known)
		keep_setting(w, "language", &portal->language);
	portal->language_known = true;
	return portal->language;
}

/* It was checked when it was set: since then another program wrote it, or the system
 * has lost the zone. No argument of the user's is wrong. */
static void tell_stored_zone(struct work *w)
{
	portal_fail(w->err, PORTAL_DAMAGED,
		_("the setting 'time_zone' of this portal is '%s', which this system does not "
		  "know"),
		w->portal->zone_name);
	portal_hint(w->err, "portalctl config set time_zone America/Sao_Paulo");
}

const struct zone *work_zone(struct work *w)
{
	struct portal *portal = w->portal;

	if (!portal->zone_known && keep_setting(w, "time_zone", &portal->zone_name))
		portal->zone = NULL;
	if (!portal->zone && zone_load(&portal->keep, portal->options.zone_directory,
				     portal->zone_name, &portal->zone, w->err) < 0)
		tell_stored_zone(w);
	portal->zone_known = portal->zone != NULL;
	return portal->zone;
}

static char *key_path(struct portal *portal)
{
	return arena_printf(&portal->keep, "%s.key", portal_place(portal));
}

static int key_check(
	struct seal *seal, char ret[static 2 * SEAL_SIZE + 1], struct portal_error *err)
{
	const struct seal_part use = seal_text("portal");
	unsigned char digest[SEAL_SIZE];
	const int r = seal_hmac(seal, &use, 1, digest, err);

	if (r >= 0)
		seal_hex(digest, sizeof(digest), ret);
	return r;
}

/* A portal that is being made has nothing to compare with yet. */
static int compare_key(struct work *w, struct seal *seal)
{
	const struct portal *portal = w->portal;
	char found[2 * SEAL_SIZE + 1];
	int r;

	if (!portal->identified)
		return 0;
	r = key_check(seal, found, w->err);
	if (r < 0 || !strcmp(found, portal->identity.key_check))
		return r;
	portal_fail(w->err, PORTAL_DAMAGED, _("the key '%s.key' belongs to another portal"),
		portal_place(portal));
	return portal_hint(w->err, _("put back the key that was kept together with this database"));
}

static int load_key(struct work *w, struct seal *seal)
{
	unsigned char key[SEAL_SIZE];
	int r = seal_key_read(key_path(w->portal), key, w->err);

	if (r >= 0)
		r = seal_set_key(seal, key, w->err);
	seal_wipe(key, sizeof(key));
	return r < 0 ? r : compare_key(w, seal);
}

struct seal *work_seal(struct work *w)
{
	struct portal *portal = w->portal;
	struct seal *seal = NULL;

	if (portal->seal)
		return portal->seal;
	if (seal_open(&seal, w->err) < 0)
		return NULL;
	if (load_key(w, seal) < 0) {
		seal_close(seal);
		return NULL;
	}
	portal->seal = seal;
	return seal;
}

const char *work_key_check(struct work *w)
{
	struct seal *seal = work_seal(w);
	char check[2 * SEAL_SIZE + 1];

	return seal && key_check(seal, check, w->err) >= 0 ? arena_strdup(w->arena, check) : NULL;
}

/* Random bytes come in pages: a system call a record would cost more than the
 * record in a bulk import. */
const char *work_random_hex(struct work *w, size_t len)
{
	struct portal *portal = w->portal;
	char *hex = arena_alloc(w->arena, 2 * len + 1);

	if (portal->random_left < len) {
		if (seal_random(portal->random, sizeof(portal->random), w->err) < 0)
			return NULL;
		portal->random_left = sizeof(portal->random);
	}
	portal->random_left -= len;
	seal_hex(portal->random + portal->random_left, len, hex);
	memset(portal->random + portal->random_left, 0, len);
	return hex;
}

/* The nouns that records are told by: all that audit rows, notifications and the causes
 * of messages name. */
static const struct portal_word nouns[] = {
	{ "company", N_("company") },
	{ "request", N_("connection request") },
	{ "invite", N_("invite") },
	{ "connection", N_("connection") },
	{ "user", N_("user") },
	{ "contact", N_("contact") },
	{ "group", N_("group") },
	{ "answer", N_("answer") },
	{ "category", N_("category") },
	{ "filter", N_("filter") },
	{ "session", N_("session") },
	{ "document", N_("document") },
	{ "notification", N_("notification") },
	{ "outbox", N_("message") },
	{ "sale", N_("sale") },
	{ "ticket", N_("ticket") },
	{ "conversation", N_("conversation") },
	{ "project", N_("project") },
	{ "task", N_("task") },
	{ "recurrence", N_("recurring task") },
	{ "process", N_("process") },
	{ "process.template", N_("process template") },
	{ "webhook", N_("web hook") },
	{ NULL, NULL },
};

bool work_knows_kind(const char *kind)
{
	return portal_word_known(nouns, kind);
}

int work_not_found(struct work *w, const char *kind, const char *named)
{
	const bool by_tax_id = !strcmp(kind, "company") || !strcmp(kind, "group");
	int64_t id;

	portal_fail(w->err, PORTAL_NOT_FOUND, _("there is no %s '%s'"),
		portal_word_text(nouns, kind), named);
	if ((!by_tax_id || strlen(named) <= COMPANY_ID_DIGITS) && target_id(named, &id))
		return portal_about(w->err, kind, id);
	return -(int)w->err->code;
}

int work_no_choice(
	struct work *w, const struct portal_word *words, const char *given, const char *field)
{
	return word_no_choice(w->arena, words, given, field, w->err);
}

void work_progress(struct portal *portal, int64_t done, int64_t whole)
{
	if (portal->options.progress)
		portal->options.progress(portal->options.progress_arg, done, whole);
}
