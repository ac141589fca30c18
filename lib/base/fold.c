#include "base/fold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <portal/arena.h>

#include "base/fold-letters.h"
#include "base/fold-table.h"
#include "base/utf8.h"

static unsigned int folded_letter(uint32_t character)
{
	if (character >= 0xaa && character < 0x250)
		return fold_latin[character - 0xaa];
	if (character >= 0x370 && character < 0x530)
		return fold_greek_and_cyrillic[character - 0x370];
	if (character >= 0x1e00 && character < 0x2000)
		return fold_additional[character - 0x1e00];
	return 0;
}

static bool is_combining_mark(uint32_t character)
{
	return character >= 0x300 && character < 0x370;
}

/* Returns the end of what was written. */
static char *put_folded(char *to, uint32_t character, const char *from, size_t len)
{
	unsigned int letters = folded_letter(character);

	if (is_combining_mark(character))
		return to;
	if (letters == 0) {
		memcpy(to, from, len);
		return to + len;
	}
	*to++ = (char)(letters >> 8);
	if (letters & 0xff)
		*to++ = (char)(letters & 0xff);
	return to;
}

static char *put_ascii(char *to, char c)
{
	*to = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
	return to + 1;
}

static bool is_space(uint32_t character)
{
	return (character >= '\t' && character <= '\r') || utf8_is_blank(character);
}

char *fold_text(struct arena *arena, const char *utf8)
{
	size_t len = strlen(utf8), n;
	char *folded = arena_alloc(arena, len + 1), *to = folded;
	bool stray = false;
	uint32_t character;

	for (; len > 0; utf8 += n, len -= n) {
		n = utf8_next(utf8, len, &character);
		/* Without the mark between them stray bytes could become a character. */
		if (n == 0 || (stray && is_combining_mark(character))) {
			stray = n == 0;
			n += stray;
			memcpy(to, utf8, n);
			to += n;
			continue;
		}
		stray = false;
		if (!is_space(character))
			to = n == 1 ? put_ascii(to, *utf8) : put_folded(to, character, utf8, n);
		else if (to > folded && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > folded && to[-1] == ' ')
		to--;
	*to = '\0';
	return folded;
}

char *fold_name(struct arena *arena, const char *utf8)
{
	char *folded = fold_text(arena, utf8), *to = folded;

	for (const char *c = folded; *c; c++)
		if ((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9'))
			*to++ = *c;
	*to = '\0';
	return folded;
}

static int compare(const void *key, const void *item)
{
	const uint32_t character = *(const uint32_t *)key;
	const struct letter_run *run = item;

	return character < run->first ? -1 : character > run->last;
}

static bool is_letter(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
	return bsearch(&c, letter_runs, sizeof(letter_runs) / sizeof(*letter_runs),
		       sizeof(*letter_runs), compare) != NULL;
}

size_t fold_letter(const char *utf8, size_t len)
{
	uint32_t character;
	const size_t bytes = utf8_next(utf8, len, &character);

	return bytes && is_letter(character) ? bytes : 0;
}

size_t fold_letters_run(const char *utf8, size_t len)
{
	size_t done = 0, bytes;

	while ((bytes = fold_letter(utf8 + done, len - done)) > 0)
		done += bytes;
	return done;
}
