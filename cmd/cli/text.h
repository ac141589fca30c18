/* Marks for text that people read: _() translates now, N_() only marks. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <libintl.h>

#define PORTAL_TEXT_DOMAIN "portalctl"
#define _(text) dgettext(PORTAL_TEXT_DOMAIN, text)
#define N_(text) text
#define NC_(context, text) context "\004" text /* of a word: portal_word_text() */
#define P_(one, many, n) dngettext(PORTAL_TEXT_DOMAIN, one, many, (unsigned long)(n))

#endif
