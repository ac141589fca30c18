#include <portal/arena.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 32 * 1024 - 64 };

struct arena_block {
	struct arena_block *next;
	size_t size, used;
	_Alignas(max_align_t) char data[];
};

static void no_memory(const struct arena *arena)
{
	if (arena->out_of_memory)
		arena->out_of_memory();
	abort();
}

static struct arena_block *add_block(struct arena *arena, size_t need)
{
	size_t size = need > BLOCK_SIZE ? need : BLOCK_SIZE;
	struct arena_block *block;

	if (need > SIZE_MAX / 2)
		no_memory(arena);
	block = malloc(sizeof(*block) + size);
	if (!block)
		no_memory(arena);
	block->size = size;
	block->used = 0;
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

static void *take(struct arena *arena, size_t size)
{
	const size_t align = _Alignof(max_align_t);
	struct arena_block *block = arena->blocks;
	size_t need;
	void *p;

	if (size > SIZE_MAX / 2)
		no_memory(arena);
	need = (size + align - 1) & ~(align - 1);
	if (!block || block->size - block->used < need)
		block = add_block(arena, need);
	p = block->data + block->used;
	block->used += need;
	arena->used += need;
	return p;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(take(arena, size), 0, size);
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		no_memory(arena);
	return arena_alloc(arena, count * size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = take(arena, len + 1);

	memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

/* Most texts fit into what is left of the block, and need printing only once. */
char *arena_vprintf(struct arena *arena, const char *fmt, va_list args)
{
	const struct arena_block *block = arena->blocks;
	const size_t room = block ? block->size - block->used : 0;
	va_list again;
	char *text;
	int len;

	va_copy(again, args);
	len = vsnprintf(room ? arena->blocks->data + block->used : NULL, room, fmt, again);
	va_end(again);
	if (len < 0)
		no_memory(arena);
	text = take(arena, (size_t)len + 1);
	if ((size_t)len >= room)
		vsnprintf(text, (size_t)len + 1, fmt, args);
	return text;
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = arena_vprintf(arena, fmt, args);
	va_end(args);
	return text;
}

size_t arena_used(const struct arena *arena)
{
	return arena->used;
}

static void free_blocks(struct arena_block *block)
{
	while (block) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
}

void arena_reset(struct arena *arena)
{
	struct arena_block *keep = arena->blocks;

	arena->used = 0;
	if (!keep)
		return;
	free_blocks(keep->next);
	keep->next = NULL;
	keep->used = 0;
	if (keep->size > BLOCK_SIZE)
		arena_release(arena);
}

void arena_release(struct arena *arena)
{
	free_blocks(arena->blocks);
	arena->blocks = NULL;
	arena->used = 0;
}
