#include "base/tzif.h"

#include <string.h>

#include <portal/arena.h>

enum {
	HEADER_BYTES = 44,
	RULE_BYTES_MAX = 80,
	OFFSET_SECONDS_MAX = 26 * 3600,
};

/* One of the data blocks of a TZif file (RFC 8536, section 3). */
struct tzif_block {
	size_t time_width, time_count, type_count;
	const unsigned char *times, *indexes, *types;
	size_t size;
};

static uint32_t read_u32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t read_time(const unsigned char *p, size_t width)
{
	if (width == 4)
		return (int32_t)read_u32(p);
	return (int64_t)((uint64_t)read_u32(p) << 32 | read_u32(p + 4));
}

/* The header holds six counts; none can be larger than the file. */
static bool read_counts(const unsigned char *data, size_t size, size_t counts[static 6])
{
	if (size < HEADER_BYTES || memcmp(data, "TZif", 4) != 0)
		return false;
	for (size_t i = 0; i < 6; i++) {
		counts[i] = read_u32(data + 20 + 4 * i);
		if (counts[i] > TZIF_BYTES_MAX)
			return false;
	}
	return true;
}

static bool read_block(
	const unsigned char *data, size_t size, size_t time_width, struct tzif_block *ret)
{
	enum { IS_UT, IS_STANDARD, LEAP, TIME, TYPE, NAME_CHARS };
	size_t counts[6];

	if (!read_counts(data, size, counts))
		return false;
	ret->time_width = time_width;
	ret->time_count = counts[TIME];
	ret->type_count = counts[TYPE];
	ret->times = data + HEADER_BYTES;
	ret->indexes = ret->times + counts[TIME] * time_width;
	ret->types = ret->indexes + counts[TIME];
	ret->size = HEADER_BYTES + counts[TIME] * (time_width + 1) + counts[TYPE] * 6 +
		    counts[NAME_CHARS] + counts[IS_STANDARD] + counts[IS_UT];
	return counts[LEAP] == 0 && counts[TYPE] > 0 && ret->size <= size;
}

static bool take_offset_of_type(const struct tzif_block *block, size_t type, int32_t *ret)
{
	if (type >= block->type_count)
		return false;
	*ret = (int32_t)read_u32(block->types + 6 * type);
	return *ret >= -OFFSET_SECONDS_MAX && *ret <= OFFSET_SECONDS_MAX;
}

static bool take_transitions(struct arena *arena, const struct tzif_block *block, struct tzif *tzif)
{
	tzif->count = block->time_count;
	tzif->times = arena_array(arena, tzif->count, sizeof(*tzif->times));
	tzif->offsets = arena_array(arena, tzif->count, sizeof(*tzif->offsets));
	for (size_t i = 0; i < tzif->count; i++) {
		tzif->times[i] = read_time(block->times + i * block->time_width, block->time_width);
		if (i > 0 && tzif->times[i] <= tzif->times[i - 1])
			return false;
		if (!take_offset_of_type(block, block->indexes[i], &tzif->offsets[i]))
			return false;
	}
	return take_offset_of_type(block, 0, &tzif->first_offset);
}

static bool take_char(const char **cursor, char wanted)
{
	if (**cursor != wanted)
		return false;
	(*cursor)++;
	return true;
}

static bool take_number(const char **cursor, int most, int *ret)
{
	const char *start = *cursor;
	int value = 0;

	for (; **cursor >= '0' && **cursor <= '9' && value <= most; (*cursor)++)
		value = value * 10 + **cursor - '0';
	*ret = value;
	return *cursor > start && value <= most;
}

/* [+-]hours[:minutes[:seconds]] */
static bool take_seconds(const char **cursor, int hours_most, int32_t *ret)
{
	bool is_negative = **cursor == '-';
	int hours, minutes = 0, seconds = 0;

	if (!take_char(cursor, '-'))
		take_char(cursor, '+');
	if (!take_number(cursor, hours_most, &hours))
		return false;
	if (take_char(cursor, ':') && !take_number(cursor, 59, &minutes))
		return false;
	if (take_char(cursor, ':') && !take_number(cursor, 59, &seconds))
		return false;
	*ret = (hours * 3600 + minutes * 60 + seconds) * (is_negative ? -1 : 1);
	return true;
}

static bool take_zone_name(const char **cursor)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	size_t len;

	if (take_char(cursor, '<')) {
		*cursor += strcspn(*cursor, ">");
		return take_char(cursor, '>');
	}
	len = strspn(*cursor, letters);
	*cursor += len;
	return len >= 3;
}

static bool take_month_rule(const char **cursor, struct rule_day *ret)
{
	ret->kind = 'M';
	return take_number(cursor, 12, &ret->month) && ret->month >= 1 && take_char(cursor, '.') &&
	       take_number(cursor, 5, &ret->week) && ret->week >= 1 && take_char(cursor, '.') &&
	       take_number(cursor, 6, &ret->day);
}

static bool take_day_of_year(const char **cursor, struct rule_day *ret)
{
	ret->kind = take_char(cursor, 'J') ? 'J' : 'N';
	return take_number(cursor, 365, &ret->day) && (ret->kind == 'N' || ret->day >= 1);
}

static bool take_rule_day(const char **cursor, struct rule_day *ret)
{
	ret->seconds = 2 * 3600;
	if (take_char(cursor, 'M') ? !take_month_rule(cursor, ret) : !take_day_of_year(cursor, ret))
		return false;
	return !take_char(cursor, '/') || take_seconds(cursor, 167, &ret->seconds);
}

/* POSIX counts offsets westward. */
static bool take_rule_offset(const char **cursor, int32_t *ret)
{
	if (!take_seconds(cursor, 24, ret))
		return false;
	*ret = -*ret;
	return true;
}

static bool take_summer(const char **cursor, struct tz_rule *ret)
{
	ret->summer_offset = ret->standard_offset + 3600;
	if (!take_zone_name(cursor))
		return false;
	if (**cursor != ',' && !take_rule_offset(cursor, &ret->summer_offset))
		return false;
	return take_char(cursor, ',') && take_rule_day(cursor, &ret->summer_begins) &&
	       take_char(cursor, ',') && take_rule_day(cursor, &ret->summer_ends);
}

static bool read_rule(const char *text, struct tz_rule *ret)
{
	if (!take_zone_name(&text) || !take_rule_offset(&text, &ret->standard_offset))
		return false;
	ret->summer_offset = ret->standard_offset;
	return *text == '\0' || (take_summer(&text, ret) && *text == '\0');
}

/* The rule stands between two newlines after the data; it may be empty. */
static bool take_footer(
	struct arena *arena, const unsigned char *data, size_t size, struct tzif *tzif)
{
	const unsigned char *end;
	size_t len;

	if (size < 2 || data[0] != '\n')
		return false;
	end = memchr(data + 1, '\n', size - 1);
	if (!end)
		return false;
	len = (size_t)(end - data) - 1;
	if (len == 0)
		return true;
	if (len > RULE_BYTES_MAX)
		return false;
	tzif->rule = arena_new(arena, struct tz_rule);
	return read_rule(arena_strndup(arena, (const char *)data + 1, len), tzif->rule);
}

bool tzif_read(struct arena *arena, const unsigned char *data, size_t size, struct tzif *ret)
{
	struct tzif_block block;

	if (!read_block(data, size, 4, &block))
		return false;
	if (data[4] < '2')
		return take_transitions(arena, &block, ret);
	data += block.size;
	size -= block.size;
	return read_block(data, size, 8, &block) && take_transitions(arena, &block, ret) &&
	       take_footer(arena, data + block.size, size - block.size, ret);
}
