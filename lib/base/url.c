#include "base/url.h"

#include <stddef.h>
#include <string.h>

static bool begins_with(const char *url, const char *start)
{
	return !strncmp(url, start, strlen(start));
}

static bool is_of_this_machine(const char *url)
{
	static const char *const hosts[] = { "http://127.0.0.1", "http://localhost",
		"http://[::1]" };

	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++)
		if (begins_with(url, hosts[i]) && strchr("/:", url[strlen(hosts[i])]))
			return true;
	return false;
}

static bool is_plain(const char *url)
{
	while (*url > ' ' && *url < 0x7f)
		url++;
	return *url == '\0';
}

bool url_is_safe(const char *url)
{
	const bool is_safe = begins_with(url, "https://") && url[8] && !strchr("/:", url[8]);

	return (is_safe || is_of_this_machine(url)) && is_plain(url) && !strpbrk(url, "\"<>\\?#@");
}
