#include "text/document.h"

#include <dirent.h>
#include <time.h>

#include <portal/arena.h>

#include "check.h"
#include "text/json.h"
#include "text/json_check.h"
#include "text/lines.h"

static void show(const struct document_event *event, char *out, size_t size)
{
	static const char marks[] = ".{}[]";
	static const char *const kinds[] = { "", "'", "#", "?" };
	size_t len = strlen(out);

	CHECK(event->line >= 1 && event->column >= 1);
	if (event->type <= DOCUMENT_LIST_END)
		snprintf(out + len, size - len, "%lld:%lld%c ", (long long)event->line,
			(long long)event->column, marks[event->type]);
	else
		snprintf(out + len, size - len, "%lld:%lld%s%s%s%s ", (long long)event->line,
			(long long)event->column, kinds[event->scalar], event->text,
			event->is_null ? "~" : "", event->type == DOCUMENT_KEY ? ":" : "");
}

/* The events of @text, or at the end of them "line:column sentence". */
static int read_bytes(
	const char *bytes, size_t len, enum document_format format, char *out, size_t size)
{
	_cleanup_document_ struct document *document = NULL;
	struct portal_error err = { 0 };
	struct document_event event;
	char *exact = malloc(len + 1); /* so that a sanitizer sees what reads too far */
	int rc;

	memcpy(exact, bytes, len);
	exact = realloc(exact, len ? len : 1);
	out[0] = '\0';
	rc = document_open(&document, &(struct document_text){ "p", exact, len, format }, &err);
	while (rc >= 0 && (rc = document_next(document, &event, &err)) > 0) {
		if (event.type >= DOCUMENT_KEY)
			CHECK_INT(strlen(event.text), event.len);
		show(&event, out, size);
	}
	if (rc < 0) {
		CHECK_INT(rc, -PORTAL_INVALID_INPUT);
		CHECK_STR(err.source, "p");
		CHECK(err.line >= 1 && err.column >= 1);
		snprintf(out + strlen(out), size - strlen(out), "%lld:%lld %s", (long long)err.line,
			(long long)err.column, err.message);
	}
	free(exact);
	return rc;
}

static const char *read_text(const char *text)
{
	static char out[1000];

	read_bytes(text, strlen(text), DOCUMENT_AUTO, out, sizeof(out));
	return out;
}

/* What a text ends with when it is refused: the place and the sentence. */
static bool ends_so(const char *text, const char *want)
{
	const char *got = read_text(text);
	size_t len = strlen(got), want_len = strlen(want);

	if (len >= want_len && strcmp(got + len - want_len, want) == 0)
		return true;
	printf("# %s\n", got);
	return false;
}

static void every_event_has_its_place(void)
{
	CHECK_STR(read_text("a: 1\nb:\n  - x\n  - {c: 'é', d: \"z\"}\n"),
		"1:1{ 1:1a: 1:41 2:1b: 3:3[ 3:5x 4:5{ 4:6c: 4:9'é 4:14d: 4:17'z 4:20} 5:1] 5:1} ");
	CHECK_STR(read_text("{\"a\": 1,\n \"é\": [\"x\\u00e9\", {\"c\": -2.5e3}, true,\n null]}"),
		"1:1{ 1:2'a: 1:7#1 2:2'é: 2:7[ 2:8'xé 2:19{ 2:20'c: 2:25#-2.5e3 2:31} "
		"2:34?true 3:2null~ 3:6] 3:7} ");
}

static void what_it_is_shows_in_the_first_character(void)
{
	CHECK_STR(read_text(" \t\r\n{\"a\": 1}"), "2:1{ 2:2'a: 2:7#1 2:8} ");
	CHECK(ends_so("{a: 1}", "1:2 not valid JSON: a key in quotes was expected"));
	CHECK_STR(read_text("[a]"), "1:1[ 1:2a 1:3] ");
	CHECK_STR(read_text("\xef\xbb\xbf"
			    "a: 1"),
		"1:1{ 1:1a: 1:41 2:1} ");
	CHECK(ends_so("\xef\xbb\xbf{}", "1:1 not valid JSON: there is a byte order mark"));
	CHECK_STR(read_text(""), "");
	CHECK_STR(read_text("# nothing\n"), "");
	CHECK_STR(read_text("---\n...\n"), "2:1~ ");
}

