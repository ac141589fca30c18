#include "seal/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/i18n.h"

/* Returns 0 or the errno of the first step that failed; closes @fd in any case. */
static int store_key(int fd, const unsigned char *key)
{
	int number = 0;

	if (durable_write(fd, key, SEAL_SIZE) < 0 || fsync(fd) < 0)
		number = errno;
	if (close(fd) < 0 && !number)
		number = errno;
	return number;
}

/* The key has its name only when it is whole: what a process that was killed
 * left of one is nobody's. Returns 0 or an errno. */
static int create_whole(const char *path, const unsigned char *key)
{
	char fresh[PATH_MAX];
	int fd, number;

	if (snprintf(fresh, sizeof(fresh), "%s.new", path) >= (int)sizeof(fresh))
		return ENAMETOOLONG;
	unlink(fresh);
	fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno;
	number = store_key(fd, key);
	if (!number && renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE) < 0)
		number = errno;
	if (number) {
		unlink(fresh);
		return number;
	}
	number = durable_name(path);
	if (number)
		unlink(path);
	return number;
}

int seal_key_create(
	const char *path, unsigned char ret_key[static SEAL_SIZE], struct portal_error *err)
{
	int r = seal_random(ret_key, SEAL_SIZE, err);
	int number;

	if (r < 0)
		return r;
	number = create_whole(path, ret_key);
	if (!number)
		return 0;
	seal_wipe(ret_key, SEAL_SIZE);
	if (number == EEXIST)
		return portal_fail(err, PORTAL_EXISTS, _("the key '%s' exists already"), path);
	return portal_fail(err, durable_code(number), _("the key '%s' can't be written: %s"), path,
		strerror(number));
}

static int cannot_open(const char *path, int number, struct portal_error *err)
{
	if (number == ENOENT) {
		portal_fail(err, PORTAL_DAMAGED, _("the key of the portal is missing: '%s'"), path);
		return portal_hint(err, _("copy it back from where backups of the portal are"));
	}
	if (number == ELOOP)
		return portal_fail(err, PORTAL_DENIED,
			_("the key '%s' is a symbolic link; put the file itself there"), path);
	return portal_fail(err, number == EACCES ? PORTAL_DENIED : PORTAL_FAILURE,
		_("the key '%s' can't be read: %s"), path, strerror(number));
}

static int check_file(int fd, const char *path, struct portal_error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return cannot_open(path, errno, err);
	if (!S_ISREG(st.st_mode) || st.st_size != SEAL_SIZE)
		return portal_fail(err, PORTAL_DAMAGED,
			_("'%s' is not a key: it should be a file of %d bytes"), path, SEAL_SIZE);
	if (st.st_uid != geteuid()) {
		portal_fail(err, PORTAL_DENIED, _("the key '%s' belongs to another user"), path);
		return portal_hint(err, "chown %ju '%s'", (uintmax_t)geteuid(), path);
	}
	if (st.st_mode & 077) {
		portal_fail(
			err, PORTAL_DENIED, _("other users may read or write the key '%s'"), path);
		return portal_hint(err, "chmod 600 '%s'", path);
	}
	return 0;
}

/* The size was checked, and a read this small is not split. */
static int read_key(int fd, const char *path, unsigned char *key, struct portal_error *err)
{
	ssize_t got = read(fd, key, SEAL_SIZE);

	if (got == SEAL_SIZE)
		return 0;
	return cannot_open(path, got < 0 ? errno : EIO, err);
}

int seal_key_read(
	const char *path, unsigned char ret_key[static SEAL_SIZE], struct portal_error *err)
{
	/* Without O_NONBLOCK a FIFO in its place would wait for a writer for ever. */
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	int r;

	if (fd < 0)
		return cannot_open(path, errno, err);
	r = check_file(fd, path, err);
	if (r == 0)
		r = read_key(fd, path, ret_key, err);
	close(fd);
	return r;
}
