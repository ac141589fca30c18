#include "wa-event.h"

#include <dirent.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <portal/arena.h>

#include "check.h"
#include "text/json.h"

static const char *const kinds[] = { "message", "reaction", "edit", "revoke", "echo", "status",
	"number-changed", "user-id-changed", "template", "account", "other", "bad" };

/* All that is told of the events of a body, a line each. */
struct told {
	char text[16384];
	size_t len;
	int count;
};

static void put(struct told *told, const char *name, const char *value)
{
	const size_t room = sizeof(told->text) - told->len;

	if (!value || room < strlen(name) + 2 * strlen(value) + 3)
		return;
	told->len += (size_t)snprintf(told->text + told->len, room, " %s=", name);
	for (; *value; value++) {
		if (*value == '\n')
			told->text[told->len++] = '\\';
		told->text[told->len++] = *value == '\n' ? 'n' : *value;
	}
	told->text[told->len] = '\0';
}

static void put_person(struct told *told, const char *name, const struct wa_person *person)
{
	char key[32];

	snprintf(key, sizeof(key), "%swa_id", name);
	put(told, key, person->wa_id);
	snprintf(key, sizeof(key), "%suser_id", name);
	put(told, key, person->user_id);
}

static void put_number(struct told *told, const char *name, int64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%lld", (long long)number);
	put(told, name, number ? text : NULL);
}

static void put_event(struct told *told, const struct wa_event *event)
{
	told->len += (size_t)snprintf(told->text + told->len, sizeof(told->text) - told->len,
		"%s%s %s", told->count++ ? "\n" : "", kinds[event->kind],
		event->type ? event->type : "-");
	put_person(told, "", &event->who);
	put(told, "name", event->who.name);
	put_number(told, "at", event->timestamp);
	put(told, "text", event->text);
	put(told, "payload", event->payload);
	put(told, "context", event->context_wamid);
	put(told, "forwarded", event->forwarded ? "yes" : NULL);
	put(told, "referral", event->referral);
	put(told, "media", event->media.id);
	put(told, "mime", event->media.mime_type);
	put(told, "file", event->media.file_name);
	put(told, "sha256", event->media.sha256);
	put(told, "voice", event->media.voice ? "yes" : NULL);
	put_person(told, "before.", &event->before);
	put_person(told, "after.", &event->after);
	put(told, "status", event->status);
	put(told, "callback", event->callback);
	put(told, "template", event->notice.name);
	put(told, "language", event->notice.language);
	put(told, "word", event->notice.word);
	put(told, "why", event->notice.reason);
	put_number(told, "error", event->error.code);
	put(told, "details", event->error.details);
	put(told, "reason", event->reason);
}

static int tell(const struct wa_event *event, void *arg)
{
	put_event(arg, event);
	return 0;
}

/* What a body of @len bytes tells, or the sentence that it is refused with. */
static const char *told_of(const char *body, size_t len, struct told *told)
{
	_cleanup_arena_ struct arena arena = { 0 };
	_cleanup_arena_ struct arena scratch = { 0 };
	struct portal_error err = { 0 };
	const struct json *tree;

	memset(told, 0, sizeof(*told));
	if (wa_body_parse(&arena, body, len, &tree, &err) < 0)
		snprintf(told->text, sizeof(told->text), "refused: %s", err.message);
	else
		CHECK_INT(wa_body_visit(tree, &scratch, tell, told), 0);
	return told->text;
}

#define BODY(changes) \
	"{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"77\",\"changes\":" \
	"[" changes "]}]}"
#define VALUE(field, members) \
	"{\"field\":\"" field "\",\"value\":{\"metadata\":{\"phone_number_id\":\"4242\"}," members \
	"}}"
#define MESSAGES(list) BODY(VALUE("messages", "\"messages\":[" list "]"))
#define TEXT(rest, text) \
	"{\"id\":\"wamid.1\",\"from\":\"5531999990001\",\"timestamp\":\"1700000000\"," \
	"\"type\":\"text\",\"text\":{\"body\":\"" text "\"}" rest "}"

