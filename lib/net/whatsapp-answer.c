/* What answers mean. */
#include "net/whatsapp-private.h"

#include <string.h>

#include <portal/arena.h>

#include "base/i18n.h"
#include "base/time.h"

enum { HOUR = 3600, MINUTE = 60, SUBCODE_NO_OBJECT = 33 };

/* What one code, or status, of @first to @last means.
 *
 * @usual_seconds: how long to wait where the answer does not say; @least_seconds: how long
 * in any case. 0: as for any other failure, longer each time. */
struct rule {
	int64_t first, last;
	enum net_class class;
	enum net_scope scope;
	int64_t usual_seconds, least_seconds;
	bool limited, window_closed;
};

#define FINAL(first, last) \
	{ \
		first, last, NET_FAILED \
	}
#define STOP(first, last) \
	{ \
		first, last, NET_STOP \
	}
#define AGAIN(first, ...) \
	{ \
		first, first, NET_RETRY, __VA_ARGS__ \
	}

/* Codes of Meta; of two that fit the first counts. */
static const struct rule codes[] = {
	/* the token, rights */
	STOP(0, 0),
	STOP(3, 3),
	STOP(10, 10),
	STOP(102, 104),
	STOP(190, 190),
	STOP(200, 299),
	STOP(131005, 131005),
	/* for a moment */
	AGAIN(1, NET_THIS),
	AGAIN(2, NET_THIS),
	AGAIN(131000, NET_THIS, .limited = true),
	AGAIN(131016, NET_THIS),
	AGAIN(131057, NET_CHANNEL, .usual_seconds = 2 * MINUTE),
	AGAIN(133004, NET_THIS),
	/* too much: of calls, of messages, to one person, of what people call spam */
	AGAIN(4, NET_CHANNEL, .usual_seconds = 5 * MINUTE),
	AGAIN(80007, NET_CHANNEL, .usual_seconds = 5 * MINUTE),
	AGAIN(130429, NET_CHANNEL),
	AGAIN(131056, NET_THIS),
	AGAIN(131048, NET_TEMPLATES, .usual_seconds = 4 * HOUR),
	AGAIN(131064, NET_TEMPLATES, .usual_seconds = 4 * HOUR),
	AGAIN(131049, NET_THIS, .least_seconds = 24 * HOUR),
	/* a template that is paused may come back */
	AGAIN(132015, NET_THIS, .usual_seconds = 4 * HOUR),
	/* the client has to write first */
	{ 131047, 131047, NET_FAILED, .window_closed = true },
	/* the account: locked, against a rule, a country, not paid, not certified, its name */
	STOP(368, 368),
	STOP(130497, 130497),
	STOP(131031, 131031),
	STOP(131037, 131037),
	STOP(131042, 131042),
	STOP(131045, 131045),
	/* the number is not registered */
	STOP(133000, 133016),
	/* this message */
	FINAL(33, 33),
	FINAL(100, 100),
	FINAL(130472, 130472),
	FINAL(131008, 131009),
	FINAL(131021, 131021),
	FINAL(131026, 131026),
	FINAL(131030, 131030),
	FINAL(131050, 131053),
	FINAL(131062, 131063),
	FINAL(132000, 132999),
	FINAL(137000, 137000),
};

/* Of an answer whose code says nothing, or that has none. Other 5xx are a message's
 * NET_UNKNOWN: nobody knows how far it got. */
static const struct rule statuses[] = {
	{ 300, 399, NET_STOP },
	{ 401, 401, NET_STOP },
	{ 403, 403, NET_STOP },
	{ 408, 408, NET_RETRY },
	{ 425, 425, NET_RETRY },
	{ 429, 429, NET_RETRY, NET_CHANNEL },
};

/* Of one that has a code that nobody knows. */
static const struct rule strange_codes[] = {
	{ 400, 499, NET_FAILED },
	{ 500, 599, NET_RETRY },
};

