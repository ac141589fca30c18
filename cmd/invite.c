/* portalctl invite ... */
#include <portal/invite.h>

#include "cli/cli.h"
#include "cli/text.h"

struct send_args {
	const char *to, *from, *email, *name, *message, *idempotency_key;
	bool if_not_exists, show_token;
};

/* An invite sent for the first time (@request) or again (@id). */
struct sending {
	struct portal *portal;
	const struct invite_request *request;
	int64_t id;
	bool wants_token;
	int changed;
	struct invite invite;
	struct portal_secret *token;
	struct portal_error *err;
};

/* One transaction: that the token can't be shown must not be heard after the
 * invite was sent. A rehearsed invite is gone again, but a later one will have
 * its id and so its token: no token is shown then. */
static int send_body(void *arg)
{
	struct sending *s = arg;

	s->changed = s->request ? invite_send(s->portal, s->request, &s->invite, s->err)
				: invite_resend(s->portal, s->id, &s->invite, s->err);
	if (s->changed < 0 || !s->wants_token)
		return s->changed;
	return invite_token(s->portal, s->invite.id, s->token, s->err);
}

static void reply_sent(struct reply *reply, struct sending *s, enum reply_outcome outcome)
{
	reply_changed(reply, &invite_record, &s->invite, outcome);
	if (s->token->len)
		reply_token(reply, s->token);
}

static int send_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct send_args *args = raw;
	const struct invite_request request = { .from = args->from,
		.to = args->to,
		.email = args->email,
		.contact_name = args->name,
		.message = args->message,
		.idempotency_key = args->idempotency_key,
		.if_not_exists = args->if_not_exists };
	_cleanup_secret_ struct portal_secret token = { .len = 0 };
	struct sending s = { .portal = portal,
		.request = &request,
		.wants_token = args->show_token && !reply_options(reply)->dry_run,
		.token = &token,
		.err = err };
	const int r = portal_transact(portal, send_body, &s, err);

	if (r < 0)
		return r;
	reply_sent(reply, &s, s.changed ? REPLY_CREATED : REPLY_UNCHANGED);
	/* One that is rehearsed has no number yet. */
	if (s.changed && reply_options(reply)->dry_run)
		reply_say(reply, _("invite to '%s' sent"), s.invite.email);
	else
		reply_say(reply,
			s.changed ? _("invite '%lld' sent to '%s'")
				  : _("invite '%lld' was sent to '%s' already"),
			(long long)s.invite.id, s.invite.email);
	return 0;
}

struct id_args {
	int64_t id;
	bool show_token;
};

static int resend_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	_cleanup_secret_ struct portal_secret token = { .len = 0 };
	struct sending s = { .portal = portal,
		.id = args->id,
		.wants_token = args->show_token && !reply_options(reply)->dry_run,
		.token = &token,
		.err = err };
	const int r = portal_transact(portal, send_body, &s, err);

	if (r < 0)
		return r;
	reply_sent(reply, &s, REPLY_CHANGED);
	reply_say(reply, _("invite '%lld' sent again to '%s'"), (long long)s.invite.id,
		s.invite.email);
	return 0;
}

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct invite invite;
	const int r = invite_show(portal, args->id, &invite, err);

	if (r < 0)
		return r;
	reply_show(reply, &invite_record, &invite);
	return 0;
}

struct expire_args {
	int64_t limit;
};

static int expire_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct expire_args *args = raw;
	struct invite_expiry expiry;
	const int r = invite_expire(portal, args->limit, &expiry, err);

	if (r < 0)
		return r;
	reply_changed(reply, &invite_expiry_record, &expiry, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, P_("%lld invite expired", "%lld invites expired", expiry.expired),
		(long long)expiry.expired);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = invite_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

static const struct portal_word panel_statuses[] = {
	{ "pending", N_("pending acceptance") },
	{ "accepted", N_("accepted") },
	{ "forwarded", N_("forwarded (access request)") },
	{ "cancelled", N_("cancelled") },
	{ "refused", N_("refused") },
	{ "any", N_("any") },
	{ NULL, NULL },
};

#define ID \
	OPERAND(struct id_args, id, .name = "ID", .flags = ARG_EACH, .completes = COMPLETE_ID, \
		.help = N_("the invite's id"))
#define SHOW_TOKEN(S) \
	OPTION(S, show_token, .name = "show-token", .flags = ARG_SHOWS_TOKEN | ARG_NOT_IN_BATCH, \
		.help = N_("show the token of the mailed link, this once"))

