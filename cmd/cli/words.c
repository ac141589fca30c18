#include "words.h"

#include <string.h>

#include <portal/arena.h>
#include <portal/text.h>

#include "text.h"

struct sorter {
	struct words *words;
	const char *const *argv;
	struct given_option **last;
	bool ended; /* "--" was seen */
};

/* What an option word names. */
struct match {
	const struct arg *arg;
	enum option_way way;
	bool global;
	int index;
};

static const char *shown(struct sorter *sorter, const char *text)
{
	return portal_text_printable(sorter->words->arena, text);
}

const struct command *noun_command(const struct noun *noun, const char *verb)
{
	for (const struct command *const *c = noun->verbs; *c; c++)
		if (!strcmp((*c)->verb, verb))
			return *c;
	return NULL;
}

const struct command *noun_usual(const struct noun *noun)
{
	for (const struct command *const *c = noun->verbs; *c; c++)
		if ((*c)->flags & COMMAND_USUAL)
			return *c;
	return NULL;
}

/* Does @word (up to '=') name @arg? Fills how. */
static bool names(const struct arg *arg, const char *word, size_t len, enum option_way *ret_way)
{
	size_t name_len = strlen(arg->name);
	const char *rest = word + name_len;

	if (len < name_len || strncmp(arg->name, word, name_len))
		return false;
	len -= name_len;
	*ret_way = WAY_VALUE;
	if (arg->type != ARG_SECRET)
		return len == 0;
	*ret_way = WAY_SECRET_FILE;
	if (len == strlen("-file") && !strncmp(rest, "-file", len))
		return true;
	*ret_way = WAY_SECRET_STDIN;
	return (arg->flags & ARG_FROM_STDIN) && len == strlen("-stdin") &&
	       !strncmp(rest, "-stdin", len);
}

static bool find_in(
	const struct arg *list, int first_bit, const char *word, size_t len, struct match *ret)
{
	for (int i = 0; list && list[i].name; i++) {
		if (!names(&list[i], word, len, &ret->way))
			continue;
		ret->arg = &list[i];
		ret->index = first_bit + i;
		return true;
	}
	return false;
}

static bool find_global(const struct words *words, const char *word, size_t len, struct match *ret)
{
	unsigned flags = words->command ? words->command->flags : 0;

	ret->global = true;
	return find_in(global_options, 0, word, len, ret) ||
	       ((flags & COMMAND_BATCH) && find_in(batch_options, BATCH_BIT, word, len, ret)) ||
	       ((flags & COMMAND_BULK) && find_in(bulk_options, BULK_BIT, word, len, ret));
}

static bool find_option(const struct words *words, const char *word, size_t len, struct match *ret)
{
	*ret = (struct match){ 0 };
	if (words->command && find_in(words->command->options, OPERANDS_MAX, word, len, ret))
		return true;
	return find_global(words, word, len, ret);
}

/* An option of the command that is meant where the noun has no verb yet. */
static bool find_usual(struct words *words, const char *word, size_t len, struct match *ret)
{
	const struct command *usual =
		words->noun && !words->command ? noun_usual(words->noun) : NULL;

	if (!usual || !find_in(usual->options, OPERANDS_MAX, word, len, ret))
		return false;
	ret->global = false;
	words->command = usual;
	return true;
}

static void try_options(struct arena *arena, struct suggestion *guess, const struct arg *list)
{
	for (; list && list->name; list++) {
		if (list->type != ARG_SECRET) {
			suggest_try(guess, arena_printf(arena, "--%s", list->name));
			continue;
		}
		suggest_try(guess, arena_printf(arena, "--%s-file", list->name));
		if (list->flags & ARG_FROM_STDIN)
			suggest_try(guess, arena_printf(arena, "--%s-stdin", list->name));
	}
}

/* "portalctl invite send", as far as it is known. */
static const char *so_far(const struct words *words)
{
	const char *noun = words->noun ? words->noun->name : "";
	const char *verb = words->command ? words->command->verb : "";

	return arena_printf(
		words->arena, "portalctl%s%s%s%s", *noun ? " " : "", noun, *verb ? " " : "", verb);
}

