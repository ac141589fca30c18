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

/* What came of a verb that may find everything done. */
static int reply_state(struct reply *reply, const struct user *user, int changed,
	const char *sentence, const char *already)
{
	if (changed < 0)
		return changed;
	reply_changed(reply, &user_record, user, changed ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, changed ? sentence : already, user->email, user->company_name);
	return 0;
}

static int activate_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct user user;
	const int r = user_activate(portal, args->email, args->company, &user, err);

	return reply_state(reply, &user, r, _("user '%s' of '%s' activated"),
		_("user '%s' of '%s' is active already"));
}

static int deactivate_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct user user;
	const int r = user_deactivate(portal, args->email, args->company, &user, err);

	return reply_state(reply, &user, r, _("user '%s' of '%s' deactivated"),
		_("user '%s' of '%s' is inactive already"));
}

static int block_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct user user;
	const int r = user_block(portal, args->email, args->company, &user, err);

	return reply_state(reply, &user, r, _("user '%s' of '%s' blocked"),
		_("user '%s' of '%s' is blocked already"));
}

struct role_args {
	const char *email, *role, *company;
};

static int set_role_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct role_args *args = raw;
	struct user user;
	const int r = user_set_role(portal, args->email, args->company, args->role, &user, err);

	return reply_state(reply, &user, r, _("user '%s' of '%s' has another role"),
		_("user '%s' of '%s' has this role already"));
}

struct set_args {
	const char *named, *company, *email, *name;
	cli_list phones;
};

static int set_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct set_args *args = raw;
	const struct user_change request = { .named = args->named,
		.company = args->company,
		.email = args->email,
		.name = args->name,
		.phones = args->phones.items,
		.phone_count = args->phones.count };
	struct user user;
	const int r = user_set(portal, &request, &user, err);

	return reply_state(reply, &user, r, _("user '%s' of '%s' changed"),
		_("user '%s' of '%s' is so already"));
}

struct remove_args {
	const char *email, *company;
	bool ignore_missing;
};

static int remove_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct remove_args *args = raw;
	struct user user;
	const int r = user_remove(portal, args->email, args->company,
		args->ignore_missing ? USER_MISSING_IS_FINE : USER_MISSING_FAILS, &user, err);

	if (r < 0)
		return r;
	reply_changed(reply, &user_record, &user, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	if (r)
		reply_say(reply, _("user '%s' of '%s' removed"), user.email, user.company_name);
	else
		reply_say(reply, _("there was no user '%s'"), user.email);
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

#define USER_CALLED(S, member, which, what) \
	OPERAND(S, member, .name = what, .flags = ARG_EACH, .completes = which, \
		.help = N_("the user's e-mail or id"))
#define USER_OF(S, member, which) USER_CALLED(S, member, which, "EMAIL")
#define COMPANY_OF(S) \
	COMPANY_OPTION(S, company, \
		.help = N_("the user's company, where the e-mail has users in several"))
#define NAMED_USER(which) USER_OF(struct named_args, email, which)
#define OF_COMPANY COMPANY_OF(struct named_args)

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
			COMPANY_OPTION(struct add_args, company, .flags = ARG_REQUIRED,
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
			COMPANY_OPTION(struct user_filter, company, .help = N_("of this company")),
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

static const struct command deactivate = {
	.noun = "user",
	.verb = "deactivate",
	.summary = N_("Make a user inactive, until an admin activates it again"),
	.action = "deactivated",
	.permission = "user.deactivate",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ NAMED_USER(COMPLETE_USER), END_OF_LIST },
	.options = (const struct arg[]){ OF_COMPANY, END_OF_LIST },
	.prints = &user_record,
	.examples =
		(const struct example[]){
			{ "portalctl user add ana@office.example --company 65635571000148 --name "
			  "Ana && "
			  "portalctl user add caio@office.example --company 65635571000148 --name "
			  "Caio && "
			  "portalctl user deactivate caio@office.example",
				N_("who is away for long") },
			{ NULL },
		},
	.run = deactivate_run,
};

static const struct command block = {
	.noun = "user",
	.verb = "block",
	.summary = N_("Block a user"),
	.action = "blocked",
	.permission = "user.block",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ NAMED_USER(COMPLETE_USER), END_OF_LIST },
	.options = (const struct arg[]){ OF_COMPANY, END_OF_LIST },
	.prints = &user_record,
	.examples =
		(const struct example[]){
			{ "portalctl user add ana@office.example --company 65635571000148 --name "
			  "Ana && "
			  "portalctl user add caio@office.example --company 65635571000148 --name "
			  "Caio && "
			  "portalctl user block caio@office.example",
				N_("who has left; sessions end at once") },
			{ NULL },
		},
	.run = block_run,
};

