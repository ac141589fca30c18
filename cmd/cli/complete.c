#include "complete.h"

#include <string.h>

#include <portal/config.h>

#include "out.h"
#include "text.h"
#include "words.h"

enum { WORD_BYTES = 128 };

/* What is known of the words before the last one. */
struct state {
	FILE *to;
	const struct completion *completion;
	struct complete_line line;
	const struct arg *awaits; /* the option whose value comes next */
	const char *prefix;
	const char *kept; /* "--status=" before it */
	int kept_len;
	int operands;
	const char *operand; /* the last one before it */
	bool ended;
};

/* An answer whose description is shown as it is. */
static void answer_as_is(void *arg, const char *value, const char *description)
{
	struct state *state = arg;

	if (strncmp(value, state->prefix, strlen(state->prefix)))
		return;
	fprintf(state->to, "%.*s%s", state->kept_len, state->kept, value);
	if (description && *description)
		fprintf(state->to, "\t%s", description);
	putc('\n', state->to);
}

static void answer(struct state *state, const char *value, const char *description)
{
	answer_as_is(state, value, description && *description ? _(description) : NULL);
}

static const struct arg *find_long(const struct arg *args, const char *name)
{
	for (; args && args->name; args++)
		if (args->type != ARG_SECRET && !strcmp(args->name, name))
			return args;
	return NULL;
}

/* --password-file FILE takes a word too, which the shell completes. */
static const struct arg *find_secret(const struct arg *args, const char *name)
{
	for (; args && args->name; args++) {
		size_t len = strlen(args->name);

		if (args->type == ARG_SECRET && !strncmp(args->name, name, len) &&
			!strcmp(name + len, "-file"))
			return args;
	}
	return NULL;
}

static const struct arg *find_option(const struct state *state, const char *name)
{
	const struct arg *options = state->line.command ? state->line.command->options : NULL;
	const struct arg *found = find_long(options, name);

	if (!found)
		found = find_secret(options, name);
	if (!found)
		found = find_long(global_options, name);
	return found ? found : find_long(batch_options, name);
}

static void note_operand(struct state *state, const char *word)
{
	const struct noun *const *n = state->completion->table;

	if (state->line.command) {
		state->operands++;
		state->operand = word;
	} else if (state->line.noun) {
		state->line.command = noun_command(state->line.noun, word);
	} else {
		for (; *n && !state->line.noun; n++) {
			if (!*(*n)->name)
				state->line.command = noun_command(*n, word);
			if (state->line.command || (*(*n)->name && !strcmp((*n)->name, word)))
				state->line.noun = *n;
		}
	}
}

/* What decides which portal is asked, and whether. */
static void note_global(struct state *state, const char *name, const char *value)
{
	if (!strcmp(name, "db"))
		state->line.db = value;
	else if (!strcmp(name, "config"))
		state->line.config = value;
	else if (!strcmp(name, "as"))
		state->line.as = value;
	else if (!strcmp(name, "token-file"))
		state->line.token_file = value;
}

/* --NAME=VALUE. */
static const struct arg *find_pair(const struct state *state, const char *word)
{
	char name[WORD_BYTES];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word + 2, "="), word + 2);
	return find_option(state, name);
}

static void note_pair(struct state *state, const char *word)
{
	const struct arg *arg = find_pair(state, word);

	if (arg)
		note_global(state, arg->name, strchr(word, '=') + 1);
}

/* An option behind the noun: its verb was left out. */
static void note_no_verb(struct state *state)
{
	if (state->line.noun && !state->line.command)
		state->line.command = noun_usual(state->line.noun);
}

static void note_word(struct state *state, const char *word)
{
	const struct arg *awaited = state->awaits;

	state->awaits = NULL;
	if (awaited) {
		note_global(state, awaited->name, word);
	} else if (state->ended || word[0] != '-') {
		note_operand(state, word);
	} else if (!strcmp(word, "--")) {
		state->ended = true;
	} else if (word[1] == '-' && strchr(word, '=')) {
		note_no_verb(state);
		note_pair(state, word);
	} else if (word[1] == '-') {
		note_no_verb(state);
		state->awaits = find_option(state, word + 2);
		if (state->awaits && state->awaits->type == ARG_FLAG)
			state->awaits = NULL;
	}
}

static void answer_options(struct state *state, const struct arg *args)
{
	for (; args && args->name; args++) {
		char word[WORD_BYTES];
		bool secret = args->type == ARG_SECRET;

		snprintf(word, sizeof(word), "--%s%s", args->name, secret ? "-file" : "");
		answer(state, word, args->help);
		if (!secret || !(args->flags & ARG_FROM_STDIN))
			continue;
		snprintf(word, sizeof(word), "--%s-stdin", args->name);
		answer(state, word, args->help);
	}
}

static void answer_all_options(struct state *state)
{
	unsigned flags = state->line.command ? state->line.command->flags : 0;

	if (state->line.command)
		answer_options(state, state->line.command->options);
	if (flags & COMMAND_BULK)
		answer_options(state, bulk_options);
	if (flags & COMMAND_BATCH)
		answer_options(state, batch_options);
	answer_options(state, global_options);
}

static void answer_field(struct state *state, int kept, const char *key, const char *title)
{
	char value[4 * WORD_BYTES];

	snprintf(value, sizeof(value), "%.*s%s", kept, state->prefix, key);
	answer(state, value, title);
}

