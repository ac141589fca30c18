/* A small command table for the tests of the command line, and its parser. */
#ifndef TABLE_H
#define TABLE_H

#include <portal/arena.h>
#include <portal/portal.h>

#include "base/i18n.h"

/* The binary is no library; its tests read the sources they test. */
#include "../../cmd/cli/values.c"
#include "../../cmd/cli/globals.c"
#include "../../cmd/cli/settings.c"
#include "../../cmd/cli/words.c"
#include "../../cmd/cli/parse.c"

struct send_args {
	const char *to;
	const char *email;
	cli_list phones, statuses;
	int64_t limit;
	portal_time since;
	bool loud;
	const char *color;
	cli_secret password;
};

static const struct portal_word statuses[] = { { "open" }, { "closed" }, { NULL } };

static const struct arg send_operands[] = {
	OPERAND(struct send_args, to, .name = "TO-TAX-ID", .flags = ARG_EACH),
	END_OF_LIST,
};

static const struct arg send_options[] = {
	OPTION(struct send_args, email, .name = "email", .metavar = "E", .flags = ARG_REQUIRED),
	OPTION(struct send_args, phones, .name = "phone", .metavar = "P"),
	OPTION(struct send_args, statuses, .name = "status", .words = statuses),
	OPTION(struct send_args, limit, .name = "limit", .fallback = "7"),
	OPTION(struct send_args, since, .name = "due-since"),
	OPTION(struct send_args, loud, .name = "loud"),
	OPTION(struct send_args, password, .name = "password", .flags = ARG_FROM_STDIN),
	END_OF_LIST,
};

struct accept_args {
	int64_t id;
	const char *from;
};

static const struct arg accept_operands[] = {
	OPERAND(struct accept_args, id, .name = "ID", .flags = ARG_EACH),
	END_OF_LIST,
};

static const struct arg accept_options[] = {
	OPTION(struct accept_args, from, .name = "from", .flags = ARG_FILTER),
	END_OF_LIST,
};

struct show_args {
	const char *number;
	const char *part;
};

static const struct arg show_operands[] = {
	OPERAND(struct show_args, number, .name = "NUMBER"),
	OPERAND(struct show_args, part, .name = "PART", .flags = ARG_OPTIONAL),
	END_OF_LIST,
};

#ifndef SEND_RUN
#define SEND_RUN NULL
#define ACCEPT_SELECT NULL
#endif

static const struct command send_command = { .noun = "invite",
	.verb = "send",
	.action = "sent",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct send_args),
	.operands = send_operands,
	.options = send_options,
	.run = SEND_RUN };
static const struct command accept_command = { .noun = "invite",
	.verb = "accept",
	.action = "accepted",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BULK | COMMAND_BATCH,
	.args_size = sizeof(struct accept_args),
	.operands = accept_operands,
	.options = accept_options,
	.run = SEND_RUN,
	.select = ACCEPT_SELECT };
static const struct command show_command = { .noun = "invite",
	.verb = "show",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct show_args),
	.operands = show_operands };
static const struct command status_command = { .noun = "", .verb = "status", .needs = NEEDS_READ };

static const struct command *const invite_verbs[] = { &send_command, &accept_command, &show_command,
	NULL };
static const struct command *const plain_verbs[] = { &status_command, NULL };
static const struct noun plain_noun = { "", "", plain_verbs };
static const struct noun invite_noun = { "invite", "invites", invite_verbs };
static const struct noun *const test_nouns[] = { &plain_noun, &invite_noun, NULL };

static const char *test_env_none(const char *name)
{
	(void)name;
	return NULL;
}

struct test {
	struct arena arena;
	struct parsed parsed;
	struct portal_error err;
	int rc;
};

static void test_end(struct test *test)
{
	arena_release(&test->arena);
}

#define _cleanup_test_ __attribute__((cleanup(test_end)))

static void test_parse(
	struct test *test, const char *(*env)(const char *name), const char *const *words)
{
	*test = (struct test){ 0 };
	test->rc = cli_parse(&test->arena, test_nouns, words, env, &test->parsed, &test->err);
}

#define PARSE_IN(env, ...) \
	_cleanup_test_ struct test t; \
	test_parse(&t, env, (const char *const[]){ __VA_ARGS__, NULL })
#define PARSE(...) PARSE_IN(test_env_none, __VA_ARGS__)
#define AGAIN(...) \
	test_end(&t); \
	test_parse(&t, test_env_none, (const char *const[]){ __VA_ARGS__, NULL })

#endif
