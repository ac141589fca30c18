/* The first half of parsing: which word is noun, verb, option, value, operand.
 * Nothing is read as a value yet, because zones and formats may come last. */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "parse.h"

/* How an option was written: as itself, or as --NAME-file, --NAME-stdin. */
enum option_way { WAY_VALUE, WAY_SECRET_FILE, WAY_SECRET_STDIN };

/* An option of the command (or a global one) as it was given; @index is its bit
 * in the mask of its kind. */
struct given_option {
	const struct arg *arg;
	enum option_way way;
	bool global;
	int index;
	const char *text; /* NULL for flags and --NAME-stdin */
	struct given_option *next;
};

/* @options in the order given; @operands in theirs. The masks: OPTIONS_MAX bits
 * of the command's options, and bits of global, batch and bulk options. */
struct words {
	struct arena *arena;
	const struct noun *const *nouns;
	const struct noun *noun;
	const struct command *command;
	struct given_option *options;
	uint64_t given, globals_given;
	cli_list operands;
};

/* Bits of batch and bulk options in globals_given. */
enum { BATCH_BIT = 40, BULK_BIT = 48 };

/* Sorts the words behind argv[0]. PORTAL_USAGE, PORTAL_INVALID_TEXT. */
int words_sort(struct words *words, const char *const *argv, struct portal_error *err);

/* A command that has no noun ("init"), or a verb of @noun; NULL: none. */
const struct command *noun_command(const struct noun *noun, const char *verb);

/* The command that a noun without a verb means; NULL: none. */
const struct command *noun_usual(const struct noun *noun);

#endif
