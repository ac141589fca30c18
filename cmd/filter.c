/* portalctl filter ... */
#include <portal/filter.h>
#include <portal/ticket.h>

#include "cli/cli.h"
#include "cli/text.h"

struct add_args {
	struct filter_request request;
	cli_list statuses;
};

static int add_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct add_args *args = raw;
	struct filter_request request = args->request;
	struct filter filter;
	int r;

	request.statuses = args->statuses.items;
	request.status_count = args->statuses.count;
	r = filter_add(portal, &request, &filter, err);

	if (r < 0)
		return r;
	reply_changed(reply, &filter_record, &filter, r ? REPLY_CREATED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("filter '%s' added") : _("filter '%s' exists already"), filter.name);
	return 0;
}

struct named_args {
	const char *named;
	bool ignore_missing;
};

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct filter filter;
	const int r = filter_show(portal, args->named, &filter, err);

	if (r >= 0)
		reply_show(reply, &filter_record, &filter);
	return r;
}

static int remove_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct filter filter;
	const int r = filter_remove(portal, args->named,
		args->ignore_missing ? PORTAL_MISSING_IGNORED : PORTAL_MISSING_FAILS, &filter, err);

	if (r < 0)
		return r;
	reply_changed(reply, &filter_record, &filter, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("filter '%s' removed") : _("there is no filter '%s'"),
		r ? filter.name : args->named);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = filter_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

#define NAMED \
	OPERAND(struct named_args, named, .name = "FILTER", .flags = ARG_EACH, \
		.completes = COMPLETE_ID, .help = N_("the filter's name or id"))

/* The options of ticket list, which say there what they mean. */
#define SAVED(member, word, meta, ...) \
	OPTION(struct add_args, request.filter.member, .name = word, .metavar = meta, __VA_ARGS__)

#define MINE "portalctl filter add urgentes --tag urgente --status open --sort due_at --shared"

static const struct command add = {
	.noun = "filter",
	.verb = "add",
	.summary = N_("Keep options of ticket list under a name"),
	.action = "added",
	.permission = "filter.add",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct add_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct add_args, request.filter.name, .name = "NAME",
				.flags = ARG_EACH, .help = N_("what it is called")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct add_args, request.filter.shared, .name = "shared",
				.help = N_("for all of the office, not for yourself alone")),
			OPTION(struct add_args, statuses, .name = "status", .metavar = "STATUS",
				.words = ticket_status_choices,
				.help = N_("in these states, with commas between")),
			SAVED(assignee, "assignee", "EMAIL", .completes = COMPLETE_USER,
				.help = N_("of this assignee; me, or none for those of nobody")),
			SAVED(company, "company", "TAX-ID", .completes = COMPLETE_COMPANY,
				.help = N_("of this company")),
			SAVED(contact, "contact", "EMAIL", .help = N_("of this contact")),
			SAVED(category, "category", "CATEGORY", .help = N_("of this category")),
			SAVED(department, "department", "DEPARTMENT",
				.help = N_("of this department")),
			SAVED(tag, "tag", "TAG", .help = N_("with this tag")),
			SAVED(origin, "origin", "ORIGIN", .words = ticket_origins,
				.help = N_("opened by this way")),
			SAVED(search, "search", "TEXT",
				.help = N_("beginnings of words of the number, the subject and "
					   "the messages")),
			SAVED(since_at, "since", "TIME", .help = N_("opened from then on")),
			SAVED(until_at, "until", "TIME", .help = N_("opened before then")),
			SAVED(sort, "sort", "FIELD", .words = ticket_sorts, .flags = ARG_DESCENDS,
				.help = N_("in this order; -FIELD for descending")),
			OPTION(struct add_args, request.if_not_exists, .name = "if-not-exists",
				.help = N_("be content with the one that exists")),
			END_OF_LIST,
		},
	.prints = &filter_record,
	.examples =
		(const struct example[]){
			{ MINE " && portalctl ticket list --filter urgentes",
				N_("what is urgent, soonest due first, for everybody") },
			{ NULL },
		},
	.run = add_run,
};

static const struct command list_command = {
	.noun = "filter",
	.verb = "list",
	.summary = N_("List saved filters: your own and the shared ones"),
	.permission = "filter.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct filter_filter),
	.options =
		(const struct arg[]){
			OPTION(struct filter_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("part of the name; case and accents ignored")),
			LIST_OPTIONS(struct filter_filter, page, filter_sorts),
			END_OF_LIST,
		},
	.prints = &filter_record,
	.examples =
		(const struct example[]){
			{ "portalctl filter list --sort name", N_("in the order of their names") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "filter",
	.verb = "show",
	.summary = N_("Show a saved filter"),
	.permission = "filter.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ NAMED, END_OF_LIST },
	.prints = &filter_record,
	.examples =
		(const struct example[]){
			{ MINE " && portalctl filter show urgentes",
				N_("case and accents don't count") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command remove_command = {
	.noun = "filter",
	.verb = "remove",
	.summary = N_("Remove a saved filter"),
	.action = "removed",
	.permission = "filter.remove",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ NAMED, END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct named_args, ignore_missing, .name = "ignore-missing",
				.help = N_("be content where there is none")),
			END_OF_LIST,
		},
	.prints = &filter_record,
	.examples =
		(const struct example[]){
			{ MINE " && portalctl filter remove urgentes",
				N_("its name is free again") },
			{ NULL },
		},
	.run = remove_run,
};

const struct noun noun_filter = {
	.name = "filter",
	.summary = N_("Saved filters: lists of tickets by name"),
	.verbs = (const struct command *const[]){ &add, &list_command, &show, &remove_command,
		NULL },
};
