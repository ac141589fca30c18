/* portalctl sale add, list, show, set, send, refuse, cancel */
#include <portal/sale.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/reader.h>

#include "cli/cli.h"
#include "cli/text.h"

enum { LINES_MAX = 1000 };

/* Lines that come together from options and a file. */
struct lines {
	struct arena *arena;
	struct sale_line *list;
	int64_t count;
};

static int add_items(struct lines *lines, const cli_list *items, struct portal_error *err)
{
	for (int64_t i = 0; i < items->count && lines->count < LINES_MAX; i++) {
		const int r = sale_line_read(
			lines->arena, items->items[i], &lines->list[lines->count++], err);

		if (r < 0)
			return r;
	}
	return 0;
}

static const char *text_of(const struct portal_value *value)
{
	return value->type == PORTAL_VALUE_TEXT || value->type == PORTAL_VALUE_NUMBER ? value->text
										      : "";
}

static const char *or_none(const char *text)
{
	return text ? text : "";
}

static int add_record(
	struct lines *lines, const struct portal_input *input, struct portal_error *err)
{
	struct sale_line line = { NULL, NULL, NULL };
	int r = 0;

	for (int i = 0; r >= 0 && i < input->count; i++)
		r = sale_line_put(
			&line, lines->arena, input->values[i].key, text_of(&input->values[i]), err);
	if (r < 0)
		err->line = input->line;
	else if (lines->count < LINES_MAX)
		lines->list[lines->count++] = (struct sale_line){ or_none(line.description),
			or_none(line.quantity), or_none(line.unit_price) };
	return r;
}

static int read_records(
	struct lines *lines, int fd, enum portal_reader_format format, struct portal_error *err)
{
	_cleanup_reader_ struct portal_reader *reader = NULL;
	struct portal_input input;
	int r = portal_reader_open(&reader, fd, format, err);

	while (r >= 0 && (r = portal_reader_next(reader, lines->arena, &input, err)) > 0)
		r = add_record(lines, &input, err);
	return r;
}

/* CSV where the file's name says so, else a JSON object a line. */
static int add_file(struct lines *lines, const char *name, struct portal_error *err)
{
	const char *dot = strrchr(name, '.');
	const bool is_csv = dot && !strcasecmp(dot, ".csv");
	const bool is_stdin = !strcmp(name, "-");
	const int fd = is_stdin ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	int r;

	if (fd < 0)
		return portal_fail(
			err, PORTAL_FAILURE, _("can't read '%s': %s"), name, strerror(errno));
	r = read_records(lines, fd, is_csv ? PORTAL_READER_CSV : PORTAL_READER_NDJSON, err);
	if (!is_stdin)
		close(fd);
	if (r < 0 && err->line)
		err->source = name;
	return r;
}

static int read_lines(struct reply *reply, const cli_list *items, const char *file,
	struct lines *ret, struct portal_error *err)
{
	int r;

	ret->arena = reply_arena(reply);
	ret->list = arena_array(ret->arena, LINES_MAX, sizeof(*ret->list));
	r = add_items(ret, items, err);
	return r >= 0 && file ? add_file(ret, file, err) : r;
}

struct add_args {
	const char *company, *number, *items_file, *valid_until;
	cli_list items;
};

static int add_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct add_args *args = raw;
	struct lines lines = { .count = 0 };
	struct sale_request request = {
		.company = args->company, .number = args->number, .valid_until = args->valid_until
	};
	struct sale sale;
	int r = read_lines(reply, &args->items, args->items_file, &lines, err);

	request.lines = lines.list;
	request.line_count = lines.count;
	if (r >= 0)
		r = sale_add(portal, &request, &sale, err);
	if (r < 0)
		return r;
	/* One that is rehearsed has no number yet, but of the office's own. */
	if (reply_options(reply)->dry_run && !args->number)
		sale.number = NULL;
	reply_changed(reply, &sale_record, &sale, REPLY_CREATED);
	if (sale.number)
		reply_say(reply, _("sale '%s' added"), sale.number);
	else
		reply_say(reply, _("sale for '%s' added"), sale.company_name);
	return 0;
}

struct set_args {
	const char *sale, *items_file, *valid_until;
	cli_list items;
};

static int set_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct set_args *args = raw;
	struct lines lines = { .count = 0 };
	struct sale_change change = { .named = args->sale, .valid_until = args->valid_until };
	struct sale sale;
	int r = read_lines(reply, &args->items, args->items_file, &lines, err);

	change.lines = lines.list;
	change.line_count = lines.count;
	if (r >= 0)
		r = sale_set(portal, &change, &sale, err);
	if (r < 0)
		return r;
	reply_changed(reply, &sale_record, &sale, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("sale '%s' changed") : _("sale '%s' is so already"), sale.number);
	return 0;
}

