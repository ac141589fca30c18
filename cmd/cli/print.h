/* What the parts of the output share; only they include it. */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include <portal/arena.h>
#include <portal/portal.h>
#include <portal/writer.h>

#include "draw.h"
#include "human.h"
#include "out.h"
#include "table.h"

enum format {
	FORMAT_TABLE,
	FORMAT_JSON,
	FORMAT_NDJSON,
	FORMAT_CSV,
	FORMAT_TSV,
	FORMAT_IDS,
	FORMAT_COUNT,
	FORMAT_HTML,
};

struct listing {
	struct out *out;
	int64_t count;
	bool truncated, failed;
	const char *next;
};

/* What a batch came to. @status is the exit status all failures share, or -1;
 * @first_code is the code of the first of them. */
struct tally {
	int64_t ok, changed, failed;
	int status;
	enum portal_code first_code;
};

/* @arena lives as long as the output, @answers as long as a chunk of a batch,
 * @row as long as one row in a table. @columns are NULL where the command
 * prints no record; @prints is that record, with a field more for a token that is
 * to be shown; @shown are those of tables and CSV files. */
struct out {
	struct arena arena, answers, row;
	struct out_options options;
	const struct command *command;
	enum format format;
	struct portal_writer *writer;
	struct portal_cells cells;
	const struct portal_record *prints;
	const struct portal_columns *columns, *shown;
	struct human human;
	struct table *table;
	struct portal_writer *drawn; /* of the answer drawn last */
	struct drawing drawing; /* of the rows of a list that are drawn; else without a writer */
	struct listing listing;
	struct tally tally;
	bool answers_printed, in_batch, in_list, change_made;
};

/* From now on a failure must say that there was a change. */
void out_note_change(struct out *out);

/* @row: the record, and behind it the token where out->prints has one.
 * @changing: the verb changed something or could have; then @outcome counts. */
struct reply {
	struct out *out;
	const struct portal_options *options;
	const struct portal_record *record;
	void *row;
	bool changing;
	enum reply_outcome outcome;
	const char *sentence;
	bool sentence_is_answer; /* -q does not drop it */
	const char *token;
	bool token_is_answer; /* it stands alone */
	bool is_drawn;        /* out->drawn stands below it, and its JSON values don't */
	int stopped_by;
};

/* 0, or -PORTAL_OUTPUT when anything could not be written so far. */
int out_check(struct out *out, struct portal_error *err);

/* How rows are drawn on the output, and where to. */
struct drawing out_drawing(struct out *out, struct portal_writer *writer);

/* Is colour wanted there? "auto" asks the terminal, NO_COLOR and TERM. */
bool out_wants_color(const char *color, int fd);

/* ,"dry_run":true where it is one. */
void out_put_dry_run(struct out *out);

/* The same on standard error, unless quiet, for formats that have no place for it. */
void out_note_dry_run(const struct out *out);

/* The columns of @record: those chosen where it is what the command prints. */
const struct portal_columns *out_columns(struct out *out, const struct portal_record *record);

/* Makes out->prints and out->columns from --fields and the option that asks for a
 * token. -PORTAL_USAGE as portal_columns_make(), for a token that was not asked
 * for, and for one asked for in a format that has no place for it. */
int out_choose_fields(struct out *out, struct portal_error *err);

/* Is it the field that out_choose_fields() added? */
bool out_is_token(const struct out *out, const struct portal_field *field);

/* The "id" of @row, or 0. */
int64_t out_row_id(const struct portal_record *record, const void *row);

/* A column of a table or CSV file beside those of the record. */
struct out_heading {
	const char *key, *title;
	enum table_column column;
};

/* What stands before and behind the columns of the record; each ends with a NULL key. */
struct out_frame {
	const struct out_heading *leading, *trailing;
};

/* Chooses out->shown: the fields asked for, else all (a table leaves wide ones
 * out), or with ROWS_OF_CHANGES those that say which record it was. */
enum out_rows { ROWS_OF_RECORDS, ROWS_OF_CHANGES };
void out_choose_shown(struct out *out, enum out_rows rows);

/* Begins the rows of FORMAT_TABLE, FORMAT_CSV or FORMAT_TSV; @frame may be NULL. */
int out_rows_begin(struct out *out, const struct out_frame *frame, struct portal_error *err);

/* Adds a row to the table: @before, the values of @row (all empty where that is
 * NULL), @behind; both lists end with NULL and may be NULL. It takes memory from
 * out->row, which the caller resets between rows. */
void out_table_row(
	struct out *out, const char *const *before, const void *row, const char *const *behind);

/* What became of the record of @reply, which a changing verb leaves behind: one that a
 * dry run made loses its id. */
void reply_set_outcome(struct reply *reply, enum reply_outcome outcome);

/* "sent", or "unchanged"; NULL where the verb changes nothing. */
const char *reply_action(const struct reply *reply);

/* Did it change anything (in a dry run: would it)? */
bool reply_is_change(const struct reply *reply);

/* The record as a JSON object, secrets included; null where there is none. */
void reply_put_data(const struct reply *reply);

/* The members of an error object, without braces. */
void error_put_members(struct portal_writer *writer, const struct portal_error *err);

#endif
