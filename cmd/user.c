/* portalctl user ... */
#include <portal/user.h>

#include "cli/cli.h"
#include "cli/text.h"

struct add_args {
	const char *email, *company, *name, *role;
	bool active, if_not_exists;
	cli_secret password;
};

static int add_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct add_args *args = raw;
	const struct user_request request = { .email = args->email,
		.company = args->company,
		.name = args->name,
		.role = args->role,
		.active = args->active,
		.password = args->password.secret,
		.if_not_exists = args->if_not_exists };
	struct user user;
	const int r = user_add(portal, &request, &user, err);

	if (r < 0)
		return r;
	reply_changed(reply, &user_record, &user, r ? REPLY_CREATED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("user '%s' of '%s' added") : _("user '%s' of '%s' exists already"),
		user.email, user.company_name);
	return 0;
}

struct named_args {
	const char *email, *company;
};

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct user user;
	const int r = user_show(portal, args->email, args->company, &user, err);

	if (r < 0)
		return r;
	reply_show(reply, &user_record, &user);
	return 0;
}

static int activate_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct user user;
	const int r = user_activate(portal, args->email, args->company, &user, err);

	if (r < 0)
		return r;
	reply_changed(reply, &user_record, &user, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply,
		r ? _("user '%s' of '%s' activated") : _("user '%s' of '%s' is active already"),
		user.email, user.company_name);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = user_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

#define NAMED_USER(which) \
	OPERAND(struct named_args, email, .name = "EMAIL", .flags = ARG_EACH, .completes = which, \
		.help = N_("the user's e-mail or id"))
#define OF_COMPANY \
	OPTION(struct named_args, company, .name = "company", .metavar = "TAX-ID", \
		.completes = COMPLETE_COMPANY, \
		.help = N_("the user's company, where the e-mail has users in several"))

static const struct command add = {
	.noun = "user",
	.verb = "add",
	.summary = N_("Add a user to a company; the first one is its admin"),
	.action = "added",
	.permission = "user.add",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct add_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct add_args, email, .name = "EMAIL", .flags = ARG_EACH,
				.help = N_("the user's e-mail, which is the login")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct add_args, company, .name = "company", .metavar = "TAX-ID",
				.flags = ARG_REQUIRED, .completes = COMPLETE_COMPANY,
				.help = N_("the user's company")),
			OPTION(struct add_args, name, .name = "name", .metavar = "NAME",
				.help = N_("the person's name, unless a contact with this e-mail "
					   "has one")),
			OPTION(struct add_args, role, .name = "role", .metavar = "ROLE",
				.words = user_roles,
				.help = N_("admin or collaborator (the first is always admin)")),
			OPTION(struct add_args, active, .name = "active",
				.help = N_("active at once, without waiting for an admin")),
			OPTION(struct add_args, password, .name = "password",
				.flags = ARG_FROM_STDIN, .help = N_("the user's password")),
			OPTION(struct add_args, if_not_exists, .name = "if-not-exists",
				.help = N_("be content with the one that exists")),
			END_OF_LIST,
		},
	.prints = &user_record,
	.examples =
		(const struct example[]){
			{ "portalctl user add ana@office.example --company 65635571000148 --name "
			  "'Ana Lima'",
				N_("the first user of a company is its admin, and active") },
			{ NULL },
		},
	.run = add_run,
};

static const struct command list = {
	.noun = "user",
	.verb = "list",
	.summary = N_("List users"),
	.permission = "user.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct user_filter),
	.options =
		(const struct arg[]){
			OPTION(struct user_filter, company, .name = "company", .metavar = "TAX-ID",
				.completes = COMPLETE_COMPANY, .help = N_("of this company")),
			OPTION(struct user_filter, status, .name = "status", .metavar = "STATUS",
				.words = user_statuses, .help = N_("in this state")),
			OPTION(struct user_filter, role, .name = "role", .metavar = "ROLE",
				.words = user_roles, .help = N_("with this role")),
			OPTION(struct user_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("with this in the name or e-mail")),
			LIST_OPTIONS(struct user_filter, page, user_sorts),
			END_OF_LIST,
		},
	.prints = &user_record,
	.examples =
		(const struct example[]){
			{ "portalctl user list --status inactive", N_("who waits for an admin") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "user",
	.verb = "show",
	.summary = N_("Show a user"),
	.permission = "user.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ NAMED_USER(COMPLETE_USER), END_OF_LIST },
	.options = (const struct arg[]){ OF_COMPANY, END_OF_LIST },
	.prints = &user_record,
	.examples =
		(const struct example[]){
			{ "portalctl user add ana@office.example --company 65635571000148 --name "
			  "Ana && "
			  "portalctl user show ana@office.example",
				N_("by e-mail") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command activate = {
	.noun = "user",
	.verb = "activate",
	.summary = N_("Make a user active"),
	.action = "activated",
	.permission = "user.activate",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ NAMED_USER(COMPLETE_USER_NOT_ACTIVE), END_OF_LIST },
	.options = (const struct arg[]){ OF_COMPANY, END_OF_LIST },
	.prints = &user_record,
	.examples =
		(const struct example[]){
			{ "portalctl user add ana@office.example --company 65635571000148 --name "
			  "Ana && "
			  "portalctl user activate ana@office.example",
				N_("active users stay as they are") },
			{ NULL },
		},
	.run = activate_run,
};

const struct noun noun_user = {
	.name = "user",
	.summary = N_("Users: people's access to the portal"),
	.verbs = (const struct command *const[]){ &add, &list, &show, &activate, NULL },
};