static int unknown_option(
	struct sorter *sorter, const char *word, size_t len, struct portal_error *err)
{
	struct words *words = sorter->words;
	const char *text = arena_strndup(words->arena, word, len);
	struct suggestion guess = suggest_begin(text);

	try_options(words->arena, &guess, words->command ? words->command->options : NULL);
	if (words->command && (words->command->flags & COMMAND_BATCH))
		try_options(words->arena, &guess, batch_options);
	if (words->command && (words->command->flags & COMMAND_BULK))
		try_options(words->arena, &guess, bulk_options);
	try_options(words->arena, &guess, global_options);
	portal_fail(err, PORTAL_USAGE, _("'%s' has no option '%s'"), so_far(words),
		shown(sorter, text));
	if (guess.best)
		return suggest_hint(&guess, err);
	if (!words->command)
		return portal_hint(err, _("options of a command stand behind its verb"));
	return portal_hint(err, "%s --help", so_far(words));
}

static int repeated(const struct match *match, struct portal_error *err)
{
	portal_fail(err, PORTAL_USAGE, _("the option '--%s' was given twice"), match->arg->name);
	return portal_about_field(err, match->arg->name);
}

static int note_option(struct sorter *sorter, const struct match *match, const char *text,
	struct portal_error *err)
{
	struct words *words = sorter->words;
	uint64_t *mask = match->global ? &words->globals_given : &words->given;
	uint64_t bit = UINT64_C(1) << match->index;
	struct given_option *option;

	if ((*mask & bit) && match->arg->type != ARG_LIST)
		return repeated(match, err);
	*mask |= bit;
	option = arena_new(words->arena, struct given_option);
	*option = (struct given_option){ .arg = match->arg,
		.way = match->way,
		.global = match->global,
		.index = match->index,
		.text = text };
	*sorter->last = option;
	sorter->last = &option->next;
	return 0;
}

static bool takes_value(const struct match *match)
{
	return match->arg->type != ARG_FLAG && match->way != WAY_SECRET_STDIN;
}

/* A next word that begins with "--" is the next option: "--email --json" is a
 * value forgotten, and who means it writes --email=--json. */
static int value_after(
	struct sorter *sorter, const char *word, const char **ret, struct portal_error *err)
{
	const char *next = sorter->argv[1];

	if (next && strncmp(next, "--", 2)) {
		*ret = next;
		sorter->argv++;
		return 0;
	}
	return portal_fail(err, PORTAL_USAGE, _("the option '%s' needs a value"), word);
}

static int take_long(struct sorter *sorter, const char *word, struct portal_error *err)
{
	const char *text = NULL;
	size_t len = strcspn(word, "=");
	struct match match;
	int rc = 0;

	if (!find_option(sorter->words, word + 2, len - 2, &match) &&
		!find_usual(sorter->words, word + 2, len - 2, &match))
		return unknown_option(sorter, word, len, err);
	if (word[len] == '=')
		text = word + len + 1;
	if (text && !takes_value(&match))
		return portal_fail(
			err, PORTAL_USAGE, _("the option '%.*s' takes no value"), (int)len, word);
	if (!text && takes_value(&match))
		rc = value_after(sorter, word, &text, err);
	return rc < 0 ? rc : note_option(sorter, &match, text, err);
}

static int take_letter(struct sorter *sorter, char letter, bool last, struct portal_error *err)
{
	const char *name = globals_letter(letter);
	const char word[] = { '-', letter, '\0' };
	const char *text = NULL;
	struct match match;
	int rc = 0;

	if (!name || !find_option(sorter->words, name, strlen(name), &match))
		return unknown_option(sorter, word, 2, err);
	if (takes_value(&match) && !last)
		return portal_fail(
			err, PORTAL_USAGE, _("the value of '%s' is a word of its own"), word);
	if (takes_value(&match))
		rc = value_after(sorter, word, &text, err);
	return rc < 0 ? rc : note_option(sorter, &match, text, err);
}

