#include "parse.h"

#include <string.h>

#include <portal/arena.h>
#include <portal/text.h>
#include <portal/time.h>

#include "settings.h"
#include "text.h"

static const struct portal_word formats[] = { { "table" }, { "json" }, { "ndjson" }, { "csv" },
	{ "tsv" }, { "ids" }, { "count" }, { "html" }, { NULL } };
static const struct portal_word dialects[] = { { "excel-br" }, { NULL } };
static const struct portal_word colors[] = { { "auto" }, { "always" }, { "never" }, { NULL } };
static const struct portal_word languages[] = { { "pt_BR" }, { "en" }, { NULL } };
static const struct portal_word batch_formats[] = { { "ndjson" }, { "csv" }, { "ids" }, { NULL } };

const struct arg global_options[] = {
	OPTION(struct globals, db, .name = "db", .metavar = "PATH",
		.help = N_("the portal's database; also PORTALCTL_DB"), .completes = COMPLETE_FILE),
	OPTION(struct globals, config, .name = "config", .metavar = "FILE",
		.help = N_("the settings file; also PORTALCTL_CONFIG"), .completes = COMPLETE_FILE),
	OPTION(struct globals, as, .name = "as", .metavar = "EMAIL[/TAX-ID]",
		.help = N_("act under that user's rights; also PORTALCTL_AS"),
		.completes = COMPLETE_USER),
	OPTION(struct globals, token_file, .name = "token-file", .metavar = "FILE",
		.help = N_("act as the user of the session whose token is in the file; also "
			   "PORTALCTL_TOKEN, the token itself"),
		.completes = COMPLETE_FILE),
	OPTION(struct globals, json, .name = "json", .help = N_("the same as --format json")),
	OPTION(struct globals, format, .name = "format", .metavar = "FORMAT", .words = formats,
		.help = N_("how results are printed; the default is table")),
	OPTION(struct globals, csv_dialect, .name = "csv-dialect", .metavar = "DIALECT",
		.words = dialects, .help = N_("CSV as Brazilian spreadsheets want it")),
	OPTION(struct globals, fields, .name = "fields", .metavar = "A,B",
		.help = N_("which fields are printed, in which order"),
		.completes = COMPLETE_FIELD),
	OPTION(struct globals, dry_run, .name = "dry-run",
		.help = N_("rehearse: do everything, then take it back (-n)")),
	OPTION(struct globals, quiet, .name = "quiet",
		.help = N_("say nothing when all went well (-q)")),
	OPTION(struct globals, verbose, .name = "verbose",
		.help = N_("say more on standard error (-v)")),
	OPTION(struct globals, no_input, .name = "no-input",
		.help = N_("never ask on the terminal; also when CI is set")),
	OPTION(struct globals, yes, .name = "yes", .help = N_("answer yes to what would be asked")),
	OPTION(struct globals, color, .name = "color", .metavar = "WHEN", .words = colors,
		.help = N_("colours; the default, auto, looks at the terminal and NO_COLOR")),
	OPTION(struct globals, lang, .name = "lang", .metavar = "LANGUAGE", .words = languages,
		.help = N_("language of texts for people; also PORTALCTL_LANG")),
	OPTION(struct globals, tz, .name = "tz", .metavar = "ZONE",
		.help = N_("time zone of dates given and times shown to people; also TZ")),
	OPTION(struct globals, wait_seconds, .name = "wait", .metavar = "SECONDS", .fallback = "30",
		.help = N_("how long to wait for other writers")),
	OPTION(struct globals, now, .name = "now", .metavar = "TIME",
		.help = N_("another clock than the system's; also PORTALCTL_NOW")),
	OPTION(struct globals, help, .name = "help", .help = N_("show help and do nothing (-h)")),
	OPTION(struct globals, version, .name = "version",
		.help = N_("show the version and do nothing (-V)")),
	END_OF_LIST,
};

const struct arg batch_options[] = {
	OPTION(struct globals, batch, .name = "batch", .metavar = "FILE",
		.help = N_("one record a line of the file; - is standard input"),
		.completes = COMPLETE_FILE),
	OPTION(struct globals, batch_format, .name = "batch-format", .metavar = "FORMAT",
		.words = batch_formats,
		.help = N_("ndjson (the default; keys are option names), csv, or ids")),
	OPTION(struct globals, atomic, .name = "atomic",
		.help = N_("all records, or none when one fails")),
	END_OF_LIST,
};

