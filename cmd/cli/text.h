/* Marks for text that people read: _() translates now, N_() only marks. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <libintl.h>

#define TEXT_DOMAIN "portalctl"
#define _(text) dgettext(TEXT_DOMAIN, text)
#ifndef N_
#define N_(text) text
#endif
#define P_(one, many, n) dngettext(TEXT_DOMAIN, one, many, (unsigned long)(n))

#endif
