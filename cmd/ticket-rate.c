/* portalctl ticket rate, merge. */
#include "cli/cli.h"
#include "cli/text.h"
#include "ticket.h"

struct rate_args {
	const char *ticket, *comment;
	int64_t rating;
};

static int rate_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct rate_args *args = raw;
	struct ticket ticket;
	const int r = ticket_rate(portal, args->ticket, args->rating, args->comment, &ticket, err);

	if (r < 0)
		return r;
	reply_changed(reply, &ticket_record, &ticket, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("ticket '%s' rated") : _("ticket '%s' was rated so before"),
		ticket.number);
	return 0;
}

struct merge_args {
	const char *ticket, *into;
};

static int merge_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct merge_args *args = raw;
	struct ticket ticket;
	const int r = ticket_merge(portal, args->ticket, args->into, &ticket, err);

	if (r < 0)
		return r;
	reply_changed(reply, &ticket_record, &ticket, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply,
		r ? _("ticket '%s' merged into '%s'")
		  : _("ticket '%s' is merged into '%s' already"),
		args->ticket, ticket.number);
	return 0;
}

const struct command ticket_rate_command = {
	.noun = "ticket",
	.verb = "rate",
	.summary = N_("Say how you found a done ticket, from 1, the worst, to 5"),
	.action = "rated",
	.permission = "ticket.rate",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct rate_args),
	.operands =
		(const struct arg[]){
			TICKET_NAMED(struct rate_args, 0),
			OPERAND(struct rate_args, rating, .name = "RATING",
				.help = N_("1, 2, 3, 4 or 5")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct rate_args, comment, .name = "comment", .metavar = "TEXT",
				.help = N_("why, for the office")),
			END_OF_LIST,
		},
	.prints = &ticket_record,
	.examples =
		(const struct example[]){
			{ "portalctl company add 02919305000127 --name Modelo && "
			  "portalctl user add ana@modelo.example --company 02919305000127 "
			  "--name Ana && portalctl --as ana@modelo.example ticket open --subject "
			  "'Certificado digital' && portalctl ticket close 1 && portalctl --as "
			  "ana@modelo.example ticket rate 1 5 --comment 'Muito rápido'",
				N_("the office is told") },
			{ NULL },
		},
	.run = rate_run,
};

const struct command ticket_merge_command = {
	.noun = "ticket",
	.verb = "merge",
	.summary = N_("Merge a ticket into another one of the same company"),
	.action = "merged",
	.permission = "ticket.merge",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct merge_args),
	.operands = (const struct arg[]){ TICKET_NAMED(struct merge_args, ARG_EACH), END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct merge_args, into, .name = "into", .metavar = "TICKET",
				.flags = ARG_REQUIRED, .completes = COMPLETE_TICKET,
				.help = N_("the ticket that stands for both from then on")),
			END_OF_LIST,
		},
	.prints = &ticket_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE "portalctl ticket open --contact ana@office.example "
					 "--subject 'Certificado' && portalctl ticket merge 2 "
					 "--into 1 && portalctl ticket show 2",
				N_("the old number names the other ticket") },
			{ NULL },
		},
	.run = merge_run,
};