static int take_letters(struct sorter *sorter, const char *word, struct portal_error *err)
{
	for (const char *at = word + 1; *at; at++) {
		int rc = (unsigned char)*at < 0x80
				 ? take_letter(sorter, *at, !at[1], err)
				 : unknown_option(sorter, word, strlen(word), err);

		if (rc < 0)
			return rc;
	}
	return 0;
}

/* A noun, or the verb of a command that has none. */
static bool take_first(struct words *words, const char *word)
{
	for (const struct noun *const *n = words->nouns; *n; n++) {
		if (!*(*n)->name) {
			words->command = noun_command(*n, word);
			if (words->command)
				words->noun = *n;
		} else if (!strcmp((*n)->name, word)) {
			words->noun = *n;
		}
		if (words->noun)
			return true;
	}
	return false;
}

static int unknown_noun(struct sorter *sorter, const char *word, struct portal_error *err)
{
	struct suggestion guess = suggest_begin(word);

	for (const struct noun *const *n = sorter->words->nouns; *n; n++) {
		if (*(*n)->name)
			suggest_try(&guess, (*n)->name);
		else
			for (const struct command *const *c = (*n)->verbs; *c; c++)
				if (!((*c)->flags & COMMAND_HIDDEN))
					suggest_try(&guess, (*c)->verb);
	}
	portal_fail(err, PORTAL_USAGE, _("'%s' is not a command"), shown(sorter, word));
	return guess.best ? suggest_hint(&guess, err) : portal_hint(err, "portalctl help");
}

static int unknown_verb(struct sorter *sorter, const char *word, struct portal_error *err)
{
	const struct noun *noun = sorter->words->noun;
	struct suggestion guess = suggest_begin(word);

	for (const struct command *const *c = noun->verbs; *c; c++)
		suggest_try(&guess, (*c)->verb);
	portal_fail(err, PORTAL_USAGE, _("'%s' has no verb '%s'"), so_far(sorter->words),
		shown(sorter, word));
	return guess.best ? suggest_hint(&guess, err)
			  : portal_hint(err, "portalctl help %s", noun->name);
}

/* A verb of two words may be written as two: process template add. */
static void take_verb(struct sorter *sorter, const char *word)
{
	struct words *words = sorter->words;
	const char *next = sorter->argv[1];

	words->command = noun_command(words->noun, word);
	if (words->command || !next)
		return;
	words->command = noun_command(words->noun, arena_printf(words->arena, "%s-%s", word, next));
	if (words->command)
		sorter->argv++;
}

static int take_operand(struct sorter *sorter, const char *word, struct portal_error *err)
{
	struct words *words = sorter->words;

	if (!words->noun)
		return take_first(words, word) ? 0 : unknown_noun(sorter, word, err);
	if (!words->command) {
		take_verb(sorter, word);
		return words->command ? 0 : unknown_verb(sorter, word, err);
	}
	list_append(words->arena, &words->operands, word);
	return 0;
}

static int take_word(struct sorter *sorter, const char *word, struct portal_error *err)
{
	if (sorter->ended || word[0] != '-' || !word[1])
		return take_operand(sorter, word, err);
	if (word[1] != '-')
		return take_letters(sorter, word, err);
	if (word[2])
		return take_long(sorter, word, err);
	sorter->ended = true;
	return 0;
}

static int check_sound(struct sorter *sorter, const char *const *argv, struct portal_error *err)
{
	for (; *argv; argv++)
		if (!portal_text_is_sound(*argv))
			return portal_fail(err, PORTAL_INVALID_TEXT,
				_("the argument '%s' is not UTF-8 or holds control characters"),
				shown(sorter, *argv));
	return 0;
}

int words_sort(struct words *words, const char *const *argv, struct portal_error *err)
{
	struct sorter sorter = { .words = words, .argv = argv, .last = &words->options };
	int rc = check_sound(&sorter, argv, err);

	for (; rc == 0 && *sorter.argv; sorter.argv++)
		rc = take_word(&sorter, *sorter.argv, err);
	return rc;
}
