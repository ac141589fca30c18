/* portalctl ticket messages, reply, comment. */
#include <string.h>
#include <unistd.h>

#include <portal/message.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/text.h"
#include "ticket.h"

struct messages_args {
	cli_list tickets;
	struct message_filter filter;
};

/* A cursor is of one conversation, and so is a limit. */
static int check_one(const struct messages_args *args, struct portal_error *err)
{
	const struct message_filter *filter = &args->filter;

	if (args->tickets.count == 1 ||
		(!filter->since_id && !filter->page.limit && !filter->page.after))
		return 0;
	return portal_fail(err, PORTAL_USAGE,
		_("'--since', '--limit' and '--after' go with one ticket, not with several"));
}

static int messages_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	const struct messages_args *args = raw;
	struct message_filter filter = args->filter;
	struct portal_list_end end;
	int r = check_one(args, err);

	for (int64_t i = 0; r >= 0 && i < args->tickets.count; i++) {
		filter.ticket = args->tickets.items[i];
		r = message_list(portal, &filter, listing_row, listing, &end, err);
	}
	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

struct write_args {
	const char *ticket, *via, *answer, *idempotency_key;
	struct ticket_body_args body;
	cli_list files;
};

typedef int write_message(struct portal *portal, const struct message_request *request,
	struct message *ret_message, struct portal_error *err);

int ticket_message_written(struct reply *reply, const struct message *message, int outcome)
{
	reply_changed(reply, &message_record, message, outcome ? REPLY_CREATED : REPLY_UNCHANGED);
	/* One that is rehearsed has no number yet. */
	if (outcome && reply_options(reply)->dry_run)
		reply_say(reply, _("message written in ticket '%s'"), message->ticket_number);
	else
		reply_say(reply,
			outcome ? _("message '%lld' written in ticket '%s'")
				: _("message '%lld' was written in ticket '%s' before"),
			(long long)message->id, message->ticket_number);
	return 0;
}

/* 1: written; 0: it was before. */
static int write_run(struct portal *portal, const struct write_args *args, struct reply *reply,
	write_message *write, struct portal_error *err)
{
	struct message_request request = { .ticket = args->ticket,
		.files = args->files.items,
		.file_count = args->files.count,
		.answer = args->answer,
		.via = args->via,
		.idempotency_key = args->idempotency_key };
	struct message message;
	int r = input_text(
		reply_arena(reply), args->body.text, args->body.file, "body", &request.body, err);

	if (r >= 0)
		r = write(portal, &request, &message, err);
	if (r < 0)
		return r;
	return ticket_message_written(reply, &message, r);
}

static int reply_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	return write_run(portal, raw, reply, message_reply, err);
}

static int attach_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	return write_run(portal, raw, reply, message_attach, err);
}

static int comment_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	return write_run(portal, raw, reply, message_comment, err);
}

static const struct portal_word ways[] = { { "app", N_("app") }, { "email", N_("e-mail") },
	{ "office", N_("office") }, { "whatsapp", N_("WhatsApp") }, { NULL, NULL } };

const struct command ticket_messages = {
	.noun = "ticket",
	.verb = "messages",
	.summary = N_("Show the conversation of a ticket"),
	.permission = "ticket.messages",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct messages_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct messages_args, tickets, .name = "TICKET",
				.completes = COMPLETE_TICKET,
				.help = N_("the ticket's number or id")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct messages_args, filter.since_id, .name = "since",
				.metavar = "ID", .help = N_("from this message on")),
			LIST_OPTIONS(struct messages_args, filter.page, message_sorts),
			END_OF_LIST,
		},
	.prints = &message_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE "portalctl ticket reply 1 --body 'Enviado.' && portalctl "
					 "ticket messages 1",
				N_("as a conversation") },
			{ TICKET_EXAMPLE "portalctl ticket messages 1 --sort -id --limit 1 --json",
				N_("the newest alone") },
			{ NULL },
		},
	.draw = message_draw,
	.list = messages_run,
};

