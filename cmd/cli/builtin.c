#include "builtin.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <portal/portal.h>

#include "complete.h"
#include "help.h"
#include "out.h"
#include "text.h"
#include "words.h"

/* Gives the table: every shell's script, from completions/. */
struct script {
	const char *shell, *text;
};
#include "completions.inc"

struct topic {
	const char *noun, *verb;
};

static const struct arg help_operands[] = {
	OPERAND(struct topic, noun, .name = "NOUN", .flags = ARG_OPTIONAL,
		.completes = COMPLETE_COMMAND, .help = N_("a noun, or a command that has none")),
	OPERAND(struct topic, verb, .name = "VERB", .flags = ARG_OPTIONAL,
		.completes = COMPLETE_VERB, .help = N_("one of the noun's verbs")),
	END_OF_LIST,
};

static const struct arg schema_operands[] = {
	OPERAND(struct topic, noun, .name = "KIND", .flags = ARG_OPTIONAL,
		.completes = COMPLETE_KIND,
		.help = N_("the kind of document; without it, the kinds there are")),
	END_OF_LIST,
};

static const struct example help_examples[] = {
	{ "portalctl help invite", N_("the verbs of a noun") },
	{ "portalctl help --json", N_("all commands, for programs") },
	{ NULL },
};

static const struct command help_command = {
	.verb = "help",
	.summary = N_("Show what there is, the verbs of a noun, or how a verb is used"),
	.args_size = sizeof(struct topic),
	.operands = help_operands,
	.examples = help_examples,
};

static const struct example version_examples[] = {
	{ "portalctl version --json", N_("for a script that needs a newer one") },
	{ NULL },
};

static const struct example schema_examples[] = {
	{ "portalctl schema invite", N_("what `invite show --json` prints") },
	{ NULL },
};

static const struct command version_command = {
	.verb = "version",
	.summary = N_("Show the version of the program"),
	.examples = version_examples,
};

static const struct command schema_command = {
	.verb = "schema",
	.summary = N_("Show the JSON Schema of what commands print"),
	.args_size = sizeof(struct topic),
	.operands = schema_operands,
	.examples = schema_examples,
};

static const struct portal_word shells[] = { { "bash" }, { "zsh" }, { "fish" }, { NULL } };

static const struct arg completion_operands[] = {
	OPERAND(struct topic, noun, .name = "SHELL", .words = shells,
		.help = N_("the shell that is to complete words")),
	END_OF_LIST,
};

static const struct example completion_examples[] = {
	{ "portalctl completion bash", N_("for the shell's own start-up file to read") },
	{ NULL },
};

static const struct command completion_command = {
	.verb = "completion",
	.summary = N_("Print the script that lets a shell complete words"),
	.args_size = sizeof(struct topic),
	.operands = completion_operands,
	.examples = completion_examples,
};

static const struct command *const builtins[] = { &help_command, &version_command, &schema_command,
	&completion_command, NULL };

const struct noun builtin_noun = { .name = "", .summary = "", .verbs = builtins };

bool builtin_is(const struct command *command)
{
	for (const struct command *const *c = builtins; *c; c++)
		if (*c == command)
			return true;
	return false;
}

static int written(struct portal_error *err)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 0;
	return portal_fail(err, PORTAL_OUTPUT, _("can't write the output: %s"), strerror(errno));
}

/* Help is text or one JSON document; what else the options ask for it has not. */
static int check_format(const struct parsed *parsed, struct portal_error *err)
{
	const struct globals *globals = &parsed->globals;

	if (globals->fields)
		return portal_fail(err, PORTAL_USAGE, _("'--fields' has no use here"));
	if (!strcmp(globals->format, "table") || !strcmp(globals->format, "json"))
		return 0;
	return portal_fail(err, PORTAL_USAGE,
		_("'%s' is not one of the choices of '--format' here: table, json"),
		globals->format);
}

static int print_help(const struct parsed *parsed, const struct noun *const *table,
	const struct noun *noun, const struct command *command, struct portal_error *err)
{
	int rc = check_format(parsed, err);

	if (rc < 0)
		return rc;
	if (!strcmp(parsed->globals.format, "json"))
		help_print_json(stdout, table);
	else
		help_print(stdout, table, noun, command);
	return written(err);
}

int builtin_help(
	const struct parsed *parsed, const struct noun *const *table, struct portal_error *err)
{
	return print_help(parsed, table, parsed->noun, parsed->command, err);
}

int builtin_version(const struct parsed *parsed, struct portal_error *err)
{
	int rc = check_format(parsed, err);

	if (rc < 0)
		return rc;
	if (!strcmp(parsed->globals.format, "json"))
		puts("{\"schema\":\"portalctl/"
		     "1\",\"kind\":\"version\",\"version\":\"" PORTAL_VERSION "\"}");
	else
		puts("portalctl " PORTAL_VERSION);
	return written(err);
}

/* The words of "help NOUN VERB" are found as the parser would find them. */
static int help_topic(
	const struct parsed *parsed, const struct noun *const *table, struct portal_error *err)
{
	const struct topic *topic = parsed->args;
	const char *const words[] = { topic->noun, topic->verb, NULL };
	struct words found = { .arena = parsed->reading.arena, .nouns = table };
	int rc = words_sort(&found, words, err);

	return rc < 0 ? rc : print_help(parsed, table, found.noun, found.command, err);
}

static int schema(const struct parsed *parsed, struct portal_error *err)
{
	const struct topic *topic = parsed->args;
	int rc = check_format(parsed, err);

	const bool as_json = !strcmp(parsed->globals.format, "json");

	return rc < 0 ? rc : out_schema(STDOUT_FILENO, topic->noun, as_json, err);
}

static int print_script(const struct parsed *parsed, struct portal_error *err)
{
	const struct topic *topic = parsed->args;
	int rc = check_format(parsed, err);

	if (rc < 0)
		return rc;
	if (!strcmp(parsed->globals.format, "json"))
		return portal_fail(err, PORTAL_USAGE, _("'%s' prints a script, not JSON"),
			"portalctl completion");
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++)
		if (!strcmp(scripts[i].shell, topic->noun))
			fputs(scripts[i].text, stdout);
	return written(err);
}

int builtin_run(
	const struct parsed *parsed, const struct noun *const *table, struct portal_error *err)
{
	if (parsed->command == &version_command)
		return builtin_version(parsed, err);
	if (parsed->command == &schema_command)
		return schema(parsed, err);
	if (parsed->command == &completion_command)
		return print_script(parsed, err);
	return help_topic(parsed, table, err);
}

void builtin_complete(const struct noun *const *table, const char *const *words, int64_t count)
{
	const struct completion completion = { table, complete_from_portal };

	complete_print(stdout, &completion, words, count);
	fflush(stdout);
}
