#include "net/whatsapp-private.h"

#include <portal/arena.h>

#include "check.h"

#define OWN "106540352242922"

static struct net_outcome judge(const struct http_answer *answer, enum whatsapp_effect effect)
{
	struct arena arena = { 0 };
	const struct json *tree = NULL;
	struct net_outcome outcome;

	whatsapp_judge(&arena, answer, OWN, effect, &tree, &outcome);
	if (outcome.class == NET_SENT && !whatsapp_take_ids(tree, &outcome))
		whatsapp_miss(effect, &outcome);
	arena_release(&arena);
	return outcome;
}

/* What an answer with this status and body means for a message. */
static struct net_outcome answered(long status, const char *body)
{
	const struct http_answer answer = { .end = HTTP_ANSWERED,
		.status = status,
		.body = body,
		.body_len = strlen(body),
		.usage = "",
		.uploaded_bytes = 100,
		.reason = "" };

	return judge(&answer, WHATSAPP_REACHES_SOMEBODY);
}

static struct net_outcome refused(long status, long code)
{
	char body[200];

	snprintf(body, sizeof(body),
		"{\"error\":{\"message\":\"(#%ld) no\",\"type\":\"OAuthException\",\"code\":%ld}}",
		code, code);
	return answered(status, body);
}

enum { LIMITED = 1, CLOSED = 2 };

static const struct expected {
	long code;
	enum net_class class;
	enum net_scope scope;
	long seconds;
	int flags;
} expected[] = {
	{ 0, NET_STOP },
	{ 1, NET_RETRY },
	{ 2, NET_RETRY },
	{ 3, NET_STOP },
	{ 4, NET_RETRY, NET_CHANNEL, 300 },
	{ 10, NET_STOP },
	{ 33, NET_FAILED },
	{ 100, NET_FAILED },
	{ 104, NET_STOP },
	{ 190, NET_STOP },
	{ 200, NET_STOP },
	{ 299, NET_STOP },
	{ 368, NET_STOP },
	{ 80007, NET_RETRY, NET_CHANNEL, 300 },
	{ 130429, NET_RETRY, NET_CHANNEL },
	{ 130472, NET_FAILED },
	{ 130497, NET_STOP },
	{ 131000, NET_RETRY, NET_THIS, 0, LIMITED },
	{ 131005, NET_STOP },
	{ 131008, NET_FAILED },
	{ 131009, NET_FAILED },
	{ 131016, NET_RETRY },
	{ 131021, NET_FAILED },
	{ 131026, NET_FAILED },
	{ 131030, NET_FAILED },
	{ 131031, NET_STOP },
	{ 131037, NET_STOP },
	{ 131042, NET_STOP },
	{ 131045, NET_STOP },
	{ 131047, NET_FAILED, NET_THIS, 0, CLOSED },
	{ 131048, NET_RETRY, NET_TEMPLATES, 14400 },
	{ 131049, NET_RETRY, NET_THIS, 86400 },
	{ 131050, NET_FAILED },
	{ 131051, NET_FAILED },
	{ 131052, NET_FAILED },
	{ 131053, NET_FAILED },
	{ 131056, NET_RETRY },
	{ 131057, NET_RETRY, NET_CHANNEL, 120 },
	{ 131062, NET_FAILED },
	{ 131063, NET_FAILED },
	{ 131064, NET_RETRY, NET_TEMPLATES, 14400 },
	{ 132000, NET_FAILED },
	{ 132001, NET_FAILED },
	{ 132005, NET_FAILED },
	{ 132007, NET_FAILED },
	{ 132008, NET_FAILED },
	{ 132012, NET_FAILED },
	{ 132015, NET_RETRY, NET_THIS, 14400 },
	{ 132016, NET_FAILED },
	{ 132018, NET_FAILED },
	{ 132068, NET_FAILED },
	{ 133000, NET_STOP },
	{ 133004, NET_RETRY },
	{ 133010, NET_STOP },
	{ 133016, NET_STOP },
	{ 137000, NET_FAILED },
};

