#include <portal/db.h>

#include <unistd.h>

#include "base/i18n.h"
#include "file.h"
#include "policy.h"
#include "portal-private.h"

static const struct portal_word severities[] = {
	{ "error", N_("error") },
	{ "warning", N_("warning") },
	{ "notice", N_("notice") },
	{ NULL, NULL },
};

static const struct portal_field finding_fields[] = {
	PORTAL_FIELD(struct db_finding, severity, N_("SEVERITY"), .words = severities),
	PORTAL_FIELD(struct db_finding, finding, N_("FINDING")),
	PORTAL_FIELD(struct db_finding, detail, N_("DETAIL")),
	PORTAL_FIELDS_END,
};

const struct portal_record db_finding_record = { "db.finding", sizeof(struct db_finding),
	finding_fields };

static const struct portal_field migration_fields[] = {
	PORTAL_FIELD(struct db_migration, from_version, N_("FROM SCHEMA")),
	PORTAL_FIELD(struct db_migration, to_version, N_("TO SCHEMA")),
	PORTAL_FIELD(struct db_migration, backup, N_("COPY")),
	PORTAL_FIELDS_END,
};

const struct portal_record db_migration_record = { "db.migrate", sizeof(struct db_migration),
	migration_fields };

struct finding_call {
	struct portal *portal;
	bool full;
	portal_visit *visit;
	void *arg;
	const char *key_fault; /* NULL: the key is there and this portal's */
	enum portal_code key_code;
};

static void give_finding(void *arg, const char *severity, const char *word, const char *detail)
{
	const struct finding_call *call = arg;
	const struct db_finding finding = { severity, word, detail };

	call->visit(&finding, call->arg);
}

/* A restore that forgot the key, or took another portal's, shows here before a
 * change fails for it. */
static void look_at_key(struct work *w, struct finding_call *call)
{
	struct portal_error *outer = w->err;
	struct portal_error fault = { .arena = outer->arena };

	w->err = &fault;
	if (!work_seal(w))
		call->key_fault = arena_strdup(w->arena, fault.message);
	call->key_code = fault.code;
	w->err = outer;
}

static int look_body(struct work *w, void *arg)
{
	int64_t viewer;
	const int r = policy_need_list(w, "db.check", &viewer);

	if (r >= 0)
		look_at_key(w, arg);
	return r;
}

static bool key_is_there(struct finding_call *call)
{
	return access(arena_printf(
			      portal_arena(call->portal), "%s.key", portal_place(call->portal)),
		       F_OK) == 0;
}

/* The number of faults: a key that others may read is right nevertheless. */
static int give_key_fault(struct finding_call *call)
{
	if (!call->key_fault)
		return 0;
	if (call->key_code == PORTAL_DENIED) {
		give_finding(call, "warning", "key_mode", call->key_fault);
		return 0;
	}
	give_finding(
		call, "error", key_is_there(call) ? "key_wrong" : "key_missing", call->key_fault);
	return 1;
}

/* Of a database that is damaged itself nothing more is asked. */
static int check_files(struct finding_call *call, int faults, struct portal_error *err)
{
	return faults ? faults : file_check(call->portal, call->full, give_finding, call, err);
}

int db_check(
	struct portal *portal, bool full, portal_visit *visit, void *arg, struct portal_error *err)
{
	struct finding_call call = { .portal = portal, .full = full, .visit = visit, .arg = arg };
	int r = work_read(portal, look_body, &call, err);

	if (r >= 0)
		r = store_check(
			portal->store, full, give_finding, &call, portal_arena(portal), err);
	if (r >= 0)
		r += give_key_fault(&call);
	if (r >= 0)
		r = check_files(&call, r, err);
	if (r <= 0)
		return r;
	portal_fail(err, PORTAL_DAMAGED, _("'%s' is damaged"), portal->options.db);
	return portal_hint(err, _("stop writing to it and restore a backup"));
}

int db_migrate(const struct portal_options *options, struct arena *arena,
	struct db_migration *ret_migration, struct portal_error *err)
{
	const struct store_options store = {
		.path = options->db, .wait_ms = options->wait_ms, .rehearse = options->dry_run
	};
	const char *backup = NULL;
	int from = 0;
	int r;

	r = portal_need_operator(options, "db.migrate", err);
	if (r < 0)
		return r;
	r = store_migrate(&store, &from, &backup, arena, err);
	if (r < 0)
		return r;
	*ret_migration = (struct db_migration){ from, store_schema_version(), backup };
	return from < store_schema_version();
}
