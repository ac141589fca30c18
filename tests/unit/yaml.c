#include "text/yaml.h"

#include <time.h>

#include <portal/arena.h>

#include "check.h"
#include "text/json.h"
#include "text/lines.h"

static int add(void *arg, const char *key, const char *value, int64_t line, int64_t column,
	struct portal_error *err)
{
	size_t len = strlen(arg);

	if (strcmp(key, "bad") == 0)
		return portal_fail(err, PORTAL_USAGE, "'%s' is not a setting", key);
	snprintf((char *)arg + len, 1000 - len, "%lld:%lld %s=%s;", (long long)line,
		(long long)column, key, value);
	return 0;
}

/* The settings of @text, or "line:column sentence". */
static const char *read_text(const char *text)
{
	static char out[1000];
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };

	out[0] = '\0';
	if (yaml_read_settings(&arena, &(struct yaml_text){ "p.yaml", text, strlen(text) }, add,
		    out, &err) < 0) {
		CHECK_STR(err.source, "p.yaml");
		snprintf(out, sizeof(out), "%lld:%lld %s", (long long)err.line,
			(long long)err.column, err.message);
	}
	return out;
}

static void nested_keys_get_dots(void)
{
	CHECK_STR(read_text("smtp:\n  host: a\n  tls: {min: 1.2, ca: ~}\nx.y: yes\n"),
		"2:3 smtp.host=a;3:9 smtp.tls.min=1.2;3:19 smtp.tls.ca=~;4:1 x.y=yes;");
	CHECK_STR(read_text("a: 'é'\nb: |\n  1\n  2\nc:\n"), "1:1 a=é;2:1 b=1\n2\n;5:1 c=;");
	CHECK_STR(read_text("a: [x, y]\nb:\n- z\nc: []\n"), "1:1 a=x\ny;2:1 b=z;4:1 c=;");
}

static void an_empty_file_has_no_settings(void)
{
	CHECK_STR(read_text(""), "");
	CHECK_STR(read_text("# only a comment\n"), "");
	CHECK_STR(read_text("---\n"), "");
	CHECK_STR(read_text("\xef\xbb\xbf"
			    "a: 1\n"),
		"1:1 a=1;");
}

static void what_others_read_differently_is_refused(void)
{
	CHECK_STR(read_text("a: &x 1\n"), "1:4 anchors are not allowed");
	CHECK_STR(read_text("a: &x {}\n"), "1:4 anchors are not allowed");
	CHECK_STR(read_text("a: &x []\n"), "1:4 anchors are not allowed");
	CHECK_STR(read_text("a: *x\n"), "1:4 aliases are not allowed");
	CHECK_STR(read_text("a: !!str 1\n"), "1:4 tags are not allowed");
	CHECK_STR(read_text("a: !x {}\n"), "1:4 tags are not allowed");
	CHECK_STR(read_text("a: !x []\n"), "1:4 tags are not allowed");
	CHECK_STR(read_text("a: 1\n---\nb: 2\n"), "2:1 a second document is not allowed");
	CHECK_STR(read_text("%YAML 1.1\n---\na: 1\n"), "1:1 a line can't begin with '%'");
	CHECK_STR(read_text("a: \"\\0\"\n"), "1:4 there is a NUL character");
}

static void a_key_is_there_once(void)
{
	CHECK_STR(read_text("a: 1\nb: 2\n\"a\": 3\n"), "3:1 'a' is there twice");
	CHECK_STR(read_text("a:\n  b: 2\na.b: 3\n"), "3:1 'a.b' is there twice");
	CHECK_STR(read_text("a: {b: 1}\na: {c: 1}\n"), "2:1 'a' is there twice");
	CHECK_STR(read_text("a: {x: 1}\nb: {x: 1}\n"), "1:5 a.x=1;2:5 b.x=1;");
}

static void only_texts_and_lists_of_texts_are_values(void)
{
	CHECK_STR(read_text("a: [[1]]\n"), "1:5 a list can hold nothing but texts");
	CHECK_STR(read_text("a: [{b: 1}]\n"), "1:5 a list can hold nothing but texts");
	CHECK_STR(read_text("? [a]\n: 1\n"), "1:3 a key must be a text");
	CHECK_STR(read_text("? {a: 1}\n: 1\n"), "1:3 a key must be a text");
	CHECK_STR(read_text("- a\n"), "1:1 'key: value' was expected");
	CHECK_STR(read_text("a\n"), "1:1 'key: value' was expected");
	CHECK_STR(read_text("a: ['']\n"),
		"1:5 an item of a list can't be empty or hold a line break");
	CHECK_STR(read_text("'': 1\n"), "1:1 a key is empty or too long");
}

static void faults_have_their_place(void)
{
	CHECK_STR(read_text("a: 1\n b: 2\n"),
		"2:3 not valid YAML: mapping values are not allowed in this context");
	CHECK_STR(read_text("a: 1\nb: \xff\n"), "2:4 not valid YAML: invalid leading UTF-8 octet");
	CHECK_STR(read_text("a: 1\nb:\n  c: 2\nbad: 3\n"), "4:1 'bad' is not a setting");
}

static void nothing_is_visited_before_all_is_good(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	char out[1000] = "";

	CHECK_INT(yaml_read_settings(
			  &arena, &(struct yaml_text){ "p", "a: 1\nb: *x\n", 11 }, add, out, &err),
		-PORTAL_INVALID_INPUT);
	CHECK_STR(out, "");
}