struct named_args {
	const char *sale, *reason;
};

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct sale sale;
	const int r = sale_show(portal, args->sale, &sale, err);

	if (r >= 0)
		reply_show(reply, &sale_record, &sale);
	return r;
}

static int send_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct sale sale;
	const int r = sale_send(portal, raw, &sale, err);

	if (r < 0)
		return r;
	reply_changed(reply, &sale_record, &sale, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply,
		r ? _("sale '%s' sent for signature") : _("sale '%s' had been sent already"),
		sale.number);
	return 0;
}

static int refuse_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct sale sale;
	const int r = sale_refuse(portal, args->sale, args->reason, &sale, err);

	if (r < 0)
		return r;
	reply_changed(reply, &sale_record, &sale, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("sale '%s' refused") : _("sale '%s' had been refused already"),
		sale.number);
	return 0;
}

static int cancel_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct named_args *args = raw;
	struct sale sale;
	const int r = sale_cancel(portal, args->sale, args->reason, &sale, err);

	if (r < 0)
		return r;
	reply_changed(reply, &sale_record, &sale, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, r ? _("sale '%s' cancelled") : _("sale '%s' had been cancelled already"),
		sale.number);
	return 0;
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = sale_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

static const struct portal_word list_statuses[] = {
	{ "draft", NC_("sale", "draft") },
	{ "sent", NC_("sale", "sent for signature") },
	{ "signed", NC_("sale", "signed") },
	{ "refused", NC_("sale", "refused") },
	{ "cancelled", NC_("sale", "cancelled") },
	{ "expired", NC_("sale", "expired") },
	{ "any", N_("any") },
	{ NULL, NULL },
};

#define SALE(S, member) \
	OPERAND(S, member, .name = "NUMBER", .flags = ARG_EACH, .completes = COMPLETE_ID, \
		.help = N_("the sale's number or id"))
#define ITEMS(S) \
	OPTION(S, items, .name = "item", .metavar = "DESCRIPTION;QUANTITY;UNIT-PRICE", \
		.help = N_("a line of the sale, as in 'Payroll;12;89.90'; may be repeated")), \
		OPTION(S, items_file, .name = "items-file", .metavar = "FILE", \
			.flags = ARG_NOT_IN_BATCH, .completes = COMPLETE_FILE, \
			.help = N_("lines from a file: a JSON object a line, or CSV if its name " \
				   "says so"))
#define VALID_UNTIL(S) \
	OPTION(S, valid_until, .name = "valid-until", .metavar = "DATE", \
		.help = N_("the last day on which it can be signed"))
#define REASON \
	OPTION(struct named_args, reason, .name = "reason", .metavar = "TEXT", \
		.help = N_("why, for the other side"))

/* An example runs in a fresh portal: what it speaks of comes first. */
#define SALE_ADDED "portalctl sale add --company 65635571000148 --item 'Payroll;12;89.90' && "

static const struct command add = {
	.noun = "sale",
	.verb = "add",
	.summary = N_("Add a sale to a company, as a draft"),
	.action = "added",
	.permission = "sale.add",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct add_args),
	.options =
		(const struct arg[]){
			OPTION(struct add_args, company, .name = "company", .metavar = "TAX-ID",
				.flags = ARG_REQUIRED, .completes = COMPLETE_COMPANY,
				.help = N_("to which company")),
			ITEMS(struct add_args),
			OPTION(struct add_args, number, .name = "number", .metavar = "NUMBER",
				.help = N_("a number of one's own, instead of the next of the "
					   "year")),
			VALID_UNTIL(struct add_args),
			END_OF_LIST,
		},
	.prints = &sale_record,
	.examples =
		(const struct example[]){
			{ "portalctl sale add --company 65635571000148 --item 'Payroll;12;89.90' "
			  "--item 'Balance sheet;1;1500,00'",
				N_("two lines; it gets the next number of the year") },
			{ "printf 'description,quantity,unit_price\\nPayroll,12,89.90\\n' "
			  ">lines.csv && portalctl sale add --company 65635571000148 "
			  "--items-file lines.csv",
				N_("lines from a spreadsheet") },
			{ NULL },
		},
	.run = add_run,
};