const struct command ticket_reply = {
	.noun = "ticket",
	.verb = "reply",
	.summary = N_("Answer the client, or the office"),
	.action = "replied",
	.permission = "ticket.reply",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct write_args),
	.operands = (const struct arg[]){ TICKET_NAMED(struct write_args, ARG_EACH), END_OF_LIST },
	.options =
		(const struct arg[]){
			TICKET_BODY_OPTIONS(struct write_args),
			TICKET_FILE_OPTION(struct write_args),
			OPTION(struct write_args, answer, .name = "answer", .metavar = "ANSWER",
				.help = N_("a canned answer, instead of a text")),
			OPTION(struct write_args, via, .name = "via", .metavar = "WAY",
				.words = ways,
				.help = N_("by which way the office answers; WhatsApp where the "
					   "client is spoken with there, else office")),
			OPTION(struct write_args, idempotency_key, .name = "idempotency-key",
				.metavar = "KEY",
				.help = N_("the same key and message again are the same answer")),
			END_OF_LIST,
		},
	.prints = &message_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE "portalctl ticket reply 1 --body 'Enviamos o boleto.'",
				N_("the contact gets a mail that says where to read it") },
			{ TICKET_EXAMPLE "portalctl answer add 'bom dia' --body 'Bom dia, "
					 "{contact_name}!' && portalctl ticket reply 1 --answer "
					 "'bom dia'",
				N_("a canned answer, with the person's name") },
			{ NULL },
		},
	.run = reply_run,
};

const struct command ticket_comment = {
	.noun = "ticket",
	.verb = "comment",
	.summary = N_("Write an internal comment, which the client never sees"),
	.action = "commented",
	.permission = "ticket.comment",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct write_args),
	.operands = (const struct arg[]){ TICKET_NAMED(struct write_args, ARG_EACH), END_OF_LIST },
	.options = (const struct arg[]){ TICKET_BODY_OPTIONS(struct write_args),
		TICKET_FILE_OPTION(struct write_args), END_OF_LIST },
	.prints = &message_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE "portalctl ticket comment 1 --body 'Ligar antes das 10h'",
				N_("for colleagues") },
			{ NULL },
		},
	.run = comment_run,
};

const struct command ticket_attach = {
	.noun = "ticket",
	.verb = "attach",
	.summary = N_("Send files to the client, or to the office"),
	.action = "attached",
	.permission = "ticket.attach",
	.needs = NEEDS_WRITE,
	.args_size = sizeof(struct write_args),
	.operands =
		(const struct arg[]){
			TICKET_NAMED(struct write_args, 0),
			OPERAND(struct write_args, files, .name = "FILE",
				.completes = COMPLETE_FILE, .help = N_("a file to attach")),
			END_OF_LIST,
		},
	.prints = &message_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE "echo recibo > recibo.txt && "
					 "portalctl ticket attach 1 recibo.txt",
				N_("an answer that is a file") },
			{ NULL },
		},
	.run = attach_run,
};

struct fetch_args {
	const char *ticket;
	int64_t attachment;
	const char *output;
};

static int fetch_here(struct portal *portal, const struct fetch_args *args, struct reply *reply,
	struct portal_error *err)
{
	struct ticket_attachment attachment;
	int fd, r;

	if (reply_is_json(reply))
		return portal_fail(err, PORTAL_USAGE,
			_("'--json' tells of the file, which goes to '--output FILE' then"));
	r = ticket_attachment_open(portal, args->ticket, args->attachment, &attachment, &fd, err);
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
	struct ticket_attachment attachment;
	int r;

	if (!strcmp(args->output, "-"))
		return fetch_here(portal, args, reply, err);
	r = ticket_attachment_save(
		portal, args->ticket, args->attachment, args->output, &attachment, err);
	if (r < 0)
		return r;
	reply_show(reply, &ticket_attachment_record, &attachment);
	reply_say(reply, _("file '%s' written to '%s'"), attachment.name, args->output);
	return 0;
}

const struct command ticket_fetch = {
	.noun = "ticket",
	.verb = "fetch",
	.summary = N_("Fetch a file that was attached, byte for byte"),
	.permission = "ticket.fetch",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct fetch_args),
	.operands =
		(const struct arg[]){
			TICKET_NAMED(struct fetch_args, 0),
			OPERAND(struct fetch_args, attachment, .name = "ATTACHMENT-ID",
				.help = N_("the file's id, as the messages show it")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct fetch_args, output, .name = "output", .metavar = "FILE",
				.fallback = "-", .completes = COMPLETE_FILE,
				.help = N_("where to; - is standard output")),
			END_OF_LIST,
		},
	.prints = &ticket_attachment_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE "echo recibo > recibo.txt && "
					 "portalctl ticket attach 1 recibo.txt && "
					 "portalctl ticket fetch 1 1 --output copia.txt",
				N_("the name it came under is never a path") },
			{ NULL },
		},
	.run = fetch_run,
};
