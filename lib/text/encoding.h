/* Characters and where they come from: UTF-8 and Windows-1252, and a source
 * that reads a file descriptor in blocks and finds out which of the two it is. */
#ifndef TEXT_ENCODING_H
#define TEXT_ENCODING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>

enum encoding {
	ENCODING_AUTO,
	ENCODING_UTF8,
	ENCODING_CP1252,
};

/* Reads "auto", "utf-8" or "cp1252"; any other word is PORTAL_USAGE. */
int encoding_parse(const char *word, enum encoding *ret, struct portal_error *err);

/* Bytes (1 to 4) of the character at @text; 0 when it is no UTF-8 (RFC 3629:
 * no surrogates, nothing overlong, nothing above U+10FFFF); -1 when @len ends
 * inside a character that is good so far. @len is at least 1. */
int encoding_utf8_length(const char *text, size_t len);

/* Bytes of @text up to the first that is no complete UTF-8 character; @len when
 * all are. A NUL byte is a character like any other. */
size_t encoding_utf8_sound(const char *text, size_t len);

/* Writes @character, no surrogate and at most U+10FFFF, and returns its bytes. */
size_t encoding_put_utf8(uint32_t character, char ret[4]);

/* What a Windows-1252 byte means; 0 for NUL and for the five bytes that mean
 * nothing: 81 8D 8F 90 9D. */
uint32_t encoding_from_cp1252(unsigned char byte);

enum { SOURCE_BLOCK_BYTES = 64 * 1024, SOURCE_END = -1, SOURCE_FAILED = -2 };

/* A file descriptor read in blocks. @encoding stays ENCODING_AUTO while only
 * ASCII was seen, and is then decided by the first block with anything else:
 * UTF-8 when all of it is, otherwise Windows-1252. [@at, @end) of @block are
 * the bytes to take next; they are raw, not converted. */
struct source {
	int fd;
	enum encoding encoding;
	bool ended;
	size_t at, end, filled;
	char block[SOURCE_BLOCK_BYTES];
};

/* Begins to read @fd, which stays the caller's, and steps over a UTF-8 byte
 * order mark, which also decides ENCODING_AUTO. UTF-16 is PORTAL_INVALID_INPUT,
 * a failed read PORTAL_FAILURE. */
int source_open(struct source *source, int fd, enum encoding encoding, struct portal_error *err);

/* Makes sure that there is a byte to take: 1, or 0 at the end, or SOURCE_FAILED
 * with errno set. */
int source_fill(struct source *source);

/* The failure of a read, from errno. */
int source_failed(struct portal_error *err);

/* The next byte, or SOURCE_END, or SOURCE_FAILED with errno set. */
static inline int source_byte(struct source *source)
{
	if (source->at == source->end) {
		int rc = source_fill(source);

		if (rc <= 0)
			return rc < 0 ? SOURCE_FAILED : SOURCE_END;
	}
	return (unsigned char)source->block[source->at++];
}

#endif
