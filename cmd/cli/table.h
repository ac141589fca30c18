/* Tables for people. Column widths come from the first TABLE_BLOCK_ROWS rows;
 * rows are printed in blocks of that many, so memory does not grow with the
 * list. Later values that are wider widen the columns of their block. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include <portal/error.h>
#include <portal/writer.h>

struct table;

enum { TABLE_BLOCK_ROWS = 500 };

/* TABLE_TEXT is to the left, too; it alone may be shortened, which an ellipsis shows. */
enum table_column { TABLE_LEFT, TABLE_RIGHT, TABLE_TEXT };

/* Where the table goes. @terminal_width is 0 where it is no terminal, and then nothing
 * is shortened. Where a table can't be made narrow enough its lines are longer than
 * the terminal's: what is left out without a mark would be taken for what is there.
 * @color shows headings in bold. */
struct table_style {
	size_t terminal_width;
	bool color;
};

int table_open(struct table **ret, struct portal_writer *writer, const struct table_style *style,
	struct portal_error *err);

/* Columns come first, then rows of as many cells. Cells are copied; they must be
 * safe to show. Failures stick until table_end(). */
void table_add_column(struct table *table, const char *heading, enum table_column column);
void table_add_row(struct table *table, const char *const *cells);

/* Prints what is left; a table without rows prints nothing, not even headings.
 * Returns 0 or -PORTAL_NO_MEMORY. */
int table_end(struct table *table, struct portal_error *err);

/* Frees the table, without printing. NULL is fine. */
void table_close(struct table *table);

#endif
