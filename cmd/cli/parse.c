#include "parse.h"

#include <string.h>

#include <portal/arena.h>
#include <portal/text.h>

#include "text.h"
#include "words.h"

static void glimpse_word(struct globals *seen, const char *word, const char *next)
{
	const struct {
		const char *name;
		const char **to;
	} wanted[] = { { "--format", &seen->format }, { "--lang", &seen->lang },
		{ "--color", &seen->color } };

	seen->json |= !strcmp(word, "--json");
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		size_t len = strlen(wanted[i].name);

		if (strncmp(word, wanted[i].name, len))
			continue;
		if (word[len] == '=')
			*wanted[i].to = word + len + 1;
		else if (!word[len])
			*wanted[i].to = next;
	}
}

struct globals cli_glimpse(int argc, const char *const *argv)
{
	struct globals seen = { 0 };

	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		glimpse_word(&seen, argv[i], argv[i + 1]);
	if (seen.json)
		seen.format = "json";
	return seen;
}

const struct arg *command_arg(const struct command *command, int index)
{
	static const struct arg gap = { 0 };
	const struct arg *arg;

	if (index < OPERANDS_MAX) {
		for (arg = command->operands; arg && arg->name && index > 0; index--)
			arg++;
		return arg && arg->name ? arg : &gap;
	}
	index -= OPERANDS_MAX;
	for (arg = command->options; arg && arg->name && index > 0; index--)
		arg++;
	return arg && arg->name ? arg : NULL;
}

bool command_changes(const struct command *command)
{
	return command->needs == NEEDS_WRITE || command->action;
}

bool command_asks_portal(const struct command *command)
{
	return command->needs != NEEDS_NOTHING || command_changes(command) ||
	       (command->flags & COMMAND_OPENS);
}

static bool must_be_given(const struct command *command, const struct arg *arg, bool operand)
{
	if (!operand)
		return arg->flags & ARG_REQUIRED;
	if ((command->flags & COMMAND_BULK) && (arg->flags & ARG_EACH))
		return false;
	return !(arg->flags & ARG_OPTIONAL);
}

/* The option of that name, if it was given. */
static const struct arg *find_given(const struct command *command, uint64_t given, const char *name)
{
	const struct arg *options = command->options;

	for (int i = 0; options && options[i].name; i++)
		if (!strcmp(options[i].name, name))
			return given >> (OPERANDS_MAX + i) & 1 ? &options[i] : NULL;
	return NULL;
}

bool command_excuses(const struct command *command, uint64_t given, const struct arg *arg)
{
	return arg->unless && find_given(command, given, arg->unless);
}

static int missing(const struct command *command, const struct arg *arg, bool operand,
	struct portal_error *err)
{
	if (operand)
		portal_fail(err, PORTAL_USAGE, _("the operand %s is missing"), arg->name);
	else if (arg->type != ARG_SECRET)
		portal_fail(err, PORTAL_USAGE, _("the option '--%s' is missing"), arg->name);
	else
		portal_fail(err, PORTAL_USAGE, _("the option '--%s-file'%s is missing"), arg->name,
			arg->flags & ARG_FROM_STDIN ? " (-stdin)" : "");
	portal_hint(err, "portalctl help %s%s%s", command->noun ? command->noun : "",
		command->noun && *command->noun ? " " : "", command->verb);
	return portal_about_field(err, arg->name);
}

int command_check_given(const struct command *command, uint64_t given, struct portal_error *err)
{
	const struct arg *arg;

	for (int i = 0; (arg = command_arg(command, i)); i++) {
		if (!arg->name || (given >> i & 1) || command_excuses(command, given, arg))
			continue;
		if (must_be_given(command, arg, i < OPERANDS_MAX))
			return missing(command, arg, i < OPERANDS_MAX, err);
	}
	return 0;
}

static int note_secret(struct parsed *parsed, const struct given_option *option)
{
	struct secret_source *source = arena_new(parsed->reading.arena, struct secret_source);

	*source = (struct secret_source){ option->arg, option->text, parsed->secrets };
	parsed->secrets = source;
	return 0;
}

/* To the domain functions an empty text and 0 are filters that were not given: the list
 * would be of everything. */
