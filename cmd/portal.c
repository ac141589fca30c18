/* The commands without a noun: portalctl init, status. */
#include <portal/portal.h>

#include <portal/config.h>

#include "cli/cli.h"
#include "cli/text.h"

struct init_args {
	const char *office, *name, *time_zone, *language;
	bool allow_clock_override, if_not_exists;
};

static int init_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct init_args *args = raw;
	const struct portal_init_request request = { .office_tax_id = args->office,
		.office_name = args->name,
		.time_zone = args->time_zone,
		.language = args->language,
		.allow_clock_override = args->allow_clock_override,
		.if_not_exists = args->if_not_exists };
	struct portal_status status;
	const int r = portal_init(reply_options(reply), &request, reply_arena(reply), &status, err);

	(void)portal;
	if (r < 0)
		return r;
	reply_changed(reply, &portal_status_record, &status, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply,
		r ? _("portal of '%s' made at '%s'") : _("portal of '%s' was at '%s' already"),
		status.office_name, reply_options(reply)->db);
	return 0;
}

static int status_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct portal_status status;
	const int r = portal_get_status(portal, &status, err);

	(void)raw;
	if (r < 0)
		return r;
	reply_show(reply, &portal_status_record, &status);
	return 0;
}

static const struct command init = {
	.verb = "init",
	.summary = N_("Make a new portal, with the office that runs it"),
	.action = "made",
	.permission = "portal.init",
	.needs = NEEDS_NOTHING,
	.args_size = sizeof(struct init_args),
	.options =
		(const struct arg[]){
			OPTION(struct init_args, office, .name = "office", .metavar = "TAX-ID",
				.flags = ARG_REQUIRED, .help = N_("tax id of the office")),
			OPTION(struct init_args, name, .name = "name", .metavar = "NAME",
				.flags = ARG_REQUIRED, .help = N_("legal name of the office")),
			OPTION(struct init_args, time_zone, .name = "time-zone", .metavar = "ZONE",
				.help = N_("the portal's time zone (America/Sao_Paulo)")),
			OPTION(struct init_args, language, .name = "language", .metavar = "LANG",
				.words = portal_languages,
				.help = N_("the language of its mails (pt_BR)")),
			OPTION(struct init_args, allow_clock_override,
				.name = "allow-clock-override",
				.help = N_("let --now set the clock of changes (tests and demos "
					   "only)")),
			OPTION(struct init_args, if_not_exists, .name = "if-not-exists",
				.help = N_("be content with a portal that exists")),
			END_OF_LIST,
		},
	.prints = &portal_status_record,
	.examples =
		(const struct example[]){
			{ "portalctl --db ./novo.db init --office 65635571000148 --name "
			  "'Escritório Modelo'",
				N_("a portal in this directory") },
			{ NULL },
		},
	.run = init_run,
};

static const struct command status = {
	.verb = "status",
	.summary = N_("Show whose portal it is and what waits in it"),
	.permission = "portal.status",
	.needs = NEEDS_READ,
	.prints = &portal_status_record,
	.examples =
		(const struct example[]){
			{ "portalctl status --json", N_("for a monitoring script") },
			{ NULL },
		},
	.run = status_run,
};

extern const struct command cmd_due, cmd_deliver, cmd_apply, cmd_diff, cmd_export;

const struct noun noun_portal = {
	.name = "",
	.summary = N_("The portal as a whole"),
	.verbs = (const struct command *const[]){ &init, &status, &cmd_due, &cmd_deliver,
		&cmd_apply, &cmd_diff, &cmd_export, NULL },
};
