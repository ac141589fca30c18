#include "store/sqlite.h"

#include <stdio.h>
#include <sys/stat.h>

#include "base/i18n.h"

/* The first SQLite whose WAL can't be reset under a running checkpoint. */
enum { SQLITE_WAL_RESET_FIXED = 3051003 };

struct looking {
	store_finding *finding;
	void *arg;
	int faults;
};

static void report(struct looking *look, const char *severity, const char *word, const char *detail)
{
	if (severity[0] == 'e')
		look->faults++;
	look->finding(look->arg, severity, word, detail);
}

static int each_text(struct store *store, const char *sql, struct looking *look, const char *word,
	struct portal_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);

	while (rc == SQLITE_OK || rc == SQLITE_ROW) {
		const char *text;

		rc = sqlite3_step(stmt);
		text = rc == SQLITE_ROW ? (const char *)sqlite3_column_text(stmt, 0) : "ok";
		if (text && sqlite3_stricmp(text, "ok") != 0)
			report(look, "error", word, text);
	}
	sqlite3_finalize(stmt);
	if (rc == SQLITE_DONE)
		return 0;
	if ((rc & 0xff) != SQLITE_CORRUPT)
		return sqlite_fail(store, err, _("check the database"));
	report(look, "error", word, sqlite3_errmsg(store->db));
	return 0;
}

static void look_at_mode(struct store *store, struct looking *look)
{
	struct stat st;
	char text[64];

	if (stat(store->path, &st) < 0 || (st.st_mode & 077) == 0)
		return;
	snprintf(text, sizeof(text), _("mode %03o lets others in; chmod 600"),
		(unsigned)(st.st_mode & 0777));
	report(look, "warning", "file_mode", text);
}

static void look_at_library(struct looking *look)
{
	char text[160];

	if (sqlite3_libversion_number() >= SQLITE_WAL_RESET_FIXED)
		return;
	snprintf(text, sizeof(text),
		_("SQLite %s can damage a database that other programs write to meanwhile; "
		  "portalctl queues its own writers, so write with nothing else"),
		sqlite3_libversion());
	report(look, "notice", "sqlite_version", text);
}

static int check_wal(struct store *store, struct looking *look, struct portal_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc;

	/* SQLite reads a file that does not change without its log, and calls it "off". */
	if (store->frozen)
		return 0;
	rc = sqlite3_prepare_v2(store->db, "PRAGMA journal_mode", -1, &stmt, NULL);

	if (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW &&
		sqlite3_stricmp((const char *)sqlite3_column_text(stmt, 0), "wal") != 0)
		report(look, "error", "journal_mode",
			_("the database is not in WAL mode; restore a backup made by portalctl"));
	sqlite3_finalize(stmt);
	return rc == SQLITE_OK ? 0 : sqlite_fail(store, err, _("check the database"));
}

int store_check(
	struct store *store, bool full, store_finding *finding, void *arg, struct portal_error *err)
{
	struct looking look = { finding, arg, 0 };
	int r = check_wal(store, &look, err);

	if (r == 0)
		r = each_text(store, full ? "PRAGMA integrity_check" : "PRAGMA quick_check", &look,
			"integrity", err);
	if (r == 0)
		r = each_text(store,
			"SELECT \"table\" || ' row ' || rowid FROM pragma_foreign_key_check", &look,
			"foreign_key", err);
	if (r < 0)
		return r;
	look_at_mode(store, &look);
	look_at_library(&look);
	return look.faults;
}
