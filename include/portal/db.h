/* The database itself: looking it over, bringing it up to date. Both are for the
 * operator, who owns the file. */
#ifndef PORTAL_DB_H
#define PORTAL_DB_H

#include <portal/portal.h>

/* One thing that was found.
 *
 * @severity: "error" (something is wrong), "warning" (something may go wrong) or
 *   "notice".
 * @finding: what was looked at, one word ("integrity", "file_mode").
 * @detail: a sentence in English, from the engine where it has one. */
struct db_finding {
	const char *severity;
	const char *finding;
	const char *detail;
};
extern const struct portal_record db_finding_record;

/* Looks the database over: pages and indexes (all values too with @full), references, WAL
 * mode, file modes, the portal's key ("key_missing", "key_wrong", "key_mode"), the
 * version of the library, and where all that was right, the kept files of S8: that they
 * are there and of their size ("file_missing", "file_changed"), with @full that no byte
 * changed. Gives each finding to @visit with @arg. PORTAL_DAMAGED when there was an error
 * among them; warnings and notices are no failure. Changes nothing. */
int db_check(
	struct portal *portal, bool full, portal_visit *visit, void *arg, struct portal_error *err);

/* What a migration did.
 *
 * @from_version: the schema it found.
 * @to_version: the schema there is now; the same where nothing was to do.
 * @backup: path of the copy made before; NULL where nothing was to do. */
struct db_migration {
	int64_t from_version;
	int64_t to_version;
	const char *backup;
};
extern const struct portal_record db_migration_record;

/* Brings an older portal up to this program's schema, after copying it. 1: done;
 * 0: it was up to date. PORTAL_SCHEMA_NEW. Texts live in @arena. With
 * options->dry_run it only tells what it would do. */
int db_migrate(const struct portal_options *options, struct arena *arena,
	struct db_migration *ret_migration, struct portal_error *err);

#endif
