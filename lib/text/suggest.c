#include <portal/text.h>

#include <string.h>

#include "base/i18n.h"

enum { WORD_MAX = 32, FAR = 99, PREFIX_DISTANCE = 0, PREFIX_MIN = 2 };

static int least(int a, int b, int c)
{
	int smaller = a < b ? a : b;

	return smaller < c ? smaller : c;
}

/* One row of the table for letter @i of @a, from the two rows before it. */
static void next_row(const char *a, const char *b, size_t i, int (*rows)[WORD_MAX + 1])
{
	int *now = rows[i % 3], *before = rows[(i + 2) % 3], *two_before = rows[(i + 1) % 3];

	now[0] = (int)i;
	for (size_t j = 1; j <= strlen(b); j++) {
		int differs = a[i - 1] != b[j - 1];

		now[j] = least(before[j] + 1, now[j - 1] + 1, before[j - 1] + differs);
		if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
			now[j] = least(now[j], two_before[j - 2] + 1, FAR);
	}
}

/* Damerau and Levenshtein's distance, where no part is edited twice. */
static int distance(const char *a, const char *b)
{
	int rows[3][WORD_MAX + 1] = { 0 };
	size_t len_a = strlen(a), len_b = strlen(b);

	if (len_a > WORD_MAX || len_b > WORD_MAX)
		return FAR;
	for (size_t j = 0; j <= len_b; j++)
		rows[0][j] = (int)j;
	for (size_t i = 1; i <= len_a; i++)
		next_row(a, b, i, rows);
	return rows[len_a % 3][len_b];
}

static bool begins_with(const char *text, const char *start)
{
	return strlen(start) >= PREFIX_MIN && !strncmp(text, start, strlen(start));
}

struct suggestion suggest_begin(const char *word)
{
	return (struct suggestion){ .word = word, .distance = FAR };
}

void suggest_try(struct suggestion *suggestion, const char *candidate)
{
	int limit = strlen(suggestion->word) <= 3 ? 1 : 2;
	int found = distance(suggestion->word, candidate);

	if (begins_with(candidate, suggestion->word))
		found = PREFIX_DISTANCE;
	else if (found > limit)
		found = FAR;
	if (found >= suggestion->distance)
		return;
	suggestion->distance = found;
	suggestion->best = candidate;
}

int suggest_hint(const struct suggestion *suggestion, struct portal_error *err)
{
	if (suggestion->best)
		return portal_hint(err, _("did you mean '%s'?"), suggestion->best);
	return -(int)err->code;
}
