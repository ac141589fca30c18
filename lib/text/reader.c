#include <portal/reader.h>

#include <stdlib.h>
#include <string.h>

#include <portal/arena.h>
#include "base/i18n.h"
#include "text/csv.h"
#include "text/json.h"
#include "text/lines.h"

struct portal_reader {
	enum portal_reader_format format;
	struct lines *lines;
	struct csv *csv;
	struct arena keys_arena;
	const char **keys;
	int key_count;
	bool ended;
};

static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The keys are sorted in a copy, so that a long header costs no square. */
static int check_keys(struct portal_reader *reader, struct portal_error *err)
{
	size_t count = (size_t)reader->key_count;
	const char **sorted = arena_array(&reader->keys_arena, count, sizeof(*sorted));

	memcpy(sorted, reader->keys, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare_keys);
	for (size_t i = 0; i < count; i++) {
		if (!*sorted[i])
			return portal_fail(err, PORTAL_INVALID_INPUT,
				_("the first line names the columns, and one has no name"));
		if (i > 0 && !strcmp(sorted[i - 1], sorted[i]))
			return portal_fail(err, PORTAL_INVALID_INPUT,
				_("the first line names the column '%.100s' twice"), sorted[i]);
	}
	return 0;
}

static int read_keys(struct portal_reader *reader, struct portal_error *err)
{
	struct csv_row row;
	int rc = csv_next(reader->csv, &row, err);

	if (rc < 0)
		return rc;
	if (rc == 0) {
		reader->ended = true;
		return 0;
	}
	reader->key_count = row.count;
	reader->keys = arena_array(&reader->keys_arena, (size_t)row.count, sizeof(*reader->keys));
	for (int i = 0; i < row.count; i++)
		reader->keys[i] = arena_strdup(&reader->keys_arena, row.fields[i]);
	return check_keys(reader, err);
}

static int open_source(struct portal_reader *reader, int fd, struct portal_error *err)
{
	int rc;

	if (reader->format != PORTAL_READER_CSV)
		return lines_open(&reader->lines, fd, err);
	rc = csv_open(&reader->csv, fd, NULL, err);
	return rc < 0 ? rc : read_keys(reader, err);
}

int portal_reader_open(struct portal_reader **ret_reader, int fd, enum portal_reader_format format,
	struct portal_error *err)
{
	struct portal_reader *reader = calloc(1, sizeof(*reader));
	int rc;

	if (!reader)
		return portal_fail(err, PORTAL_NO_MEMORY, _("there is not enough memory"));
	reader->format = format;
	if (err->arena)
		reader->keys_arena.out_of_memory = err->arena->out_of_memory;
	rc = open_source(reader, fd, err);
	if (rc < 0) {
		portal_reader_close(&reader);
		return rc;
	}
	*ret_reader = reader;
	return 0;
}

void portal_reader_close(struct portal_reader **reader)
{
	if (!*reader)
		return;
	lines_close(&(*reader)->lines);
	csv_close(&(*reader)->csv);
	arena_release(&(*reader)->keys_arena);
	free(*reader);
	*reader = NULL;
}

static int not_a_value(const char *key, struct portal_error *err)
{
	portal_fail(err, PORTAL_INVALID_INPUT,
		_("'%.100s' takes a text, an integer, true, false, or a list of texts"), key);
	return portal_about_field(err, key);
}

static int take_list(struct arena *arena, const struct json *list, struct portal_value *ret,
	struct portal_error *err)
{
	const char **items;
	size_t count = 0;

	for (const struct json *m = json_first(list); m; m = json_next(m))
		count++;
	items = arena_array(arena, count ? count : 1, sizeof(*items));
	for (const struct json *m = json_first(list); m; m = json_next(m)) {
		items[ret->count] = json_text(m);
		if (!items[ret->count++])
			return not_a_value(ret->key, err);
	}
	ret->type = PORTAL_VALUE_LIST;
	ret->items = items;
	return 0;
}

static int take_number(
	const struct json *member, struct portal_value *ret, struct portal_error *err)
{
	int64_t number;

	if (!json_int64(member, &number))
		return not_a_value(ret->key, err);
	ret->type = PORTAL_VALUE_NUMBER;
	ret->text = json_number(member);
	return 0;
}

