#include "base/word.h"

#include <portal/arena.h>

#include "base/i18n.h"

int word_no_choice(struct arena *arena, const struct portal_word *words, const char *given,
	const char *field, struct portal_error *err)
{
	const char *choices = words->word;

	for (words++; words->word; words++)
		choices = arena_printf(arena, "%s, %s", choices, words->word);
	portal_fail(err, PORTAL_USAGE, _("'%s' is not one of the choices of '%s': %s"), given,
		field, choices);
	return portal_about_field(err, field);
}