/* The code decides, and not the status, in which sources differ. */
static void every_code_of_meta_has_its_class(void)
{
	static const long statuses[] = { 400, 401, 403, 404, 429, 500, 503 };

	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		const struct expected *e = &expected[i];

		for (size_t s = 0; s < sizeof(statuses) / sizeof(*statuses); s++) {
			const struct net_outcome outcome = refused(statuses[s], e->code);

			if (outcome.class != e->class)
				printf("# code %ld\n", e->code);
			CHECK_INT(outcome.class, e->class);
			CHECK_INT(outcome.scope, e->scope);
			CHECK_INT(outcome.retry_after_seconds, e->seconds);
			CHECK_INT(outcome.limited, (e->flags & LIMITED) != 0);
			CHECK_INT(outcome.window_closed, (e->flags & CLOSED) != 0);
			CHECK_INT(outcome.code, statuses[s]);
		}
	}
}

static void a_code_that_nobody_knows_goes_by_its_status(void)
{
	CHECK_INT(refused(400, 999999).class, NET_FAILED);
	CHECK_INT(refused(401, 999999).class, NET_STOP);
	CHECK_INT(refused(403, 999999).class, NET_STOP);
	CHECK_INT(refused(408, 999999).class, NET_RETRY);
	CHECK_INT(refused(425, 999999).class, NET_RETRY);
	CHECK_INT(refused(429, 999999).class, NET_RETRY);
	CHECK_INT(refused(500, 999999).class, NET_RETRY);
	CHECK_INT(refused(302, 999999).class, NET_STOP);
	CHECK_INT(refused(999, 999999).class, NET_FAILED);
	CHECK_INT(answered(400, "{\"error\":{\"code\":999999,\"is_transient\":true}}").class,
		NET_RETRY);
	CHECK_INT(answered(400, "{\"error\":{\"code\":999999,\"is_transient\":false}}").class,
		NET_FAILED);
}

static void without_an_error_of_the_api_it_goes_by_the_status_or_is_not_known(void)
{
	static const char *const bodies[] = { "", "<html>", "{}", "{\"error\":\"x\"}", "[]",
		"{\"error\":{\"code\":\"100\"}}", "{\"error\":{\"code\":", "{\"error\":null}" };

	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++) {
		CHECK_INT(answered(301, bodies[i]).class, NET_STOP);
		CHECK_INT(answered(308, bodies[i]).class, NET_STOP);
		CHECK_INT(answered(400, bodies[i]).class, NET_UNKNOWN);
		CHECK_INT(answered(401, bodies[i]).class, NET_STOP);
		CHECK_INT(answered(403, bodies[i]).class, NET_STOP);
		CHECK_INT(answered(404, bodies[i]).class, NET_UNKNOWN);
		CHECK_INT(answered(408, bodies[i]).class, NET_RETRY);
		CHECK_INT(answered(425, bodies[i]).class, NET_RETRY);
		CHECK_INT(answered(429, bodies[i]).class, NET_RETRY);
		CHECK_INT(answered(429, bodies[i]).scope, NET_CHANNEL);
		CHECK_INT(answered(500, bodies[i]).class, NET_UNKNOWN);
		CHECK_INT(answered(503, bodies[i]).class, NET_UNKNOWN);
	}
	CHECK_STR(answered(502, "<html>").said, "HTTP 502");
}

static void success_needs_the_id_of_the_message(void)
{
	static const char *const bodies[] = { "", "{}", "[]", "<html>", "{\"messages\":[]}",
		"{\"messages\":{\"id\":\"wamid.A\"}}", "{\"messages\":[{\"id\":5}]}",
		"{\"messages\":[{\"id\":\"\"}]}", "{\"messages\":[{\"id\":\"wamid.\\u0000A\"}]}",
		"{\"messages\":[{\"id\":\"wamid.\\u001b[31mX\"}]}",
		"{\"messages\":[{\"id\":\"wamid A\"}]}", "{\"messages\":[{\"id\":\"wamid.ç\"}]}",
		"{\"messages\":[],\"messages\":[{\"id\":\"wamid.B\"}]}",
		"{\"messages\":[{\"id\":", "{\"error\":{\"code\":131000,\"message\":\"x\"}}" };
	const char *good = "{\"contacts\":[{\"input\":\"+5531999990001\",\"wa_id\":"
			   "\"553199990001\"}],\"messages\":[{\"id\":\"wamid.A=\"}]}";
	struct net_outcome outcome;

	for (size_t i = 0; i < sizeof(bodies) / sizeof(*bodies); i++)
		CHECK_INT(answered(200, bodies[i]).class, NET_UNKNOWN);
	CHECK_INT(answered(204, "").class, NET_UNKNOWN);
	outcome = answered(200, good);
	CHECK_INT(outcome.class, NET_SENT);
	CHECK_STR(outcome.wamid, "wamid.A=");
	CHECK_STR(outcome.wa_id, "553199990001");
	CHECK_STR(outcome.said, "");
}

