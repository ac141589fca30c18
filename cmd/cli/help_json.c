#include "help.h"

#include <string.h>

#include "parse.h"

/* Of our own tables: an example may have several lines. */
static void print_character(FILE *to, char c)
{
	if ((unsigned char)c < ' ') {
		fprintf(to, "\\u%04x", (unsigned)c);
		return;
	}
	if (c == '"' || c == '\\')
		putc('\\', to);
	putc(c, to);
}

static void print_text(FILE *to, const char *text)
{
	if (!text) {
		fputs("null", to);
		return;
	}
	putc('"', to);
	for (; *text; text++)
		print_character(to, *text);
	putc('"', to);
}

static void print_member(FILE *to, const char *key, const char *text)
{
	fprintf(to, "\"%s\":", key);
	print_text(to, text);
	putc(',', to);
}

static void print_flag(FILE *to, const char *key, bool on)
{
	fprintf(to, ",\"%s\":%s", key, on ? "true" : "false");
}

static void print_words(FILE *to, const struct portal_word *words)
{
	const char *comma = "";

	fputs("\"words\":[", to);
	for (; words && words->word; words++, comma = ",") {
		fputs(comma, to);
		print_text(to, words->word);
	}
	putc(']', to);
}

static void print_arg(FILE *to, const struct arg *arg)
{
	static const char *const types[] = { [ARG_FLAG] = "flag",
		[ARG_TEXT] = "text",
		[ARG_INT] = "integer",
		[ARG_TIME] = "time",
		[ARG_LIST] = "list",
		[ARG_SECRET] = "secret" };

	putc('{', to);
	print_member(to, "name", arg->name);
	print_member(to, "type", types[arg->type]);
	print_member(to, "metavar", arg->metavar);
	print_member(to, "help", arg->help);
	print_member(to, "default", arg->fallback);
	print_words(to, arg->words);
	print_flag(to, "required", (arg->flags & ARG_REQUIRED) && !arg->unless);
	print_flag(to, "optional", (arg->flags & ARG_OPTIONAL) || arg->unless);
	print_flag(to, "each", arg->flags & ARG_EACH);
	print_flag(to, "filter", arg->flags & ARG_FILTER);
	print_flag(to, "stdin", arg->flags & ARG_FROM_STDIN);
	print_flag(to, "batch_key", arg->type != ARG_SECRET && !(arg->flags & ARG_NOT_IN_BATCH));
	putc('}', to);
}

static void print_args(FILE *to, const char *key, const struct arg *args)
{
	const char *comma = "";

	fprintf(to, "\"%s\":[", key);
	for (; args && args->name; args++, comma = ",") {
		fputs(comma, to);
		print_arg(to, args);
	}
	putc(']', to);
}

static void print_examples(FILE *to, const struct example *example)
{
	const char *comma = "";

	fputs("\"examples\":[", to);
	for (; example && example->line; example++, comma = ",") {
		fprintf(to, "%s{", comma);
		print_member(to, "line", example->line);
		fputs("\"why\":", to);
		print_text(to, example->why);
		putc('}', to);
	}
	putc(']', to);
}

static void print_command(FILE *to, const struct command *command)
{
	static const char *const needs[] = {
		[NEEDS_NOTHING] = "nothing", [NEEDS_READ] = "read", [NEEDS_WRITE] = "write"
	};

	putc('{', to);
	print_member(to, "noun", command->noun ? command->noun : "");
	print_member(to, "verb", command->verb);
	print_member(to, "summary", command->summary);
	print_member(to, "action", command->action);
	print_member(to, "permission", command->permission);
	print_member(to, "needs", needs[command->needs]);
	print_member(to, "prints", command->prints ? command->prints->kind : NULL);
	print_args(to, "operands", command->operands);
	putc(',', to);
	print_args(to, "options", command->options);
	putc(',', to);
	print_examples(to, command->examples);
	print_flag(to, "lists", command->list);
	print_flag(to, "batch", command->flags & COMMAND_BATCH);
	print_flag(to, "bulk", command->flags & COMMAND_BULK);
	print_flag(
		to, "dry_run", command_changes(command) && !(command->flags & COMMAND_NO_DRY_RUN));
	putc('}', to);
}

static void print_commands(FILE *to, const struct noun *const *table)
{
	const char *comma = "";

	fputs("\"commands\":[", to);
	for (const struct noun *const *n = table; *n; n++)
		for (const struct command *const *c = (*n)->verbs; *c; c++) {
			if ((*c)->flags & COMMAND_HIDDEN)
				continue;
			fputs(comma, to);
			print_command(to, *c);
			comma = ",\n";
		}
	putc(']', to);
}

static void print_statuses(FILE *to)
{
	fputs("\"exit_statuses\":[", to);
	for (int code = PORTAL_OK; code < PORTAL_CODE_COUNT; code++) {
		enum portal_code each = (enum portal_code)code;

		fprintf(to, "%s{\"exit\":%d,", code ? "," : "", portal_code_exit(each));
		print_member(to, "code", portal_code_word(each));
		fputs("\"meaning\":", to);
		print_text(to, portal_code_meaning(each));
		putc('}', to);
	}
	putc(']', to);
}

void help_print_json(FILE *to, const struct noun *const *table)
{
	fputs("{\"schema\":\"portalctl/1\",\"kind\":\"help\",\"version\":\"" PORTAL_VERSION "\",\n",
		to);
	print_args(to, "global_options", global_options);
	fputs(",\n", to);
	print_args(to, "batch_options", batch_options);
	fputs(",\n", to);
	print_args(to, "bulk_options", bulk_options);
	fputs(",\n", to);
	print_commands(to, table);
	fputs(",\n", to);
	print_statuses(to);
	fputs("}\n", to);
}
