/* What text is searched by: without case, without accents. */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

#include <stddef.h>

struct arena;

/* A copy of @utf8 in @arena in which letters that people take for the same are
 * the same: lower case; Latin, Greek and Cyrillic letters without accents and
 * strokes ("São" gives "sao", "Łódź" "lodz", "й" "и"); ß, æ and œ as ss, ae and
 * oe; combining marks dropped, so composed and decomposed text match. Runs of
 * blanks, tabs and line breaks become one space, at the ends none. All other
 * text stays, bytes that are not UTF-8 too. Never longer than @utf8; folding
 * it again changes nothing. */
char *fold_text(struct arena *arena, const char *utf8);

/* Of a name all that counts where people write it in many ways: its ASCII letters and
 * digits, folded. A copy in @arena. */
char *fold_name(struct arena *arena, const char *utf8);

/* How many bytes of letters and digits @utf8 begins with: of its first character alone,
 * or of all up to one that parts words. What is neither a letter, a mark nor a number in
 * Unicode parts words, as do bytes that are not UTF-8. */
size_t fold_letter(const char *utf8, size_t len);
size_t fold_letters_run(const char *utf8, size_t len);

#endif
