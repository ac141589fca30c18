/* portalctl session ... */
#include <portal/session.h>

#include "cli/cli.h"
#include "cli/text.h"

struct login_args {
	const char *company, *email;
	cli_secret password;
	bool remember;
};

static int login_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct login_args *args = raw;
	const struct session_request request = { .company = args->company,
		.email = args->email,
		.password = args->password.secret,
		.remember = args->remember };
	_cleanup_secret_ struct portal_secret token = { .len = 0 };
	struct session session;
	const int r = session_login(portal, &request, &session, &token, err);

	if (r < 0)
		return r;
	reply_changed(reply, &session_record, &session, REPLY_CREATED);
	reply_token_line(reply, &token);
	return 0;
}

static int check_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct session session;
	const int r = session_check(portal, &session, err);

	(void)raw;
	if (r >= 0)
		reply_show(reply, &session_record, &session);
	return r;
}

/* @id 0: the session that the command acts by. */
struct logout_args {
	int64_t id;
	struct session_filter filter;
};

static int logout_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct logout_args *args = raw;
	struct session session;
	const int r = session_logout(portal, args->id, &session, err);

	if (r < 0)
		return r;
	reply_changed(reply, &session_record, &session, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply,
		r ? _("session '%lld' of '%s' ended")
		  : _("session '%lld' of '%s' had ended already"),
		(long long)session.id, session.user_email);
	return 0;
}

struct selection {
	int (*each)(void *arg, int64_t id);
	void *arg;
};

static int select_row(const void *row, void *arg)
{
	const struct selection *selection = arg;

	return selection->each(selection->arg, ((const struct session *)row)->id);
}

static int select_live(struct portal *portal, const void *raw, int (*each)(void *arg, int64_t id),
	void *each_arg, struct portal_error *err)
{
	struct session_filter filter = ((const struct logout_args *)raw)->filter;
	struct selection selection = { each, each_arg };
	struct portal_list_end end;

	filter.status = "live";
	return session_list(portal, &filter, select_row, &selection, &end, err);
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = session_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

static const struct portal_word list_statuses[] = {
	{ "live", N_("live") },
	{ "ended", N_("ended") },
	{ "any", N_("any") },
	{ NULL, NULL },
};

#define OF_USER(S, member, ...) \
	OPTION(S, member, .name = "user", .metavar = "E-MAIL", .completes = COMPLETE_USER, \
		.help = N_("of this user"), __VA_ARGS__)
#define OF_COMPANY(S, member, ...) \
	COMPANY_OPTION(S, member, .help = N_("of the users of this company"), __VA_ARGS__)

/* An example runs in a fresh portal: what it speaks of comes first. */
#define A_USER \
	"echo 'rua das flores' >password && portalctl user add ana@office.example " \
	"--company 65635571000148 --name Ana --password-file password && "
#define A_LOGIN \
	"portalctl session login --company 65635571000148 --email ana@office.example " \
	"--password-file password"
#define LOGGED_IN A_USER "(umask 077 && " A_LOGIN " >token) && "

static const struct command login = {
	.noun = "session",
	.verb = "login",
	.summary = N_("Log in and print the token of the new session"),
	.action = "logged_in",
	.permission = "session.login",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_NO_DRY_RUN | COMMAND_NO_ACTOR | COMMAND_TOKEN | COMMAND_TOKEN_ONCE,
	.args_size = sizeof(struct login_args),
	.options =
		(const struct arg[]){
			COMPANY_OPTION(struct login_args, company, .flags = ARG_REQUIRED,
				.help = N_("the user's company")),
			OPTION(struct login_args, email, .name = "email", .metavar = "E-MAIL",
				.flags = ARG_REQUIRED, .completes = COMPLETE_USER,
				.help = N_("the user's e-mail")),
			OPTION(struct login_args, password, .name = "password",
				.flags = ARG_REQUIRED | ARG_FROM_STDIN,
				.help = N_("the user's password")),
			OPTION(struct login_args, remember, .name = "remember",
				.help = N_("a session for weeks, used or not")),
			END_OF_LIST,
		},
	.prints = &session_record,
	.examples =
		(const struct example[]){
			{ A_USER A_LOGIN, N_("prints the token, alone on a line") },
			{ NULL },
		},
	.run = login_run,
};

static const struct command check = {
	.noun = "session",
	.verb = "check",
	.summary = N_("Show the session of the token given, if it lives"),
	.permission = "session.check",
	.needs = NEEDS_READ,
	.args_size = 1,
	.prints = &session_record,
	.examples =
		(const struct example[]){
			{ LOGGED_IN "portalctl session check --token-file token --json",
				N_("who acts, and until when; exit status 4 when it has ended") },
			{ NULL },
		},
	.run = check_run,
};

static const struct command logout = {
	.noun = "session",
	.verb = "logout",
	.summary = N_("End the session of the token given, or others by id or filter"),
	.action = "logged_out",
	.permission = "session.logout",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH | COMMAND_BULK | COMMAND_OWN,
	.args_size = sizeof(struct logout_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct logout_args, id, .name = "ID", .flags = ARG_EACH,
				.completes = COMPLETE_ID, .help = N_("the session's id")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OF_USER(struct logout_args, filter.user, .flags = ARG_FILTER),
			OF_COMPANY(struct logout_args, filter.company, .flags = ARG_FILTER),
			END_OF_LIST,
		},
	.prints = &session_record,
	.examples =
		(const struct example[]){
			{ LOGGED_IN "portalctl session logout --token-file token",
				N_("one's own") },
			{ LOGGED_IN "portalctl session logout --user ana@office.example",
				N_("wherever a user has logged in") },
			{ NULL },
		},
	.run = logout_run,
	.select = select_live,
};

static const struct command list = {
	.noun = "session",
	.verb = "list",
	.summary = N_("List who is logged in, and who was"),
	.permission = "session.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct session_filter),
	.options =
		(const struct arg[]){
			OF_USER(struct session_filter, user, .flags = 0),
			OF_COMPANY(struct session_filter, company, .flags = 0),
			OPTION(struct session_filter, status, .name = "status", .metavar = "STATUS",
				.words = list_statuses, .fallback = "live",
				.help = N_("in this state, or any")),
			LIST_OPTIONS(struct session_filter, page, session_sorts),
			END_OF_LIST,
		},
	.prints = &session_record,
	.examples =
		(const struct example[]){
			{ "portalctl session list", N_("who is logged in now") },
			{ "portalctl session list --status any --sort -created_at --limit 20",
				N_("the newest logins") },
			{ NULL },
		},
	.list = list_run,
};

const struct noun noun_session = {
	.name = "session",
	.summary = N_("Sessions: who has logged in, until when"),
	.verbs = (const struct command *const[]){ &login, &check, &logout, &list, NULL },
};
