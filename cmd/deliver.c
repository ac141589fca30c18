/* portalctl deliver */
#include "deliver.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/outbox.h>
#include <portal/settings.h>
#include <portal/text.h>
#include <portal/wa.h>

#include "cli/cli.h"
#include "cli/secret.h"
#include "cli/text.h"
#include "cli/wake.h"

/* How long a loop waits where nothing happens: a message that was put off is due by
 * then, or soon. */
enum { IDLE_MS = 15000 };

struct delivering {
	const struct deliver_args *args;
	struct portal *portal;
	const struct portal_senders *senders;
	struct wake wake;
	enum portal_code kept_by; /* what the last turn of a loop met, and may pass; or PORTAL_OK */
	struct deliver_end *end;
};

static bool is_asked_to_stop(void *arg)
{
	struct delivering *d = arg;

	if (!d->end->signal)
		wake_pause(&d->wake, 0, &d->end->signal);
	return d->end->signal;
}

/* A loop says at once what keeps it from sending, and not each time that it looks. */
static void say(const struct delivering *d, const char *why)
{
	if (d->args->loop)
		dprintf(STDERR_FILENO, "portalctl: %s\n",
			portal_text_printable(portal_arena(d->portal), why));
}

/* What a turn before has met and told of counts no more. */
static void add_unopened(struct delivering *d, size_t channel, const struct portal_error *why)
{
	struct deliver_summary *sum = &d->end->sum;
	struct portal_error *told = &sum->unopened[channel];

	if (!why->code)
		return;
	if (told->code && !strcmp(told->message, why->message))
		return;
	*told = *why;
	sum->stopped++;
	sum->ours += why->code != PORTAL_REMOTE;
	say(d, why->message);
}

/* The same of a channel that a server has stopped. */
static void add_reason(struct delivering *d, const struct deliver_summary *more, int64_t stopped)
{
	char *reason = d->end->reason;

	if (!more->reason)
		return;
	if (stopped && strcmp(reason, more->reason) != 0)
		say(d, arena_printf(portal_arena(d->portal), _("nothing more can be sent: %s"),
			       more->reason));
	snprintf(reason, sizeof(d->end->reason), "%s", more->reason);
	d->end->sum.reason = reason;
}

static void add(struct delivering *d, const struct deliver_summary *more)
{
	struct deliver_summary *sum = &d->end->sum;
	int64_t unopened = 0;

	for (size_t i = 0; i < DELIVER_CHANNELS; i++) {
		unopened += more->unopened[i].code != PORTAL_OK;
		add_unopened(d, i, &more->unopened[i]);
	}
	sum->sent += more->sent;
	sum->deferred += more->deferred;
	sum->failed += more->failed;
	sum->unknown += more->unknown;
	sum->stopped += more->stopped - unopened;
	sum->ours += more->ours - unopened;
	add_reason(d, more, more->stopped - unopened);
}

/* What servers are shown, and why it could not be read. */
struct secrets {
	struct portal_secret smtp_password, whatsapp_token;
	struct portal_error smtp_unread, whatsapp_unread;
};

static void wipe(struct secrets *secrets)
{
	portal_secret_clear(&secrets->smtp_password);
	portal_secret_clear(&secrets->whatsapp_token);
}

static const struct portal_secret *if_any(const struct portal_secret *secret)
{
	return secret->len ? secret : NULL;
}

static const struct portal_error *if_failed(const struct portal_error *err)
{
	return err->code ? err : NULL;
}

/* What clients sent is fetched by whoever sends: with the same token, at the same time.
 * What has stopped sending has been told. */
static int fetch(struct delivering *d, const struct deliver_request *request, bool has_stopped,
	struct portal_error *err)
{
	struct wa_media_summary media = { .fetched = 0 };
	const int r = wa_media_fetch(d->portal, request, &media, err);

	d->end->sum.fetched += media.fetched;
	if (r >= 0 && !has_stopped)
		add_unopened(d, DELIVER_WHATSAPP, &media.unopened);
	return r;
}

