#include "net/maildir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <portal/arena.h>

#include "base/durable.h"
#include "net/mime.h"

static int failed(struct net_outcome *ret, int number)
{
	const char *text = strerror(number);

	ret->class = NET_RETRY;
	ret->ours = true;
	net_said(ret, text, strlen(text));
	return -1;
}

static int make_folder(const char *path, struct net_outcome *ret)
{
	int number = 0;

	if (mkdir(path, 0700) < 0)
		return errno == EEXIST ? 0 : failed(ret, errno);
	number = durable_name(path);
	return number ? failed(ret, number) : 0;
}

static int make_folders(struct arena *arena, const char *folder, struct net_outcome *ret)
{
	static const char *const names[] = { "tmp", "new", "cur" };
	int r = make_folder(folder, ret);

	for (size_t i = 0; r >= 0 && i < sizeof(names) / sizeof(*names); i++)
		r = make_folder(arena_printf(arena, "%s/%s", folder, names[i]), ret);
	return r;
}

/* A reader moves what it has seen to cur, and puts flags behind the name. */
static int was_seen(
	struct arena *arena, const char *folder, const char *name, struct net_outcome *ret)
{
	DIR *dir = opendir(arena_printf(arena, "%s/cur", folder));
	const size_t len = strlen(name);
	bool found = false;

	if (!dir)
		return failed(ret, errno);
	for (struct dirent *e = readdir(dir); e && !found; e = readdir(dir))
		found = !strncmp(e->d_name, name, len) && strchr(":", e->d_name[len]);
	closedir(dir);
	return found;
}

static int write_lines(int fd, char *bytes, size_t len)
{
	size_t to = 0;

	for (size_t i = 0; i < len; i++)
		if (bytes[i] != '\r')
			bytes[to++] = bytes[i];
	return durable_write(fd, bytes, to);
}

static int write_message(int fd, struct mime *message, struct net_outcome *ret)
{
	char bytes[16 * 1024];
	size_t got;

	while ((got = mime_read(message, bytes, sizeof(bytes))) > 0) {
		struct portal_error unread = { 0 };

		if (got == MIME_READ_ABORT) {
			mime_failure(message, &unread);
			net_said(ret, unread.message, strlen(unread.message));
			ret->class = NET_FAILED;
			ret->ours = true;
			return -1;
		}
		if (write_lines(fd, bytes, got) < 0)
			return failed(ret, errno);
	}
	return fsync(fd) < 0 ? failed(ret, errno) : 0;
}

static int write_file(const char *path, struct mime *message, struct net_outcome *ret)
{
	const int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return failed(ret, errno);
	r = write_message(fd, message, ret);
	if (close(fd) < 0 && r >= 0)
		r = failed(ret, errno);
	return r;
}

static int put(struct arena *arena, const char *folder, const char *name, struct mime *message,
	struct net_outcome *ret)
{
	const char *draft = arena_printf(arena, "%s/tmp/%s", folder, name);
	const char *path = arena_printf(arena, "%s/new/%s", folder, name);
	int number, r = write_file(draft, message, ret);

	if (r >= 0 && rename(draft, path) < 0)
		r = failed(ret, errno);
	if (r < 0) {
		unlink(draft);
		return r;
	}
	number = durable_name(path);
	return number ? failed(ret, number) : 0;
}

void maildir_put(struct arena *arena, const char *folder, const char *name, struct mime *message,
	struct net_outcome *ret)
{
	int r;

	*ret = (struct net_outcome){ .class = NET_SENT };
	r = make_folders(arena, folder, ret);
	if (r >= 0)
		r = was_seen(arena, folder, name, ret);
	if (r == 0)
		put(arena, folder, name, message, ret);
}