static struct told last;

static const char *told_by(const char *body)
{
	return told_of(body, strlen(body), &last);
}

#define CHECK_TOLD(body, want) CHECK_STR(told_by(body), want)

static void time_stamps_are_texts_or_numbers(void)
{
	const char *const seconds[] = { "\"1700000000\"", "1700000000", "\"soon\"", "17.5", "-1",
		"\"99999999999999999999\"", "null" };
	char body[512];

	for (int i = 0; i < 7; i++) {
		snprintf(body, sizeof(body),
			MESSAGES("{\"id\":\"w\",\"from\":\"5531999990001\",\"timestamp\":%s,"
				 "\"type\":\"text\",\"text\":{\"body\":\"a\"}}"),
			seconds[i]);
		CHECK_TOLD(body, i < 2 ? "message text wa_id=5531999990001 at=1700000000 text=a"
				       : "message text wa_id=5531999990001 text=a");
	}
}

static void what_no_text_may_hold_does_not_cost_the_rest_of_the_body(void)
{
	CHECK_TOLD(MESSAGES(TEXT("", "a\\u0000b") "," TEXT("", "c")),
		"message text wa_id=5531999990001 at=1700000000 text=a\xef\xbf\xbd"
		"b\nmessage text wa_id=5531999990001 at=1700000000 text=c");
	CHECK_TOLD(MESSAGES(TEXT("", "\\uD83D\\uDE00 \\ud83d \\ude00\\ud83d\\ud83d\\ude00")),
		"message text wa_id=5531999990001 at=1700000000 text=\xf0\x9f\x98\x80 "
		"\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd\xf0\x9f\x98\x80");
	CHECK_TOLD(MESSAGES(TEXT("", "\\\\u0000 \\/ \\u003C\\u0025\\u0040")),
		"message text wa_id=5531999990001 at=1700000000 text=\\u0000 / <%@");
}

static void what_is_no_strict_json_is_refused(void)
{
	const char *body = MESSAGES(TEXT("", "a"));
	char deep[200] = "";

	for (size_t len = 0; len < strlen(body); len++)
		CHECK(!strncmp(told_of(body, len, &last), "refused: not valid JSON", 23));
	CHECK_TOLD(BODY(VALUE("messages", "\"a\":1,\"\\u0061\":2")),
		"refused: ambiguous JSON: the key is there twice");
	memset(deep, '[', sizeof(deep) - 1);
	CHECK(!strncmp(told_by(deep), "refused: not valid JSON: the text is nested", 43));
	CHECK(!strncmp(told_by("\"\\u00"), "refused: not valid JSON", 23));
	CHECK(!strncmp(told_by("\"\\"), "refused: not valid JSON", 23));
	CHECK(!strncmp(told_of("\"\0\"", 3, &last), "refused: not valid JSON", 23));
}

static void what_is_of_another_product_is_refused(void)
{
	const char *refused = "refused: the body is no web hook of WhatsApp";

	CHECK_TOLD("{\"object\":\"page\",\"entry\":[]}", refused);
	CHECK_TOLD("{\"object\":\"whatsapp_business_account\"}", refused);
	CHECK_TOLD("{\"object\":\"whatsapp_business_account\",\"entry\":{}}", refused);
	CHECK_TOLD("{\"entry\":[]}", refused);
	CHECK_TOLD("[]", refused);
	CHECK_TOLD("null", refused);
	CHECK_TOLD("{\"object\":\"whatsapp_business_account\",\"entry\":[]}", "");
}

