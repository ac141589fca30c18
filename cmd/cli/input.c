#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/text.h>

#include "text.h"

enum { TEXT_MAX_BYTES = 64 * 1024, FIRST_BYTES = 16 * 1024 };

/* Up to @most bytes; how many, or -1. */
static ssize_t fill(int fd, char *bytes, size_t most)
{
	size_t len = 0;
	ssize_t got;

	do {
		got = read(fd, bytes + len, most - len);
		len += got > 0 ? (size_t)got : 0;
	} while ((got > 0 && len < most) || (got < 0 && errno == EINTR));
	return got < 0 ? -1 : (ssize_t)len;
}

/* The same of a file whose size nobody knows: small ones take little memory. */
static ssize_t fill_growing(struct arena *arena, int fd, size_t most, const char **ret_bytes)
{
	size_t room = most < FIRST_BYTES ? most : FIRST_BYTES, len = 0;
	char *bytes = arena_alloc(arena, room + 1);
	ssize_t got = fill(fd, bytes, room);

	while (got >= 0 && (len += (size_t)got) == room && room < most) {
		const size_t more = most - room < room ? most - room : room;
		char *larger = arena_alloc(arena, room + more + 1);

		memcpy(larger, bytes, len);
		bytes = larger;
		got = fill(fd, bytes + len, more);
		room += more;
	}
	*ret_bytes = bytes;
	return got < 0 ? -1 : (ssize_t)len;
}

int input_read(struct arena *arena, const char *path, size_t max_bytes, struct input *ret,
	struct portal_error *err)
{
	const bool is_stdin = !strcmp(path, "-");
	const int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	const char *bytes = NULL;
	const ssize_t len = fd < 0 ? -1 : fill_growing(arena, fd, max_bytes + 1, &bytes);
	const int number = errno;

	if (fd >= 0 && !is_stdin)
		close(fd);
	if (len < 0)
		return portal_fail(err, PORTAL_FAILURE, _("can't read '%s': %s"),
			portal_text_printable(arena, path), strerror(number));
	if ((size_t)len > max_bytes)
		return portal_fail(err, PORTAL_INVALID_INPUT, _("'%s' is over %zu bytes"),
			portal_text_printable(arena, path), max_bytes);
	*ret = (struct input){ bytes, (size_t)len };
	return 0;
}

bool input_read_exactly(struct arena *arena, size_t len, struct input *ret)
{
	char *bytes = arena_alloc(arena, len + 1);

	*ret = (struct input){ bytes, len };
	return len == 0 || fill(STDIN_FILENO, bytes, len) == (ssize_t)len;
}

int input_text(struct arena *arena, const char *text, const char *path, const char *name,
	const char **ret, struct portal_error *err)
{
	struct input input = { text, 0 };
	int r = 0;

	if (text && path)
		r = portal_fail(err, PORTAL_USAGE, _("'--%s' and '--%s-file' don't go together"),
			name, name);
	else if (path)
		r = input_read(arena, path, TEXT_MAX_BYTES, &input, err);
	if (r >= 0 && path && strlen(input.bytes) != input.len)
		r = portal_fail(
			err, PORTAL_INVALID_TEXT, _("'%s' is no text: it has a zero byte"), path);
	if (r < 0)
		return portal_about_field(err, name);
	*ret = input.bytes;
	return 0;
}

int input_text_required(struct arena *arena, const char *text, const char *path, const char *name,
	const char **ret, struct portal_error *err)
{
	if (text || path)
		return input_text(arena, text, path, name, ret, err);
	portal_fail(err, PORTAL_USAGE, _("give '--%s' or '--%s-file'"), name, name);
	return portal_about_field(err, name);
}
