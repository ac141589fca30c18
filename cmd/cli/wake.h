/* Waiting, without any work, until somebody has written to a portal, a signal says that
 * it is enough, or a child has ended. */
#ifndef CLI_WAKE_H
#define CLI_WAKE_H

#include <signal.h>
#include <stdint.h>

#include <portal/error.h>

/* Filled by wake_open(), for these functions alone. */
struct wake {
	const char *db, *name;
	uint64_t device, inode;
	int notify, log_watch;
	int signals;
	sigset_t before;
};

enum wake_reason {
	WAKE_NOTHING, /* the time is over */
	WAKE_CHANGE,  /* somebody writes, or has just written */
	WAKE_STOP,    /* SIGINT, SIGTERM or SIGHUP */
	WAKE_CHILD,   /* a child has ended */
	WAKE_CLOSED,  /* nobody reads standard output any more */
};

/* Begins to watch the database @db, and takes those signals until wake_close(). Where
 * the system can't watch files, waiting ends once a second. @db must live as long. */
int wake_open(struct wake *wake, const char *db, struct portal_error *err);

/* Takes the signals, and watches nothing: for wake_pause() alone. To end a watch takes the
 * system up to some hundredths of a second. */
int wake_open_signals(struct wake *wake, const char *db, struct portal_error *err);
void wake_close(struct wake *wake);

/* Waits, at most @timeout_ms. *ret_signal is filled with WAKE_STOP. A commit is seen by
 * readers a moment after it was written: whoever is woken looks more than once. */
enum wake_reason wake_wait(struct wake *wake, int timeout_ms, int *ret_signal);

/* Waits for signals and children alone: WAKE_STOP, WAKE_CHILD, or WAKE_NOTHING. */
enum wake_reason wake_pause(struct wake *wake, int timeout_ms, int *ret_signal);

/* -PORTAL_FAILURE where another file has taken the place of the database. */
int wake_check(const struct wake *wake, struct portal_error *err);

#endif
