/* Words of enumerations, as the library's own readers need them. */
#ifndef BASE_WORD_H
#define BASE_WORD_H

#include <portal/error.h>
#include <portal/record.h>

struct arena;

/* "'fr' is not one of the choices of 'language': pt_BR, en": PORTAL_USAGE about
 * @field, as for the choices of options. */
int word_no_choice(struct arena *arena, const struct portal_word *words, const char *given,
	const char *field, struct portal_error *err);

#endif
