/* portalctl task add|list|show|set */
#include "task.h"

#include "cli/text.h"

struct add_args {
	const char *title, *company, *description;
	const char *ticket;
	int64_t project;
	const char *due, *roll, *calendar, *assignee;
	cli_list items;
	bool visible;
	struct task_repeat repeat;
};

static void say_added(struct reply *reply, const struct task *task)
{
	if (!task->id && task->due_on)
		reply_say(reply, _("task '%s' added, due on %s"), task->title, task->due_on);
	else if (!task->id)
		reply_say(reply, _("task '%s' added"), task->title);
	else if (task->due_on)
		reply_say(reply, _("task %lld '%s' added, due on %s"), (long long)task->id,
			task->title, task->due_on);
	else
		reply_say(reply, _("task %lld '%s' added"), (long long)task->id, task->title);
}

static int add_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct add_args *args = raw;
	const struct task_request request = { .title = args->title,
		.company = args->company,
		.description = args->description,
		.ticket = args->ticket,
		.project = args->project,
		.due_on = args->due,
		.roll = args->roll,
		.calendar = args->calendar,
		.assignee = args->assignee,
		.items = args->items.items,
		.item_count = args->items.count,
		.visible = args->visible,
		.repeat = args->repeat };
	struct task task;
	const int r = task_add(portal, &request, &task, err);

	if (r < 0)
		return r;
	/* One that is rehearsed has no number yet, nor has its rule. */
	if (reply_options(reply)->dry_run)
		task.id = task.recurrence_id.id = 0;
	reply_changed(reply, &task_record, &task, REPLY_CREATED);
	say_added(reply, &task);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = task_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

struct show_args {
	int64_t id;
};

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct show_args *args = raw;
	struct task task;
	const int r = task_show(portal, args->id, &task, err);

	if (r >= 0)
		reply_show(reply, &task_record, &task);
	return r;
}

struct set_args {
	int64_t id;
	const char *title, *description, *due, *roll, *calendar, *assignee, *status, *visible;
	const char *project, *until;
	cli_list items;
};

static int set_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct set_args *args = raw;
	const struct task_change change = { .id = args->id,
		.title = args->title,
		.description = args->description,
		.due_on = args->due,
		.roll = args->roll,
		.calendar = args->calendar,
		.assignee = args->assignee,
		.status = args->status,
		.visible = args->visible,
		.project = args->project,
		.items = args->items.items,
		.item_count = args->items.count,
		.until = args->until };
	struct task task;
	const int r = task_set(portal, &change, &task, err);

	return reply_done(reply, &task_record, &task, r, _("task %lld changed"),
		_("task %lld is so already"));
}

#define DUE(S) \
	OPTION(S, due, .name = "due", .metavar = "DATE", \
		.help = N_("when it falls due: 2026-11-20"))
#define ROLL(S) \
	OPTION(S, roll, .name = "roll", .metavar = "WHERE", .words = task_rolls, \
		.help = N_("where a due date goes that is no working day; none: it stays"))
#define CALENDAR(S) \
	OPTION(S, calendar, .name = "calendar", .metavar = "CALENDAR", .words = task_calendars, \
		.help = N_("whose working days: of the nation, of the banks, or of salaries, " \
			   "for which Saturdays count; national where it is not given"))
#define ASSIGNEE(S) \
	OPTION(S, assignee, .name = "assignee", .metavar = "E-MAIL", .completes = COMPLETE_USER, \
		.help = N_("who of the office is responsible, and is mailed"))
#define DESCRIPTION(S) \
	OPTION(S, description, .name = "description", .metavar = "TEXT", \
		.help = N_("what there is to do"))
#define ITEMS(S, text) OPTION(S, items, .name = "check-item", .metavar = "TEXT", .help = (text))
#define UNTIL(S, member) \
	OPTION(S, member, .name = "until", .metavar = "MONTH", \
		.help = N_("the last month for which it comes again"))

static const struct command add = {
	.noun = "task",
	.verb = "add",
	.summary = N_("Add a task, or one that comes again every month"),
	.action = "added",
	.permission = "task.add",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct add_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct add_args, title, .name = "TITLE",
				.help = N_("what is to be done; {competence} in it becomes the "
					   "month")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct add_args, company, .name = "company", .metavar = "TAX-ID",
				.flags = ARG_REQUIRED, .unless = "ticket",
				.completes = COMPLETE_COMPANY, .help = N_("for whom")),
			OPTION(struct add_args, ticket, .name = "ticket", .metavar = "NUMBER",
				.help = N_("the ticket it comes from, whose company it is for")),
			OPTION(struct add_args, project, .name = "project", .metavar = "ID",
				.help = N_("the project it is a part of")),
			DUE(struct add_args),
			ROLL(struct add_args),
			CALENDAR(struct add_args),
			ASSIGNEE(struct add_args),
			OPTION(struct add_args, visible, .name = "visible",
				.help = N_("the client sees it")),
			ITEMS(struct add_args, N_("an item of its checklist; may be repeated")),
			DESCRIPTION(struct add_args),
			OPTION(struct add_args, repeat.every, .name = "every", .metavar = "PERIOD",
				.words = task_periods, .help = N_("how often it comes again")),
			OPTION(struct add_args, repeat.day, .name = "day", .metavar = "N",
				.flags = ARG_POSITIVE,
				.help = N_("the day of the month it falls due; in shorter months "
					   "the last")),
			OPTION(struct add_args, repeat.working_day, .name = "working-day",
				.metavar = "N|last",
				.help = N_("the working day of the month it falls due")),
			OPTION(struct add_args, repeat.months_after, .name = "months-after",
				.metavar = "N",
				.help = N_("so many months after its competence it falls due; 1 "
					   "where it is not given")),
			OPTION(struct add_args, repeat.competence, .name = "competence",
				.metavar = "MONTH",
				.help = N_("the first month it is for, the last of its period: "
					   "2026-10; today's where it is not given")),
			UNTIL(struct add_args, repeat.until),
			END_OF_LIST,
		},
	.prints = &task_record,
	.examples =
		(const struct example[]){
			{ TASK_EXAMPLE "--due 2026-11-20 --roll next --calendar banking",
				N_("20 November is a holiday: due on Monday, the 23rd") },
			{ "portalctl task add 'DAS {competence}' --company 65635571000148 --every "
			  "month --day 20 --roll next --calendar banking --competence 2026-10",
				N_("the tax of October, and of every month after it") },
			{ NULL },
		},
	.run = add_run,
};

