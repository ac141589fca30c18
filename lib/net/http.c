#include "net/http.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <portal/arena.h>
#include <portal/secret.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/url.h"
#include "net/curl.h"

/* Behind so long a pause a connection is likelier to be closed than to be there. */
enum { CONNECT_MS = 10000, IDLE_SECONDS_MAX = 30 };

enum { FIELD_BYTES_MAX = 4096 };

struct http {
	struct curl curl;
	CURL *easy;
	struct arena *arena;
	struct http_options options;
	size_t origin_len; /* of the base, up to its path */
	struct buf body;
	char usage[FIELD_BYTES_MAX];
	struct curl_slist *headers;
	curl_mime *mime;
	/* Of the request that is on its way: */
	const struct http_request *request;
	struct http_answer *answer;
	int64_t given; /* bytes of its file that were given away */
	bool is_begun, is_begun_again;
	int64_t saved;
};

static bool is_plain(const struct portal_secret *token)
{
	for (size_t i = 0; i < token->len; i++)
		if (token->text[i] <= ' ' || token->text[i] >= 0x7f)
			return false;
	return token->len > 0;
}

static int check(const struct http_options *options, struct portal_error *err)
{
	if (!url_is_safe(options->base))
		return portal_fail(err, PORTAL_INVALID,
			_("'%s' is not an address that begins with https://"), options->base);
	if (is_plain(options->token))
		return 0;
	return portal_fail(err, PORTAL_INVALID,
		_("the access token is empty or has characters "
		  "that no token has"));
}

struct http *http_open(
	struct arena *arena, const struct http_options *options, struct portal_error *err)
{
	struct http *http = arena_new(arena, struct http);
	const char *host;

	if (check(options, err) < 0 || curl_load(&http->curl, err) < 0)
		return NULL;
	http->arena = arena;
	http->options = *options;
	host = strstr(options->base, "://") + 3;
	http->origin_len = (size_t)(host + strcspn(host, "/") - options->base);
	buf_init(&http->body);
	http->easy = curl_transfer(&http->curl, "https", options->ca_file, err);
	return http->easy ? http : NULL;
}

static bool is_of_base(const struct http *http, const char *url)
{
	return !strncmp(url, http->options.base, http->origin_len) && url[http->origin_len] == '/';
}

/* Nothing is read here that libcurl could read in another way: a host is letters, digits,
 * dots and hyphens up to a slash, and anything else is a stranger's. */
static bool is_of_domain(const char *url, const char *domain)
{
	static const char scheme[] = "https://";
	const size_t tail = strlen(domain);
	const char *host;
	size_t len;

	if (strncmp(url, scheme, sizeof(scheme) - 1) != 0)
		return false;
	host = url + sizeof(scheme) - 1;
	len = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-");
	return host[len] == '/' && len > tail && host[len - tail - 1] == '.' &&
	       !strncmp(host + len - tail, domain, tail);
}

bool http_is_trusted(const struct http *http, const char *url)
{
	const char *const *domain = http->options.domains;

	for (const char *c = url; *c; c++)
		if (*c <= ' ' || *c >= 0x7f || *c == '\\')
			return false;
	if (is_of_base(http, url))
		return true;
	for (; domain && *domain; domain++)
		if (is_of_domain(url, *domain))
			return true;
	return false;
}

/* A file that is shorter than it was is not the one that was to be sent. */
static size_t give_file(char *buffer, size_t size, size_t count, void *arg)
{
	struct http *http = arg;
	const struct http_form *form = http->request->form;
	const int64_t left = form->size_bytes - http->given;
	const size_t most = left < (int64_t)(size * count) ? (size_t)left : size * count;
	const ssize_t got = most ? pread(form->fd, buffer, most, http->given) : 0;

	if (got < 0 || (!got && most)) {
		http->answer->end = HTTP_UNREADABLE;
		return CURL_READFUNC_ABORT;
	}
	http->given += got;
	return (size_t)got;
}

static bool save(struct http *http, const char *bytes, size_t len)
{
	http->saved += (int64_t)len;
	if (http->saved > http->request->save_max_bytes) {
		http->answer->end = HTTP_TOO_BIG;
		return false;
	}
	while (len > 0) {
		const ssize_t n = write(http->request->save_fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			http->answer->end = HTTP_UNWRITTEN;
			return false;
		}
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static bool remember(struct http *http, const char *bytes, size_t len)
{
	if (http->body.len + len > HTTP_ANSWER_BYTES) {
		http->answer->end = HTTP_TOO_BIG;
		return false;
	}
	buf_add(&http->body, bytes, len);
	return http->body.error == 0;
}

/* Less than everything ends the transfer. */
static size_t take_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct http *http = arg;
	const size_t len = size * count;
	long status = 0;

	http->curl.easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &status);
	if (http->request->save && status == 200)
		return save(http, bytes, len) ? len : 0;
	return remember(http, bytes, len) ? len : 0;
}

