/* portalctl export */
#include <portal/export.h>

#include "cli/cli.h"
#include "cli/text.h"

struct export_args {
	const char *company, *set;
};

static int run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct export_args *args = raw;
	const struct portal_export_request request = { .company = args->company,
		.set = args->set,
		.form = reply_is_json(reply) ? PORTAL_EXPORT_JSON : PORTAL_EXPORT_YAML };

	return portal_export(portal, &request, reply_writer(reply), err);
}

extern const struct command cmd_export;

const struct command cmd_export = {
	.verb = "export",
	.summary = N_("Write what the portal holds as a manifest: YAML, or JSON with --json"),
	.permission = "portal.export",
	.needs = NEEDS_READ,
	.flags = COMMAND_DOCUMENT,
	.args_size = sizeof(struct export_args),
	.options =
		(const struct arg[]){
			COMPANY_OPTION(struct export_args, company,
				.help = N_("this company with its people, and nothing else")),
			OPTION(struct export_args, set, .name = "set", .metavar = "NAME",
				.help = N_("the name that the manifest gives itself")),
			END_OF_LIST,
		},
	.examples =
		(const struct example[]){
			{ "portalctl export > clients.yaml",
				N_("to keep it under version control") },
			{ NULL },
		},
	.run = run,
};
