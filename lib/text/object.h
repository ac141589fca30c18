/* Small JSON objects as text, for columns that hold one: what changed, the
 * arguments of a message. */
#ifndef TEXT_OBJECT_H
#define TEXT_OBJECT_H

#include <stdbool.h>

#include <portal/arena.h>

/* A field that changed: from @before to @after; NULL is null. A field whose
 * two values are equal is left out. */
struct change {
	const char *field;
	const char *before;
	const char *after;
};

/* A named text; a pair whose @text is NULL is left out. */
struct named_text {
	const char *name;
	const char *text;
};

#define CHANGES(...) ((const struct change[]){ __VA_ARGS__, { NULL, NULL, NULL } })
#define NAMED(...) ((const struct named_text[]){ __VA_ARGS__, { NULL, NULL } })

/* {"status":["pending","accepted"],…}; both lists end with a NULL name. The
 * texts must be UTF-8. Never NULL. */
const char *object_of_changes(struct arena *arena, const struct change *changes);
const char *object_of_texts(struct arena *arena, const struct named_text *texts);

#endif
