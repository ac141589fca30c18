#include "net/smtp.h"

#include <stdbool.h>
#include <string.h>

#include <portal/arena.h>
#include <portal/secret.h>

#include "base/i18n.h"
#include "net/curl.h"
#include "net/mime.h"

enum { CONNECT_MS = 10000, ANSWER_SECONDS = 60, LAST_ANSWER_SECONDS = 600, QUIT_SECONDS = 1 };

/* The answer to DATA: "start mail input". It is still the last one after a message
 * whose own answer never came. */
enum { GO_AHEAD = 354, ACCEPTED = 250 };

struct smtp {
	struct curl curl;
	CURL *easy;
	struct arena *arena;
	int64_t timeout_seconds;
	struct mime *message;
	int64_t given;          /* bytes of it that were given away */
	bool begun;             /* the server has got something of the message */
	bool whole;             /* all of it was given away */
	struct net_outcome *at; /* of the message that is on its way */
};

static size_t give_bytes(char *buffer, size_t size, size_t count, void *arg)
{
	struct smtp *smtp = arg;
	const size_t got = mime_read(smtp->message, buffer, size * count);

	if (got == MIME_READ_ABORT)
		return CURL_READFUNC_ABORT;
	smtp->begun = true;
	smtp->given += (int64_t)got;
	if (smtp->given >= mime_size(smtp->message)) {
		smtp->whole = true;
		smtp->curl.easy_setopt(
			smtp->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)LAST_ANSWER_SECONDS);
	}
	return got;
}

/* The server's answers, a line each; the last one that refuses is what it has to say. */
static size_t take_line(char *line, size_t size, size_t count, void *arg)
{
	struct smtp *smtp = arg;

	if (size * count > 3 && (line[0] == '4' || line[0] == '5'))
		net_said(smtp->at, line, size * count);
	return size * count;
}

/* Nothing is read by mail; what comes all the same is not kept. */
static size_t drop(char *bytes, size_t size, size_t count, void *arg)
{
	(void)bytes, (void)arg;
	return size * count;
}

static const char *url(struct arena *arena, const struct smtp_options *options)
{
	const bool tls = !strcmp(options->security, "tls");
	const int port = options->port ? options->port : tls ? 465 : 587;

	return arena_printf(
		arena, "%s://%s:%d/%s", tls ? "smtps" : "smtp", options->host, port, options->helo);
}