static const struct rule *find(const struct rule *rule, size_t count, int64_t number)
{
	for (; count > 0; rule++, count--)
		if (number >= rule->first && number <= rule->last)
			return rule;
	return NULL;
}

#define FIND(table, number) find(table, sizeof(table) / sizeof(*(table)), number)

/* When the account may call again, in its own words: the longest of
 * {"<id>":[{"estimated_time_to_regain_access":<minutes>,…},…],…}. */
static int64_t regain_seconds(struct arena *arena, const char *usage)
{
	struct portal_error unheard = { 0 };
	struct json *tree = NULL;
	int64_t longest = 0, minutes;

	if (!*usage || json_parse(arena, usage, strlen(usage), &tree, &unheard) < 0)
		return 0;
	for (const struct json *id = json_first(tree); id; id = json_next(id))
		for (const struct json *use = json_first(id); use; use = json_next(use))
			if (json_int64(
				    json_get(use, "estimated_time_to_regain_access"), &minutes) &&
				minutes > longest)
				longest = minutes;
	return longest < SECONDS_PER_DAY / MINUTE ? longest * MINUTE : SECONDS_PER_DAY;
}

static void set_wait(struct arena *arena, const struct http_answer *answer, const struct rule *rule,
	struct net_outcome *ret)
{
	const int64_t regain = regain_seconds(arena, answer->usage);
	int64_t seconds = answer->retry_after_seconds;

	if (ret->class != NET_RETRY)
		return;
	if (seconds < regain)
		seconds = regain;
	if (!seconds)
		seconds = rule->usual_seconds;
	if (seconds < rule->least_seconds)
		seconds = rule->least_seconds;
	ret->retry_after_seconds = seconds;
}

/* Meta's error as one line: "(#131026) Message undeliverable: ...". */
static void say_error(
	struct arena *arena, const struct json *error, int64_t code, struct net_outcome *ret)
{
	const struct json *data = json_get(error, "error_data");
	const char *message = json_text(json_get(error, "message"));
	const char *details =
		json_text(data) ? json_text(data) : json_text(json_get(data, "details"));
	const char *line;

	if (!message)
		message = "";
	line = arena_printf(arena, "%s%s%s",
		strncmp(message, "(#", 2) ? arena_printf(arena, "(#%lld) ", (long long)code) : "",
		message, details && *details ? arena_printf(arena, ": %s", details) : "");
	net_said(ret, line, strlen(line));
}

/* The object that is missing is ourselves. */
static bool is_own(const struct json *error, const char *own_id)
{
	const char *message = json_text(json_get(error, "message"));
	int64_t subcode = 0;

	return json_int64(json_get(error, "error_subcode"), &subcode) &&
	       subcode == SUBCODE_NO_OBJECT && message && strstr(message, own_id);
}

static const struct rule *rule_of(const struct json *error, int64_t code, long status)
{
	static const struct rule transient = { 0, 0, NET_RETRY };
	static const struct rule final = { 0, 0, NET_FAILED };
	bool is_transient = false;
	const struct rule *rule = FIND(codes, code);

	if (!rule && json_bool(json_get(error, "is_transient"), &is_transient) && is_transient)
		rule = &transient;
	if (!rule)
		rule = FIND(statuses, status);
	if (!rule)
		rule = FIND(strange_codes, status);
	return rule ? rule : &final;
}

static void apply(const struct rule *rule, struct net_outcome *ret)
{
	ret->class = rule->class;
	ret->scope = rule->scope;
	ret->limited = rule->limited;
	ret->window_closed = rule->window_closed;
}

/* An answer that is none of the API's. */
static void judge_status(struct arena *arena, const struct http_answer *answer,
	enum whatsapp_effect effect, struct net_outcome *ret)
{
	const struct rule *rule = FIND(statuses, answer->status);
	const char *line = arena_printf(arena, "HTTP %ld", answer->status);

