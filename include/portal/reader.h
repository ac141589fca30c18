/* Records from a file or a pipe, one after the other, in constant memory: what
 * `--batch` reads. A reader knows keys and values, but not which keys there may
 * be nor what their values mean; that is for the caller to judge.
 *
 * Limits: 1 MiB a line or CSV record, 256 columns, and what the strict JSON gate
 * allows (RFC 8259; no key twice, no \u0000, no nesting deeper than 32). */
#ifndef PORTAL_READER_H
#define PORTAL_READER_H

#include <stdint.h>

#include <portal/error.h>

struct arena;
struct portal_reader;

/* How records are written.
 *
 * NDJSON: one JSON object a line; empty lines are skipped.
 * CSV: RFC 4180; the first record holds the keys; ',' ';' or tab, and UTF-8 or
 *   Windows-1252, are found out.
 * IDS: one value a line, without a key. */
enum portal_reader_format { PORTAL_READER_NDJSON, PORTAL_READER_CSV, PORTAL_READER_IDS };

/* How a value was written. From CSV and IDS all are texts, and an empty CSV cell
 * is NONE, as is JSON's null. A NUMBER is an integer, its digits as written. */
enum portal_value_type {
	PORTAL_VALUE_NONE,
	PORTAL_VALUE_TEXT,
	PORTAL_VALUE_NUMBER,
	PORTAL_VALUE_TRUE,
	PORTAL_VALUE_FALSE,
	PORTAL_VALUE_LIST,
};

/* One value.
 *
 * @key: what it stands under; NULL from IDS.
 * @type: decides which of the others are set.
 * @text: of TEXT and NUMBER; UTF-8 without NUL.
 * @items: of LIST, @count texts. */
struct portal_value {
	const char *key;
	enum portal_value_type type;
	const char *text;
	const char *const *items;
	int64_t count;
};

/* One record: the line of the input where it begins (from 1), and its @count
 * values in the order they were written. No key is there twice, but two keys may
 * mean the same to the caller. */
struct portal_input {
	int64_t line;
	const struct portal_value *values;
	int count;
};

/* Begins to read @fd, which stays the caller's. PORTAL_INVALID_INPUT for UTF-16
 * and for CSV without keys or with a key twice; PORTAL_FAILURE when reading
 * fails. The caller closes the reader. */
int portal_reader_open(struct portal_reader **ret_reader, int fd, enum portal_reader_format format,
	struct portal_error *err);

/* The next record: 1; at the end 0. Everything in @ret_input lives in @arena. A
 * fault of one record is -PORTAL_INVALID_INPUT with @err->line, and the next call
 * goes on behind it (a line that is too long is the last that is read, and the
 * sentence says so); every other failure ends the reading. */
int portal_reader_next(struct portal_reader *reader, struct arena *arena,
	struct portal_input *ret_input, struct portal_error *err);

/* Frees the reader and sets it to NULL; NULL is fine. */
void portal_reader_close(struct portal_reader **reader);

#define _cleanup_reader_ __attribute__((cleanup(portal_reader_close)))

#endif
