#include "text/writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <portal/arena.h>

#include "base/i18n.h"

int portal_writer_open(struct portal_writer **ret, int fd, struct portal_error *err)
{
	struct portal_writer *writer = calloc(1, sizeof(*writer));

	if (!writer)
		return portal_fail(err, PORTAL_NO_MEMORY, _("memory ran out"));
	if (fd < 0)
		buf_init(&writer->buf);
	else
		buf_open_fd(&writer->buf, fd);
	*ret = writer;
	return 0;
}

/* A token that is shown once shall not stay behind in freed memory. */
void portal_writer_close(struct portal_writer *writer)
{
	if (!writer)
		return;
	if (writer->buf.data)
		explicit_bzero(writer->buf.data, writer->buf.cap);
	buf_release(&writer->buf);
	free(writer);
}

int portal_writer_flush(struct portal_writer *writer)
{
	buf_flush(&writer->buf);
	return writer->buf.error;
}

int portal_writer_errno(const struct portal_writer *writer)
{
	return writer->buf.error;
}

const char *portal_writer_text(struct portal_writer *writer)
{
	return buf_text(&writer->buf);
}

void portal_put(struct portal_writer *writer, const char *text)
{
	buf_str(&writer->buf, text);
}

void portal_put_bytes(struct portal_writer *writer, const char *text, size_t len)
{
	buf_add(&writer->buf, text, len);
}

void portal_put_int(struct portal_writer *writer, int64_t value)
{
	buf_int64(&writer->buf, value);
}

bool list_next(const char **lines, const char **ret_line, size_t *ret_len)
{
	const char *line = *lines;

	if (!line || !*line)
		return false;
	*ret_line = line;
	*ret_len = strcspn(line, "\n");
	*lines = line + *ret_len + (line[*ret_len] == '\n');
	return true;
}

static enum portal_type column_type(const struct portal_field *field)
{
	return field->type == PORTAL_INT && !strcmp(field->key, "id") ? PORTAL_ID : field->type;
}

static void add_column(
	struct arena *arena, struct portal_columns *columns, const struct portal_field *field)
{
	const char *before = columns->count ? "," : "{";
	struct portal_column *column = &columns->columns[columns->count++];

	column->field = field;
	column->type = column_type(field);
	column->json_key = arena_printf(arena, "%s\"%s\":", before, field->key);
	column->json_key_len = strlen(column->json_key);
}

static const char *list_keys(struct arena *arena, const struct portal_record *record)
{
	_cleanup_buf_ struct buf buf = { .fd = -1 };

	for (const struct portal_field *f = record->fields; f->key; f++) {
		buf_str(&buf, buf.len ? ", " : "");
		buf_str(&buf, f->key);
	}
	return arena_strndup(arena, buf_text(&buf), buf.len);
}

static bool has_column(const struct portal_columns *columns, const struct portal_field *field)
{
	for (size_t i = 0; i < columns->count; i++)
		if (columns->columns[i].field == field)
			return true;
	return false;
}

static int add_named(struct arena *arena, struct portal_columns *columns, const char *key,
	struct portal_error *err)
{
	const struct portal_field *field = portal_record_field(columns->record, key);

	if (field && !has_column(columns, field)) {
		add_column(arena, columns, field);
		return 0;
	}
	if (field)
		portal_fail(err, PORTAL_USAGE, _("the field '%s' is given twice"), key);
	else
		portal_fail(err, PORTAL_USAGE, _("'%s' is not a field of '%s', which has: %s"), key,
			columns->record->kind, list_keys(arena, columns->record));
	return portal_about_field(err, "fields");
}

static int add_all_named(struct arena *arena, struct portal_columns *columns, const char *fields,
	struct portal_error *err)
{
	for (;;) {
		size_t len = strcspn(fields, ",");
		int result = add_named(arena, columns, arena_strndup(arena, fields, len), err);

		if (result < 0 || fields[len] == '\0')
			return result;
		fields += len + 1;
	}
}

static size_t field_count(const struct portal_record *record)
{
	size_t count = 0;

	while (record->fields[count].key)
		count++;
	return count;
}

int portal_columns_make(struct arena *arena, const struct portal_record *record, const char *fields,
	const struct portal_columns **ret, struct portal_error *err)
{
	struct portal_columns *columns = arena_alloc(
		arena, sizeof(*columns) + field_count(record) * sizeof(columns->columns[0]));

	columns->record = record;
	*ret = columns;
	if (fields)
		return add_all_named(arena, columns, fields, err);
	for (const struct portal_field *f = record->fields; f->key; f++)
		add_column(arena, columns, f);
	return 0;
}

static const void *member(const struct portal_column *column, const void *row)
{
	return (const char *)row + column->field->offset;
}

const char *portal_column_text(const struct portal_column *column, const void *row)
{
	const void *at = member(column, row);

	if (column->field->type == PORTAL_LIST)
		return ((const portal_list *)at)->lines;
	if (column->field->type == PORTAL_JSON)
		return ((const portal_json *)at)->text;
	return *(const char *const *)at;
}

int64_t portal_column_int(const struct portal_column *column, const void *row)
{
	const void *at = member(column, row);

	if (column->field->type == PORTAL_BOOL)
		return *(const bool *)at;
	if (column->field->type == PORTAL_ID)
		return ((const portal_id *)at)->id;
	return *(const int64_t *)at;
}

portal_time portal_column_time(const struct portal_column *column, const void *row)
{
	return *(const portal_time *)member(column, row);
}
