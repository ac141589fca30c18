/* Several records with one command: several operands, --batch FILE, or what a
 * bulk verb's filters match. */
#ifndef CLI_BATCH_H
#define CLI_BATCH_H

#include "parse.h"

struct out;
struct portal;
struct portal_options;

/* A chunk ends with the first of these, so that other writers wait little and
 * memory stays small. Atomic batches are one chunk, of at most so many records. */
enum {
	CHUNK_RECORDS_MAX = 10000,
	CHUNK_MS_MAX = 250,
	CHUNK_BYTES_MAX = 8 * 1024 * 1024,
	ATOMIC_RECORDS_MAX = 100000,
	ATOMIC_BYTES_MAX = 32 * 1024 * 1024,
};

/* What a batch works with. @portal is NULL for commands that need none. */
struct batch {
	const struct parsed *parsed;
	struct portal *portal;
	const struct portal_options *options;
	struct out *out;
};

/* Are results asked for, instead of one record? */
bool batch_is_wanted(const struct parsed *parsed);

/* Does the command for every record and gives the results to @batch->out in the
 * order of the input, each chunk's after its commit; a record that fails has
 * changed nothing and stops none of the others. @ret_status is the exit status.
 *
 * Keys of a record are option names (with - or _) and the operands' names in
 * lower case with _ for -; options on the command line hold for all records. A
 * CSV cell with several values separates them by "|". A record's own faults are
 * PORTAL_INVALID, with the line and the field.
 *
 * A failure that is not one record's (busy, no space, reading failed) rolls the
 * chunk back, is the result of each of its records, and is returned. With
 * --atomic the first failure of any kind rolls everything back and is returned,
 * without results. */
int batch_run(const struct batch *batch, int *ret_status, struct portal_error *err);

#endif
