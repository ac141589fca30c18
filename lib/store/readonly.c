/* A database that can't be written: which file is to blame, and reading it all the
 * same. */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"

enum { NAME_SIZE = 4096 + 16 };

static void directory_of(const char *path, char ret[static NAME_SIZE])
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		snprintf(ret, NAME_SIZE, ".");
	else
		snprintf(ret, NAME_SIZE, "%.*s", slash == path ? 1 : (int)(slash - path), path);
}

/* 0, or why this user may not write what has this name. */
static int write_errno(const char *name)
{
	if (faccessat(AT_FDCWD, name, W_OK, AT_EACCESS) == 0)
		return 0;
	return errno == EACCES || errno == EPERM || errno == EROFS ? errno : 0;
}

/* Which of the database, its files and its directory this user may not write, or
 * NULL; errno says why. */
static const char *to_blame(const char *path, char buf[static NAME_SIZE])
{
	static const char *const endings[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		snprintf(buf, NAME_SIZE, "%s%s", path, endings[i]);
		errno = write_errno(buf);
		if (errno)
			return buf;
	}
	directory_of(path, buf);
	errno = write_errno(buf);
	return errno ? buf : NULL;
}

int sqlite_cannot_write(struct store *store, struct portal_error *err, const char *doing)
{
	char buf[NAME_SIZE];
	const char *name = to_blame(store->file, buf);
	const int number = errno;
	struct stat st;

	if (!name)
		return portal_fail(err, PORTAL_READ_ONLY, _("cannot %s: '%s' is read-only"), doing,
			store->path);
	if (number == EROFS)
		return portal_fail(err, PORTAL_READ_ONLY,
			_("cannot %s: '%s' lies on a disk that can't be written"), doing, name);
	portal_fail(
		err, PORTAL_READ_ONLY, _("cannot %s: this user may not write '%s'"), doing, name);
	if (stat(name, &st) == 0 && st.st_uid == geteuid())
		return portal_hint(err, "chmod u+w '%s'", name);
	return portal_hint(
		err, _("run as the owner of the portal, or have '%s' given to this user"), name);
}

bool sqlite_is_blocked(const char *path)
{
	char buf[NAME_SIZE];

	return to_blame(path, buf) != NULL;
}

static bool log_is_empty(const char *path)
{
	char name[NAME_SIZE];
	struct stat st;

	snprintf(name, sizeof(name), "%s-wal", path);
	return stat(name, &st) < 0 ? errno == ENOENT : st.st_size == 0;
}

/* The path as a URI, which alone can say that the file does not change. */
static char *frozen_uri(const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._-";
	static const char head[] = "file:", tail[] = "?immutable=1";
	const size_t size = sizeof(head) + 3 * strlen(path) + sizeof(tail);
	char *uri = malloc(size);
	size_t used = sizeof(head) - 1;

	if (!uri)
		return NULL;
	memcpy(uri, head, sizeof(head));
	for (; *path; path++)
		if (strchr(plain, *path))
			uri[used++] = *path;
		else
			used += (size_t)snprintf(
				uri + used, size - used, "%%%02x", (unsigned char)*path);
	memcpy(uri + used, tail, sizeof(tail));
	return uri;
}

static bool stands(const struct store *store, const struct timespec *changed)
{
	struct stat st;

	return stat(store->path, &st) == 0 && st.st_mtim.tv_sec == changed->tv_sec &&
	       st.st_mtim.tv_nsec == changed->tv_nsec;
}

int sqlite_still_frozen(const struct store *store, struct portal_error *err)
{
	if (!store->frozen || stands(store, &store->frozen_at))
		return 0;
	portal_fail(err, PORTAL_BUSY, _("'%s' was changed while it was read"), store->path);
	return portal_hint(err, _("try again"));
}

static int connect_frozen(const struct store_options *options, const char *file,
	struct store **ret_store, struct portal_error *err)
{
	char *uri = NULL;
	struct stat st;
	int r;

	if (!log_is_empty(file) || stat(file, &st) < 0)
		return -(int)err->code;
	uri = frozen_uri(file);
	if (!uri)
		return portal_fail(err, PORTAL_NO_MEMORY, _("out of memory"));
	*err = (struct portal_error){ .arena = err->arena };
	r = sqlite_connect(options, uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, ret_store, err);
	free(uri);
	if (r < 0)
		return r;
	(*ret_store)->frozen = true;
	(*ret_store)->frozen_at = st.st_mtim;
	return 0;
}

int sqlite_connect_frozen(
	const struct store_options *options, struct store **ret_store, struct portal_error *err)
{
	char *file;
	int r = store_file_of(options->path, &file, err);

	if (r < 0)
		return r;
	r = connect_frozen(options, file, ret_store, err);
	free(file);
	return r;
}