static void an_id_has_less_than_256_bytes(void)
{
	char body[600];

	snprintf(body, sizeof(body), "{\"messages\":[{\"id\":\"%0255d\"}]}", 1);
	CHECK_INT(answered(200, body).class, NET_SENT);
	snprintf(body, sizeof(body), "{\"messages\":[{\"id\":\"%0256d\"}]}", 1);
	CHECK_INT(answered(200, body).class, NET_UNKNOWN);
}

static void what_is_no_number_of_the_recipient_is_dropped(void)
{
	static const char *const contacts[] = { "[]", "{}", "[{\"wa_id\":5}]",
		"[{\"wa_id\":\"BR.15\"}]", "[{\"user_id\":\"BR.15\"}]", "[{\"wa_id\":\"1 2\"}]" };
	char body[200];

	for (size_t i = 0; i < sizeof(contacts) / sizeof(*contacts); i++) {
		snprintf(body, sizeof(body), "{\"contacts\":%s,\"messages\":[{\"id\":\"a\"}]}",
			contacts[i]);
		CHECK_INT(answered(200, body).class, NET_SENT);
		CHECK_STR(answered(200, body).wa_id, "");
	}
}

static void what_meta_says_is_one_line_with_its_code(void)
{
	CHECK_STR(
		answered(400, "{\"error\":{\"message\":\"(#131026) Undeliverable\",\"code\":131026,"
			      "\"error_data\":{\"details\":\"No\\nWhatsApp\"}}}")
			.said,
		"(#131026) Undeliverable: No WhatsApp");
	CHECK_STR(answered(401, "{\"error\":{\"message\":\"Expired\",\"code\":190,\"error_data\":"
				"\"a text\"}}")
			  .said,
		"(#190) Expired: a text");
	CHECK_STR(answered(400, "{\"error\":{\"code\":100}}").said, "(#100)");
}

static void that_our_own_number_is_missing_is_the_settings_fault(void)
{
	static const char format[] =
		"{\"error\":{\"message\":\"Object with ID '%s' does not exist\","
		"\"code\":100,\"error_subcode\":%d}}";
	char body[300];

	snprintf(body, sizeof(body), format, OWN, 33);
	CHECK_INT(answered(400, body).class, NET_STOP);
	snprintf(body, sizeof(body), format, "123", 33);
	CHECK_INT(answered(400, body).class, NET_FAILED);
	snprintf(body, sizeof(body), format, OWN, 34);
	CHECK_INT(answered(400, body).class, NET_FAILED);
}

static struct net_outcome limited(long code, long retry_after, const char *usage)
{
	char body[100];
	const struct http_answer answer = { .end = HTTP_ANSWERED,
		.status = 400,
		.body = body,
		.body_len =
			(size_t)snprintf(body, sizeof(body), "{\"error\":{\"code\":%ld}}", code),
		.retry_after_seconds = retry_after,
		.usage = usage,
		.uploaded_bytes = 100,
		.reason = "" };

	return judge(&answer, WHATSAPP_REACHES_SOMEBODY);
}

#define USAGE(minutes) \
	"{\"10\":[{\"type\":\"whatsapp\",\"estimated_time_to_regain_access\":" minutes "}]}"

