#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/i18n.h"

static enum portal_code code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return PORTAL_BUSY;
	case SQLITE_FULL:
		return PORTAL_NO_SPACE;
	case SQLITE_READONLY:
		return PORTAL_READ_ONLY;
	case SQLITE_CORRUPT:
		return PORTAL_DAMAGED;
	case SQLITE_NOTADB:
		return PORTAL_NOT_A_PORTAL;
	case SQLITE_NOMEM:
		return PORTAL_NO_MEMORY;
	case SQLITE_CONSTRAINT:
		return rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY
			       ? PORTAL_EXISTS
			       : PORTAL_INVALID;
	default:
		return PORTAL_FAILURE;
	}
}

int sqlite_code_fail(struct store *store, int rc, struct portal_error *err, const char *doing)
{
	const enum portal_code code = code_of(rc);
	const int saved = sqlite3_system_errno(store->db);

	if (code == PORTAL_FAILURE && (saved == ENOSPC || saved == EDQUOT))
		return portal_fail(err, PORTAL_NO_SPACE, _("cannot %s: no space left"), doing);
	if (code == PORTAL_NO_SPACE)
		return portal_fail(err, code, _("cannot %s: no space left"), doing);
	if (code == PORTAL_READ_ONLY ||
		((rc & 0xff) == SQLITE_CANTOPEN && sqlite_is_blocked(store->file)))
		return sqlite_cannot_write(store, err, doing);
	if (code == PORTAL_NOT_A_PORTAL)
		return portal_fail(err, code, _("'%s' is not a portal database"), store->path);
	portal_fail(err, code, _("cannot %s: %s"), doing, sqlite3_errmsg(store->db));
	if (code == PORTAL_DAMAGED)
		return portal_hint(err, _("look with 'portalctl db check', and restore a backup"));
	if (code == PORTAL_BUSY)
		return portal_hint(err, _("try again, or wait longer with --wait"));
	return -(int)code;
}

int sqlite_fail(struct store *store, struct portal_error *err, const char *doing)
{
	return sqlite_code_fail(store, sqlite3_extended_errcode(store->db), err, doing);
}

int sqlite_exec(struct store *store, const char *sql, const char *doing, struct portal_error *err)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return sqlite_fail(store, err, doing);
	return 0;
}

int sqlite_number(struct store *store, const char *sql, int64_t *ret, struct portal_error *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(store->db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int64(stmt, 0);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
		const int r = sqlite_fail(store, err, _("read the database"));

		sqlite3_finalize(stmt);
		return r;
	}
	sqlite3_finalize(stmt);
	return 0;
}

static int is_network_disk(int fd)
{
	static const unsigned long remote[] = { NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, CIFS_SUPER_MAGIC,
		SMB2_SUPER_MAGIC, V9FS_MAGIC, FUSE_SUPER_MAGIC, CEPH_SUPER_MAGIC, AFS_SUPER_MAGIC,
		CODA_SUPER_MAGIC, 0x0bd00bd0ul /* Lustre */, 0x47504653ul /* GPFS */ };
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return 0;
	for (size_t i = 0; i < sizeof(remote) / sizeof(*remote); i++)
		if ((unsigned long)fs.f_type == remote[i])
			return 1;
	return 0;
}

static int header_check(int fd, const char *path, struct portal_error *err)
{
	unsigned char head[72];
	const ssize_t got = pread(fd, head, sizeof(head), 0);
	uint32_t id;

	if (got < 0)
		return portal_fail(
			err, PORTAL_FAILURE, _("cannot read '%s': %s"), path, strerror(errno));
	if (got < (ssize_t)sizeof(head) || memcmp(head, "SQLite format 3", 16) != 0)
		return portal_fail(
			err, PORTAL_NOT_A_PORTAL, _("'%s' is not a portal database"), path);
	id = (uint32_t)head[68] << 24 | (uint32_t)head[69] << 16 | (uint32_t)head[70] << 8 |
	     head[71];
	if (id != STORE_APPLICATION_ID)
		return portal_fail(err, PORTAL_NOT_A_PORTAL,
			_("'%s' is a database of another program, not a portal"), path);
	if (is_network_disk(fd))
		return portal_fail(err, PORTAL_FAILURE,
			_("'%s' lies on a network disk, where a portal would be damaged; "
			  "use a local disk"),
			path);
	return 0;
}

static bool is_link(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISLNK(st.st_mode);
}

static int open_failed(const char *path, struct portal_error *err)
{
	const int number = errno;
	const bool absent = number == ENOENT || number == ENOTDIR;

	if (absent && is_link(path))
		return portal_fail(
			err, PORTAL_NO_PORTAL, _("'%s' is a link that leads nowhere"), path);
	if (absent) {
		portal_fail(err, PORTAL_NO_PORTAL, _("there is no portal at '%s'"), path);
		return portal_hint(
			err, _("make one with 'portalctl init', or name another with --db"));
	}
	return portal_fail(err, PORTAL_FAILURE, _("cannot open '%s': %s"), path, strerror(number));
}

int store_file_of(const char *path, char **ret_file, struct portal_error *err)
{
	char *file = is_link(path) ? realpath(path, NULL) : strdup(path);

	if (!file && errno == ENOMEM)
		return portal_fail(err, PORTAL_NO_MEMORY, _("out of memory"));
	if (!file)
		return open_failed(path, err);
	*ret_file = file;
	return 0;
}

