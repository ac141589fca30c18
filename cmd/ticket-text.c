/* Texts that come from files. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>

#include "cli/text.h"
#include "ticket.h"

/* More than any message has: the library says what is too long. */
enum { FILE_MAX = 128 * 1024 };

static int unreadable(const char *path, struct portal_error *err)
{
	portal_fail(err, PORTAL_FAILURE, _("cannot read '%s': %s"), path, strerror(errno));
	return portal_about_field(err, "body-file");
}

static int read_all(int fd, const char *path, char *text, struct portal_error *err)
{
	size_t len = 0;
	ssize_t got;

	while (len < FILE_MAX && (got = read(fd, text + len, FILE_MAX - len)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return unreadable(path, err);
		len += (size_t)got;
	}
	text[len] = '\0';
	if (strlen(text) == len)
		return 0;
	portal_fail(err, PORTAL_INVALID_TEXT, _("'%s' is no text: it has a zero byte"), path);
	return portal_about_field(err, "body-file");
}

static int read_file(
	struct arena *arena, const char *path, const char **ret, struct portal_error *err)
{
	const bool is_stdin = !strcmp(path, "-");
	const int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *text;
	int r;

	if (fd < 0)
		return unreadable(path, err);
	text = arena_alloc(arena, FILE_MAX + 1);
	r = read_all(fd, path, text, err);
	if (!is_stdin)
		close(fd);
	*ret = text;
	return r;
}

int ticket_body_read(struct reply *reply, const struct ticket_body_args *args, const char **ret,
	struct portal_error *err)
{
	*ret = args->text;
	if (!args->file)
		return 0;
	if (args->text)
		return portal_fail(
			err, PORTAL_USAGE, _("'--body' and '--body-file' don't go together"));
	return read_file(reply_arena(reply), args->file, ret, err);
}