static void texts_stay_what_was_written(void)
{
	CHECK_STR(read_text("[no, on, y, true, 010, 0x1f, 1e3, 1_000, 2026-03-01, 12:30, .inf]"),
		"1:1[ 1:2no 1:6on 1:10y 1:13true 1:19010 1:240x1f 1:301e3 1:351_000 "
		"1:422026-03-01 1:5412:30 1:61.inf 1:65] ");
	CHECK_STR(read_text("[null, ~, 'null', \"~\", Null, NULL, '']"),
		"1:1[ 1:2null~ 1:8~~ 1:11'null 1:19'~ 1:24Null 1:30NULL 1:36' 1:38] ");
	CHECK_STR(read_text("a:\nb: |\n  x\n  y\nnull: >\n  z\n"),
		"1:1{ 1:1a: 1:3~ 2:1b: 2:4'x\ny\n 5:1null: 5:7'z\n 7:1} ");
}

static void line_breaks_of_all_systems_count_once(void)
{
	CHECK_STR(read_text("a: 1\r\nb: 2\r\n"), "1:1{ 1:1a: 1:41 2:1b: 2:42 3:1} ");
	CHECK_STR(read_text("a: 1\rb: 2\r"), "1:1{ 1:1a: 1:41 2:1b: 2:42 3:1} ");
	CHECK_STR(read_text("{\r\n\"a\":\r\r1}"), "1:1{ 2:1'a: 4:1#1 4:2} ");
}

static void yaml_that_is_read_differently_is_refused(void)
{
	CHECK(ends_so("a: &x 1\n", "1:4 anchors are not allowed"));
	CHECK(ends_so("a: &x {}\n", "1:4 anchors are not allowed"));
	CHECK(ends_so("- &x []\n", "1:3 anchors are not allowed"));
	CHECK(ends_so("&x a: 1\n", "1:1 anchors are not allowed"));
	CHECK(ends_so("a: *x\n", "1:4 aliases are not allowed"));
	CHECK(ends_so("a: !!str 1\n", "1:4 tags are not allowed"));
	CHECK(ends_so("a: !x {}\n", "1:4 tags are not allowed"));
	CHECK(ends_so("- !x []\n", "1:3 tags are not allowed"));
	CHECK(ends_so("a: 1\n---\nb: 2\n", "2:1 a second document is not allowed"));
	CHECK(ends_so("a: 1\n%YAML 1.1\n---\n", "2:1 a line can't begin with '%'"));
	CHECK(ends_so("a: \"\\0\"\n", "1:4 there is a NUL character"));
	CHECK(ends_so("\"\\0\": a\n", "1:1 there is a NUL character"));
	CHECK(ends_so("? [a]\n: 1\n", "1:3 a key must be a text"));
	CHECK(ends_so("a:\n  ? {b: 1}\n  : 1\n", "2:5 a key must be a text"));
	CHECK(ends_so("- a\n- é \xff\n", "2:5 not valid YAML: invalid leading UTF-8 octet"));
	CHECK(ends_so(
		"a:\n\tb: 1\n", "2:1 not valid YAML: found character that cannot start any token"));
	CHECK(ends_so("a: [1\n", "2:1 not valid YAML: did not find expected ',' or ']'"));
	CHECK(ends_so(
		"a: b: 1\n", "1:5 not valid YAML: mapping values are not allowed in this context"));
}

static void json_is_read_by_its_rfc(void)
{
	CHECK(ends_so("{\"a\":1,}", "1:8 not valid JSON: a key in quotes was expected"));
	CHECK(ends_so("{\"a\":01}", "1:6 not valid JSON: a number can't begin with 0"));
	CHECK(ends_so("{\"a\":1}\n x", "2:2 not valid JSON: there is something after the value"));
	CHECK(ends_so("{\"é\":\n \"x\\u0000\"}", "2:4 ambiguous JSON: '\\u0000' is not allowed"));
	CHECK(ends_so("{\"a\":\n \"\\ud83d\"}",
		"2:3 not valid JSON: half of a surrogate pair is missing"));
	CHECK(ends_so("{\"a\":\n \"abc", "2:2 not valid JSON: a string is not closed"));
	CHECK(ends_so("{", "1:2 not valid JSON: the text ends too early"));
}

static void nul_bytes_are_refused(void)
{
	char out[1000];

	CHECK(read_bytes("a: \0", 4, DOCUMENT_AUTO, out, sizeof(out)) < 0);
	CHECK(strstr(out, "1:4 not valid YAML: control characters are not allowed"));
	CHECK(read_bytes("{\0}", 3, DOCUMENT_AUTO, out, sizeof(out)) < 0);
	CHECK(strstr(out, "1:2 not valid JSON: there is a NUL byte"));
}

