/* What looks at all kept files: removing what nobody has, and checking. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "file-private.h"
#include "portal-private.h"

struct sweep {
	struct portal *portal;
	const char *folder;
	int fd;
	char prefix[3]; /* of the hashes there; "" in the root, where copies are being made */
	int64_t before_s;
	int64_t removed;
};

static void close_folder(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

#define _cleanup_dir_ __attribute__((cleanup(close_folder)))

static bool is_old(const struct sweep *sweep, const char *name)
{
	struct stat st;

	return fstatat(sweep->fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
	       st.st_mtim.tv_sec < sweep->before_s;
}

static bool is_hex(const char *text, size_t len)
{
	return strspn(text, "0123456789abcdef") == len && !text[len];
}

/* 1: nobody has it. What is no file of ours stays. */
static int is_nobodys(struct work *w, const struct sweep *sweep, const char *name)
{
	struct file file;
	int r;

	if (!*sweep->prefix)
		return !strncmp(name, FILE_FRESH, strlen(FILE_FRESH));
	if (!is_hex(name, 2 * SEAL_SIZE - 2))
		return 0;
	r = store_get(w->tx, Q_FILE_GET,
		ARGS(A(arena_printf(w->arena, "%s%s", sweep->prefix, name))), w->arena,
		&file_record, &file);
	return r < 0 ? r : !r;
}

/* The age is looked at first: a row that belongs to an old file was there before. */
static int sweep_entry(struct work *w, struct sweep *sweep, const char *name)
{
	int r = is_old(sweep, name) ? is_nobodys(w, sweep, name) : 0;

	if (r <= 0)
		return r;
	if (!sweep->portal->options.dry_run && unlinkat(sweep->fd, name, 0) < 0)
		return file_cannot_write(sweep->folder, errno, w->err);
	sweep->removed++;
	return 0;
}

static int sweep_body(struct work *w, void *arg)
{
	struct sweep *sweep = arg;
	const int fd = dup(sweep->fd);
	_cleanup_dir_ DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int r = 0;

	if (!dir)
		return file_cannot_write(sweep->folder, errno, w->err);
	rewinddir(dir);
	while (r >= 0 && (entry = readdir(dir)))
		r = sweep_entry(w, sweep, entry->d_name);
	return r;
}

/* Whoever keeps a file holds the folder's lock shared while making it new. */
static int sweep_folder(struct sweep *sweep, struct portal_error *err)
{
	_cleanup_fd_ int fd = open(sweep->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return errno == ENOENT ? 0 : file_cannot_write(sweep->folder, errno, err);
	sweep->fd = fd;
	if (flock(fd, LOCK_EX) < 0)
		return file_cannot_write(sweep->folder, errno, err);
	return work_read(sweep->portal, sweep_body, sweep, err);
}

int file_sweep(struct portal *portal, int64_t *ret_removed, struct portal_error *err)
{
	const char *root = file_root(portal);
	struct sweep sweep = { .portal = portal,
		.folder = root,
		.before_s = portal_clock().ms / 1000 - FILE_DAY_SECONDS };
	int r = sweep_folder(&sweep, err);

	for (int i = 0; r >= 0 && i < 256 && access(root, F_OK) == 0; i++) {
		snprintf(sweep.prefix, sizeof(sweep.prefix), "%02x", (unsigned)i);
		sweep.folder = file_folder(portal, sweep.prefix);
		r = sweep_folder(&sweep, err);
	}
	*ret_removed = sweep.removed;
	return r < 0 ? r : 0;
}

enum { CHECKED_AT_ONCE = 500 };

/* Rows are read some at a time: bytes are looked at outside the transaction. */
struct checking {
	struct portal *portal;
	struct seal *seal; /* NULL: sizes alone */
	store_finding *finding;
	void *arg;
	int64_t count;
	struct file files[CHECKED_AT_ONCE];
};

static int read_rows(struct work *w, void *arg)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct checking *checking = arg;
	const char *after = checking->count ? checking->files[checking->count - 1].sha256 : "";
	const int64_t most = CHECKED_AT_ONCE;
	struct file row;
	int64_t count = 0;
	int r = store_rows(w->tx, Q_FILE_AFTER, ARGS(A(after), A(most)), &file_record, &row, &rows);

	while (r >= 0 && (r = store_next(rows)) > 0) {
		checking->files[count] = row;
		checking->files[count++].sha256 = arena_strdup(w->arena, row.sha256);
	}
	checking->count = count;
	return r;
}

static int find_fault(struct checking *checking, const struct file *file, struct portal_error *err)
{
	const char *path = file_path(checking->portal, file->sha256);
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	const char *word = fd < 0 ? "file_missing" : "file_changed";
	const int r = fd < 0 ? 0 : file_is_whole(fd, file, checking->seal, err);

	if (r != 0)
		return r < 0 ? r : 0;
	checking->finding(checking->arg, "error", word,
		arena_printf(portal_arena(checking->portal), "'%s' should have %lld bytes", path,
			(long long)file->size_bytes));
	return 1;
}

static int check_rows(struct checking *checking, struct portal_error *err)
{
	int faults = 0, r = 0;

	for (int64_t i = 0; r >= 0 && i < checking->count; i++) {
		r = find_fault(checking, &checking->files[i], err);
		faults += r > 0;
	}
	return r < 0 ? r : faults;
}

int file_check(struct portal *portal, bool full, store_finding *finding, void *arg,
	struct portal_error *err)
{
	_cleanup_seal_ struct seal *seal = NULL;
	struct checking checking = { .portal = portal, .finding = finding, .arg = arg };
	int faults = 0, r = full ? seal_open(&seal, err) : 0;

	checking.seal = seal;
	do {
		if (r >= 0)
			r = work_read(portal, read_rows, &checking, err);
		if (r >= 0)
			r = check_rows(&checking, err);
		if (r < 0)
			return r;
		faults += r;
	} while (checking.count == CHECKED_AT_ONCE);
	return faults;
}
