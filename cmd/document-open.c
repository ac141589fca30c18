/* portalctl document open, log */
#include <portal/document.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/text.h"

struct open_args {
	const char *id, *output, *via, *ip, *user_agent, *email;
	int64_t attachment, port;
	cli_secret token, password;
};

static int need_id(const char *text, int64_t *ret, struct portal_error *err)
{
	const size_t len = strspn(text, "0123456789");

	*ret = len > 0 && len < 16 && !text[len] ? strtoll(text, NULL, 10) : 0;
	if (*ret > 0)
		return 0;
	return portal_fail(err, PORTAL_USAGE, _("'%s' is not the id of a document"), text);
}

static int opening_of(
	const struct open_args *args, struct document_opening *ret, struct portal_error *err)
{
	*ret = (struct document_opening){ .token = args->token.given ? args->token.secret : NULL,
		.attachment = args->attachment,
		.via = args->via,
		.ip = args->ip,
		.port = args->port,
		.user_agent = args->user_agent,
		.email = args->email,
		.password = args->password.secret };
	if (args->attachment < 0)
		return portal_fail(err, PORTAL_USAGE, _("attachments are counted from 1"));
	if (args->token.given && args->id)
		return portal_fail(err, PORTAL_USAGE,
			_("'--document-token-file' stands for its document; leave the id out"));
	if (!args->email != !args->password.given || (args->email && !args->token.given))
		return portal_fail(err, PORTAL_USAGE,
			_("'--email' goes with a password and '--document-token-file'"));
	if (!args->id && !args->token.given)
		return portal_fail(
			err, PORTAL_USAGE, _("which document? give its id, or its link's token"));
	return args->id ? need_id(args->id, &ret->id, err) : 0;
}

/* The opening was logged before, and stays so. */
static int save(int fd, const char *path, struct portal_error *err)
{
	const int r = document_save(fd, path, err);

	return r < 0 ? portal_hint(err, _("the access log has this opening all the same")) : r;
}

static int give(int fd, const struct open_args *args, const struct document_access *access,
	struct reply *reply, struct portal_error *err)
{
	const bool rehearsed = reply_options(reply)->dry_run;

	if (args->output && !rehearsed && !strcmp(args->output, "-"))
		return reply_bytes(reply, fd, err);
	reply_changed(reply, &document_access_record, access, REPLY_CREATED);
	reply_say(reply, _("document '%lld' opened: %s"), (long long)access->document_id,
		access->file_name);
	return args->output && !rehearsed ? save(fd, args->output, err) : 0;
}

static int open_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct open_args *args = raw;
	struct document_opening opening;
	struct document_access access;
	int fd = -1, r = opening_of(args, &opening, err);

	if (r >= 0 && args->output && !strcmp(args->output, "-") && !reply_takes_bytes(reply))
		return portal_fail(err, PORTAL_USAGE,
			_("'--output -' gives the file itself, which has no other format"));
	if (r >= 0)
		r = document_open_file(portal, &opening, &access, &fd, err);
	if (r < 0)
		return r;
	r = give(fd, args, &access, reply, err);
	close(fd);
	return r;
}

static int log_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = document_log(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

/* An example runs in a fresh portal: what it speaks of comes first. */
#define PUBLISHED \
	"printf 'DAS 2026-10\\n' >das.txt && portalctl document publish das.txt " \
	"--company 65635571000148 --kind DAS && "
#define LINK \
	"(umask 077 && portalctl document link 1 --show-token --json | jq -r .data.token >token) " \
	"&& "

extern const struct command cmd_document_open, cmd_document_log;

const struct command cmd_document_open = {
	.noun = "document",
	.verb = "open",
	.summary = N_("Open a document, which its access log tells"),
	.action = "opened",
	.permission = "document.open",
	.needs = NEEDS_WRITE,
	.args_size = sizeof(struct open_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct open_args, id, .name = "ID", .flags = ARG_OPTIONAL,
				.completes = COMPLETE_ID, .help = N_("the document's id")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct open_args, token, .name = "document-token",
				.help = N_("the token of the document's link, instead of the id")),
			OPTION(struct open_args, output, .name = "output", .metavar = "FILE",
				.completes = COMPLETE_FILE,
				.help = N_("write it to this file; '-' for standard output")),
			OPTION(struct open_args, attachment, .name = "attachment", .metavar = "N",
				.flags = ARG_POSITIVE,
				.help = N_("its attachment of this number, not itself")),
			OPTION(struct open_args, via, .name = "via", .metavar = "WAY",
				.words = document_ways, .help = N_("how somebody came to it")),
			OPTION(struct open_args, ip, .name = "ip", .metavar = "ADDRESS",
				.help = N_("from which address, as the web server says")),
			OPTION(struct open_args, port, .name = "port", .metavar = "PORT",
				.flags = ARG_POSITIVE, .help = N_("and which port")),
			OPTION(struct open_args, user_agent, .name = "user-agent",
				.metavar = "TEXT", .help = N_("with which program")),
			OPTION(struct open_args, email, .name = "email", .metavar = "E-MAIL",
				.help = N_("log in to this document alone, as this user")),
			OPTION(struct open_args, password, .name = "password",
				.flags = ARG_FROM_STDIN, .help = N_("that user's password")),
			END_OF_LIST,
		},
	.prints = &document_access_record,
	.examples =
		(const struct example[]){
			{ PUBLISHED "portalctl document open 1 --output - >copy.txt && "
				    "cmp das.txt copy.txt",
				N_("byte for byte what was published") },
			{ PUBLISHED LINK "portalctl document open --document-token-file token "
					 "--via email --ip 203.0.113.7 --port 50123 --user-agent "
					 "Mozilla/5.0 --output das.copy",
				N_("as a web server does for whoever has the link") },
			{ NULL },
		},
	.run = open_run,
};

const struct command cmd_document_log = {
	.noun = "document",
	.verb = "log",
	.summary = N_("List who opened what, when and from where"),
	.permission = "document.log",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct document_log_filter),
	.operands =
		(const struct arg[]){
			OPERAND(struct document_log_filter, document, .name = "ID",
				.flags = ARG_OPTIONAL, .completes = COMPLETE_ID,
				.help = N_("of this document alone")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			OPTION(struct document_log_filter, user, .name = "user",
				.metavar = "E-MAIL", .completes = COMPLETE_USER,
				.help = N_("what this user opened")),
			OPTION(struct document_log_filter, since, .name = "since",
				.metavar = "TIME", .help = N_("at or after this time")),
			OPTION(struct document_log_filter, until, .name = "until",
				.metavar = "TIME", .help = N_("before this time")),
			LIST_OPTIONS(struct document_log_filter, page, document_log_sorts),
			END_OF_LIST,
		},
	.prints = &document_access_record,
	.examples =
		(const struct example[]){
			{ "portalctl document log --since 2026-10-01 --until 2026-11-01 --format "
			  "csv",
				N_("a month, for a spreadsheet") },
			{ NULL },
		},
	.list = log_run,
};
