#include "named.h"

#include <string.h>

#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "target.h"

static bool is_digits(const char *text)
{
	return text[strspn(text, "0123456789")] == '\0';
}

int named_check(struct work *w, const char **name)
{
	const char *clean = text_field(w->arena, *name, NAMED_MAX_BYTES, "name", w->err);

	if (!clean)
		return -(int)w->err->code;
	*name = clean;
	if (!is_digits(clean))
		return 0;
	if (*clean)
		portal_fail(w->err, PORTAL_INVALID,
			_("'%s' can't be a name: digits alone are an id"), clean);
	else
		portal_fail(w->err, PORTAL_INVALID, _("the name is empty"));
	return portal_about_field(w->err, "name");
}

struct named named_parse(struct work *w, const char *typed)
{
	struct named named = { "", 0 };

	if (!target_id(typed, &named.id)) {
		named.id = 0;
		named.name_norm = fold_text(w->arena, typed);
	}
	return named;
}
