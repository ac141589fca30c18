/* portalctl connection ... */
#include <portal/connection.h>

#include "cli/cli.h"
#include "cli/text.h"

struct id_args {
	int64_t id;
};

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct connection connection;
	const int r = connection_show(portal, args->id, &connection, err);

	if (r >= 0)
		reply_show(reply, &connection_record, &connection);
	return r;
}

static int end_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct connection connection;
	const int r = connection_end(portal, args->id, &connection, err);

	if (r < 0)
		return r;
	reply_changed(reply, &connection_record, &connection, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply,
		r ? _("connection '%lld' between '%s' and '%s' ended")
		  : _("connection '%lld' between '%s' and '%s' had ended already"),
		(long long)connection.id, connection.from_name, connection.to_name);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = connection_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

static const struct portal_word list_statuses[] = {
	{ "active", N_("active") },
	{ "ended", N_("ended") },
	{ "any", N_("any") },
	{ NULL, NULL },
};

#define ID \
	OPERAND(struct id_args, id, .name = "ID", .flags = ARG_EACH, .completes = COMPLETE_ID, \
		.help = N_("the connection's id"))

/* An example runs in a fresh portal: what it speaks of comes first. */
#define CONNECTED \
	"portalctl company add 02919305000127 --name 'Modelo Ltda.' && " \
	"portalctl user add ana@modelo.example --company 02919305000127 --name Ana && " \
	"portalctl invite send 02919305000127 --email ana@modelo.example && " \
	"portalctl invite accept 1 && "

static const struct command list = {
	.noun = "connection",
	.verb = "list",
	.summary = N_("List who is connected with whom, and who was"),
	.permission = "connection.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct connection_filter),
	.options =
		(const struct arg[]){
			OPTION(struct connection_filter, status, .name = "status",
				.metavar = "STATUS", .words = list_statuses, .fallback = "active",
				.help = N_("in this state, or any")),
			COMPANY_OPTION(struct connection_filter, company,
				.help = N_("of this company, on either side")),
			OPTION(struct connection_filter, search, .name = "search",
				.metavar = "TEXT", .help = N_("with this in a name or tax id")),
			LIST_OPTIONS(struct connection_filter, page, connection_sorts),
			END_OF_LIST,
		},
	.prints = &connection_record,
	.examples =
		(const struct example[]){
			{ "portalctl connection list", N_("who is connected now") },
			{ "portalctl connection list --company 65635571000148 --status any",
				N_("the history of one company") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "connection",
	.verb = "show",
	.summary = N_("Show a connection"),
	.permission = "connection.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct id_args),
	.operands = (const struct arg[]){ ID, END_OF_LIST },
	.prints = &connection_record,
	.examples =
		(const struct example[]){
			{ CONNECTED "portalctl connection show 1 --json",
				N_("since when, and from which invite") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command end = {
	.noun = "connection",
	.verb = "end",
	.summary = N_("End connections of one's own company; the history is kept"),
	.action = "ended",
	.permission = "connection.end",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct id_args),
	.operands = (const struct arg[]){ ID, END_OF_LIST },
	.prints = &connection_record,
	.examples =
		(const struct example[]){
			{ CONNECTED "portalctl connection end 1",
				N_("to connect again, one side sends a new invite") },
			{ NULL },
		},
	.run = end_run,
};

const struct noun noun_connection = {
	.name = "connection",
	.summary = N_("Who is connected with whom, since when, from which invite"),
	.verbs = (const struct command *const[]){ &list, &show, &end, NULL },
};
