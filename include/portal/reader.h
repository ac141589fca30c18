/* Records from a file or a pipe, one after the other, in constant memory. */
#ifndef PORTAL_READER_H
#define PORTAL_READER_H

#include <stdint.h>

#include <portal/error.h>

struct arena;
struct portal_reader;

/* NDJSON: one JSON object a line. CSV: the first record holds the keys (RFC 4180;
 * ',' ';' or tab, UTF-8 or Windows-1252, found out). IDS: one value a line,
 * without a key. */
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

/* One value under its key (NULL from IDS). @text is set for TEXT and NUMBER,
 * @items (@count texts) for LIST. */
struct portal_value {
	const char *key;
	enum portal_value_type type;
	const char *text;
	const char *const *items;
	int64_t count;
};

/* One record: the line of the input where it begins, and its values. */
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
 * goes on behind it; every other failure ends the reading. */
int portal_reader_next(struct portal_reader *reader, struct arena *arena,
	struct portal_input *ret_input, struct portal_error *err);

/* Frees the reader; NULL is fine. */
void portal_reader_close(struct portal_reader **reader);

#define _cleanup_reader_ __attribute__((cleanup(portal_reader_close)))

#endif
