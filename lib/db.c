#include <portal/db.h>

#include "base/i18n.h"
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
	bool full;
	portal_visit *visit;
	void *arg;
};

static void give_finding(void *arg, const char *severity, const char *word, const char *detail)
{
	const struct finding_call *call = arg;
	const struct db_finding finding = { severity, word, detail };

	call->visit(&finding, call->arg);
}

static int may_check(struct work *w, void *arg)
{
	int64_t viewer;

	(void)arg;
	return policy_need_list(w, "db.check", &viewer);
}

int db_check(
	struct portal *portal, bool full, portal_visit *visit, void *arg, struct portal_error *err)
{
	struct finding_call call = { full, visit, arg };
	int r = work_read(portal, may_check, NULL, err);

	if (r >= 0)
		r = store_check(portal->store, full, give_finding, &call, err);
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

	if (options->acting_as)
		return portal_fail(err, PORTAL_DENIED, _("'%s' may not do this (%s)"),
			options->acting_as, "db.migrate");
	r = store_migrate(&store, &from, &backup, arena, err);
	if (r < 0)
		return r;
	*ret_migration = (struct db_migration){ from, store_schema_version(), backup };
	return from < store_schema_version();
}
