/* Files that a command's arguments name. */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include <portal/error.h>

struct arena;

/* @len bytes, with a NUL behind them. */
struct input {
	const char *bytes;
	size_t len;
};

/* Reads all of the file @path, or of standard input where that is "-", into @arena.
 * PORTAL_FAILURE where it can't be read, PORTAL_INVALID_INPUT over @max_bytes. */
int input_read(struct arena *arena, const char *path, size_t max_bytes, struct input *ret,
	struct portal_error *err);

/* Reads @len bytes of standard input, and no more; false where it ends before, or can't be
 * read. */
bool input_read_exactly(struct arena *arena, size_t len, struct input *ret);

/* The text of the option @name, or of the file that "@name-file" names: @text where it
 * was given, NULL where neither was. PORTAL_USAGE about @name where both were;
 * PORTAL_INVALID_INPUT about it for a file of more than 64 KiB or with a NUL in it. */
int input_text(struct arena *arena, const char *text, const char *path, const char *name,
	const char **ret, struct portal_error *err);

/* The same, of a text that must be there: PORTAL_USAGE where neither was given. */
int input_text_required(struct arena *arena, const char *text, const char *path, const char *name,
	const char **ret, struct portal_error *err);

#endif
