/* portalctl task start|done|cancel|check|uncheck|comment */
#include <portal/task.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/text.h"

extern const struct command cmd_task_start, cmd_task_done, cmd_task_cancel, cmd_task_check,
	cmd_task_uncheck, cmd_task_comment;

struct id_args {
	int64_t id;
};

static int reply_task(struct reply *reply, const struct task *task, int changed,
	const char *sentence, const char *already)
{
	if (changed < 0)
		return changed;
	reply_changed(reply, &task_record, task, changed ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, changed ? sentence : already, (long long)task->id);
	return 0;
}

static int start_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct task task;
	const int r = task_start(portal, args->id, &task, err);

	return reply_task(
		reply, &task, r, _("task %lld begun"), _("task %lld has been begun before"));
}

static int done_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct task task;
	const int r = task_done(portal, args->id, &task, err);

	return reply_task(
		reply, &task, r, _("task %lld done"), _("task %lld has been done before"));
}

static int cancel_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct task task;
	const int r = task_cancel(portal, args->id, &task, err);

	return reply_task(
		reply, &task, r, _("task %lld cancelled"), _("task %lld was cancelled before"));
}

struct item_args {
	int64_t id, item;
};

static int check_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct item_args *args = raw;
	struct task task;
	const int r = task_check(portal, args->id, args->item, TASK_TICKED, &task, err);

	return reply_task(reply, &task, r, _("item of task %lld ticked"),
		_("item of task %lld was ticked before"));
}

static int uncheck_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct item_args *args = raw;
	struct task task;
	const int r = task_check(portal, args->id, args->item, TASK_UNTICKED, &task, err);

	return reply_task(reply, &task, r, _("item of task %lld not ticked any more"),
		_("item of task %lld was not ticked"));
}

struct comment_args {
	int64_t id;
	const char *body, *body_file;
	bool internal;
};

static int comment_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct comment_args *args = raw;
	struct task_comment comment = { .id = args->id, .internal = args->internal };
	struct task task;
	int r = input_text_required(
		reply_arena(reply), args->body, args->body_file, "body", &comment.body, err);

	if (r >= 0)
		r = task_add_comment(portal, &comment, &task, err);
	return reply_task(reply, &task, r, _("task %lld commented on"), "");
}

#define TASK_ID(S) \
	OPERAND(S, id, .name = "ID", .flags = ARG_EACH, .completes = COMPLETE_ID, \
		.help = N_("the task's id"))
#define ADD "portalctl task add 'Enviar o balancete' --company 65635571000148 "

const struct command cmd_task_start = {
	.noun = "task",
	.verb = "start",
	.summary = N_("Begin a task"),
	.action = "started",
	.permission = "task.start",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct id_args),
	.operands = (const struct arg[]){ TASK_ID(struct id_args), END_OF_LIST },
	.prints = &task_record,
	.examples =
		(const struct example[]){
			{ ADD "&& portalctl task start 1", N_("its status is 'doing'") },
			{ NULL },
		},
	.run = start_run,
};

const struct command cmd_task_done = {
	.noun = "task",
	.verb = "done",
	.summary = N_("Conclude a task"),
	.action = "done",
	.permission = "task.done",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct id_args),
	.operands = (const struct arg[]){ TASK_ID(struct id_args), END_OF_LIST },
	.prints = &task_record,
	.examples =
		(const struct example[]){
			{ ADD "&& portalctl task done 1",
				N_("whatever its checklist says, it is done") },
			{ NULL },
		},
	.run = done_run,
};

const struct command cmd_task_cancel = {
	.noun = "task",
	.verb = "cancel",
	.summary = N_("Give a task up"),
	.action = "cancelled",
	.permission = "task.cancel",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct id_args),
	.operands = (const struct arg[]){ TASK_ID(struct id_args), END_OF_LIST },
	.prints = &task_record,
	.examples =
		(const struct example[]){
			{ ADD "&& portalctl task cancel 1", N_("it stays in the list") },
			{ NULL },
		},
	.run = cancel_run,
};

#define ITEM_OPERANDS \
	(const struct arg[]) \
	{ \
		OPERAND(struct item_args, id, .name = "ID", .completes = COMPLETE_ID, \
			.help = N_("the task's id")), \
			OPERAND(struct item_args, item, .name = "ITEM", .flags = ARG_EACH, \
				.help = N_("the number of an item of its checklist")), \
			END_OF_LIST, \
	}

const struct command cmd_task_check = {
	.noun = "task",
	.verb = "check",
	.summary = N_("Tick items of a task's checklist"),
	.action = "ticked",
	.permission = "task.check",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct item_args),
	.operands = ITEM_OPERANDS,
	.prints = &task_record,
	.examples =
		(const struct example[]){
			{ ADD "--check-item Conferir --check-item Enviar && portalctl task check 1 "
			      "1",
				N_("half of it is done") },
			{ NULL },
		},
	.run = check_run,
};

const struct command cmd_task_uncheck = {
	.noun = "task",
	.verb = "uncheck",
	.summary = N_("Take the tick from items of a task's checklist"),
	.action = "unticked",
	.permission = "task.uncheck",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct item_args),
	.operands = ITEM_OPERANDS,
	.prints = &task_record,
	.examples =
		(const struct example[]){
			{ ADD "--check-item Conferir && portalctl task uncheck 1 1",
				N_("an item without a tick stays so") },
			{ NULL },
		},
	.run = uncheck_run,
};

const struct command cmd_task_comment = {
	.noun = "task",
	.verb = "comment",
	.summary = N_("Comment on a task"),
	.action = "commented",
	.permission = "task.comment",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct comment_args),
	.operands = (const struct arg[]){ TASK_ID(struct comment_args), END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct comment_args, body, .name = "body", .metavar = "TEXT",
				.help = N_("what to say")),
			OPTION(struct comment_args, body_file, .name = "body-file",
				.metavar = "FILE", .completes = COMPLETE_FILE,
				.flags = ARG_NOT_IN_BATCH,
				.help = N_("a file that holds it; - is standard input")),
			OPTION(struct comment_args, internal, .name = "internal",
				.help = N_("for the office alone: the client never sees it")),
			END_OF_LIST,
		},
	.prints = &task_record,
	.examples =
		(const struct example[]){
			{ ADD "&& portalctl task comment 1 --internal --body 'Falta um extrato'",
				N_("a note for colleagues") },
			{ NULL },
		},
	.run = comment_run,
};
