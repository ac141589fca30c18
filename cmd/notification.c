/* portalctl notification ... */
#include <portal/notification.h>

#include "cli/cli.h"
#include "cli/text.h"

struct read_args {
	int64_t id;
	struct notification_filter filter;
};

static int read_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct read_args *args = raw;
	struct notification notification;
	const int r = notification_read(portal, args->id, &notification, err);

	if (r < 0)
		return r;
	reply_changed(
		reply, &notification_record, &notification, r ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply,
		r ? _("notification '%lld' marked as read")
		  : _("notification '%lld' was read already"),
		(long long)notification.id);
	return 0;
}

struct selection {
	int (*each)(void *arg, int64_t id);
	void *arg;
};

static int select_row(const void *row, void *arg)
{
	const struct selection *selection = arg;

	return selection->each(selection->arg, ((const struct notification *)row)->id);
}

static int select_unread(struct portal *portal, const void *raw, int (*each)(void *arg, int64_t id),
	void *each_arg, struct portal_error *err)
{
	const struct read_args *args = raw;
	struct notification_filter filter = args->filter;
	struct selection selection = { each, each_arg };
	struct portal_list_end end;

	filter.unread_only = true;
	return notification_list(portal, &filter, select_row, &selection, &end, err);
}

static int list_run(
	struct portal *portal, const void *raw, struct listing *listing, struct portal_error *err)
{
	struct portal_list_end end;
	const int r = notification_list(portal, raw, listing_row, listing, &end, err);

	if (r >= 0)
		listing_end(listing, &end);
	return r;
}

struct count_args {
	const char *company;
};

static int count_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct count_args *args = raw;
	struct notification_count count;
	const int r = notification_count(portal, args->company, &count, err);

	if (r < 0)
		return r;
	reply_show(reply, &notification_count_record, &count);
	return 0;
}

#define COMPANY(S, member, ...) \
	COMPANY_OPTION(S, member, .help = N_("of this company (one's own; the operator: of all)"), \
		__VA_ARGS__)

static const struct command list = {
	.noun = "notification",
	.verb = "list",
	.summary = N_("List what the admins of a company were told"),
	.permission = "notification.list",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct notification_filter),
	.options =
		(const struct arg[]){
			COMPANY(struct notification_filter, company, .flags = 0),
			OPTION(struct notification_filter, unread_only, .name = "unread",
				.help = N_("only what nobody has read yet")),
			OPTION(struct notification_filter, kind, .name = "kind", .metavar = "KIND",
				.help = N_("only of this kind (invite_accepted)")),
			LIST_OPTIONS(struct notification_filter, page, notification_sorts),
			END_OF_LIST,
		},
	.prints = &notification_record,
	.examples =
		(const struct example[]){
			{ "portalctl notification list --unread", N_("what is new") },
			{ "portalctl notification list --kind invite_accepted --format ndjson",
				N_("for a script that acts on it") },
			{ NULL },
		},
	.list = list_run,
};

static const struct command count = {
	.noun = "notification",
	.verb = "count",
	.summary = N_("Count the unread notifications"),
	.permission = "notification.count",
	.needs = NEEDS_READ,
	.args_size = sizeof(struct count_args),
	.options =
		(const struct arg[]){
			COMPANY(struct count_args, company, .flags = 0),
			END_OF_LIST,
		},
	.prints = &notification_count_record,
	.examples =
		(const struct example[]){
			{ "portalctl notification count --json", N_("for a badge") },
			{ NULL },
		},
	.run = count_run,
};

static const struct command read = {
	.noun = "notification",
	.verb = "read",
	.summary = N_("Mark notifications as read, by id or by filter"),
	.action = "read",
	.permission = "notification.read",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_BATCH | COMMAND_BULK,
	.args_size = sizeof(struct read_args),
	.operands =
		(const struct arg[]){
			OPERAND(struct read_args, id, .name = "ID", .flags = ARG_EACH,
				.completes = COMPLETE_ID, .help = N_("the notification's id")),
			END_OF_LIST,
		},
	.options =
		(const struct arg[]){
			COMPANY(struct read_args, filter.company, .flags = ARG_FILTER),
			OPTION(struct read_args, filter.kind, .name = "kind", .metavar = "KIND",
				.flags = ARG_FILTER,
				.help = N_("all unread ones of this kind (invite_accepted)")),
			END_OF_LIST,
		},
	.prints = &notification_record,
	.examples =
		(const struct example[]){
			{ "portalctl notification read --all", N_("everything that is unread") },
			{ NULL },
		},
	.run = read_run,
	.select = select_unread,
};

const struct noun noun_notification = {
	.name = "notification",
	.summary = N_("What the admins of companies are told in the portal"),
	.verbs = (const struct command *const[]){ &list, &count, &read, NULL },
};