static const struct command list = {
	.noun = "sale",
	.verb = "list",
	.summary = N_("List and search sales"),
	.permission = "sale.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct sale_filter),
	.options =
		(const struct arg[]){
			OPTION(struct sale_filter, company, .name = "company", .metavar = "TAX-ID",
				.completes = COMPLETE_COMPANY, .help = N_("to this company")),
			OPTION(struct sale_filter, status, .name = "status", .metavar = "STATUS",
				.words = list_statuses, .help = N_("in this state")),
			OPTION(struct sale_filter, since, .name = "since", .metavar = "TIME",
				.help = N_("added at this time or later")),
			OPTION(struct sale_filter, until, .name = "until", .metavar = "TIME",
				.help = N_("added before this time")),
			OPTION(struct sale_filter, search, .name = "search", .metavar = "TEXT",
				.help = N_("with this in the number, a line or the company's "
					   "name")),
			LIST_OPTIONS(struct sale_filter, page, sale_sorts),
			END_OF_LIST,
		},
	.prints = &sale_record,
	.examples =
		(const struct example[]){
			{ "portalctl sale list --status sent", N_("what waits for a signature") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command show = {
	.noun = "sale",
	.verb = "show",
	.summary = N_("Show a sale with its items"),
	.permission = "sale.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ SALE(struct named_args, sale), END_OF_LIST },
	.prints = &sale_record,
	.examples =
		(const struct example[]){
			{ SALE_ADDED "portalctl sale show 1 --json | jq .data.items",
				N_("its lines; the number would name it too") },
			{ NULL },
		},
	.run = show_run,
};

static const struct command set = {
	.noun = "sale",
	.verb = "set",
	.summary = N_("Change a draft"),
	.action = "changed",
	.permission = "sale.set",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct set_args),
	.operands = (const struct arg[]){ SALE(struct set_args, sale), END_OF_LIST },
	.options = (const struct arg[]){ ITEMS(struct set_args), VALID_UNTIL(struct set_args),
		END_OF_LIST },
	.prints = &sale_record,
	.examples =
		(const struct example[]){
			{ SALE_ADDED "portalctl sale set 1 --item 'Payroll;10;89.90'",
				N_("these lines, in the place of all there were") },
			{ NULL },
		},
	.run = set_run,
};

static const struct command send = {
	.noun = "sale",
	.verb = "send",
	.summary = N_("Send a draft to its company, to be signed"),
	.action = "sent",
	.permission = "sale.send",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct sale_sending),
	.operands = (const struct arg[]){ SALE(struct sale_sending, named), END_OF_LIST },
	.options =
		(const struct arg[]){
			OPTION(struct sale_sending, to, .name = "to", .metavar = "E-MAIL",
				.help = N_("a contact of the company to mail besides its admins")),
			VALID_UNTIL(struct sale_sending),
			END_OF_LIST,
		},
	.prints = &sale_record,
	.examples =
		(const struct example[]){
			{ SALE_ADDED "portalctl sale send 1", N_("it can't be changed any more") },
			{ NULL },
		},
	.run = send_run,
};

static const struct command refuse = {
	.noun = "sale",
	.verb = "refuse",
	.summary = N_("Say no to a sale, as the company it was sent to"),
	.action = "refused",
	.permission = "sale.refuse",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ SALE(struct named_args, sale), END_OF_LIST },
	.options = (const struct arg[]){ REASON, END_OF_LIST },
	.prints = &sale_record,
	.examples =
		(const struct example[]){
			{ SALE_ADDED "portalctl sale send 1 && portalctl sale refuse 1 --reason "
				     "'too dear'",
				N_("the office is told") },
			{ NULL },
		},
	.run = refuse_run,
};

static const struct command cancel = {
	.noun = "sale",
	.verb = "cancel",
	.summary = N_("Take a sale back, or drop a draft"),
	.action = "cancelled",
	.permission = "sale.cancel",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH,
	.args_size = sizeof(struct named_args),
	.operands = (const struct arg[]){ SALE(struct named_args, sale), END_OF_LIST },
	.options = (const struct arg[]){ REASON, END_OF_LIST },
	.prints = &sale_record,
	.examples =
		(const struct example[]){
			{ SALE_ADDED "portalctl sale cancel 1",
				N_("its number is not used again") },
			{ NULL },
		},
	.run = cancel_run,
};

extern const struct command cmd_sale_terms, cmd_sale_sign, cmd_sale_export, cmd_sale_verify,
	cmd_sale_public_key;

const struct noun noun_sale = {
	.name = "sale",
	.summary = N_("Sales: what the office offers a company, which signs it"),
	.verbs = (const struct command *const[]){ &add, &list, &show, &set, &send, &cmd_sale_terms,
		&cmd_sale_sign, &refuse, &cancel, &cmd_sale_export, &cmd_sale_verify,
		&cmd_sale_public_key, NULL },
};
