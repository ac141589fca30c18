/* Writers queue on flock("<path>.lock"): the kernel wakes them in order, which
 * SQLite's own busy handler does not, and no commit or checkpoint of one
 * process ever meets one of another (the WAL-reset fault of SQLite < 3.51.3). */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"

static int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wake(int signal_number)
{
	(void)signal_number;
}

/* flock() has no deadline of its own; a timer that only interrupts gives it
 * one and keeps the kernel's queue. The timer repeats, so that a signal which
 * comes just before the call is not the last. */
static int flock_until(int fd, int64_t deadline_ms)
{
	const struct sigaction interrupt = { .sa_handler = wake };
	const struct itimerval tick = { .it_interval.tv_usec = 50000, .it_value.tv_usec = 50000 };
	const struct itimerval none = { 0 };
	struct sigaction before;
	int rc, saved;

	sigaction(SIGALRM, &interrupt, &before);
	setitimer(ITIMER_REAL, &tick, NULL);
	do
		rc = flock(fd, LOCK_EX);
	while (rc < 0 && errno == EINTR && monotonic_ms() < deadline_ms);
	saved = errno;
	setitimer(ITIMER_REAL, &none, NULL);
	sigaction(SIGALRM, &before, NULL);
	errno = saved;
	return rc;
}

static int open_lock_file(struct store *store, struct portal_error *err)
{
	char *name = NULL;
	int code;

	if (asprintf(&name, "%s.lock", store->path) < 0)
		return portal_fail(err, PORTAL_NO_MEMORY, _("out of memory"));
	store->lock_fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (store->lock_fd >= 0) {
		free(name);
		return 0;
	}
	code = errno == EROFS || errno == EACCES    ? PORTAL_READ_ONLY
	       : errno == ENOSPC || errno == EDQUOT ? PORTAL_NO_SPACE
						    : PORTAL_FAILURE;
	code = portal_fail(err, (enum portal_code)code, _("cannot open the lock file '%s': %s"),
		name, strerror(errno));
	free(name);
	return code;
}

/* Whoever has just given the lock back lets those in who were waiting for it:
 * the kernel wakes them, but does not keep the lock for them. */
static void let_others_in(struct store *store)
{
	const struct timespec while_they_wake = { .tv_nsec = 500000 };

	if (store->had_lock)
		nanosleep(&while_they_wake, NULL);
	store->had_lock = true;
}

int store_lock(struct store *store, struct portal_error *err)
{
	int r;

	let_others_in(store);
	if (store->lock_fd < 0 && (r = open_lock_file(store, err)) < 0)
		return r;
	if (flock(store->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno != EWOULDBLOCK && errno != EINTR)
		return portal_fail(err, PORTAL_FAILURE, _("cannot lock '%s': %s"), store->path,
			strerror(errno));
	if (flock_until(store->lock_fd, monotonic_ms() + store->wait_ms) == 0)
		return 0;
	portal_fail(err, PORTAL_BUSY, _("other programs are writing to '%s'"), store->path);
	return portal_hint(err, _("try again, or wait longer with --wait"));
}

void store_unlock(struct store *store)
{
	if (store->lock_fd >= 0)
		flock(store->lock_fd, LOCK_UN);
}
