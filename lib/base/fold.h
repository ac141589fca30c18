/* What text is searched by: without case, without accents. */
#ifndef BASE_FOLD_H
#define BASE_FOLD_H

struct arena;

/* A copy of @utf8 in @arena in which letters that people take for the same are
 * the same: lower case; Latin, Greek and Cyrillic letters without accents and
 * strokes ("São" gives "sao", "Łódź" "lodz", "й" "и"); ß, æ and œ as ss, ae and
 * oe; combining marks dropped, so composed and decomposed text match. Runs of
 * blanks, tabs and line breaks become one space, at the ends none. All other
 * text stays, bytes that are not UTF-8 too. Never longer than @utf8; folding
 * it again changes nothing. */
char *fold_text(struct arena *arena, const char *utf8);

#endif
