/* portalctl task start|done|cancel|check|uncheck|comment */
#include "task.h"

#include "cli/input.h"
#include "cli/text.h"

struct id_args {
	int64_t id;
};

static int start_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct task task;
	const int r = task_start(portal, args->id, &task, err);

	return reply_done(reply, &task_record, &task, r, _("task %lld begun"),
		_("task %lld has been begun before"));
}

static int done_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct task task;
	const int r = task_done(portal, args->id, &task, err);

	return reply_done(reply, &task_record, &task, r, _("task %lld done"),
		_("task %lld has been done before"));
}

static int cancel_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct id_args *args = raw;
	struct task task;
	const int r = task_cancel(portal, args->id, &task, err);

	return reply_done(reply, &task_record, &task, r, _("task %lld cancelled"),
		_("task %lld was cancelled before"));
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

	return reply_done(reply, &task_record, &task, r, _("item of task %lld ticked"),
		_("item of task %lld was ticked before"));
}

static int uncheck_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct item_args *args = raw;
	struct task task;
	const int r = task_check(portal, args->id, args->item, TASK_UNTICKED, &task, err);

	return reply_done(reply, &task_record, &task, r, _("item of task %lld not ticked any more"),
		_("item of task %lld was not ticked"));
}

int task_comment_read(struct reply *reply, const struct task_comment_args *args,
	struct task_comment *ret, struct portal_error *err)
{
	*ret = (struct task_comment){ .id = args->id, .internal = args->internal };
	return input_text_required(
		reply_arena(reply), args->body, args->body_file, "body", &ret->body, err);
}

static int comment_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct task_comment comment;
	struct task task;
	int r = task_comment_read(reply, raw, &comment, err);

	if (r >= 0)
		r = task_add_comment(portal, &comment, &task, err);
	return reply_done(reply, &task_record, &task, r, _("task %lld commented on"), "");
}

#define TASK_ID(S) \
	OPERAND(S, id, .name = "ID", .flags = ARG_EACH, .completes = COMPLETE_ID, \
		.help = N_("the task's id"))

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
			{ TASK_EXAMPLE "&& portalctl task start 1", N_("its status is 'doing'") },
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
			{ TASK_EXAMPLE "&& portalctl task done 1",
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
			{ TASK_EXAMPLE "&& portalctl task cancel 1", N_("it stays in the list") },
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
			{ TASK_EXAMPLE "--check-item Conferir --check-item Enviar && portalctl "
				       "task check 1 "
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
			{ TASK_EXAMPLE "--check-item Conferir && portalctl task uncheck 1 1",
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
	.args_size = sizeof(struct task_comment_args),
	.operands = (const struct arg[]){ TASK_ID(struct task_comment_args), END_OF_LIST },
	.options =
		(const struct arg[]){
			TASK_COMMENT_OPTIONS,
			END_OF_LIST,
		},
	.prints = &task_record,
	.examples =
		(const struct example[]){
			{ TASK_EXAMPLE
				"&& portalctl task comment 1 --internal --body 'Falta um extrato'",
				N_("a note for colleagues") },
			{ NULL },
		},
	.run = comment_run,
};
