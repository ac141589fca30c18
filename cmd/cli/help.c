#include "help.h"

#include <string.h>

#include "parse.h"
#include "text.h"

enum { COLUMN = 28, WORDS_BYTES = 160 };

void help_option_words(const struct arg *arg, char *buf, size_t size)
{
	if (arg->type == ARG_SECRET)
		snprintf(buf, size, "--%s-file FILE%s%s%s", arg->name,
			arg->flags & ARG_FROM_STDIN ? ", --" : "",
			arg->flags & ARG_FROM_STDIN ? arg->name : "",
			arg->flags & ARG_FROM_STDIN ? "-stdin" : "");
	else if (arg->type == ARG_FLAG)
		snprintf(buf, size, "--%s", arg->name);
	else
		snprintf(buf, size, "--%s %s", arg->name, arg->metavar ? arg->metavar : "VALUE");
}

/* gettext answers the empty text with the catalogue's own header. */
static const char *translated(const char *text)
{
	return text && *text ? _(text) : "";
}

static void print_row(FILE *to, const char *left, const char *right)
{
	if (strlen(left) >= COLUMN - 2)
		fprintf(to, "  %s\n%*s%s\n", left, COLUMN, "", translated(right));
	else
		fprintf(to, "  %-*s%s\n", COLUMN - 2, left, translated(right));
}

static void print_words(FILE *to, const struct arg *arg)
{
	const struct portal_word *word = arg->words;

	if (!word)
		return;
	fprintf(to, "%*s%s", COLUMN, "", word->word);
	for (word++; word->word; word++)
		fprintf(to, " | %s", word->word);
	putc('\n', to);
}

static void print_fallback(FILE *to, const struct arg *arg)
{
	if (!arg->fallback)
		return;
	fprintf(to, "%*s", COLUMN, "");
	fprintf(to, _("default: %s"), arg->fallback);
	putc('\n', to);
}

static void print_args(FILE *to, const struct arg *args)
{
	for (; args && args->name; args++) {
		char words[WORDS_BYTES];

		help_option_words(args, words, sizeof(words));
		print_row(to, words, args->help);
		print_words(to, args);
		print_fallback(to, args);
	}
}

static void print_operand(FILE *to, const struct arg *arg, bool bulk)
{
	bool optional =
		(arg->flags & ARG_OPTIONAL) || arg->unless || (bulk && (arg->flags & ARG_EACH));
	bool many = (arg->flags & ARG_EACH) || arg->type == ARG_LIST;

	fprintf(to, " %s%s%s%s", optional ? "[" : "", arg->name, many ? "..." : "",
		optional ? "]" : "");
}

static void print_usage(FILE *to, const struct command *command)
{
	bool has_noun = command->noun && *command->noun;

	fprintf(to, "portalctl %s%s%s", has_noun ? command->noun : "", has_noun ? " " : "",
		command->verb);
	for (const struct arg *a = command->operands; a && a->name; a++)
		print_operand(to, a, command->flags & COMMAND_BULK);
	for (const struct arg *a = command->options; a && a->name; a++) {
		char words[WORDS_BYTES];

		if (!(a->flags & ARG_REQUIRED) || a->unless)
			continue;
		help_option_words(a, words, sizeof(words));
		fprintf(to, " %s", words);
	}
	fprintf(to, " [%s]\n", _("OPTION..."));
}

static void print_examples(FILE *to, const struct example *example)
{
	if (!example || !example->line)
		return;
	fprintf(to, "\n%s\n", _("Examples:"));
	for (; example->line; example++)
		fprintf(to, "  %s\n      %s\n", example->line, translated(example->why));
}

static void print_operands(FILE *to, const struct arg *operands)
{
	if (!operands || !operands->name)
		return;
	fprintf(to, "\n%s\n", _("Operands:"));
	for (; operands->name; operands++) {
		print_row(to, operands->name, operands->help);
		print_words(to, operands);
	}
}

static void print_verb(FILE *to, const struct command *command)
{
	print_usage(to, command);
	fprintf(to, "\n%s\n", translated(command->summary));
	print_examples(to, command->examples);
	print_operands(to, command->operands);
	if (command->options && command->options->name)
		fprintf(to, "\n%s\n", _("Options:"));
	print_args(to, command->options);
	if (command->flags & (COMMAND_BULK | COMMAND_BATCH))
		fprintf(to, "\n%s\n", _("Several records:"));
	if (command->flags & COMMAND_BULK)
		print_args(to, bulk_options);
	if (command->flags & COMMAND_BATCH)
		print_args(to, batch_options);
	fprintf(to, "\n%s\n", _("Options of all commands: portalctl help"));
}

static void print_verbs(FILE *to, const struct noun *noun)
{
	for (const struct command *const *c = noun->verbs; *c; c++)
		if (!((*c)->flags & COMMAND_HIDDEN))
			print_row(to, (*c)->verb, (*c)->summary);
}

/* Every meaning of a status has a line, the status stands on the first. */
static void print_statuses(FILE *to)
{
	int last = 0;

	fprintf(to, "\n%s\n  0  %s\n", _("Exit status:"), _("done, or nothing to do"));
	for (int code = PORTAL_OK + 1; code < PORTAL_CODE_COUNT; code++) {
		enum portal_code each = (enum portal_code)code;
		int status = portal_code_exit(each);

		if (status == last)
			fprintf(to, "%3s", "");
		else
			fprintf(to, "%3d", status);
		fprintf(to, "  %s\n", translated(portal_code_meaning(each)));
		last = status;
	}
	fprintf(to, "128+N  %s\n", _("ended by signal N"));
}

static void print_overview(FILE *to, const struct noun *const *table)
{
	fprintf(to, "portalctl [%s] %s [%s]\n", _("OPTION..."), _("NOUN VERB [OPERAND...]"),
		_("OPTION..."));
	fprintf(to, "\n%s\n", _("Commands:"));
	for (const struct noun *const *n = table; *n; n++)
		if (!*(*n)->name)
			print_verbs(to, *n);
	for (const struct noun *const *n = table; *n; n++)
		if (*(*n)->name)
			print_row(to, (*n)->name, (*n)->summary);
	fprintf(to, "\n%s\n", _("Options of all commands:"));
	print_args(to, global_options);
	print_statuses(to);
}

void help_print(FILE *to, const struct noun *const *table, const struct noun *noun,
	const struct command *command)
{
	if (command) {
		print_verb(to, command);
	} else if (noun && *noun->name) {
		fprintf(to, "portalctl %s VERB\n\n%s\n\n", noun->name, translated(noun->summary));
		print_verbs(to, noun);
	} else {
		print_overview(to, table);
	}
}
