/* The only door to a database engine. Nothing outside lib/store knows which
 * one it is: SQLite now; the statements are written so that PostgreSQL can
 * take them too (lib/store/queries, checked by tests/lint).
 *
 * Every read and write happens inside a transaction, and a transaction is a
 * function: store_run() calls it, commits when it returns 0 or more, rolls
 * back otherwise. The handle that reads and writes exists only inside it. A
 * body prints nothing, sends nothing, takes time and randomness from its
 * argument, and may run again. (A READ body may print what a cursor yields;
 * it is then not run again.) */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <portal/error.h>
#include <portal/record.h>

#include "queries.inc" /* enum store_query: one name for every statement */

struct arena;
struct store;
struct store_tx;
struct store_rows;

/* @path: a file (never a URI). @wait_ms: how long to queue for other writers.
 * @bulk: a larger page cache for long work. @rehearse: store_migrate() only
 * tells what it would do. */
struct store_options {
	const char *path;
	int64_t wait_ms;
	bool bulk;
	bool rehearse;
};

enum store_mode {
	STORE_READ,
	STORE_WRITE,
};

/* Opens an existing portal database and checks what it is: application id,
 * schema version, file mode, file system. PORTAL_NO_PORTAL, NOT_A_PORTAL,
 * SCHEMA_OLD, SCHEMA_NEW, DAMAGED, READ_ONLY. */
int store_open(
	const struct store_options *options, struct store **ret_store, struct portal_error *err);

/* Makes a new database with the newest schema and runs @body in its first
 * transaction; the file appears under its name only when that has committed.
 * When it has not, what this made is gone again, and @undo removes what @body put
 * beside it, while the place is still locked. PORTAL_EXISTS when something is
 * there already. */
typedef int store_body(struct store_tx *tx, void *arg);
struct store_creation {
	store_body *body;
	void (*undo)(void *arg);
	void *arg;
};
int store_create(const struct store_options *options, struct store_creation *creation,
	struct portal_error *err);

/* The database file itself, where the path may be that of a link to it: all that belongs
 * to a portal lies beside this one, so that a second name finds the same lock, key and
 * kept files. store_file_of() looks without opening; the caller frees what it gives.
 * PORTAL_NO_PORTAL for a link that leads nowhere. */
const char *store_file(const struct store *store);
int store_file_of(const char *path, char **ret_file, struct portal_error *err);

void store_close(struct store *store);
void store_closep(struct store **store);
#define _cleanup_store_ __attribute__((cleanup(store_closep)))

/* Runs @body in one transaction. Returns what @body returned, or the failure
 * of the store. Writers queue on "<path>.lock"; PORTAL_BUSY when @wait_ms is over.
 *
 * STORE_COMMIT: what was written is on disk when this returns.
 * STORE_REHEARSE: it is rolled back in the end (dry run).
 * STORE_COMMIT_ASYNC: it is committed: everybody sees it, and it survives whatever
 * becomes of this process. A power cut may still undo it, and then all that was committed
 * so since some moment, never one without a later one. The next STORE_COMMIT of anybody
 * that writes something makes it last. (SQLite: synchronous=NORMAL. PostgreSQL: SET LOCAL
 * synchronous_commit = off, which is the same promise.) For what may be forgotten, because
 * what is found then is not taken for more than it says. */
enum store_end {
	STORE_COMMIT,
	STORE_REHEARSE,
	STORE_COMMIT_ASYNC,
};
int store_run(struct store *store, enum store_mode mode, enum store_end end, store_body *body,
	void *arg, struct portal_error *err);

/* Whoever stays asks whether the schema is still the one that store_open() found:
 * PORTAL_SCHEMA_NEW where a newer program has changed it since. */
int store_check_version(struct store *store, struct portal_error *err);

/* Shows all who have this database open that this store is there, under a number of its
 * own, until store_end_presence(), store_close() or the end of the process, however it
 * ends. False where the system can't do that. Never waits, and has nothing to do with
 * transactions. (PostgreSQL: an advisory lock of the session.) store_is_absent() is true
 * where it is certain that no other store shows this number. */
bool store_show_presence(struct store *store, int64_t number);
void store_end_presence(struct store *store, int64_t number);
bool store_is_absent(struct store *store, int64_t number);

/* Where the functions below report; they return the first failure again and
 * again until the run ends, so a body may check once after several calls. */
struct portal_error *store_error(struct store_tx *tx);

/* Reports into @err from now on; returns where it reported before. */
struct portal_error *store_report_to(struct store_tx *tx, struct portal_error *err);

/* Has the store itself failed in this run? Then nothing of it will stay. */
bool store_failed(const struct store_tx *tx);

