#include <portal/input.h>

#include <stdio.h>
#include <string.h>

#include <portal/arena.h>
#include "base/i18n.h"
#include "base/utf8.h"
#include "base/zone.h"

enum { SHOWN_MAX_CHARACTERS = 80, SHOWN_BYTES = SHOWN_MAX_CHARACTERS * 4 * 4 + 8 };

static bool is_control(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0);
}

bool portal_text_is_sound(const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		uint32_t character = 0;
		size_t bytes = utf8_next(text, len, &character);

		if (!bytes)
			return false;
		if (is_control(character) && character != '\t' && character != '\n')
			return false;
		text += bytes;
		len -= bytes;
	}
	return true;
}

static size_t put_bytes(char *to, const char *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		snprintf(to + i * 4, 5, "\\x%02x", (unsigned char)from[i]);
	return count * 4;
}

const char *portal_text_shown(struct arena *arena, const char *text)
{
	char buf[SHOWN_BYTES];
	size_t len = strlen(text), used = 0;
	int shown = 0;

	for (; len > 0 && shown < SHOWN_MAX_CHARACTERS; shown++) {
		uint32_t character = 0;
		size_t bytes = utf8_next(text, len, &character);
		size_t taken = bytes ? bytes : 1;

		if (!bytes || utf8_is_hazard(character)) {
			used += put_bytes(buf + used, text, taken);
		} else {
			memcpy(buf + used, text, bytes);
			used += bytes;
		}
		text += taken;
		len -= taken;
	}
	return arena_printf(arena, "%.*s%s", (int)used, buf, len ? "…" : "");
}

int portal_input_zone(struct arena *arena, const char *directory, const char *name,
	struct zone **ret_zone, struct portal_error *err)
{
	return zone_load(arena, directory, name, ret_zone, err);
}

int portal_time_read(
	const struct zone *zone, const char *text, portal_time *ret_time, struct portal_error *err)
{
	if (zone_parse_time(zone, text, ret_time) == 0)
		return 0;
	return portal_fail(err, PORTAL_INVALID_TIME,
		_("'%.100s' is no time; write 2026-03-01T12:00:00Z or 2026-03-01"), text);
}
