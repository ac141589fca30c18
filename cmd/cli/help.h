/* Help, printed from the command table. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

#include "cli.h"

/* What there is (@noun NULL), the verbs of a noun (@command NULL), or one verb:
 * usage, operands, options, examples. People's text, in their language. */
void help_print(FILE *to, const struct noun *const *table, const struct noun *noun,
	const struct command *command);

/* The whole table as one JSON document of kind "help": commands with operands,
 * options (type, words, fallback), flags, examples and the kind of record they
 * print; global options; exit statuses with their codes. English, hidden commands
 * left out. */
void help_print_json(FILE *to, const struct noun *const *table);

/* Copies "--password-file" and the like: how option @arg is written, its value
 * included where @arg has one. */
void help_option_words(const struct arg *arg, char *buf, size_t size);

#endif
