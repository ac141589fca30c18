/* HTTPS requests (RFC 9110), one at a time, to one API, which may name further places of
 * its own in its answers. One connection serves many requests. */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>

struct arena;
struct portal_secret;

/* What an answer may have in memory: of those of an API the longest have some KiB. */
enum { HTTP_ANSWER_BYTES = 64 * 1024 };

/* To whom we speak; all must live until http_close().
 *
 * @base: its address, of which url_is_safe() is true.
 * @domains: whose hosts belong to it ("example.com"), NULL after the last; or NULL.
 * @token: shown with every request, as a bearer (RFC 6750): to @base's own host and port
 *   and, over https, to @domains, and to nobody else.
 * @ca_file: certificates to trust; NULL: the system's.
 * @silence_seconds: a request that moves less than a byte a second for so long has failed. */
struct http_options {
	const char *base;
	const char *const *domains;
	const struct portal_secret *token;
	const char *ca_file;
	int64_t silence_seconds;
};

/* A field of a form; the last one of a list has no name. */
struct http_field {
	const char *name, *text;
};

/* A form (RFC 7578): @fields, and then the first @size_bytes of @fd, read from there as
 * they go out, as a file @file_name of @media_type in the field @file_field. Names are ASCII
 * without quotes. */
struct http_form {
	const struct http_field *fields;
	const char *file_field, *file_name, *media_type;
	int fd;
	int64_t size_bytes;
};

/* What is asked for. @json: POST of this text; else @form: POST of this; neither: GET.
 *
 * @save: the body of an answer 200 goes to @save_fd, at most @save_max_bytes; that of any
 *   other, and all bodies without @save, into memory.
 * @max_ms: for all of it; connecting takes ten seconds of that at most. */
struct http_request {
	const char *url;
	const char *json;
	const struct http_form *form;
	bool save;
	int save_fd;
	int64_t save_max_bytes;
	int64_t max_ms;
};

/* How a request ended.
 *
 * HTTP_ANSWERED: there is an answer, and all of it. HTTP_BROKEN: there is none, or it is cut
 * off or none that HTTP knows. HTTP_MISCONFIGURED: no request will ever get there as it is
 * set up. HTTP_TOO_BIG: more than may come. HTTP_UNWRITTEN: @save_fd takes no more.
 * HTTP_UNREADABLE: the file of the form could not be read, or has not its size. */
enum http_end {
	HTTP_ANSWERED,
	HTTP_BROKEN,
	HTTP_MISCONFIGURED,
	HTTP_TOO_BIG,
	HTTP_UNWRITTEN,
	HTTP_UNREADABLE,
};

/* What came of it. Texts live until the next request.
 *
 * @status: 200, also where the answer broke off behind it; 0: none came.
 * @body, @body_len: what is in memory; any bytes, with a NUL behind them.
 * @retry_after_seconds: what Retry-After asks for, see http_retry_after().
 * @usage: X-Business-Use-Case-Usage as it came, or "".
 * @uploaded_bytes: how much of the request's body may have reached the server.
 * @curl_code, @reason: libcurl's number of the failure and its words; 0 and "".
 * @ours: the failure is on this side, before any server. */
struct http_answer {
	enum http_end end;
	long status;
	const char *body;
	size_t body_len;
	int64_t retry_after_seconds;
	const char *usage;
	int64_t uploaded_bytes;
	int curl_code;
	const char *reason;
	bool ours;
};

struct http;

/* Connects at the first request. NULL and @err: no libcurl, an address that is not safe, a
 * token with what can't stand in a header (PORTAL_INVALID, without showing it). */
struct http *http_open(
	struct arena *arena, const struct http_options *options, struct portal_error *err);

/* Does @url belong to those who are shown the token? Nobody else should be asked. */
bool http_is_trusted(const struct http *http, const char *url);

/* Asks, once: no redirect is followed, and what went out is never sent again, whatever
 * became of the connection. Always an answer. */
void http_ask(struct http *http, const struct http_request *request, struct http_answer *ret);

/* NULL is allowed. */
void http_close(struct http *http);

/* What Retry-After says (RFC 9110, 10.2.3), in seconds from @now_seconds (since 1970) on, at
 * most a day; 0 for what is neither digits nor a date in the one form that may be written,
 * is past, or is no number that anybody could mean. */
int64_t http_retry_after(const char *value, int64_t now_seconds);

#endif
