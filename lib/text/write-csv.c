#include "text/writer.h"

#include <string.h>

#include "base/time.h"

void portal_put_cells_begin(struct portal_writer *writer, enum portal_dialect dialect)
{
	if (dialect == PORTAL_CSV_EXCEL_BR)
		buf_str(&writer->buf, "\xef\xbb\xbf");
}

static struct buf *next_cell(struct portal_cells *cells)
{
	static const char separators[] = {
		[PORTAL_CSV] = ',', [PORTAL_CSV_EXCEL_BR] = ';', [PORTAL_TSV] = '\t'
	};

	if (cells->within_row)
		buf_char(&cells->writer->buf, separators[cells->dialect]);
	cells->is_blank = !cells->within_row;
	cells->within_row = true;
	return &cells->writer->buf;
}

static void put_tsv(struct buf *buf, const char *text)
{
	for (;;) {
		size_t len = strcspn(text, "\t\n\r\\");

		buf_add(buf, text, len);
		text += len;
		if (*text == '\0')
			return;
		buf_char(buf, '\\');
		buf_char(buf, *text == '\t'   ? 't'
			      : *text == '\n' ? 'n'
			      : *text == '\r' ? 'r'
					      : '\\');
		text++;
	}
}

static void put_quoted(struct buf *buf, const char *text, bool guard)
{
	buf_str(buf, guard ? "\"'" : "\"");
	for (;;) {
		size_t len = strcspn(text, "\"");

		buf_add(buf, text, len);
		if (text[len] == '\0')
			break;
		buf_str(buf, "\"\"");
		text += len + 1;
	}
	buf_char(buf, '"');
}

static void put_csv(struct buf *buf, enum portal_dialect dialect, const char *text)
{
	bool excel = dialect == PORTAL_CSV_EXCEL_BR;
	bool guard = excel && strchr("=+-@\t\r", *text);

	if (text[strcspn(text, excel ? ";\"\r\n" : ",\"\r\n")]) {
		put_quoted(buf, text, guard);
		return;
	}
	if (guard)
		buf_char(buf, '\'');
	buf_str(buf, text);
}

void portal_put_cell(struct portal_cells *cells, const char *text)
{
	struct buf *buf = next_cell(cells);

	if (!text || !*text)
		return;
	cells->is_blank = false;
	if (cells->dialect == PORTAL_TSV)
		put_tsv(buf, text);
	else
		put_csv(buf, cells->dialect, text);
}

void portal_put_cell_int(struct portal_cells *cells, int64_t value)
{
	buf_int64(next_cell(cells), value);
	cells->is_blank = false;
}

void portal_put_row_end(struct portal_cells *cells)
{
	/* Readers skip empty lines, and would lose a record. */
	if (cells->is_blank && cells->dialect != PORTAL_TSV)
		buf_str(&cells->writer->buf, "\"\"");
	buf_str(&cells->writer->buf, cells->dialect == PORTAL_CSV_EXCEL_BR ? "\r\n" : "\n");
	cells->within_row = false;
}

static void put_list_cell(struct portal_cells *cells, const char *lines)
{
	_cleanup_buf_ struct buf joined = { .fd = -1 };
	const char *line;
	size_t len;

	while (list_next(&lines, &line, &len)) {
		if (joined.len)
			buf_char(&joined, ',');
		buf_add(&joined, line, len);
	}
	portal_put_cell(cells, buf_text(&joined));
}

static void put_time_cell(struct portal_cells *cells, portal_time time)
{
	char text[24];

	portal_put_cell(cells, time.ms ? time_format_utc(time, text) : NULL);
}

static void put_id_cell(struct portal_cells *cells, int64_t id)
{
	if (id)
		portal_put_cell_int(cells, id);
	else
		portal_put_cell(cells, NULL);
}

static void put_value(
	struct portal_cells *cells, const struct portal_column *column, const void *row)
{
	switch (column->type) {
	case PORTAL_TEXT:
	case PORTAL_JSON:
		portal_put_cell(cells, portal_column_text(column, row));
		break;
	case PORTAL_INT:
		portal_put_cell_int(cells, portal_column_int(column, row));
		break;
	case PORTAL_BOOL:
		portal_put_cell(cells, portal_column_int(column, row) ? "true" : "false");
		break;
	case PORTAL_TIME:
		put_time_cell(cells, portal_column_time(column, row));
		break;
	case PORTAL_ID:
		put_id_cell(cells, portal_column_int(column, row));
		break;
	case PORTAL_LIST:
		put_list_cell(cells, portal_column_text(column, row));
		break;
	}
}

void portal_put_cells_keys(struct portal_cells *cells, const struct portal_columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		portal_put_cell(cells, columns->columns[i].field->key);
}

void portal_put_cells_record(
	struct portal_cells *cells, const struct portal_columns *columns, const void *row)
{
	for (size_t i = 0; i < columns->count; i++)
		put_value(cells, &columns->columns[i], row);
}
