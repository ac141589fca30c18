/* Words of a header: lines that fold, encoded words, and what text must be. Nothing here
 * passes a line break on: what is written was checked, or is in an encoding without any. */
#include <stdbool.h>
#include <string.h>

#include <portal/arena.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "net/mime-private.h"

/* "=?UTF-8?Q?" and "?=". */
enum { ENCODED_WRAP_CHARS = 12 };

struct mime_field mime_field_begin(struct buf *out, const char *name)
{
	buf_str(out, name);
	buf_char(out, ':');
	return (struct mime_field){ .out = out, .column = strlen(name) + 1 };
}

void mime_field_end(struct mime_field *field)
{
	buf_add(field->out, "\r\n", 2);
}

static void fold(struct mime_field *field)
{
	mime_field_end(field);
	field->column = 0;
}

void mime_field_word(struct mime_field *field, const char *word, size_t len)
{
	if (field->words > 0 && field->column + 1 + len > MIME_LINE_CHARS)
		fold(field);
	buf_char(field->out, ' ');
	buf_add(field->out, word, len);
	field->column += 1 + len;
	field->words++;
}

void mime_field_words(struct mime_field *field, const char *text)
{
	for (size_t len; *text; text += len + (text[len] == ' ')) {
		len = strcspn(text, " ");
		mime_field_word(field, text, len);
	}
}

bool mime_is_plain(const char *text)
{
	size_t word = 0;

	if (strstr(text, "=?"))
		return false;
	for (; *text; text++) {
		if (*text < ' ' || *text > '~')
			return false;
		if (*text == ' ' && (word == 0 || text[1] == '\0'))
			return false;
		word = *text == ' ' ? 0 : word + 1;
		if (word > MIME_PLAIN_CHARS_MAX)
			return false;
	}
	return true;
}

bool mime_is_quotable(const char *text)
{
	return mime_is_plain(text) && !strpbrk(text, "\"\\") &&
	       strlen(text) <= MIME_PLAIN_CHARS_MAX;
}

/* The ways of RFC 2047 to write bytes. */
enum word_encoding { WORD_Q, WORD_B };

/* What may stand for itself in every place an encoded word may be in (RFC 2047, 5). */
static bool is_q_literal(char c)
{
	return c != '\0' && strchr(MIME_LETTERS MIME_DIGITS "!*+-/ ", c);
}

static size_t q_chars(const char *text, size_t len)
{
	size_t chars = 0;

	for (size_t i = 0; i < len; i++)
		chars += is_q_literal(text[i]) ? 1 : 3;
	return chars;
}

char *mime_put_hex(char *to, char mark, char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const unsigned char byte = (unsigned char)c;

	*to++ = mark;
	*to++ = digits[byte >> 4];
	*to++ = digits[byte & 15];
	return to;
}

static char *put_q(char *to, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == ' ')
			*to++ = '_';
		else if (is_q_literal(text[i]))
			*to++ = text[i];
		else
			to = mime_put_hex(to, '=', text[i]);
	}
	return to;
}

static size_t word_chars(enum word_encoding encoding, const char *text, size_t len)
{
	return encoding == WORD_Q ? q_chars(text, len) : mime_base64_chars(len);
}

/* Bytes of the first characters of @text that take at most @room chars. */
static size_t bytes_that_fit(enum word_encoding encoding, const char *text, size_t len, size_t room)
{
	size_t taken = 0, n;
	uint32_t character;

	while ((n = utf8_next(text + taken, len - taken, &character)) > 0 &&
		word_chars(encoding, text, taken + n) <= room)
		taken += n;
	return taken;
}

static void add_encoded_word(
	struct mime_field *field, enum word_encoding encoding, const char *text, size_t len)
{
	char word[MIME_LINE_CHARS], *to;

	memcpy(word, encoding == WORD_Q ? "=?UTF-8?Q?" : "=?UTF-8?B?", 10);
	to = word + 10;
	to = encoding == WORD_Q ? put_q(to, text, len) : mime_base64_put(to, text, len);
	memcpy(to, "?=", 2);
	mime_field_word(field, word, (size_t)(to + 2 - word));
}

void mime_field_encoded(struct mime_field *field, const char *text)
{
	size_t len = strlen(text), taken;
	const enum word_encoding encoding =
		q_chars(text, len) <= mime_base64_chars(len) ? WORD_Q : WORD_B;

	for (; len > 0; text += taken, len -= taken) {
		size_t used;

		/* The word before left no room for another character. */
		if (field->words > 0)
			fold(field);
		used = field->column + 1 + ENCODED_WRAP_CHARS;
		taken = bytes_that_fit(encoding, text, len, MIME_LINE_CHARS - used);
		add_encoded_word(field, encoding, text, taken);
	}
}

const char *mime_replaced(
	struct arena *arena, const char *text, bool (*is_bad)(uint32_t character), char instead)
{
	size_t left = strlen(text), n;
	char *copy = arena_alloc(arena, left + 1), *to = copy;
	uint32_t character;

	for (; (n = utf8_next(text, left, &character)) > 0; text += n, left -= n) {
		if (is_bad(character)) {
			*to++ = instead;
		} else {
			memcpy(to, text, n);
			to += n;
		}
	}
	return copy;
}

int mime_check_text(const char *text, const char *field, struct portal_error *err)
{
	const size_t len = strnlen(text, MIME_HEADER_BYTES_MAX + 1);
	int r = 0;

	if (len > MIME_HEADER_BYTES_MAX)
		r = portal_fail(err, PORTAL_INVALID, _("'%s' is longer than %zu bytes"), field,
			(size_t)MIME_HEADER_BYTES_MAX);
	else if (!utf8_valid(text, len))
		r = portal_fail(err, PORTAL_INVALID_TEXT, _("'%s' is not UTF-8"), field);
	return r < 0 ? portal_about_field(err, field) : 0;
}