/* @depth levels of @open in either language: is it read? */
static bool is_read(const char *open, const char *value, const char *close, int depth)
{
	char text[400] = "", out[4000];

	for (int i = 0; i < depth; i++)
		strcat(text, open);
	strcat(text, value);
	for (int i = 0; i < depth; i++)
		strcat(text, close);
	return read_bytes(text, strlen(text), DOCUMENT_AUTO, out, sizeof(out)) == 0;
}

static void the_deepest_nesting_is_32(void)
{
	CHECK(is_read("[", "", "]", 32) && !is_read("[", "", "]", 33));
	CHECK(is_read("- ", "a", "", 32) && !is_read("- ", "a", "", 33));
	CHECK(is_read("{\"a\":", "1", "}", 32) && !is_read("{\"a\":", "1", "}", 33));
	CHECK(is_read("[{a: ", "", "}]", 16) && !is_read("[{a: ", "[]", "}]", 16));
}

/* @len bytes of @unit again and again are read or refused within two seconds. */
static bool is_quick(const char *unit, size_t len, enum document_format format)
{
	_cleanup_document_ struct document *document = NULL;
	struct portal_error err = { 0 };
	struct document_event event;
	char *text = malloc(len);
	size_t unit_len = strlen(unit);
	clock_t start = clock();
	double seconds;
	int rc;

	for (size_t i = 0; i < len; i++)
		text[i] = unit[i % unit_len];
	rc = document_open(&document, &(struct document_text){ "p", text, len, format }, &err);
	while (rc >= 0 && (rc = document_next(document, &event, &err)) > 0)
		;
	seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	free(text);
	if (seconds >= 2 * CHECK_STRIDE(20))
		printf("# '%s': %.1f s\n", unit, seconds);
	return seconds < 2 * CHECK_STRIDE(20) && (rc == 0 || err.line >= 1);
}

static void hostile_texts_are_done_with_quickly(void)
{
	static const char *const units[] = { "[", "{", "- ", "? ", "{a: ", "{\"a\":", "[[a],", "\n",
		"#", "\"", "'", "a", "a\n", "a ", "&a ", "!a ", "*a ", "!<a", "%TAG !a! b\n",
		"a: 1\n", "- a\n", "a,", "|\n", "> \n", "\t", "\r", "\\", ": ", "? a\n", "---\n",
		"\xc3\xa9", "\xc2\x85", "{\"a\":1,\"", "- [a, b]\n", "- {a: b, c: 'd'}\n" };

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i += (size_t)CHECK_STRIDE(3)) {
		CHECK(is_quick(units[i], 1 << 20, DOCUMENT_YAML));
		CHECK(is_quick(units[i], 1 << 20, DOCUMENT_JSON));
	}
}

/* @head, then @unit up to 1 MiB. */
static bool is_quick_behind(const char *head, const char *unit)
{
	const size_t len = 1 << 20, head_len = strlen(head), unit_len = strlen(unit);
	char *text = malloc(len), *out = malloc(1000);
	clock_t start = clock();
	double seconds;

	memcpy(text, head, head_len);
	for (size_t i = head_len; i < len; i++)
		text[i] = unit[(i - head_len) % unit_len];
	read_bytes(text, len, DOCUMENT_YAML, out, 1000);
	seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
	if (seconds >= 2 * CHECK_STRIDE(20))
		printf("# '%s%s': %.1f s\n", head, unit, seconds);
	free(text);
	free(out);
	return seconds < 2 * CHECK_STRIDE(20);
}

static void long_lists_and_scalars_take_linear_time(void)
{
	CHECK(is_quick_behind("a: [", "b, "));
	CHECK(is_quick_behind("a: [", "b,"));
	CHECK(is_quick_behind("{", "b,"));
	CHECK(is_quick_behind("{", "b: c, "));
	CHECK(is_quick_behind("[[[[[[[[[[[[[[[[[[[[", "b,"));
	CHECK(is_quick_behind("a: [", "[b],"));
	CHECK(is_quick_behind("a: [", "{b: c},"));
	CHECK(is_quick_behind("a: ", "b "));
	CHECK(is_quick_behind("a: ", "b\n "));
	CHECK(is_quick_behind("a: |\n", "  b\n"));
	CHECK(is_quick_behind("a: >\n", "\n"));
	CHECK(is_quick_behind("a: '", "b\n"));
	CHECK(is_quick_behind("a: \"", "\\x41"));
	CHECK(is_quick_behind("a: \"", "\\\n"));
	CHECK(is_quick_behind("a: #", " #"));
	CHECK(is_quick_behind("a:\n", "- b\n"));
	CHECK(is_quick_behind("", "a: 1\n# b\n"));
	CHECK(is_quick_behind("a: ", "\n \n"));
}

