#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <portal/arena.h>
#include "base/durable.h"
#include "base/i18n.h"

const char *const sqlite_schema[] = {
#include "schema.inc"
};

enum { SCHEMA_STEPS = sizeof(sqlite_schema) / sizeof(*sqlite_schema) };

int store_schema_version(void)
{
	return SCHEMA_STEPS;
}

static int set_version(struct store *store, int version, struct portal_error *err)
{
	char sql[48];

	snprintf(sql, sizeof(sql), "PRAGMA user_version=%d", version);
	return sqlite_exec(store, sql, _("record the schema version"), err);
}

static int apply_steps(struct store *store, int from, struct portal_error *err)
{
	for (int step = from; step < SCHEMA_STEPS; step++) {
		const int r = sqlite_exec(store, sqlite_schema[step], _("change the schema"), err);

		if (r < 0)
			return r;
	}
	return set_version(store, SCHEMA_STEPS, err);
}

/* Turns an errno of making @path safe into ours. */
static int written(int number, const char *path, struct portal_error *err)
{
	if (number == 0)
		return 0;
	return portal_fail(err, number == ENOSPC ? PORTAL_NO_SPACE : PORTAL_FAILURE,
		_("cannot write '%s': %s"), path, strerror(number));
}

static int create_body(struct store_tx *tx, void *arg)
{
	const struct store_creation *creation = arg;
	int r = apply_steps(tx->store, 0, tx->err);

	return r < 0 ? r : creation->body(tx, creation->arg);
}

/* WAL must be set outside a transaction, before anything else is written. */
static int fill_new(struct store *store, struct store_creation *creation, struct portal_error *err)
{
	char id[48];
	int r;

	snprintf(id, sizeof(id), "PRAGMA application_id=%d", STORE_APPLICATION_ID);
	r = sqlite_exec(store, "PRAGMA journal_mode=WAL", _("write to the database"), err);
	if (r == 0)
		r = sqlite_exec(store, id, _("write to the database"), err);
	if (r < 0)
		return r;
	return store_run(store, STORE_WRITE, STORE_COMMIT, create_body, creation, err);
}

/* Everything has to be in the file itself: its log stays behind when it is moved. */
static int empty_log(struct store *store, struct portal_error *err)
{
	const int rc = sqlite3_wal_checkpoint_v2(
		store->db, "main", SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

	return rc == SQLITE_OK ? 0 : sqlite_fail(store, err, _("write to the database"));
}

static int move_into_place(const char *from, const char *to, struct portal_error *err)
{
	int r = written(durable_data(from), from, err);

	if (r < 0)
		return r;
	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) < 0)
		return portal_fail(err, errno == EEXIST ? PORTAL_EXISTS : PORTAL_FAILURE,
			_("cannot make '%s': %s"), to, strerror(errno));
	r = written(durable_name(to), to, err);
	if (r < 0)
		unlink(to);
	return r;
}

static void remove_leftovers(const char *path)
{
	static const char *const endings[] = { "", "-wal", "-shm", "-journal" };
	char name[4096 + 16];

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		snprintf(name, sizeof(name), "%s%s", path, endings[i]);
		unlink(name);
	}
}

static int make_fresh(const char *fresh, const struct store_options *options,
	struct store_creation *creation, struct portal_error *err)
{
	const struct store_options there = { .path = fresh, .wait_ms = options->wait_ms };
	struct store *store;
	int r = sqlite_connect(
		&there, NULL, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, &store, err);

	if (r < 0)
		return r;
	r = fill_new(store, creation, err);
	if (r >= 0)
		r = empty_log(store, err);
	store_close(store);
	return r;
}

/* The new file is made beside its place, under the lock of that place, so a
 * second 'init' at the same time waits, and a leftover of one that was killed
 * is nobody's. */
static int create_locked(const struct store_options *options, struct store_creation *creation,
	struct portal_error *err)
{
	const char *path = options->path;
	char fresh[4096 + 16];
	int r;

	if (access(path, F_OK) == 0)
		return portal_fail(
			err, PORTAL_EXISTS, _("there is something at '%s' already"), path);
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	remove_leftovers(fresh);
	r = make_fresh(fresh, options, creation, err);
	if (r >= 0)
		r = move_into_place(fresh, path, err);
	remove_leftovers(fresh);
	snprintf(fresh, sizeof(fresh), "%s.new.lock", path);
	unlink(fresh);
	if (r < 0)
		creation->undo(creation->arg);
	return r;
}

/* Another 'init' that failed may have removed the lock file while this one
 * waited for it: then it locks nobody out. 1: it is the one of the name. */