static int check_filter(const struct given_option *option, struct portal_error *err)
{
	const struct arg *arg = option->arg;
	int64_t number;

	if (!*option->text)
		portal_fail(err, PORTAL_USAGE, _("'--%s' is empty"), arg->name);
	else if (arg->type == ARG_INT && number_read(option->text, &number) && number == 0)
		portal_fail(err, PORTAL_USAGE, _("'--%s' counts from 1"), arg->name);
	else
		return 0;
	return portal_about_field(err, arg->name);
}

static int fill_option(
	struct parsed *parsed, const struct given_option *option, struct portal_error *err)
{
	void *base = option->global ? (void *)&parsed->globals : parsed->args;

	if (option->way != WAY_VALUE)
		return note_secret(parsed, option);
	if (option->arg->type == ARG_FLAG) {
		value_flag(option->arg, base, true);
		return 0;
	}
	if (!option->global && parsed->command->list && check_filter(option, err) < 0)
		return -(int)err->code;
	return value_read(&parsed->reading, option->arg, base, option->text, err);
}

enum which { THE_GLOBALS, THE_COMMANDS };

static int fill_options(struct parsed *parsed, const struct words *words, enum which which,
	struct portal_error *err)
{
	for (const struct given_option *o = words->options; o; o = o->next) {
		if (o->global != (which == THE_GLOBALS))
			continue;
		if (fill_option(parsed, o, err) < 0)
			return -(int)err->code;
	}
	return 0;
}

static int fill_fallbacks(struct parsed *parsed, struct portal_error *err)
{
	const struct arg *arg;

	for (int i = 0; (arg = command_arg(parsed->command, i)); i++) {
		if (!arg->name || !arg->fallback || (parsed->given >> i & 1))
			continue;
		if (value_read(&parsed->reading, arg, parsed->args, arg->fallback, err) < 0)
			return -(int)err->code;
	}
	return 0;
}

/* Every value of an operand that is a record of its own is checked now, so that
 * a mistyped third one stops the command before the first is done. */
static int fill_each(
	struct parsed *parsed, const struct arg *arg, const char *text, struct portal_error *err)
{
	void *scratch = arena_alloc(parsed->reading.arena, parsed->command->args_size);
	void *to = parsed->each_values.count ? scratch : parsed->args;

	parsed->each = arg;
	list_append(parsed->reading.arena, &parsed->each_values, text);
	return value_read(&parsed->reading, arg, to, text, err);
}

/* An operand of many values leaves to each of those behind it one. */
static bool takes_more(const struct arg *arg, int64_t words_left)
{
	int64_t behind = 0;

	if (!(arg->flags & ARG_EACH) && arg->type != ARG_LIST)
		return false;
	while (arg[behind + 1].name)
		behind++;
	return behind == 0 || words_left > behind;
}

static int no_place(struct parsed *parsed, const char *text, struct portal_error *err)
{
	return portal_fail(err, PORTAL_USAGE, _("there is no place for the operand '%s'"),
		portal_text_printable(parsed->reading.arena, text));
}

static int fill_operands(struct parsed *parsed, const struct words *words, struct portal_error *err)
{
	const struct arg *arg = parsed->command->operands;
	int rc = 0, index = 0;

	for (int64_t i = 0; i < words->operands.count && rc == 0; i++) {
		const char *text = words->operands.items[i];

		if (!arg || !arg->name)
			return no_place(parsed, text, err);
		parsed->given |= UINT64_C(1) << index;
		if (arg->flags & ARG_EACH)
			rc = fill_each(parsed, arg, text, err);
		else
			rc = value_read(&parsed->reading, arg, parsed->args, text, err);
		if (!takes_more(arg, words->operands.count - i - 1)) {
			arg++;
			index++;
		}
	}
	return rc;
}

bool option_given(const struct parsed *parsed, unsigned flag)
{
	const struct arg *options = parsed->command->options;

	for (int i = 0; options && options[i].name; i++)
		if ((options[i].flags & flag) && (parsed->given >> (OPERANDS_MAX + i) & 1))
			return true;
	return false;
}