static const struct command set_role = {
	.noun = "user",
	.verb = "set-role",
	.summary = N_("Make users admins or collaborators"),
	.action = "changed",
	.permission = "user.set-role",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct role_args),
	.operands = (const struct arg[]){ USER_OF(struct role_args, email, COMPLETE_USER),
		OPERAND(struct role_args, role, .name = "ROLE", .words = user_roles,
			.help = N_("admin or collaborator")),
		END_OF_LIST },
	.options = (const struct arg[]){ COMPANY_OF(struct role_args), END_OF_LIST },
	.prints = &user_record,
	.examples =
		(const struct example[]){
			{ "portalctl user add ana@office.example --company 65635571000148 --name "
			  "Ana && "
			  "portalctl user add caio@office.example --company 65635571000148 --name "
			  "Caio && "
			  "portalctl user set-role caio@office.example admin",
				N_("a second admin") },
			{ NULL },
		},
	.run = set_role_run,
};

/* In a record "email" is the new one. */
static const struct command set = {
	.noun = "user",
	.verb = "set",
	.summary = N_("Change the e-mail, name or phones of a user"),
	.action = "changed",
	.permission = "user.set",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct set_args),
	.operands =
		(const struct arg[]){
			USER_CALLED(struct set_args, named, COMPLETE_USER, "USER"), END_OF_LIST },
	.options = (const struct arg[]){ COMPANY_OF(struct set_args),
		OPTION(struct set_args, email, .name = "email", .metavar = "E-MAIL",
			.help = N_("the new login; the old address is told")),
		OPTION(struct set_args, name, .name = "name", .metavar = "NAME",
			.help = N_("the person's name")),
		OPTION(struct set_args, phones, .name = "phone", .metavar = "PHONE",
			.help = N_("a phone, in place of all those before; may be repeated, and an "
				   "empty one clears them")),
		END_OF_LIST },
	.prints = &user_record,
	.examples =
		(const struct example[]){
			{ "portalctl user add ana@office.example --company 65635571000148 --name "
			  "Ana && "
			  "portalctl user set ana@office.example --email ana.lima@office.example",
				N_("a new login") },
			{ NULL },
		},
	.run = set_run,
};

static const struct command remove_user = {
	.noun = "user",
	.verb = "remove",
	.summary = N_("Remove a user; the contact stays"),
	.action = "removed",
	.permission = "user.remove",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct remove_args),
	.operands = (const struct arg[]){ USER_OF(struct remove_args, email, COMPLETE_USER),
		END_OF_LIST },
	.options = (const struct arg[]){ COMPANY_OF(struct remove_args),
		OPTION(struct remove_args, ignore_missing, .name = "ignore-missing",
			.help = N_("be content where there is no such user")),
		END_OF_LIST },
	.prints = &user_record,
	.examples =
		(const struct example[]){
			{ "portalctl user add ana@office.example --company 65635571000148 --name "
			  "Ana && "
			  "portalctl user add caio@office.example --company 65635571000148 --name "
			  "Caio && "
			  "portalctl user remove caio@office.example",
				N_("the e-mail may become a user again") },
			{ NULL },
		},
	.run = remove_run,
};

extern const struct command cmd_user_register, cmd_user_passwd, cmd_user_send_area_link;

const struct noun noun_user = {
	.name = "user",
	.summary = N_("Users: people's access to the portal"),
	.verbs = (const struct command *const[]){ &add, &cmd_user_register, &list, &show, &set,
		&activate, &deactivate, &block, &set_role, &cmd_user_passwd, &remove_user,
		&cmd_user_send_area_link, NULL },
};