/* True with the value of the field @name, where @line is one; cut where it is too long. */
static bool is_field(const char *line, size_t len, const char *name, char ret[FIELD_BYTES_MAX])
{
	const size_t name_len = strlen(name);

	if (len <= name_len || strncasecmp(line, name, name_len) != 0 || line[name_len] != ':')
		return false;
	line += name_len + 1;
	len -= name_len + 1;
	while (len > 0 && (*line == ' ' || *line == '\t'))
		line++, len--;
	while (len > 0 && strchr(" \t\r\n", line[len - 1]))
		len--;
	len = len < FIELD_BYTES_MAX ? len : FIELD_BYTES_MAX - 1;
	memcpy(ret, line, len);
	ret[len] = '\0';
	return true;
}

/* The head of an answer, a line each; of several (100, then 200) the last one counts. */
static size_t take_field(char *line, size_t size, size_t count, void *arg)
{
	struct http *http = arg;
	const size_t len = size * count;
	char value[FIELD_BYTES_MAX];
	struct timespec now;

	if (len >= 5 && !memcmp(line, "HTTP/", 5)) {
		http->answer->retry_after_seconds = 0;
		http->usage[0] = '\0';
	} else if (is_field(line, len, "Retry-After", value)) {
		clock_gettime(CLOCK_REALTIME, &now);
		http->answer->retry_after_seconds = http_retry_after(value, now.tv_sec);
	} else if (is_field(line, len, "X-Business-Use-Case-Usage", value)) {
		memcpy(http->usage, value, strlen(value) + 1);
	}
	return len;
}

