#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "text.h"

static void close_fd(int *fd)
{
	if (*fd > STDERR_FILENO)
		close(*fd);
}

#define _cleanup_fd_ __attribute__((cleanup(close_fd)))

/* Up to a byte more than allowed, plus the line break: so too long shows. */
static int read_all(int fd, struct portal_secret *secret)
{
	size_t want = SECRET_MAX_BYTES + 2;

	secret->len = 0;
	while (secret->len < want) {
		ssize_t got = read(fd, secret->text + secret->len, want - secret->len);

		if (got == 0)
			return 0;
		if (got < 0 && errno != EINTR)
			return -1;
		if (got > 0)
			secret->len += (size_t)got;
	}
	return 0;
}

static int judge(const char *name, struct portal_secret *secret, struct portal_error *err)
{
	if (secret->len && secret->text[secret->len - 1] == '\n')
		secret->len--;
	if (secret->len > SECRET_MAX_BYTES)
		return portal_fail(err, PORTAL_INVALID, _("the %s has more than %d bytes"), name,
			SECRET_MAX_BYTES);
	if (secret->len == 0)
		return portal_fail(err, PORTAL_USAGE, _("the %s is empty"), name);
	if (memchr(secret->text, '\0', secret->len))
		return portal_fail(err, PORTAL_INVALID_TEXT, _("the %s holds a NUL byte"), name);
	secret->text[secret->len] = '\0';
	return 0;
}

/* What a systemd unit is given by LoadCredential= lies in another folder for each unit. */
static int open_credential(const char *name)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	char path[PATH_MAX];

	if (folder && snprintf(path, sizeof(path), "%s/%s", folder, name) < (int)sizeof(path))
		return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	errno = folder ? ENAMETOOLONG : ENOENT;
	return -1;
}

static int open_file(const char *file)
{
	if (!strcmp(file, "-"))
		return STDIN_FILENO;
	if (!strncmp(file, SECRET_CREDENTIALS, strlen(SECRET_CREDENTIALS)))
		return open_credential(file + strlen(SECRET_CREDENTIALS));
	return open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

int secret_read(
	const char *name, const char *file, struct portal_secret *ret, struct portal_error *err)
{
	_cleanup_fd_ int fd = open_file(file);
	int rc;

	if (fd < 0 || read_all(fd, ret) < 0) {
		rc = portal_fail(err, PORTAL_FAILURE, _("can't read the %s from '%s': %s"), name,
			file, strerror(errno));
		portal_secret_clear(ret);
		return rc;
	}
	rc = judge(name, ret, err);
	if (rc < 0)
		portal_secret_clear(ret);
	return rc;
}

bool secret_is_exposed(const char *file)
{
	struct stat found;

	return strcmp(file, "-") != 0 && stat(file, &found) == 0 && S_ISREG(found.st_mode) &&
	       (found.st_mode & (S_IRWXG | S_IRWXO));
}

/* A signal that came is left pending: it acts when the mask is taken off, after
 * the echo was put back. */
static int wait_for_line(int tty, int signals)
{
	struct pollfd wait[] = { { tty, POLLIN, 0 }, { signals, POLLIN, 0 } };

	while (poll(wait, 2, -1) < 0)
		if (errno != EINTR)
			return -1;
	return wait[1].revents ? -1 : 0;
}

static int read_line(int tty, int signals, struct portal_secret *secret)
{
	ssize_t got;

	secret->len = 0;
	if (wait_for_line(tty, signals) < 0)
		return -1;
	got = read(tty, secret->text, SECRET_MAX_BYTES + 2);
	if (got < 0)
		return -1;
	secret->len = (size_t)got;
	return 0;
}

static int read_without_echo(int tty, struct portal_secret *secret)
{
	struct termios before, silent;
	sigset_t mask, old;
	int rc;

	if (tcgetattr(tty, &before) < 0)
		return -1;
	sigemptyset(&mask);
	sigaddset(&mask, SIGINT);
	sigaddset(&mask, SIGTERM);
	sigaddset(&mask, SIGHUP);
	sigaddset(&mask, SIGQUIT);
	sigaddset(&mask, SIGTSTP);
	sigprocmask(SIG_BLOCK, &mask, &old);
	silent = before;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	silent.c_lflag |= ECHONL;
	tcsetattr(tty, TCSAFLUSH, &silent);
	_cleanup_fd_ int signals = signalfd(-1, &mask, SFD_CLOEXEC);

	rc = signals < 0 ? -1 : read_line(tty, signals, secret);
	tcsetattr(tty, TCSAFLUSH, &before);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return rc;
}

static int ask_once(
	const char *name, const char *how, struct portal_secret *ret, struct portal_error *err)
{
	_cleanup_fd_ int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (tty < 0) {
		portal_fail(err, PORTAL_USAGE,
			_("the %s is missing, and there is no terminal to ask on"), name);
		return portal_hint(err, _("give it with '--%s-file'"), name);
	}
	dprintf(tty, "%s%s: ", name, how);
	if (read_without_echo(tty, ret) < 0)
		return portal_fail(
			err, PORTAL_FAILURE, _("can't read the %s from the terminal"), name);
	return judge(name, ret, err);
}

int secret_ask(const char *name, enum secret_ask times, struct portal_secret *ret,
	struct portal_error *err)
{
	_cleanup_secret_ struct portal_secret again = { 0 };
	int rc = ask_once(name, "", ret, err);

	if (rc == 0 && times == SECRET_ASK_TWICE)
		rc = ask_once(name, _(" (again)"), &again, err);
	if (rc == 0 && times == SECRET_ASK_TWICE &&
		(again.len != ret->len || memcmp(again.text, ret->text, ret->len)))
		rc = portal_fail(err, PORTAL_USAGE, _("the two were not the same"));
	if (rc < 0)
		portal_secret_clear(ret);
	return rc;
}
