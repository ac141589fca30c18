/* What composing a message is made of; see mime.h. */
#ifndef NET_MIME_PRIVATE_H
#define NET_MIME_PRIVATE_H

#include <stdbool.h>

#include "net/mime.h"

struct buf;

/* Chars of a line that is folded, and of one of base64, with the bytes in it. */
enum { MIME_LINE_CHARS = 76, MIME_BASE64_BYTES = 57 };

/* What @len bytes are in base64, without line breaks and with padding. */
static inline size_t mime_base64_chars(size_t len)
{
	return (len + 2) / 3 * 4;
}

/* Writes them to @to, without a NUL, and returns where they end. */
char *mime_base64_put(char *to, const void *data, size_t len);

/* The same in lines of 76 that end in CRLF, the last one too, of which mime_base64_size()
 * tells the size. A text can be written in pieces of a multiple of MIME_BASE64_BYTES. */
size_t mime_base64_lines(char *to, const void *data, size_t len);
int64_t mime_base64_size(int64_t len);

/* Writes @mark and the two digits of a byte, "=C3", and returns where they end. */
char *mime_put_hex(char *to, char mark, char c);

#define MIME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define MIME_DIGITS "0123456789"

/* A field of a header that is being written, folded where a line gets too long. @words of
 * it are there, @column chars in its last line. */
struct mime_field {
	struct buf *out;
	size_t column;
	int words;
};

/* Begins "Name:", and ends its last line. */
struct mime_field mime_field_begin(struct buf *out, const char *name);
void mime_field_end(struct mime_field *field);

/* Adds a blank and @len chars that stay together; or all the words of a text that
 * mime_is_plain(). */
void mime_field_word(struct mime_field *field, const char *word, size_t len);
void mime_field_words(struct mime_field *field, const char *text);

/* Adds UTF-8 as encoded words (RFC 2047), in Q or B, whichever is shorter, none of more
 * than 75 chars and each of whole characters. They are the first words of their field. */
void mime_field_encoded(struct mime_field *field, const char *text);

/* With 76 chars a line, a word of so many fits behind the name of any field. */
enum { MIME_PLAIN_CHARS_MAX = 60 };

/* Is it printable ASCII that folding leaves as it is and that nobody takes for encoded:
 * single blanks between words that are not too long? */
bool mime_is_plain(const char *text);

/* Can that stand between quotes, as one word that fits behind the name of any field? */
bool mime_is_quotable(const char *text);

/* 0 for UTF-8 of at most MIME_HEADER_BYTES_MAX; a failure about @field. */
int mime_check_text(const char *text, const char *field, struct portal_error *err);

/* A copy of @text, which is UTF-8, where each character that @is_bad is @instead. */
const char *mime_replaced(
	struct arena *arena, const char *text, bool (*is_bad)(uint32_t character), char instead);

/* Adds a part: "Content-Type: text/@subtype" and its other fields, an empty line, and the
 * text. @text is UTF-8 without NUL; -PORTAL_NO_MEMORY is all that can fail. */
int mime_put_text(struct buf *out, const char *subtype, const char *text, size_t len,
	struct portal_error *err);

/* Adds the header of a message, without the fields of its first part. Uses @arena. */
int mime_put_header(struct buf *out, struct arena *arena, const struct mime_message *message,
	struct portal_error *err);

/* Adds the header of the part an attachment is, with the empty line. */
int mime_put_file_header(struct buf *out, struct arena *arena,
	const struct mime_attachment *attachment, struct portal_error *err);

#endif
