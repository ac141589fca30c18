/* The words by which a message is known to be of a category (S4). Private to lib. */
#ifndef LIB_CATEGORY_WORDS_H
#define LIB_CATEGORY_WORDS_H

#include "work.h"

/* Words as they were given become the list that is stored; one given twice counts once,
 * and a single "" is no words. PORTAL_INVALID* about "words". */
int category_words_check(struct work *w, const char *const *words, int64_t count, portal_list *ret);

/* The same words folded, one a line; never NULL. */
const char *category_words_folded(struct work *w, portal_list words);

/* The words of a message, folded and sorted. */
struct message_words {
	const char **items;
	size_t count, room;
};

/* Adds the words of a text: runs of letters and digits, and with a hyphen between them
 * ("nfs-e") the whole as well as its parts. message_words_sort() comes last. */
void message_words_add(struct work *w, struct message_words *words, const char *text);
void message_words_sort(struct message_words *words);

/* How many of @lines, folded words one a line, are among the words. */
size_t message_words_hits(struct work *w, const struct message_words *words, const char *lines);

#endif
