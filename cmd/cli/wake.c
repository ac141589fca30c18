#include "wake.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "text.h"

/* A file system of another machine tells nothing of what happens there. */
enum { BLIND_MS = 1000, PATH_BYTES = 4096 };

enum {
	LOG_EVENTS = IN_MODIFY | IN_CLOSE_WRITE,
	FOLDER_EVENTS = IN_CREATE | IN_MOVED_TO,
};

static const char *log_path(const struct wake *wake, char buf[static PATH_BYTES])
{
	const size_t len = strlen(wake->db);

	if (len + sizeof("-wal") > PATH_BYTES)
		return "";
	memcpy(buf, wake->db, len);
	memcpy(buf + len, "-wal", sizeof("-wal"));
	return buf;
}

static const char *folder_path(const struct wake *wake, char buf[static PATH_BYTES])
{
	const size_t len = (size_t)(wake->name - wake->db);

	if (len == 0)
		return ".";
	if (len >= PATH_BYTES)
		return "";
	memcpy(buf, wake->db, len);
	buf[len] = '\0';
	return buf;
}

/* The log alone is watched all the time: other files of its folder are nobody's business.
 * It is a new file when the last reader before had closed it. */
static void watch_log(struct wake *wake)
{
	char path[PATH_BYTES];

	if (wake->notify >= 0)
		wake->log_watch = inotify_add_watch(wake->notify, log_path(wake, path), LOG_EVENTS);
}

static void take_signals(struct wake *wake)
{
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD };
	sigset_t taken;

	sigemptyset(&taken);
	for (size_t i = 0; i < sizeof(stops) / sizeof(*stops); i++)
		sigaddset(&taken, stops[i]);
	sigprocmask(SIG_BLOCK, &taken, &wake->before);
	wake->signals = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
}

int wake_open_signals(struct wake *wake, const char *db, struct portal_error *err)
{
	const char *slash = strrchr(db, '/');
	struct stat found;

	*wake = (struct wake){
		.db = db, .name = slash ? slash + 1 : db, .notify = -1, .log_watch = -1
	};
	take_signals(wake);
	if (wake->signals < 0 || stat(db, &found) < 0) {
		portal_fail(err, PORTAL_FAILURE, _("cannot watch '%s': %s"), db, strerror(errno));
		sigprocmask(SIG_SETMASK, &wake->before, NULL);
		return -PORTAL_FAILURE;
	}
	wake->device = found.st_dev;
	wake->inode = found.st_ino;
	return 0;
}

int wake_open(struct wake *wake, const char *db, struct portal_error *err)
{
	const int r = wake_open_signals(wake, db, err);
	char path[PATH_BYTES];

	if (r < 0)
		return r;
	wake->notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (wake->notify >= 0)
		inotify_add_watch(wake->notify, folder_path(wake, path), FOLDER_EVENTS);
	watch_log(wake);
	return 0;
}

void wake_close(struct wake *wake)
{
	if (wake->notify >= 0)
		close(wake->notify);
	close(wake->signals);
	sigprocmask(SIG_SETMASK, &wake->before, NULL);
}

/* Reads what has come together. Is there something in it about the database? */
static bool read_events(struct wake *wake)
{
	_Alignas(struct inotify_event) char buf[4096];
	bool told = false;
	ssize_t len;

	while ((len = read(wake->notify, buf, sizeof(buf))) > 0) {
		for (const char *at = buf; at < buf + len;) {
			const struct inotify_event *event = (const void *)at;

			told |= event->len == 0 ||
				!strncmp(event->name, wake->name, strlen(wake->name));
			at += sizeof(*event) + event->len;
		}
	}
	if (told)
		watch_log(wake);
	return told;
}

static enum wake_reason read_signal(struct wake *wake, int *ret_signal)
{
	struct signalfd_siginfo info;

	if (read(wake->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return WAKE_NOTHING;
	if (info.ssi_signo == SIGCHLD)
		return WAKE_CHILD;
	*ret_signal = (int)info.ssi_signo;
	return WAKE_STOP;
}

enum wake_reason wake_pause(struct wake *wake, int timeout_ms, int *ret_signal)
{
	struct pollfd signals = { wake->signals, POLLIN, 0 };

	return poll(&signals, 1, timeout_ms) > 0 ? read_signal(wake, ret_signal) : WAKE_NOTHING;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum wake_reason wake_wait(struct wake *wake, int timeout_ms, int *ret_signal)
{
	const bool blind = wake->log_watch < 0;
	const int64_t end = now_ms() + (blind && timeout_ms > BLIND_MS ? BLIND_MS : timeout_ms);

	for (int64_t left = end - now_ms(); left > 0; left = end - now_ms()) {
		struct pollfd fds[] = { { wake->signals, POLLIN, 0 }, { STDOUT_FILENO, 0, 0 },
			{ wake->notify, POLLIN, 0 } };

		if (poll(fds, 3, (int)left) <= 0)
			continue;
		if (fds[0].revents)
			return read_signal(wake, ret_signal);
		if (fds[1].revents & (POLLERR | POLLNVAL))
			return WAKE_CLOSED;
		if (fds[2].revents && read_events(wake))
			return WAKE_CHANGE;
	}
	return blind ? WAKE_CHANGE : WAKE_NOTHING;
}

int wake_check(const struct wake *wake, struct portal_error *err)
{
	struct stat found;

	if (stat(wake->db, &found) == 0 && found.st_dev == wake->device &&
		found.st_ino == wake->inode)
		return 0;
	portal_fail(err, PORTAL_FAILURE, _("'%s' was replaced or removed meanwhile"), wake->db);
	return portal_hint(err, _("start again"));
}
