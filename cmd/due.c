/* portalctl due */
#include <portal/due.h>

#include <portal/arena.h>

#include "cli/cli.h"
#include "cli/text.h"
#include "deliver.h"

struct due_args {
	int64_t max_seconds;
};

struct doing {
	struct portal *portal;
	const struct portal_options *options;
	const struct due_args *args;
	struct portal_due due;
	bool changed;
	struct deliver_end end;
	struct portal_error *err;
};

static int send(struct doing *d, struct portal_error *err)
{
	const struct deliver_args args = { .max_seconds = d->args->max_seconds };
	const struct deliver_summary *sum = &d->end.sum;
	const int r = deliver_all(d->portal, d->options, &args, &d->end, err);

	d->due.messages_sent = d->options->dry_run ? sum->deferred : sum->sent;
	d->due.messages_deferred = d->options->dry_run ? 0 : sum->deferred;
	d->due.messages_failed = sum->failed;
	d->due.messages_unknown = sum->unknown;
	d->due.channels_stopped = sum->stopped;
	d->due.files_fetched = sum->fetched;
	d->due.reason = sum->reason;
	d->changed = d->changed || d->due.messages_sent;
	return r < 0 || d->end.signal ? r : deliver_tell(sum, err);
}

/* In a rehearsal, what it would queue is among what it would send. */
static int rehearse(void *arg)
{
	struct doing *d = arg;
	int r = portal_do_due(d->portal, &d->due, d->err);

	d->changed = r > 0;
	return r < 0 ? r : send(d, d->err);
}

/* What fails in here keeps no message from being sent; whoever may not do this may not
 * send either. */
static int do_due(struct doing *d)
{
	struct portal_error unheard = { 0 };
	const int r = portal_do_due(d->portal, &d->due, d->err);

	d->changed = r > 0;
	if (r < 0 && r != -PORTAL_DENIED)
		send(d, &unheard);
	return r;
}

/* "invites expired: 1, messages sent: 2"; what there is none of is left out. */
static void say(struct reply *reply, const struct doing *d)
{
	const struct portal_due *due = &d->due;
	const struct {
		const char *text;
		int64_t count;
	} parts[] = {
		{ N_("invites expired: %lld"), due->invites_expired },
		{ N_("sales expired: %lld"), due->sales_expired },
		{ N_("tasks made: %lld"), due->tasks_made },
		{ N_("reminders of tasks: %lld"), due->tasks_reminded },
		{ N_("files removed: %lld"), due->files_removed },
		{ N_("web hooks read: %lld"), due->webhooks_read },
		{ N_("conversations ended: %lld"), due->conversations_ended },
		{ N_("windows about to close: %lld"), due->conversations_warned },
		{ N_("files fetched: %lld"), due->files_fetched },
		{ d->options->dry_run ? N_("messages to be sent: %lld") : N_("messages sent: %lld"),
			due->messages_sent },
		{ N_("messages to be tried again: %lld"), due->messages_deferred },
	};
	const char *said = NULL;

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i].count)
			said = arena_printf(reply_arena(reply), "%s%s%s", said ? said : "",
				said ? ", " : "",
				arena_printf(reply_arena(reply), _(parts[i].text),
					(long long)parts[i].count));
	reply_say(reply, "%s", said ? said : _("nothing was due"));
}

static int run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	struct doing d = {
		.portal = portal, .options = reply_options(reply), .args = raw, .err = err
	};
	int r = d.options->dry_run ? portal_transact(portal, rehearse, &d, err) : do_due(&d);

	if (r < 0)
		return r;
	if (!d.options->dry_run)
		r = send(&d, err);
	reply_changed(
		reply, &portal_due_record, &d.due, d.changed ? REPLY_CHANGED : REPLY_UNCHANGED);
	say(reply, &d);
	if (d.end.signal)
		reply_stopped(reply, d.end.signal);
	return r;
}

extern const struct command cmd_due;

const struct command cmd_due = {
	.verb = "due",
	.summary = N_("Do all that is due: the one command for cron"),
	.action = "done",
	.permission = "portal.due",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_LONG | COMMAND_CHECKS | COMMAND_SENDS,
	.args_size = sizeof(struct due_args),
	.options =
		(const struct arg[]){
			OPTION(struct due_args, max_seconds, .name = "max-seconds", .metavar = "N",
				.fallback = "300", .flags = ARG_POSITIVE,
				.help = N_("begin to send no message after so many seconds")),
			END_OF_LIST,
		},
	.prints = &portal_due_record,
	.examples =
		(const struct example[]){
			{ "portalctl -q due", N_("from cron: silent when all is well") },
			{ "portalctl due --dry-run --json",
				N_("what it would do, and how many messages it would send") },
			{ NULL },
		},
	.run = run,
};