static int check_bulk(const struct parsed *parsed, struct portal_error *err)
{
	bool ids = parsed->each_values.count > 0, filter = option_given(parsed, ARG_FILTER);
	bool all = parsed->globals.all, batch = parsed->globals.batch;
	bool alone = option_given(parsed, ARG_ALONE);

	if (ids + batch + alone + (filter || all) > 1)
		return portal_fail(err, PORTAL_USAGE,
			_("give ids, or '--batch', or a filter or '--all'; not several of them"));
	if (ids || filter || all || batch || alone || (parsed->command->flags & COMMAND_OWN))
		return 0;
	portal_fail(err, PORTAL_USAGE, _("which ones? give ids, a filter, or '--all'"));
	return portal_hint(
		err, "portalctl help %s %s", parsed->command->noun, parsed->command->verb);
}

int secret_of_several(struct portal_error *err)
{
	return portal_fail(err, PORTAL_USAGE, _("a secret goes with one record, not with several"));
}

static int check_batch(
	const struct parsed *parsed, const struct words *words, struct portal_error *err)
{
	const struct globals *globals = &parsed->globals;
	bool bulk = parsed->command->flags & COMMAND_BULK;

	if (globals->batch && words->operands.count)
		return portal_fail(err, PORTAL_USAGE,
			_("with '--batch' the records hold the operands; '%s' is one too many"),
			portal_text_printable(parsed->reading.arena, words->operands.items[0]));
	if (globals->batch_format && !globals->batch)
		return portal_fail(err, PORTAL_USAGE, _("'--batch-format' needs '--batch'"));
	if (parsed->secrets && (globals->batch || parsed->each_values.count > 1))
		return secret_of_several(err);
	if (parsed->each_values.count > 1 && option_given(parsed, ARG_ONE_RECORD))
		return portal_fail(err, PORTAL_USAGE,
			_("an idempotency key stands for one record, not for several operands"));
	if (globals->atomic && !globals->batch && !bulk && parsed->each_values.count < 2)
		return portal_fail(
			err, PORTAL_USAGE, _("'--atomic' needs '--batch' or several operands"));
	return 0;
}

/* An option that only another one gives a meaning. */
static int check_needs(const struct parsed *parsed, struct portal_error *err)
{
	const struct arg *arg;

	for (int i = OPERANDS_MAX; (arg = command_arg(parsed->command, i)); i++) {
		if (!arg->needs || !(parsed->given >> i & 1) ||
			find_given(parsed->command, parsed->given, arg->needs))
			continue;
		portal_fail(err, PORTAL_USAGE, _("'--%s' has no use without '--%s'"), arg->name,
			arg->needs);
		return portal_about_field(err, arg->name);
	}
	return 0;
}

static bool from_stdin(const struct secret_source *source)
{
	return !source->file || !strcmp(source->file, "-");
}

/* Standard input can be read once. */
static int check_stdin(const struct parsed *parsed, struct portal_error *err)
{
	int claims = parsed->globals.batch && !strcmp(parsed->globals.batch, "-");

	claims += parsed->globals.token_file && !strcmp(parsed->globals.token_file, "-");
	for (const struct secret_source *s = parsed->secrets; s; s = s->next)
		claims += from_stdin(s);
	if (claims < 2)
		return 0;
	return portal_fail(err, PORTAL_USAGE, _("standard input can be read for one thing only"));
}

static int check_dry_run(const struct parsed *parsed, struct portal_error *err)
{
	if (!parsed->globals.dry_run || (command_changes(parsed->command) &&
						!(parsed->command->flags & COMMAND_NO_DRY_RUN)))
		return 0;
	return portal_fail(err, PORTAL_USAGE,
		_("'%s' changes nothing that '--dry-run' could rehearse"), parsed->command->verb);
}

/* The first of @names that was given as an option, or NULL. */
static const char *first_given(const struct words *words, const char *const *names)
{
	for (; *names; names++)
		for (int i = 0; global_options[i].name; i++)
			if ((words->globals_given >> i & 1) &&
				!strcmp(global_options[i].name, *names))
				return *names;
	return NULL;
}

/* Who acts and the clock mean nothing where there is no portal, and who acts nothing
 * where nobody asks. In the environment they may stand for the commands that follow. */