static void the_longest_wait_that_is_asked_for_counts(void)
{
	CHECK_INT(limited(80007, 2, "").retry_after_seconds, 2);
	CHECK_INT(limited(80007, 0, USAGE("5")).retry_after_seconds, 300);
	CHECK_INT(limited(80007, 0, USAGE("7")).retry_after_seconds, 420);
	CHECK_INT(limited(80007, 1000, USAGE("7")).retry_after_seconds, 1000);
	CHECK_INT(limited(80007, 2, USAGE("0")).retry_after_seconds, 2);
	CHECK_INT(limited(4, 0, USAGE("100000000")).retry_after_seconds, 86400);
	CHECK_INT(limited(130429, 0, USAGE("-3")).retry_after_seconds, 0);
	CHECK_INT(limited(130429, 0, USAGE("\"3\"")).retry_after_seconds, 0);
	CHECK_INT(limited(130429, 0, "{\"10\":").retry_after_seconds, 0);
	CHECK_INT(limited(130429, 0, "{\"10\":7,\"11\":[8]}").retry_after_seconds, 0);
	CHECK_INT(limited(131048, 60, "").retry_after_seconds, 60);
	CHECK_INT(limited(131049, 60, "").retry_after_seconds, 86400);
	CHECK_INT(limited(131026, 60, "").retry_after_seconds, 0);
}

static struct net_outcome broken(enum http_end end, long uploaded, enum whatsapp_effect effect)
{
	const struct http_answer answer = { .end = end,
		.body = "",
		.usage = "",
		.uploaded_bytes = uploaded,
		.reason = "it broke" };

	return judge(&answer, effect);
}

static void what_broke_off_is_unknown_once_something_of_a_message_went_out(void)
{
	CHECK_INT(broken(HTTP_BROKEN, 0, WHATSAPP_REACHES_SOMEBODY).class, NET_RETRY);
	CHECK_INT(broken(HTTP_BROKEN, 1, WHATSAPP_REACHES_SOMEBODY).class, NET_UNKNOWN);
	CHECK_INT(broken(HTTP_TOO_BIG, 1, WHATSAPP_REACHES_SOMEBODY).class, NET_UNKNOWN);
	CHECK_INT(broken(HTTP_BROKEN, 1, WHATSAPP_REPEATABLE).class, NET_RETRY);
	CHECK_INT(broken(HTTP_UNREADABLE, 1, WHATSAPP_REPEATABLE).class, NET_RETRY);
	CHECK_INT(broken(HTTP_MISCONFIGURED, 0, WHATSAPP_REACHES_SOMEBODY).class, NET_STOP);
	CHECK_STR(broken(HTTP_BROKEN, 0, WHATSAPP_REPEATABLE).said, "it broke");
}

static void a_call_that_reaches_nobody_is_never_unknown(void)
{
	static const long statuses[] = { 200, 201, 204, 400, 404, 413, 500, 502 };

	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
		const struct http_answer answer = { .end = HTTP_ANSWERED,
			.status = statuses[i],
			.body = "<html>",
			.body_len = 6,
			.usage = "",
			.uploaded_bytes = 100,
			.reason = "" };

		CHECK_INT(judge(&answer, WHATSAPP_REPEATABLE).class, NET_RETRY);
	}
}

static void hashes_are_read_in_hex_and_in_base64(void)
{
	static const char hex[] =
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
	static const char *const wrong[] = { "", "e3b0",
		"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
		"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
		"47DEQpj8HBSa+/TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
		"73298ec14751fhfonf4wfxxxf52f4fb031db3892ff5",
		"g3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8550" };
	char got[65];

	CHECK(whatsapp_read_hash(hex, got));
	CHECK_STR(got, hex);
	CHECK(whatsapp_read_hash(
		"E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", got));
	CHECK_STR(got, hex);
	CHECK(whatsapp_read_hash("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", got));
	CHECK_STR(got, hex);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		CHECK(!whatsapp_read_hash(wrong[i], got));
		CHECK_STR(got, "");
	}
}

