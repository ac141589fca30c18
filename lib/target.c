#include "target.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

enum { ID_DIGITS_MAX = 18 };

bool target_id(const char *digits, int64_t *ret)
{
	const size_t len = strspn(digits, "0123456789");

	if (len == 0 || len > ID_DIGITS_MAX || digits[len] || *digits == '0')
		return false;
	*ret = strtoll(digits, NULL, 10);
	return true;
}

int target_parse(struct work *w, const char *text, const char *field, struct target *ret)
{
	const size_t len = text ? strspn(text, "abcdefghijklmnopqrstuvwxyz._") : 0;

	*ret = (struct target){ "", 0 };
	if (!text)
		return 0;
	ret->kind = arena_strndup(w->arena, text, len);
	if (work_knows_kind(ret->kind) &&
		(!text[len] || (text[len] == ':' && target_id(text + len + 1, &ret->id))))
		return 0;
	portal_fail(w->err, PORTAL_USAGE, _("'%s' does not name a record"), text);
	portal_about_field(w->err, field);
	return portal_hint(w->err, _("write KIND or KIND:ID, as in 'invite:42'"));
}
