#include <portal/arena.h>

#include <stdint.h>

#include "check.h"

static void memory_is_zeroed_and_aligned(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	unsigned char *first = arena_alloc(&arena, 3);
	unsigned char *second = arena_alloc(&arena, 100000);

	CHECK((uintptr_t)first % _Alignof(max_align_t) == 0);
	CHECK((uintptr_t)second % _Alignof(max_align_t) == 0);
	CHECK(second[0] == 0 && second[99999] == 0);
}

static void a_reset_arena_hands_out_zeroed_memory_again(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	char *text = arena_strdup(&arena, "something");

	CHECK_STR(text, "something");
	arena_reset(&arena);
	CHECK_INT(arena_used(&arena), 0);
	text = arena_alloc(&arena, 10);
	CHECK(text[0] == 0 && text[8] == 0);
}

static void formats_and_copies(void)
{
	_cleanup_arena_ struct arena arena = { 0 };

	CHECK_STR(arena_printf(&arena, "%s %d", "invite", 42), "invite 42");
	CHECK_STR(arena_strndup(&arena, "abcdef", 3), "abc");
	CHECK(arena_strdup(&arena, NULL) == NULL);
}

int main(void)
{
	RUN(memory_is_zeroed_and_aligned);
	RUN(a_reset_arena_hands_out_zeroed_memory_again);
	RUN(formats_and_copies);
	CHECK_REPORT();
}
