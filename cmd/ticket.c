/* portalctl ticket ...: opening, finding and ending. */
#include <portal/arena.h>
#include <portal/ticket.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/text.h"
#include "ticket.h"

struct open_args {
	const char *company, *contact, *subject, *department, *category, *origin;
	struct ticket_body_args body;
	cli_list files, tags;
	int64_t project, task;
};

static int open_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct open_args *args = raw;
	struct ticket_request request = { .company = args->company,
		.contact = args->contact,
		.subject = args->subject,
		.department = args->department,
		.category = args->category,
		.project = args->project,
		.task = args->task,
		.files = args->files.items,
		.file_count = args->files.count,
		.origin = args->origin,
		.tags = args->tags.items,
		.tag_count = args->tags.count };
	struct ticket ticket;
	int r = input_text(
		reply_arena(reply), args->body.text, args->body.file, "body", &request.body, err);

	if (r >= 0)
		r = ticket_open(portal, &request, &ticket, err);
	if (r < 0)
		return r;
	/* One that is rehearsed has no number yet. */
	if (reply_options(reply)->dry_run)
		ticket.number = NULL;
	reply_changed(reply, &ticket_record, &ticket, REPLY_CREATED);
	if (ticket.number)
		reply_say(reply, _("ticket '%s' opened for '%s'"), ticket.number,
			ticket.contact_name);
	else
		reply_say(reply, _("ticket opened for '%s'"), ticket.contact_name);
	return 0;
}

struct named_args {
	const char *ticket;
	const char *reason;
};

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	const struct ticket_list_args *args = raw;
	struct ticket_filter filter = args->filter;
	struct portal_list_end end;
	int r;

	filter.statuses = args->statuses.items;
	filter.status_count = args->statuses.count;
	r = ticket_list(portal, &filter, listing_row, listing, &end, err);
	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

struct count_args {
	cli_list statuses;
};

static int count_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct count_args *args = raw;
	struct ticket_count count;
	const int r = ticket_count(portal, args->statuses.items, args->statuses.count, &count, err);

	if (r < 0)
		return r;
	reply_show(reply, &ticket_count_record, &count);
	reply_line(reply, arena_printf(reply_arena(reply), "%lld", (long long)count.count));
	return 0;
}

/* What a verb that ends or takes up a ticket says. */
static void answer(struct reply *reply, const struct ticket *ticket, int outcome,
	const char *const sentences[static 2])
{
	reply_changed(reply, &ticket_record, ticket, outcome ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, _(sentences[outcome ? 0 : 1]), ticket->number);
}

static int close_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	static const char *const says[] = { N_("ticket '%s' is done"),
		N_("ticket '%s' was done before") };
	const struct named_args *args = raw;
	struct ticket ticket;
	const int r = ticket_close(portal, args->ticket, &ticket, err);

	if (r >= 0)
		answer(reply, &ticket, r, says);
	return r < 0 ? r : 0;
}

static int cancel_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	static const char *const says[] = { N_("ticket '%s' cancelled"),
		N_("ticket '%s' was cancelled before") };
	const struct named_args *args = raw;
	struct ticket ticket;
	const int r = ticket_cancel(portal, args->ticket, args->reason, &ticket, err);

	if (r >= 0)
		answer(reply, &ticket, r, says);
	return r < 0 ? r : 0;
}

static int reopen_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	static const char *const says[] = { N_("ticket '%s' reopened"), N_("ticket '%s' is open") };
	const struct named_args *args = raw;
	struct ticket ticket;
	const int r = ticket_reopen(portal, args->ticket, &ticket, err);

	if (r >= 0)
		answer(reply, &ticket, r, says);
	return r < 0 ? r : 0;
}

static int read_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	static const char *const says[] = { N_("ticket '%s' marked as read"),
		N_("nothing is unread in ticket '%s'") };
	const struct named_args *args = raw;
	struct ticket ticket;
	const int r = ticket_read(portal, args->ticket, &ticket, err);

	if (r >= 0)
		answer(reply, &ticket, r, says);
	return r < 0 ? r : 0;
}

