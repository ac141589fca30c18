/* What the files of the SQLite engine share. Private to lib/store. */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include <sqlite3.h>
#include <time.h>

#include "store/store.h"

enum {
	STORE_APPLICATION_ID = 0x50634c31, /* "PcL1" */
	STORE_COLUMNS_MAX = 48,
};

/* A prepared statement and, for the record it was last read through, which
 * field each column fills. @gives_new_id: it ends in "RETURNING id". */
struct store_rows {
	sqlite3_stmt *stmt;
	struct store_tx *tx;
	const struct portal_record *record;
	void *row;
	short column_field[STORE_COLUMNS_MAX];
	bool open, gives_new_id;
};

struct store_tx {
	struct store *store;
	struct portal_error *err;
	int failed;
	int64_t writes;
};

/* What begins and ends a transaction. */
enum sqlite_step { SQLITE_STEP_READ, SQLITE_STEP_WRITE, SQLITE_STEP_COMMIT, SQLITE_STEPS };

struct store {
	sqlite3 *db;
	sqlite3_stmt *steps[SQLITE_STEPS];
	char *path; /* as it was given: for messages */
	char *file; /* what that names: other files lie beside this one */
	int64_t wait_ms;
	int lock_fd, presence_fd;
	int version;
	bool frozen; /* read as a file that nobody changes; it was as old as this: */
	struct timespec frozen_at;
	bool query_only, reading, has_written, async, read_only_file, in_run, had_lock;
	bool made_lock; /* the lock file was not there before */
	struct store_tx tx;
	struct store_rows statements[STORE_QUERY_COUNT];
};

/* Turns the engine's last failure into ours; @doing completes "cannot …". */
int sqlite_fail(struct store *store, struct portal_error *err, const char *doing);
int sqlite_code_fail(struct store *store, int rc, struct portal_error *err, const char *doing);

/* Refuses a database whose schema @found this program does not know. */
int sqlite_newer(struct store *store, int found, struct portal_error *err);

/* Runs SQL that takes nothing and gives nothing. */
int sqlite_exec(struct store *store, const char *sql, const char *doing, struct portal_error *err);

/* One number by a PRAGMA or other statement. */
int sqlite_number(struct store *store, const char *sql, int64_t *ret, struct portal_error *err);

/* Opens and configures a connection to the file that @options names, which the engine is
 * given as @uri (NULL: by its path), without looking at what it is. Takes over nothing on
 * failure. */
int sqlite_connect(const struct store_options *options, const char *uri, int flags,
	struct store **ret_store, struct portal_error *err);

/* Opens a database of which neither file nor directory can be written, where its
 * log holds nothing that the file has not: as one that does not change. Else fails
 * with what @err holds already. */
int sqlite_connect_frozen(
	const struct store_options *options, struct store **ret_store, struct portal_error *err);

/* PORTAL_BUSY where such a file has changed nevertheless: what was read of it may
 * be wrong. */
int sqlite_still_frozen(const struct store *store, struct portal_error *err);

/* Is there something at @path or beside it that this user may not write? */
bool sqlite_is_blocked(const char *path);

/* PORTAL_READ_ONLY, with the file or directory to blame and what to do. */
int sqlite_cannot_write(struct store *store, struct portal_error *err, const char *doing);

/* The steps of the schema, oldest first. */
extern const char *const sqlite_schema[];

/* Is the file at @path one that may be opened as a portal? Looks at its kind
 * and header without the engine. */
int sqlite_file_check(const char *path, struct portal_error *err);

/* The writer's lock: a queue on "<path>.lock". */
int store_lock(struct store *store, struct portal_error *err);
void store_unlock(struct store *store);

#endif