static void what_misses_a_part_is_set_aside_alone(void)
{
	CHECK_TOLD(MESSAGES("{\"from\":\"5531999990001\",\"type\":\"text\"},7," TEXT("", "b")),
		"bad text wa_id=5531999990001 reason=no_id\n"
		"bad unknown reason=no_id\n"
		"message text wa_id=5531999990001 at=1700000000 text=b");
	CHECK_TOLD(MESSAGES("{\"id\":\"w\",\"type\":\"text\",\"text\":{\"body\":\"a\"}}"),
		"bad text text=a reason=no_sender");
	CHECK_TOLD(MESSAGES("{\"id\":\"a b\",\"from\":\"5531999990001\",\"type\":\"text\"}"),
		"bad text wa_id=5531999990001 reason=no_id");
	CHECK_TOLD(MESSAGES("{\"id\":\"w\",\"from\":\"5531999990001\",\"type\":\"reaction\"}"),
		"bad reaction wa_id=5531999990001 reason=no_subject");
	CHECK_TOLD(BODY(VALUE("messages", "\"messages\":{}") ",{},{\"field\":\"x\"}"),
		"bad messages reason=malformed\n"
		"bad - reason=malformed\n"
		"bad x reason=malformed");
	CHECK_TOLD("{\"object\":\"whatsapp_business_account\",\"entry\":[1,{}]}",
		"bad - reason=malformed\nbad - reason=malformed");
	CHECK_TOLD(BODY(VALUE("messages", "\"statuses\":[{\"id\":\"w\"},{\"status\":\"sent\"},"
					  "[],{\"id\":\"w\",\"status\":\"sent\"}]")),
		"bad status reason=no_status\n"
		"bad status status=sent reason=no_id\n"
		"bad status reason=no_id\n"
		"status status status=sent");
}

static void a_number_has_eight_to_fifteen_digits(void)
{
	CHECK_TOLD(MESSAGES("{\"id\":\"w\",\"from\":\"1234567\",\"type\":\"text\"}"),
		"bad text reason=bad_number");
	CHECK_TOLD(MESSAGES("{\"id\":\"w\",\"from\":\"+1234567890123456\",\"type\":\"text\"}"),
		"bad text reason=bad_number");
	CHECK_TOLD(MESSAGES("{\"id\":\"w\",\"from\":\"12345678\",\"type\":\"text\"},"
			    "{\"id\":\"w\",\"from\":\"123456789012345\",\"type\":\"text\"}"),
		"message text wa_id=12345678\nmessage text wa_id=123456789012345");
	CHECK_TOLD(MESSAGES("{\"id\":\"w\",\"from\":\"12\",\"from_user_id\":\"BR.2\","
			    "\"type\":\"text\"}"),
		"message text user_id=BR.2");
}

static void a_type_without_its_part_is_still_a_message(void)
{
	CHECK_TOLD(MESSAGES("{\"id\":\"w\",\"from\":\"5531999990001\"}"),
		"message unknown wa_id=5531999990001");
	CHECK_TOLD(MESSAGES("{\"id\":\"w\",\"from\":\"5531999990001\",\"type\":\"image\","
			    "\"image\":\"x\"}"),
		"message image wa_id=5531999990001");
	CHECK_TOLD(MESSAGES("{\"id\":\"w\",\"from\":\"5531999990001\",\"type\":\"poll\","
			    "\"poll\":{\"name\":\"Pizza?\"}}"),
		"message poll wa_id=5531999990001 text=Pizza?");
	CHECK_TOLD(MESSAGES("{\"id\":\"w\",\"from\":\"5531999990001\",\"type\":\"location\","
			    "\"location\":{\"latitude\":0.0,\"longitude\":-0}}"),
		"message location wa_id=5531999990001 text=0.0, -0");
}

#define CONTACTS \
	"\"contacts\":[{\"profile\":{\"name\":\"Rui\"},\"wa_id\":\"5511988880002\"," \
	"\"user_id\":\"BR.2\"},{\"profile\":{\"name\":\"Ana\"},\"wa_id\":\"5531999990001\"," \
	"\"user_id\":\"BR.1\"}],"

