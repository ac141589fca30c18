/* Lines of a file descriptor, in constant memory: for NDJSON and for lists of ids. */
#ifndef TEXT_LINES_H
#define TEXT_LINES_H

#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>

/* Longest line, without its line break. */
enum { LINES_MAX_BYTES = 1024 * 1024 };

struct lines;

/* @number counts from 1, empty lines included. @text ends in NUL. */
struct line {
	int64_t number;
	const char *text;
	size_t len;
};

/* Begins to read lines from @fd, which stays the caller's. A byte order mark is
 * skipped. PORTAL_INVALID_INPUT for UTF-16, PORTAL_FAILURE when reading fails. */
int lines_open(struct lines **ret, int fd, struct portal_error *err);

/* The next line that is not empty, without LF or CRLF: 1; at the end 0. @ret is
 * valid until the next call. The last line needs no line break. Bytes come as
 * they are; whether they are UTF-8 is for the reader of the line to check.
 * A line with a NUL byte is -PORTAL_INVALID_INPUT with @err->line; the next call
 * goes on behind it. A line that is too long (-PORTAL_INVALID_INPUT), and a read
 * that fails (-PORTAL_FAILURE), end the reading: the next call returns 0. */
int lines_next(struct lines *lines, struct line *ret, struct portal_error *err);

/* Frees the reader; NULL is fine. */
void lines_close(struct lines **lines);

#define _cleanup_lines_ __attribute__((cleanup(lines_close)))

#endif
