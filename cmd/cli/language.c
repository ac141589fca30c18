#include "language.h"

#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text.h"

static const char *first_set(const char *option, const char *(*env)(const char *name))
{
	static const char *const variables[] = { "PORTALCTL_LANG", "LC_ALL", "LC_MESSAGES",
		"LANG" };

	if (option && *option)
		return option;
	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = env(variables[i]);

		if (value && *value)
			return value;
	}
	return "en";
}

const char *language_choose(const char *option, const char *(*env)(const char *name))
{
	return strncmp(first_set(option, env), "pt", 2) ? "en" : "pt_BR";
}

static void find_catalogues(void)
{
	char program[PATH_MAX], folder[PATH_MAX + 32];
	ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
	char *slash;

	if (len <= 0)
		return;
	program[len] = '\0';
	slash = strrchr(program, '/');
	if (!slash)
		return;
	*slash = '\0';
	snprintf(folder, sizeof(folder), "%s/../share/locale", program);
	bindtextdomain(PORTAL_TEXT_DOMAIN, folder);
	bind_textdomain_codeset(PORTAL_TEXT_DOMAIN, "UTF-8");
}

void language_use(const char *language)
{
	if (!strcmp(language, "en")) {
		setlocale(LC_MESSAGES, "C");
		unsetenv("LANGUAGE");
		return;
	}
	/* gettext heeds LANGUAGE in every locale but C, and C.UTF-8 is always there. */
	setlocale(LC_MESSAGES, "C.UTF-8");
	setenv("LANGUAGE", language, 1);
	find_catalogues();
}
