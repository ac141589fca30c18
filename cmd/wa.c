/* portalctl wa ... */
#include "cli/cli.h"
#include "cli/text.h"

extern const struct command cmd_wa_receive, cmd_wa_cgi, cmd_wa_log;

const struct noun noun_wa = {
	.name = "wa",
	.summary = N_("Conversations over WhatsApp"),
	.verbs = (const struct command *const[]){ &cmd_wa_receive, &cmd_wa_cgi, &cmd_wa_log, NULL },
};
