#include <portal/record.h>

#include <string.h>

#include <portal/arena.h>

#include "base/i18n.h"

const struct portal_field *portal_record_field(const struct portal_record *record, const char *key)
{
	for (const struct portal_field *f = record->fields; f->key; f++)
		if (!strcmp(f->key, key))
			return f;
	return NULL;
}

const char *portal_word_label(const struct portal_word *words, const char *word)
{
	if (!word || !words)
		return word;
	for (; words->word; words++)
		if (!strcmp(words->word, word))
			return words->label;
	return word;
}

/* A message that no catalogue has comes back as it was asked for, with its context. */
const char *portal_word_text(const struct portal_word *words, const char *word)
{
	const char *label = portal_word_label(words, word);
	const char *text = label && *label ? _(label) : label;
	const char *end = text && text == label ? strchr(text, '\004') : NULL;

	return end ? end + 1 : text;
}

const char *portal_words_joined(struct arena *arena, const struct portal_word *words)
{
	const char *joined = words->word;

	for (words++; words->word; words++)
		joined = arena_printf(arena, "%s, %s", joined, words->word);
	return joined;
}

bool portal_word_known(const struct portal_word *words, const char *word)
{
	for (; words->word; words++)
		if (!strcmp(words->word, word))
			return true;
	return false;
}

bool portal_list_has(portal_list list, const char *item)
{
	const size_t len = strlen(item);

	for (const char *line = list.lines; line && *line;) {
		const size_t here = strcspn(line, "\n");

		if (here == len && !memcmp(line, item, len))
			return true;
		line += here + (line[here] == '\n');
	}
	return false;
}
