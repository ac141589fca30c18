/* Tables as text (RFC 4180 and what spreadsheets write), in constant memory. */
#ifndef TEXT_CSV_H
#define TEXT_CSV_H

#include <stdint.h>

#include <portal/error.h>

#include "text/encoding.h"

/* Most bytes of a record, in UTF-8 and without its quotes, and most fields. */
enum { CSV_MAX_BYTES = 1024 * 1024, CSV_MAX_FIELDS = 256 };

struct csv;

/* Zeroed: the encoding is found out, and so is the delimiter: of ';', ',' and
 * tab the one that is most often in the first line, outside quotes. */
struct csv_options {
	enum encoding encoding;
	char delimiter;
};

/* One record. @record counts records from 1 (the header is one), @line is the
 * line of the file where it begins. The fields are UTF-8, end in NUL and keep
 * their blanks and the line breaks inside quotes. */
struct csv_row {
	int64_t record, line;
	int count;
	const char *const *fields;
};

/* Begins to read @fd, which stays the caller's; @options may be NULL. A byte
 * order mark is skipped and means UTF-8. PORTAL_INVALID_INPUT for UTF-16,
 * PORTAL_FAILURE when reading fails. */
int csv_open(struct csv **ret, int fd, const struct csv_options *options, struct portal_error *err);

/* The next record: 1; at the end 0. @ret is valid until the next call. Lines end
 * in LF, CRLF or CR, the last one need not. Empty lines are no records. A quote
 * inside a field that does not begin with one is an ordinary character.
 *
 * A fault of one record is -PORTAL_INVALID_INPUT, with the record in the sentence
 * and the line in @err->line; the next call goes on with the next record. Faults:
 * a NUL byte, bytes that are not of the encoding, more than CSV_MAX_FIELDS
 * fields, text after a closing quote, a quote that is never closed (@err->line is
 * where it was opened). A record of more than CSV_MAX_BYTES, and a read that
 * fails (-PORTAL_FAILURE), end the reading: the next call returns 0. */
int csv_next(struct csv *csv, struct csv_row *ret, struct portal_error *err);

/* Was the reading ended before the end of the file? */
bool csv_stopped_early(const struct csv *csv);

/* The encoding found so far (ENCODING_AUTO: only ASCII yet) and the delimiter. */
struct csv_options csv_found(const struct csv *csv);

/* Frees the reader; NULL is fine. */
void csv_close(struct csv **csv);

#define _cleanup_csv_ __attribute__((cleanup(csv_close)))

#endif
