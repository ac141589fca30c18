#include "base/word.h"

#include "base/i18n.h"

int word_no_choice(struct arena *arena, const struct portal_word *words, const char *given,
	const char *field, struct portal_error *err)
{
	portal_fail(err, PORTAL_USAGE, _("'%s' is not one of the choices of '%s': %s"), given,
		field, portal_words_joined(arena, words));
	return portal_about_field(err, field);
}