const struct arg bulk_options[] = {
	OPTION(struct globals, all, .name = "all", .help = N_("all there are: no ids, no filter")),
	END_OF_LIST,
};

static const struct {
	char letter;
	const char *name;
} letters[] = { { 'h', "help" }, { 'n', "dry-run" }, { 'q', "quiet" }, { 'v', "verbose" },
	{ 'V', "version" }, { 'f', "file" } };

const char *globals_letter(char letter)
{
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (letters[i].letter == letter)
			return letters[i].name;
	return NULL;
}

/* @variable's value stands in for --@option. */
static const struct {
	const char *option, *variable;
} option_variables[] = { { "db", "PORTALCTL_DB" }, { "config", "PORTALCTL_CONFIG" },
	{ "as", "PORTALCTL_AS" }, { "lang", "PORTALCTL_LANG" }, { "now", "PORTALCTL_NOW" } };

static const char *variable_of(const char *option)
{
	for (size_t i = 0; i < sizeof(option_variables) / sizeof(option_variables[0]); i++)
		if (!strcmp(option_variables[i].option, option))
			return option_variables[i].variable;
	return NULL;
}

/* Help and version must work whatever the settings file and the environment hold. */
static bool does_work(const struct parsed *parsed)
{
	return parsed->command && (parsed->command->run || parsed->command->list) &&
	       !parsed->globals.help && !parsed->globals.version;
}

/* Who acts, and in which portal, must not be what a script's variable that was never set
 * happens to mean: the operator, in the portal at the usual place. */
static bool may_be_empty(const struct parsed *parsed, const char *option)
{
	const struct command *command = parsed->command;

	if (!does_work(parsed) || !command_asks_portal(command))
		return true;
	if (!strcmp(option, "as"))
		return command->flags & COMMAND_NO_ACTOR;
	return strcmp(option, "db") != 0;
}

static int take_variable(struct parsed *parsed, const struct arg *option,
	const char *(*env)(const char *name), struct portal_error *err)
{
	const char *variable = variable_of(option->name);
	const char *text = variable ? env(variable) : NULL;
	int rc;

	if (!text || (!*text && may_be_empty(parsed, option->name)))
		return 0;
	if (!*text)
		return portal_fail(err, PORTAL_USAGE,
			_("%s is empty; unset it where it is not meant"), variable);
	rc = value_read(&parsed->reading, option, &parsed->globals, text, err);
	if (rc < 0 && !*err->hint)
		return portal_hint(err, _("the value comes from the environment: %s"), variable);
	return rc < 0 ? rc : 1;
}

static int take_variables(struct parsed *parsed, uint64_t *given,
	const char *(*env)(const char *name), struct portal_error *err)
{
	for (int i = 0; global_options[i].name; i++) {
		int rc;

		if (*given >> i & 1)
			continue;
		rc = take_variable(parsed, &global_options[i], env, err);
		if (rc < 0)
			return rc;
		*given |= (uint64_t)rc << i;
	}
	return 0;
}

static int take_fallbacks(struct parsed *parsed, uint64_t given, struct portal_error *err)
{
	for (int i = 0; global_options[i].name; i++) {
		const struct arg *option = &global_options[i];

		if ((given >> i & 1) || !option->fallback)
			continue;
		if (value_read(&parsed->reading, option, &parsed->globals, option->fallback, err) <
			0)
			return -(int)err->code;
	}
	return 0;
}

/* TZ is not ours: what is no zone here ("", ":/etc/localtime", "BRT3") is no
 * fault, the office's zone holds. A --tz that is none is one. */
static int choose_zone(
	struct parsed *parsed, const char *(*env)(const char *name), struct portal_error *err)
{
	struct reading *reading = &parsed->reading;
	const char *zone = env("TZ");
	struct portal_error ignored = { 0 };

