/* What the files of the import of companies share. */
#ifndef LIB_COMPANY_IMPORT_PRIVATE_H
#define LIB_COMPANY_IMPORT_PRIVATE_H

#include <portal/arena.h>
#include <portal/company-import.h>

#include "base/seen.h"
#include "text/csv.h"
#include "work.h"

enum import_column {
	IMPORT_TAX_ID,
	IMPORT_COUNTRY,
	IMPORT_NAME,
	IMPORT_TRADE_NAME,
	IMPORT_EMAIL,
	IMPORT_PHONE,
	IMPORT_RELATION,
	IMPORT_ROLE,
	IMPORT_COLUMNS,
};

/* What the first line says: the field of each column, or -1; how many fields it
 * has; the headings nobody knows, one a line. */
struct import_header {
	int field[IMPORT_COLUMNS];
	int count;
	const char *ignored;
};

/* PORTAL_INVALID_INPUT for a column that comes twice and for no tax id. */
int import_header_read(struct arena *arena, const struct csv_row *row, struct import_header *ret,
	struct portal_error *err);

/* The word of the domain for what people write ("Fornecedor": "supplier"); any
 * other text stays as it is. @arena is for the work. */
const char *import_relation(struct arena *arena, const char *text);
const char *import_role(struct arena *arena, const char *text);
const char *import_country(struct arena *arena, const char *text);

/* One line: its values without blanks at their ends (NULL: empty), then what
 * became of it. The result of an @unreadable line stands from the start. */
struct import_line {
	struct import_line *next;
	bool unreadable;
	const char *values[IMPORT_COLUMNS];
	struct company_import result;
};

/* An import on its way. @header and its texts live in the portal's arena; the
 * lines of a chunk and their results in @lines; @scratch is emptied after every
 * line. @first is the chunk, @from the first of it whose result was not given
 * yet, @done the one behind the last that was worked on. */
struct import {
	struct portal *portal;
	const struct company_import_request *request;
	struct csv *csv;
	struct import_header header;
	struct seen seen;
	struct arena lines, scratch;
	struct import_line *first, *last, *from, *done;
	int64_t count;
	bool dry_run, ended;
	portal_visit *visit;
	void *arg;
	struct company_import_summary *summary;
	struct portal_error *err;
};

/* Does one line in the transaction of @w and fills its result. Negative for what
 * is not the line's fault, with the sentence in w->err. */
int import_line_run(struct work *w, struct import *import, struct import_line *line);

/* Writes result.message and result.faults from result.first_fault. */
void import_line_tell(struct arena *arena, struct company_import *result);

#endif
