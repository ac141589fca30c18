/* Memory that is given back all at once. What a command's domain functions
 * return lives in one arena, so nothing in cmd/ frees anything. */
#ifndef PORTAL_ARENA_H
#define PORTAL_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

/* Zero it before use. @out_of_memory is called when the system has no memory
 * left and must not return; NULL means abort(). */
struct arena {
	struct arena_block *blocks;
	size_t used;
	void (*out_of_memory)(void);
};

/* @size zeroed bytes, aligned for any type; never NULL. */
void *arena_alloc(struct arena *arena, size_t size)
	__attribute__((returns_nonnull, malloc, alloc_size(2)));

/* An array of @count zeroed elements; a product that overflows is out of memory. */
void *arena_array(struct arena *arena, size_t count, size_t size) __attribute__((returns_nonnull));

/* A copy of @text (NULL stays NULL), of its first @len bytes, or of a format. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t len)
	__attribute__((returns_nonnull));
char *arena_printf(struct arena *arena, const char *fmt, ...)
	__attribute__((returns_nonnull, format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *fmt, va_list args)
	__attribute__((returns_nonnull, format(printf, 2, 0)));

/* Bytes handed out since the arena was made or last reset. */
size_t arena_used(const struct arena *arena);

/* Forgets everything but keeps one block for the next round. */
void arena_reset(struct arena *arena);

/* Gives all memory back; the arena may be used again. */
void arena_release(struct arena *arena);

#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define _cleanup_arena_ __attribute__((cleanup(arena_release)))

#endif
