/* Files that a command reads whole. */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <stddef.h>

#include <portal/error.h>

struct arena;

/* What the file @name holds, '-' standard input, with a NUL behind it, in @arena.
 * PORTAL_FAILURE where it can't be read, PORTAL_INVALID_INPUT over @max_bytes. */
int input_read(struct arena *arena, const char *name, size_t max_bytes, const char **ret_bytes,
	size_t *ret_len, struct portal_error *err);

#endif
