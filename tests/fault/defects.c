/* Faults planted from outside, to see that the campaigns find them. DEFECT is
 * one of: nosync (syncs do nothing), ackearly (the output comes before the
 * work), mute (output vanishes, and was "written"), nolock (locks are not
 * taken). */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is(const char *defect)
{
	const char *planted = getenv("DEFECT");

	return planted && !strcmp(planted, defect);
}

int fdatasync(int fd)
{
	int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");

	return is("nosync") ? 0 : next(fd);
}

int fsync(int fd)
{
	int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");

	return is("nosync") ? 0 : next(fd);
}

ssize_t write(int fd, const void *data, size_t len)
{
	ssize_t (*next)(int, const void *, size_t) =
		(ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");

	return fd == 1 && is("mute") ? (ssize_t)len : next(fd, data, len);
}

int flock(int fd, int how)
{
	int (*next)(int, int) = (int (*)(int, int))dlsym(RTLD_NEXT, "flock");

	return is("nolock") ? 0 : next(fd, how);
}

static int locking(const char *name, int fd, int what, void *argument)
{
	int (*next)(int, int, ...) = (int (*)(int, int, ...))dlsym(RTLD_NEXT, name);

	if (is("nolock") && (what == F_SETLK || what == F_SETLKW))
		return 0;
	return next(fd, what, argument);
}

int fcntl(int fd, int what, ...)
{
	va_list args;
	void *argument;

	va_start(args, what);
	argument = va_arg(args, void *);
	va_end(args);
	return locking("fcntl", fd, what, argument);
}

int fcntl64(int fd, int what, ...)
{
	va_list args;
	void *argument;

	va_start(args, what);
	argument = va_arg(args, void *);
	va_end(args);
	return locking("fcntl64", fd, what, argument);
}

static void say_early(void)
{
	static const char lie[] = "{\"changed\":true}\n";

	if (is("ackearly") && write(1, lie, sizeof(lie) - 1) < 0)
		_exit(1);
}

static int (*real_main)(int, char **, char **);

static int main_after(int argc, char **argv, char **env)
{
	say_early();
	return real_main(argc, argv, env);
}

int __libc_start_main(int (*main_)(int, char **, char **), int argc, char **argv,
	int (*init)(int, char **, char **), void (*fini)(void), void (*rtld)(void), void *end)
{
	int (*next)(int (*)(int, char **, char **), int, char **, int (*)(int, char **, char **),
		void (*)(void), void (*)(void), void *) = (int (*)(int (*)(int, char **, char **),
		int, char **, int (*)(int, char **, char **), void (*)(void), void (*)(void),
		void *))dlsym(RTLD_NEXT, "__libc_start_main");

	real_main = main_;
	return next(main_after, argc, argv, init, fini, rtld, end);
}