static const struct command list = {
	.noun = "task",
	.verb = "list",
	.summary = N_("List and search tasks"),
	.permission = "task.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct task_filter),
	.options =
		(const struct arg[]){
			OPTION(struct task_filter, company, .name = "company", .metavar = "TAX-ID",
				.completes = COMPLETE_COMPANY, .help = N_("of this company")),
			OPTION(struct task_filter, status, .name = "status", .metavar = "STATUS",
				.words = task_filter_statuses,
				.help = N_("in this status; open: todo and doing")),
			OPTION(struct task_filter, assignee, .name = "assignee",
				.metavar = "E-MAIL", .completes = COMPLETE_USER,
				.help = N_("of this person of the office")),
			OPTION(struct task_filter, due_before, .name = "due-before",
				.metavar = "DATE", .help = N_("due before this day")),
			OPTION(struct task_filter, due_after, .name = "due-after",
				.metavar = "DATE", .help = N_("due after this day")),
			OPTION(struct task_filter, ticket, .name = "ticket", .metavar = "NUMBER",
				.help = N_("from this ticket")),
			OPTION(struct task_filter, project, .name = "project", .metavar = "ID",
				.help = N_("of this project")),
			OPTION(struct task_filter, process, .name = "process", .metavar = "ID",
				.help = N_("of this process")),
			OPTION(struct task_filter, visible, .name = "visible", .metavar = "YES-NO",
				.words = task_visibilities,
				.help = N_("those that clients see, or do not")),
			OPTION(struct task_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("with this in the title")),
			LIST_OPTIONS(struct task_filter, page, task_sorts),
			END_OF_LIST,
		},
	.prints = &task_record,
	.examples =
		(const struct example[]){
			{ "portalctl task list --status open --due-before 2026-12-01 --sort due_on",
				N_("what is to be done this month, the most urgent first") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "task",
	.verb = "show",
	.summary = N_("Show a task with its checklist and comments"),
	.permission = "task.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct show_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct show_args, id, .name = "ID", .flags = ARG_EACH,
				.completes = COMPLETE_ID, .help = N_("the task's id")),
			END_OF_LIST,
		},
	.prints = &task_record,
	.examples =
		(const struct example[]){
			{ TASK_EXAMPLE "--visible && portalctl task show 1 --json",
				N_("all there is of it") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command set = {
	.noun = "task",
	.verb = "set",
	.summary = N_("Change a task"),
	.action = "changed",
	.permission = "task.set",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct set_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct set_args, id, .name = "ID", .flags = ARG_EACH,
				.completes = COMPLETE_ID, .help = N_("the task's id")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct set_args, title, .name = "title", .metavar = "TEXT",
				.help = N_("another title")),
			DESCRIPTION(struct set_args),
			DUE(struct set_args),
			ROLL(struct set_args),
			CALENDAR(struct set_args),
			ASSIGNEE(struct set_args),
			OPTION(struct set_args, status, .name = "status", .metavar = "STATUS",
				.words = task_statuses,
				.help = N_("another status, from any to any")),
			OPTION(struct set_args, visible, .name = "visible", .metavar = "YES-NO",
				.words = task_visibilities,
				.help = N_("whether the client sees it")),
			OPTION(struct set_args, project, .name = "project", .metavar = "ID",
				.help = N_("the project it is a part of")),
			ITEMS(struct set_args,
				N_("one more item for its checklist; may be repeated")),
			UNTIL(struct set_args, until),
			END_OF_LIST,
		},
	.prints = &task_record,
	.examples =
		(const struct example[]){
			{ TASK_EXAMPLE "&& portalctl task set 1 --due 2026-11-30 --visible yes",
				N_("another due date, and the client sees it") },
			{ NULL },
		},
	.run = set_run,
};

const struct noun noun_task = {
	.name = "task",
	.summary = N_("Tasks: what the office does for its clients"),
	.verbs = (const struct command *const[]){ &add, &list, &show, &set, &cmd_task_start,
		&cmd_task_done, &cmd_task_cancel, &cmd_task_check, &cmd_task_uncheck,
		&cmd_task_comment, &cmd_task_attach, &cmd_task_fetch, NULL },
};
