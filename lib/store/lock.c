/* Writers queue on flock("<path>.lock"): the kernel wakes them in order, which
 * SQLite's own busy handler does not, and no commit or checkpoint of one
 * process ever meets one of another (the WAL-reset fault of SQLite < 3.51.3). */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"

/* flock() has no deadline, and only a signal could end it, which would be the
 * program's own. So a thread waits in the kernel's queue, and whoever asked waits
 * for the thread as long as it likes. A thread that nobody waits for any more has
 * the file to itself, and gives the lock back by closing it. */
struct waiting {
	pthread_mutex_t mutex;
	pthread_cond_t ended;
	int fd;
	int number; /* an errno, or 0 */
	bool done, abandoned;
};

static void drop(struct waiting *waiting)
{
	pthread_cond_destroy(&waiting->ended);
	pthread_mutex_destroy(&waiting->mutex);
	free(waiting);
}

static int flock_whole(int fd)
{
	int rc;

	do
		rc = flock(fd, LOCK_EX);
	while (rc < 0 && errno == EINTR);
	return rc < 0 ? errno : 0;
}

static void *wait_in_queue(void *arg)
{
	struct waiting *waiting = arg;
	const int number = flock_whole(waiting->fd);
	bool abandoned;

	pthread_mutex_lock(&waiting->mutex);
	waiting->number = number;
	waiting->done = true;
	abandoned = waiting->abandoned;
	pthread_cond_signal(&waiting->ended);
	pthread_mutex_unlock(&waiting->mutex);
	if (abandoned) {
		close(waiting->fd);
		drop(waiting);
	}
	return NULL;
}

/* The thread takes no signals: they are the program's. Returns an errno. */
static int start_waiting(struct waiting *waiting, pthread_t *ret_thread)
{
	sigset_t all, before;
	int number;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	number = pthread_create(ret_thread, NULL, wait_in_queue, waiting);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return number;
}

static bool ends_in_time(struct waiting *waiting, int64_t wait_ms)
{
	const int64_t end_ms = monotonic_ms() + wait_ms;
	const struct timespec end = { .tv_sec = end_ms / 1000, .tv_nsec = end_ms % 1000 * 1000000 };
	int number = 0;
	bool done;

	pthread_mutex_lock(&waiting->mutex);
	while (!waiting->done && number == 0)
		number = pthread_cond_clockwait(
			&waiting->ended, &waiting->mutex, CLOCK_MONOTONIC, &end);
	done = waiting->done;
	waiting->abandoned = !done;
	pthread_mutex_unlock(&waiting->mutex);
	return done;
}

static int flock_at_once(const struct store *store)
{
	return flock(store->lock_fd, LOCK_EX | LOCK_NB) < 0 ? errno : 0;
}

/* Where this user may have no more threads: later than others, but not at once
 * without it. */
static int flock_outside_queue(const struct store *store)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	const int64_t end_ms = monotonic_ms() + store->wait_ms;
	int number;

	do {
		nanosleep(&pause, NULL);
		number = flock_at_once(store);
	} while (number == EWOULDBLOCK && monotonic_ms() < end_ms);
	return number;
}

/* Returns 0 with the lock, EWOULDBLOCK when the time is over, or another errno. */
static int flock_until(struct store *store)
{
	struct waiting *waiting = calloc(1, sizeof(*waiting));
	pthread_t thread;
	int number;

	if (!waiting)
		return ENOMEM;
	pthread_mutex_init(&waiting->mutex, NULL);
	pthread_cond_init(&waiting->ended, NULL);
	waiting->fd = store->lock_fd;
	if (start_waiting(waiting, &thread) != 0) {
		drop(waiting);
		return flock_outside_queue(store);
	}
	if (!ends_in_time(waiting, store->wait_ms)) {
		store->lock_fd = -1;
		pthread_detach(thread);
		return EWOULDBLOCK;
	}
	pthread_join(thread, NULL);
	number = waiting->number;
	drop(waiting);
	return number;
}

/* Opens the lock file, or makes it and remembers that. */
static int open_or_make(struct store *store, const char *name)
{
	const int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
	int fd;

	do {
		fd = open(name, flags);
		if (fd >= 0 || errno != ENOENT)
			return fd;
		fd = open(name, flags | O_CREAT | O_EXCL, 0600);
	} while (fd < 0 && errno == EEXIST);
	store->made_lock = fd >= 0;
	return fd;
}

static int open_lock_file(struct store *store, struct portal_error *err)
{
	char *name = NULL;
	int code;

	if (asprintf(&name, "%s.lock", store->file) < 0)
		return portal_fail(err, PORTAL_NO_MEMORY, _("out of memory"));
	store->lock_fd = open_or_make(store, name);
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

/* Those who wait show it by a lock of their own, which they share, on the first byte of
 * the same file; it has nothing to do with flock(), and it ends with its holder. */
static struct flock waiting_mark(short type)
{
	return (struct flock){ .l_type = type, .l_whence = SEEK_SET, .l_len = 1 };
}

/* That it could not be said costs patience alone. */
static void mark_waiting(const struct store *store, short type)
{
	struct flock mark = waiting_mark(type);

	fcntl(store->lock_fd, F_OFD_SETLK, &mark);
}

static bool others_wait(const struct store *store)
{
	struct flock mark = waiting_mark(F_WRLCK);

	return fcntl(store->lock_fd, F_OFD_GETLK, &mark) < 0 || mark.l_type != F_UNLCK;
}

/* Whoever has just given the lock back lets those in who were waiting for it:
 * the kernel wakes them, but does not keep the lock for them. */
static void let_others_in(struct store *store)
{
	const struct timespec while_they_wake = { .tv_nsec = 500000 };

	if (store->had_lock && store->lock_fd >= 0 && others_wait(store))
		nanosleep(&while_they_wake, NULL);
	store->had_lock = true;
}

static int not_locked(const struct store *store, int number, struct portal_error *err)
{
	if (number == EWOULDBLOCK || number == EINTR) {
		portal_fail(err, PORTAL_BUSY, _("other programs are writing to '%s'"), store->path);
		return portal_hint(err, _("try again, or wait longer with --wait"));
	}
	return portal_fail(err, number == ENOMEM ? PORTAL_NO_MEMORY : PORTAL_FAILURE,
		_("cannot lock '%s': %s"), store->path, strerror(number));
}

int store_lock(struct store *store, struct portal_error *err)
{
	int r, number;

	let_others_in(store);
	if (store->lock_fd < 0 && (r = open_lock_file(store, err)) < 0)
		return r;
	number = flock_at_once(store);
	if ((number == EWOULDBLOCK || number == EINTR) && store->wait_ms > 0) {
		mark_waiting(store, F_RDLCK);
		number = flock_until(store);
		if (store->lock_fd >= 0)
			mark_waiting(store, F_UNLCK);
	}
	return number ? not_locked(store, number, err) : 0;
}

void store_unlock(struct store *store)
{
	if (store->lock_fd >= 0)
		flock(store->lock_fd, LOCK_UN);
}