static void an_id_of_a_file_leads_nowhere_else(void)
{
	CHECK(whatsapp_is_media_id("1037543291543636"));
	CHECK(!whatsapp_is_media_id(""));
	CHECK(!whatsapp_is_media_id("../me"));
	CHECK(!whatsapp_is_media_id("1?fields=x"));
	CHECK(!whatsapp_is_media_id("1%2f2"));
	CHECK(!whatsapp_is_media_id(
		"1234567890123456789012345678901234567890123456789012345678901234"));
}

/* @want: what stands between to whom it goes and what statuses say. */
static void check_message(const struct whatsapp_message *message, const char *want)
{
	char whole[2000];
	struct buf buf;

	buf_init(&buf);
	whatsapp_put_message(&buf, message);
	snprintf(whole, sizeof(whole),
		"{\"messaging_product\":\"whatsapp\",\"recipient_type\":\"individual\",\"%s\":\"%"
		"s\","
		"%s,\"biz_opaque_callback_data\":\"42\"}",
		*message->to == '+' ? "to" : "recipient", message->to, want);
	CHECK_STR(buf_text(&buf), whole);
	buf_release(&buf);
}

static void a_text_says_to_whom_and_what_it_answers(void)
{
	struct whatsapp_message message = { .kind = WHATSAPP_TEXT,
		.to = "+5531999990001",
		.text = "a \"b\"\n\x01 ç",
		.tracking_id = 42 };

	check_message(&message, "\"type\":\"text\",\"text\":{\"preview_url\":false,"
				"\"body\":\"a \\\"b\\\"\\n\\u0001 ç\"}");
	message.to = "BR.1502576394655843";
	message.text = "a";
	message.reply_to_wamid = "wamid.X\"";
	check_message(&message, "\"type\":\"text\",\"text\":{\"preview_url\":false,\"body\":\"a\"},"
				"\"context\":{\"message_id\":\"wamid.X\\\"\"}");
}

#define TEMPLATE(components) \
	"\"type\":\"template\",\"template\":{\"name\":\"conversar_agora\"," \
	"\"language\":{\"code\":\"pt_BR\"},\"components\":[" components "]}"

static void a_template_has_its_parameters_and_its_button(void)
{
	static const char *const parameters[] = { "Maria da Silva", "\"x\"" };
	struct whatsapp_message message = { .kind = WHATSAPP_TEMPLATE,
		.to = "+1",
		.template_name = "conversar_agora",
		.template_language = "pt_BR",
		.parameters = parameters,
		.parameter_count = 2,
		.payload = "portalctl:start:42",
		.tracking_id = 42 };
	static const char both[] = TEMPLATE(
		"{\"type\":\"body\",\"parameters\":["
		"{\"type\":\"text\",\"text\":\"Maria da Silva\"},"
		"{\"type\":\"text\",\"text\":\"\\\"x\\\"\"}]},"
		"{\"type\":\"button\",\"sub_type\":\"quick_reply\",\"index\":\"0\","
		"\"parameters\":[{\"type\":\"payload\",\"payload\":\"portalctl:start:42\"}]}");

	check_message(&message, both);
	message.parameter_count = 0;
	message.payload = NULL;
	check_message(&message, TEMPLATE(""));
}

static void a_file_has_what_its_kind_may_have(void)
{
	struct whatsapp_message message = { .kind = WHATSAPP_DOCUMENT,
		.to = "+1",
		.media_id = "5",
		.caption = "veja",
		.file_name = "guia.pdf",
		.tracking_id = 42 };

	check_message(&message, "\"type\":\"document\",\"document\":{\"id\":\"5\","
				"\"caption\":\"veja\",\"filename\":\"guia.pdf\"}");
	message.kind = WHATSAPP_IMAGE;
	check_message(&message, "\"type\":\"image\",\"image\":{\"id\":\"5\",\"caption\":\"veja\"}");
	message.kind = WHATSAPP_AUDIO;
	check_message(&message, "\"type\":\"audio\",\"audio\":{\"id\":\"5\"}");
	message.kind = WHATSAPP_VOICE;
	check_message(&message, "\"type\":\"audio\",\"audio\":{\"id\":\"5\",\"voice\":true}");
}

