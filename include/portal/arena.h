/* Memory that is given back all at once. What a command's domain functions
 * return lives in one arena, so nothing in cmd/ frees anything.
 *
 * No function here fails: where memory runs out, the arena's own function is
 * called and does not return. An arena belongs to one thread. */
#ifndef PORTAL_ARENA_H
#define PORTAL_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;

/* An arena; zero it before use.
 *
 * @blocks: what was taken from the system, newest first; for the arena alone.
 * @used: bytes handed out; see arena_used().
 * @out_of_memory: called when the system has no memory left; must not return.
 *   NULL means abort(). */
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

/* A copy of @text; NULL stays NULL. */
char *arena_strdup(struct arena *arena, const char *text);

/* A copy of the first @len bytes of @text, or of all of it where it is shorter,
 * with a NUL behind them; @text needs none. */
char *arena_strndup(struct arena *arena, const char *text, size_t len)
	__attribute__((returns_nonnull));

/* A text made as printf() makes it, of any length. */
char *arena_printf(struct arena *arena, const char *fmt, ...)
	__attribute__((returns_nonnull, format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *fmt, va_list args)
	__attribute__((returns_nonnull, format(printf, 2, 0)));

/* Bytes handed out since the arena was made or last reset. */
size_t arena_used(const struct arena *arena);

/* Forgets everything but keeps one block for the next round. All that was handed
 * out is void; what is handed out next is zeroed again. */
void arena_reset(struct arena *arena);

/* Gives all memory back; the arena may be used again. */
void arena_release(struct arena *arena);

/* One zeroed object of @type. */
#define arena_new(arena, type) ((type *)arena_alloc((arena), sizeof(type)))

/* Releases the arena of a variable where its scope ends. */
#define _cleanup_arena_ __attribute__((cleanup(arena_release)))

#endif
