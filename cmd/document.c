/* portalctl document ... */
#include <portal/document.h>

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/text.h"

struct publish_args {
	const char *file, *folder, *company, *title, *kind, *competence, *due, *amount;
	cli_list attachments;
	bool if_not_exists;
};

static struct document_request request_of(const struct publish_args *args)
{
	return (struct document_request){ .file = args->folder ? args->folder : args->file,
		.company = args->company,
		.title = args->title,
		.kind = args->kind,
		.competence = args->competence,
		.due_on = args->due,
		.amount = args->amount,
		.attachments = args->attachments.items,
		.attachment_count = args->attachments.count,
		.if_not_exists = args->if_not_exists };
}

static void say_published(struct reply *reply, const struct document *document, bool is_new)
{
	/* One that is rehearsed has no number yet. */
	if (is_new && reply_options(reply)->dry_run)
		reply_say(reply, _("document published to '%s': %s"), document->company_name,
			document->title);
	else
		reply_say(reply,
			is_new ? _("document '%lld' published to '%s': %s")
			       : _("document '%lld' of '%s' is there already: %s"),
			(long long)document->id, document->company_name, document->title);
}

static int give_result(const struct document_result *result, void *arg)
{
	struct portal_error failure = { .code = PORTAL_OK };

	if (result->failure)
		failure = *result->failure;
	else
		say_published(arg, result->document, result->changed);
	return reply_result(arg, result->line, result->document,
		result->changed ? REPLY_CREATED : REPLY_UNCHANGED,
		result->failure ? &failure : NULL);
}

/* What a folder has its files named by, or of which there is one for each file. */
static int check_folder(const struct publish_args *args, struct portal_error *err)
{
	if (args->file)
		return portal_fail(err, PORTAL_USAGE,
			_("'--folder' takes the place of files named one by one"));
	if (args->company || args->title || args->amount || args->attachments.count)
		return portal_fail(err, PORTAL_USAGE,
			_("'--folder' does not go with '--company', '--title', '--amount' and "
			  "'--attach'"));
	return 0;
}

static int publish_folder(struct portal *portal, const struct publish_args *args,
	struct reply *reply, struct portal_error *err)
{
	const struct document_request request = request_of(args);
	const int r = check_folder(args, err);

	return r < 0 ? r : document_publish_folder(portal, &request, give_result, reply, err);
}

static int publish_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct publish_args *args = raw;
	const struct document_request request = request_of(args);
	struct document document;
	int r;

	if (args->folder)
		return publish_folder(portal, args, reply, err);
	r = document_publish(portal, &request, &document, err);
	if (r < 0)
		return r;
	reply_changed(reply, &document_record, &document, r ? REPLY_CREATED : REPLY_UNCHANGED);
	say_published(reply, &document, r > 0);
	return 0;
}

struct send_args {
	int64_t id;
	const char *channel;
	cli_list to;
};

static int send_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct send_args *args = raw;
	const struct document_sending sending = { args->id, args->channel, args->to.items,
		args->to.count };
	struct document document;
	const int r = document_send(portal, &sending, &document, err);

	if (r < 0)
		return r;
	reply_changed(reply, &document_record, &document, REPLY_CHANGED);
	reply_say(reply, _("the link of document '%lld' is on its way"), (long long)document.id);
	return 0;
}

struct link_args {
	int64_t id;
	bool rotate, show_token;
};

static int link_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct link_args *args = raw;
	_cleanup_secret_ struct portal_secret token = { .len = 0 };
	struct document_link link;
	const int r = document_get_link(portal, args->id,
		args->rotate ? DOCUMENT_LINK_ROTATE : DOCUMENT_LINK_KEEP, &link, &token, err);

	if (r < 0)
		return r;
	reply_changed(reply, &document_link_record, &link, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	if (args->show_token && token.len)
		reply_token(reply, &token);
	return 0;
}

struct withdraw_args {
	int64_t id;
	const char *reason;
};

static int withdraw_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct withdraw_args *args = raw;
	struct document document;
	const int r = document_withdraw(portal, args->id, args->reason, &document, err);

	if (r < 0)
		return r;
	reply_changed(reply, &document_record, &document, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("document '%lld' withdrawn") : _("document '%lld' was withdrawn"),
		(long long)document.id);
	return 0;
}

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct withdraw_args *args = raw;
	struct document document;
	const int r = document_show(portal, args->id, &document, err);

	if (r >= 0)
		reply_show(reply, &document_record, &document);
	return r;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = document_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

