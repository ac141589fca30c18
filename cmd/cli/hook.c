#include "hook.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <portal/arena.h>

#include "text.h"

extern char **environ;

enum { NOT_STARTED = 127, BY_SIGNAL = 128, PATIENCE_MS = 5000, LONG_MS = 60000 };

static bool can_run(const char *path)
{
	struct stat found;

	return stat(path, &found) == 0 && S_ISREG(found.st_mode) && access(path, X_OK) == 0;
}

static const char *search(struct arena *arena, const char *program)
{
	const char *folders = getenv("PATH");

	while (folders && *folders) {
		const size_t len = strcspn(folders, ":");
		const char *path = arena_printf(arena, "%.*s/%s", (int)len, folders, program);

		if (len > 0 && can_run(path))
			return path;
		folders += len + (folders[len] == ':');
	}
	return NULL;
}

int hook_find(
	struct arena *arena, const char *program, const char **ret_path, struct portal_error *err)
{
	const char *path = strchr(program, '/') ? program : search(arena, program);

	if (path && *program && can_run(path)) {
		*ret_path = path;
		return 0;
	}
	portal_fail(err, PORTAL_USAGE, _("'%s' is not a program that can be run"), program);
	return portal_about_field(err, "exec");
}

/* A file that nobody else sees: a program that reads nothing holds up nobody. */
static int make_input(const char *input, size_t len)
{
	const int fd = memfd_create("event", MFD_CLOEXEC);

	while (fd >= 0 && len > 0) {
		const ssize_t done = write(fd, input, len);

		if (done < 0 && errno != EINTR) {
			close(fd);
			return -1;
		}
		input += done < 0 ? 0 : done;
		len -= done < 0 ? 0 : (size_t)done;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

/* The program gets its signals as if it had been started by hand. */
static int start(
	const struct wake *wake, const char *path, const char *const *words, int input, pid_t *ret)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t plain;
	int error;

	sigemptyset(&plain);
	sigaddset(&plain, SIGPIPE);
	sigaddset(&plain, SIGXFSZ);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &wake->before);
	posix_spawnattr_setsigdefault(&attributes, &plain);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
	error = posix_spawn(
		ret, path, &actions, &attributes, (char *const *)(uintptr_t)words, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	return error;
}

static struct hook_end await(struct wake *wake, pid_t child)
{
	struct hook_end end = { 0, 0 };
	int status = 0, patience = LONG_MS;

	while (waitpid(child, &status, WNOHANG) == 0) {
		const enum wake_reason reason = wake_pause(wake, patience, &end.signal);

		if (reason == WAKE_STOP) {
			kill(child, SIGTERM);
			patience = PATIENCE_MS;
		} else if (reason == WAKE_NOTHING && end.signal) {
			kill(child, SIGKILL);
		}
	}
	end.status = WIFSIGNALED(status) ? BY_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
	return end;
}

struct hook_end hook_run(struct wake *wake, const char *path, const char *const *words,
	const char *input, size_t len)
{
	const int fd = make_input(input, len);
	pid_t child;
	int error;

	if (fd < 0)
		return (struct hook_end){ NOT_STARTED, 0 };
	error = start(wake, path, words, fd, &child);
	close(fd);
	return error ? (struct hook_end){ NOT_STARTED, 0 } : await(wake, child);
}
