/* portalctl request ... */
#include <portal/request.h>

#include "cli/cli.h"
#include "cli/text.h"

struct send_args {
	const char *from, *to, *email, *name;
	bool if_not_exists;
};

static int send_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct send_args *args = raw;
	const struct request_input input = { .from = args->from,
		.to = args->to,
		.email = args->email,
		.contact_name = args->name,
		.if_not_exists = args->if_not_exists };
	struct request request;
	const int r = request_send(portal, &input, &request, err);

	if (r < 0)
		return r;
	reply_changed(reply, &request_record, &request, r ? REPLY_CREATED : REPLY_UNCHANGED);
	/* One that is rehearsed has no number yet. */
	if (r && reply_options(reply)->dry_run)
		reply_say(reply, _("request to '%s' sent"), request.to_name);
	else
		reply_say(reply,
			r ? _("request '%lld' sent to '%s'")
			  : _("request '%lld' was sent to '%s' already"),
			(long long)request.id, request.to_name);
	return 0;
}

struct id_args {
	int64_t id;
};

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct request request;
	const int r = request_show(portal, args->id, &request, err);

	if (r >= 0)
		reply_show(reply, &request_record, &request);
	return r;
}

static int dismiss_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct request request;
	const int r = request_dismiss(portal, args->id, &request, err);

	if (r < 0)
		return r;
	reply_changed(reply, &request_record, &request, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply,
		r ? _("request '%lld' dismissed") : _("request '%lld' was dismissed already"),
		(long long)request.id);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = request_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

static const struct portal_word list_statuses[] = {
	{ "open", N_("open") },
	{ "invited", N_("answered with an invite") },
	{ "dismissed", N_("dismissed") },
	{ "any", N_("any") },
	{ NULL, NULL },
};

#define ID \
	OPERAND(struct id_args, id, .name = "ID", .flags = ARG_EACH, .completes = COMPLETE_ID, \
		.help = N_("the request's id"))

/* An example runs in a fresh portal: the company it names comes first. */
#define WITH_COMPANY "portalctl company add 02919305000127 --name 'Modelo Ltda.' && "

static const struct command send = {
	.noun = "request",
	.verb = "send",
	.summary = N_("Tell a company that one wants to serve it, and ask for an invite"),
	.action = "sent",
	.permission = "request.send",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct send_args),
	.options =
		(const struct arg[]){
			OPTION(struct send_args, to, .name = "to", .metavar = "TAX-ID",
				.flags = ARG_REQUIRED, .completes = COMPLETE_COMPANY,
				.help = N_("the company to ask; it must be registered")),
			OPTION(struct send_args, email, .name = "email", .metavar = "E-MAIL",
				.flags = ARG_REQUIRED,
				.help = N_("the e-mail of the person who wants to transact")),
			OPTION(struct send_args, name, .name = "name", .metavar = "NAME",
				.help = N_("the name of that person")),
			OPTION(struct send_args, from, .name = "from", .metavar = "TAX-ID",
				.completes = COMPLETE_COMPANY,
				.help = N_("the asking company (one's own; the operator: the "
					   "office)")),
			OPTION(struct send_args, if_not_exists, .name = "if-not-exists",
				.help = N_("be content with an open request between the two")),
			END_OF_LIST,
		},
	.prints = &request_record,
	.examples =
		(const struct example[]){
			{ WITH_COMPANY "portalctl request send --from 02919305000127 "
				       "--to 65635571000148 --email ana@modelo.example --name Ana",
				N_("a supplier asks the office for an invite") },
			{ NULL },
		},
	.run = send_run,
};

static const struct command list = {
	.noun = "request",
	.verb = "list",
	.summary = N_("List connection requests, received or sent"),
	.permission = "request.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct request_filter),
	.options =
		(const struct arg[]){
			OPTION(struct request_filter, status, .name = "status", .metavar = "STATUS",
				.words = list_statuses, .fallback = "open",
				.help = N_("in this state, or any")),
			OPTION(struct request_filter, from, .name = "from", .metavar = "TAX-ID",
				.completes = COMPLETE_COMPANY, .help = N_("sent by this company")),
			OPTION(struct request_filter, to, .name = "to", .metavar = "TAX-ID",
				.completes = COMPLETE_COMPANY,
				.help = N_("received by this company")),
			OPTION(struct request_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("with this in a name, tax id or e-mail")),
			LIST_OPTIONS(struct request_filter, page, request_sorts),
			END_OF_LIST,
		},
	.prints = &request_record,
	.examples =
		(const struct example[]){
			{ "portalctl request list", N_("what waits for an answer") },
			{ "portalctl request list --status any --format csv",
				N_("all, for a spreadsheet") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "request",
	.verb = "show",
	.summary = N_("Show a connection request"),
	.permission = "request.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct id_args),
	.operands = (const struct arg[]){ ID, END_OF_LIST },
	.prints = &request_record,
	.examples =
		(const struct example[]){
			{ WITH_COMPANY "portalctl request send --to 02919305000127 "
				       "--email ana@modelo.example && "
				       "portalctl request show 1 --json",
				N_("with the invite that answered it") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command dismiss = {
	.noun = "request",
	.verb = "dismiss",
	.summary = N_("Lay requests aside that one's own company received"),
	.action = "dismissed",
	.permission = "request.dismiss",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct id_args),
	.operands = (const struct arg[]){ ID, END_OF_LIST },
	.prints = &request_record,
	.examples =
		(const struct example[]){
			{ WITH_COMPANY "portalctl request send --to 02919305000127 "
				       "--email ana@modelo.example && "
				       "portalctl request dismiss 1",
				N_("the other company is not told") },
			{ NULL },
		},
	.run = dismiss_run,
};

const struct noun noun_request = {
	.name = "request",
	.summary = N_("Requests of one company to be invited by another"),
	.verbs = (const struct command *const[]){ &send, &list, &show, &dismiss, NULL },
};