/* Fields come as a list: what stands before the last comma is kept. */
static void answer_fields(struct state *state)
{
	const struct portal_record *record =
		state->line.command ? state->line.command->prints : NULL;
	const char *comma = strrchr(state->prefix, ',');
	int kept = comma ? (int)(comma - state->prefix) + 1 : 0;

	for (const struct portal_field *f = record ? record->fields : NULL; f && f->key; f++)
		answer_field(state, kept, f->key, f->title);
	if (state->line.command && state->line.command->flags & COMMAND_TOKEN)
		answer_field(state, kept, "token", NULL);
}

/* A field to sort by is called what its heading is called. */
static void answer_word(struct state *state, const struct arg *arg, const struct portal_word *word)
{
	const bool is_field = arg->flags & ARG_DESCENDS;
	const struct portal_record *record =
		is_field && state->line.command ? state->line.command->prints : NULL;
	const struct portal_field *field = record ? portal_record_field(record, word->word) : NULL;
	char value[WORD_BYTES];

	snprintf(value, sizeof(value), "%s%s", is_field && *state->prefix == '-' ? "-" : "",
		word->word);
	if (field)
		answer(state, value, field->title);
	else
		answer_as_is(state, value, portal_word_text(word, word->word));
}

static void answer_verbs(struct state *state, const struct noun *noun)
{
	for (const struct command *const *c = noun->verbs; *c; c++)
		if (!((*c)->flags & COMMAND_HIDDEN))
			answer(state, (*c)->verb, (*c)->summary);
}

static void answer_nouns(struct state *state)
{
	for (const struct noun *const *n = state->completion->table; *n; n++) {
		if (*(*n)->name)
			answer(state, (*n)->name, (*n)->summary);
		else
			answer_verbs(state, *n);
	}
}

static void answer_verbs_of(struct state *state, const char *name)
{
	for (const struct noun *const *n = state->completion->table; *n; n++)
		if (*(*n)->name && name && !strcmp((*n)->name, name))
			answer_verbs(state, *n);
}

static void answer_kind(void *arg, const char *kind)
{
	answer_as_is(arg, kind, NULL);
}

static void answer_words(
	struct state *state, const struct arg *arg, const struct portal_word *words)
{
	for (const struct portal_word *w = words; w && w->word; w++)
		answer_word(state, arg, w);
}

static void answer_from_portal(struct state *state, enum arg_completes what)
{
	complete_values *values = state->completion->values;

	if (values)
		values(&state->line, what, state->prefix, answer_as_is, state);
}

static void answer_value(struct state *state, const struct arg *arg)
{
	if (!arg || !arg->name)
		return;
	answer_words(state, arg, arg->words);
	switch (arg->completes) {
	case COMPLETE_NOTHING:
		fputs(arg->type == ARG_SECRET ? "\tfiles\n" : "", state->to);
		break;
	case COMPLETE_FILE:
		fputs("\tfiles\n", state->to);
		break;
	case COMPLETE_FIELD:
		answer_fields(state);
		break;
	case COMPLETE_COMMAND:
		answer_nouns(state);
		break;
	case COMPLETE_VERB:
		answer_verbs_of(state, state->operand);
		break;
	case COMPLETE_KIND:
		out_each_kind(answer_kind, state);
		break;
	case COMPLETE_SETTING_VALUE:
		answer_words(state, arg, state->operand ? config_words(state->operand) : NULL);
		break;
	case COMPLETE_COMPANY:
	case COMPLETE_USER:
	case COMPLETE_USER_NOT_ACTIVE:
	case COMPLETE_ID:
	case COMPLETE_TICKET:
	case COMPLETE_SETTING:
		answer_from_portal(state, arg->completes);
		break;
	}
}

/* The last operand may be one of many; one before it is taken for a single one. */
static const struct arg *operand_at(const struct command *command, int index)
{
	const struct arg *arg = command->operands;

	while (arg && arg->name && index-- > 0)
		if (arg[1].name || (!(arg->flags & ARG_EACH) && arg->type != ARG_LIST))
			arg++;
	return arg;
}

static void answer_pair(struct state *state)
{
	const struct arg *arg = find_pair(state, state->prefix);

	state->kept = state->prefix;
	state->prefix = strchr(state->prefix, '=') + 1;
	state->kept_len = (int)(state->prefix - state->kept);
	answer_value(state, arg);
}

static void answer_last(struct state *state)
{
	bool option = !state->ended && state->prefix[0] == '-';

	if (option)
		note_no_verb(state);
	if (state->awaits)
		answer_value(state, state->awaits);
	else if (option && state->prefix[1] == '-' && strchr(state->prefix, '='))
		answer_pair(state);
	else if (option)
		answer_all_options(state);
	else if (state->line.command)
		answer_value(state, operand_at(state->line.command, state->operands));
	else if (state->line.noun)
		answer_verbs(state, state->line.noun);
	else
		answer_nouns(state);
}

void complete_print(
	FILE *to, const struct completion *completion, const char *const *words, int64_t count)
{
	struct state state = { .to = to, .completion = completion, .prefix = "", .kept = "" };

	for (int64_t i = 0; i < count - 1; i++)
		note_word(&state, words[i]);
	if (count > 0)
		state.prefix = words[count - 1];
	answer_last(&state);
}
