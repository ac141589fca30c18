/* The header of the part that an attachment is. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <portal/arena.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "net/mime-private.h"

enum { MEDIA_CHARS_MAX = 127, CHARACTER_BYTES_MAX = 4 };

/* What keeps a line of a field within bounds: a blank before, ";" behind. */
enum { PARAMETER_CHARS_MAX = MIME_LINE_CHARS - 2 };

static bool is_no_part_of_a_file_name(uint32_t character)
{
	return utf8_is_hazard(character) || character == '/' || character == '\\';
}

static size_t media_name_chars(const char *text)
{
	const size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz" MIME_DIGITS "!#$&-^_.+");

	return len <= MEDIA_CHARS_MAX ? len : 0;
}

/* RFC 6838, 4.2, in lower case. */
static bool is_media_type(const char *text)
{
	const size_t type = media_name_chars(text);
	const size_t subtype =
		type > 0 && text[type] == '/' ? media_name_chars(text + type + 1) : 0;

	return subtype > 0 && text[type + 1 + subtype] == '\0';
}

static bool may_be_base64(const char *media_type)
{
	return strncmp(media_type, "message/", 8) && strncmp(media_type, "multipart/", 10);
}

/* The name for those who read ASCII alone: of a long one the end, which has the suffix. */
static const char *plain_name(struct arena *arena, const char *name)
{
	char *plain = arena_alloc(arena, strlen(name) + 1);
	size_t len = 0, n;
	uint32_t character;

	if (mime_is_quotable(name))
		return name;
	for (; (n = utf8_next(name, strnlen(name, CHARACTER_BYTES_MAX), &character)) > 0; name += n)
		plain[len++] = character < 0x7f && !strchr(" \"?", *name) ? *name : '_';
	return len > MIME_PLAIN_CHARS_MAX ? plain + len - MIME_PLAIN_CHARS_MAX : plain;
}

/* A character in the way of RFC 2231: an attr-char, or "%" and digits for every byte. */
static char *put_extended(char *to, const char *character, size_t len)
{
	if (len == 1 && strchr(MIME_LETTERS MIME_DIGITS "!#$&+-.^_`{|}~", *character)) {
		*to++ = *character;
		return to;
	}
	for (size_t i = 0; i < len; i++)
		to = mime_put_hex(to, '%', character[i]);
	return to;
}

/* Writes behind "filename*0*=" what of *@name fits, steps over it, and returns the end. */
static char *put_section(char *to, const char *end, const char **name)
{
	char coded[3 * CHARACTER_BYTES_MAX];
	uint32_t character;
	size_t n, len;

	while ((n = utf8_next(*name, strnlen(*name, CHARACTER_BYTES_MAX), &character)) > 0) {
		len = (size_t)(put_extended(coded, *name, n) - coded);
		if (len > (size_t)(end - to))
			break;
		memcpy(to, coded, len);
		to += len;
		*name += n;
	}
	return to;
}

static void add_sections(struct mime_field *field, const char *name)
{
	char word[PARAMETER_CHARS_MAX + 1], *to;

	for (int i = 0; *name; i++) {
		to = word + snprintf(word, sizeof(word), "filename*%d*=%s", i, i ? "" : "UTF-8''");
		to = put_section(to, word + PARAMETER_CHARS_MAX, &name);
		if (*name)
			*to++ = ';';
		mime_field_word(field, word, (size_t)(to - word));
	}
}

static void add_extended_name(struct mime_field *field, const char *name)
{
	char word[PARAMETER_CHARS_MAX] = "filename*=UTF-8''";
	const char *rest = name;
	char *end = put_section(word + strlen(word), word + sizeof(word), &rest);

	if (*rest)
		add_sections(field, name);
	else
		mime_field_word(field, word, (size_t)(end - word));
}

static void add_plain_name(
	struct mime_field *field, struct arena *arena, const char *parameter, const char *name)
{
	const char *word = arena_printf(arena, "%s=\"%s\"", parameter, name);

	mime_field_word(field, word, strlen(word));
}

static void put_type(struct buf *out, struct arena *arena, const char *media_type, const char *name)
{
	struct mime_field field = mime_field_begin(out, "Content-Type");
	const char *word = arena_printf(
		arena, "%s;", may_be_base64(media_type) ? media_type : "application/octet-stream");

	mime_field_word(&field, word, strlen(word));
	add_plain_name(&field, arena, "name", plain_name(arena, name));
	mime_field_end(&field);
	buf_str(out, "Content-Transfer-Encoding: base64\r\n");
}

static void put_disposition(struct buf *out, struct arena *arena, const char *name)
{
	struct mime_field field = mime_field_begin(out, "Content-Disposition");

	mime_field_words(&field, "attachment;");
	if (mime_is_quotable(name))
		add_plain_name(&field, arena, "filename", name);
	else
		add_extended_name(&field, name);
	mime_field_end(&field);
}

int mime_put_file_header(struct buf *out, struct arena *arena,
	const struct mime_attachment *attachment, struct portal_error *err)
{
	const char *name = attachment->name[0] ? attachment->name : "attachment";
	const int r = mime_check_text(name, "name", err);

	if (r < 0)
		return r;
	if (!is_media_type(attachment->media_type))
		return portal_fail(err, PORTAL_INVALID,
			_("'%s' is not a media type like application/pdf"), attachment->media_type);
	name = mime_replaced(arena, name, is_no_part_of_a_file_name, '_');
	put_type(out, arena, attachment->media_type, name);
	put_disposition(out, arena, name);
	buf_add(out, "\r\n", 2);
	return 0;
}
