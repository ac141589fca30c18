/* The words by which tickets are found: runs of letters and digits, folded. A search
 * is for beginnings of words, all of which a ticket must have. */
#include <string.h>

#include "base/fold.h"
#include "base/i18n.h"
#include "ticket-private.h"

enum { WORD_MAX = 48 };

/* A folded text that is being taken apart. */
struct words {
	const char *at;
	size_t left;
};

static struct words words_of(struct work *w, const char *text)
{
	const char *folded = text ? fold_text(w->arena, text) : "";

	return (struct words){ folded, strlen(folded) };
}

static void skip(struct words *words, size_t bytes)
{
	words->at += bytes;
	words->left -= bytes;
}

/* The next word, cut to WORD_MAX bytes; NULL at the end. */
static const char *next_word(struct work *w, struct words *words)
{
	const char *start;
	size_t len = 0, kept = 0, bytes;

	while (words->left > 0 && fold_letter(words->at, words->left) == 0)
		skip(words, 1);
	start = words->at;
	while (words->left > 0 && (bytes = fold_letter(words->at, words->left)) > 0) {
		skip(words, bytes);
		len += bytes;
		kept = len <= WORD_MAX ? len : kept;
	}
	return len ? arena_strndup(w->arena, start, kept) : NULL;
}

int ticket_words_add(
	struct work *w, int64_t ticket_id, const char *text, enum ticket_audience audience)
{
	struct words words = words_of(w, text);
	const char *word;
	int r = 0;

	while (r >= 0 && (word = next_word(w, &words)))
		r = store_put(w->tx, Q_TICKET_WORD_PUT,
			ARGS(A(ticket_id), A(word), store_flag(audience == TICKET_FOR_OFFICE)));
	return r;
}

static int too_many(struct work *w)
{
	portal_fail(w->err, PORTAL_USAGE, _("a search has at most %d words"), TICKET_TERMS);
	return portal_about_field(w->err, "search");
}

static int no_words(struct work *w, const char *search)
{
	portal_fail(w->err, PORTAL_USAGE, _("'%s' has no word to look for"), search);
	return portal_about_field(w->err, "search");
}

/* None needs to be counted any further than the rarest of those before it. */
int ticket_terms_weigh(struct work *w, struct ticket_terms *terms, int64_t most)
{
	const char *first = terms->words[0];
	size_t rarest = 0;

	terms->found = most;
	for (size_t i = 0; i < TICKET_TERMS && *terms->words[i]; i++) {
		const int64_t before = terms->found;

		if (store_get_int(w->tx, Q_TICKET_WORD_COUNT, ARGS(A(terms->words[i]), A(before)),
			    &terms->found) < 0)
			return -(int)w->err->code;
		rarest = terms->found < before ? i : rarest;
	}
	terms->words[0] = terms->words[rarest];
	terms->words[rarest] = first;
	return 0;
}

int ticket_terms_parse(struct work *w, const char *search, struct ticket_terms *ret)
{
	struct words words = words_of(w, search);
	const char *word;
	size_t count = 0;

	*ret = (struct ticket_terms){ .found = 0 };
	while ((word = next_word(w, &words))) {
		if (count == TICKET_TERMS)
			return too_many(w);
		ret->words[count++] = word;
	}
	if (search && count == 0)
		return no_words(w, search);
	for (size_t i = count; i < TICKET_TERMS; i++)
		ret->words[i] = "";
	return 0;
}
