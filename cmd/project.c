/* portalctl project ... */
#include <portal/project.h>

#include "cli/cli.h"
#include "cli/text.h"
#include "task.h"

static int add_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct project project;
	const int r = project_add(portal, raw, &project, err);

	if (r < 0)
		return r;
	reply_changed(reply, &project_record, &project, REPLY_CREATED);
	/* One that is rehearsed has no number yet. */
	if (reply_options(reply)->dry_run)
		reply_say(reply, _("project '%s' added"), project.name);
	else
		reply_say(reply, _("project %lld '%s' added"), (long long)project.id, project.name);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = project_list(portal, raw, listing_row, listing, &end, err);

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
	struct project project;
	const int r = project_show(portal, args->id, &project, err);

	if (r >= 0)
		reply_show(reply, &project_record, &project);
	return r;
}

static int set_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct project project;
	const int r = project_set(portal, raw, &project, err);

	return reply_done(reply, &project_record, &project, r, _("project %lld changed"),
		_("project %lld is so already"));
}

static int close_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct project project;
	const int r = project_close(portal, args->id, &project, err);

	return reply_done(reply, &project_record, &project, r, _("project %lld closed"),
		_("project %lld was closed before"));
}

static int comment_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct task_comment comment;
	struct project project;
	int r = task_comment_read(reply, raw, &comment, err);

	if (r >= 0)
		r = project_add_comment(portal, &comment, &project, err);
	return reply_done(reply, &project_record, &project, r, _("project %lld commented on"), "");
}

#define PROJECT_ID(S) \
	OPERAND(S, id, .name = "ID", .flags = ARG_EACH, .completes = COMPLETE_ID, \
		.help = N_("the project's id"))
#define DESCRIPTION(S) \
	OPTION(S, description, .name = "description", .metavar = "TEXT", \
		.help = N_("what it is about"))
#define ADD "portalctl project add 'Abertura da filial' --company 65635571000148 && "

static const struct command add = {
	.noun = "project",
	.verb = "add",
	.summary = N_("Add a project for a company"),
	.action = "added",
	.permission = "project.add",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct project_request),
	.operands =
		(const struct arg[]){
			OPERAND(struct project_request, name, .name = "NAME",
				.help = N_("what it is called")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct project_request, company, .name = "company",
				.metavar = "TAX-ID", .flags = ARG_REQUIRED,
				.completes = COMPLETE_COMPANY, .help = N_("for whom")),
			DESCRIPTION(struct project_request),
			END_OF_LIST,
		},
	.prints = &project_record,
	.examples =
		(const struct example[]){
			{ "portalctl project add 'Abertura da filial' --company 65635571000148",
				N_("the client sees it at once") },
			{ NULL },
		},
	.run = add_run,
};

static const struct command list = {
	.noun = "project",
	.verb = "list",
	.summary = N_("List and search projects"),
	.permission = "project.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct project_filter),
	.options =
		(const struct arg[]){
			OPTION(struct project_filter, company, .name = "company",
				.metavar = "TAX-ID", .completes = COMPLETE_COMPANY,
				.help = N_("of this company")),
			OPTION(struct project_filter, status, .name = "status", .metavar = "STATUS",
				.words = project_statuses, .help = N_("in this status")),
			OPTION(struct project_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("with this in the name")),
			LIST_OPTIONS(struct project_filter, page, project_sorts),
			END_OF_LIST,
		},
	.prints = &project_record,
	.examples =
		(const struct example[]){
			{ "portalctl project list --status open", N_("what is being worked on") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "project",
	.verb = "show",
	.summary = N_("Show a project with its comments"),
	.permission = "project.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct id_args),
	.operands = (const struct arg[]){ PROJECT_ID(struct id_args), END_OF_LIST },
	.prints = &project_record,
	.examples =
		(const struct example[]){
			{ ADD "portalctl project show 1", N_("how far it is") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command set = {
	.noun = "project",
	.verb = "set",
	.summary = N_("Change a project"),
	.action = "changed",
	.permission = "project.set",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct project_change),
	.operands = (const struct arg[]){ PROJECT_ID(struct project_change), END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct project_change, name, .name = "name", .metavar = "NAME",
				.help = N_("what it is called")),
			DESCRIPTION(struct project_change),
			OPTION(struct project_change, status, .name = "status", .metavar = "STATUS",
				.words = project_statuses,
				.help = N_("another status; open opens a closed one again")),
			END_OF_LIST,
		},
	.prints = &project_record,
	.examples =
		(const struct example[]){
			{ ADD "portalctl project set 1 --description 'Junta, CNPJ e alvará'",
				N_("what it is about") },
			{ NULL },
		},
	.run = set_run,
};

static const struct command comment = {
	.noun = "project",
	.verb = "comment",
	.summary = N_("Comment on a project"),
	.action = "commented",
	.permission = "project.comment",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct task_comment_args),
	.operands = (const struct arg[]){ PROJECT_ID(struct task_comment_args), END_OF_LIST },
	.options =
		(const struct arg[]){
			TASK_COMMENT_OPTIONS,
			END_OF_LIST,
		},
	.prints = &project_record,
	.examples =
		(const struct example[]){
			{ ADD "portalctl project comment 1 --body 'Protocolo na Junta feito'",
				N_("the client's admins are mailed") },
			{ NULL },
		},
	.run = comment_run,
};

static const struct command close_command = {
	.noun = "project",
	.verb = "close",
	.summary = N_("Close a project that has no open tasks"),
	.action = "closed",
	.permission = "project.close",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct id_args),
	.operands = (const struct arg[]){ PROJECT_ID(struct id_args), END_OF_LIST },
	.prints = &project_record,
	.examples =
		(const struct example[]){
			{ ADD "portalctl project close 1", N_("it stays in the list") },
			{ NULL },
		},
	.run = close_run,
};

const struct noun noun_project = {
	.name = "project",
	.summary = N_("Projects: what the office works on for a company"),
	.verbs = (const struct command *const[]){ &add, &list, &show, &set, &comment,
		&close_command, NULL },
};
