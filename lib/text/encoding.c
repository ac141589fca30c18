#include "text/encoding.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/i18n.h"

int encoding_parse(const char *word, enum encoding *ret, struct portal_error *err)
{
	static const char *const words[] = { "auto", "utf-8", "cp1252" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strcmp(word, words[i]) == 0) {
			*ret = (enum encoding)i;
			return 0;
		}
	}
	return portal_fail(
		err, PORTAL_USAGE, _("'%s' is not an encoding: auto, utf-8 or cp1252"), word);
}

static int length_by_first_byte(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* The second byte is where overlong forms, surrogates and characters above
 * U+10FFFF show. */
static bool second_byte_fits(unsigned char first, unsigned char second)
{
	unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
	unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

	return second >= low && second <= high;
}

int encoding_utf8_length(const char *text, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)text;
	int need = length_by_first_byte(bytes[0]);

	for (int i = 1; i < need; i++) {
		if ((size_t)i == len)
			return -1;
		if (i == 1 ? !second_byte_fits(bytes[0], bytes[1]) : (bytes[i] & 0xc0) != 0x80)
			return 0;
	}
	return need;
}

size_t encoding_utf8_sound(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		int step = encoding_utf8_length(text + at, len - at);

		if (step <= 0)
			break;
		at += (size_t)step;
	}
	return at;
}

size_t encoding_put_utf8(uint32_t character, char ret[4])
{
	static const unsigned char marks[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t len = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;

	for (size_t i = len - 1; i > 0; i--) {
		ret[i] = (char)(0x80 | (character & 0x3f));
		character >>= 6;
	}
	ret[0] = (char)(marks[len] | character);
	return len;
}

uint32_t encoding_from_cp1252(unsigned char byte)
{
	static const uint16_t high[32] = { 0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
		0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019,
		0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,
		0x017e, 0x0178 };

	return byte >= 0x80 && byte < 0xa0 ? high[byte - 0x80] : byte;
}

/* Reads until the block holds @wanted bytes or the file ends. */
static int read_at_least(struct source *source, size_t wanted)
{
	while (source->filled < wanted && !source->ended) {
		ssize_t got = read(source->fd, source->block + source->filled,
			SOURCE_BLOCK_BYTES - source->filled);

		if (got < 0 && errno != EINTR)
			return SOURCE_FAILED;
		if (got > 0)
			source->filled += (size_t)got;
		source->ended = got == 0;
	}
	return 0;
}

static bool is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] >= 0x80)
			return false;
	}
	return true;
}

/* A character cut by the end of the block decides nothing: when it is the only
 * one that is not ASCII, it is kept back until its other bytes are there. */
static void decide_encoding(struct source *source)
{
	size_t sound = encoding_utf8_sound(source->block, source->filled);
	size_t rest = source->filled - sound;
	bool cut = rest && encoding_utf8_length(source->block + sound, rest) < 0 && !source->ended;

	if (rest && !cut)
		source->encoding = ENCODING_CP1252;
	else if (!is_ascii(source->block, sound))
		source->encoding = ENCODING_UTF8;
	else
		source->end = sound;
}

static int next_block(struct source *source, size_t wanted)
{
	size_t held_back = source->filled - source->end;

	memmove(source->block, source->block + source->end, held_back);
	source->at = 0;
	source->filled = held_back;
	if (source->encoding == ENCODING_AUTO)
		wanted = SOURCE_BLOCK_BYTES;
	if (read_at_least(source, wanted) < 0)
		return SOURCE_FAILED;
	source->end = source->filled;
	if (source->encoding == ENCODING_AUTO)
		decide_encoding(source);
	return source->end > 0;
}

int source_fill(struct source *source)
{
	return source->at < source->end ? 1 : next_block(source, 1);
}

int source_failed(struct portal_error *err)
{
	return portal_fail(
		err, PORTAL_FAILURE, _("the input could not be read: %s"), strerror(errno));
}

static bool begins_with(const struct source *source, const char *mark)
{
	size_t len = strlen(mark);

	return source->filled >= len && memcmp(source->block, mark, len) == 0;
}

int source_open(struct source *source, int fd, enum encoding encoding, struct portal_error *err)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf";

	source->fd = fd;
	source->encoding = encoding;
	source->ended = false;
	source->at = source->end = source->filled = 0;
	if (next_block(source, strlen(byte_order_mark)) < 0)
		return source_failed(err);
	if (begins_with(source, "\xff\xfe") || begins_with(source, "\xfe\xff"))
		return portal_fail(
			err, PORTAL_INVALID_INPUT, _("the input is UTF-16; save it as UTF-8"));
	if (encoding != ENCODING_CP1252 && begins_with(source, byte_order_mark)) {
		source->encoding = ENCODING_UTF8;
		source->at = strlen(byte_order_mark);
	}
	return 0;
}
