/* portalctl ticket show: the record, and the newest of what was said. */
#include <portal/message.h>
#include <portal/ticket-page.h>
#include <portal/writer.h>

#include "cli/cli.h"
#include "cli/text.h"
#include "ticket.h"

enum { MESSAGES_MAX = 100 };

/* Where the newest messages begin. */
struct window {
	int64_t first_id, count;
};

static int note_message(const void *row, void *arg)
{
	struct window *window = arg;

	if (window->count++ < MESSAGES_MAX)
		window->first_id = ((const struct message *)row)->id;
	return 0;
}

static int find_window(
	struct portal *portal, const char *ticket, struct window *ret, struct portal_error *err)
{
	const struct message_filter newest = { .ticket = ticket,
		.page = { .sort = "-id", .limit = MESSAGES_MAX + 1 } };
	struct portal_list_end end;

	return message_list(portal, &newest, note_message, ret, &end, err);
}

/* Messages on their way to where they are shown: drawn, or as an array. */
struct showing {
	struct reply *reply;
	struct portal_writer *writer;
	const struct portal_columns *columns;
	const char *before;
};

static int draw_message(const void *row, void *arg)
{
	const struct showing *showing = arg;

	reply_draw(showing->reply, message_draw, row);
	return 0;
}

static int put_message(const void *row, void *arg)
{
	struct showing *showing = arg;

	portal_put(showing->writer, showing->before);
	portal_put_record(showing->writer, showing->columns, row);
	showing->before = ",";
	return 0;
}

static int each_message(struct portal *portal, const char *ticket, const struct window *window,
	portal_visit *visit, struct showing *showing, struct portal_error *err)
{
	const struct message_filter filter = { .ticket = ticket, .since_id = window->first_id };
	struct portal_list_end end;

	return message_list(portal, &filter, visit, showing, &end, err);
}

static int put_messages(struct portal *portal, const char *ticket, const struct window *window,
	struct showing *showing, struct portal_error *err)
{
	int r = portal_columns_make(
		reply_arena(showing->reply), &message_record, NULL, &showing->columns, err);

	if (r >= 0)
		r = portal_writer_open(&showing->writer, -1, err);
	if (r >= 0)
		r = each_message(portal, ticket, window, put_message, showing, err);
	return r;
}

static int show_record(struct portal *portal, struct ticket_shown *shown,
	const struct window *window, struct reply *reply, struct portal_error *err)
{
	struct showing showing = { .reply = reply, .before = "[" };
	const int r = put_messages(portal, shown->ticket.number, window, &showing, err);

	if (r >= 0) {
		portal_put(showing.writer, *showing.before == '[' ? "[]" : "]");
		shown->messages.text = portal_writer_text(showing.writer);
		reply_show(reply, &ticket_shown_record, shown);
	}
	portal_writer_close(showing.writer);
	return r < 0 ? r : 0;
}

struct show_args {
	const char *ticket;
};

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct show_args *args = raw;
	struct ticket_shown shown = { .messages_truncated = false };
	struct window window = { .count = 0 };
	int r = ticket_show(portal, args->ticket, &shown.ticket, err);

	if (r >= 0)
		r = find_window(portal, args->ticket, &window, err);
	if (r < 0)
		return r;
	shown.messages_truncated = window.count > MESSAGES_MAX;
	r = show_record(portal, &shown, &window, reply, err);
	if (r < 0 || !reply_is_drawn(reply))
		return r;
	return each_message(portal, args->ticket, &window, draw_message,
		&(struct showing){ .reply = reply }, err);
}

static int page_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct show_args *args = raw;

	return ticket_page_write(
		portal, args->ticket, reply_html_language(reply), reply_writer(reply), err);
}

const struct command ticket_show_command = {
	.noun = "ticket",
	.verb = "show",
	.summary = N_("Show a ticket, and the newest of what was said"),
	.permission = "ticket.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct show_args),
	.operands = (const struct arg[]){ TICKET_NAMED(struct show_args, ARG_EACH), END_OF_LIST },
	.prints = &ticket_shown_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE "portalctl ticket show 1", N_("by id, or by number") },
			{ TICKET_EXAMPLE "portalctl ticket show 1 --format html > ticket.html",
				N_("the whole conversation as a page to print or to keep") },
			{ NULL },
		},
	.run = show_run,
	.page = page_run,
};
