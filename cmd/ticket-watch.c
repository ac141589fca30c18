/* portalctl ticket watch. */
#include <portal/ticket-watch.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>

#include "cli/cli.h"
#include "cli/hook.h"
#include "cli/text.h"
#include "cli/wake.h"
#include "ticket.h"

struct watch_args {
	int64_t since;
	const char *exec;
	bool once;
};

/* PAUSE_MS: what is written in one go is looked at once. */
enum { PAUSE_MS = 50, IDLE_MS = 60000 };

struct watch {
	const struct watch_args *args;
	struct portal *portal;
	struct reply *reply;
	struct wake wake;
	const char *program;
	int64_t since;
	int signal;
	bool has_title;
};

/* Whoever looks once learns it at the end, as a failure; whoever stays, now. */
static void program_failed(
	const struct watch *watch, int64_t id, int status, struct portal_error *err)
{
	if (watch->args->once) {
		portal_fail(err, PORTAL_FAILURE, _("'%s' failed for event %lld: exit status %d"),
			watch->args->exec, (long long)id, status);
		portal_fault_add(err);
		return;
	}
	dprintf(STDERR_FILENO, _("portalctl: '%s' failed for event %lld: exit status %d\n"),
		watch->args->exec, (long long)id, status);
}

/* The event that the program is told of counts as told when it has ended: an id that was
 * printed is one to go on after. A program that fails holds up no other event. */
static void tell_program(
	struct watch *watch, const struct ticket_news *news, struct portal_error *err)
{
	char id[24];
	const char *const words[] = { watch->args->exec, news->kind, news->ticket_number, id,
		NULL };
	const char *text = reply_stream_json(watch->reply, news);
	struct hook_end end;

	snprintf(id, sizeof(id), "%lld", (long long)news->id);
	end = hook_run(&watch->wake, watch->program, words, text, strlen(text));
	watch->signal = end.signal;
	if (end.status && !end.signal)
		program_failed(watch, news->id, end.status, err);
}

static int deliver(struct watch *watch, const struct ticket_news *news, struct portal_error *err)
{
	if (watch->program)
		tell_program(watch, news, err);
	if (watch->signal)
		return 0;
	watch->since = news->id;
	return reply_stream(watch->reply, news, err);
}

/* All that is new: a program may take its time, and no transaction is open meanwhile. */
static int look(struct watch *watch, struct portal_error *err)
{
	struct ticket_news_page page;
	int r;

	do {
		r = ticket_news_read(watch->portal, watch->since, &page, err);
		for (int64_t i = 0; r >= 0 && !watch->signal && i < page.count; i++)
			r = deliver(watch, &page.items[i], err);
		if (r >= 0 && !watch->signal)
			watch->since = page.until;
		portal_forget(watch->portal);
	} while (r >= 0 && !watch->signal && page.count == TICKET_NEWS_MAX);
	return r;
}

static bool wants_title(void)
{
	const char *term = getenv("TERM");

	return isatty(STDERR_FILENO) && term && strcmp(term, "dumb") != 0;
}

/* The badge, where everybody sees it. The terminal keeps the title it had. */
static void set_title(struct watch *watch)
{
	struct ticket_count count;
	struct portal_error ignored = { 0 };

	if (!wants_title() || ticket_count(watch->portal, NULL, 0, &count, &ignored) < 0)
		return;
	if (!watch->has_title)
		dprintf(STDERR_FILENO, "\033[22;2t");
	watch->has_title = true;
	dprintf(STDERR_FILENO, "\033]2;");
	dprintf(STDERR_FILENO, P_("%lld new ticket", "%lld new tickets", count.count),
		(long long)count.count);
	dprintf(STDERR_FILENO, "\007");
}

static void restore_title(const struct watch *watch)
{
	if (watch->has_title)
		dprintf(STDERR_FILENO, "\033]2;\007\033[23;2t");
}

static int closed(struct portal_error *err)
{
	return portal_fail(
		err, PORTAL_OUTPUT, _("the output could not be written: %s"), strerror(EPIPE));
}

/* Waits for the next look. After a change there are several, as a commit shows a moment
 * after it was written; then none for a minute, but when something happens. */
static int wait(struct watch *watch, size_t *looks, struct portal_error *err)
{
	static const int delays_ms[] = { 100, 300, 1000, 3000 };
	const size_t count = sizeof(delays_ms) / sizeof(*delays_ms);
	const int delay = *looks < count ? delays_ms[(*looks)++] : IDLE_MS;

	switch (wake_wait(&watch->wake, delay, &watch->signal)) {
	case WAKE_CHANGE:
		*looks = 0;
		wake_pause(&watch->wake, PAUSE_MS, &watch->signal);
		return wake_check(&watch->wake, err);
	case WAKE_CLOSED:
		return closed(err);
	case WAKE_NOTHING:
	case WAKE_STOP:
	case WAKE_CHILD:
		break;
	}
	return 0;
}

static int watch_on(struct watch *watch, struct portal_error *err)
{
	size_t looks = 0;
	int r = look(watch, err);

	while (r >= 0 && !watch->signal && !watch->args->once) {
		set_title(watch);
		portal_forget(watch->portal);
		r = wait(watch, &looks, err);
		if (r >= 0 && !watch->signal)
			r = look(watch, err);
	}
	restore_title(watch);
	return r;
}

/* Where to begin is read before the watch: nothing falls between. */
static int watch_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct watch_args *args = raw;
	struct watch watch = {
		.args = args, .portal = portal, .reply = reply, .since = args->since
	};
	struct arena *arena = reply_arena(reply);
	int r = 0;

	if (args->since < -1)
		return portal_fail(err, PORTAL_USAGE, _("'--since' is an id, 0 or -1"));
	if (args->exec)
		r = hook_find(arena, args->exec, &watch.program, err);
	if (r >= 0)
		r = wake_open(&watch.wake, reply_options(reply)->db, err);
	if (r < 0)
		return r;
	r = watch_on(&watch, err);
	wake_close(&watch.wake);
	if (r < 0 || !watch.signal)
		return r < 0 ? r : portal_faults_end(err);
	reply_stopped(reply, watch.signal);
	return r;
}

const struct command ticket_watch = {
	.noun = "ticket",
	.verb = "watch",
	.summary = N_("Tell of new tickets and messages as they come, a line of JSON each"),
	.permission = "ticket.watch",
	.needs = NEEDS_READ,
	.flags = COMMAND_STREAM,
	.args_size = sizeof(struct watch_args),
	.options =
		(const struct arg[]){
			OPTION(struct watch_args, since, .name = "since", .metavar = "ID",
				.fallback = "-1",
				.help = N_("go on after this id: the last that was printed; 0 is "
					   "all there ever was, -1 what comes from now on")),
			OPTION(struct watch_args, exec, .name = "exec", .metavar = "PROGRAM",
				.completes = COMPLETE_FILE,
				.help = N_(
					"run this for each, with its line to read; its "
					"arguments are the kind, the ticket's number and the id")),
			OPTION(struct watch_args, once, .name = "once",
				.help = N_("tell what there is, and end")),
			END_OF_LIST,
		},
	.prints = &ticket_news_record,
	.examples =
		(const struct example[]){
			{ TICKET_EXAMPLE "portalctl ticket watch --since 0 --once",
				N_("what there is already") },
			{ "timeout --preserve-status -s TERM 1 portalctl ticket watch || "
			  "test $? = 143",
				N_("for a second, as a service manager ends it") },
			{ NULL },
		},
	.run = watch_run,
};