	if (parsed->globals.tz) {
		reading->tz = parsed->globals.tz;
		return portal_zone_open(reading->arena, reading->tz, &reading->zone, err);
	}
	if (zone && *zone == ':')
		zone++;
	if (zone && *zone && portal_zone_open(reading->arena, zone, &reading->zone, &ignored) == 0)
		reading->tz = parsed->globals.tz = zone;
	return 0;
}

static bool is_set(const char *(*env)(const char *name), const char *variable)
{
	const char *text = env(variable);

	return text && *text;
}

int globals_from_environment(struct parsed *parsed, uint64_t given,
	const char *(*env)(const char *name), struct portal_error *err)
{
	struct globals *globals = &parsed->globals;
	int rc = take_variables(parsed, &given, env, err);

	if (is_set(env, "CI"))
		globals->no_input = true;
	if (!globals->color && is_set(env, "NO_COLOR"))
		globals->color = "never";
	if (rc == 0 && does_work(parsed))
		rc = settings_apply(parsed, &given, env, err);
	if (rc == 0)
		rc = take_fallbacks(parsed, given, err);
	return rc == 0 ? choose_zone(parsed, env, err) : rc;
}

static int check_format(
	struct globals *globals, const struct command *command, struct portal_error *err)
{
	const bool streams = command && (command->flags & COMMAND_STREAM) && !globals->help;

	if (globals->json && globals->format && strcmp(globals->format, "json"))
		return portal_fail(err, PORTAL_USAGE, _("'--json' and '--format %s' contradict"),
			globals->format);
	if (globals->json)
		globals->format = "json";
	if (!globals->format)
		globals->format = streams ? "ndjson" : "table";
	if (globals->csv_dialect && strcmp(globals->format, "csv"))
		return portal_fail(
			err, PORTAL_USAGE, _("'--csv-dialect' is for '--format csv' alone"));
	return 0;
}

/* A date alone would need a zone, and the clock has none. */
static int check_now(struct parsed *parsed, struct portal_error *err)
{
	const char *now = parsed->globals.now;
	portal_time time;

	if (!now)
		return 0;
	return portal_time_read(
		NULL, portal_text_printable(parsed->reading.arena, now), &time, err);
}

int globals_check_wait(int64_t wait_seconds, struct portal_error *err)
{
	if (wait_seconds >= 0 && wait_seconds <= 86400)
		return 0;
	return portal_fail(err, PORTAL_USAGE, _("'--wait' takes seconds from 0 to 86400"));
}

int globals_check(struct parsed *parsed, struct portal_error *err)
{
	struct globals *globals = &parsed->globals;
	int rc = check_format(globals, parsed->command, err);

	if (rc < 0)
		return rc;
	if (globals->quiet && globals->verbose)
		return portal_fail(err, PORTAL_USAGE, _("'--quiet' and '--verbose' contradict"));
	if (globals->as && !*globals->as)
		return portal_fail(err, PORTAL_USAGE, _("'--as' names nobody"));
	rc = globals_check_wait(globals->wait_seconds, err);
	return rc == 0 ? check_now(parsed, err) : rc;
}

static bool is_uri(const char *db)
{
	const size_t scheme = strspn(db, "abcdefghijklmnopqrstuvwxyz");

	return (scheme > 1 && db[scheme] == ':') || db[0] == ':' || strstr(db, "://");
}

int globals_db(struct parsed *parsed, const char *(*env)(const char *name), const char **ret,
	struct portal_error *err)
{
	struct arena *arena = parsed->reading.arena;
	const char *db = parsed->globals.db;

	if (db && (!*db || is_uri(db)))
		return portal_fail(err, PORTAL_USAGE,
			_("'%s' is not the path of a file; a portal lives in a database file"),
			portal_text_printable(arena, db));
	if (db)
		*ret = db;
	else if (is_set(env, "XDG_DATA_HOME"))
		*ret = arena_printf(arena, "%s/portalctl/portal.db", env("XDG_DATA_HOME"));
	else if (is_set(env, "HOME"))
		*ret = arena_printf(arena, "%s/.local/share/portalctl/portal.db", env("HOME"));
	else
		return portal_fail(err, PORTAL_USAGE,
			_("there is no HOME to look for a portal in; name one with '--db PATH'"));
	return 0;
}
