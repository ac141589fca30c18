#include "field.h"

#include <arpa/inet.h>

#include "base/i18n.h"
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

int field_ip(struct work *w, const char *text, const char **ret)
{
	static const int families[] = { AF_INET, AF_INET6 };
	unsigned char address[sizeof(struct in6_addr)];
	char printed[INET6_ADDRSTRLEN];

	*ret = NULL;
	if (!text || !*text)
		return 0;
	for (size_t i = 0; !*ret && i < sizeof(families) / sizeof(*families); i++)
		if (inet_pton(families[i], text, address) == 1)
			*ret = arena_strdup(w->arena,
				inet_ntop(families[i], address, printed, sizeof(printed)));
	if (*ret)
		return 0;
	portal_fail(w->err, PORTAL_INVALID, _("'%s' is not an IP address"), text);
	return portal_about_field(w->err, "ip");
}

int field_user_agent(struct work *w, const char *text, size_t most, const char **ret)
{
	*ret = NULL;
	if (!text || !*text)
		return 0;
	text = arena_strndup(w->arena, text, utf8_cut(text, most));
	*ret = text_field(w->arena, text, most, "user_agent", w->err);
	if (!*ret)
		return -(int)w->err->code;
	*ret = **ret ? *ret : NULL;
	return 0;
}