static const struct command open_command = {
	.noun = "ticket",
	.verb = "open",
	.summary = N_("Open a ticket for a client, or as a client"),
	.action = "opened",
	.permission = "ticket.open",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct open_args),
	.options =
		(const struct arg[]){
			OPTION(struct open_args, company, .name = "company", .metavar = "TAX-ID",
				.completes = COMPLETE_COMPANY, .help = N_("the client's company")),
			OPTION(struct open_args, contact, .name = "contact", .metavar = "CONTACT",
				.completes = COMPLETE_USER,
				.help = N_("who asks: e-mail or id of a contact; a client asks for "
					   "itself")),
			OPTION(struct open_args, subject, .name = "subject", .metavar = "TEXT",
				.flags = ARG_REQUIRED, .help = N_("what it is about, in a line")),
			OPTION(struct open_args, department, .name = "department",
				.metavar = "TEXT", .help = N_("the office's department")),
			OPTION(struct open_args, category, .name = "category", .metavar = "TEXT",
				.help = N_("the category of the request")),
			OPTION(struct open_args, project, .name = "project", .metavar = "ID",
				.help = N_("the project it is about")),
			OPTION(struct open_args, task, .name = "task", .metavar = "ID",
				.help = N_("the task it is about")),
			OPTION(struct open_args, origin, .name = "origin", .metavar = "WAY",
				.words = ticket_origins, .help = N_("by which way it came in")),
			OPTION(struct open_args, tags, .name = "tag", .metavar = "TEXT",
				.help = N_("a tag for the office alone; may be repeated")),
			TICKET_BODY_OPTIONS(struct open_args),
			TICKET_FILE_OPTION(struct open_args),
			END_OF_LIST,
		},
	.prints = &ticket_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE_CONTACT
				"portalctl ticket open --contact ana@office.example --subject "
				"'Certificado digital' --body 'Vence na sexta-feira.'",
				N_("the office opens one, with its first message") },
			{ NULL },
		},
	.run = open_run,
};

static const struct command list = {
	.noun = "ticket",
	.verb = "list",
	.summary = N_("List and search tickets, the open ones unless told otherwise"),
	.permission = "ticket.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct ticket_list_args),
	.options = (const struct arg[]){ TICKET_FILTER_OPTIONS,
		LIST_OPTIONS(struct ticket_list_args, filter.page, ticket_sorts), END_OF_LIST },
	.prints = &ticket_record,
	.examples =
		(const struct example[]){
			{ "portalctl ticket list --assignee none", N_("nobody has these yet") },
			{ "portalctl ticket list --status any --search 'certificado digital'",
				N_("with words that begin so, wherever they were said") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command count = {
	.noun = "ticket",
	.verb = "count",
	.summary = N_("Count tickets, the new ones unless told otherwise"),
	.permission = "ticket.count",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct count_args),
	.options =
		(const struct arg[]){
			OPTION(struct count_args, statuses, .name = "status", .metavar = "STATUS",
				.words = ticket_status_choices,
				.help = N_("in these states, with commas between")),
			END_OF_LIST,
		},
	.prints = &ticket_count_record,
	.examples =
		(const struct example[]){
			{ "portalctl ticket count", N_("how many are new: the badge") },
			{ NULL },
		},
	.run = count_run,
};

static const struct command close_command = {
	.noun = "ticket",
	.verb = "close",
	.summary = N_("Conclude a ticket, and tell the client its number"),
	.action = "closed",
	.permission = "ticket.close",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ TICKET_NAMED(struct named_args, ARG_EACH), END_OF_LIST },
	.prints = &ticket_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE "portalctl ticket close 1", N_("done") },
			{ NULL },
		},
	.run = close_run,
};

static const struct command cancel = {
	.noun = "ticket",
	.verb = "cancel",
	.summary = N_("Cancel a ticket; the client is not told"),
	.action = "cancelled",
	.permission = "ticket.cancel",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ TICKET_NAMED(struct named_args, ARG_EACH), END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct named_args, reason, .name = "reason", .metavar = "TEXT",
				.help = N_("why, as an internal comment")),
			END_OF_LIST,
		},
	.prints = &ticket_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE "portalctl ticket cancel 1 --reason 'Aberto por engano'",
				N_("the reason stays in the office") },
			{ NULL },
		},
	.run = cancel_run,
};

static const struct command reopen = {
	.noun = "ticket",
	.verb = "reopen",
	.summary = N_("Take a done or cancelled ticket up again"),
	.action = "reopened",
	.permission = "ticket.reopen",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ TICKET_NAMED(struct named_args, ARG_EACH), END_OF_LIST },
	.prints = &ticket_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE "portalctl ticket close 1 && portalctl ticket reopen 1",
				N_("it is in progress again") },
			{ NULL },
		},
	.run = reopen_run,
};

static const struct command read_command = {
	.noun = "ticket",
	.verb = "read",
	.summary = N_("Mark what the other side wrote as read"),
	.action = "read",
	.permission = "ticket.read",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ TICKET_NAMED(struct named_args, ARG_EACH), END_OF_LIST },
	.prints = &ticket_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE "portalctl ticket read 1", N_("unread_count is 0 then") },
			{ NULL },
		},
	.run = read_run,
};

const struct noun noun_ticket = {
	.name = "ticket",
	.summary = N_("Tickets: what clients ask of the office"),
	.verbs = (const struct command *const[]){ &open_command, &list, &ticket_show_command,
		&ticket_messages, &ticket_reply, &ticket_comment, &ticket_attach, &ticket_fetch,
		&ticket_assign_command, &ticket_transfer, &ticket_set_command, &close_command,
		&cancel, &reopen, &ticket_rate_command, &ticket_merge_command, &count,
		&ticket_watch, &read_command, NULL },
};