static void a_long_name_of_a_file_keeps_its_end(void)
{
	char name[260], *at = name, want[400];
	struct whatsapp_message message = { .kind = WHATSAPP_DOCUMENT,
		.to = "+1",
		.media_id = "5",
		.file_name = name,
		.tracking_id = 42 };

	for (int i = 0; i < 125; i++, at += 2)
		memcpy(at, "ç", 2);
	memcpy(at, "a.pdf", 6);
	/* 255 bytes; the 240 last begin in the midst of a letter. */
	snprintf(want, sizeof(want),
		"\"type\":\"document\",\"document\":{\"id\":\"5\",\"filename\":\"%s\"}", name + 16);
	check_message(&message, want);
}

/* All the answers that are published, with what each means. */
static const struct published {
	const char *file;
	long status;
	enum net_class class;
} published[] = {
	{ "error-100-http400-missing-object", 400, NET_FAILED },
	{ "error-130429-http429", 429, NET_RETRY },
	{ "error-131000-http500", 500, NET_RETRY },
	{ "error-131030-http400", 400, NET_FAILED },
	{ "error-131047-http400", 400, NET_FAILED },
	{ "error-131056-http400", 400, NET_RETRY },
	{ "error-132000-http400", 400, NET_FAILED },
	{ "error-132001-http404", 404, NET_FAILED },
	{ "error-190-http401-expired", 401, NET_STOP },
	{ "error-2-http503-transient", 503, NET_RETRY },
	{ "send-response-br-ninth-digit-dropped", 200, NET_SENT },
	{ "send-response-bsuid", 200, NET_SENT },
	{ "send-response-phone", 200, NET_SENT },
	{ "send-response-template-accepted", 200, NET_SENT },
	{ "success-true", 200, NET_UNKNOWN },
	{ "media-upload-response", 200, NET_UNKNOWN },
};

static int read_published(const char *file, char *ret, size_t size)
{
	char path[4096];
	FILE *in;
	size_t len;

	snprintf(path, sizeof(path), "%s/data/whatsapp/api/%s.json", check_shared(), file);
	in = fopen(path, "r");
	if (!in)
		return 0;
	len = fread(ret, 1, size - 1, in);
	ret[len] = '\0';
	fclose(in);
	return 1;
}

static void published_answers_are_understood(void)
{
	char body[4096];

	for (size_t i = 0; i < sizeof(published) / sizeof(*published); i++) {
		CHECK(read_published(published[i].file, body, sizeof(body)));
		CHECK_INT(answered(published[i].status, body).class, published[i].class);
	}
	CHECK(read_published("send-response-br-ninth-digit-dropped", body, sizeof(body)));
	CHECK_STR(answered(200, body).wa_id, "553199990001");
	CHECK(read_published("send-response-bsuid", body, sizeof(body)));
	CHECK_STR(answered(200, body).wa_id, "");
}

int main(void)
{
	char body[4096];

	RUN(every_code_of_meta_has_its_class);
	RUN(a_code_that_nobody_knows_goes_by_its_status);
	RUN(without_an_error_of_the_api_it_goes_by_the_status_or_is_not_known);
	RUN(success_needs_the_id_of_the_message);
	RUN(an_id_has_less_than_256_bytes);
	RUN(what_is_no_number_of_the_recipient_is_dropped);
	RUN(what_meta_says_is_one_line_with_its_code);
	RUN(that_our_own_number_is_missing_is_the_settings_fault);
	RUN(the_longest_wait_that_is_asked_for_counts);
	RUN(what_broke_off_is_unknown_once_something_of_a_message_went_out);
	RUN(a_call_that_reaches_nobody_is_never_unknown);
	RUN(hashes_are_read_in_hex_and_in_base64);
	RUN(an_id_of_a_file_leads_nowhere_else);
	RUN(a_text_says_to_whom_and_what_it_answers);
	RUN(a_template_has_its_parameters_and_its_button);
	RUN(a_file_has_what_its_kind_may_have);
	RUN(a_long_name_of_a_file_keeps_its_end);
	if (read_published(published[0].file, body, sizeof(body)))
		RUN(published_answers_are_understood);
	else
		SKIP(published_answers_are_understood, "there is no ../shared/data/whatsapp");
	CHECK_REPORT();
}