static int lock_is_named(const struct store *place, const char *name)
{
	struct stat held, named;

	return fstat(place->lock_fd, &held) == 0 && stat(name, &named) == 0 &&
	       held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

static int lock_place(struct store *place, const char *lock, struct portal_error *err)
{
	int r = store_lock(place, err);

	while (r == 0 && !lock_is_named(place, lock)) {
		close(place->lock_fd);
		place->lock_fd = -1;
		r = store_lock(place, err);
	}
	return r;
}

/* The lock file goes too, if it was made for a portal that did not come about:
 * whoever waits for it looks whether it is still there. Only whoever holds the lock
 * may remove it. */
static int create_at(struct store *place, const struct store_options *options,
	struct store_creation *creation, struct portal_error *err)
{
	char lock[4096 + 16];
	int r;

	snprintf(lock, sizeof(lock), "%s.lock", options->path);
	r = lock_place(place, lock, err);
	if (r < 0)
		return r;
	r = create_locked(options, creation, err);
	if (r < 0 && place->made_lock && access(options->path, F_OK) < 0)
		unlink(lock);
	return r;
}

int store_create(const struct store_options *options, struct store_creation *creation,
	struct portal_error *err)
{
	struct store place = {
		.path = strdup(options->path), .lock_fd = -1, .wait_ms = options->wait_ms
	};
	int r;

	if (!place.path)
		return portal_fail(err, PORTAL_NO_MEMORY, _("out of memory"));
	r = store_file_of(options->path, &place.file, err);
	if (r == 0)
		r = create_at(&place, options, creation, err);
	if (place.lock_fd >= 0)
		close(place.lock_fd);
	free(place.path);
	free(place.file);
	return r;
}

static int vacuum_into(struct store *store, const char *path, struct portal_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(store->db, "VACUUM INTO ?1", -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(stmt, 1, path, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	sqlite3_finalize(stmt);
	if (rc != SQLITE_DONE)
		return sqlite_fail(store, err, _("copy the database before changing it"));
	return 0;
}

/* The copy has its name only when it is whole; one that was left half made by a
 * process that was killed is made anew. */
static int copy_first(struct store *store, const char *backup, struct portal_error *err)
{
	char fresh[4096 + 16];
	int r;

	snprintf(fresh, sizeof(fresh), "%s.bak.new", store->file);
	remove_leftovers(fresh);
	r = vacuum_into(store, fresh, err);
	if (r == 0)
		r = written(durable_data(fresh), fresh, err);
	if (r == 0)
		r = written(rename(fresh, backup) < 0 ? errno : durable_name(backup), backup, err);
	if (r < 0)
		remove_leftovers(fresh);
	return r;
}

static int change_schema(struct store *store, int from, struct portal_error *err)
{
	int r = sqlite_exec(store, "BEGIN EXCLUSIVE", _("change the schema"), err);

	if (r == 0)
		r = apply_steps(store, from, err);
	if (r == 0)
		r = sqlite_exec(store, "COMMIT", _("change the schema"), err);
	if (r < 0 && !sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return r;
}

/* Under the writer's lock: the version is read again, since another process
 * may have migrated while this one waited. */
static int migrate_locked(
	struct store *store, const char *backup, int *ret_from, struct portal_error *err)
{
	int64_t found = 0;
	int r = sqlite_number(store, "PRAGMA user_version", &found, err);

	*ret_from = (int)found;
	if (r < 0 || found == SCHEMA_STEPS)
		return r;
	if (found > SCHEMA_STEPS)
		return sqlite_newer(store, (int)found, err);
	if (!backup)
		return 0;
	r = copy_first(store, backup, err);
	if (r == 0)
		r = change_schema(store, (int)found, err);
	if (r < 0)
		unlink(backup);
	return r;
}

static char *backup_name(struct store *store, struct arena *arena)
{
	return arena_printf(
		arena, "%s.before-%d-%lld.bak", store->file, SCHEMA_STEPS, (long long)time(NULL));
}

int store_migrate(const struct store_options *options, int *ret_from, const char **ret_backup,
	struct arena *arena, struct portal_error *err)
{
	_cleanup_store_ struct store *store = NULL;
	char *backup;
	int r = sqlite_file_check(options->path, err);

	if (r < 0)
		return r;
	r = sqlite_connect(options, NULL, SQLITE_OPEN_READWRITE, &store, err);
	if (r < 0)
		return r;
	backup = options->rehearse ? NULL : backup_name(store, arena);
	r = store_lock(store, err);
	if (r == 0)
		r = migrate_locked(store, backup, ret_from, err);
	store_unlock(store);
	*ret_backup = r == 0 && *ret_from < SCHEMA_STEPS ? backup : NULL;
	return r;
}
