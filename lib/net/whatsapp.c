#include "net/whatsapp-private.h"

#include <string.h>

#include <portal/arena.h>
#include <portal/secret.h>

#include "base/i18n.h"

#define META "https://graph.facebook.com/v25.0"

enum { CALL_SECONDS = 60, SILENCE_SECONDS = 30 };

/* What is shorter may stand anywhere. */
enum { TOKEN_HIDDEN_MIN = 8 };

/* Where Meta keeps files. */
static const char *const domains[] = { "fbsbx.com", "facebook.com", "whatsapp.net", NULL };

static const char *base_of(struct arena *arena, const char *api_url)
{
	size_t len;

	if (!api_url)
		return META;
	len = strlen(api_url);
	while (len > 0 && api_url[len - 1] == '/')
		len--;
	return arena_strndup(arena, api_url, len);
}

static int check(const struct whatsapp_options *options, struct portal_error *err)
{
	const char *id = options->phone_number_id;

	if (*id && strspn(id, "0123456789") == strlen(id))
		return 0;
	return portal_fail(err, PORTAL_INVALID, _("'%s' is not an id, which has digits alone"), id);
}

struct whatsapp *whatsapp_open(
	struct arena *arena, const struct whatsapp_options *options, struct portal_error *err)
{
	struct whatsapp *whatsapp = arena_new(arena, struct whatsapp);
	const int64_t seconds = options->timeout_seconds;
	struct http_options http = { .domains = domains,
		.token = options->token,
		.ca_file = options->ca_file,
		.silence_seconds = seconds ? seconds : SILENCE_SECONDS };

	if (check(options, err) < 0)
		return NULL;
	whatsapp->arena = arena;
	whatsapp->options = *options;
	whatsapp->base = http.base = base_of(arena, options->api_url);
	whatsapp->call_ms = (seconds ? seconds : CALL_SECONDS) * 1000;
	whatsapp->http = http_open(arena, &http, err);
	return whatsapp->http ? whatsapp : NULL;
}

int64_t whatsapp_call_ms(const struct whatsapp *whatsapp, int64_t max_ms)
{
	return max_ms < whatsapp->call_ms ? max_ms : whatsapp->call_ms;
}

void whatsapp_refuse(const char *why, struct net_outcome *ret)
{
	*ret = (struct net_outcome){ .class = NET_FAILED, .ours = true };
	net_said(ret, why, strlen(why));
}

/* Who gets the token can answer with it, and answers are kept. */
static void hide_token(const struct portal_secret *token, char *body, size_t len)
{
	char *at = body;

	if (token->len < TOKEN_HIDDEN_MIN)
		return;
	while ((at = memmem(at, (size_t)(body + len - at), token->text, token->len)))
		memset(at, '*', token->len);
}

void whatsapp_ask(struct whatsapp *whatsapp, struct arena *arena,
	const struct http_request *request, struct http_answer *ret)
{
	char *body;

	http_ask(whatsapp->http, request, ret);
	body = arena_alloc(arena, ret->body_len + 1);
	memcpy(body, ret->body, ret->body_len);
	hide_token(whatsapp->options.token, body, ret->body_len);
	ret->body = body;
}

void whatsapp_call(struct whatsapp *whatsapp, struct arena *arena,
	const struct http_request *request, enum whatsapp_effect effect,
	const struct json **ret_tree, struct net_outcome *ret)
{
	struct http_answer answer;

	whatsapp_ask(whatsapp, arena, request, &answer);
	whatsapp_judge(arena, &answer, whatsapp->options.phone_number_id, effect, ret_tree, ret);
}

/* Posts the JSON that is in @json, which is released. NULL where the answer is not a 2xx. */
static const struct json *post(struct whatsapp *whatsapp, struct arena *arena, struct buf *json,
	int64_t max_ms, enum whatsapp_effect effect, struct net_outcome *ret)
{
	const struct http_request request = {
		.url = arena_printf(
			arena, "%s/%s/messages", whatsapp->base, whatsapp->options.phone_number_id),
		.json = arena_strdup(arena, buf_text(json)),
		.max_ms = whatsapp_call_ms(whatsapp, max_ms),
	};
	const struct json *tree = NULL;
	const int error = json->error;

	buf_release(json);
	if (error) {
		whatsapp_refuse(strerror(error), ret);
		ret->class = NET_RETRY;
		return NULL;
	}
	whatsapp_call(whatsapp, arena, &request, effect, &tree, ret);
	return tree;
}

void whatsapp_send(struct whatsapp *whatsapp, const struct whatsapp_message *message,
	int64_t max_ms, struct net_outcome *ret)
{
	struct arena arena = { .out_of_memory = whatsapp->arena->out_of_memory };
	const struct json *tree;
	struct buf json;

	buf_init(&json);
	whatsapp_put_message(&json, message);
	tree = post(whatsapp, &arena, &json, max_ms, WHATSAPP_REACHES_SOMEBODY, ret);
	if (ret->class == NET_SENT && !whatsapp_take_ids(tree, ret))
		whatsapp_miss(WHATSAPP_REACHES_SOMEBODY, ret);
	arena_release(&arena);
}

void whatsapp_mark_read(
	struct whatsapp *whatsapp, const char *wamid, int64_t max_ms, struct net_outcome *ret)
{
	struct arena arena = { .out_of_memory = whatsapp->arena->out_of_memory };
	const struct json *tree;
	struct buf json;
	bool success = false;

	buf_init(&json);
	whatsapp_put_read_mark(&json, wamid);
	tree = post(whatsapp, &arena, &json, max_ms, WHATSAPP_REPEATABLE, ret);
	if (ret->class == NET_SENT && !(json_bool(json_get(tree, "success"), &success) && success))
		whatsapp_miss(WHATSAPP_REPEATABLE, ret);
	arena_release(&arena);
}

void whatsapp_close(struct whatsapp *whatsapp)
{
	if (whatsapp)
		http_close(whatsapp->http);
}
