/* Answers for the shells' completion: portalctl __complete -- WORDS... */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include <stdio.h>

#include "cli.h"

/* Gets one answer. @description may be NULL. */
typedef void complete_each(void *arg, const char *value, const char *description);

/* Where values come from that only a portal knows: tax ids, e-mails, ids of
 * @noun, settings. It gives at most 50 that begin with @prefix, quickly, and
 * nothing when anything fails. @db is --db as far as it was typed, or NULL. */
typedef int complete_values(enum arg_completes what, const char *noun, const char *prefix,
	const char *db, complete_each *each, void *arg);

struct completion {
	const struct noun *const *table;
	complete_values *values; /* NULL: none */
};

/* Prints "value<TAB>description" lines for the last of @words, which is being
 * typed and may be "". Words that make no sense get no answer. For a file the
 * answer is nothing: shells complete files themselves. */
void complete_print(
	FILE *to, const struct completion *completion, const char *const *words, int64_t count);

#endif