#define ID(S) \
	OPERAND(S, id, .name = "ID", .flags = ARG_EACH, .completes = COMPLETE_ID, \
		.help = N_("the document's id"))

/* An example runs in a fresh portal: what it speaks of comes first. */
#define A_GUIDE "printf 'DAS 2026-10\\n' >das.txt && "
#define PUBLISHED \
	A_GUIDE "portalctl document publish das.txt --company 65635571000148 --kind DAS && "

static const struct command publish = {
	.noun = "document",
	.verb = "publish",
	.summary = N_("Publish a document to a company, or a folder of them to many"),
	.action = "published",
	.permission = "document.publish",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH | COMMAND_ALONE,
	.args_size = sizeof(struct publish_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct publish_args, file, .name = "FILE", .flags = ARG_EACH,
				.unless = "folder", .completes = COMPLETE_FILE,
				.help = N_("the file; '-' for standard input")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct publish_args, company, .name = "company", .metavar = "TAX-ID",
				.flags = ARG_REQUIRED, .unless = "folder",
				.completes = COMPLETE_COMPANY, .help = N_("the company it is for")),
			OPTION(struct publish_args, folder, .name = "folder", .metavar = "DIR",
				.flags = ARG_RESULTS | ARG_NOT_IN_BATCH, .completes = COMPLETE_FILE,
				.help = N_(
					"each file of this folder, for the company whose CNPJ or "
					"CPF its name has; what was published before stays")),
			OPTION(struct publish_args, title, .name = "title", .metavar = "TITLE",
				.help = N_("its title; the file's name where none is given")),
			OPTION(struct publish_args, kind, .name = "kind", .metavar = "KIND",
				.help = N_("what it is, in a word (DAS, DARF, payroll)")),
			OPTION(struct publish_args, competence, .name = "competence",
				.metavar = "MONTH", .help = N_("the month it is about: 2026-10")),
			OPTION(struct publish_args, due, .name = "due", .metavar = "DATE",
				.help = N_("the day it is due: 2026-11-20")),
			OPTION(struct publish_args, amount, .name = "amount", .metavar = "AMOUNT",
				.help = N_("the amount: 123.45")),
			OPTION(struct publish_args, attachments, .name = "attach",
				.metavar = "FILE", .completes = COMPLETE_FILE,
				.help = N_("a file that belongs to it; may be repeated")),
			OPTION(struct publish_args, if_not_exists, .name = "if-not-exists",
				.help = N_("be content with the one that is there")),
			END_OF_LIST,
		},
	.prints = &document_record,
	.examples =
		(const struct example[]){
			{ A_GUIDE "portalctl document publish das.txt --company 65635571000148 "
				  "--kind DAS --competence 2026-10 --due 2026-11-23 --amount "
				  "123.45",
				N_("a guide, with what people ask of it") },
			{ "mkdir guides && printf 'DAS' >'guides/DAS 65635571000148.txt' && "
			  "portalctl document publish --folder guides --kind DAS --competence "
			  "2026-10",
				N_("a folder, each file to the company its name says; safe to "
				   "run twice") },
			{ NULL },
		},
	.run = publish_run,
};

static const struct command send_command = {
	.noun = "document",
	.verb = "send",
	.summary = N_("Send the link of a document to people of its company"),
	.action = "sent",
	.permission = "document.send",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct send_args),
	.operands = (const struct arg[]){ ID(struct send_args), END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct send_args, to, .name = "to", .metavar = "CONTACT",
				.flags = ARG_REQUIRED,
				.help = N_("a contact's e-mail or id, or the company's own e-mail; "
					   "may be repeated")),
			OPTION(struct send_args, channel, .name = "channel", .metavar = "CHANNEL",
				.fallback = "email", .words = document_channels,
				.help = N_("how it goes")),
			END_OF_LIST,
		},
	.prints = &document_record,
	.examples =
		(const struct example[]){
			{ PUBLISHED "portalctl contact add --company 65635571000148 --name Ana "
				    "--email ana@office.example && "
				    "portalctl document send 1 --to ana@office.example",
				N_("the mail waits in the outbox until it is delivered") },
			{ NULL },
		},
	.run = send_run,
};

