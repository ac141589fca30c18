/* portalctl invite accept, refuse, cancel */
#include <portal/invite.h>

#include "cli/cli.h"
#include "cli/text.h"

struct answer_args {
	int64_t id;
	const char *reason;
	struct invite_filter filter;
	cli_secret token, password;
	const char *company_name, *name;
};

static void reply_ended(
	struct reply *reply, const struct invite *invite, int changed, const char *sentence)
{
	reply_changed(reply, &invite_record, invite, changed ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, changed ? sentence : _("invite '%lld' was so already"),
		(long long)invite->id);
}

static struct invite_token_request token_request(const struct answer_args *args)
{
	return (struct invite_token_request){ .token = args->token.secret,
		.company_name = args->company_name,
		.name = args->name,
		.password = args->password.secret,
		.reason_text = args->reason };
}

static int accept_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct answer_args *args = raw;
	const struct invite_token_request request = token_request(args);
	struct invite invite;
	const int r = args->token.given ? invite_accept_by_token(portal, &request, &invite, err)
					: invite_accept(portal, args->id, &invite, err);

	if (r >= 0)
		reply_ended(reply, &invite, r, _("invite '%lld' accepted"));
	return r;
}

static int refuse_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct answer_args *args = raw;
	const struct invite_token_request request = token_request(args);
	struct invite invite;
	const int r = args->token.given
			      ? invite_refuse_by_token(portal, &request, &invite, err)
			      : invite_refuse(portal, args->id, args->reason, &invite, err);

	if (r >= 0)
		reply_ended(reply, &invite, r, _("invite '%lld' refused"));
	return r;
}

static int cancel_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct answer_args *args = raw;
	struct invite invite;
	const int r = invite_cancel(portal, args->id, args->reason, &invite, err);

	if (r >= 0)
		reply_ended(reply, &invite, r, _("invite '%lld' cancelled"));
	return r;
}

struct selection {
	int (*each)(void *arg, int64_t id);
	void *arg;
};

static int select_row(const void *row, void *arg)
{
	const struct selection *selection = arg;

	return selection->each(selection->arg, ((const struct invite *)row)->id);
}

/* The live ones of the panel that one may answer: both kinds can be. */
static int select_live(struct portal *portal, struct invite_filter filter,
	struct selection *selection, struct portal_error *err)
{
	struct portal_list_end end;

	if (!filter.status)
		filter.status = "live";
	return invite_list(portal, &filter, select_row, selection, &end, err);
}

static int select_received(struct portal *portal, const void *raw,
	int (*each)(void *arg, int64_t id), void *each_arg, struct portal_error *err)
{
	struct invite_filter filter = ((const struct answer_args *)raw)->filter;

	filter.mine = INVITE_RECEIVED;
	return select_live(portal, filter, &(struct selection){ each, each_arg }, err);
}

static int select_sent(struct portal *portal, const void *raw, int (*each)(void *arg, int64_t id),
	void *each_arg, struct portal_error *err)
{
	struct invite_filter filter = ((const struct answer_args *)raw)->filter;

	filter.mine = INVITE_SENT;
	return select_live(portal, filter, &(struct selection){ each, each_arg }, err);
}

static const struct portal_word live_statuses[] = {
	{ "pending", N_("pending acceptance") },
	{ "forwarded", N_("forwarded (access request)") },
	{ NULL, NULL },
};

#define ID \
	OPERAND(struct answer_args, id, .name = "ID", .flags = ARG_EACH, .completes = COMPLETE_ID, \
		.help = N_("the invite's id"))
#define REASON \
	OPTION(struct answer_args, reason, .name = "reason", .metavar = "TEXT", \
		.help = N_("why, in words the other side reads"))