	net_said(ret, line, strlen(line));
	if (rule) {
		apply(rule, ret);
		set_wait(arena, answer, rule, ret);
	} else if (effect == WHATSAPP_REACHES_SOMEBODY && answer->uploaded_bytes > 0) {
		ret->class = NET_UNKNOWN;
	} else {
		ret->class = NET_RETRY;
		ret->retry_after_seconds = answer->retry_after_seconds;
	}
}

static void judge_refusal(struct arena *arena, const struct http_answer *answer,
	const struct json *tree, const char *own_id, enum whatsapp_effect effect,
	struct net_outcome *ret)
{
	const struct json *error = json_get(tree, "error");
	const struct rule *rule;
	int64_t code;

	if (!json_int64(json_get(error, "code"), &code)) {
		judge_status(arena, answer, effect, ret);
		return;
	}
	rule = rule_of(error, code, answer->status);
	apply(rule, ret);
	if (is_own(error, own_id))
		ret->class = NET_STOP;
	set_wait(arena, answer, rule, ret);
	say_error(arena, error, code, ret);
}

/* There is no answer, or not all of it. */
static void judge_failure(
	const struct http_answer *answer, enum whatsapp_effect effect, struct net_outcome *ret)
{
	net_said(ret, answer->reason, strlen(answer->reason));
	ret->ours = answer->ours;
	if (answer->end == HTTP_MISCONFIGURED)
		ret->class = NET_STOP;
	else if (effect == WHATSAPP_REACHES_SOMEBODY && answer->uploaded_bytes > 0)
		ret->class = NET_UNKNOWN;
	else
		ret->class = NET_RETRY;
}

static const struct json *read_tree(struct arena *arena, const struct http_answer *answer)
{
	struct portal_error unheard = { 0 };
	struct json *tree = NULL;

	if (!answer->body_len ||
		json_parse(arena, answer->body, answer->body_len, &tree, &unheard) < 0)
		return NULL;
	return json_type(tree) == JSON_OBJECT ? tree : NULL;
}

void whatsapp_miss(enum whatsapp_effect effect, struct net_outcome *ret)
{
	const char *const why = _("the answer does not say what became of it");

	ret->class = effect == WHATSAPP_REACHES_SOMEBODY ? NET_UNKNOWN : NET_RETRY;
	net_said(ret, why, strlen(why));
}

void whatsapp_judge(struct arena *arena, const struct http_answer *answer, const char *own_id,
	enum whatsapp_effect effect, const struct json **ret_tree, struct net_outcome *ret)
{
	const struct json *tree = NULL;

	*ret = (struct net_outcome){ .class = NET_SENT, .code = answer->status };
	*ret_tree = NULL;
	if (answer->end != HTTP_ANSWERED) {
		judge_failure(answer, effect, ret);
		return;
	}
	tree = read_tree(arena, answer);
	if (answer->status < 200 || answer->status > 299)
		judge_refusal(arena, answer, tree, own_id, effect, ret);
	else if (tree)
		*ret_tree = tree;
	else
		whatsapp_miss(effect, ret);
}

/* Visible ASCII, and all of it. */
static bool take_id(const struct json *value, char *to, size_t size)
{
	const char *text = json_text(value);
	const size_t len = text ? strlen(text) : 0;

	if (!len || len >= size)
		return false;
	for (size_t i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] >= 0x7f)
			return false;
	memcpy(to, text, len + 1);
	return true;
}

bool whatsapp_take_ids(const struct json *tree, struct net_outcome *ret)
{
	const struct json *message = json_get(tree, "messages");
	const struct json *contact = json_get(tree, "contacts");

	message = json_type(message) == JSON_ARRAY ? json_first(message) : NULL;
	contact = json_type(contact) == JSON_ARRAY ? json_first(contact) : NULL;
	if (!take_id(json_get(message, "id"), ret->wamid, sizeof(ret->wamid)))
		return false;
	if (!take_id(json_get(contact, "wa_id"), ret->wa_id, sizeof(ret->wa_id)) ||
		strspn(ret->wa_id, "0123456789") != strlen(ret->wa_id))
		ret->wa_id[0] = '\0';
	return true;
}
