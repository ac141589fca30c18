#include "table.h"

#include <stdio.h>
#include <stdlib.h>

#include "human.h"
#include "scols.h"
#include "text.h"

enum {
	COLUMNS_MAX = 64,
	BETWEEN = 2,     /* columns of the terminal between two of the table */
	TEXT_LEAST = 16, /* what is left of a text says something */
};

/* @widths are those of the headings and of all cells so far. */
struct table {
	struct scols lib;
	struct libscols_table *scols;
	struct portal_writer *writer;
	struct table_style style;
	size_t columns, rows;
	size_t widths[COLUMNS_MAX], headings[COLUMNS_MAX];
	bool is_text[COLUMNS_MAX];
	struct libscols_line *lines[TABLE_BLOCK_ROWS];
	bool failed;
};

static void set_style(const struct table *table)
{
	const struct scols *lib = &table->lib;
	const struct table_style *style = &table->style;
	struct libscols_table *scols = table->scols;

	/* Cells come escaped; encoded once more, their backslashes would double. */
	lib->table_enable_noencoding(scols, 1);
	lib->table_enable_colors(scols, style->color);
	lib->table_set_column_separator(scols, "  ");
	/* On a terminal the library would cut without a mark. */
	lib->table_set_termforce(scols, SCOLS_TERMFORCE_NEVER);
}

static int no_memory(struct portal_error *err)
{
	return portal_fail(err, PORTAL_NO_MEMORY, _("memory ran out"));
}

int table_open(struct table **ret, struct portal_writer *writer, const struct table_style *style,
	struct portal_error *err)
{
	struct table *table = calloc(1, sizeof(*table));
	int r;

	if (!table)
		return no_memory(err);
	table->writer = writer;
	table->style = *style;
	r = scols_open(&table->lib, err);
	if (r == 0 && !(table->scols = table->lib.new_table()))
		r = no_memory(err);
	if (r < 0) {
		table_close(table);
		return r;
	}
	set_style(table);
	*ret = table;
	return 0;
}

void table_close(struct table *table)
{
	if (!table)
		return;
	if (table->scols)
		table->lib.unref_table(table->scols);
	scols_close(&table->lib);
	free(table);
}

void table_add_column(struct table *table, const char *heading, enum table_column column)
{
	int flags = column == TABLE_RIGHT ? SCOLS_FL_RIGHT : 0;
	struct libscols_column *added =
		table->lib.table_new_column(table->scols, heading, 0, flags);

	if (!added || table->columns == COLUMNS_MAX) {
		table->failed = true;
		return;
	}
	table->is_text[table->columns] = column == TABLE_TEXT;
	table->widths[table->columns] = human_width(heading);
	table->headings[table->columns] = table->widths[table->columns];
	if (table->style.color)
		table->lib.cell_set_color(table->lib.column_get_header(added), "\033[1m");
	table->columns++;
}

/* The library looks at the hint only in strict columns, and there only where it
 * is more than the heading, whose width it keeps otherwise. */
static void keep_width(const struct scols *lib, struct libscols_column *column)
{
	const char *heading = lib->cell_get_data(lib->column_get_header(column));
	size_t width = lib->column_get_width(column);

	lib->column_set_whint(column, (double)width);
	if (width > human_width(heading))
		lib->column_set_flags(column, lib->column_get_flags(column) | SCOLS_FL_STRICTWIDTH);
}

static void keep_widths(struct table *table)
{
	if (table->lib.table_is_noheadings(table->scols))
		return;
	for (size_t i = 0; i < table->columns; i++)
		keep_width(&table->lib, table->lib.table_get_column(table->scols, i));
	table->lib.table_enable_noheadings(table->scols, 1);
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* What the table takes where texts take at most @most. */
static size_t width_with(const struct table *table, size_t most)
{
	size_t width = 0;

	for (size_t i = 0; i < table->columns; i++) {
		const bool is_cut = table->is_text[i] && table->widths[i] > most;

		width += is_cut ? larger(most, table->headings[i]) : table->widths[i];
		width += i ? BETWEEN : 0;
	}
	return width;
}

static void shorten_cell(
	struct table *table, struct libscols_line *line, size_t column, size_t most)
{
	const char *text = table->lib.cell_get_data(table->lib.line_get_cell(line, column));
	char *cut;

	if (!text || human_width(text) <= larger(most, table->headings[column]))
		return;
	most = larger(most, table->headings[column]);
	if (asprintf(&cut, "%.*s\u2026", (int)human_fitting(text, most - 1), text) < 0 ||
		table->lib.line_refer_data(line, column, cut) < 0)
		table->failed = true;
}

static void shorten_texts(struct table *table)
{
	size_t most = larger(table->style.terminal_width, TEXT_LEAST);

	if (!table->style.terminal_width)
		return;
	while (most > TEXT_LEAST && width_with(table, most) > table->style.terminal_width)
		most--;
	for (size_t i = 0; i < table->columns; i++)
		for (size_t row = 0; table->is_text[i] && row < table->rows; row++)
			shorten_cell(table, table->lines[row], i, most);
}

static void print_block(struct table *table)
{
	char *text = NULL;

	if (table->failed || table->rows == 0)
		return;
	shorten_texts(table);
	if (table->lib.print_table_to_string(table->scols, &text) < 0 || !text) {
		table->failed = true;
		return;
	}
	portal_put(table->writer, text);
	/* The library leaves the end of the last line to its caller. */
	portal_put(table->writer, "\n");
	free(text);
	keep_widths(table);
	table->lib.table_remove_lines(table->scols);
	table->rows = 0;
}

void table_add_row(struct table *table, const char *const *cells)
{
	struct libscols_line *line;

	if (table->rows == TABLE_BLOCK_ROWS)
		print_block(table);
	line = table->failed ? NULL : table->lib.table_new_line(table->scols, NULL);
	if (!line) {
		table->failed = true;
		return;
	}
	for (size_t i = 0; i < table->columns; i++) {
		table->widths[i] = larger(table->widths[i], human_width(cells[i]));
		if (table->lib.line_set_data(line, i, cells[i]) < 0)
			table->failed = true;
	}
	table->lines[table->rows++] = line;
}

int table_end(struct table *table, struct portal_error *err)
{
	print_block(table);
	return table->failed ? no_memory(err) : 0;
}
