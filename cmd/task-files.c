/* portalctl task attach|fetch */
#include "task.h"

#include <string.h>
#include <unistd.h>

#include "cli/text.h"

struct attach_args {
	int64_t id;
	cli_list files;
};

static int attach_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct attach_args *args = raw;
	struct task task;
	const int r =
		task_attach(portal, args->id, args->files.items, args->files.count, &task, err);

	if (r < 0)
		return r;
	reply_changed(reply, &task_record, &task, REPLY_CHANGED);
	reply_say(reply,
		P_("%lld file attached to task %lld", "%lld files attached to task %lld",
			args->files.count),
		(long long)args->files.count, (long long)task.id);
	return 0;
}

struct fetch_args {
	int64_t id, position;
	const char *output;
};

static int fetch_here(struct portal *portal, const struct fetch_args *args, struct reply *reply,
	struct portal_error *err)
{
	struct task_attachment attachment;
	int fd, r;

	if (!reply_takes_bytes(reply))
		return portal_fail(err, PORTAL_USAGE,
			_("'--output -' gives the file itself, which has no other format"));
	r = task_attachment_open(portal, args->id, args->position, &attachment, &fd, err);
	if (r < 0)
		return r;
	r = reply_bytes(reply, fd, err);
	close(fd);
	return r;
}

static int fetch_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct fetch_args *args = raw;
	struct task_attachment attachment;
	int r;

	if (!strcmp(args->output, "-"))
		return fetch_here(portal, args, reply, err);
	r = task_fetch(portal, args->id, args->position, args->output, &attachment, err);
	if (r < 0)
		return r;
	reply_show(reply, &task_attachment_record, &attachment);
	return 0;
}

#define TASK_ID(S) \
	OPERAND(S, id, .name = "ID", .completes = COMPLETE_ID, .help = N_("the task's id"))
#define ATTACH \
	"portalctl task add 'Enviar o balancete' --company 65635571000148 && " \
	"echo saldo > balancete.txt && portalctl task attach 1 balancete.txt"

const struct command cmd_task_attach = {
	.noun = "task",
	.verb = "attach",
	.summary = N_("Add files to a task"),
	.action = "attached",
	.permission = "task.attach",
	.needs = NEEDS_WRITE,
	.args_size = sizeof(struct attach_args),
	.operands =
		(const struct arg[]){
			TASK_ID(struct attach_args),
			OPERAND(struct attach_args, files, .name = "FILE",
				.completes = COMPLETE_FILE, .help = N_("a file to add")),
			END_OF_LIST,
		},
	.prints = &task_record,
	.examples =
		(const struct example[]){
			{ ATTACH, N_("who sees the task sees the file") },
			{ NULL },
		},
	.run = attach_run,
};

const struct command cmd_task_fetch = {
	.noun = "task",
	.verb = "fetch",
	.summary = N_("Fetch a file of a task, byte for byte"),
	.permission = "task.fetch",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct fetch_args),
	.operands =
		(const struct arg[]){
			TASK_ID(struct fetch_args),
			OPERAND(struct fetch_args, position, .name = "NUMBER",
				.help = N_("the file's number, counted from 1")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct fetch_args, output, .name = "output", .metavar = "FILE",
				.flags = ARG_REQUIRED, .completes = COMPLETE_FILE,
				.help = N_("where to; - is standard output")),
			END_OF_LIST,
		},
	.prints = &task_attachment_record,
	.examples =
		(const struct example[]){
			{ ATTACH " && portalctl task fetch 1 1 --output copia.txt",
				N_("the name it came under is never a path") },
			{ NULL },
		},
	.run = fetch_run,
};
