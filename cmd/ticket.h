/* What the files of the noun ticket share. */
#ifndef CMD_TICKET_H
#define CMD_TICKET_H

#include <portal/ticket.h>

#include "cli/cli.h"
#include "cli/draw.h"

extern const struct command ticket_show_command, ticket_messages, ticket_reply, ticket_comment;
extern const struct command ticket_attach, ticket_fetch;
extern const struct command ticket_watch;
extern const struct command ticket_rate_command, ticket_merge_command;
extern const struct command ticket_assign_command, ticket_transfer, ticket_set_command;

/* Draws a message as part of a conversation. */
void message_draw(const struct drawing *drawing, const void *row);

/* Answers with a message that was written: 1; or was before, with the same key: 0. */
struct message;
int ticket_message_written(struct reply *reply, const struct message *message, int outcome);

/* A text, or the file (- is standard input) it is in. */
struct ticket_body_args {
	const char *text, *file;
};

#define TICKET_BODY_OPTIONS(S) \
	OPTION(S, body.text, .name = "body", .metavar = "TEXT", .help = N_("the message's text")), \
		OPTION(S, body.file, .name = "body-file", .metavar = "FILE", \
			.completes = COMPLETE_FILE, .flags = ARG_NOT_IN_BATCH, \
			.help = N_("a file that has the text; - is standard input"))

#define TICKET_FILE_OPTION(S) \
	OPTION(S, files, .name = "file", .metavar = "FILE", .completes = COMPLETE_FILE, \
		.help = N_("a file to attach; may be repeated"))

#define TICKET_NAMED(S, FLAGS) \
	OPERAND(S, ticket, .name = "TICKET", .flags = (FLAGS), .completes = COMPLETE_TICKET, \
		.help = N_("the ticket's number or id"))

/* What a list, and whatever is about all that a list gives, may be told. */
struct ticket_list_args {
	struct ticket_filter filter;
	cli_list statuses;
};

#define TICKET_FILTER_OPTIONS \
	OPTION(struct ticket_list_args, statuses, .name = "status", .metavar = "STATUS", \
		.words = ticket_status_choices, \
		.help = N_("in these states, with commas between")), \
		OPTION(struct ticket_list_args, filter.assignee, .name = "assignee", \
			.metavar = "E-MAIL", .completes = COMPLETE_USER, \
			.help = N_("of this user of the office; me, or none: nobody's")), \
		OPTION(struct ticket_list_args, filter.company, .name = "company", \
			.metavar = "TAX-ID", .completes = COMPLETE_COMPANY, \
			.help = N_("of this company")), \
		OPTION(struct ticket_list_args, filter.contact, .name = "contact", \
			.metavar = "CONTACT", .help = N_("of this contact: e-mail or id")), \
		OPTION(struct ticket_list_args, filter.search, .name = "search", \
			.metavar = "WORDS", \
			.help = N_( \
				"with words that begin so in the number, subject or messages")), \
		OPTION(struct ticket_list_args, filter.since, .name = "since", .metavar = "TIME", \
			.help = N_("opened from then on")), \
		OPTION(struct ticket_list_args, filter.until, .name = "until", .metavar = "TIME", \
			.help = N_("opened before then")), \
		OPTION(struct ticket_list_args, filter.category, .name = "category", \
			.metavar = "TEXT", .help = N_("of this category")), \
		OPTION(struct ticket_list_args, filter.department, .name = "department", \
			.metavar = "TEXT", .help = N_("of this department")), \
		OPTION(struct ticket_list_args, filter.tag, .name = "tag", .metavar = "TEXT", \
			.help = N_("with this tag")), \
		OPTION(struct ticket_list_args, filter.origin, .name = "origin", .metavar = "WAY", \
			.words = ticket_origins, .help = N_("that came in by this way")), \
		OPTION(struct ticket_list_args, filter.project, .name = "project", \
			.metavar = "ID", .help = N_("about this project")), \
		OPTION(struct ticket_list_args, filter.task, .name = "task", .metavar = "ID", \
			.help = N_("about this task")), \
		OPTION(struct ticket_list_args, filter.saved, .name = "filter", \
			.metavar = "FILTER", \
			.help = N_("as this saved filter says, where no other option does"))

/* An example runs in a fresh portal: what it speaks of comes first. */
#define TICKET_EXAMPLE_CONTACT \
	"portalctl contact add --company 65635571000148 --name 'Ana Lima' " \
	"--email ana@office.example && "
#define TICKET_EXAMPLE \
	TICKET_EXAMPLE_CONTACT \
	"portalctl ticket open --contact ana@office.example --subject 'Certificado digital' && "

#endif
