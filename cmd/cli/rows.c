#include "print.h"

#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "text.h"

static bool is_shown(const struct out *out, const struct portal_field *field, enum out_rows rows)
{
	if (out->options.fields || out_is_token(out, field))
		return true;
	if (rows == ROWS_OF_CHANGES)
		return out->format != FORMAT_TABLE && !strcmp(field->key, "id");
	return out->format != FORMAT_TABLE || !(field->flags & PORTAL_FIELD_WIDE);
}

void out_choose_shown(struct out *out, enum out_rows rows)
{
	size_t all = out->columns ? out->columns->count : 0;
	struct portal_columns *shown =
		arena_alloc(&out->arena, sizeof(*shown) + all * sizeof(shown->columns[0]));

	for (size_t i = 0; i < all; i++)
		if (is_shown(out, out->columns->columns[i].field, rows))
			shown->columns[shown->count++] = out->columns->columns[i];
	out->shown = shown;
}

static struct table_style style_of(const struct out *out)
{
	int fd = out->options.fd;
	struct winsize size = { 0 };
	struct table_style style = { .color = out_wants_color(out->options.color, fd) };

	if (isatty(fd)) {
		ioctl(fd, TIOCGWINSZ, &size);
		style.terminal_width = size.ws_col ? size.ws_col : 80;
	}
	return style;
}

enum { WIDTH_WITHOUT_TERMINAL = 80 };

struct drawing out_drawing(struct out *out, struct portal_writer *writer)
{
	const struct table_style style = style_of(out);

	return (struct drawing){ .writer = writer,
		.arena = &out->row,
		.human = &out->human,
		.width = style.terminal_width ? style.terminal_width : WIDTH_WITHOUT_TERMINAL,
		.color = style.color };
}

static void table_headings(struct out *out, const struct out_heading *headings)
{
	for (; headings && headings->key; headings++)
		table_add_column(out->table, _(headings->title), headings->column);
}

static bool is_right(const struct portal_column *column)
{
	return column->type == PORTAL_INT || column->type == PORTAL_ID ||
	       column->field->flags & PORTAL_FIELD_RIGHT;
}

/* Texts in people's own words; names of things that are typed again stay whole. */
static bool is_free_text(const struct portal_field *field)
{
	static const char *const ends[] = { "name", "subject", "title", "text", "description",
		"body", "comment", "reason", "error", "detail", NULL };
	const size_t len = strlen(field->key);

	if (field->type != PORTAL_TEXT || field->words || field->flags & PORTAL_FIELD_DATE)
		return false;
	for (const char *const *end = ends; *end; end++)
		if (len >= strlen(*end) && !strcmp(field->key + len - strlen(*end), *end))
			return true;
	return false;
}

static enum table_column side_of(const struct portal_column *column)
{
	if (is_right(column))
		return TABLE_RIGHT;
	return is_free_text(column->field) ? TABLE_TEXT : TABLE_LEFT;
}

static int table_begin(struct out *out, const struct out_frame *frame, struct portal_error *err)
{
	struct table_style style = style_of(out);
	int result = table_open(&out->table, out->writer, &style, err);

	if (result < 0)
		return result;
	table_headings(out, frame ? frame->leading : NULL);
	for (size_t i = 0; i < out->shown->count; i++) {
		const struct portal_column *column = &out->shown->columns[i];

		table_add_column(out->table, human_heading(column), side_of(column));
	}
	table_headings(out, frame ? frame->trailing : NULL);
	return 0;
}

static void cell_headings(struct out *out, const struct out_heading *headings)
{
	for (; headings && headings->key; headings++)
		portal_put_cell(&out->cells, headings->key);
}

static void cells_begin(struct out *out, const struct out_frame *frame)
{
	portal_put_cells_begin(out->writer, out->cells.dialect);
	if (out->format == FORMAT_TSV)
		return;
	cell_headings(out, frame ? frame->leading : NULL);
	portal_put_cells_keys(&out->cells, out->shown);
	cell_headings(out, frame ? frame->trailing : NULL);
	portal_put_row_end(&out->cells);
}

int out_rows_begin(struct out *out, const struct out_frame *frame, struct portal_error *err)
{
	if (out->format == FORMAT_TABLE)
		return table_begin(out, frame, err);
	if (out->format == FORMAT_CSV || out->format == FORMAT_TSV)
		cells_begin(out, frame);
	return 0;
}

static size_t count_cells(const char *const *cells)
{
	size_t count = 0;

	while (cells && cells[count])
		count++;
	return count;
}

void out_table_row(
	struct out *out, const char *const *before, const void *row, const char *const *behind)
{
	size_t leading = count_cells(before), trailing = count_cells(behind);
	size_t own = out->shown->count;
	const char **cells;

	cells = arena_array(&out->row, leading + own + trailing + 1, sizeof(*cells));
	for (size_t i = 0; i < leading; i++)
		cells[i] = before[i];
	for (size_t i = 0; i < own; i++)
		cells[leading + i] =
			row ? human_value(&out->human, &out->row, &out->shown->columns[i], row)
			    : "";
	for (size_t i = 0; i < trailing; i++)
		cells[leading + own + i] = behind[i];
	table_add_row(out->table, cells);
}
