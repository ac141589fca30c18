#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/text.h>

#include "text.h"

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

int input_read(struct arena *arena, const char *name, size_t max_bytes, const char **ret_bytes,
	size_t *ret_len, struct portal_error *err)
{
	const bool is_stdin = !strcmp(name, "-");
	const int fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *bytes = arena_alloc(arena, max_bytes + 2);
	const ssize_t len = fd < 0 ? -1 : fill(fd, bytes, max_bytes + 1);
	const int number = errno;

	if (fd >= 0 && !is_stdin)
		close(fd);
	if (len < 0)
		return portal_fail(err, PORTAL_FAILURE, _("can't read '%s': %s"),
			portal_text_printable(arena, name), strerror(number));
	if ((size_t)len > max_bytes)
		return portal_fail(err, PORTAL_INVALID_INPUT, _("'%s' is over %zu bytes"),
			portal_text_printable(arena, name), max_bytes);
	*ret_bytes = bytes;
	*ret_len = (size_t)len;
	return 0;
}
