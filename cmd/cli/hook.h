/* Programs of the user's own that are run for something that happened. */
#ifndef CLI_HOOK_H
#define CLI_HOOK_H

#include <stddef.h>

#include "wake.h"

struct arena;

/* Finds @program by its path, or in PATH where it has no slash. -PORTAL_USAGE where there
 * is none that can be run. */
int hook_find(
	struct arena *arena, const char *program, const char **ret_path, struct portal_error *err);

/* What becomes of a run. @status: what it exited with, or 128 and the number of the signal
 * that ended it; 127 where it could not be started. @signal: of wake_pause(), which ended
 * the wait for it; else 0. */
struct hook_end {
	int status;
	int signal;
};

/* Runs @path with the arguments @words (ends with NULL; the first is the program's name)
 * and @input to read, without a shell, and waits for its end. What it prints goes to
 * standard error. When it is enough meanwhile, it is told so by SIGTERM, and killed when
 * it goes on for five seconds. */
struct hook_end hook_run(struct wake *wake, const char *path, const char *const *words,
	const char *input, size_t len);

#endif