/* A secret that can't be read keeps its own channel from sending, and no other. A loop reads
 * them again at each turn: they may have been replaced. */
static void read_secrets(const struct portal_senders *senders, struct secrets *ret)
{
	const char *password = senders->smtp.password_file, *token = senders->whatsapp.token_file;

	wipe(ret);
	ret->smtp_unread.code = ret->whatsapp_unread.code = PORTAL_OK;
	if (senders->smtp.user && password)
		secret_read("smtp.password", password, &ret->smtp_password, &ret->smtp_unread);
	if (senders->whatsapp.phone_number_id && token)
		secret_read("whatsapp.token", token, &ret->whatsapp_token, &ret->whatsapp_unread);
}

/* Until there is nothing to be sent. */
static int deliver_once(
	struct delivering *d, const struct secrets *secrets, struct portal_error *err)
{
	const struct deliver_request request = { .channel = d->args->channel,
		.max_seconds = d->args->max_seconds,
		.smtp_password = if_any(&secrets->smtp_password),
		.whatsapp_token = if_any(&secrets->whatsapp_token),
		.smtp_unread = if_failed(&secrets->smtp_unread),
		.whatsapp_unread = if_failed(&secrets->whatsapp_unread),
		.stop = is_asked_to_stop,
		.stop_arg = d };
	struct deliver_summary summary;
	int r;

	r = portal_deliver(d->portal, &request, &summary, err);
	if (r >= 0)
		add(d, &summary);
	if (r >= 0 && !d->end->signal)
		r = fetch(d, &request, summary.stopped > 0, err);
	portal_forget(d->portal);
	return r;
}

/* What others do to the database, or to its disk, ends no loop: it may pass. */
static int stay(struct delivering *d, int r, struct portal_error *err)
{
	const enum portal_code code = r < 0 ? err->code : PORTAL_OK;
	const bool may_pass =
		code == PORTAL_BUSY || code == PORTAL_NO_SPACE || code == PORTAL_READ_ONLY;

	if (!d->args->loop || (r < 0 && !may_pass))
		return r;
	if (code != PORTAL_OK && code != d->kept_by)
		say(d, err->message);
	d->kept_by = code;
	*err = (struct portal_error){ .arena = err->arena };
	return 0;
}

/* Another database in the place of this one is sent from by whoever has opened that: what
 * was restored would go out twice. */
static int take_turn(struct delivering *d, struct secrets *secrets, struct portal_error *err)
{
	const int r = wake_check(&d->wake, err);

	if (r < 0)
		return r;
	read_secrets(d->senders, secrets);
	return stay(d, deliver_once(d, secrets, err), err);
}

/* What it could not write is no news of others. */
static void rest(struct delivering *d)
{
	if (d->kept_by != PORTAL_OK)
		wake_pause(&d->wake, IDLE_MS, &d->end->signal);
	else
		wake_wait(&d->wake, IDLE_MS, &d->end->signal);
}

/* Until there is nothing to be sent, and then, in a loop, until there is something. */
static int deliver(struct delivering *d, struct secrets *secrets, struct portal_error *err)
{
	int r;

	do {
		r = take_turn(d, secrets, err);
		if (r >= 0 && d->args->loop && !d->end->signal)
			rest(d);
	} while (r >= 0 && d->args->loop && !d->end->signal);
	return r;
}

static int tell_unopened(const struct deliver_summary *sum, struct portal_error *err)
{
	const struct portal_error *whatsapp = &sum->unopened[DELIVER_WHATSAPP];
	const struct portal_error *email = &sum->unopened[DELIVER_EMAIL];
	const struct portal_error *first = whatsapp->code ? whatsapp : email;

	if (!first->code)
		return 0;
	portal_fail(err, first->code, first != email && email->code ? "%s; %s" : "%s",
		first->message, email->message);
	return portal_hint(err, "%s", *first->hint ? first->hint : "portalctl config check");
}