static int take_bool(const struct json *member, struct portal_value *ret)
{
	bool on = false;

	json_bool(member, &on);
	ret->type = on ? PORTAL_VALUE_TRUE : PORTAL_VALUE_FALSE;
	return 0;
}

static int take_member(struct arena *arena, const struct json *member, struct portal_value *ret,
	struct portal_error *err)
{
	ret->key = json_key(member);
	switch (json_type(member)) {
	case JSON_NULL:
		return 0;
	case JSON_STRING:
		ret->type = PORTAL_VALUE_TEXT;
		ret->text = json_text(member);
		return 0;
	case JSON_NUMBER:
		return take_number(member, ret, err);
	case JSON_BOOL:
		return take_bool(member, ret);
	case JSON_ARRAY:
		return take_list(arena, member, ret, err);
	case JSON_OBJECT:
	case JSON_ABSENT:
		break;
	}
	return not_a_value(ret->key, err);
}

static int take_object(struct arena *arena, const struct json *object, struct portal_input *ret,
	struct portal_error *err)
{
	struct portal_value *values;
	size_t count = 0;

	if (json_type(object) != JSON_OBJECT)
		return portal_fail(err, PORTAL_INVALID_INPUT,
			_("a record is one JSON object on a line of its own"));
	for (const struct json *m = json_first(object); m; m = json_next(m))
		count++;
	values = arena_array(arena, count ? count : 1, sizeof(*values));
	for (const struct json *m = json_first(object); m; m = json_next(m)) {
		int rc = take_member(arena, m, &values[ret->count++], err);

		if (rc < 0)
			return rc;
	}
	ret->values = values;
	return 1;
}

static int take_id(struct arena *arena, const struct line *line, struct portal_input *ret)
{
	struct portal_value *value = arena_new(arena, struct portal_value);

	value->type = PORTAL_VALUE_TEXT;
	value->text = arena_strndup(arena, line->text, line->len);
	ret->values = value;
	ret->count = 1;
	return 1;
}

static int take_line(struct portal_reader *reader, struct arena *arena, const struct line *line,
	struct portal_input *ret, struct portal_error *err)
{
	struct json *object = NULL;
	int rc;

	if (reader->format == PORTAL_READER_IDS)
		return take_id(arena, line, ret);
	rc = json_parse(arena, line->text, line->len, &object, err);
	return rc < 0 ? rc : take_object(arena, object, ret, err);
}

static int next_line(struct portal_reader *reader, struct arena *arena, struct portal_input *ret,
	struct portal_error *err)
{
	struct line line;
	int rc = lines_next(reader->lines, &line, err);

	if (rc <= 0)
		return rc;
	ret->line = line.number;
	rc = take_line(reader, arena, &line, ret, err);
	if (rc < 0)
		err->line = line.number;
	return rc;
}

static int next_row(struct portal_reader *reader, struct arena *arena, struct portal_input *ret,
	struct portal_error *err)
{
	struct portal_value *values;
	struct csv_row row;
	int rc = csv_next(reader->csv, &row, err);

	if (rc <= 0)
		return rc;
	ret->line = row.line;
	if (row.count != reader->key_count) {
		err->line = row.line;
		return portal_fail(err, PORTAL_INVALID_INPUT,
			_("the line has %d columns, the first line %d"), row.count,
			reader->key_count);
	}
	values = arena_array(arena, (size_t)row.count, sizeof(*values));
	for (int i = 0; i < row.count; i++) {
		values[i].key = reader->keys[i];
		values[i].type = *row.fields[i] ? PORTAL_VALUE_TEXT : PORTAL_VALUE_NONE;
		values[i].text = arena_strdup(arena, row.fields[i]);
	}
	ret->values = values;
	ret->count = row.count;
	return 1;
}

int portal_reader_next(struct portal_reader *reader, struct arena *arena,
	struct portal_input *ret_input, struct portal_error *err)
{
	struct portal_input input = { 0 };
	int rc;

	if (reader->ended)
		return 0;
	rc = reader->csv ? next_row(reader, arena, &input, err)
			 : next_line(reader, arena, &input, err);
	if (rc > 0)
		*ret_input = input;
	return rc;
}
