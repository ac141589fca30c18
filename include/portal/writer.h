/* Records as text for programs: JSON, CSV, TSV, JSON Schema. What a record has
 * is known from its field table; a plan of columns is made once, and then each
 * row is written straight from its struct, without memory of its own.
 *
 * The forms are promises to scripts: every key of the plan is always there, in its
 * order; integers are exact in all 64 bits; times are UTC, to the second; words
 * of enumerations are never translated. */
#ifndef PORTAL_WRITER_H
#define PORTAL_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>
#include <portal/record.h>

struct arena;

/* Where text goes: a file descriptor, in blocks of 64 KiB, or memory. Adding
 * never fails in the caller's face; a failure sticks, and portal_writer_errno()
 * tells it at the end. */
struct portal_writer;

/* A writer to @fd, which stays the caller's; -1 keeps everything in memory.
 * Returns 0 or -PORTAL_NO_MEMORY. */
int portal_writer_open(struct portal_writer **ret, int fd, struct portal_error *err);

/* Wipes and frees the memory (what was written may have been a token), without
 * writing what is left. NULL is fine. */
void portal_writer_close(struct portal_writer *writer);

/* Writes what has come together, waiting as long as it takes; in memory there is
 * nothing to do. Returns portal_writer_errno(). */
int portal_writer_flush(struct portal_writer *writer);

/* 0, or the errno of the first failure since the writer was made. */
int portal_writer_errno(const struct portal_writer *writer);

/* What is in memory, as a string that lives until the next call; for a writer to
 * a descriptor, what was not yet written. */
const char *portal_writer_text(struct portal_writer *writer);

/* Add text as it stands (@text, or @len bytes), a number in decimal, or @text as
 * a JSON string with its quotes (NULL: null). In JSON strings all controls (C0,
 * DEL, C1), U+2028, U+2029, U+FEFF, U+FFFE and U+FFFF are escaped, and each byte that
 * is not UTF-8 becomes U+FFFD. */
void portal_put(struct portal_writer *writer, const char *text);
void portal_put_bytes(struct portal_writer *writer, const char *text, size_t len);
void portal_put_int(struct portal_writer *writer, int64_t value);
void portal_put_json(struct portal_writer *writer, const char *text);

/* One column of a plan: a field of the record, and what is written before its value in an
 * object, prepared. The field "id" counts as PORTAL_ID, also where it is int64_t. */
struct portal_column {
	const struct portal_field *field;
	enum portal_type type;
	const char *json_key;
	size_t json_key_len;
};

/* Which fields of @record, in which order: at least one, none twice. It may be
 * used for any number of rows and writers, and lives as long as its arena. */
struct portal_columns {
	const struct portal_record *record;
	size_t count;
	struct portal_column columns[];
};

/* The plan, in @arena. @fields is "a,b", the keys wanted in the order wanted;
 * NULL is all of them. -PORTAL_USAGE for a key the record does not have (the
 * sentence lists those it has), one given twice, or an empty one. */
int portal_columns_make(struct arena *arena, const struct portal_record *record, const char *fields,
	const struct portal_columns **ret, struct portal_error *err);

/* The value in @row of the column, for callers that print it their own way. Each
 * is for columns of its type: TEXT, LIST and JSON give text or NULL; INT, BOOL
 * and ID a number; TIME the time. */
const char *portal_column_text(const struct portal_column *column, const void *row);
int64_t portal_column_int(const struct portal_column *column, const void *row);
portal_time portal_column_time(const struct portal_column *column, const void *row);

/* One record as a JSON object on one line: times in UTC ("2026-03-01T12:00:00Z"),
 * lists as arrays, no text, time or id as null, integers exact. The second leaves
 * the closing brace out, so that the caller can add members. */
void portal_put_record(
	struct portal_writer *writer, const struct portal_columns *columns, const void *row);
void portal_put_members(
	struct portal_writer *writer, const struct portal_columns *columns, const void *row);

/* How rows of cells are written. PORTAL_CSV: RFC 4180 with LF. PORTAL_CSV_EXCEL_BR:
 * semicolons, CRLF, and a ' before texts that a spreadsheet would run (those that
 * begin with = + - @ TAB or CR). PORTAL_TSV: \t \n \r \\ for tab, LF, CR and
 * backslash. None has a cell without value: it is empty. */
enum portal_dialect { PORTAL_CSV, PORTAL_CSV_EXCEL_BR, PORTAL_TSV };

/* What stands before the first row: the byte order mark of PORTAL_CSV_EXCEL_BR,
 * without which spreadsheets take UTF-8 for Windows-1252. */
void portal_put_cells_begin(struct portal_writer *writer, enum portal_dialect dialect);

/* A row under construction, written cell by cell: set @writer and @dialect, zero the
 * rest. The functions keep it: cells after the first get a separator, and in CSV a
 * row that would be an empty line is written as "".
 * Texts (NULL: an empty cell) get the quotes, escapes and guard of the dialect,
 * numbers need none. */
struct portal_cells {
	struct portal_writer *writer;
	enum portal_dialect dialect;
	bool within_row, is_blank;
};
void portal_put_cell(struct portal_cells *cells, const char *text);
void portal_put_cell_int(struct portal_cells *cells, int64_t value);
void portal_put_row_end(struct portal_cells *cells);

/* The keys of the columns, or the values of one record, as cells of the row. Lists
 * are joined with commas, booleans are true and false, times are UTC. */
void portal_put_cells_keys(struct portal_cells *cells, const struct portal_columns *columns);
void portal_put_cells_record(
	struct portal_cells *cells, const struct portal_columns *columns, const void *row);

/* The JSON Schema (json-schema.org) of the object portal_put_record() writes for all
 * fields: a draft 2020-12 schema without "$schema", to be put inside another one. Texts,
 * times and ids may be null; words of an enumeration are an "enum". More keys may come
 * with later versions, so it does not forbid others. */
void portal_put_record_schema(struct portal_writer *writer, const struct portal_record *record);

#endif