static bool set_peer(struct smtp *smtp, const struct smtp_options *options)
{
	const bool plain = !strcmp(options->security, "none");
	const struct curl *curl = &smtp->curl;
	CURLcode r = curl->easy_setopt(smtp->easy, CURLOPT_URL, url(smtp->arena, options));

	if (!r)
		r = curl->easy_setopt(smtp->easy, CURLOPT_USE_SSL,
			plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	if (!r && options->user)
		r = curl->easy_setopt(smtp->easy, CURLOPT_USERNAME, options->user);
	if (!r && options->user)
		r = curl->easy_setopt(smtp->easy, CURLOPT_PASSWORD, options->password->text);
	if (!r)
		r = curl->easy_setopt(smtp->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
	return !r;
}

static bool set_ways(struct smtp *smtp)
{
	const struct curl *curl = &smtp->curl;
	CURLcode r = curl->easy_setopt(smtp->easy, CURLOPT_UPLOAD, 1L);

	if (!r)
		r = curl->easy_setopt(smtp->easy, CURLOPT_READFUNCTION, give_bytes);
	if (!r)
		r = curl->easy_setopt(smtp->easy, CURLOPT_READDATA, smtp);
	if (!r)
		r = curl->easy_setopt(smtp->easy, CURLOPT_HEADERFUNCTION, take_line);
	if (!r)
		r = curl->easy_setopt(smtp->easy, CURLOPT_HEADERDATA, smtp);
	if (!r)
		r = curl->easy_setopt(smtp->easy, CURLOPT_WRITEFUNCTION, drop);
	return !r;
}

struct smtp *smtp_open(
	struct arena *arena, const struct smtp_options *options, struct portal_error *err)
{
	struct smtp *smtp = arena_new(arena, struct smtp);

	smtp->arena = arena;
	smtp->timeout_seconds =
		options->timeout_seconds ? options->timeout_seconds : ANSWER_SECONDS;
	if (curl_load(&smtp->curl, err) < 0)
		return NULL;
	smtp->easy = curl_transfer(&smtp->curl, "smtp,smtps", options->ca_file, err);
	if (!smtp->easy)
		return NULL;
	if (set_peer(smtp, options) && set_ways(smtp))
		return smtp;
	smtp_close(smtp);
	portal_fail(err, PORTAL_FAILURE, _("cannot send anything: libcurl does not begin"));
	return NULL;
}

/* The class of an answer that refuses: 4yz now, 5yz for good (RFC 5321, 4.2.1). */
static enum net_class refused(long code, enum net_class for_good)
{
	return code >= 500 ? for_good : NET_RETRY;
}

/* Before the server said that it takes a message. A greeting that is none, or an answer
 * slipped in before TLS, would come again; one that asks to come later need not. */
static enum net_class class_before(CURLcode r, long code)
{
	if (r == CURLE_SSL_CONNECT_ERROR || curl_is_misconfigured(r))
		return NET_STOP;
	if (r == CURLE_LOGIN_DENIED || r == CURLE_REMOTE_ACCESS_DENIED)
		return refused(code, NET_STOP);
	if (r == CURLE_WEIRD_SERVER_REPLY)
		return code >= 400 && code < 500 ? NET_RETRY : NET_STOP;
	return r == CURLE_SEND_ERROR ? refused(code, NET_FAILED) : NET_RETRY;
}

/* Once the message is on its way. What was cut off in the middle was not ended by a line
 * with a dot, and no server may take it (RFC 5321, 4.1.1.4): but who can tell how much of
 * it arrived where all of it was given away? */
static enum net_class class_after(const struct smtp *smtp, CURLcode r, long code)
{
	if (r == CURLE_WEIRD_SERVER_REPLY && code >= 400)
		return refused(code, NET_FAILED);
	return smtp->whole ? NET_UNKNOWN : NET_RETRY;
}

static enum net_class class_of(struct smtp *smtp, CURLcode r, struct net_outcome *outcome)
{
	struct portal_error unread = { 0 };

	if (r == CURLE_OK)
		return outcome->code == ACCEPTED ? NET_SENT : NET_UNKNOWN;
	if (mime_failure(smtp->message, &unread) < 0) {
		net_said(outcome, unread.message, strlen(unread.message));
		outcome->ours = true;
		return NET_FAILED;
	}
	outcome->ours = curl_is_ours(r);
	if (!outcome->said[0])
		net_said(outcome, smtp->curl.easy_strerror(r), strlen(smtp->curl.easy_strerror(r)));
	return smtp->begun ? class_after(smtp, r, outcome->code) : class_before(r, outcome->code);
}

static CURLcode perform(struct smtp *smtp, int64_t max_ms, bool fresh)
{
	const struct curl *curl = &smtp->curl;
	CURLcode r = curl->easy_setopt(smtp->easy, CURLOPT_FRESH_CONNECT, fresh ? 1L : 0L);

	if (!r)
		r = curl->easy_setopt(smtp->easy, CURLOPT_TIMEOUT_MS, (long)max_ms);
	if (!r)
		r = curl->easy_setopt(
			smtp->easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)mime_size(smtp->message));
	if (!r)
		r = curl->easy_setopt(
			smtp->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)smtp->timeout_seconds);
	return r ? r : curl->easy_perform(smtp->easy);
}

/* A connection that served before may be gone, which says nothing about this message. */
static bool was_stale(struct smtp *smtp, CURLcode r)
{
	long connects = 1, code = 0;

	if (r == CURLE_OK || smtp->begun)
		return false;
	smtp->curl.easy_getinfo(smtp->easy, CURLINFO_NUM_CONNECTS, &connects);
	smtp->curl.easy_getinfo(smtp->easy, CURLINFO_RESPONSE_CODE, &code);
	return connects == 0 && (code == 0 || code == 421);
}

static bool address(struct smtp *smtp, const char *from, const char *to, struct curl_slist **ret)
{
	const struct curl *curl = &smtp->curl;

	*ret = curl->slist_append(NULL, arena_printf(smtp->arena, "<%s>", to));
	return *ret &&
	       !curl->easy_setopt(
		       smtp->easy, CURLOPT_MAIL_FROM, arena_printf(smtp->arena, "<%s>", from)) &&
	       !curl->easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, *ret);
}

void smtp_send(struct smtp *smtp, const char *from, const char *to, struct mime *message,
	int64_t max_ms, struct net_outcome *ret)
{
	struct curl_slist *list = NULL;
	CURLcode r = CURLE_OUT_OF_MEMORY;

	*ret = (struct net_outcome){ .class = NET_RETRY };
	smtp->message = message;
	smtp->at = ret;
	smtp->given = 0;
	smtp->begun = smtp->whole = false;
	if (address(smtp, from, to, &list)) {
		r = perform(smtp, max_ms, false);
		if (was_stale(smtp, r))
			r = perform(smtp, max_ms, true);
		smtp->curl.easy_getinfo(smtp->easy, CURLINFO_RESPONSE_CODE, &ret->code);
	}
	ret->class = class_of(smtp, r, ret);
	smtp->curl.easy_setopt(smtp->easy, CURLOPT_MAIL_RCPT, NULL);
	smtp->curl.slist_free_all(list);
}

void smtp_close(struct smtp *smtp)
{
	struct net_outcome unheard = { .class = NET_SENT };

	if (!smtp || !smtp->easy)
		return;
	smtp->at = &unheard;
	smtp->curl.easy_setopt(smtp->easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)QUIT_SECONDS);
	smtp->curl.easy_cleanup(smtp->easy);
	smtp->easy = NULL;
}