static const struct command send = {
	.noun = "invite",
	.verb = "send",
	.summary = N_("Invite a company, through a contact of it"),
	.action = "sent",
	.permission = "invite.send",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH | COMMAND_TOKEN,
	.args_size = sizeof(struct send_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct send_args, to, .name = "TO-TAX-ID", .flags = ARG_EACH,
				.completes = COMPLETE_COMPANY,
				.help = N_("the company to invite: its tax id, or its id where it "
					   "is known")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct send_args, email, .name = "email", .metavar = "E-MAIL",
				.flags = ARG_REQUIRED, .help = N_("the contact's e-mail")),
			OPTION(struct send_args, name, .name = "name", .metavar = "NAME",
				.help = N_("the contact's name")),
			OPTION(struct send_args, from, .name = "from", .metavar = "TAX-ID",
				.completes = COMPLETE_COMPANY,
				.help = N_("the inviting company (one's own; the operator: the "
					   "office)")),
			OPTION(struct send_args, message, .name = "message", .metavar = "TEXT",
				.help = N_("a line of one's own in the mail")),
			OPTION(struct send_args, idempotency_key, .name = "idempotency-key",
				.metavar = "KEY", .flags = ARG_ONE_RECORD,
				.help = N_(
					"the same key gives the first result again, for 30 days")),
			OPTION(struct send_args, if_not_exists, .name = "if-not-exists",
				.help = N_("be content with a live invite to the same company and "
					   "e-mail")),
			SHOW_TOKEN(struct send_args),
			END_OF_LIST,
		},
	.prints = &invite_record,
	.examples =
		(const struct example[]){
			{ "portalctl invite send 02919305000127 --email contato@modelo.example",
				N_("the office invites a supplier") },
			{ "portalctl invite send --batch - --if-not-exists --format ndjson <<'E'\n"
			  "{\"to_tax_id\":\"02919305000127\",\"email\":\"contato@modelo.example\"}"
			  "\nE",
				N_("many in one go, safe to run twice") },
			{ NULL },
		},
	.run = send_run,
};

static const struct command resend = {
	.noun = "invite",
	.verb = "resend",
	.summary = N_("Send the mail of an invite again"),
	.action = "resent",
	.permission = "invite.resend",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH | COMMAND_TOKEN,
	.args_size = sizeof(struct id_args),
	.operands = (const struct arg[]){ ID, END_OF_LIST },
	.options = (const struct arg[]){ SHOW_TOKEN(struct id_args), END_OF_LIST },
	.prints = &invite_record,
	.examples =
		(const struct example[]){
			{ "portalctl invite send 02919305000127 --email contato@modelo.example && "
			  "portalctl invite resend 1",
				N_("the answer to \"I never got it\"") },
			{ NULL },
		},
	.run = resend_run,
};

static const struct command list = {
	.noun = "invite",
	.verb = "list",
	.summary = N_("The panel: a company's invites, received or sent"),
	.permission = "invite.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct invite_filter),
	.options =
		(const struct arg[]){
			OPTION(struct invite_filter, status, .name = "status", .metavar = "STATUS",
				.words = panel_statuses, .fallback = "pending",
				.help = N_("in this state, or any")),
			OPTION(struct invite_filter, from, .name = "from", .metavar = "TAX-ID",
				.completes = COMPLETE_COMPANY, .help = N_("sent by this company")),
			OPTION(struct invite_filter, to, .name = "to", .metavar = "TAX-ID",
				.completes = COMPLETE_COMPANY,
				.help = N_("received by this company")),
			OPTION(struct invite_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("with this in a name, tax id or e-mail")),
			LIST_OPTIONS(struct invite_filter, page, invite_sorts),
			END_OF_LIST,
		},
	.prints = &invite_record,
	.examples =
		(const struct example[]){
			{ "portalctl invite list", N_("what waits for an answer") },
			{ "portalctl invite list --status any --format ndjson",
				N_("all, for a pipeline") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "invite",
	.verb = "show",
	.summary = N_("Show an invite"),
	.permission = "invite.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct id_args),
	.operands = (const struct arg[]){ ID, END_OF_LIST },
	.prints = &invite_record,
	.examples =
		(const struct example[]){
			{ "portalctl invite send 02919305000127 --email contato@modelo.example && "
			  "portalctl invite show 1 --json",
				N_("with when it expires and what became of it") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command expire = {
	.noun = "invite",
	.verb = "expire",
	.summary = N_("Cancel every invite that is a year old without an answer"),
	.action = "expired",
	.permission = "invite.expire",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_LONG,
	.args_size = sizeof(struct expire_args),
	.options =
		(const struct arg[]){
			OPTION(struct expire_args, limit, .name = "limit", .metavar = "N",
				.flags = ARG_POSITIVE, .help = N_("at most so many in this run")),
			END_OF_LIST,
		},
	.prints = &invite_expiry_record,
	.examples =
		(const struct example[]){
			{ "portalctl -q invite expire", N_("from cron: silent when all is well") },
			{ NULL },
		},
	.run = expire_run,
};

extern const struct command cmd_invite_accept, cmd_invite_refuse, cmd_invite_cancel;

const struct noun noun_invite = {
	.name = "invite",
	.summary = N_("Invites from one company to another"),
	.verbs = (const struct command *const[]){ &send, &resend, &list, &show, &cmd_invite_accept,
		&cmd_invite_refuse, &cmd_invite_cancel, &expire, NULL },
};
