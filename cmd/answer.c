/* portalctl answer ... */
#include <portal/answer.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/text.h"
#include "ticket.h"

struct add_args {
	const char *name;
	struct ticket_body_args body;
	bool if_not_exists;
};

static int add_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct add_args *args = raw;
	struct answer_request request = { args->name, NULL, args->if_not_exists };
	struct answer answer;
	int r = input_text(
		reply_arena(reply), args->body.text, args->body.file, "body", &request.body, err);

	if (r >= 0)
		r = answer_add(portal, &request, &answer, err);

	if (r < 0)
		return r;
	reply_changed(reply, &answer_record, &answer, r ? REPLY_CREATED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("answer '%s' added") : _("answer '%s' exists already"), answer.name);
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
	struct answer answer;
	const int r = answer_show(portal, args->named, &answer, err);

	if (r >= 0)
		reply_show(reply, &answer_record, &answer);
	return r;
}

static int remove_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct answer answer;
	const int r = answer_remove(portal, args->named,
		args->ignore_missing ? PORTAL_MISSING_IGNORED : PORTAL_MISSING_FAILS, &answer, err);

	if (r < 0)
		return r;
	reply_changed(reply, &answer_record, &answer, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("answer '%s' removed") : _("there is no answer '%s'"),
		r ? answer.name : args->named);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = answer_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

#define NAMED \
	OPERAND(struct named_args, named, .name = "ANSWER", .flags = ARG_EACH, \
		.completes = COMPLETE_ID, .help = N_("the answer's name or id"))

#define ONE \
	"portalctl answer add 'bom dia' --body 'Bom dia, {contact_name}! Vamos cuidar do " \
	"atendimento {ticket_number}.'"

static const struct command add = {
	.noun = "answer",
	.verb = "add",
	.summary = N_("Keep a text to answer tickets with"),
	.action = "added",
	.permission = "answer.add",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct add_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct add_args, name, .name = "NAME", .flags = ARG_EACH,
				.help = N_("what it is called")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			TICKET_BODY_OPTIONS(struct add_args),
			OPTION(struct add_args, if_not_exists, .name = "if-not-exists",
				.help = N_("be content with the one that exists")),
			END_OF_LIST,
		},
	.prints = &answer_record,
	.examples =
		(const struct example[]){
			{ ONE, N_("a greeting with the person's name") },
			{ NULL },
		},
	.run = add_run,
};

static const struct command list_command = {
	.noun = "answer",
	.verb = "list",
	.summary = N_("List canned answers"),
	.permission = "answer.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct answer_filter),
	.options =
		(const struct arg[]){
			OPTION(struct answer_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("part of the name; case and accents ignored")),
			LIST_OPTIONS(struct answer_filter, page, answer_sorts),
			END_OF_LIST,
		},
	.prints = &answer_record,
	.examples =
		(const struct example[]){
			{ "portalctl answer list --format tsv --fields name,body",
				N_("with their texts") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "answer",
	.verb = "show",
	.summary = N_("Show a canned answer"),
	.permission = "answer.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ NAMED, END_OF_LIST },
	.prints = &answer_record,
	.examples =
		(const struct example[]){
			{ ONE " && portalctl answer show 'bom dia'",
				N_("case and accents don't count") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command remove_command = {
	.noun = "answer",
	.verb = "remove",
	.summary = N_("Remove a canned answer"),
	.action = "removed",
	.permission = "answer.remove",
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
	.prints = &answer_record,
	.examples =
		(const struct example[]){
			{ ONE " && portalctl answer remove 'bom dia'",
				N_("its name is free again") },
			{ NULL },
		},
	.run = remove_run,
};

const struct noun noun_answer = {
	.name = "answer",
	.summary = N_("Canned answers: texts to answer tickets with"),
	.verbs = (const struct command *const[]){ &add, &list_command, &show, &remove_command,
		NULL },
};
