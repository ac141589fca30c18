#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/portal.h>
#include <portal/text.h>
#include <portal/time.h>

#include "cli/batch.h"
#include "cli/builtin.h"
#include "cli/confirm.h"
#include "cli/language.h"
#include "cli/out.h"
#include "cli/process.h"
#include "cli/progress.h"
#include "cli/secret.h"
#include "cli/text.h"

/* What shells say of a program that a signal ended. */
enum { BY_SIGNAL = 128 };

/* One command from its words to its exit status. */
struct session {
	struct arena arena;
	struct parsed parsed;
	struct portal_options options;
	struct portal_secret token;
	bool token_given; /* in the environment */
	char actor[32], boot_id[PROCESS_BOOT_ID];
	struct portal *portal;
	struct out *out;
	int status;
	struct portal_error partial; /* what @status, of a batch, is told with */
};

static const char *environment(const char *name)
{
	return getenv(name);
}

/* Only commands that neither open nor make a portal can do without a path. */
static int choose_db(struct session *session, struct portal_error *err)
{
	const struct command *command = session->parsed.command;
	int rc = globals_db(&session->parsed, environment, &session->options.db, err);

	if (rc < 0 && !session->parsed.globals.db && command->needs == NEEDS_NOTHING &&
		!command_changes(command))
		return 0;
	return rc;
}

static int choose_clock(struct session *session, struct portal_error *err)
{
	const struct arg now = OPTION(struct portal_options, now, .name = "now");

	if (!session->parsed.globals.now)
		return 0;
	return value_read(&session->parsed.reading, &now, &session->options,
		session->parsed.globals.now, err);
}

/* For people: programs read one line on standard error, and that is a failure. */
static void warn_of_exposure(struct session *session)
{
	const struct globals *globals = &session->parsed.globals;
	const bool for_people =
		strcmp(globals->format, "json") && strcmp(globals->format, "ndjson");

	if (for_people && !globals->quiet && secret_is_exposed(globals->token_file))
		dprintf(STDERR_FILENO, _("portalctl: others may read '%s'; run: chmod 600 '%s'\n"),
			portal_text_printable(&session->arena, globals->token_file),
			portal_text_printable(&session->arena, globals->token_file));
}

static int choose_token(struct session *session, struct portal_error *err)
{
	const struct globals *globals = &session->parsed.globals;

	if (!globals->token_file && !session->token_given)
		return 0;
	if (globals->as) {
		portal_fail(err, PORTAL_USAGE,
			_("'--as' and the token of a session contradict; one of them says who "
			  "acts"));
		return portal_hint(err,
			_("they also come from the environment: PORTALCTL_AS, PORTALCTL_TOKEN"));
	}
	session->options.session_token = &session->token;
	if (!globals->token_file)
		return 0;
	warn_of_exposure(session);
	return secret_read("token", globals->token_file, &session->token, err);
}

/* The operator, or the user of --as or of a session. */
static int choose_actor(struct session *session, struct portal_error *err)
{
	const struct command *command = session->parsed.command;

	if ((command->flags & COMMAND_NO_ACTOR) || !command_asks_portal(command))
		return 0;
	session->options.acting_as = session->parsed.globals.as;
	return choose_token(session, err);
}

static int prepare_options(struct session *session, struct portal_error *err)
{
	const struct globals *globals = &session->parsed.globals;
	struct portal_options *options = &session->options;
	int rc = choose_db(session, err);

	if (rc == 0)
		rc = choose_clock(session, err);
	if (rc == 0)
		rc = choose_actor(session, err);
	options->wait_ms = globals->wait_seconds * 1000;
	options->actor = process_actor(session->actor);
	options->senders = &session->parsed.senders;
	if (session->parsed.command->flags & COMMAND_SENDS)
		options->boot_id = process_boot_id(session->boot_id);
	options->dry_run = globals->dry_run;
	options->long_work = session->parsed.command->flags & COMMAND_LONG;
	options->out_of_memory = process_out_of_memory;
	options->out_of_memory_after = process_out_of_memory_after;
	if (options->long_work && !globals->quiet && isatty(STDERR_FILENO))
		options->progress = progress_show;
	return rc;
}