/* Filters that stand in for ids. */
#define FILTERS \
	OPTION(struct answer_args, filter.status, .name = "status", .metavar = "STATUS", \
		.words = live_statuses, .flags = ARG_FILTER, \
		.help = N_("all that wait in this state")), \
		OPTION(struct answer_args, filter.from, .name = "from", .metavar = "TAX-ID", \
			.flags = ARG_FILTER, .completes = COMPLETE_COMPANY, \
			.help = N_("all from this company")), \
		OPTION(struct answer_args, filter.to, .name = "to", .metavar = "TAX-ID", \
			.flags = ARG_FILTER, .completes = COMPLETE_COMPANY, \
			.help = N_("all to this company")), \
		OPTION(struct answer_args, filter.search, .name = "search", .metavar = "TEXT", \
			.flags = ARG_FILTER, \
			.help = N_("all with this in a name, tax id or e-mail"))

extern const struct command cmd_invite_accept, cmd_invite_refuse, cmd_invite_cancel;

const struct command cmd_invite_accept = {
	.noun = "invite",
	.verb = "accept",
	.summary = N_("Accept invites, by id, by filter, or with the mailed token"),
	.action = "accepted",
	.permission = "invite.accept",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH | COMMAND_BULK,
	.args_size = sizeof(struct answer_args),
	.operands = (const struct arg[]){ ID, END_OF_LIST },
	.options =
		(const struct arg[]){
			FILTERS,
			OPTION(struct answer_args, token, .name = "invite-token",
				.flags = ARG_ALONE,
				.help = N_("the token of the mail: registers the company and its "
					   "first user")),
			OPTION(struct answer_args, company_name, .name = "company-name",
				.metavar = "NAME", .flags = ARG_NOT_IN_BATCH,
				.needs = "invite-token",
				.help = N_("the company's legal name (with a token)")),
			OPTION(struct answer_args, name, .name = "name", .metavar = "NAME",
				.flags = ARG_NOT_IN_BATCH, .needs = "invite-token",
				.help = N_("the first user's name (with a token)")),
			OPTION(struct answer_args, password, .name = "password",
				.flags = ARG_FROM_STDIN | ARG_NOT_IN_BATCH, .needs = "invite-token",
				.help = N_("the first user's password (with a token)")),
			END_OF_LIST,
		},
	.prints = &invite_record,
	.examples =
		(const struct example[]){
			{ "portalctl invite accept --all",
				N_("everything that waits for an answer") },
			{ NULL },
		},
	.run = accept_run,
	.select = select_received,
};

const struct command cmd_invite_refuse = {
	.noun = "invite",
	.verb = "refuse",
	.summary = N_("Refuse invites, by id, by filter, or with the mailed token"),
	.action = "refused",
	.permission = "invite.refuse",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH | COMMAND_BULK,
	.args_size = sizeof(struct answer_args),
	.operands = (const struct arg[]){ ID, END_OF_LIST },
	.options =
		(const struct arg[]){
			REASON,
			FILTERS,
			OPTION(struct answer_args, token, .name = "invite-token",
				.flags = ARG_ALONE,
				.help = N_("the token of the mail, while the company has no user")),
			END_OF_LIST,
		},
	.prints = &invite_record,
	.examples =
		(const struct example[]){
			{ "portalctl invite send 02919305000127 --email contato@modelo.example && "
			  "portalctl invite refuse 1 --reason 'fornecedor desconhecido'",
				N_("with a reason") },
			{ NULL },
		},
	.run = refuse_run,
	.select = select_received,
};

const struct command cmd_invite_cancel = {
	.noun = "invite",
	.verb = "cancel",
	.summary = N_("Cancel invites that one's own company sent"),
	.action = "cancelled",
	.permission = "invite.cancel",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH | COMMAND_BULK,
	.args_size = sizeof(struct answer_args),
	.operands = (const struct arg[]){ ID, END_OF_LIST },
	.options = (const struct arg[]){ REASON, FILTERS, END_OF_LIST },
	.prints = &invite_record,
	.examples =
		(const struct example[]){
			{ "portalctl invite send 02919305000127 --email contato@modelo.example && "
			  "portalctl invite cancel 1",
				N_("before it was answered") },
			{ NULL },
		},
	.run = cancel_run,
	.select = select_sent,
};
