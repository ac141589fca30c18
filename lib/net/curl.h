/* libcurl, loaded when something is sent: with what it brings along it takes ten
 * times as long to load as most commands take to run. */
#ifndef NET_CURL_H
#define NET_CURL_H

/* The functions come from the loaded library: no macro may stand for them. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include <portal/error.h>

#define CURL_FUNCTIONS(EACH) \
	EACH(global_init) \
	EACH(easy_init) \
	EACH(easy_setopt) \
	EACH(easy_perform) \
	EACH(easy_getinfo) \
	EACH(easy_cleanup) \
	EACH(easy_strerror) \
	EACH(slist_append) \
	EACH(slist_free_all)

struct curl {
#define MEMBER(name) __typeof__(curl_##name) *name;
	CURL_FUNCTIONS(MEMBER)
#undef MEMBER
};

/* Finds the functions, which stay where they are until the process ends. 0, or
 * PORTAL_FAILURE where the library is not there or does not begin. What it would take
 * from the environment (proxies, a log of keys) must have been cleared before. */
int curl_load(struct curl *ret, struct portal_error *err);

/* A transfer that is limited as every one here is: these protocols and no other, no
 * redirect, no proxy, no .netrc, no signal, TLS 1.2 or newer with the peer's certificate
 * and name verified against @ca_file or, NULL, the system's. NULL and err: no memory. */
CURL *curl_transfer(const struct curl *curl, const char *protocols, const char *ca_file,
	struct portal_error *err);

#endif
