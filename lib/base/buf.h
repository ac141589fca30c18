/* Bytes on their way out: gathered in memory, and written to a file descriptor
 * as they come where there is one. Made for printing millions of rows: adding
 * never fails in the caller's face, it sets @error once and drops the rest. */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* With a file descriptor, memory stays at this size. */
enum { BUF_BYTES = 64 * 1024 };

/* @len bytes at @data; both may be read at any time. @fd is -1 without a sink.
 * @error is 0 or the errno of the first failure (ENOMEM for memory); from then
 * on nothing is added and nothing written. */
struct buf {
	char *data;
	size_t len, cap;
	int fd;
	int error;
};

/* An empty buffer in memory; or one that writes to @fd, which stays the
 * caller's, whenever 64 KiB have come together. Neither allocates. */
void buf_init(struct buf *buf);
void buf_open_fd(struct buf *buf, int fd);

/* Writes what is there to the file descriptor, waiting as long as it takes; in
 * memory there is nothing to do. Returns 0, or -1 when anything has failed
 * since the buffer was made: see buf->error. */
int buf_flush(struct buf *buf);

/* Frees the memory, without writing, and makes the buffer an empty one in
 * memory. Fit for the cleanup attribute. */
void buf_release(struct buf *buf);

/* Forgets the bytes and keeps the memory; keeps @error too, and then stays full. */
static inline void buf_clear(struct buf *buf)
{
	buf->len = 0;
	if (buf->error && buf->cap > 0)
		buf->cap = 1;
}

/* What is there as a string that lives until the next call for @buf. */
const char *buf_text(struct buf *buf);

/* The slow half of what follows: makes room for @len more bytes and a NUL, by
 * writing or by growing. False after a failure. */
bool buf_make_room(struct buf *buf, size_t len);
void buf_add_slowly(struct buf *buf, const void *data, size_t len);

/* Add bytes, a string, one byte, a number in decimal, a format. */
static inline void buf_add(struct buf *buf, const void *data, size_t len)
{
	if (__builtin_expect(len < buf->cap - buf->len, 1)) {
		memcpy(buf->data + buf->len, data, len);
		buf->len += len;
	} else {
		buf_add_slowly(buf, data, len);
	}
}

static inline void buf_str(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

static inline void buf_char(struct buf *buf, char c)
{
	if (__builtin_expect(1 < buf->cap - buf->len, 1))
		buf->data[buf->len++] = c;
	else
		buf_add_slowly(buf, &c, 1);
}

void buf_int64(struct buf *buf, int64_t value);
void buf_printf(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define _cleanup_buf_ __attribute__((cleanup(buf_release)))

#endif