/* Makes the whole run fail as @failure says: part of a change was written that
 * must not stay. Returns @code. */
int store_spoil(struct store_tx *tx, int code, const struct portal_error *failure);

/* Rows written in this run so far: a batch uses it to prove that a record
 * that failed had not begun to write. */
int64_t store_writes(const struct store_tx *tx);

/* Arguments of a statement: ARGS(A(id), A(email)). A() takes int64_t, text
 * (NULL is null), bool, portal_time and portal_id (0 is null); any other type
 * does not compile. Text must live until the call returns (rows: until they
 * are closed). */
struct store_value {
	char kind; /* i, t; n: null; 0: end */
	union {
		int64_t number;
		const char *text;
	};
};
static inline struct store_value store_int(int64_t n)
{
	return (struct store_value){ .kind = 'i', .number = n };
}
static inline struct store_value store_flag(bool flag)
{
	return store_int(flag);
}
static inline struct store_value store_text(const char *text)
{
	return (struct store_value){ .kind = text ? 't' : 'n', .text = text };
}
static inline struct store_value store_time(portal_time t)
{
	return (struct store_value){ .kind = t.ms ? 'i' : 'n', .number = t.ms };
}
static inline struct store_value store_id(portal_id id)
{
	return (struct store_value){ .kind = id.id ? 'i' : 'n', .number = id.id };
}
#define A(x) \
	_Generic((x), \
		const char *: store_text, \
		char *: store_text, \
		int64_t: store_int, \
		bool: store_flag, \
		portal_time: store_time, \
		portal_id: store_id)(x)
#define ARGS(...) ((const struct store_value[]){ __VA_ARGS__, { .kind = 0 } })
#define NO_ARGS ((const struct store_value[]){ { .kind = 0 } })

/* Runs a statement that gives at most one row and fills @ret_row by column
 * name through @record (columns that the record has not are a fault of the
 * program). Text is copied into @arena. 1: a row; 0: none. */
int store_get(struct store_tx *tx, enum store_query query, const struct store_value *args,
	struct arena *arena, const struct portal_record *record, void *ret_row);

/* The first column of the first row as a number; 0 rows leaves @ret alone. */
int store_get_int(
	struct store_tx *tx, enum store_query query, const struct store_value *args, int64_t *ret);

/* Runs a statement for its effect. Returns the rows affected (at most INT_MAX). */
int store_put(struct store_tx *tx, enum store_query query, const struct store_value *args);

/* Reads rows one by one into @row, whose text stays valid until the next call
 * of store_next(). One statement can be read by one cursor at a time. */
int store_rows(struct store_tx *tx, enum store_query query, const struct store_value *args,
	const struct portal_record *record, void *row, struct store_rows **ret_rows);
int store_next(struct store_rows *rows); /* 1: a row; 0: the end */

/* Of the row read last: its id (the first column of a list), and its column
 * "_key", which records leave out: what a sorted list goes on after. */
int64_t store_row_id(const struct store_rows *rows);
const char *store_row_key(const struct store_rows *rows);
void store_rows_close(struct store_rows **rows);
#define _cleanup_rows_ __attribute__((cleanup(store_rows_close)))

/* The schema version this program writes, and the one found in @store. */
int store_schema_version(void);
int store_version_found(const struct store *store);

/* Brings an older portal up to this program's schema, after a copy of it was
 * made beside it ("<path>.before-<N>-<time>.bak"). @ret_from is the version found. */
int store_migrate(const struct store_options *options, int *ret_from, const char **ret_backup,
	struct arena *arena, struct portal_error *err);

/* Looks the database over: integrity (all of it with @full, else a quick
 * look), foreign keys, file modes, library version. Each finding is given to
 * @finding as an English word and a sentence, which lives in @arena or until the call
 * returns. Returns the number of faults. */
typedef void store_finding(void *arg, const char *severity, const char *word, const char *detail);
int store_check(struct store *store, bool full, store_finding *finding, void *arg,
	struct arena *arena, struct portal_error *err);

/* For the tests of the statements: prepares @query and reports what the engine
 * knows of it, without running it. */
struct store_statement {
	const char *name, *sql, *in, *out;
	bool scans, sorts;
};
/* A '?' for each argument; i, t or '?' (an expression) for each column; a line
 * for each step of the plan, in the engine's words. */
struct store_probed {
	char in[64], out[64], plan[4096];
};
const struct store_statement *store_statement(enum store_query query);
int store_probe(struct store *store, enum store_query query, struct store_probed *ret_probed,
	struct portal_error *err);

#endif
