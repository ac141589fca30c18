#include <portal/record.h>

#include <string.h>

#include <portal/arena.h>

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
