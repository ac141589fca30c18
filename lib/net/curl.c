#include "net/curl.h"

#include <dlfcn.h>

#include "base/i18n.h"
#include "base/library.h"

static bool get_all(void *library, struct curl *curl)
{
#define GET(name) library_find(library, "curl_" #name, &curl->name, sizeof(curl->name)) &&
	return CURL_FUNCTIONS(GET) true;
#undef GET
}

int curl_load(struct curl *ret, struct portal_error *err)
{
	void *library = library_open("libcurl.so.4");

	if (!get_all(library, ret)) {
		portal_fail(err, PORTAL_FAILURE, _("cannot send anything: %s"), dlerror());
		return portal_hint(err, _("install libcurl4"));
	}
	if (ret->global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK)
		return 0;
	return portal_fail(err, PORTAL_FAILURE, _("cannot send anything: libcurl does not begin"));
}

/* Every one must be taken: one that is not known would leave a door open. */
static bool limit(const struct curl *curl, CURL *easy, const char *protocols)
{
	CURLcode r = curl->easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols);

	if (!r)
		r = curl->easy_setopt(easy, CURLOPT_MAXREDIRS, 0L);
	if (!r)
		r = curl->easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	if (!r)
		r = curl->easy_setopt(easy, CURLOPT_PROXY, "");
	if (!r)
		r = curl->easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	if (!r)
		r = curl->easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	if (!r)
		r = curl->easy_setopt(easy, CURLOPT_UNRESTRICTED_AUTH, 0L);
	return !r;
}

static bool verify(const struct curl *curl, CURL *easy, const char *ca_file)
{
	CURLcode r = curl->easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);

	if (!r)
		r = curl->easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	if (!r)
		r = curl->easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (!r && ca_file)
		r = curl->easy_setopt(easy, CURLOPT_CAINFO, ca_file);
	if (!r && ca_file)
		r = curl->easy_setopt(easy, CURLOPT_CAPATH, NULL);
	return !r;
}

bool curl_again(const struct curl *curl, CURL *easy, const char *protocols, const char *ca_file)
{
	curl->easy_reset(easy);
	return limit(curl, easy, protocols) && verify(curl, easy, ca_file);
}

CURL *curl_transfer(const struct curl *curl, const char *protocols, const char *ca_file,
	struct portal_error *err)
{
	CURL *easy = curl->easy_init();

	if (easy && curl_again(curl, easy, protocols, ca_file))
		return easy;
	if (easy)
		curl->easy_cleanup(easy);
	portal_fail(err, PORTAL_FAILURE, _("cannot send anything: libcurl does not begin"));
	return NULL;
}

static bool is_among(CURLcode r, const CURLcode *codes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (codes[i] == r)
			return true;
	return false;
}

bool curl_is_ours(CURLcode r)
{
	static const CURLcode codes[] = { CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
		CURLE_SSL_CIPHER, CURLE_UNSUPPORTED_PROTOCOL, CURLE_URL_MALFORMAT };

	return is_among(r, codes, sizeof(codes) / sizeof(*codes));
}

bool curl_is_misconfigured(CURLcode r)
{
	static const CURLcode codes[] = { CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR,
		CURLE_USE_SSL_FAILED };

	return curl_is_ours(r) || is_among(r, codes, sizeof(codes) / sizeof(*codes));
}
