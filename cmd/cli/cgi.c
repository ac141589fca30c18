#include "cgi.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>

enum { ANSWER_MAX = 4096 };

struct cgi cgi_request(void)
{
	return (struct cgi){ .method = getenv("REQUEST_METHOD"),
		.query = getenv("QUERY_STRING"),
		.content_length = getenv("CONTENT_LENGTH"),
		.signature = getenv("HTTP_X_HUB_SIGNATURE_256") };
}

bool cgi_content_length(const struct cgi *cgi, size_t most, size_t *ret)
{
	const char *text = cgi->content_length;
	size_t length = 0;

	if (!text || !*text || text[strspn(text, "0123456789")])
		return false;
	for (; *text && length <= most; text++)
		length = 10 * length + (size_t)(*text - '0');
	*ret = length > most ? most + 1 : length;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* One character of a query, which may be escaped; @text is moved behind it. */
static char decode(const char **text)
{
	const char *at = *text;
	const int high = at[0] == '%' ? hex_digit(at[1]) : -1;
	const int low = high >= 0 ? hex_digit(at[2]) : -1;

	if (low >= 0) {
		*text += 3;
		return (char)(high << 4 | low);
	}
	*text += 1;
	return *at == '+' ? ' ' : *at;
}

static const char *decoded(struct arena *arena, const char *text, size_t len)
{
	char *value = arena_alloc(arena, len + 1), *to = value;
	const char *raw = arena_strndup(arena, text, len);

	while (*raw)
		if (!(*to++ = decode(&raw)))
			return NULL;
	return value;
}

const char *cgi_parameter(struct arena *arena, const struct cgi *cgi, const char *name)
{
	const char *at = cgi->query ? cgi->query : "";

	while (*at) {
		const size_t len = strcspn(at, "&");
		const size_t key_len = strcspn(at, "=&");
		const char *key = decoded(arena, at, key_len);

		if (key && !strcmp(key, name) && at[key_len] == '=')
			return decoded(arena, at + key_len + 1, len - key_len - 1);
		at += len + (at[len] == '&');
	}
	return NULL;
}

static const char *reason_of(int status)
{
	static const struct {
		int status;
		const char *reason;
	} reasons[] = { { 200, "OK" }, { 400, "Bad Request" }, { 401, "Unauthorized" },
		{ 403, "Forbidden" }, { 405, "Method Not Allowed" }, { 411, "Length Required" },
		{ 413, "Content Too Large" }, { 503, "Service Unavailable" } };

	for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Error";
}

static void write_all(const char *text, size_t len)
{
	while (len > 0) {
		const ssize_t written = write(STDOUT_FILENO, text, len);

		if (written < 0 && errno != EINTR)
			return;
		text += written > 0 ? written : 0;
		len -= written > 0 ? (size_t)written : 0;
	}
}

/* Servers wait for the end of both, and write the second into their log. */
static void end_output(void)
{
	const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0)
		return;
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	close(null);
}

void cgi_answer(int status, const char *text)
{
	char answer[ANSWER_MAX];
	const int len = snprintf(answer, sizeof(answer),
		"Status: %d %s\r\nContent-Type: text/plain; charset=utf-8\r\n"
		"X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n%s"
		"Content-Length: %zu\r\n\r\n%s",
		status, reason_of(status), status == 405 ? "Allow: GET, POST\r\n" : "",
		strlen(text), text);

	/* A server may end what has answered before the next line is reached. */
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	if (len > 0 && (size_t)len < sizeof(answer))
		write_all(answer, (size_t)len);
	if (status == 200)
		end_output();
}
