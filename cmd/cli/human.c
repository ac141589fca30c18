#include "human.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include <portal/arena.h>
#include <portal/text.h>
#include <portal/time.h>

#include "text.h"

/* Where the width of characters comes from: without UTF-8 there (cron), every
 * letter with an accent would count as a control character. Only what people
 * read needs it, and finding it costs a tenth of a short command. */
static void use_utf8(void)
{
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8"))
		setlocale(LC_CTYPE, "C.UTF-8");
}

int human_init(struct human *human, struct arena *arena, const char *lang, const char *tz,
	struct portal_error *err)
{
	use_utf8();
	human->day_first = lang && !strncmp(lang, "pt", 2);
	return portal_zone_open(arena, tz ? tz : "UTC", &human->zone, err);
}

static const char *time_value(const struct human *human, struct arena *arena, portal_time time)
{
	struct portal_wall wall;

	if (!time.ms)
		return "";
	portal_zone_wall(human->zone, time, &wall);
	if (human->day_first)
		return arena_printf(arena, "%02d/%02d/%04d %02d:%02d", wall.day, wall.month,
			wall.year, wall.hour, wall.minute);
	return arena_printf(arena, "%04d-%02d-%02d %02d:%02d", wall.year, wall.month, wall.day,
		wall.hour, wall.minute);
}

/* "2026-12-31" with the day first; what is no date stays. */
static const char *date_value(const struct human *human, struct arena *arena, const char *date)
{
	if (!human->day_first || !date || strlen(date) != 10)
		return date;
	return arena_printf(arena, "%.2s/%.2s/%.4s", date + 8, date + 5, date);
}

/* A word of the column in the user's language; any other text is shown as it is. */
static const char *word_value(
	struct arena *arena, const struct portal_column *column, const char *text)
{
	const struct portal_word *words = column->field->words;
	const char *label;

	if (!text || !*text)
		return "";
	if (!words || !portal_word_known(words, text))
		return portal_text_printable(arena, text);
	label = portal_word_text(words, text);
	return label ? label : "";
}

/* The values of a list's lines; the last is NULL. */
static const char **line_values(
	struct arena *arena, const struct portal_column *column, const char *lines)
{
	size_t count = 1, len;
	const char **values, **value;

	for (const char *c = lines; *c; c++)
		count += *c == '\n';
	values = value = arena_array(arena, count + 1, sizeof(*values));
	for (; *lines; lines += len + (lines[len] != '\0')) {
		len = strcspn(lines, "\n");
		*value++ = word_value(arena, column, arena_strndup(arena, lines, len));
	}
	return values;
}

static const char *list_value(
	struct arena *arena, const struct portal_column *column, const char *lines)
{
	const char **values = line_values(arena, column, lines ? lines : "");
	size_t len = 1;
	char *joined, *end;

	for (const char **v = values; *v; v++)
		len += strlen(*v) + 2;
	joined = end = arena_alloc(arena, len);
	for (const char **v = values; *v; v++)
		end += snprintf(end, len - (size_t)(end - joined), "%s%s", *v, v[1] ? ", " : "");
	return joined;
}

static const char *id_value(struct arena *arena, int64_t id)
{
	return id ? arena_printf(arena, "%lld", (long long)id) : "";
}

const char *human_value(const struct human *human, struct arena *arena,
	const struct portal_column *column, const void *row)
{
	const char *text = portal_amount_text(arena, column, row);

	if (text)
		return text;
	switch (column->type) {
	case PORTAL_TEXT:
		text = portal_column_text(column, row);
		if (column->field->flags & PORTAL_FIELD_DATE)
			text = date_value(human, arena, text);
		return word_value(arena, column, text);
	case PORTAL_INT:
		return arena_printf(arena, "%lld", (long long)portal_column_int(column, row));
	case PORTAL_BOOL:
		return portal_column_int(column, row) ? _("yes") : _("no");
	case PORTAL_TIME:
		return time_value(human, arena, portal_column_time(column, row));
	case PORTAL_ID:
		return id_value(arena, portal_column_int(column, row));
	case PORTAL_LIST:
		return list_value(arena, column, portal_column_text(column, row));
	case PORTAL_JSON:
		break;
	}
	text = portal_text_printable(arena, portal_column_text(column, row));
	return text ? text : "";
}

const char *human_heading(const struct portal_column *column)
{
	const char *title = column->field->title;

	return title && *title ? _(title) : column->field->key;
}

/* One character: its bytes, and the columns that it takes. What is no UTF-8 takes a
 * column for each byte that is left. */
static size_t next_character(const char *text, size_t left, size_t *ret_columns)
{
	mbstate_t state = { 0 };
	wchar_t c;
	const size_t bytes = mbrtowc(&c, text, left, &state);
	int columns;

	*ret_columns = left;
	if (bytes == 0 || bytes > left)
		return left;
	columns = wcwidth(c);
	*ret_columns = columns > 0 ? (size_t)columns : 0;
	return bytes;
}

size_t human_width(const char *text)
{
	size_t width = 0, columns;

	for (size_t left = strlen(text), n; left > 0; text += n, left -= n) {
		n = next_character(text, left, &columns);
		width += columns;
	}
	return width;
}

size_t human_fitting(const char *text, size_t width)
{
	const char *end = text;
	size_t columns;

	for (size_t left = strlen(text), n; left > 0; end += n, left -= n) {
		n = next_character(end, left, &columns);
		if (columns > width)
			break;
		width -= columns;
	}
	return (size_t)(end - text);
}