static void contacts_are_matched_by_id_and_not_by_place(void)
{
	CHECK_TOLD(BODY(VALUE("messages", CONTACTS "\"messages\":[" TEXT("", "a") "]")),
		"message text wa_id=5531999990001 user_id=BR.1 name=Ana at=1700000000 text=a");
	CHECK_TOLD(BODY(VALUE("messages",
			   CONTACTS "\"messages\":[{\"id\":\"w\",\"from_user_id\":\"BR.2\","
				    "\"type\":\"text\"},{\"id\":\"x\",\"type\":\"text\"}]")),
		"message text wa_id=5511988880002 user_id=BR.2 name=Rui\n"
		"bad text reason=no_sender");
	CHECK_TOLD(BODY(VALUE("messages", "\"contacts\":[{\"profile\":{\"name\":\"Rui\"},\"wa_id\":"
					  "\"5511988880002\"}],\"messages\":[" TEXT("", "a") "]")),
		"message text wa_id=5531999990001 at=1700000000 text=a");
}

static void a_user_id_is_found_where_the_number_should_be(void)
{
	CHECK_TOLD(MESSAGES("{\"id\":\"w\",\"from\":\"BR.1502576394655843\",\"type\":\"text\"}"),
		"message text user_id=BR.1502576394655843");
	CHECK_TOLD(BODY(VALUE("messages",
			   "\"contacts\":[{\"wa_id\":\"BR.9\"}],\"messages\":[{\"id\":\"w\","
			   "\"type\":\"text\"}],\"statuses\":[{\"id\":\"w\",\"status\":\"read\","
			   "\"recipient_id\":\"BR.9\"}]")),
		"message text user_id=BR.9\nstatus status user_id=BR.9 status=read");
	CHECK_TOLD(MESSAGES("{\"id\":\"w\",\"from\":\"+5531999990001\",\"type\":\"text\"}"),
		"message text wa_id=5531999990001");
}

#define SYSTEM(from, members) \
	MESSAGES("{\"id\":\"w\"," from "\"type\":\"system\",\"system\":{" members "}}")

static void who_became_whom_is_found_wherever_it_stands(void)
{
	CHECK_TOLD(SYSTEM("", "\"type\":\"user_changed_number\",\"body\":\"User A changed from "
			      "\\u200e5531999990001\\u200e to \\u200e5531988880002\\u200e\""),
		"number-changed user_changed_number text=User A changed from "
		"\xe2\x80\x8e"
		"5531999990001\xe2\x80\x8e to \xe2\x80\x8e"
		"5531988880002\xe2\x80\x8e"
		" before.wa_id=5531999990001 after.wa_id=5531988880002");
	CHECK_TOLD(SYSTEM("\"from\":\"5531999990001\",",
			   "\"type\":\"user_changed_number\",\"new_wa_id\":\"5531988880002\""),
		"number-changed user_changed_number wa_id=5531999990001 "
		"before.wa_id=5531999990001 after.wa_id=5531988880002");
	CHECK_TOLD(SYSTEM("\"from_user_id\":\"BR.1\",",
			   "\"type\":\"user_changed_user_id\",\"user_id\":\"BR.2\",\"body\":\"User "
			   "x changed from US.0 to US.3 changed from BR.1 to BR.2\""),
		"user-id-changed user_changed_user_id user_id=BR.1 text=User x changed from US.0 "
		"to US.3 changed from BR.1 to BR.2 before.user_id=BR.1 after.user_id=BR.2");
	CHECK_TOLD(SYSTEM("\"from\":\"5531999990001\",", "\"type\":\"user_changed_number\""),
		"bad user_changed_number wa_id=5531999990001 before.wa_id=5531999990001 "
		"reason=no_change");
	CHECK_TOLD(SYSTEM("", "\"type\":\"viewed_once\""), "other viewed_once");
}

static void a_group_is_no_conversation_with_one_client(void)
{
	CHECK_TOLD(MESSAGES(TEXT(",\"group_id\":\"G1\"", "a")),
		"other group wa_id=5531999990001 at=1700000000 text=a");
}

