/* portalctl wa ... */
#include <portal/wa.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/text.h"
#include "ticket.h"

extern const struct command cmd_wa_receive, cmd_wa_cgi, cmd_wa_log;

struct start_args {
	struct conversation_start request;
};

static int start_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct start_args *args = raw;
	struct conversation conversation;
	const int r = conversation_start(portal, &args->request, &conversation, err);

	if (r < 0)
		return r;
	reply_changed(
		reply, &conversation_record, &conversation, r ? REPLY_CREATED : REPLY_UNCHANGED);
	if (!r)
		reply_say(reply, _("ticket '%s' is spoken of over WhatsApp already"),
			conversation.ticket_number);
	else
		reply_say(reply,
			conversation.window_open
				? _("ticket '%s': conversation with '%s' started")
				: _("ticket '%s': '%s' was asked whether to talk; what is written "
				    "waits for the answer"),
			conversation.ticket_number, conversation.contact_name);
	return 0;
}

struct ticket_args {
	const char *ticket;
};

static int end_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct ticket_args *args = raw;
	struct conversation conversation;
	const int r = conversation_end(portal, args->ticket, &conversation, err);

	if (r < 0)
		return r;
	reply_changed(
		reply, &conversation_record, &conversation, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply,
		r ? _("conversation over WhatsApp of ticket '%s' ended")
		  : _("conversation over WhatsApp of ticket '%s' had ended already"),
		conversation.ticket_number);
	return 0;
}

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct ticket_args *args = raw;
	struct conversation conversation;
	const int r = conversation_show(portal, args->ticket, &conversation, err);

	if (r >= 0)
		reply_show(reply, &conversation_record, &conversation);
	return r;
}

struct send_args {
	const char *ticket, *answer, *idempotency_key;
	struct ticket_body_args body;
	cli_list files;
	int64_t reply_to;
};

static int send_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct send_args *args = raw;
	struct message_request request = { .ticket = args->ticket,
		.files = args->files.items,
		.file_count = args->files.count,
		.answer = args->answer,
		.reply_to_id = args->reply_to,
		.idempotency_key = args->idempotency_key };
	struct message message;
	int r = input_text(
		reply_arena(reply), args->body.text, args->body.file, "body", &request.body, err);

	if (r >= 0)
		r = conversation_send(portal, &request, &message, err);
	return r < 0 ? r : ticket_message_written(reply, &message, r);
}

struct window_args {
	struct conversation_whose whose;
};

/* The record says it in either case; so does the exit status. */
static int can_reply_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct window_args *args = raw;
	struct conversation_window window = { .contact_id = 0 };
	const int r = conversation_can_reply(portal, &args->whose, &window, err);

	if (r < 0)
		return r;
	reply_show(reply, &conversation_window_record, &window);
	if (r > 0)
		return 0;
	portal_fail(err, PORTAL_WRONG_STATE,
		window.last_client_message_at.ms
			? _("'%s' has not written over WhatsApp for 24 hours")
			: _("'%s' never wrote over WhatsApp"),
		window.contact_name);
	return portal_hint(err, _("an approved template can be sent: portalctl wa start %s"),
		args->whose.ticket ? args->whose.ticket : "TICKET");
}

static int expire_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct conversation_expiry expiry;
	const int r = conversation_expire(portal, &expiry, err);

	(void)raw;
	if (r < 0)
		return r;
	reply_changed(
		reply, &conversation_expiry_record, &expiry, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply,
		P_("%lld conversation ended by inactivity",
			"%lld conversations ended by inactivity", expiry.ended),
		(long long)expiry.ended);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = conversation_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

static int media_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = wa_media_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

/* An example runs in a fresh portal: what it speaks of comes first. */
#define CONTACT \
	"portalctl contact add --company 65635571000148 --name 'Ana Lima' " \
	"--email ana@office.example --phone '(31) 99999-0001' && " \
	"portalctl ticket open --contact ana@office.example --subject 'Certificado digital' && "
#define STARTED CONTACT "portalctl wa start 1 && "

static const struct command start = {
	.noun = "wa",
	.verb = "start",
	.summary = N_("Begin to speak with a ticket's contact over WhatsApp"),
	.action = "started",
	.permission = "wa.start",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct start_args),
	.operands =
		(const struct arg[]){ OPERAND(struct start_args, request.ticket, .name = "TICKET",
					      .flags = ARG_EACH, .completes = COMPLETE_TICKET,
					      .help = N_("the ticket's number or id")),
			END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct start_args, request.phone, .name = "phone",
				.metavar = "PHONE",
				.help = N_("to this number; the contact's usual one if not said")),
			OPTION(struct start_args, request.again, .name = "again",
				.help = N_("ask once more where the client has not answered")),
			OPTION(struct start_args, request.idempotency_key,
				.name = "idempotency-key", .metavar = "KEY",
				.help = N_("the same key again is the same start")),
			END_OF_LIST,
		},
	.prints = &conversation_record,
	.examples =
		(const struct example[]){
			{ CONTACT "portalctl wa start 1",
				N_("asks the client whether to talk, by an approved template, as "
				   "there is no open window") },
			{ NULL },
		},
	.run = start_run,
};

