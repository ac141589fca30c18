#include "secret.h"

#include <portal/arena.h>

#include "parse.h"

static cli_secret *member(const struct parsed *parsed, const struct arg *arg)
{
	return (cli_secret *)(void *)((char *)parsed->args + arg->offset);
}

static struct portal_secret *begin(struct parsed *parsed, const struct arg *arg)
{
	cli_secret *secret = member(parsed, arg);

	secret->secret = arena_new(parsed->reading.arena, struct portal_secret);
	secret->given = true;
	return secret->secret;
}

static int ask(struct parsed *parsed, const struct arg *arg, struct portal_error *err)
{
	enum secret_ask times = arg->flags & ARG_ASK_TWICE ? SECRET_ASK_TWICE : SECRET_ASK_ONCE;

	return secret_ask(arg->name, times, begin(parsed, arg), err);
}

/* --no-input has made the parser refuse the command before. Of a batch each record
 * says for itself that it lacks a secret, and none has one. */
static int ask_for_missing(struct parsed *parsed, struct portal_error *err)
{
	const struct arg *options = parsed->globals.batch ? NULL : parsed->command->options;

	for (; options && options->name; options++) {
		if (options->type != ARG_SECRET || !(options->flags & ARG_REQUIRED) ||
			member(parsed, options)->given ||
			command_excuses(parsed->command, parsed->given, options))
			continue;
		if (parsed->each_values.count > 1)
			return secret_of_several(err);
		if (ask(parsed, options, err) < 0)
			return -(int)err->code;
	}
	return 0;
}

int secrets_read(struct parsed *parsed, struct portal_error *err)
{
	for (const struct secret_source *s = parsed->secrets; s; s = s->next) {
		int rc = secret_read(
			s->arg->name, s->file ? s->file : "-", begin(parsed, s->arg), err);

		if (rc < 0)
			return rc;
	}
	return ask_for_missing(parsed, err);
}

void secrets_clear(struct parsed *parsed)
{
	const struct arg *options = parsed->command ? parsed->command->options : NULL;

	for (; parsed->args && options && options->name; options++)
		if (options->type == ARG_SECRET && member(parsed, options)->secret)
			portal_secret_clear(member(parsed, options)->secret);
}
