/* Text from outside, made fit to be seen. */
#ifndef PORTAL_TEXT_H
#define PORTAL_TEXT_H

struct arena;

/* @text for a terminal: what could deceive its reader is shown by its number,
 * \x1b below U+0100 (bytes that are not UTF-8 alike), \u202e or \U000e0001 above.
 * That is controls, line breaks and tabs among them, marks of writing direction,
 * invisible characters and tags; the joiners of scripts that need them stay.
 * Returns @text itself where nothing was to do, else a copy in @arena; NULL for
 * NULL. */
const char *portal_text_printable(struct arena *arena, const char *text);

#endif
