#include "text/writer.h"

#include <string.h>

#include "base/time.h"
#include "base/utf8.h"

/* Bytes that stand for themselves and need no second look. */
static bool is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* Sets the high bit of bytes of @word that are @c; those above one that is may
 * get it as well, so only zero or not zero counts. */
static uint64_t bytes_equal(uint64_t word, unsigned char c)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t other = word ^ ones * c;

	return (other - ones) & ~other;
}

static bool word_is_plain(const char *text)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t word, controls;

	memcpy(&word, text, sizeof(word));
	controls = (word - ones * ' ') | bytes_equal(word, 0x7f);
	return !((word | controls | bytes_equal(word, '"') | bytes_equal(word, '\\')) & ones << 7);
}

static const char *skip_plain(const char *text, const char *end)
{
	while (end - text >= 8 && word_is_plain(text))
		text += 8;
	while (text < end && is_plain((unsigned char)*text))
		text++;
	return text;
}

static void put_escape(struct buf *buf, uint32_t character)
{
	static const char digits[] = "0123456789abcdef";
	char escape[6] = { '\\', 'u', digits[character >> 12 & 15], digits[character >> 8 & 15],
		digits[character >> 4 & 15], digits[character & 15] };

	buf_add(buf, escape, sizeof(escape));
}

static void put_ascii_escape(struct buf *buf, char c)
{
	static const char named[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	const char *at = strchr(named, c);

	if (!at) {
		put_escape(buf, (unsigned char)c);
		return;
	}
	buf_char(buf, '\\');
	buf_char(buf, letters[at - named]);
}

/* U+FEFF, U+FFFE and U+FFFF: readers of YAML take them for no characters of a text. */
static bool is_escaped(uint32_t character)
{
	return character < 0xa0 || character == 0x2028 || character == 0x2029 ||
	       character == 0xfeff || character == 0xfffe || character == 0xffff;
}

/* What is at @text and not plain; returns how many bytes it was. */
static size_t put_special(struct buf *buf, const char *text)
{
	uint32_t character;
	size_t n;

	if ((unsigned char)*text < 0x80) {
		put_ascii_escape(buf, *text);
		return 1;
	}
	/* The NUL ends a sequence that is cut off, so four bytes may be claimed. */
	n = utf8_next(text, 4, &character);
	if (n == 0)
		buf_str(buf, "\xef\xbf\xbd");
	else if (is_escaped(character))
		put_escape(buf, character);
	else
		buf_add(buf, text, n);
	return n ? n : 1;
}

static void put_inside(struct buf *buf, const char *text, const char *end)
{
	while (text < end) {
		const char *run = text;

		text = skip_plain(text, end);
		buf_add(buf, run, (size_t)(text - run));
		if (text < end)
			text += put_special(buf, text);
	}
}

void json_put_string(struct buf *buf, const char *text)
{
	buf_char(buf, '"');
	put_inside(buf, text, text + strlen(text));
	buf_char(buf, '"');
}

void json_put_member(struct buf *buf, const char *key, const char *text)
{
	buf_printf(buf, ",\"%s\":", key);
	if (text)
		json_put_string(buf, text);
	else
		buf_str(buf, "null");
}

void portal_put_json(struct portal_writer *writer, const char *text)
{
	if (text)
		json_put_string(&writer->buf, text);
	else
		buf_add(&writer->buf, "null", 4);
}

static void put_list(struct buf *buf, const char *lines)
{
	const char *line;
	size_t len;
	char before = '[';

	while (list_next(&lines, &line, &len)) {
		buf_char(buf, before);
		buf_char(buf, '"');
		put_inside(buf, line, line + len);
		buf_char(buf, '"');
		before = ',';
	}
	buf_str(buf, before == '[' ? "[]" : "]");
}

/* Line breaks in JSON stand between values only, where a space means the same,
 * and a record is one line. */
static void put_raw(struct buf *buf, const char *text)
{
	if (!text || !*text)
		text = "null";
	for (;;) {
		size_t len = strcspn(text, "\r\n");

		buf_add(buf, text, len);
		if (text[len] == '\0')
			return;
		buf_char(buf, ' ');
		text += len + 1;
	}
}

static void put_time(struct buf *buf, portal_time time)
{
	char quoted[32];

	quoted[0] = '"';
	time_format_utc(time, quoted + 1);
	quoted[21] = '"';
	buf_add(buf, quoted, 22);
}

static void put_text(struct buf *buf, const char *text)
{
	if (text)
		json_put_string(buf, text);
	else
		buf_add(buf, "null", 4);
}

void json_put_id(struct buf *buf, int64_t id)
{
	if (id)
		buf_int64(buf, id);
	else
		buf_add(buf, "null", 4);
}

static void put_value(struct buf *buf, const struct portal_column *column, const void *row)
{
	switch (column->type) {
	case PORTAL_TEXT:
		put_text(buf, portal_column_text(column, row));
		break;
	case PORTAL_INT:
		buf_int64(buf, portal_column_int(column, row));
		break;
	case PORTAL_BOOL:
		buf_str(buf, portal_column_int(column, row) ? "true" : "false");
		break;
	case PORTAL_TIME:
		if (portal_column_time(column, row).ms)
			put_time(buf, portal_column_time(column, row));
		else
			put_text(buf, NULL);
		break;
	case PORTAL_ID:
		json_put_id(buf, portal_column_int(column, row));
		break;
	case PORTAL_LIST:
		put_list(buf, portal_column_text(column, row));
		break;
	case PORTAL_JSON:
		put_raw(buf, portal_column_text(column, row));
		break;
	}
}

void portal_put_members(
	struct portal_writer *writer, const struct portal_columns *columns, const void *row)
{
	for (size_t i = 0; i < columns->count; i++) {
		const struct portal_column *column = &columns->columns[i];

		buf_add(&writer->buf, column->json_key, column->json_key_len);
		put_value(&writer->buf, column, row);
	}
}

void portal_put_record(
	struct portal_writer *writer, const struct portal_columns *columns, const void *row)
{
	portal_put_members(writer, columns, row);
	buf_char(&writer->buf, '}');
}
