#include "net/http.h"

#include <portal/arena.h>
#include <portal/secret.h>

#include "base/url.h"

#include "check.h"

/* Wed, 21 Oct 2026 07:28:00 GMT. */
#define NOW INT64_C(1792567680)

static void a_wait_is_seconds_or_a_date_to_come(void)
{
	CHECK_INT(http_retry_after("120", NOW), 120);
	CHECK_INT(http_retry_after("1", NOW), 1);
	CHECK_INT(http_retry_after("Wed, 21 Oct 2026 07:28:05 GMT", NOW), 5);
	CHECK_INT(http_retry_after("Thu, 22 Oct 2026 07:27:59 GMT", NOW), 86399);
}

static void a_wait_is_never_longer_than_a_day(void)
{
	CHECK_INT(http_retry_after("86400", NOW), 86400);
	CHECK_INT(http_retry_after("86401", NOW), 86400);
	CHECK_INT(http_retry_after("999999999", NOW), 86400);
	CHECK_INT(http_retry_after("Wed, 21 Oct 2037 07:28:00 GMT", NOW), 86400);
}

static void what_is_no_wait_is_none(void)
{
	static const char *const values[] = { "", "0", "-5", "+5", "5 ", "5s", "1.5",
		"soon\x1b[31m", "99999999999999999999", "1000000000", "0x10",
		"Wed, 21 Oct 2015 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:00 GMT",
		"Wed, 32 Oct 2037 07:28:00 GMT", "Wed, 21 Foo 2037 07:28:00 GMT",
		"Wed, 21 Oct 2037 24:28:00 GMT", "Wed, 21 Oct 2037 07:28:00 CET",
		"Wed, 21 Oct 2037 07:28:00 GMT+1", "Wed, 21 Oct 2037", "2037-10-21T07:28:00Z",
		"Wed, -1 Oct 2037 07:28:00 GMT" };

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++)
		CHECK_INT(http_retry_after(values[i], NOW), 0);
}

static void a_safe_address_is_encrypted_or_of_this_machine(void)
{
	CHECK(url_is_safe("https://graph.facebook.com/v25.0"));
	CHECK(url_is_safe("http://127.0.0.1:8080/v25.0"));
	CHECK(url_is_safe("http://localhost"));
	CHECK(url_is_safe("http://[::1]:80"));
	CHECK(!url_is_safe("http://graph.facebook.com/v25.0"));
	CHECK(!url_is_safe("http://127.0.0.1.example/"));
	CHECK(!url_is_safe("http://localhost@example.com/"));
	CHECK(!url_is_safe("https://a@b.example/"));
	CHECK(!url_is_safe("https://:443/"));
	CHECK(!url_is_safe("ftp://a.example/"));
	CHECK(!url_is_safe(""));
}

static struct http *open_for(
	struct arena *arena, const char *base, const char *token, struct portal_error *err)
{
	static const char *const domains[] = { "fbsbx.com", NULL };
	struct portal_secret *secret = arena_new(arena, struct portal_secret);
	struct http_options *options = arena_new(arena, struct http_options);

	secret->len = strlen(token);
	memcpy(secret->text, token, secret->len);
	*options = (struct http_options){
		.base = base, .domains = domains, .token = secret, .silence_seconds = 1
	};
	return http_open(arena, options, err);
}

static void the_token_is_for_the_base_and_its_domains_alone(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct http *http = open_for(&arena, "https://graph.example:444/v25.0", "EAAtoken", &err);

	CHECK_STR(err.message, "");
	if (!http)
		return;
	CHECK(http_is_trusted(http, "https://graph.example:444/v25.0/1/messages"));
	CHECK(http_is_trusted(http, "https://graph.example:444/other"));
	CHECK(http_is_trusted(http, "https://lookaside.fbsbx.com/whatsapp/?mid=1&ext=2"));
	CHECK(!http_is_trusted(http, "https://graph.example:4444/v25.0"));
	CHECK(!http_is_trusted(http, "https://graph.example/v25.0"));
	CHECK(!http_is_trusted(http, "https://graph.example:444@evil.example/"));
	CHECK(!http_is_trusted(http, "http://graph.example:444/v25.0"));
	CHECK(!http_is_trusted(http, "http://lookaside.fbsbx.com/"));
	CHECK(!http_is_trusted(http, "https://fbsbx.com.evil.example/"));
	CHECK(!http_is_trusted(http, "https://evilfbsbx.com/"));
	CHECK(!http_is_trusted(http, "https://.fbsbx.com@evil.example/"));
	CHECK(!http_is_trusted(http, "https://evil.example\\.fbsbx.com/"));
	CHECK(!http_is_trusted(http, "https://evil.example/.fbsbx.com/"));
	CHECK(!http_is_trusted(http, "https://evil.example?.fbsbx.com/"));
	CHECK(!http_is_trusted(http, "https://a.fbsbx.com:8443/"));
	CHECK(!http_is_trusted(http, "https://a.fbsbx.com/\r\nX: y"));
	CHECK(!http_is_trusted(http, "file:///etc/passwd"));
	CHECK(!http_is_trusted(http, ""));
	http_close(http);
}

static void what_is_no_token_or_no_address_is_refused_without_showing_the_token(void)
{
	static const char *const tokens[] = { "", "two words", "a\nb", "a\r\nX: y", "ção" };
	_cleanup_arena_ struct arena arena = { 0 };

	for (size_t i = 0; i < sizeof(tokens) / sizeof(*tokens); i++) {
		struct portal_error err = { 0 };

		CHECK(!open_for(&arena, "https://graph.example", tokens[i], &err));
		CHECK_INT(err.code, PORTAL_INVALID);
		CHECK(!*tokens[i] || !strstr(err.message, tokens[i]));
	}
	struct portal_error err = { 0 };
	CHECK(!open_for(&arena, "http://graph.example", "EAAtoken", &err));
	CHECK_INT(err.code, PORTAL_INVALID);
}

int main(void)
{
	RUN(a_wait_is_seconds_or_a_date_to_come);
	RUN(a_wait_is_never_longer_than_a_day);
	RUN(what_is_no_wait_is_none);
	RUN(a_safe_address_is_encrypted_or_of_this_machine);
	RUN(the_token_is_for_the_base_and_its_domains_alone);
	RUN(what_is_no_token_or_no_address_is_refused_without_showing_the_token);
	CHECK_REPORT();
}
