/* portalctl group ... */
#include <portal/group.h>

#include "cli/cli.h"
#include "cli/text.h"

struct create_args {
	const char *main, *name;
	bool if_not_exists;
};

static int create_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct create_args *args = raw;
	const struct group_request request = { args->main, args->name, args->if_not_exists };
	struct group group;
	const int r = group_create(portal, &request, &group, err);

	if (r < 0)
		return r;
	reply_changed(reply, &group_record, &group, r ? REPLY_CREATED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("group '%s' of '%s' made") : _("group '%s' of '%s' exists already"),
		group.name, group.main_tax_id);
	return 0;
}

struct member_args {
	const char *main, *member;
};

static int reply_member(struct reply *reply, const struct group *group, int changed,
	const char *sentence, const char *already, const char *member)
{
	if (changed < 0)
		return changed;
	reply_changed(reply, &group_record, group, changed ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, changed ? sentence : already, member, group->name);
	return 0;
}

static int link_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct member_args *args = raw;
	struct group group;
	const int r = group_link(portal, args->main, args->member, &group, err);

	return reply_member(reply, &group, r, _("company '%s' linked to group '%s'"),
		_("company '%s' is in group '%s' already"), args->member);
}

static int unlink_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct member_args *args = raw;
	struct group group;
	const int r = group_unlink(portal, args->main, args->member, &group, err);

	return reply_member(reply, &group, r, _("company '%s' unlinked from group '%s'"),
		_("company '%s' is not in group '%s'"), args->member);
}

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct member_args *args = raw;
	struct group group;
	const int r = group_show(portal, args->main, &group, err);

	if (r >= 0)
		reply_show(reply, &group_record, &group);
	return r;
}

struct dissolve_args {
	const char *main;
	bool ignore_missing;
};

static int dissolve_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct dissolve_args *args = raw;
	struct group group;
	const int r = group_dissolve(portal, args->main,
		args->ignore_missing ? GROUP_MISSING_IS_FINE : GROUP_MISSING_FAILS, &group, err);

	if (r < 0)
		return r;
	reply_changed(reply, &group_record, &group, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	if (r)
		reply_say(reply, _("group '%s' of '%s' dissolved"), group.name, group.main_tax_id);
	else
		reply_say(reply, _("there is no group of '%s'"), args->main);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = group_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

#define MAIN(S, ...) \
	OPERAND(S, main, .name = "MAIN-TAX-ID", .completes = COMPLETE_COMPANY, \
		.help = N_("the main company's tax id or id"), __VA_ARGS__)
#define MEMBER \
	OPERAND(struct member_args, member, .name = "MEMBER-TAX-ID", .flags = ARG_EACH, \
		.completes = COMPLETE_COMPANY, .help = N_("the member's tax id or id"))

/* An example runs in a fresh portal: what it speaks of comes first. */
#define COMPANIES \
	"portalctl company add 99120450000185 --name 'Padaria Estrela Ltda.' && " \
	"portalctl company add 99120450000266 --name 'Padaria Estrela Ltda.' && "

static const struct command create = {
	.noun = "group",
	.verb = "create",
	.summary = N_("Make a group, with its main company alone"),
	.action = "created",
	.permission = "group.create",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct create_args),
	.operands =
		(const struct arg[]){ MAIN(struct create_args, .flags = ARG_EACH), END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct create_args, name, .name = "name", .metavar = "NAME",
				.help = N_("what people call it; the main company's name where "
					   "none is given")),
			OPTION(struct create_args, if_not_exists, .name = "if-not-exists",
				.help = N_("be content with the one that exists")),
			END_OF_LIST,
		},
	.prints = &group_record,
	.examples =
		(const struct example[]){
			{ COMPANIES "portalctl group create 99120450000185 && "
				    "portalctl group link 99120450000185 99120450000266",
				N_("a head office and its branch share one client area") },
			{ NULL },
		},
	.run = create_run,
};

static const struct command link_command = {
	.noun = "group",
	.verb = "link",
	.summary = N_("Link companies to a group"),
	.action = "linked",
	.permission = "group.link",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct member_args),
	.operands = (const struct arg[]){ MAIN(struct member_args, 0), MEMBER, END_OF_LIST },
	.prints = &group_record,
	.examples =
		(const struct example[]){
			{ COMPANIES "portalctl group create 99120450000185 && "
				    "portalctl group link 99120450000185 99120450000266",
				N_("a company is in at most one group") },
			{ NULL },
		},
	.run = link_run,
};

static const struct command unlink_command = {
	.noun = "group",
	.verb = "unlink",
	.summary = N_("Unlink companies from a group, which ends the view at once"),
	.action = "unlinked",
	.permission = "group.unlink",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct member_args),
	.operands = (const struct arg[]){ MAIN(struct member_args, 0), MEMBER, END_OF_LIST },
	.prints = &group_record,
	.examples =
		(const struct example[]){
			{ COMPANIES "portalctl group create 99120450000185 && "
				    "portalctl group unlink 99120450000185 99120450000266",
				N_("one that was no member stays none") },
			{ NULL },
		},
	.run = unlink_run,
};

static const struct command list = {
	.noun = "group",
	.verb = "list",
	.summary = N_("List groups of companies"),
	.permission = "group.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct group_filter),
	.options =
		(const struct arg[]){
			COMPANY_OPTION(struct group_filter, company,
				.help = N_("the group this company is in")),
			OPTION(struct group_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("with this in the name")),
			LIST_OPTIONS(struct group_filter, page, group_sorts),
			END_OF_LIST,
		},
	.prints = &group_record,
	.examples =
		(const struct example[]){
			{ "portalctl group list --format csv", N_("all, for a spreadsheet") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "group",
	.verb = "show",
	.summary = N_("Show a group and its members"),
	.permission = "group.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct member_args),
	.operands =
		(const struct arg[]){ MAIN(struct member_args, .flags = ARG_EACH), END_OF_LIST },
	.prints = &group_record,
	.examples =
		(const struct example[]){
			{ COMPANIES "portalctl group create 99120450000185 && "
				    "portalctl group show 99120450000185 --json",
				N_("the members as a list, for jq") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command dissolve = {
	.noun = "group",
	.verb = "dissolve",
	.summary = N_("End a group; its companies stay"),
	.action = "dissolved",
	.permission = "group.dissolve",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct dissolve_args),
	.operands =
		(const struct arg[]){ MAIN(struct dissolve_args, .flags = ARG_EACH), END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct dissolve_args, ignore_missing, .name = "ignore-missing",
				.help = N_("be content where the company has no group")),
			END_OF_LIST,
		},
	.prints = &group_record,
	.examples =
		(const struct example[]){
			{ COMPANIES "portalctl group create 99120450000185 && "
				    "portalctl group dissolve 99120450000185",
				N_("what its users saw of each other is gone at once") },
			{ NULL },
		},
	.run = dissolve_run,
};

const struct noun noun_group = {
	.name = "group",
	.summary = N_("Groups: companies that share one client area (matriz e filiais)"),
	.verbs = (const struct command *const[]){ &create, &link_command, &unlink_command, &list,
		&show, &dissolve, NULL },
};
