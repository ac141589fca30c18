/* What the files of the noun task share; projects are commented on likewise. */
#ifndef CMD_TASK_H
#define CMD_TASK_H

#include <portal/task.h>

#include "cli/cli.h"

extern const struct command cmd_task_start, cmd_task_done, cmd_task_cancel, cmd_task_check,
	cmd_task_uncheck, cmd_task_comment, cmd_task_attach, cmd_task_fetch;

/* A comment, on the task or project @id. */
struct task_comment_args {
	int64_t id;
	const char *body, *body_file;
	bool internal;
};

#define TASK_COMMENT_OPTIONS \
	OPTION(struct task_comment_args, body, .name = "body", .metavar = "TEXT", \
		.help = N_("what to say")), \
		OPTION(struct task_comment_args, body_file, .name = "body-file", \
			.metavar = "FILE", .completes = COMPLETE_FILE, .flags = ARG_NOT_IN_BATCH, \
			.help = N_("a file that holds it; - is standard input")), \
		OPTION(struct task_comment_args, internal, .name = "internal", \
			.help = N_("for the office alone: the client never sees it"))

/* What is to be said; PORTAL_USAGE about "body" where there is nothing. */
int task_comment_read(struct reply *reply, const struct task_comment_args *args,
	struct task_comment *ret, struct portal_error *err);

/* An example runs in a fresh portal: what it speaks of comes first. */
#define TASK_EXAMPLE "portalctl task add 'Enviar o balancete' --company 65635571000148 "

#endif
