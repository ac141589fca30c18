/* portalctl user register, passwd, send-area-link */
#include <portal/user-access.h>

#include <string.h>

#include "cli/cli.h"
#include "cli/text.h"

struct register_args {
	cli_secret token, document_token, password;
	const char *email, *name;
	cli_list phones;
};

static int register_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct register_args *args = raw;
	const struct user_registration request = { .token = args->token.secret,
		.document_token = args->document_token.given ? args->document_token.secret : NULL,
		.email = args->email,
		.name = args->name,
		.phones = args->phones.items,
		.phone_count = args->phones.count,
		.password = args->password.secret };
	struct user user;
	int r;

	if (args->token.given && args->document_token.given)
		return portal_fail(err, PORTAL_USAGE,
			_("'--signup-token-file' and '--document-token-file' exclude each other"));
	r = user_register(portal, &request, &user, err);
	if (r < 0)
		return r;
	reply_changed(reply, &user_record, &user, REPLY_CREATED);
	reply_say(reply,
		!strcmp(user.status, "active")
			? _("user '%s' of '%s' registered")
			: _("user '%s' of '%s' registered, and waits for an admin"),
		user.email, user.company_name);
	return 0;
}

struct passwd_args {
	const char *email, *company;
	cli_secret token, password, current;
	bool send_link, show_token;
};

/* The three ways to a password take different words. */
static int check_way(const struct passwd_args *args, struct portal_error *err)
{
	const bool by_link = args->token.given;

	if (by_link && (args->email || args->company || args->current.given || args->send_link))
		return portal_fail(err, PORTAL_USAGE,
			_("an access link names its user; give a new password with it and "
			  "nothing else"));
	if (args->send_link && (args->password.given || args->current.given))
		return portal_fail(err, PORTAL_USAGE,
			_("'--send-link' lets the user set a password; give none with it"));
	if (args->show_token && !args->send_link)
		return portal_fail(err, PORTAL_USAGE, _("'--show-token' needs '--send-link'"));
	return 0;
}

static int send_link(struct portal *portal, const struct passwd_args *args, struct reply *reply,
	struct portal_error *err)
{
	_cleanup_secret_ struct portal_secret token = { .len = 0 };
	struct user user;
	const int r = user_send_link(
		portal, args->email, args->company, &user, args->show_token ? &token : NULL, err);

	if (r < 0)
		return r;
	reply_changed(reply, &user_record, &user, REPLY_CHANGED);
	if (token.len)
		reply_token(reply, &token);
	reply_say(reply, _("a link to set a password was mailed to '%s'"), user.email);
	return 0;
}

static int set_password(struct portal *portal, const struct passwd_args *args, struct user *ret,
	struct portal_error *err)
{
	const struct user_new_password request = { .named = args->email,
		.company = args->company,
		.password = args->password.secret,
		.current = args->current.secret };

	return args->token.given ? user_passwd_by_link(portal, args->token.secret,
					   args->password.secret, ret, err)
				 : user_passwd(portal, &request, ret, err);
}

static int passwd_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct passwd_args *args = raw;
	struct user user;
	int r = check_way(args, err);

	if (r < 0 || args->send_link)
		return r < 0 ? r : send_link(portal, args, reply, err);
	r = set_password(portal, args, &user, err);
	if (r < 0)
		return r;
	reply_changed(reply, &user_record, &user, REPLY_CHANGED);
	reply_say(reply, _("user '%s' of '%s' has a new password"), user.email, user.company_name);
	return 0;
}

struct area_args {
	const char *email, *company;
};

static int send_area_link_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct area_args *args = raw;
	struct user user;
	const int r = user_send_area_link(portal, args->email, args->company, &user, err);

	if (r < 0)
		return r;
	reply_changed(reply, &user_record, &user, REPLY_CHANGED);
	reply_say(reply, _("the link to the client's area was mailed to '%s'"), user.email);
	return 0;
}

extern const struct command cmd_user_register, cmd_user_passwd, cmd_user_send_area_link;

