#include <portal/text.h>

#include <stdbool.h>
#include <string.h>

#include <portal/arena.h>

#include "base/buf.h"
#include "base/utf8.h"

static bool is_printable(const char *text, size_t len)
{
	uint32_t character;
	size_t n;

	for (; len > 0; text += n, len -= n) {
		n = utf8_next(text, len, &character);
		if (n == 0 || utf8_is_hazard(character))
			return false;
	}
	return true;
}

static void put_number(struct buf *buf, uint32_t character)
{
	if (character < 0x100)
		buf_printf(buf, "\\x%02x", (unsigned)character);
	else if (character < 0x10000)
		buf_printf(buf, "\\u%04x", (unsigned)character);
	else
		buf_printf(buf, "\\U%08x", (unsigned)character);
}

static size_t put_character(struct buf *buf, const char *text, size_t len)
{
	uint32_t character;
	size_t n = utf8_next(text, len, &character);

	if (n == 0)
		put_number(buf, (unsigned char)*text);
	else if (utf8_is_hazard(character))
		put_number(buf, character);
	else
		buf_add(buf, text, n);
	return n ? n : 1;
}

const char *portal_text_printable(struct arena *arena, const char *text)
{
	_cleanup_buf_ struct buf buf = { .fd = -1 };
	size_t len = text ? strlen(text) : 0;

	if (is_printable(text, len))
		return text;
	for (size_t done = 0; done < len;)
		done += put_character(&buf, text + done, len - done);
	return arena_strndup(arena, buf_text(&buf), buf.len);
}