static FILE *open_yaml_suite(void)
{
	char path[500];

	snprintf(path, sizeof(path), "%s/data/yaml-test-suite/cases.ndjson", check_shared());
	return fopen(path, "r");
}

static void yaml_test_suite_is_read_or_refused_at_a_place(void)
{
	_cleanup_lines_ struct lines *lines = NULL;
	struct portal_error err = { 0 };
	struct line line;
	FILE *file = open_yaml_suite();
	int read = 0, refused = 0;

	CHECK_INT(lines_open(&lines, fileno(file), &err), 0);
	while (lines_next(lines, &line, &err) > 0) {
		_cleanup_arena_ struct arena arena = { 0 };
		struct json *one = NULL;
		const char *text;
		char out[1000];

		CHECK_INT(json_parse(&arena, line.text, line.len, &one, &err), 0);
		text = json_text(json_get(one, "yaml"));
		CHECK(text != NULL);
		if (text && read_bytes(text, strlen(text), DOCUMENT_YAML, out, sizeof(out)) < 0)
			refused++;
		else
			read++;
	}
	printf("# %d read, %d refused\n", read, refused);
	CHECK(read > 100 && refused > 100);
	fclose(file);
}

static DIR *open_json_suite(char folder[500])
{
	snprintf(folder, 500, "%s/data/jsontestsuite/test_parsing", check_shared());
	return opendir(folder);
}

/* Read as a stream, a file is what json_check() says; keys apart, which are the
 * reader's. */
static void compare_verdicts(const char *folder, const char *name, int counts[2])
{
	char path[1000], out[1000], *text = malloc(JSON_MAX_BYTES);
	struct json_fault fault = { 0 };
	FILE *file;
	size_t len;
	int checked, read;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	len = fread(text, 1, JSON_MAX_BYTES, file);
	fclose(file);
	checked = json_check(text, len, JSON_MAX_BYTES, &fault);
	if (checked < 0 && strcmp(fault.reason, "the key is there twice") == 0)
		checked = 0;
	read = read_bytes(text, len, DOCUMENT_JSON, out, sizeof(out));
	counts[read == 0]++;
	if (checked != read)
		printf("# %s: %s\n", name, out);
	CHECK_INT(read, checked);
	free(text);
}

static void jsontestsuite_is_judged_as_by_the_gate(void)
{
	char folder[500];
	int counts[2] = { 0, 0 };
	DIR *dir = open_json_suite(folder);
	struct dirent *entry;

	while ((entry = readdir(dir))) {
		if (strchr("yni", entry->d_name[0]) && entry->d_name[1] == '_')
			compare_verdicts(folder, entry->d_name, counts);
	}
	closedir(dir);
	CHECK(counts[1] >= 93);
	CHECK(counts[0] >= 188);
}

int main(void)
{
	FILE *yaml_suite = open_yaml_suite();
	char folder[500];
	DIR *json_suite = open_json_suite(folder);

	RUN(every_event_has_its_place);
	RUN(what_it_is_shows_in_the_first_character);
	RUN(texts_stay_what_was_written);
	RUN(line_breaks_of_all_systems_count_once);
	RUN(yaml_that_is_read_differently_is_refused);
	RUN(json_is_read_by_its_rfc);
	RUN(nul_bytes_are_refused);
	RUN(the_deepest_nesting_is_32);
	RUN(hostile_texts_are_done_with_quickly);
	RUN(long_lists_and_scalars_take_linear_time);
	if (yaml_suite) {
		fclose(yaml_suite);
		RUN(yaml_test_suite_is_read_or_refused_at_a_place);
	} else {
		SKIP(yaml_test_suite_is_read_or_refused_at_a_place, "the suite is not here");
	}
	if (json_suite) {
		closedir(json_suite);
		RUN(jsontestsuite_is_judged_as_by_the_gate);
	} else {
		SKIP(jsontestsuite_is_judged_as_by_the_gate, "the suite is not here");
	}
	CHECK_REPORT();
}
