#include "field.h"

#include "base/utf8.h"

void field_email(struct work *w, const char **email)
{
	const char *clean = email_parse(w->arena, *email, w->err);

	if (clean) {
		*email = clean;
		return;
	}
	portal_about_field(w->err, "email");
	portal_fault_add(w->err);
}

void field_email_if_given(struct work *w, const char **email)
{
	if (*email && **email)
		field_email(w, email);
}
