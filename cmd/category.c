/* portalctl category ... */
#include <portal/category.h>

#include "cli/cli.h"
#include "cli/text.h"

struct rule_args {
	const char *named, *name, *department, *menu, *assignee, *sla_minutes;
	cli_list words;
	bool if_not_exists, ignore_missing;
};

static struct category_request request_of(const struct rule_args *args)
{
	return (struct category_request){ .named = args->named,
		.name = args->name,
		.department = args->department,
		.words = args->words.items,
		.word_count = args->words.count,
		.menu = args->menu,
		.assignee = args->assignee,
		.sla_minutes = args->sla_minutes,
		.if_not_exists = args->if_not_exists };
}

static int add_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct category_request request = request_of(raw);
	struct category category;
	const int r = category_add(portal, &request, &category, err);

	if (r < 0)
		return r;
	reply_changed(reply, &category_record, &category, r ? REPLY_CREATED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("category '%s' added") : _("category '%s' exists already"),
		category.name);
	return 0;
}

static int set_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct category_request request = request_of(raw);
	struct category category;
	const int r = category_set(portal, &request, &category, err);

	if (r < 0)
		return r;
	reply_changed(reply, &category_record, &category, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("category '%s' changed") : _("category '%s' is so already"),
		category.name);
	return 0;
}

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct rule_args *args = raw;
	struct category category;
	const int r = category_show(portal, args->named, &category, err);

	if (r >= 0)
		reply_show(reply, &category_record, &category);
	return r;
}

static int remove_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct rule_args *args = raw;
	struct category category;
	const int r = category_remove(portal, args->named,
		args->ignore_missing ? PORTAL_MISSING_IGNORED : PORTAL_MISSING_FAILS, &category,
		err);

	if (r < 0)
		return r;
	reply_changed(reply, &category_record, &category, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("category '%s' removed") : _("there is no category '%s'"),
		r ? category.name : args->named);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = category_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

#define NAMED \
	OPERAND(struct rule_args, named, .name = "CATEGORY", .flags = ARG_EACH, \
		.completes = COMPLETE_ID, .help = N_("the category's name or id"))
#define RULE \
	OPTION(struct rule_args, department, .name = "department", .metavar = "DEPARTMENT", \
		.help = N_("the department that tickets get with the category")), \
		OPTION(struct rule_args, words, .name = "word", .metavar = "WORD", \
			.help = N_("a word of the first message that means it; may be given " \
				   "several times")), \
		OPTION(struct rule_args, menu, .name = "menu", .metavar = "ANSWER", \
			.help = N_("the answer to a menu that means it, such as 1")), \
		OPTION(struct rule_args, assignee, .name = "assignee", .metavar = "EMAIL", \
			.completes = COMPLETE_USER, \
			.help = N_("the user of the office who takes care of its tickets")), \
		OPTION(struct rule_args, sla_minutes, .name = "sla-minutes", .metavar = "N", \
			.help = N_("in how many minutes of business hours its tickets are due"))

#define FISCAL \
	"portalctl category add Fiscal --department Fiscal --word darf --word nfs-e --menu 1 " \
	"--sla-minutes 240"

static const struct command add = {
	.noun = "category",
	.verb = "add",
	.summary = N_("Add a category of tickets, and the rule that gives it"),
	.action = "added",
	.permission = "category.add",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct rule_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct rule_args, name, .name = "NAME", .flags = ARG_EACH,
				.help = N_("what it is called")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			RULE,
			OPTION(struct rule_args, if_not_exists, .name = "if-not-exists",
				.help = N_("be content with the one that exists")),
			END_OF_LIST,
		},
	.prints = &category_record,
	.examples =
		(const struct example[]){
			{ FISCAL, N_("tickets that speak of a tax form, due in four hours") },
			{ NULL },
		},
	.run = add_run,
};

static const struct command set = {
	.noun = "category",
	.verb = "set",
	.summary = N_("Change a category and its rule"),
	.action = "changed",
	.permission = "category.set",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct rule_args),
	.operands = (const struct arg[]){ NAMED, END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct rule_args, name, .name = "name", .metavar = "NAME",
				.help = N_("what it is called from now on")),
			RULE,
			END_OF_LIST,
		},
	.prints = &category_record,
	.examples =
		(const struct example[]){
			{ FISCAL " && portalctl category set fiscal --sla-minutes 120 --menu ''",
				N_("due in two hours, and not in the menu any more") },
			{ NULL },
		},
	.run = set_run,
};

static const struct command list_command = {
	.noun = "category",
	.verb = "list",
	.summary = N_("List categories"),
	.permission = "category.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct category_filter),
	.options =
		(const struct arg[]){
			OPTION(struct category_filter, department, .name = "department",
				.metavar = "DEPARTMENT", .help = N_("of this department")),
			OPTION(struct category_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("part of the name; case and accents ignored")),
			LIST_OPTIONS(struct category_filter, page, category_sorts),
			END_OF_LIST,
		},
	.prints = &category_record,
	.examples =
		(const struct example[]){
			{ "portalctl category list --sort name",
				N_("in the order of their names") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "category",
	.verb = "show",
	.summary = N_("Show a category and its rule"),
	.permission = "category.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct rule_args),
	.operands = (const struct arg[]){ NAMED, END_OF_LIST },
	.prints = &category_record,
	.examples =
		(const struct example[]){
			{ FISCAL " && portalctl category show fiscal",
				N_("case and accents don't count") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command remove_command = {
	.noun = "category",
	.verb = "remove",
	.summary = N_("Remove a category; tickets keep what they have of it"),
	.action = "removed",
	.permission = "category.remove",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct rule_args),
	.operands = (const struct arg[]){ NAMED, END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct rule_args, ignore_missing, .name = "ignore-missing",
				.help = N_("be content where there is none")),
			END_OF_LIST,
		},
	.prints = &category_record,
	.examples =
		(const struct example[]){
			{ FISCAL " && portalctl category remove fiscal",
				N_("its name and its answer are free again") },
			{ NULL },
		},
	.run = remove_run,
};

const struct noun noun_category = {
	.name = "category",
	.summary = N_("Categories of tickets, and the rules that give them"),
	.verbs = (const struct command *const[]){ &add, &list_command, &show, &set, &remove_command,
		NULL },
};
