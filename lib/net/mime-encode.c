/* The bodies of parts. */
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "net/mime-private.h"

char *mime_base64_put(char *to, const void *data, size_t len)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *bytes = data;

	for (; len >= 3; bytes += 3, len -= 3) {
		*to++ = letters[bytes[0] >> 2];
		*to++ = letters[(bytes[0] & 3) << 4 | bytes[1] >> 4];
		*to++ = letters[(bytes[1] & 15) << 2 | bytes[2] >> 6];
		*to++ = letters[bytes[2] & 63];
	}
	if (len > 0) {
		const unsigned char second = len > 1 ? bytes[1] : 0;

		*to++ = letters[bytes[0] >> 2];
		*to++ = letters[(bytes[0] & 3) << 4 | second >> 4];
		*to++ = len > 1 ? letters[(second & 15) << 2] : '=';
		*to++ = '=';
	}
	return to;
}

size_t mime_base64_lines(char *to, const void *data, size_t len)
{
	const unsigned char *bytes = data;
	const char *const begin = to;

	for (size_t n; len > 0; bytes += n, len -= n) {
		n = len < MIME_BASE64_BYTES ? len : MIME_BASE64_BYTES;
		to = mime_base64_put(to, bytes, n);
		*to++ = '\r';
		*to++ = '\n';
	}
	return (size_t)(to - begin);
}

int64_t mime_base64_size(int64_t len)
{
	const int64_t rest = len % MIME_BASE64_BYTES;

	return len / MIME_BASE64_BYTES * (MIME_LINE_CHARS + 2) +
	       (rest > 0 ? (rest + 2) / 3 * 4 + 2 : 0);
}

static void add_line_break(struct buf *out)
{
	buf_add(out, "\r\n", 2);
}

static void add_with_crlf(struct buf *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\r' || text[i] == '\n')
			add_line_break(out);
		else
			buf_char(out, text[i]);
		if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n')
			i++;
	}
	if (len > 0 && text[len - 1] != '\r' && text[len - 1] != '\n')
		add_line_break(out);
}

/* May the first of the @left chars of a line stand for itself, @column chars into the
 * line that is written? A blank at the end might get lost, and what begins with a dot or
 * "From " might be changed by who passes the message on. */
static bool is_literal(const char *text, size_t left, size_t column)
{
	if (*text == ' ' || *text == '\t')
		return left > 1;
	if (column == 0 && (*text == '.' || (left >= 5 && !memcmp(text, "From ", 5))))
		return false;
	return *text > ' ' && *text <= '~' && *text != '=';
}

static size_t quoted_width(const char *text, size_t left, size_t column)
{
	return is_literal(text, left, column) ? 1 : 3;
}

/* Leaves room for the "=" that goes on in the next line. */
static void add_quoted_line(struct buf *out, const char *line, size_t len)
{
	char escaped[3];
	size_t column = 0;

	for (size_t i = 0; i < len; i++) {
		const size_t room = MIME_LINE_CHARS - (i + 1 < len);
		size_t width = quoted_width(line + i, len - i, column);

		if (column + width > room) {
			buf_str(out, "=\r\n");
			column = 0;
			width = quoted_width(line + i, len - i, column);
		}
		if (width == 1)
			buf_char(out, line[i]);
		else
			buf_add(out, escaped,
				(size_t)(mime_put_hex(escaped, '=', line[i]) - escaped));
		column += width;
	}
	add_line_break(out);
}

/* @lines are text whose lines all end in CRLF, and hold no other CR or LF. */
static void add_quoted(struct buf *out, const struct buf *lines)
{
	for (size_t at = 0; at < lines->len;) {
		const char *line = lines->data + at;
		const char *end = memchr(line, '\r', lines->len - at);
		const size_t len = (size_t)(end - line);

		add_quoted_line(out, line, len);
		at += len + 2;
	}
}

static void add_base64(struct buf *out, const struct buf *data)
{
	const int64_t size = mime_base64_size((int64_t)data->len);

	if (buf_make_room(out, (size_t)size))
		out->len += mime_base64_lines(out->data + out->len, data->data, data->len);
}

static void add_shorter(struct buf *out, const struct buf *lines, struct buf *quoted)
{
	const bool is_quoted = (int64_t)quoted->len <= mime_base64_size((int64_t)lines->len);

	buf_printf(out, "Content-Transfer-Encoding: %s\r\n\r\n",
		is_quoted ? "quoted-printable" : "base64");
	if (is_quoted)
		buf_str(out, buf_text(quoted));
	else
		add_base64(out, lines);
}

int mime_put_text(struct buf *out, const char *subtype, const char *text, size_t len,
	struct portal_error *err)
{
	_cleanup_buf_ struct buf lines;
	_cleanup_buf_ struct buf quoted;

	buf_init(&lines);
	buf_init(&quoted);
	add_with_crlf(&lines, text, len);
	if (!lines.error)
		add_quoted(&quoted, &lines);
	if (lines.error || quoted.error)
		return portal_fail(err, PORTAL_NO_MEMORY, _("there is not enough memory"));
	buf_printf(out, "Content-Type: text/%s; charset=utf-8\r\n", subtype);
	add_shorter(out, &lines, &quoted);
	return 0;
}