/* 1 MiB of @unit again and again: the sentence; within two seconds and 24 MB. */
static const char *read_much(const char *unit)
{
	static char message[600];
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	char *text = malloc(YAML_MAX_BYTES + 1), out[1000] = "";
	size_t len = strlen(unit);
	clock_t start = clock();

	for (size_t i = 0; i < YAML_MAX_BYTES; i++)
		text[i] = unit[i % len];
	yaml_read_settings(
		&arena, &(struct yaml_text){ "p", text, YAML_MAX_BYTES }, add, out, &err);
	CHECK((double)(clock() - start) / CLOCKS_PER_SEC < 2);
	CHECK(arena_used(&arena) < 24 << 20);
	CHECK_INT(yaml_read_settings(&arena, &(struct yaml_text){ "p", text, YAML_MAX_BYTES + 1 },
			  add, out, &err),
		-PORTAL_INVALID_INPUT);
	CHECK_STR(err.message, "settings can't be longer than 1 MiB");
	err.message[0] = '\0';
	yaml_read_settings(
		&arena, &(struct yaml_text){ "p", text, YAML_MAX_BYTES }, add, out, &err);
	free(text);
	memcpy(message, err.message, sizeof(err.message));
	return message;
}

static void hostile_texts_are_refused_quickly(void)
{
	CHECK_STR(read_much("["), "'key: value' was expected");
	CHECK_STR(read_much("{a: "), "the text is nested deeper than 32 levels");
	CHECK_STR(read_much("{"), "a key must be a text");
	CHECK_STR(read_much("- "), "'key: value' was expected");
	CHECK_STR(read_much("? "), "a key must be a text");
	CHECK_STR(read_much("%TAG !a! b\n"), "a line can't begin with '%'");
	CHECK_STR(read_much("\n"), "");
	CHECK_STR(read_much("#"), "");
	CHECK_STR(read_much("a: 1\n"), "there are more than 10,000 keys");
	CHECK(strstr(read_much("a"), "was expected"));
	CHECK(*read_much("\""));
	CHECK(*read_much("a: [b, "));
	CHECK(*read_much("&a "));
	CHECK(*read_much("!a "));
	CHECK(*read_much("a\n"));
	CHECK(*read_much("[a"));
	CHECK(*read_much("{a,"));
}

static void the_deepest_nesting_is_32(void)
{
	char text[400] = "";
	size_t len = 0;

	for (int i = 0; i < 32; i++)
		len += (size_t)snprintf(text + len, 10, "{a: ");
	memset(text + len, '}', 32);
	CHECK(strstr(read_text(text), "a.a.a=;"));
	snprintf(text + len, 10, "{a: ");
	memset(text + len + 4, '}', 33);
	CHECK(strstr(read_text(text), "the text is nested deeper than 32 levels"));
}

static void a_dotted_key_has_at_most_255_bytes(void)
{
	char text[300] = "a:\n  ";

	memset(text + 5, 'k', 253);
	memcpy(text + 5 + 253, ": 1", 4);
	CHECK(strstr(read_text(text), "k=1;"));
	memset(text + 5, 'k', 254);
	memcpy(text + 5 + 254, ": 1", 4);
	CHECK_STR(read_text(text), "2:3 a key is empty or too long");
	memset(text, 'k', 255);
	memcpy(text + 255, ": 1", 4);
	CHECK(strstr(read_text(text), "k=1;"));
}

static FILE *open_suite(void)
{
	char path[500];

	snprintf(path, sizeof(path), "%s/data/yaml-test-suite/cases.ndjson", check_shared());
	return fopen(path, "r");
}

static void yaml_test_suite_does_no_harm(void)
{
	_cleanup_lines_ struct lines *lines = NULL;
	struct portal_error err = { 0 };
	struct line line;
	FILE *file = open_suite();
	int cases = 0;

	CHECK_INT(lines_open(&lines, fileno(file), &err), 0);
	while (lines_next(lines, &line, &err) > 0) {
		_cleanup_arena_ struct arena arena = { 0 };
		struct json *one = NULL;
		const char *text;

		CHECK_INT(json_parse(&arena, line.text, line.len, &one, &err), 0);
		text = json_text(json_get(one, "yaml"));
		CHECK(text != NULL);
		cases += text != NULL;
		if (text)
			read_text(text);
	}
	CHECK(cases > 200);
	printf("# %d cases\n", cases);
	fclose(file);
}

int main(void)
{
	FILE *suite = open_suite();

	RUN(nested_keys_get_dots);
	RUN(an_empty_file_has_no_settings);
	RUN(what_others_read_differently_is_refused);
	RUN(a_key_is_there_once);
	RUN(only_texts_and_lists_of_texts_are_values);
	RUN(faults_have_their_place);
	RUN(nothing_is_visited_before_all_is_good);
	RUN(hostile_texts_are_refused_quickly);
	RUN(the_deepest_nesting_is_32);
	RUN(a_dotted_key_has_at_most_255_bytes);
	if (suite) {
		fclose(suite);
		RUN(yaml_test_suite_does_no_harm);
	} else {
		SKIP(yaml_test_suite_does_no_harm, "the suite is not here");
	}
	CHECK_REPORT();
}