static const struct command list = {
	.noun = "document",
	.verb = "list",
	.summary = N_("List and search documents"),
	.permission = "document.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct document_filter),
	.options =
		(const struct arg[]){
			OPTION(struct document_filter, company, .name = "company",
				.metavar = "TAX-ID", .completes = COMPLETE_COMPANY,
				.help = N_("of this company")),
			OPTION(struct document_filter, kind, .name = "kind", .metavar = "KIND",
				.help = N_("of this kind")),
			OPTION(struct document_filter, competence, .name = "competence",
				.metavar = "MONTH", .help = N_("of this month: 2026-10")),
			OPTION(struct document_filter, status, .name = "status",
				.metavar = "STATUS", .fallback = "any",
				.words = (const struct portal_word[]){ { "published", NULL },
					{ "withdrawn", NULL }, { "any", NULL }, { NULL, NULL } },
				.help = N_("in this state")),
			OPTION(struct document_filter, since, .name = "since", .metavar = "TIME",
				.help = N_("published at or after this time")),
			OPTION(struct document_filter, until, .name = "until", .metavar = "TIME",
				.help = N_("published before this time")),
			OPTION(struct document_filter, opened, .name = "opened",
				.help = N_("that somebody has opened")),
			OPTION(struct document_filter, unopened, .name = "unopened",
				.help = N_("that nobody has opened")),
			OPTION(struct document_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("with this in title, file name or company")),
			LIST_OPTIONS(struct document_filter, page, document_sorts),
			END_OF_LIST,
		},
	.prints = &document_record,
	.examples =
		(const struct example[]){
			{ "portalctl document list --competence 2026-10 --unopened --format csv",
				N_("what nobody has looked at yet") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "document",
	.verb = "show",
	.summary = N_("Show what is known of a document"),
	.permission = "document.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct withdraw_args),
	.operands = (const struct arg[]){ ID(struct withdraw_args), END_OF_LIST },
	.prints = &document_record,
	.examples =
		(const struct example[]){
			{ PUBLISHED "portalctl document show 1 --json",
				N_("how often it was opened, and when last") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command link_command = {
	.noun = "document",
	.verb = "link",
	.summary = N_("Show the link of a document, or make those of before void"),
	.action = "rotated",
	.permission = "document.link",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH | COMMAND_TOKEN,
	.args_size = sizeof(struct link_args),
	.operands = (const struct arg[]){ ID(struct link_args), END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct link_args, rotate, .name = "rotate",
				.help = N_("make a new link; those of before open nothing")),
			OPTION(struct link_args, show_token, .name = "show-token",
				.flags = ARG_SHOWS_TOKEN | ARG_NOT_IN_BATCH,
				.help = N_("show the link's token")),
			END_OF_LIST,
		},
	.prints = &document_link_record,
	.examples =
		(const struct example[]){
			{ PUBLISHED "(umask 077 && portalctl document link 1 --show-token --json | "
				    "jq -r .data.token >token)",
				N_("for a message of one's own") },
			{ NULL },
		},
	.run = link_run,
};

static const struct command withdraw = {
	.noun = "document",
	.verb = "withdraw",
	.summary = N_("Take a document back: it opens no more, its log stays"),
	.action = "withdrawn",
	.permission = "document.withdraw",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct withdraw_args),
	.operands = (const struct arg[]){ ID(struct withdraw_args), END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct withdraw_args, reason, .name = "reason", .metavar = "TEXT",
				.help = N_("why")),
			END_OF_LIST,
		},
	.prints = &document_record,
	.examples =
		(const struct example[]){
			{ PUBLISHED "portalctl document withdraw 1 --reason 'wrong amount'",
				N_("the right one is published anew") },
			{ NULL },
		},
	.run = withdraw_run,
};

extern const struct command cmd_document_open, cmd_document_log;

const struct noun noun_document = {
	.name = "document",
	.summary = N_("Documents for companies, and who opened them"),
	.verbs = (const struct command *const[]){ &publish, &send_command, &list, &show,
		&cmd_document_open, &link_command, &cmd_document_log, &withdraw, NULL },
};
