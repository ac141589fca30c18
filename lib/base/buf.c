#include "base/buf.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void buf_init(struct buf *buf)
{
	*buf = (struct buf){ .fd = -1 };
}

void buf_open_fd(struct buf *buf, int fd)
{
	*buf = (struct buf){ .fd = fd };
}

void buf_release(struct buf *buf)
{
	free(buf->data);
	buf_init(buf);
}

/* A failed buffer is full for good, which keeps out what would follow a hole. */
static bool fail(struct buf *buf, int error)
{
	buf->error = error;
	buf->cap = buf->cap > 0 ? buf->len + 1 : 0;
	return false;
}

static bool wait_until_writable(int fd)
{
	struct pollfd wanted = { .fd = fd, .events = POLLOUT };

	return poll(&wanted, 1, -1) >= 0 || errno == EINTR;
}

/* A terminal or pipe shared with another process may not block. */
static bool may_try_again(int fd)
{
	if (errno == EINTR)
		return true;
	return errno == EAGAIN && wait_until_writable(fd);
}

static bool write_all(struct buf *buf, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(buf->fd, data, len);

		if (n < 0 && !may_try_again(buf->fd))
			return fail(buf, errno);
		if (n == 0)
			return fail(buf, EIO);
		if (n > 0) {
			data += n;
			len -= (size_t)n;
		}
	}
	return true;
}

int buf_flush(struct buf *buf)
{
	if (buf->fd >= 0 && !buf->error && buf->len > 0) {
		write_all(buf, buf->data, buf->len);
		buf_clear(buf);
	}
	return buf->error ? -1 : 0;
}

static bool grow(struct buf *buf, size_t least)
{
	size_t cap = buf->fd >= 0 ? BUF_BYTES : 256;
	char *data;

	if (cap < buf->cap * 2)
		cap = buf->cap * 2;
	if (cap < least)
		cap = least;
	data = realloc(buf->data, cap);
	if (!data)
		return fail(buf, ENOMEM);
	buf->data = data;
	buf->cap = cap;
	return true;
}

bool buf_make_room(struct buf *buf, size_t len)
{
	if (buf->error)
		return false;
	if (len >= SIZE_MAX / 4 || buf->len >= SIZE_MAX / 4)
		return fail(buf, ENOMEM);
	if (len < buf->cap - buf->len)
		return true;
	if (buf->fd >= 0 && buf_flush(buf) < 0)
		return false;
	return len < buf->cap - buf->len || grow(buf, buf->len + len + 1);
}

void buf_add_slowly(struct buf *buf, const void *data, size_t len)
{
	if (buf->fd >= 0 && len >= BUF_BYTES) {
		if (buf_flush(buf) == 0)
			write_all(buf, data, len);
		return;
	}
	if (!buf_make_room(buf, len))
		return;
	memcpy(buf->data + buf->len, data, len);
	buf->len += len;
}

const char *buf_text(struct buf *buf)
{
	if (!buf->data)
		buf_make_room(buf, 0);
	if (!buf->data)
		return "";
	buf->data[buf->len] = '\0';
	return buf->data;
}

void buf_int64(struct buf *buf, int64_t value)
{
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char digits[24], *end = digits + sizeof(digits), *first = end;

	do {
		*--first = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		*--first = '-';
	buf_add(buf, first, (size_t)(end - first));
}

void buf_printf(struct buf *buf, const char *fmt, ...)
{
	va_list args, again;
	size_t room = buf->cap - buf->len;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(room > 0 ? buf->data + buf->len : NULL, room, fmt, args);
	if (len < 0) {
		fail(buf, errno);
	} else if ((size_t)len < room) {
		buf->len += (size_t)len;
	} else if (buf_make_room(buf, (size_t)len)) {
		vsnprintf(buf->data + buf->len, (size_t)len + 1, fmt, again);
		buf->len += (size_t)len;
	}
	va_end(again);
	va_end(args);
}