static void digests_come_in_either_spelling(void)
{
#define IMAGE(digest) \
	MESSAGES("{\"id\":\"w\",\"from\":\"5531999990001\",\"type\":\"image\",\"image\":{" \
		 "\"id\":\"9\",\"sha256\":\"" digest "\"}}")
#define HEX "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	const char *want = "message image wa_id=5531999990001 media=9 sha256=" HEX;
	const char *none = "message image wa_id=5531999990001 media=9";

	CHECK_TOLD(IMAGE("47DEQpj8HBSa+\\/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="), want);
	CHECK_TOLD(IMAGE("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"), want);
	CHECK_TOLD(IMAGE("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"), want);
	CHECK_TOLD(IMAGE("47DEQpj8HBSa"), none);
	CHECK_TOLD(IMAGE("z3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), none);
}

static int count_event(const struct wa_event *event, void *arg)
{
	int *counts = arg;

	counts[event->kind]++;
	CHECK(event->kind != WA_MESSAGE || event->who.name);
	return 0;
}

/* @count messages of as many contacts in one change, with texts of @text_len bytes. */
static char *large_body(int count, int text_len)
{
	char *body = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&body, &len);

	fprintf(to, "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\","
		    "\"changes\":[{\"field\":\"messages\",\"value\":{\"contacts\":[");
	for (int i = 0; i < count; i++)
		fprintf(to, "%s{\"profile\":{\"name\":\"N\"},\"wa_id\":\"55319%08d\"}",
			i ? "," : "", count - i);
	fprintf(to, "],\"messages\":[");
	for (int i = 0; i < count; i++)
		fprintf(to,
			"%s{\"id\":\"w%d\",\"from\":\"55319%08d\",\"timestamp\":\"1700000000\","
			"\"type\":\"text\",\"text\":{\"body\":\"%0*d\"}}",
			i ? "," : "", i, i + 1, text_len, i);
	fprintf(to, "]}}]}]}");
	fclose(to);
	return body;
}

static double seconds_for(const char *body, int *counts)
{
	_cleanup_arena_ struct arena arena = { 0 };
	_cleanup_arena_ struct arena scratch = { 0 };
	struct portal_error err = { 0 };
	const struct json *tree;
	const clock_t start = clock();

	CHECK_INT(wa_body_parse(&arena, body, strlen(body), &tree, &err), 0);
	CHECK_INT(wa_body_visit(tree, &scratch, count_event, counts), 0);
	CHECK(arena_used(&scratch) < 4096);
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void a_thousand_messages_of_3_megabytes_take_no_time(void)
{
	char *body = large_body(1000, 2800);
	int counts[WA_BAD + 1] = { 0 };

	CHECK(strlen(body) > 2900000);
	CHECK(seconds_for(body, counts) < 0.5 * CHECK_STRIDE(10));
	CHECK_INT(counts[WA_MESSAGE], 1000);
	free(body);
}

static void many_contacts_take_no_quadratic_time(void)
{
	char *body = large_body(8000, 10);
	int counts[WA_BAD + 1] = { 0 };

	CHECK(seconds_for(body, counts) < 0.5 * CHECK_STRIDE(10));
	CHECK_INT(counts[WA_MESSAGE], 8000);
	free(body);
}

/* Lines by lines, such as the phones of a contact. */
static void many_lines_take_no_quadratic_time(void)
{
	char *body = NULL;
	size_t len = 0;
	FILE *to = open_memstream(&body, &len);
	const clock_t start = clock();

	fprintf(to, "{\"object\":\"whatsapp_business_account\",\"entry\":[{\"id\":\"1\","
		    "\"changes\":[{\"field\":\"messages\",\"value\":{\"messages\":[{"
		    "\"id\":\"w\",\"from\":\"5531999990001\",\"type\":\"contacts\","
		    "\"contacts\":[{\"phones\":[{}");
	for (int i = 0; i < 40000; i++)
		fprintf(to, ",{\"phone\":\"5531999990001\"}");
	fprintf(to, "]}]}]}}]}]}");
	fclose(to);
	told_by(body);
	CHECK_INT(last.count, 1);
	CHECK((double)(clock() - start) / CLOCKS_PER_SEC < 0.5 * CHECK_STRIDE(10));
	free(body);
}

static int stop_at_once(const struct wa_event *event, void *arg)
{
	(void)event;
	(*(int *)arg)++;
	return -PORTAL_FAILURE;
}

static void a_visitor_ends_the_walk(void)
{
	const char *body = MESSAGES(TEXT("", "a") "," TEXT("", "b"));
	_cleanup_arena_ struct arena arena = { 0 };
	_cleanup_arena_ struct arena scratch = { 0 };
	struct portal_error err = { 0 };
	const struct json *tree;
	int count = 0;

	CHECK_INT(wa_body_parse(&arena, body, strlen(body), &tree, &err), 0);
	CHECK_INT(wa_body_visit(tree, &scratch, stop_at_once, &count), -PORTAL_FAILURE);
	CHECK_INT(count, 1);
}

/* tests/data/wa-events.txt: a line for each event of each published payload, behind the
 * name of the file. */
static bool reads_as_expected(FILE *expected, const char *name, const char *text)
{
	static char line[8192];
	static char want[16384];
	size_t len = 0;

	rewind(expected);
	want[0] = '\0';
	while (fgets(line, sizeof(line), expected)) {
		char *tab = strchr(line, '\t');

		line[strcspn(line, "\n")] = '\0';
		if (!tab || strlen(name) != (size_t)(tab - line) ||
			strncmp(line, name, strlen(name)))
			continue;
		len += (size_t)snprintf(
			want + len, sizeof(want) - len, "%s%s", len ? "\n" : "", tab + 1);
	}
	CHECK_STR(text, want);
	return len > 0;
}

static void read_payload(const char *folder, const char *name, FILE *expected)
{
	static char body[1 << 20];
	char path[1024];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "r");
	CHECK(file != NULL);
	if (!file)
		return;
	len = fread(body, 1, sizeof(body), file);
	fclose(file);
	if (!reads_as_expected(expected, name, told_of(body, len, &last)))
		printf("# %s is not expected\n", name);
}

static void every_published_payload_is_read_as_expected(void)
{
	char folder[600];
	FILE *expected = fopen("tests/data/wa-events.txt", "r");
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	snprintf(folder, sizeof(folder), "%s/data/whatsapp/webhooks", check_shared());
	dir = opendir(folder);
	while (dir && expected && (entry = readdir(dir)))
		if (strstr(entry->d_name, ".json")) {
			read_payload(folder, entry->d_name, expected);
			count++;
		}
	CHECK(count >= 110);
	if (dir)
		closedir(dir);
	if (expected)
		fclose(expected);
}

static bool payloads_are_there(void)
{
	char folder[600];

	snprintf(folder, sizeof(folder), "%s/data/whatsapp/webhooks", check_shared());
	return access(folder, R_OK) == 0;
}

int main(void)
{
	RUN(time_stamps_are_texts_or_numbers);
	RUN(what_no_text_may_hold_does_not_cost_the_rest_of_the_body);
	RUN(what_is_no_strict_json_is_refused);
	RUN(what_is_of_another_product_is_refused);
	RUN(what_misses_a_part_is_set_aside_alone);
	RUN(a_number_has_eight_to_fifteen_digits);
	RUN(a_type_without_its_part_is_still_a_message);
	RUN(contacts_are_matched_by_id_and_not_by_place);
	RUN(a_user_id_is_found_where_the_number_should_be);
	RUN(who_became_whom_is_found_wherever_it_stands);
	RUN(a_group_is_no_conversation_with_one_client);
	RUN(digests_come_in_either_spelling);
	RUN(a_thousand_messages_of_3_megabytes_take_no_time);
	RUN(many_contacts_take_no_quadratic_time);
	RUN(many_lines_take_no_quadratic_time);
	RUN(a_visitor_ends_the_walk);
	if (payloads_are_there())
		RUN(every_published_payload_is_read_as_expected);
	else
		SKIP(every_published_payload_is_read_as_expected, "the payloads are not here");
	CHECK_REPORT();
}
