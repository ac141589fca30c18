/* Giving out: only bytes that were checked. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/i18n.h"
#include "file-private.h"
#include "portal-private.h"

static int unreadable(int number, struct portal_error *err)
{
	return portal_fail(
		err, PORTAL_FAILURE, _("the kept file can't be read: %s"), strerror(number));
}

/* Reads @from to its end, digesting it where there is a @seal and writing it where @to
 * is one. @path is what @to is called. */
struct passing {
	int from, to;
	const char *path;
	struct seal *seal;
	int64_t size;
};

static int pass_on(struct passing *passing, const void *bytes, size_t len, struct portal_error *err)
{
	passing->size += (int64_t)len;
	if (passing->to >= 0 && durable_write(passing->to, bytes, len) < 0)
		return file_cannot_write(passing->path, errno, err);
	return passing->seal ? seal_stream_add(passing->seal, bytes, len, err) : 0;
}

static int pass_all(struct passing *passing, struct portal_error *err)
{
	unsigned char bytes[FILE_CHUNK];
	ssize_t got = 1;
	int r = 0;

	while (r >= 0 && got != 0) {
		got = read(passing->from, bytes, sizeof(bytes));
		if (got < 0 && errno != EINTR)
			return unreadable(errno, err);
		if (got > 0)
			r = pass_on(passing, bytes, (size_t)got, err);
	}
	return r;
}

static int digest(struct passing *passing, const struct file *file, struct portal_error *err)
{
	char hex[2 * SEAL_SIZE + 1];
	int r = seal_stream_begin(passing->seal, err);

	if (r >= 0)
		r = pass_all(passing, err);
	if (r >= 0)
		r = seal_stream_end(passing->seal, hex, err);
	if (r < 0)
		return r;
	return passing->size == file->size_bytes && !strcmp(hex, file->sha256);
}

int file_is_whole(int fd, const struct file *file, struct seal *seal, struct portal_error *err)
{
	struct passing passing = { .from = fd, .to = -1, .seal = seal };
	struct stat st;

	if (fstat(fd, &st) < 0)
		return unreadable(errno, err);
	if (!S_ISREG(st.st_mode) || st.st_size != file->size_bytes)
		return 0;
	return seal ? digest(&passing, file, err) : 1;
}

static int damaged(const struct file *file, const char *path, struct portal_error *err)
{
	portal_fail(err, PORTAL_DAMAGED,
		access(path, F_OK) < 0 ? _("the kept file %.12s… is missing: '%s'")
				       : _("the kept file %.12s… is not what it was: '%s'"),
		file->sha256, path);
	return portal_hint(err, _("put the file back from a backup; nothing was given out"));
}

/* A file that loses its name at once, beside the kept ones. */
static int open_unnamed(const char *root, struct arena *arena, struct portal_error *err)
{
	char *path = arena_printf(arena, "%s/" FILE_FRESH "XXXXXX", root);
	const int fd = mkostemp(path, O_CLOEXEC);

	if (fd < 0)
		return file_cannot_write(root, errno, err);
	unlink(path);
	return fd;
}

static int copy_checked(struct passing *passing, const struct file *file, struct portal_error *err)
{
	_cleanup_seal_ struct seal *seal = NULL;
	int r = seal_open(&seal, err);

	if (r < 0)
		return r;
	passing->seal = seal;
	return digest(passing, file, err);
}

int file_open(struct portal *portal, const struct file *file, int *ret_fd, struct portal_error *err)
{
	const char *path = file_path(portal, file->sha256), *root = file_root(portal);
	_cleanup_fd_ int from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct passing passing = { .from = from, .to = -1, .path = root };
	int r;

	if (from < 0 && errno != ENOENT && errno != ELOOP)
		return unreadable(errno, err);
	r = from < 0 ? 0 : file_is_whole(from, file, NULL, err);
	if (r > 0) {
		passing.to = open_unnamed(root, portal_arena(portal), err);
		r = passing.to < 0 ? passing.to : copy_checked(&passing, file, err);
	}
	if (r > 0 && lseek(passing.to, 0, SEEK_SET) == 0) {
		*ret_fd = passing.to;
		return 0;
	}
	file_closep(&passing.to);
	return r < 0 ? r : damaged(file, path, err);
}

static int write_fresh(int from, int to, const char *fresh, struct portal_error *err)
{
	struct passing passing = { .from = from, .to = to, .path = fresh };
	const int r = pass_all(&passing, err);

	if (r >= 0 && fsync(to) < 0)
		return file_cannot_write(fresh, errno, err);
	return r;
}

/* A device or a pipe takes bytes, and stays what it is. */
static int write_through(int fd, const char *path, struct portal_error *err)
{
	_cleanup_fd_ int to = open(path, O_WRONLY | O_NOCTTY | O_CLOEXEC);
	struct passing passing = { .from = fd, .to = to, .path = path };

	return to < 0 ? file_cannot_write(path, errno, err) : pass_all(&passing, err);
}

static int replace(int fd, const char *path, struct portal_error *err)
{
	char fresh[PATH_MAX];
	int r, to;

	if (snprintf(fresh, sizeof(fresh), "%s.XXXXXX", path) >= (int)sizeof(fresh))
		return file_cannot_write(path, ENAMETOOLONG, err);
	to = mkostemp(fresh, O_CLOEXEC);
	if (to < 0)
		return file_cannot_write(path, errno, err);
	r = write_fresh(fd, to, path, err);
	close(to);
	if (r >= 0 && rename(fresh, path) < 0)
		r = file_cannot_write(path, errno, err);
	if (r < 0)
		unlink(fresh);
	else if (durable_name(path) != 0)
		r = file_cannot_write(path, EIO, err);
	return r;
}

int file_save(int fd, const char *path, struct portal_error *err)
{
	char real[PATH_MAX];
	struct stat st;

	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		return write_through(fd, path, err);
	return replace(fd, realpath(path, real) ? real : path, err);
}