const struct command cmd_user_register = {
	.noun = "user",
	.verb = "register",
	.summary = N_("Register oneself by the signup link of a company, or a document's link"),
	.action = "registered",
	.permission = "user.register",
	.needs = NEEDS_WRITE,
	.args_size = sizeof(struct register_args),
	.options =
		(const struct arg[]){
			OPTION(struct register_args, token, .name = "signup-token",
				.flags = ARG_REQUIRED, .unless = "document-token",
				.help = N_("the token of the signup link")),
			OPTION(struct register_args, document_token, .name = "document-token",
				.help = N_("the token of a document's link, instead")),
			OPTION(struct register_args, email, .name = "email", .metavar = "E-MAIL",
				.flags = ARG_REQUIRED,
				.help = N_("one's e-mail, which is the login")),
			OPTION(struct register_args, name, .name = "name", .metavar = "NAME",
				.flags = ARG_REQUIRED, .help = N_("one's name")),
			OPTION(struct register_args, phones, .name = "phone", .metavar = "PHONE",
				.help = N_("a phone; may be repeated")),
			OPTION(struct register_args, password, .name = "password",
				.flags = ARG_REQUIRED | ARG_FROM_STDIN | ARG_ASK_TWICE,
				.help = N_("the password to log in with")),
			END_OF_LIST,
		},
	.prints = &user_record,
	.examples =
		(const struct example[]){
			{ "portalctl company signup-link 65635571000148 --json | jq -r .data.token "
			  ">token && echo 'cavalo correto bateria' | portalctl user register "
			  "--signup-token-file token --email ana@office.example --name 'Ana Lima' "
			  "--password-stdin",
				N_("the first one is the admin; later ones wait for one") },
			{ NULL },
		},
	.run = register_run,
};

const struct command cmd_user_passwd = {
	.noun = "user",
	.verb = "passwd",
	.summary = N_("Set a user's password, or mail the link to set one"),
	.action = "changed",
	.permission = "user.passwd",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH | COMMAND_TOKEN,
	.args_size = sizeof(struct passwd_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct passwd_args, email, .name = "EMAIL", .flags = ARG_EACH,
				.unless = "access-token", .completes = COMPLETE_USER,
				.help = N_("the user's e-mail or id")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			COMPANY_OPTION(struct passwd_args, company,
				.help = N_("the user's company, where the e-mail has users in "
					   "several")),
			OPTION(struct passwd_args, password, .name = "password",
				.flags = ARG_REQUIRED | ARG_FROM_STDIN | ARG_ASK_TWICE,
				.unless = "send-link", .help = N_("the new password")),
			OPTION(struct passwd_args, current, .name = "current-password",
				.help = N_("the password before, to set one's own in a session")),
			OPTION(struct passwd_args, token, .name = "access-token",
				.help = N_(
					"the token of a mailed link, which stands for its user")),
			OPTION(struct passwd_args, send_link, .name = "send-link",
				.help = N_("mail the user a link to set a password, once")),
			OPTION(struct passwd_args, show_token, .name = "show-token",
				.flags = ARG_SHOWS_TOKEN | ARG_NOT_IN_BATCH,
				.help = N_("show the token of the mailed link, this once")),
			END_OF_LIST,
		},
	.prints = &user_record,
	.examples =
		(const struct example[]){
			{ "portalctl user add ana@office.example --company 65635571000148 --name "
			  "Ana && "
			  "portalctl user passwd ana@office.example --send-link",
				N_("who has forgotten it") },
			{ "portalctl user add ana@office.example --company 65635571000148 --name "
			  "Ana && "
			  "echo 'cavalo correto bateria' | "
			  "portalctl user passwd ana@office.example --password-stdin",
				N_("by hand") },
			{ NULL },
		},
	.run = passwd_run,
};

const struct command cmd_user_send_area_link = {
	.noun = "user",
	.verb = "send-area-link",
	.summary = N_("Mail a user the link to the client's area"),
	.action = "sent",
	.permission = "user.send-area-link",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct area_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct area_args, email, .name = "EMAIL", .flags = ARG_EACH,
				.completes = COMPLETE_USER, .help = N_("the user's e-mail or id")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			COMPANY_OPTION(struct area_args, company,
				.help = N_("the user's company, where the e-mail has users in "
					   "several")),
			END_OF_LIST,
		},
	.prints = &user_record,
	.examples =
		(const struct example[]){
			{ "portalctl user add ana@office.example --company 65635571000148 --name "
			  "Ana && "
			  "portalctl user send-area-link ana@office.example",
				N_("what was sent to the client may be opened at once") },
			{ NULL },
		},
	.run = send_area_link_run,
};
