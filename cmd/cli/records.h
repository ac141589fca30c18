/* Where the records of a batch come from: operands, a file, a bulk verb's
 * filters. Each becomes the command's arguments. */
#ifndef CLI_RECORDS_H
#define CLI_RECORDS_H

#include <portal/arena.h>
#include <portal/reader.h>

#include "parse.h"

struct id_block;

/* One of them is in use: the reader, the ids, or neither (operands). */
struct records {
	const struct parsed *parsed;
	int fd;
	struct portal_reader *reader;
	struct arena ids_arena;
	struct id_block *ids, *last_ids;
	int64_t line;
};

/* One record: the command's arguments, or why they could not be made of it. */
struct record {
	int64_t line;
	void *args;
	struct portal_error *failure;
};

/* Opens the file of --batch, or asks the command's .select for ids. */
int records_open(struct records *ret, const struct parsed *parsed, struct portal *portal,
	struct portal_error *err);
void records_close(struct records *records);

/* The next record: 1, 0 at the end; negative when there can be no more. It lives
 * in @arena. */
int records_next(
	struct records *records, struct arena *arena, struct record *ret, struct portal_error *err);

/* The file that the records are in, or NULL. */
const char *records_source(const struct parsed *parsed);

/* A copy of a failure, in @arena; its faults stay where they are. */
struct portal_error *failure_copy(struct arena *arena, const struct portal_error *err);

/* Moves what a failure points to (faults, field) into @arena, which lives longer. */
void failure_keep(struct arena *arena, struct portal_error *err);

#define _cleanup_records_ __attribute__((cleanup(records_close)))

#endif
