/* What a file is, by its content alone: names lie. */
#include <string.h>

#include "base/utf8.h"
#include "file.h"

struct magic {
	size_t at;
	const char *bytes;
	size_t len;
	const char *type;
};

#define MAGIC(at, bytes, type) \
	{ \
		at, bytes, sizeof(bytes) - 1, type \
	}

/* Inner ones of a family stand before the family. */
static const struct magic magics[] = {
	MAGIC(0, "%PDF-", "application/pdf"),
	MAGIC(0, "\x89PNG\r\n\x1a\n", "image/png"),
	MAGIC(0, "\xff\xd8\xff", "image/jpeg"),
	MAGIC(0, "GIF87a", "image/gif"),
	MAGIC(0, "GIF89a", "image/gif"),
	MAGIC(8, "WEBPVP8", "image/webp"),
	MAGIC(8, "WAVEfmt ", "audio/wav"),
	MAGIC(28, "OpusHead", "audio/ogg"),
	MAGIC(28, "\x01vorbis", "audio/ogg"),
	MAGIC(0, "OggS", "application/ogg"),
	MAGIC(0, "ID3", "audio/mpeg"),
	MAGIC(0, "\xff\xfb", "audio/mpeg"),
	MAGIC(0, "\xff\xf3", "audio/mpeg"),
	MAGIC(0, "\xff\xf2", "audio/mpeg"),
	MAGIC(0, "\xff\xf1", "audio/aac"),
	MAGIC(0, "\xff\xf9", "audio/aac"),
};

#define OOXML "application/vnd.openxmlformats-officedocument."
#define ODF "application/vnd.oasis.opendocument."

/* The brands of one family of containers: what is in one, nobody knows by the family. */
static const struct magic brands[] = {
	MAGIC(0, "heic", "image/heic"),
	MAGIC(0, "heix", "image/heic"),
	MAGIC(0, "mif1", "image/heic"),
	MAGIC(0, "msf1", "image/heic"),
	MAGIC(0, "avif", "image/avif"),
	MAGIC(0, "M4A", "audio/mp4"),
	MAGIC(0, "qt", "video/quicktime"),
	MAGIC(0, "3gp", "video/3gpp"),
	MAGIC(0, "iso", "video/mp4"),
	MAGIC(0, "mp4", "video/mp4"),
	MAGIC(0, "avc1", "video/mp4"),
	MAGIC(0, "M4V", "video/mp4"),
};

/* By what the first entries of an archive are called. */
static const struct magic entries[] = {
	MAGIC(0, "word/", OOXML "wordprocessingml.document"),
	MAGIC(0, "xl/", OOXML "spreadsheetml.sheet"),
	MAGIC(0, "ppt/", OOXML "presentationml.presentation"),
	MAGIC(0, "mimetype" ODF "text", ODF "text"),
	MAGIC(0, "mimetype" ODF "spreadsheet", ODF "spreadsheet"),
	MAGIC(0, "mimetype" ODF "presentation", ODF "presentation"),
};

enum { ZIP_HEADER = 30, BRAND = 8 };

static bool fits(const struct magic *magic, const unsigned char *head, size_t len)
{
	return len >= magic->at + magic->len &&
	       memcmp(head + magic->at, magic->bytes, magic->len) == 0;
}

static const char *find(
	const struct magic *magic, size_t count, const unsigned char *head, size_t len)
{
	for (; count > 0; magic++, count--)
		if (fits(magic, head, len))
			return magic->type;
	return NULL;
}

#define FIND(table, head, len) find(table, sizeof(table) / sizeof(*(table)), head, len)

static const char *zip_type(const unsigned char *head, size_t len)
{
	const unsigned char *at = head, *end = head + len;

	while (at && (size_t)(end - at) > ZIP_HEADER) {
		const char *type = FIND(entries, at + ZIP_HEADER, (size_t)(end - at) - ZIP_HEADER);

		if (type)
			return type;
		at = memmem(at + 1, (size_t)(end - at) - 1, "PK\3\4", 4);
	}
	return "application/zip";
}

/* The last character may stand half in the head. */
static size_t whole_characters(const unsigned char *head, size_t len)
{
	size_t back = 0;

	if (len < FILE_HEAD_BYTES)
		return len;
	while (back < 3 && (head[len - 1 - back] & 0xc0) == 0x80)
		back++;
	return len - back - (head[len - 1 - back] >= 0xc0);
}

/* Tabs, ends of lines and of pages are the only controls that text has. */
static bool is_text(const unsigned char *head, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((head[i] < ' ' && !strchr("\t\n\r\f", head[i])) || head[i] == 0x7f || !head[i])
			return false;
	return len > 0 && utf8_valid((const char *)head, whole_characters(head, len));
}

static bool is_xml(const unsigned char *head, size_t len)
{
	if (len >= 3 && !memcmp(head, "\xef\xbb\xbf", 3)) {
		head += 3;
		len -= 3;
	}
	return len >= 5 && !memcmp(head, "<?xml", 5);
}

const char *file_type(const unsigned char *head, size_t len)
{
	const char *type = FIND(magics, head, len);

	if (type)
		return type;
	if (len >= 4 && (!memcmp(head, "PK\3\4", 4) || !memcmp(head, "PK\5\6", 4)))
		return zip_type(head, len);
	if (len >= BRAND && !memcmp(head + 4, "ftyp", 4)) {
		type = FIND(brands, head + BRAND, len - BRAND);
		return type ? type : "application/octet-stream";
	}
	if (is_xml(head, len))
		return "application/xml";
	return is_text(head, len) ? "text/plain" : "application/octet-stream";
}