/* The file is looked at and closed before SQLite opens it: closing it later
 * would drop SQLite's locks. */
int sqlite_file_check(const char *path, struct portal_error *err)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	int r;

	if (fd < 0)
		return open_failed(path, err);
	if (fstat(fd, &st) < 0)
		r = open_failed(path, err);
	else if (!S_ISREG(st.st_mode))
		r = portal_fail(err, PORTAL_NOT_A_PORTAL,
			S_ISDIR(st.st_mode) ? _("'%s' is a directory, not a portal database")
					    : _("'%s' is not a portal database"),
			path);
	else if (st.st_nlink > 1)
		r = portal_fail(err, PORTAL_FAILURE,
			_("'%s' has a second name (hard link), which SQLite can't lock safely"),
			path);
	else
		r = header_check(fd, path, err);
	close(fd);
	return r;
}

static void harden(sqlite3 *db)
{
	sqlite3_extended_result_codes(db, 1);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, 16 << 20);
	sqlite3_limit(db, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1024);
}

static int configure(
	struct store *store, const struct store_options *options, struct portal_error *err)
{
	/* First of all: without it even a PRAGMA can find the file locked. */
	sqlite3_busy_timeout(store->db, (int)options->wait_ms);
	harden(store->db);
	return sqlite_exec(store,
		options->bulk ? "PRAGMA cell_size_check=ON;PRAGMA synchronous=FULL;"
				"PRAGMA cache_size=-4096"
			      : "PRAGMA cell_size_check=ON;PRAGMA synchronous=FULL",
		_("open the database"), err);
}

/* For the whole process; refused, and no harm, where SQLite is already at work in it. */
static void set_up_library(void)
{
	/* Counting memory costs a mutex each malloc(), and nothing reads the counts. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	/* One statement that changes more than 64 KB of pages would turn the journal of
	 * every later one into a file. More than this costs a mmap() for each statement. */
	sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, 120 << 10);
}

static int open_database(struct store *store, const char *uri, int flags, struct portal_error *err)
{
	set_up_library();
	if (sqlite3_open_v2(uri ? uri : store->file, &store->db, flags | SQLITE_OPEN_NOMUTEX,
		    NULL) == SQLITE_OK)
		return 0;
	return store->db ? sqlite_fail(store, err, _("open the database"))
			 : portal_fail(err, PORTAL_NO_MEMORY, _("out of memory"));
}

int sqlite_connect(const struct store_options *options, const char *uri, int flags,
	struct store **ret_store, struct portal_error *err)
{
	struct store *store = calloc(1, sizeof(*store));
	int r;

	if (!store || !(store->path = strdup(options->path))) {
		free(store);
		return portal_fail(err, PORTAL_NO_MEMORY, _("out of memory"));
	}
	store->lock_fd = store->presence_fd = -1;
	store->wait_ms = options->wait_ms;
	r = store_file_of(store->path, &store->file, err);
	if (r == 0)
		r = open_database(store, uri, flags, err);
	if (r == 0)
		r = configure(store, options, err);
	if (r < 0) {
		store_close(store);
		return r;
	}
	store->read_only_file = sqlite3_db_readonly(store->db, "main") == 1;
	*ret_store = store;
	return 0;
}

int sqlite_newer(struct store *store, int found, struct portal_error *err)
{
	portal_fail(err, PORTAL_SCHEMA_NEW,
		_("'%s' was made by a newer portalctl (schema %d, this one knows %d)"), store->path,
		found, store_schema_version());
	return portal_hint(err, _("install the newer portalctl"));
}

int store_check_version(struct store *store, struct portal_error *err)
{
	int64_t found = 0;
	const int r = sqlite_number(store, "PRAGMA user_version", &found, err);

	if (r < 0)
		return r;
	store->version = (int)found;
	if (found > store_schema_version())
		return sqlite_newer(store, (int)found, err);
	if (found < store_schema_version()) {
		portal_fail(err, PORTAL_SCHEMA_OLD,
			_("'%s' was made by an older portalctl (schema %d, this one writes %d)"),
			store->path, store->version, store_schema_version());
		return portal_hint(err, "portalctl db migrate");
	}
	return 0;
}

int store_open(
	const struct store_options *options, struct store **ret_store, struct portal_error *err)
{
	struct store *store;
	int r = sqlite_file_check(options->path, err);

	if (r < 0)
		return r;
	r = sqlite_connect(options, NULL, SQLITE_OPEN_READWRITE, &store, err);
	if (r == -PORTAL_READ_ONLY)
		r = sqlite_connect_frozen(options, &store, err);
	if (r < 0)
		return r;
	r = store_check_version(store, err);
	if (r < 0) {
		store_close(store);
		return r;
	}
	*ret_store = store;
	return 0;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	for (int q = 0; q < STORE_QUERY_COUNT; q++)
		sqlite3_finalize(store->statements[q].stmt);
	for (int s = 0; s < SQLITE_STEPS; s++)
		sqlite3_finalize(store->steps[s]);
	sqlite3_close(store->db);
	if (store->lock_fd >= 0)
		close(store->lock_fd);
	if (store->presence_fd >= 0)
		close(store->presence_fd);
	free(store->path);
	free(store->file);
	free(store);
}

void store_closep(struct store **store)
{
	store_close(*store);
	*store = NULL;
}

const char *store_file(const struct store *store)
{
	return store->file;
}

int store_version_found(const struct store *store)
{
	return store->version;
}
