/* "did you mean": the nearest of the words that would have been right. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <portal/error.h>

/* The best candidate so far; NULL when none is near. */
struct suggestion {
	const char *word;
	const char *best;
	int distance;
};

/* Begins a search for what @word was meant to be; texts must outlive it. */
struct suggestion suggest_begin(const char *word);

/* Offers a right word. It is near when at most two letters were added, dropped,
 * changed or swapped (one in words of up to three letters), or when it begins
 * with the word, which beats all others. The first of equally near ones wins. */
void suggest_try(struct suggestion *suggestion, const char *candidate);

/* Sets the hint of @err to the best candidate, if there is one; -err->code. */
int suggest_hint(const struct suggestion *suggestion, struct portal_error *err);

#endif
