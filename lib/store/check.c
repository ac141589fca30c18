#include "store/sqlite.h"

#include <sys/stat.h>

#include <portal/arena.h>
#include "base/i18n.h"

/* The first SQLite whose WAL can't be reset under a running checkpoint. */
enum { SQLITE_WAL_RESET_FIXED = 3051003 };

struct looking {
	store_finding *finding;
	void *arg;
	struct arena *arena;
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

	if (stat(store->path, &st) < 0 || (st.st_mode & 077) == 0)
		return;
	report(look, "warning", "file_mode",
		arena_printf(look->arena, _("mode %03o lets others in; chmod 600"),
			(unsigned)(st.st_mode & 0777)));
}

static void look_at_library(struct looking *look)
{
	if (sqlite3_libversion_number() >= SQLITE_WAL_RESET_FIXED)
		return;
	report(look, "notice", "sqlite_version",
		arena_printf(look->arena,
			_("SQLite %s can damage a database that other programs write to meanwhile; "
			  "portalctl queues its own writers, so write with nothing else"),
			sqlite3_libversion()));
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

/* The schema as this program would make it today. */
static int open_model(sqlite3 **ret)
{
	int rc = sqlite3_open(":memory:", ret);

	for (int step = 0; rc == SQLITE_OK && step < store_schema_version(); step++)
		rc = sqlite3_exec(*ret, sqlite_schema[step], NULL, NULL, NULL);
	return rc;
}

/* Looks whether the database has the object that @model stands on: 0, or a failure. */
static int look_for_object(struct store *store, sqlite3_stmt *model, struct looking *look)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(store->db,
		"SELECT 1 FROM sqlite_schema WHERE type = ?1 AND name = ?2 AND sql = ?3", -1, &stmt,
		NULL);

	for (int i = 0; rc == SQLITE_OK && i < 3; i++)
		rc = sqlite3_bind_value(stmt, i + 1, sqlite3_column_value(model, i));
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	if (rc == SQLITE_DONE)
		report(look, "error", "schema",
			arena_printf(look->arena, _("the %s %s is missing, or another one"),
				(const char *)sqlite3_column_text(model, 0),
				(const char *)sqlite3_column_text(model, 1)));
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
}

/* Triggers keep what must not change, and nothing else tells that one is gone. The text of
 * a table is no help: SQLite writes it anew with every column. */
static int check_schema(struct store *store, struct looking *look, struct portal_error *err)
{
	sqlite3 *model = NULL;
	sqlite3_stmt *stmt = NULL;
	int rc = open_model(&model);

	if (rc == SQLITE_OK)
		rc = sqlite3_prepare_v2(model,
			"SELECT type, name, sql FROM sqlite_schema "
			"WHERE type IN ('trigger', 'index') AND sql IS NOT NULL ORDER BY name",
			-1, &stmt, NULL);
	while (rc == SQLITE_OK && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
		rc = look_for_object(store, stmt, look);
	sqlite3_finalize(stmt);
	sqlite3_close(model);
	return rc == SQLITE_DONE ? 0 : sqlite_fail(store, err, _("check the database"));
}

int store_check(struct store *store, bool full, store_finding *finding, void *arg,
	struct arena *arena, struct portal_error *err)
{
	struct looking look = { finding, arg, arena, 0 };
	int r = check_wal(store, &look, err);

	if (r == 0)
		r = each_text(store, full ? "PRAGMA integrity_check" : "PRAGMA quick_check", &look,
			"integrity", err);
	if (r == 0)
		r = each_text(store,
			"SELECT \"table\" || ' row ' || rowid FROM pragma_foreign_key_check", &look,
			"foreign_key", err);
	if (r == 0 && !look.faults)
		r = check_schema(store, &look, err);
	if (r < 0)
		return r;
	look_at_mode(store, &look);
	look_at_library(&look);
	return look.faults;
}