static bool set_limits(struct http *http)
{
	const struct curl *curl = &http->curl;
	/* To libcurl 0 is for ever. */
	const long max_ms = http->request->max_ms > 0 ? (long)http->request->max_ms : 1L;
	CURLcode r = curl->easy_setopt(http->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);

	if (!r)
		r = curl->easy_setopt(http->easy, CURLOPT_TIMEOUT_MS, max_ms);
	if (!r)
		r = curl->easy_setopt(http->easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
	if (!r)
		r = curl->easy_setopt(
			http->easy, CURLOPT_LOW_SPEED_TIME, (long)http->options.silence_seconds);
	if (!r)
		r = curl->easy_setopt(http->easy, CURLOPT_MAXAGE_CONN, (long)IDLE_SECONDS_MAX);
	/* One request at a time gains nothing by more. */
	if (!r)
		r = curl->easy_setopt(
			http->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	return !r;
}

static bool set_ways(struct http *http)
{
	const struct curl *curl = &http->curl;
	CURLcode r = curl->easy_setopt(http->easy, CURLOPT_URL, http->request->url);

	if (!r)
		r = curl->easy_setopt(http->easy, CURLOPT_USERAGENT, "portalctl/" PORTAL_VERSION);
	if (!r)
		r = curl->easy_setopt(http->easy, CURLOPT_HEADERFUNCTION, take_field);
	if (!r)
		r = curl->easy_setopt(http->easy, CURLOPT_HEADERDATA, http);
	if (!r)
		r = curl->easy_setopt(http->easy, CURLOPT_WRITEFUNCTION, take_body);
	if (!r)
		r = curl->easy_setopt(http->easy, CURLOPT_WRITEDATA, http);
	if (!r)
		r = curl->easy_setopt(http->easy, CURLOPT_HTTPHEADER, http->headers);
	return !r;
}

static bool show_token(struct http *http)
{
	const struct curl *curl = &http->curl;

	if (!http_is_trusted(http, http->request->url))
		return true;
	return !curl->easy_setopt(http->easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER) &&
	       !curl->easy_setopt(http->easy, CURLOPT_XOAUTH2_BEARER, http->options.token->text);
}

/* libcurl sends a request again by itself where a connection that served before is closed
 * without an answer. This one may have been carried out. */
static int begin_once(void *arg, char *to, char *from, int to_port, int from_port)
{
	struct http *http = arg;

	(void)to, (void)from, (void)to_port, (void)from_port;
	http->is_begun_again = http->is_begun;
	http->is_begun = true;
	return http->is_begun_again ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

static bool set_json(struct http *http, const char *json)
{
	const struct curl *curl = &http->curl;
	CURLcode r = curl->easy_setopt(
		http->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(json));

	if (!r)
		r = curl->easy_setopt(http->easy, CURLOPT_POSTFIELDS, json);
	if (!r)
		r = curl->easy_setopt(http->easy, CURLOPT_PREREQFUNCTION, begin_once);
	if (!r)
		r = curl->easy_setopt(http->easy, CURLOPT_PREREQDATA, http);
	return !r;
}

static bool add_field(struct http *http, const struct http_field *field)
{
	const struct curl *curl = &http->curl;
	curl_mimepart *part = curl->mime_addpart(http->mime);

	return part && !curl->mime_name(part, field->name) &&
	       !curl->mime_data(part, field->text, CURL_ZERO_TERMINATED);
}

static bool add_file(struct http *http, const struct http_form *form)
{
	const struct curl *curl = &http->curl;
	curl_mimepart *part = curl->mime_addpart(http->mime);

	return part && !curl->mime_name(part, form->file_field) &&
	       !curl->mime_filename(part, form->file_name) &&
	       !curl->mime_type(part, form->media_type) &&
	       !curl->mime_data_cb(part, form->size_bytes, give_file, NULL, NULL, http);
}

static bool set_form(struct http *http, const struct http_form *form)
{
	http->mime = http->curl.mime_init(http->easy);
	if (!http->mime)
		return false;
	for (const struct http_field *field = form->fields; field->name; field++)
		if (!add_field(http, field))
			return false;
	return add_file(http, form) &&
	       !http->curl.easy_setopt(http->easy, CURLOPT_MIMEPOST, http->mime);
}

static bool add_header(struct http *http, const char *line)
{
	struct curl_slist *longer = http->curl.slist_append(http->headers, line);

	if (longer)
		http->headers = longer;
	return longer != NULL;
}

/* "Expect:" takes that field away: a second would be lost with every file. */
static bool set_body(struct http *http)
{
	const struct http_request *request = http->request;

	if (!request->json && !request->form)
		return true;
	if (!add_header(http, "Expect:"))
		return false;
	if (request->json)
		return add_header(http, "Content-Type: application/json") &&
		       set_json(http, request->json);
	return set_form(http, request->form);
}

static bool prepare(struct http *http)
{
	const bool is_plain_http = !strncmp(http->request->url, "http://", 7);

	return curl_again(&http->curl, http->easy,
		       is_plain_http && is_of_base(http, http->request->url) ? "http" : "https",
		       http->options.ca_file) &&
	       set_limits(http) && set_body(http) && set_ways(http) && show_token(http);
}

/* A request that libcurl wanted to send again was sent once, and nobody answered. */
static int64_t uploaded(struct http *http)
{
	curl_off_t bytes = 0;

	if (http->is_begun_again)
		return (int64_t)strlen(http->request->json);
	http->curl.easy_getinfo(http->easy, CURLINFO_SIZE_UPLOAD_T, &bytes);
	return bytes;
}

static void conclude(struct http *http, CURLcode r, struct http_answer *ret)
{
	http->curl.easy_getinfo(http->easy, CURLINFO_RESPONSE_CODE, &ret->status);
	ret->curl_code = (int)(http->is_begun_again ? CURLE_GOT_NOTHING : r);
	ret->uploaded_bytes = uploaded(http);
	ret->body_len = http->body.len;
	ret->body = buf_text(&http->body);
	if (!r) {
		ret->end = HTTP_ANSWERED;
		return;
	}
	ret->reason = http->curl.easy_strerror((CURLcode)ret->curl_code);
	ret->ours = curl_is_ours(r) || ret->end == HTTP_UNREADABLE || ret->end == HTTP_UNWRITTEN;
	if (ret->end == HTTP_BROKEN && !ret->uploaded_bytes && !ret->status &&
		curl_is_misconfigured(r))
		ret->end = HTTP_MISCONFIGURED;
}

void http_ask(struct http *http, const struct http_request *request, struct http_answer *ret)
{
	CURLcode r = CURLE_OUT_OF_MEMORY;

	*ret = (struct http_answer){ .end = HTTP_BROKEN, .usage = http->usage, .reason = "" };
	http->request = request;
	http->answer = ret;
	http->given = http->saved = 0;
	http->is_begun = http->is_begun_again = false;
	http->usage[0] = '\0';
	buf_clear(&http->body);
	if (prepare(http))
		r = http->curl.easy_perform(http->easy);
	conclude(http, r, ret);
	http->curl.mime_free(http->mime);
	http->curl.slist_free_all(http->headers);
	http->mime = NULL;
	http->headers = NULL;
}

void http_close(struct http *http)
{
	if (!http || !http->easy)
		return;
	http->curl.easy_cleanup(http->easy);
	http->easy = NULL;
	buf_release(&http->body);
}
