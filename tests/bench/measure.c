/* measure RESULT INPUT COMMAND...   Runs COMMAND once, its input from the file
 * INPUT, its output to nowhere, and writes "microseconds kilobytes status" to
 * the file RESULT: time from its start to its end, peak memory, exit status.
 * A small C program, because what a child is started from counts in its peak. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int fail(const char *what)
{
	perror(what);
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t files;
	struct rusage usage;
	long long start;
	pid_t child;
	int status;
	FILE *result;

	if (argc < 4)
		return fail("usage: measure RESULT INPUT COMMAND...");
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, argv[2], O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	start = now_us();
	errno = posix_spawnp(&child, argv[3], &files, NULL, argv + 3, environ);
	if (errno || wait4(child, &status, 0, &usage) < 0)
		return fail(argv[3]);
	start = now_us() - start;
	posix_spawn_file_actions_destroy(&files);
	result = fopen(argv[1], "w");
	if (!result)
		return fail(argv[1]);
	fprintf(result, "%lld %ld %d\n", start, usage.ru_maxrss,
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return fclose(result) ? fail(argv[1]) : EXIT_SUCCESS;
}
