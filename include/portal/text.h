/* Text from outside: made fit to be seen, and what it was meant to be. */
#ifndef PORTAL_TEXT_H
#define PORTAL_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include <portal/error.h>

struct arena;
struct portal_column;

/* @text for a terminal: what could deceive its reader is shown by its number,
 * \x1b below U+0100 (bytes that are not UTF-8 alike), \u202e or \U000e0001 above.
 * That is controls, line breaks and tabs among them, marks of writing direction,
 * invisible characters and tags; the joiners of scripts that need them stay.
 * Returns @text itself where nothing was to do, else a copy in @arena; NULL for
 * NULL. */
const char *portal_text_printable(struct arena *arena, const char *text);

/* @cents, in @arena, as @pattern writes 1234.56: "R$ 1.234,56", "BRL 1,234.56". */
const char *portal_money_text(struct arena *arena, int64_t cents, const char *pattern);

/* An amount of a row as people read it ("R$ 1.234,56" in Portuguese), in @arena, "" for
 * none; NULL where the column is no amount: amounts are integers in cents, and the keys
 * say so. */
const char *portal_amount_text(
	struct arena *arena, const struct portal_column *column, const void *row);

/* Is @text UTF-8 (RFC 3629) without control characters (C0, DEL, C1)? Tab and
 * line feed are none here: bodies of messages have them. */
bool portal_text_is_sound(const char *text);

/* "did you mean": the nearest of the words that would have been right to @word.
 * @best is the best candidate so far; NULL when none is near. @distance is for the
 * functions below. */
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
