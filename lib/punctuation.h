/* What people put between the digits of a number, and spreadsheets and word
 * processors put in its place. */
#ifndef PUNCTUATION_H
#define PUNCTUATION_H

#include <stddef.h>

/* Bytes of the blank that UTF-8 @text begins with: space, tab, U+00A0, U+2007,
 * U+2009, U+202F. 0 when it begins with something else. */
size_t punctuation_blank(const char *text);

/* The first of @text that is no such blank. */
const char *punctuation_skip_blanks(const char *text);

/* The same for a blank, a dot, a slash or a dash: also U+2010 to U+2015, U+2212. */
size_t punctuation_any(const char *text);

#endif
