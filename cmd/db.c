/* portalctl db ... */
#include <portal/db.h>

#include "cli/cli.h"
#include "cli/text.h"

struct check_args {
	bool full;
};

static int check_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	const struct check_args *args = raw;

	return db_check(portal, args->full, listing_row, listing, err);
}

static int migrate_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct db_migration migration;
	const int r = db_migrate(reply_options(reply), reply_arena(reply), &migration, err);

	(void)portal;
	(void)raw;
	if (r < 0)
		return r;
	reply_changed(reply, &db_migration_record, &migration, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	if (r)
		reply_say(reply, _("schema %lld brought to %lld; copy of before: '%s'"),
			(long long)migration.from_version, (long long)migration.to_version,
			migration.backup ? migration.backup : "-");
	else
		reply_say(reply, _("schema %lld is up to date"), (long long)migration.to_version);
	return 0;
}

static const struct command check = {
	.noun = "db",
	.verb = "check",
	.summary = N_("Look the database over for damage"),
	.permission = "db.check",
	.needs = NEEDS_READ,
	.flags = COMMAND_CHECKS,
	.args_size = sizeof(struct check_args),
	.options =
		(const struct arg[]){
			OPTION(struct check_args, full, .name = "full",
				.help = N_("compare every index with its table, too")),
			END_OF_LIST,
		},
	.prints = &db_finding_record,
	.examples =
		(const struct example[]){
			{ "portalctl db check --full", N_("from cron once a night") },
			{ NULL },
		},
	.list = check_run,
};

static const struct command migrate = {
	.noun = "db",
	.verb = "migrate",
	.summary = N_("Bring an older portal up to this program's schema"),
	.action = "migrated",
	.permission = "db.migrate",
	.needs = NEEDS_NOTHING,
	.prints = &db_migration_record,
	.examples =
		(const struct example[]){
			{ "portalctl db migrate", N_("does nothing where nothing is to do") },
			{ NULL },
		},
	.run = migrate_run,
};

const struct noun noun_db = {
	.name = "db",
	.summary = N_("The database itself"),
	.verbs = (const struct command *const[]){ &check, &migrate, NULL },
};
