/* Answers for the shells' completion: portalctl __complete -- WORDS... */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include <stdio.h>

#include "cli.h"

/* Gets one answer. @description may be NULL. */
typedef void complete_each(void *arg, const char *value, const char *description);

/* What is known of the command line whose last word is being typed. @db,
 * @config, @as and @token_file are those options as far as they were given, or NULL. */
struct complete_line {
	const struct noun *noun;
	const struct command *command;
	const char *db, *config, *as, *token_file;
};

/* Where values come from that only a portal knows: tax ids, e-mails, ids of
 * the command's noun, settings. It gives at most 50 that begin with @prefix,
 * quickly, and nothing when anything fails. */
typedef void complete_values(const struct complete_line *line, enum arg_completes what,
	const char *prefix, complete_each *each, void *arg);

/* The one that asks the portal which the command line names: as every command
 * finds it, from options, environment and settings file. */
complete_values complete_from_portal;

struct completion {
	const struct noun *const *table;
	complete_values *values; /* NULL: none */
};

/* Prints "value<TAB>description" lines for the last of @words, which is being
 * typed and may be "". Words that make no sense get no answer. Where a file is
 * wanted the answer is "<TAB>files": shells complete files themselves. */
void complete_print(
	FILE *to, const struct completion *completion, const char *const *words, int64_t count);

#endif
