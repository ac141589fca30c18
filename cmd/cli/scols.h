/* libsmartcols, loaded when a table is drawn: most commands draw none, and a
 * library costs a twentieth of the start of a short one. */
#ifndef CLI_SCOLS_H
#define CLI_SCOLS_H

#include <libsmartcols/libsmartcols.h>

#include <portal/error.h>

#define SCOLS_FUNCTIONS(EACH) \
	EACH(new_table) \
	EACH(unref_table) \
	EACH(table_enable_noencoding) \
	EACH(table_enable_colors) \
	EACH(table_set_column_separator) \
	EACH(table_set_termforce) \
	EACH(table_new_column) \
	EACH(table_get_column) \
	EACH(table_new_line) \
	EACH(table_remove_lines) \
	EACH(table_is_noheadings) \
	EACH(table_enable_noheadings) \
	EACH(column_get_header) \
	EACH(column_get_width) \
	EACH(column_set_whint) \
	EACH(column_get_flags) \
	EACH(column_set_flags) \
	EACH(cell_get_data) \
	EACH(cell_set_color) \
	EACH(line_set_data) \
	EACH(line_refer_data) \
	EACH(line_get_cell) \
	EACH(print_table_to_string)

/* The functions of the library without their prefix. */
#define SCOLS_MEMBER(name) __typeof__(scols_##name) *name;
struct scols {
	void *library;
	SCOLS_FUNCTIONS(SCOLS_MEMBER)
};
#undef SCOLS_MEMBER

/* Zero @scols before. PORTAL_FAILURE where the library is not installed.
 * scols_close() is fine after a failure too, and after the last table. */
int scols_open(struct scols *scols, struct portal_error *err);
void scols_close(struct scols *scols);

#endif
