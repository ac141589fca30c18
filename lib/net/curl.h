/* libcurl, loaded when something is sent: with what it brings along it takes ten
 * times as long to load as most commands take to run. */
#ifndef NET_CURL_H
#define NET_CURL_H

/* The functions come from the loaded library: no macro may stand for them. */
#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>
#include <stdbool.h>

#include <portal/error.h>

#define CURL_FUNCTIONS(EACH) \
	EACH(global_init) \
	EACH(easy_init) \
	EACH(easy_setopt) \
	EACH(easy_perform) \
	EACH(easy_getinfo) \
	EACH(easy_reset) \
	EACH(easy_cleanup) \
	EACH(easy_strerror) \
	EACH(slist_append) \
	EACH(slist_free_all) \
	EACH(mime_init) \
	EACH(mime_addpart) \
	EACH(mime_name) \
	EACH(mime_data) \
	EACH(mime_data_cb) \
	EACH(mime_filename) \
	EACH(mime_type) \
	EACH(mime_free)

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

/* Makes a transfer that served before as curl_transfer() gives one; its connections stay.
 * False where it can't. */
bool curl_again(const struct curl *curl, CURL *easy, const char *protocols, const char *ca_file);

/* Is it the way to the server that is wrong, whatever is sent: its certificate, ours, the
 * address? Of a transfer that failed with @r before anything was given away. Not
 * CURLE_SSL_CONNECT_ERROR: so fails a peer, too, that hangs up while TLS begins. */
bool curl_is_misconfigured(CURLcode r);

/* Of those, is it what no server has to do with: a file with certificates that can't be read,
 * an address that is none? */
bool curl_is_ours(CURLcode r);

#endif