static int check_portal_options(
	const struct parsed *parsed, const struct words *words, struct portal_error *err)
{
	static const char *const useless[] = { "as", "token-file", "now", NULL };
	static const char *const actors[] = { "as", "token-file", NULL };
	const struct command *command = parsed->command;
	const bool portal = command_asks_portal(command);
	const char *name = NULL;

	if (!portal)
		name = first_given(words, useless);
	else if (command->flags & COMMAND_NO_ACTOR)
		name = first_given(words, actors);
	if (!name)
		return 0;
	portal_fail(err, PORTAL_USAGE,
		portal ? _("'%s' does not ask who acts, so '--%s' has no use")
		       : _("'%s' opens no portal, so '--%s' has no use"),
		command->verb, name);
	return portal_about_field(err, name);
}

/* A secret that must be there may still be asked for on the terminal. */
static uint64_t promised(const struct parsed *parsed)
{
	uint64_t given = parsed->given;
	const struct arg *options = parsed->command->options;

	for (int i = 0; options && options[i].name; i++)
		if (options[i].type == ARG_SECRET && (options[i].flags & ARG_REQUIRED) &&
			!parsed->globals.no_input)
			given |= UINT64_C(1) << (OPERANDS_MAX + i);
	return given;
}

static int check_command(
	const struct parsed *parsed, const struct words *words, struct portal_error *err)
{
	int rc = check_batch(parsed, words, err);

	if (rc == 0 && (parsed->command->flags & COMMAND_BULK))
		rc = check_bulk(parsed, err);
	if (rc == 0)
		rc = check_needs(parsed, err);
	if (rc == 0)
		rc = check_stdin(parsed, err);
	if (rc == 0)
		rc = check_dry_run(parsed, err);
	if (rc == 0)
		rc = check_portal_options(parsed, words, err);
	if (rc == 0 && !parsed->globals.batch)
		rc = command_check_given(parsed->command, promised(parsed), err);
	return rc;
}

static int fill_command(struct parsed *parsed, const struct words *words, struct portal_error *err)
{
	int rc;

	parsed->given = words->given;
	parsed->args = arena_alloc(
		parsed->reading.arena, parsed->command->args_size ? parsed->command->args_size : 1);
	rc = fill_options(parsed, words, THE_COMMANDS, err);
	if (rc == 0)
		rc = fill_operands(parsed, words, err);
	if (rc == 0)
		rc = fill_fallbacks(parsed, err);
	return rc == 0 ? check_command(parsed, words, err) : rc;
}

static int fill_globals(struct parsed *parsed, const struct words *words,
	const char *(*env)(const char *name), struct portal_error *err)
{
	int rc = fill_options(parsed, words, THE_GLOBALS, err);

	if (rc == 0)
		rc = globals_from_environment(parsed, words->globals_given, env, err);
	return rc == 0 ? globals_check(parsed, err) : rc;
}

static int nothing_named(const struct parsed *parsed, struct portal_error *err)
{
	if (!parsed->noun) {
		portal_fail(err, PORTAL_USAGE, _("what is to be done? name a command"));
		return portal_hint(err, "portalctl help");
	}
	portal_fail(err, PORTAL_USAGE, _("'portalctl %s' needs a verb"), parsed->noun->name);
	return portal_hint(err, "portalctl help %s", parsed->noun->name);
}

int cli_parse(struct arena *arena, const struct noun *const *table, const char *const *argv,
	const char *(*env)(const char *name), struct parsed *ret, struct portal_error *err)
{
	struct words words = { .arena = arena, .nouns = table };
	struct parsed parsed = { .reading = { .arena = arena } };
	int rc = words_sort(&words, argv, err);

	if (rc < 0)
		return rc;
	parsed.noun = words.noun;
	parsed.command = words.command;
	if (words.noun && !words.command)
		parsed.command = noun_usual(words.noun);
	rc = fill_globals(&parsed, &words, env, err);
	if (rc < 0)
		return rc;
	if (parsed.globals.help)
		parsed.command = words.command;
	if (!parsed.globals.help && !parsed.globals.version)
		rc = parsed.command ? fill_command(&parsed, &words, err)
				    : nothing_named(&parsed, err);
	if (rc == 0)
		*ret = parsed;
	return rc;
}
