#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* open() takes the lowest free number, which is the closed one. Reading from a closed
 * standard input fails, as it should: it is no empty file. */
static void open_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		if (open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			_exit(1);
	}
}

static void ignore(int signal_number)
{
	const struct sigaction action = { .sa_handler = SIG_IGN };

	sigaction(signal_number, &action, NULL);
}

/* Pages that a full cache lets go and takes again would be given back to the
 * system each time: two thirds of the time of a large import. */
static void keep_freed_memory(void)
{
	mallopt(M_TRIM_THRESHOLD, 64 * 1024 * 1024);
	mallopt(M_TOP_PAD, 256 * 1024);
}

void process_prepare(void)
{
	static const char *const unwanted[] = { "SSLKEYLOGFILE", "OPENSSL_CONF", "OPENSSL_MODULES",
		"OPENSSL_ENGINES", "SQLITE_TMPDIR" };

	umask(077);
	keep_freed_memory();
	open_standard_descriptors();
	ignore(SIGPIPE);
	ignore(SIGXFSZ);
	prctl(PR_SET_DUMPABLE, 0);
	for (size_t i = 0; i < sizeof(unwanted) / sizeof(unwanted[0]); i++)
		unsetenv(unwanted[i]);
}

bool process_take_secret(const char *variable, struct portal_secret *ret)
{
	char *text = getenv(variable);
	const size_t len = text ? strlen(text) : 0;

	if (!text)
		return false;
	*ret = (struct portal_secret){ .len = len < sizeof(ret->text) ? len : 0 };
	memcpy(ret->text, text, ret->len);
	explicit_bzero(text, len);
	unsetenv(variable);
	return true;
}

char *process_actor(char buf[static 32])
{
	snprintf(buf, 32, "uid:%lu", (unsigned long)getuid());
	return buf;
}

const char *process_boot_id(char buf[static PROCESS_BOOT_ID])
{
	const int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t len;

	if (fd < 0)
		return NULL;
	len = read(fd, buf, PROCESS_BOOT_ID - 1);
	close(fd);
	if (len <= 0)
		return NULL;
	buf[len] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return *buf ? buf : NULL;
}

static _Noreturn void say_and_exit(const char *sentence, size_t len)
{
	/* Whether it could be said or not, there is nothing else to do. */
	if (write(STDERR_FILENO, sentence, len) < 0)
		_exit(1);
	_exit(1);
}

void process_out_of_memory(void)
{
	static const char sentence[] = "portalctl: memory ran out; nothing was changed\n";

	say_and_exit(sentence, sizeof(sentence) - 1);
}

void process_out_of_memory_after(void)
{
	static const char sentence[] =
		"portalctl: memory ran out after a change was made; look what is there\n";

	say_and_exit(sentence, sizeof(sentence) - 1);
}
