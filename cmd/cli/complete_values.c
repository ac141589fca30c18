#include "complete.h"

#include <stdlib.h>

#include <portal/arena.h>
#include <portal/complete.h>

#include "parse.h"
#include "process.h"

static const char *environment(const char *name)
{
	return getenv(name);
}

/* Global options are read as every command reads them: options, environment,
 * settings file. */
static int find_portal(struct arena *arena, const struct complete_line *line,
	struct portal_options *ret, struct portal_error *err)
{
	const char *words[5] = { "status" };
	struct parsed parsed = { 0 };
	int count = 1, rc;

	if (line->db)
		words[count++] = arena_printf(arena, "--db=%s", line->db);
	if (line->config)
		words[count++] = arena_printf(arena, "--config=%s", line->config);
	if (line->as)
		words[count++] = arena_printf(arena, "--as=%s", line->as);
	rc = cli_parse(arena, nouns, words, environment, &parsed, err);
	if (rc == 0)
		rc = globals_db(&parsed, environment, &ret->db, err);
	ret->acting_as = parsed.globals.as;
	if (line->token_file || getenv("PORTALCTL_TOKEN"))
		ret->session_token = arena_new(arena, struct portal_secret);
	return rc;
}

static enum portal_completes wanted(enum arg_completes what)
{
	if (what == COMPLETE_COMPANY)
		return PORTAL_COMPLETES_COMPANY;
	if (what == COMPLETE_USER || what == COMPLETE_USER_NOT_ACTIVE)
		return PORTAL_COMPLETES_USER;
	if (what == COMPLETE_TICKET)
		return PORTAL_COMPLETES_TICKET;
	return what == COMPLETE_ID ? PORTAL_COMPLETES_ID : PORTAL_COMPLETES_SETTING;
}

/* Commands that only show things show those too that wait for nothing any more. */
static bool waits(const struct complete_line *line, enum arg_completes what)
{
	if (what == COMPLETE_ID || what == COMPLETE_TICKET)
		return line->command && line->command->needs == NEEDS_WRITE;
	return what == COMPLETE_USER_NOT_ACTIVE;
}

void complete_from_portal(const struct complete_line *line, enum arg_completes what,
	const char *prefix, complete_each *each, void *arg)
{
	_cleanup_arena_ struct arena arena = { .out_of_memory = process_out_of_memory };
	const struct portal_completion completion = { .what = wanted(what),
		.noun = line->noun ? line->noun->name : "",
		.record = line->command ? line->command->prints : NULL,
		.open_only = waits(line, what),
		.prefix = prefix };
	struct portal_options options = { .out_of_memory = process_out_of_memory };
	struct portal_error unheard = { .arena = &arena };

	if (find_portal(&arena, line, &options, &unheard) == 0)
		portal_complete(&options, &completion, each, arg);
}
