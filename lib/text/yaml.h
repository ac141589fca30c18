/* Settings as YAML, of which only the part is read that cannot be misread. */
#ifndef TEXT_YAML_H
#define TEXT_YAML_H

#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>

struct arena;

/* Limits: bytes of the file, keys, bytes of a dotted key. */
enum {
	YAML_MAX_BYTES = 1024 * 1024,
	YAML_MAX_KEYS = 10000,
	YAML_MAX_KEY_BYTES = 255,
};

/* One setting and where its key stands (from 1). @key and @value live in the
 * arena. A negative result ends the visit and is what the reader returns. */
typedef int yaml_visit(void *arg, const char *key, const char *value, int64_t line, int64_t column,
	struct portal_error *err);

/* What to read: @len bytes, which need no NUL after them, and the file's name for
 * messages. */
struct yaml_text {
	const char *path;
	const char *bytes;
	size_t len;
};

/* Visits the settings of @text in its order, after all of it was found good.
 * Nested mappings become dotted keys ("smtp.host"). Every scalar is a string,
 * none of them a number, a date, true or null; a list of scalars is its items
 * joined with line breaks (a portal_list). An empty file has no settings.
 *
 * Refused is what text/document.h refuses; moreover a key twice, lists of lists or
 * of mappings, list items that are empty or hold a line break, and what is beyond
 * the limits above.
 *
 * A fault is PORTAL_INVALID_INPUT with @err->source = its path, line and column;
 * a visitor's own failure gets the place of its key. */
int yaml_read_settings(struct arena *arena, const struct yaml_text *text, yaml_visit *visit,
	void *arg, struct portal_error *err);

#endif