static int open_output(struct session *session, struct portal_error *err)
{
	const struct globals *globals = &session->parsed.globals;
	const struct out_options options = { .format = globals->format,
		.csv_dialect = globals->csv_dialect,
		.fields = globals->fields,
		.token = option_given(&session->parsed, ARG_SHOWS_TOKEN),
		.dry_run = globals->dry_run,
		.quiet = globals->quiet,
		.color = globals->color,
		.lang = language_choose(globals->lang, environment),
		.tz = globals->tz,
		.fd = STDOUT_FILENO };

	return out_open(&session->out, &options, session->parsed.command, err);
}

static int open_portal(struct session *session, struct portal_error *err)
{
	if (session->parsed.command->needs == NEEDS_NOTHING)
		return 0;
	if (session->parsed.globals.verbose)
		fprintf(stderr, "portalctl: %s\n", session->options.db);
	return portal_open(&session->options, &session->portal, err);
}

/* A batch has more values to read. */
static bool has_dates_to_read(const struct parsed *parsed)
{
	const struct arg *arg;

	if (parsed->reading.unsettled)
		return true;
	if (!parsed->globals.batch || parsed->reading.tz)
		return false;
	for (int i = 0; (arg = command_arg(parsed->command, i)); i++)
		if (arg->name && arg->type == ARG_TIME)
			return true;
	return false;
}

/* The office's, where nobody named one: not for programs, which get UTC. What the
 * system does not know can still be shown in UTC, but dates can't be read in it. */
static int use_office_zone(struct session *session, struct portal_error *err)
{
	const bool reads = has_dates_to_read(&session->parsed);
	const struct portal_zone *zone;
	struct portal_error unknown = { 0 };

	if (!session->portal || (!reads && !out_wants_zone(session->out)))
		return 0;
	if (portal_office_zone(session->portal, &zone, reads ? err : &unknown) < 0)
		return reads ? -(int)err->code : 0;
	values_settle(&session->parsed.reading, zone);
	out_use_zone(session->out, zone);
	return 0;
}

/* A check that failed found something, which is its answer. */
static int end_checked_list(struct session *session, struct portal_error *err)
{
	struct portal_error unwritten = { 0 };

	if (out_list_end(session->out, &unwritten) < 0 || out_close(session->out, &unwritten) < 0)
		*err = unwritten;
	session->out = NULL;
	return -(int)err->code;
}

static int run_list(struct session *session, struct portal_error *err)
{
	const struct parsed *parsed = &session->parsed;
	struct listing *listing = out_list_begin(session->out);
	struct portal_error unwritten = { 0 };
	const int r = parsed->command->list(session->portal, parsed->args, listing, err);

	if (r >= 0)
		return out_list_end(session->out, err);
	if (r == -PORTAL_DAMAGED && (parsed->command->flags & COMMAND_CHECKS))
		return end_checked_list(session, err);
	/* The visitor's own failure is the truer one. */
	if (err->code == PORTAL_OK && out_list_end(session->out, &unwritten) < 0)
		*err = unwritten;
	return -(int)err->code;
}

/* The results of what was committed stay, whatever came after. */
static int run_for_results(struct session *session, struct portal_error *err)
{
	const struct parsed *parsed = &session->parsed;
	struct reply *reply = out_reply_begin(session->out, &session->options);
	struct portal_error unwritten = { 0 };
	int rc = parsed->command->run(session->portal, parsed->args, reply, err);

	if (rc < 0) {
		if (out_has_results(session->out) &&
			out_results_end(session->out, &unwritten) < 0 && !err->code)
			*err = unwritten;
		return rc;
	}
	rc = out_reply_results_end(session->out, reply, err);
	session->status = out_result_status(session->out);
	return rc;
}

