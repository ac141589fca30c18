/* The words of the command line, read by the command table. */
#ifndef CLI_PARSE_H
#define CLI_PARSE_H

#include <portal/settings.h>

#include "cli.h"
#include "values.h"

/* Most operands and most options of one command; a bit each in a mask. */
enum { OPERANDS_MAX = 16, OPTIONS_MAX = 48 };

/* A secret option that was given: read @file, or standard input where NULL. */
struct secret_source {
	const struct arg *arg;
	const char *file;
	struct secret_source *next;
};

/* What was asked for. @noun and @command are NULL as far as they were not named,
 * which is no failure with --help or --version alone.
 *
 * @args is the command's struct, filled; bit i of @given says that operand i, bit
 * OPERANDS_MAX + i that option i was. @each is the operand that is a record of
 * its own for each of its @each_values; its member in @args holds the first. */
struct parsed {
	struct globals globals;
	const struct noun *noun;
	const struct command *command;
	void *args;
	uint64_t given;
	const struct arg *each;
	cli_list each_values;
	struct secret_source *secrets;
	struct reading reading;
	struct portal_senders senders;
};

/* What standard error and the language need to know before the words are found
 * good: the last --lang, --color and format, as far as they can be seen. */
struct globals cli_glimpse(int argc, const char *const *argv);

/* Reads the words after argv[0]. Long options in full, anywhere after what they
 * belong to; "--" ends them; "--name value" and "--name=value"; -h -n -q -v -V,
 * and -f for a command's --file. Then the environment (@env: a getenv) and the
 * fallbacks fill what was not given, and everything is checked that can be
 * without a portal. PORTAL_USAGE with the next right word as hint,
 * PORTAL_INVALID_TEXT, PORTAL_INVALID_TIME. Everything lives in @arena, or as
 * long as @argv and the environment. */
int cli_parse(struct arena *arena, const struct noun *const *table, const char *const *argv,
	const char *(*env)(const char *name), struct parsed *ret, struct portal_error *err);

/* The argument at bit @index of a mask, or NULL behind the last option;
 * .name is NULL at the gap between operands and options. */
const struct arg *command_arg(const struct command *command, int index);

/* PORTAL_USAGE when something that must be there is not among @given. */
int command_check_given(const struct command *command, uint64_t given, struct portal_error *err);

/* Was the option given that stands in for @arg? */
bool command_excuses(const struct command *command, uint64_t given, const struct arg *arg);

/* PORTAL_USAGE: a password can't be meant for several records at once. */
int secret_of_several(struct portal_error *err);

/* Was an option with this flag given? */
bool option_given(const struct parsed *parsed, unsigned flag);

/* Does the command change anything (and so can be rehearsed)? */
bool command_changes(const struct command *command);

/* May it open a portal, by whichever way? */
bool command_asks_portal(const struct command *command);

/* Fills what globals lack from the environment, the settings file (for commands
 * that run; settings.h) and the fallbacks, and checks
 * what does not depend on the command (globals.c). */
int globals_from_environment(struct parsed *parsed, uint64_t given,
	const char *(*env)(const char *name), struct portal_error *err);
int globals_check(struct parsed *parsed, struct portal_error *err);

/* PORTAL_USAGE for a --wait that is too long, or negative. */
int globals_check_wait(int64_t wait_seconds, struct portal_error *err);

/* The single letters: 'n' gives "dry-run"; NULL for no such letter. */
const char *globals_letter(char letter);

/* The path of the database: --db, or the place XDG names; in @parsed's arena.
 * PORTAL_USAGE for URIs, and where there is neither. */
int globals_db(struct parsed *parsed, const char *(*env)(const char *name), const char **ret,
	struct portal_error *err);

#endif
