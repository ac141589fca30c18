#include "category-words.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/i18n.h"

enum { WORDS_MAX = 50, WORD_MAX_BYTES = 60, ROOM_FIRST = 64 };

/* A run of letters and digits, with single hyphens inside. */
static size_t run_of_word(const char *text, size_t len)
{
	size_t done = fold_letters_run(text, len), more;

	while (done > 0 && text[done] == '-' &&
		(more = fold_letters_run(text + done + 1, len - done - 1)) > 0)
		done += 1 + more;
	return done;
}

static int bad_word(struct work *w, const char *word)
{
	portal_fail(w->err, PORTAL_INVALID,
		_("'%s' is not one word of letters and digits, at most %d bytes long"), word,
		WORD_MAX_BYTES);
	return portal_about_field(w->err, "words");
}

int category_words_check(struct work *w, const char *const *words, int64_t count, portal_list *ret)
{
	portal_list folded = { NULL };
	const char *lines = "";

	if (count > WORDS_MAX) {
		portal_fail(w->err, PORTAL_INVALID, _("more than %d words"), WORDS_MAX);
		return portal_about_field(w->err, "words");
	}
	if (count == 1 && !*words[0])
		count = 0;
	for (int64_t i = 0; i < count; i++) {
		const size_t len = strlen(words[i]);
		const char *norm = fold_text(w->arena, words[i]);

		if (len == 0 || len > WORD_MAX_BYTES || run_of_word(words[i], len) != len)
			return bad_word(w, words[i]);
		if (portal_list_has(folded, norm))
			continue;
		lines = *lines ? arena_printf(w->arena, "%s\n%s", lines, words[i]) : words[i];
		folded.lines = category_words_folded(w, (portal_list){ lines });
	}
	ret->lines = lines;
	return 0;
}

const char *category_words_folded(struct work *w, portal_list words)
{
	char *lines = arena_strdup(w->arena, words.lines ? words.lines : "");
	char *at = lines, *word;
	const char *folded = "";

	/* Folding would make a line break a blank. */
	while ((word = strsep(&at, "\n")))
		folded = arena_printf(
			w->arena, "%s%s%s", folded, *folded ? "\n" : "", fold_text(w->arena, word));
	return folded;
}

static void add_word(struct work *w, struct message_words *words, const char *text, size_t len)
{
	if (words->count == words->room) {
		const size_t room = words->room ? 2 * words->room : ROOM_FIRST;
		const char **grown = arena_array(w->arena, room, sizeof(*grown));

		if (words->count)
			memcpy(grown, words->items, words->count * sizeof(*grown));
		words->items = grown;
		words->room = room;
	}
	words->items[words->count++] = arena_strndup(w->arena, text, len);
}

/* The parts of a word with hyphens. */
static void add_parts(struct work *w, struct message_words *words, const char *text, size_t len)
{
	while (len > 0) {
		const size_t part = fold_letters_run(text, len);
		const size_t skip = part < len ? part + 1 : part;

		add_word(w, words, text, part);
		text += skip;
		len -= skip;
	}
}

void message_words_add(struct work *w, struct message_words *words, const char *text)
{
	const char *at = fold_text(w->arena, text);
	size_t left = strlen(at);

	while (left > 0) {
		const size_t len = run_of_word(at, left);
		const size_t skip = len ? len : 1;

		if (len > 0)
			add_word(w, words, at, len);
		if (len > 0 && memchr(at, '-', len))
			add_parts(w, words, at, len);
		at += skip;
		left -= skip;
	}
}

static int compare(const void *a, const void *b)
{
	const char *const *first = a, *const *second = b;

	return strcmp(*first, *second);
}

void message_words_sort(struct message_words *words)
{
	if (words->count)
		qsort(words->items, words->count, sizeof(*words->items), compare);
}

size_t message_words_hits(struct work *w, const struct message_words *words, const char *lines)
{
	char *at = arena_strdup(w->arena, lines);
	const char *word;
	size_t hits = 0;

	while (words->count && (word = strsep(&at, "\n")))
		hits += *word && bsearch(&word, words->items, words->count, sizeof(*words->items),
					 compare) != NULL;
	return hits;
}
