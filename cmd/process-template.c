/* portalctl process template-add|template-list|template-show|template-remove */
#include <portal/process.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/text.h"

extern const struct command cmd_template_add, cmd_template_list, cmd_template_show,
	cmd_template_remove;

struct add_args {
	const char *file;
	bool if_not_exists;
};

static int add_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct add_args *args = raw;
	struct process_document document = { .path = args->file,
		.if_not_exists = args->if_not_exists };
	struct process_template template;
	struct input input;
	int r = input_read(reply_arena(reply), args->file, PROCESS_TEMPLATE_MAX_BYTES, &input, err);

	if (r < 0)
		return r;
	document.bytes = input.bytes;
	document.len = input.len;
	r = process_template_add(portal, &document, &template, err);
	if (r < 0)
		return r;
	reply_changed(
		reply, &process_template_record, &template, r ? REPLY_CREATED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("template '%s' added") : _("template '%s' exists already"),
		template.name);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = process_template_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

struct named_args {
	const char *named;
	bool ignore_missing;
};

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct process_template template;
	const int r = process_template_show(portal, args->named, &template, err);

	if (r >= 0)
		reply_show(reply, &process_template_record, &template);
	return r;
}

static int remove_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct process_template template;
	const int r = process_template_remove(portal, args->named,
		args->ignore_missing ? PROCESS_MISSING_IGNORED : PROCESS_MISSING_FAILS, &template,
		err);

	if (r < 0)
		return r;
	reply_changed(
		reply, &process_template_record, &template, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("template '%s' removed") : _("there is no template '%s'"),
		args->named);
	return 0;
}

#define NAMED \
	OPERAND(struct named_args, named, .name = "TEMPLATE", .flags = ARG_EACH, \
		.help = N_("the template's name or id"))

/* An example runs in a fresh portal: what it speaks of comes first. */
#define ADD \
	"printf '{\"name\":\"Baixa\",\"steps\":[{\"title\":\"Encerrar\"}]}' | " \
	"portalctl process template-add -"

const struct command cmd_template_add = {
	.noun = "process",
	.verb = "template-add",
	.summary = N_("Add a template of a process from a file"),
	.action = "added",
	.permission = "process.template-add",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH | COMMAND_ALONE,
	.args_size = sizeof(struct add_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct add_args, file, .name = "FILE", .flags = ARG_EACH,
				.completes = COMPLETE_FILE,
				.help = N_("a file in YAML or JSON; - is standard input")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct add_args, if_not_exists, .name = "if-not-exists",
				.help = N_("be content with the one that has this name")),
			END_OF_LIST,
		},
	.prints = &process_template_record,
	.examples =
		(const struct example[]){
			{ ADD, N_("a template of one step") },
			{ NULL },
		},
	.run = add_run,
};

const struct command cmd_template_list = {
	.noun = "process",
	.verb = "template-list",
	.summary = N_("List the templates"),
	.permission = "process.template-list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct process_template_filter),
	.options =
		(const struct arg[]){
			OPTION(struct process_template_filter, search, .name = "search",
				.metavar = "TEXT", .help = N_("with this in the name")),
			LIST_OPTIONS(struct process_template_filter, page, process_template_sorts),
			END_OF_LIST,
		},
	.prints = &process_template_record,
	.examples =
		(const struct example[]){
			{ "portalctl process template-list", N_("which processes there are") },
			{ NULL },
		},
	.list = list_run,
};

const struct command cmd_template_show = {
	.noun = "process",
	.verb = "template-show",
	.summary = N_("Show a template with its steps"),
	.permission = "process.template-show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ NAMED, END_OF_LIST },
	.prints = &process_template_record,
	.examples =
		(const struct example[]){
			{ ADD " && portalctl process template-show Baixa --json", N_("its steps") },
			{ NULL },
		},
	.run = show_run,
};

const struct command cmd_template_remove = {
	.noun = "process",
	.verb = "template-remove",
	.summary = N_("Remove a template; processes started from it go on"),
	.action = "removed",
	.permission = "process.template-remove",
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
	.prints = &process_template_record,
	.examples =
		(const struct example[]){
			{ ADD " && portalctl process template-remove Baixa",
				N_("its name is free again") },
			{ NULL },
		},
	.run = remove_run,
};