static const struct command send = {
	.noun = "wa",
	.verb = "send",
	.summary = N_("Write to the client over WhatsApp"),
	.action = "sent",
	.permission = "wa.send",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct send_args),
	.operands = (const struct arg[]){ TICKET_NAMED(struct send_args, ARG_EACH), END_OF_LIST },
	.options =
		(const struct arg[]){
			TICKET_BODY_OPTIONS(struct send_args),
			TICKET_FILE_OPTION(struct send_args),
			OPTION(struct send_args, answer, .name = "answer", .metavar = "ANSWER",
				.help = N_("a canned answer, instead of a text")),
			OPTION(struct send_args, reply_to, .name = "reply-to", .metavar = "ID",
				.help = N_("shown as the answer to this message of the ticket")),
			OPTION(struct send_args, idempotency_key, .name = "idempotency-key",
				.metavar = "KEY",
				.help = N_("the same key and message again are the same message")),
			END_OF_LIST,
		},
	.prints = &message_record,
	.examples =
		(const struct example[]){
			{ STARTED "portalctl wa send 1 --body 'O certificado vence na sexta.'",
				N_("waits until the client has answered") },
			{ NULL },
		},
	.run = send_run,
};

static const struct command end = {
	.noun = "wa",
	.verb = "end",
	.summary = N_("End a conversation over WhatsApp; the client is told nothing"),
	.action = "ended",
	.permission = "wa.end",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct ticket_args),
	.operands = (const struct arg[]){ TICKET_NAMED(struct ticket_args, ARG_EACH), END_OF_LIST },
	.prints = &conversation_record,
	.examples =
		(const struct example[]){
			{ STARTED "portalctl wa end 1", N_("what waited is cancelled") },
			{ NULL },
		},
	.run = end_run,
};

static const struct command list = {
	.noun = "wa",
	.verb = "list",
	.summary = N_("List conversations over WhatsApp"),
	.permission = "wa.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct conversation_filter),
	.options =
		(const struct arg[]){
			OPTION(struct conversation_filter, status, .name = "status",
				.metavar = "STATUS", .words = conversation_list_statuses,
				.fallback = "live", .help = N_("in this state, live or any")),
			OPTION(struct conversation_filter, contact, .name = "contact",
				.metavar = "CONTACT",
				.help = N_("with this contact: e-mail or id")),
			OPTION(struct conversation_filter, ticket, .name = "ticket",
				.metavar = "TICKET", .completes = COMPLETE_TICKET,
				.help = N_("of this ticket")),
			LIST_OPTIONS(struct conversation_filter, page, conversation_sorts),
			END_OF_LIST,
		},
	.prints = &conversation_record,
	.examples =
		(const struct example[]){
			{ "portalctl wa list", N_("who is being spoken with now") },
			{ "portalctl wa list --status awaiting_client --format ids",
				N_("who has not answered yet") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "wa",
	.verb = "show",
	.summary = N_("Show a ticket's conversation over WhatsApp, the newest"),
	.permission = "wa.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct ticket_args),
	.operands = (const struct arg[]){ TICKET_NAMED(struct ticket_args, ARG_EACH), END_OF_LIST },
	.prints = &conversation_record,
	.examples =
		(const struct example[]){
			{ STARTED "portalctl wa show 1 --json",
				N_("until when the window is open, what waits, how it ended") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command can_reply = {
	.noun = "wa",
	.verb = "can-reply",
	.summary = N_("Tell whether a client may be written to freely, and until when"),
	.permission = "wa.can-reply",
	.needs = NEEDS_READ,
	.flags = COMMAND_CHECKS,
	.args_size = sizeof(struct window_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct window_args, whose.ticket, .name = "TICKET",
				.flags = ARG_OPTIONAL, .completes = COMPLETE_TICKET,
				.help = N_("the ticket's number or id")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct window_args, whose.contact, .name = "contact",
				.metavar = "CONTACT",
				.help = N_("of this contact, instead: e-mail or id")),
			COMPANY_OPTION(struct window_args, whose.company,
				.help = N_("of this company, where the contact has several")),
			END_OF_LIST,
		},
	.prints = &conversation_window_record,
	.examples =
		(const struct example[]){
			{ CONTACT "portalctl wa can-reply 1 || portalctl wa start 1",
				N_("0: open; 5: closed") },
			{ NULL },
		},
	.run = can_reply_run,
};

struct no_args {
	char none;
};

static const struct command expire = {
	.noun = "wa",
	.verb = "expire",
	.summary = N_("End conversations whose 24 hours are over"),
	.action = "expired",
	.permission = "wa.expire",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_LONG,
	.args_size = sizeof(struct no_args),
	.prints = &conversation_expiry_record,
	.examples =
		(const struct example[]){
			{ "portalctl -q wa expire", N_("from cron; 'due' does it too") },
			{ NULL },
		},
	.run = expire_run,
};

static const struct command media = {
	.noun = "wa",
	.verb = "media",
	.summary = N_("List files that clients sent and that are not fetched yet"),
	.permission = "wa.media",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct wa_media_filter),
	.options =
		(const struct arg[]){
			OPTION(struct wa_media_filter, state, .name = "state", .metavar = "STATE",
				.words = wa_media_list_states, .fallback = "missing",
				.help = N_("in this state, or any")),
			LIST_OPTIONS(struct wa_media_filter, page, wa_media_sorts),
			END_OF_LIST,
		},
	.prints = &wa_media_record,
	.examples =
		(const struct example[]){
			{ "portalctl wa media", N_("what is still to be fetched, and why") },
			{ NULL },
		},
	.list = media_run,
};

const struct noun noun_wa = {
	.name = "wa",
	.summary = N_("Conversations with clients over WhatsApp, and the 24 hours they last"),
	.verbs = (const struct command *const[]){ &start, &send, &end, &list, &show, &can_reply,
		&expire, &media, &cmd_wa_receive, &cmd_wa_cgi, &cmd_wa_log, NULL },
};
