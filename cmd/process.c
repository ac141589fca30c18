/* portalctl process start|list|show|cancel */
#include <portal/process.h>

#include "cli/cli.h"
#include "cli/text.h"

static int start_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct process process;
	const int r = process_start(portal, raw, &process, err);

	if (r < 0)
		return r;
	reply_changed(reply, &process_record, &process, REPLY_CREATED);
	/* One that is rehearsed has no number yet. */
	if (reply_options(reply)->dry_run)
		reply_say(reply, _("process '%s' started"), process.template);
	else
		reply_say(reply, _("process %lld '%s' started"), (long long)process.id,
			process.template);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = process_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

struct id_args {
	int64_t id;
};

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct process process;
	const int r = process_show(portal, args->id, &process, err);

	if (r >= 0)
		reply_show(reply, &process_record, &process);
	return r;
}

static int cancel_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct process process;
	const int r = process_cancel(portal, args->id, &process, err);

	return reply_done(reply, &process_record, &process, r, _("process %lld cancelled"),
		_("process %lld was cancelled before"));
}

#define PROCESS_ID \
	OPERAND(struct id_args, id, .name = "ID", .flags = ARG_EACH, .completes = COMPLETE_ID, \
		.help = N_("the process's id"))

/* An example runs in a fresh portal: what it speaks of comes first. */
#define TEMPLATE \
	"printf '{\"name\":\"Baixa\",\"steps\":[{\"title\":\"Encerrar\"}]}' | " \
	"portalctl process template-add - && "
#define START TEMPLATE "portalctl process start Baixa --company 65635571000148"

static const struct command start = {
	.noun = "process",
	.verb = "start",
	.summary = N_("Start a process: a task of each step of a template"),
	.action = "started",
	.permission = "process.start",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct process_request),
	.operands =
		(const struct arg[]){
			OPERAND(struct process_request, template, .name = "TEMPLATE",
				.help = N_("the template's name or id")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct process_request, company, .name = "company",
				.metavar = "TAX-ID", .flags = ARG_REQUIRED, .unless = "ticket",
				.completes = COMPLETE_COMPANY, .help = N_("for whom")),
			OPTION(struct process_request, ticket, .name = "ticket",
				.metavar = "NUMBER",
				.help = N_("the ticket it comes from, whose company it is for")),
			OPTION(struct process_request, start, .name = "start", .metavar = "DATE",
				.help = N_("the day from which the steps' days count; today "
					   "where it is not given")),
			END_OF_LIST,
		},
	.prints = &process_record,
	.examples =
		(const struct example[]){
			{ START " --start 2026-11-23", N_("its tasks are in 'task list'") },
			{ NULL },
		},
	.run = start_run,
};

static const struct command list = {
	.noun = "process",
	.verb = "list",
	.summary = N_("List processes"),
	.permission = "process.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct process_filter),
	.options =
		(const struct arg[]){
			OPTION(struct process_filter, company, .name = "company",
				.metavar = "TAX-ID", .completes = COMPLETE_COMPANY,
				.help = N_("of this company")),
			OPTION(struct process_filter, status, .name = "status", .metavar = "STATUS",
				.words = process_statuses, .help = N_("in this status")),
			OPTION(struct process_filter, ticket, .name = "ticket", .metavar = "NUMBER",
				.help = N_("from this ticket")),
			OPTION(struct process_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("with this in the template's name")),
			LIST_OPTIONS(struct process_filter, page, process_sorts),
			END_OF_LIST,
		},
	.prints = &process_record,
	.examples =
		(const struct example[]){
			{ "portalctl process list --status running", N_("what goes on") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "process",
	.verb = "show",
	.summary = N_("Show a process with its steps"),
	.permission = "process.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct id_args),
	.operands = (const struct arg[]){ PROCESS_ID, END_OF_LIST },
	.prints = &process_record,
	.examples =
		(const struct example[]){
			{ START " && portalctl process show 1 --json", N_("how far it is") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command cancel = {
	.noun = "process",
	.verb = "cancel",
	.summary = N_("Cancel a process and its open steps"),
	.action = "cancelled",
	.permission = "process.cancel",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct id_args),
	.operands = (const struct arg[]){ PROCESS_ID, END_OF_LIST },
	.prints = &process_record,
	.examples =
		(const struct example[]){
			{ START " && portalctl process cancel 1",
				N_("what was done before stays done") },
			{ NULL },
		},
	.run = cancel_run,
};

extern const struct command cmd_template_add, cmd_template_list, cmd_template_show,
	cmd_template_remove;

const struct noun noun_process = {
	.name = "process",
	.summary = N_("Processes: ordered steps, each of which becomes a task"),
	.verbs = (const struct command *const[]){ &cmd_template_add, &cmd_template_list,
		&cmd_template_show, &cmd_template_remove, &start, &list, &show, &cancel, NULL },
};