int deliver_tell(const struct deliver_summary *sum, struct portal_error *err)
{
	const enum portal_code none = sum->ours ? PORTAL_FAILURE : PORTAL_REMOTE;
	const int64_t lost = sum->failed + sum->unknown;
	const int r = tell_unopened(sum, err);

	if (r < 0)
		return r;
	if (sum->stopped) {
		portal_fail(err, none, _("nothing more can be sent: %s"), sum->reason);
		return portal_hint(err, "portalctl config check");
	}
	if (!lost)
		return 0;
	portal_fail(err, sum->sent ? PORTAL_PARTIAL : none,
		P_("%lld message was not sent: %s", "%lld messages were not sent: %s", lost),
		(long long)lost, sum->reason);
	return portal_hint(
		err, "portalctl outbox list --state %s", sum->failed ? "failed" : "unknown");
}

/* Only a loop waits for what comes. */
static int open_wake(struct delivering *d, const char *db, struct portal_error *err)
{
	return d->args->loop ? wake_open(&d->wake, db, err) : wake_open_signals(&d->wake, db, err);
}

int deliver_all(struct portal *portal, const struct portal_options *options,
	const struct deliver_args *args, struct deliver_end *ret_end, struct portal_error *err)
{
	__attribute__((cleanup(wipe))) struct secrets secrets = { .smtp_password.len = 0 };
	struct delivering d = {
		.args = args, .portal = portal, .senders = options->senders, .end = ret_end
	};
	int r;

	*ret_end = (struct deliver_end){ .signal = 0 };
	r = open_wake(&d, options->db, err);
	if (r < 0)
		return r;
	r = deliver(&d, &secrets, err);
	wake_close(&d.wake);
	return r;
}

static int run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct deliver_args *args = raw;
	struct deliver_end end;
	int r;

	if (args->loop && reply_options(reply)->dry_run)
		return portal_fail(
			err, PORTAL_USAGE, _("'--loop' and '--dry-run' don't go together"));
	r = deliver_all(portal, reply_options(reply), args, &end, err);
	if (r < 0)
		return r;
	reply_changed(reply, &deliver_summary_record, &end.sum,
		end.sum.sent ? REPLY_CHANGED : REPLY_UNCHANGED);
	reply_say(reply, _("sent: %lld, to be tried again: %lld"), (long long)end.sum.sent,
		(long long)end.sum.deferred);
	if (end.signal)
		reply_stopped(reply, end.signal);
	return end.signal ? 0 : deliver_tell(&end.sum, err);
}

extern const struct command cmd_deliver;

const struct command cmd_deliver = {
	.verb = "deliver",
	.summary = N_("Send what waits in the outbox"),
	.action = "delivered",
	.permission = "portal.deliver",
	.needs = NEEDS_WRITE,
	.flags = COMMAND_CHECKS | COMMAND_SENDS,
	.args_size = sizeof(struct deliver_args),
	.options =
		(const struct arg[]){
			OPTION(struct deliver_args, channel, .name = "channel",
				.metavar = "CHANNEL", .words = outbox_channels,
				.help = N_("through this channel alone")),
			OPTION(struct deliver_args, max_seconds, .name = "max-seconds",
				.metavar = "N", .fallback = "300", .flags = ARG_POSITIVE,
				.help = N_("begin no message after so many seconds")),
			OPTION(struct deliver_args, loop, .name = "loop",
				.help = N_("go on, and send what comes as it comes, until a signal "
					   "ends it")),
			END_OF_LIST,
		},
	.prints = &deliver_summary_record,
	.examples =
		(const struct example[]){
			{ "portalctl -q deliver", N_("from cron: silent when all is well") },
			{ "portalctl deliver --channel email --max-seconds 50 --json",
				N_("every minute, and never two minutes at a time") },
			{ NULL },
		},
	.run = run,
};