/* A check prints its record although it failed. */
static int run_one(struct session *session, struct portal_error *err)
{
	const struct parsed *parsed = &session->parsed;
	struct reply *reply = out_reply_begin(session->out, &session->options);
	struct portal_error unwritten = { 0 };
	int rc = out_wants_page(session->out)
			 ? parsed->command->page(session->portal, parsed->args, reply, err)
			 : parsed->command->run(session->portal, parsed->args, reply, err);

	if (rc >= 0 && out_stopped_by(reply))
		session->status = BY_SIGNAL + out_stopped_by(reply);
	if (rc >= 0)
		return out_reply_print(session->out, reply, err);
	if (!(parsed->command->flags & COMMAND_CHECKS))
		return rc;
	if (out_reply_print(session->out, reply, &unwritten) < 0 ||
		out_close(session->out, &unwritten) < 0)
		*err = unwritten;
	session->out = NULL;
	return -(int)err->code;
}

static int run_command(struct session *session, struct portal_error *err)
{
	const struct batch batch = { &session->parsed, session->portal, &session->options,
		session->out };

	int rc;

	if (session->parsed.command->list)
		return run_list(session, err);
	if (batch_is_wanted(&session->parsed) && out_wants_page(session->out))
		return portal_fail(err, PORTAL_USAGE, _("a page is of one record alone"));
	if (batch_is_wanted(&session->parsed))
		rc = batch_run(&batch, &session->status, err);
	else if ((session->parsed.command->flags & COMMAND_RESULTS) ||
		 option_given(&session->parsed, ARG_RESULTS))
		rc = run_for_results(session, err);
	else
		return run_one(session, err);
	if (rc >= 0 && session->status)
		out_result_failure(session->out, session->status, &session->partial);
	return rc;
}

static int finish(struct session *session, int rc, struct portal_error *err)
{
	if (session->options.progress)
		progress_clear();
	if (rc < 0)
		out_abandon(session->out);
	else
		rc = out_close(session->out, err);
	session->out = NULL;
	portal_closep(&session->portal);
	return rc;
}

static int work(struct session *session, struct portal_error *err)
{
	int rc;

	if (session->parsed.command->flags & COMMAND_REHEARSES)
		session->parsed.globals.dry_run = true;
	rc = prepare_options(session, err);
	if (rc == 0)
		rc = open_output(session, err);
	if (rc == 0)
		rc = secrets_read(&session->parsed, err);
	if (rc == 0)
		rc = confirm_all(&session->parsed, err);
	if (rc == 0)
		rc = open_portal(session, err);
	if (rc == 0)
		rc = use_office_zone(session, err);
	if (rc == 0)
		rc = run_command(session, err);
	rc = finish(session, rc, err);
	secrets_clear(&session->parsed);
	if (rc < 0 || !session->status)
		return rc;
	*err = session->partial;
	return -(int)err->code;
}

static int dispatch(struct session *session, const char *const *argv, struct portal_error *err)
{
	struct parsed *parsed = &session->parsed;
	int rc = cli_parse(&session->arena, nouns, argv + 1, environment, parsed, err);

	if (rc < 0)
		return rc;
	language_use(language_choose(parsed->globals.lang, environment));
	if (parsed->globals.help)
		return builtin_help(parsed, nouns, err);
	if (parsed->globals.version)
		return builtin_version(parsed, err);
	if (builtin_is(parsed->command))
		return builtin_run(parsed, nouns, err);
	return work(session, err);
}

/* Shells ask for completions at every key: answered before anything is read. */
static bool complete(int argc, const char *const *argv)
{
	if (argc < 3 || strcmp(argv[1], "__complete") || strcmp(argv[2], "--"))
		return false;
	builtin_complete(nouns, argv + 3, argc - 3);
	return true;
}

int main(int argc, char **arguments)
{
	const char *const *argv = (const char *const *)arguments;
	struct session session = { .arena = { .out_of_memory = process_out_of_memory } };
	struct portal_error err = { .arena = &session.arena };
	struct globals seen;

	process_prepare();
	if (argc < 1)
		return EXIT_FAILURE;
	seen = cli_glimpse(argc, argv);
	language_use(language_choose(seen.lang, environment));
	if (complete(argc, argv))
		return EXIT_SUCCESS;
	session.token_given = process_take_secret("PORTALCTL_TOKEN", &session.token);
	if (dispatch(&session, argv, &err) < 0) {
		out_error(&err, seen.format, seen.color);
		session.status = portal_code_exit(err.code);
	}
	portal_secret_clear(&session.token);
	arena_release(&session.arena);
	return session.status;
}
