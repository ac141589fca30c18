/* The commands that are about the program itself: help, version, schema. */
#ifndef CLI_BUILTIN_H
#define CLI_BUILTIN_H

#include "parse.h"

/* A noun without a name; its commands have neither .run nor .list. */
extern const struct noun builtin_noun;

bool builtin_is(const struct command *command);

/* Prints on standard output. PORTAL_USAGE for a noun or verb that is not in
 * @table, PORTAL_OUTPUT. */
int builtin_run(
	const struct parsed *parsed, const struct noun *const *table, struct portal_error *err);

/* What --help and --version print, wherever they stand. */
int builtin_help(
	const struct parsed *parsed, const struct noun *const *table, struct portal_error *err);
int builtin_version(const struct parsed *parsed, struct portal_error *err);

/* Answers __complete; failures are silent. */
void builtin_complete(const struct noun *const *table, const char *const *words, int64_t count);

#endif
