/* portalctl ticket assign, transfer, set. */
#include "cli/cli.h"
#include "cli/text.h"
#include "ticket.h"

struct assign_args {
	const char *ticket, *to, *comment;
	bool none;
};

static void say_assigned(struct reply *reply, const struct ticket *ticket, int outcome)
{
	reply_changed(reply, &ticket_record, ticket, outcome ? REPLY_CHANGED : REPLY_UNCHANGED);
	if (!ticket->assignee_name)
		reply_say(reply, _("ticket '%s' is nobody's"), ticket->number);
	else
		reply_say(reply,
			outcome ? _("ticket '%s' assigned to '%s'")
				: _("ticket '%s' is of '%s' already"),
			ticket->number, ticket->assignee_name);
}

static int assign_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct assign_args *args = raw;
	struct ticket ticket;
	int r;

	if (!args->to == !args->none)
		return portal_fail(err, PORTAL_USAGE, _("give one of '--to' and '--none'"));
	r = ticket_assign(portal, args->ticket, args->to, &ticket, err);
	if (r >= 0)
		say_assigned(reply, &ticket, r);
	return r < 0 ? r : 0;
}

static int transfer_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct assign_args *args = raw;
	struct ticket ticket;
	const int r = ticket_hand_over(portal, args->ticket, args->to, args->comment, &ticket, err);

	if (r >= 0)
		say_assigned(reply, &ticket, r);
	return r < 0 ? r : 0;
}

struct set_args {
	struct ticket_change change;
	cli_list add, drop;
};

static int set_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct set_args *args = raw;
	struct ticket_change change = args->change;
	struct ticket ticket;
	int r;

	change.add = args->add.items;
	change.add_count = args->add.count;
	change.drop = args->drop.items;
	change.drop_count = args->drop.count;
	r = ticket_set(portal, &change, &ticket, err);
	if (r < 0)
		return r;
	reply_changed(reply, &ticket_record, &ticket, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("ticket '%s' changed") : _("ticket '%s' is so already"),
		ticket.number);
	return 0;
}

#define TO(...) \
	OPTION(struct assign_args, to, .name = "to", .metavar = "E-MAIL", \
		.completes = COMPLETE_USER, \
		.help = N_("an active user of the office: e-mail or id"), __VA_ARGS__)

#define STAFF \
	TICKET_EXAMPLE \
	"portalctl user add rui@office.example --company 65635571000148 --name Rui && "

const struct command ticket_assign_command = {
	.noun = "ticket",
	.verb = "assign",
	.summary = N_("Say who takes care of a ticket"),
	.action = "assigned",
	.permission = "ticket.assign",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct assign_args),
	.operands = (const struct arg[]){ TICKET_NAMED(struct assign_args, ARG_EACH), END_OF_LIST },
	.options =
		(const struct arg[]){
			TO(.flags = 0),
			OPTION(struct assign_args, none, .name = "none",
				.help = N_("nobody does any more")),
			END_OF_LIST,
		},
	.prints = &ticket_record,
	.examples =
		(const struct example[]){
			{ STAFF "portalctl ticket assign 1 --to rui@office.example",
				N_("a new ticket is in progress then") },
			{ NULL },
		},
	.run = assign_run,
};

const struct command ticket_transfer = {
	.noun = "ticket",
	.verb = "transfer",
	.summary = N_("Hand a ticket over to somebody else of the office"),
	.action = "transferred",
	.permission = "ticket.transfer",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct assign_args),
	.operands = (const struct arg[]){ TICKET_NAMED(struct assign_args, ARG_EACH), END_OF_LIST },
	.options =
		(const struct arg[]){
			TO(.flags = ARG_REQUIRED),
			OPTION(struct assign_args, comment, .name = "comment", .metavar = "TEXT",
				.help = N_("an internal comment for who takes over")),
			END_OF_LIST,
		},
	.prints = &ticket_record,
	.examples =
		(const struct example[]){
			{ STAFF "portalctl ticket transfer 1 --to rui@office.example "
				"--comment 'Cliente prefere falar por telefone'",
				N_("the client never sees the comment") },
			{ NULL },
		},
	.run = transfer_run,
};

const struct command ticket_set_command = {
	.noun = "ticket",
	.verb = "set",
	.summary = N_("Change what is known of a ticket"),
	.action = "changed",
	.permission = "ticket.set",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct set_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct set_args, change.named, .name = "TICKET", .flags = ARG_EACH,
				.completes = COMPLETE_TICKET,
				.help = N_("the ticket's number or id")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct set_args, change.subject, .name = "subject",
				.metavar = "TEXT", .help = N_("what it is about, in a line")),
			OPTION(struct set_args, change.department, .name = "department",
				.metavar = "TEXT", .help = N_("the office's department")),
			OPTION(struct set_args, change.category, .name = "category",
				.metavar = "TEXT", .help = N_("the category of the request")),
			OPTION(struct set_args, change.status, .name = "status",
				.metavar = "STATUS", .words = ticket_statuses,
				.help = N_("how far it is; done and cancelled are what 'close' and "
					   "'cancel' do")),
			OPTION(struct set_args, add, .name = "tag", .metavar = "TEXT",
				.help = N_("a tag to add; may be repeated")),
			OPTION(struct set_args, drop, .name = "untag", .metavar = "TEXT",
				.help = N_("a tag to take away; may be repeated")),
			END_OF_LIST,
		},
	.prints = &ticket_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE "portalctl ticket set 1 --status pending --tag urgente",
				N_("it waits for the client") },
			{ NULL },
		},
	.run = set_run,
};
