#include "text/json.h"

#include <dirent.h>
#include <time.h>

#include <portal/arena.h>

#include "check.h"
#include "text/json_check.h"

static const char *reason(const char *text)
{
	struct json_fault fault = { 0 };

	return json_check(text, strlen(text), JSON_MAX_BYTES, &fault) < 0 ? fault.reason : NULL;
}

static void strict_texts_pass(void)
{
	CHECK_STR(reason("0"), NULL);
	CHECK_STR(reason(" [] "), NULL);
	CHECK_STR(reason("{\"a\":{\"a\":1},\"b\":[{\"a\":1},{\"a\":2}],\"A\":-0.5e+3}"), NULL);
	CHECK_STR(reason("\"\\ud83d\\ude00 \\u00e7 ç \\n\""), NULL);
	CHECK_STR(reason("[true,false,null,\"\\\"\"]"), NULL);
}

static void what_readers_disagree_on_is_refused(void)
{
	CHECK_STR(reason("\xef\xbb\xbf{}"), "there is a byte order mark");
	CHECK_STR(reason("\"\\u0000\""), "'\\u0000' is not allowed");
	CHECK_STR(reason("\"\\ud83d\""), "half of a surrogate pair is missing");
	CHECK_STR(reason("\"\\ude00\\ud83d\""), "half of a surrogate pair is missing");
	CHECK_STR(reason("\"\\ude00\\ude00\""), "half of a surrogate pair is missing");
	CHECK_STR(reason("\"\\ud83d\\u0041\""), "half of a surrogate pair is missing");
	CHECK_STR(reason("\"\xed\xa0\x80\""), "the text is not UTF-8");
	CHECK_STR(reason("\"\x80\""), "the text is not UTF-8");
	CHECK_STR(reason("\"\t\""), "a control character in a string must be escaped");
	CHECK_STR(reason("007"), "a number can't begin with 0");
	CHECK_STR(reason("2."), "the text ends too early");
	CHECK_STR(reason("[2.]"), "a digit was expected");
	CHECK_STR(reason("1 2"), "there is something after the value");
	CHECK_STR(reason("\"\\x\""), "there is no such escape");
	CHECK_STR(reason("\"\\uzzzz\""), "'\\u' needs four hexadecimal digits");
	CHECK_STR(reason("[1,]"), "a value was expected");
	CHECK_STR(reason("{\"a\":1,}"), "a key in quotes was expected");
	CHECK_STR(reason(""), "the text ends too early");
	CHECK_STR(reason("\"abc"), "a string is not closed");
}

static void nul_bytes_are_refused_everywhere(void)
{
	struct json_fault fault = { 0 };

	CHECK_INT(json_check("1\0", 2, 10, &fault), -PORTAL_INVALID_INPUT);
	CHECK_STR(fault.reason, "there is a NUL byte");
	CHECK_INT(json_check("\"\0\"", 3, 10, &fault), -PORTAL_INVALID_INPUT);
	CHECK_STR(fault.reason, "there is a NUL byte");
}

static void the_same_key_is_found_however_it_is_escaped(void)
{
	struct json_fault fault = { 0 };
	const char *text = "{\n \"é\": 1,\n \"b\": {}, \"\\u00e9\": 2, \"b\": 3}";

	CHECK_INT(json_check(text, strlen(text), 100, &fault), -PORTAL_INVALID_INPUT);
	CHECK_STR(fault.reason, "the key is there twice");
	CHECK_INT(fault.line, 3);
	CHECK_INT(fault.column, 11);
	CHECK_STR(reason("[{\"a\":{\"x\":1},\"a\":2}]"), "the key is there twice");
	CHECK_STR(reason("{\"ab\":\"a\",\"a\":\"ab\",\"\":0}"), NULL);
}

static void columns_count_characters(void)
{
	struct json_fault fault = { 0 };

	CHECK_INT(json_check("[1,\n\"ção\" x]", 14, 100, &fault), -PORTAL_INVALID_INPUT);
	CHECK_INT(fault.line, 2);
	CHECK_INT(fault.column, 7);
}

static void limits_hold(void)
{
	struct json_fault fault = { 0 };
	char deep[70] = "";

	memset(deep, '[', 32);
	memset(deep + 32, ']', 32);
	CHECK_STR(reason(deep), NULL);
	memset(deep, '[', 33);
	memset(deep + 33, ']', 33);
	CHECK_STR(reason(deep), "the text is nested deeper than 32 levels");
	CHECK_INT(json_check("[10]", 4, 3, &fault), -PORTAL_INVALID_INPUT);
	CHECK_STR(fault.reason, "the text is too long");
}

/* "{"k0":0,…}" with @count keys. */
static char *many_keys(int count)
{
	char *text = malloc((size_t)count * 20 + 10), *end = text;

	*end++ = '{';
	for (int i = 0; i < count; i++)
		end += snprintf(end, 20, "%s\"k%d\":0", i ? "," : "", i);
	snprintf(end, 2, "}");
	return text;
}

static double seconds_to_check(int keys)
{
	char *text = many_keys(keys);
	clock_t start = clock();

	CHECK_STR(reason(text), NULL);
	free(text);
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void many_keys_take_no_quadratic_time(void)
{
	double few = seconds_to_check(9000), many = seconds_to_check(90000);
	char *text = many_keys(JSON_MAX_VALUES + 1);

	CHECK(many < 20 * few + 0.05);
	CHECK_STR(reason(text), "there are more than 100,000 values");
	free(text);
}

static struct json *parsed(struct arena *arena, const char *text)
{
	struct portal_error err = { 0 };
	struct json *value = NULL;

	CHECK_INT(json_parse(arena, text, strlen(text), &value, &err), 0);
	CHECK_STR(err.message, "");
	return value;
}

static void values_come_out_as_they_were_written(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	const struct json *o = parsed(&arena,
		"{\"n\\\"1\":\"-1 \\\" "
		"2\",\"id\":9007199254740993,\"f\":1.50,\"t\":true,\"z\":null,"
		"\"l\":[-9223372036854775808,9223372036854775808,1e3,\"x\\u00e9\"],\"ID\":7}");
	int64_t number = 0;
	bool truth = false;

	CHECK_STR(json_text(json_get(o, "n\"1")), "-1 \" 2");
	CHECK(json_int64(json_get(o, "id"), &number) && number == 9007199254740993);
	CHECK(json_int64(json_get(o, "ID"), &number) && number == 7);
	CHECK(json_get(o, "Id") == NULL);
	CHECK_STR(json_number(json_get(o, "f")), "1.50");
	CHECK(!json_int64(json_get(o, "f"), &number));
	CHECK(json_bool(json_get(o, "t"), &truth) && truth);
	CHECK(!json_bool(json_get(o, "z"), &truth));
	CHECK_INT(json_type(json_get(o, "z")), JSON_NULL);
	CHECK_INT(json_type(json_get(json_get(o, "absent"), "x")), JSON_ABSENT);
	CHECK(json_get(json_get(o, "l"), "x") == NULL);
}

static void elements_come_in_order(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	const struct json *list = parsed(
		&arena, "[-9223372036854775808,9223372036854775808,1e3,{\"a\":1,\"b\":{}},\"é\"]");
	const struct json *e = json_first(list);
	int64_t number = 0;

	CHECK(json_int64(e, &number) && number == INT64_MIN);
	e = json_next(e);
	CHECK(!json_int64(e, &number));
	CHECK_STR(json_number(e), "9223372036854775808");
	e = json_next(e);
	CHECK(!json_int64(e, &number));
	e = json_next(e);
	CHECK_STR(json_key(json_first(e)), "a");
	CHECK_STR(json_key(json_next(json_first(e))), "b");
	CHECK(json_first(json_get(e, "b")) == NULL);
	e = json_next(e);
	CHECK_STR(json_text(e), "é");
	CHECK(json_key(e) == NULL);
	CHECK(json_next(e) == NULL);
}

static void a_bare_number_ends_with_the_text(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct json *value = NULL;

	CHECK_INT(json_parse(&arena, "427", 2, &value, &err), 0);
	CHECK_STR(json_number(value), "42");
}

static void a_fault_has_its_place(void)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct json *value = NULL;

	CHECK_INT(json_parse(&arena, "{\n  \"a\" 1}", 10, &value, &err), -PORTAL_INVALID_INPUT);
	CHECK_STR(err.message, "not valid JSON: ':' was expected");
	CHECK_INT(err.line, 2);
	CHECK_INT(err.column, 7);
	CHECK(value == NULL);
}

static int suite_counts[3][3]; /* y, n, i; refused, ambiguous, accepted */

static void run_suite_file(const char *folder, const char *name)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct json *value;
	char path[1000], *text = malloc(JSON_MAX_BYTES), *exact;
	FILE *file;
	size_t len;
	int rc, ambiguous;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "rb");
	len = fread(text, 1, JSON_MAX_BYTES, file);
	fclose(file);
	exact = malloc(len + 1); /* so that a sanitizer sees what reads too far */
	memcpy(exact, text, len);
	free(text);
	rc = json_parse(&arena, exact, len, &value, &err);
	ambiguous = rc < 0 && strncmp(err.message, "ambiguous JSON:", 15) == 0;
	suite_counts[*name == 'y' ? 0 : *name == 'n' ? 1 : 2][rc == 0 ? 2 : ambiguous]++;
	if ((*name == 'y' && rc < 0) || (*name == 'n' && rc == 0))
		printf("# %s: %s\n", name, err.message);
	free(exact);
}

static DIR *open_suite(char folder[500])
{
	snprintf(folder, 500, "%s/data/jsontestsuite/test_parsing", check_shared());
	return opendir(folder);
}

static void jsontestsuite_is_accepted_and_refused_whole(void)
{
	char folder[500];
	DIR *dir = open_suite(folder);
	struct dirent *entry;

	while ((entry = readdir(dir))) {
		if (strchr("yni", entry->d_name[0]) && entry->d_name[1] == '_')
			run_suite_file(folder, entry->d_name);
	}
	closedir(dir);
	/* All 95 follow the grammar; two have a key twice and two have \u0000. */
	CHECK_INT(suite_counts[0][2], 91);
	CHECK_INT(suite_counts[0][1], 4);
	CHECK_INT(suite_counts[0][0], 0);
	CHECK_INT(suite_counts[1][0], 188);
	CHECK_INT(suite_counts[1][1] + suite_counts[1][2], 0);
	CHECK_INT(suite_counts[2][0] + suite_counts[2][1] + suite_counts[2][2], 35);
}

static void grammar_comes_before_doubt(void)
{
	CHECK_STR(reason("{\"a\":1,\"a\":\"\\u0000\"}"), "'\\u0000' is not allowed");
	CHECK_STR(reason("[{\"a\":1,\"a\":1},\"\\u0000\"]"), "the key is there twice");
	CHECK_STR(reason("[{\"a\":1,\"a\":1},]"), "a value was expected");
}

int main(void)
{
	char folder[500];
	DIR *dir = open_suite(folder);

	RUN(strict_texts_pass);
	RUN(what_readers_disagree_on_is_refused);
	RUN(nul_bytes_are_refused_everywhere);
	RUN(the_same_key_is_found_however_it_is_escaped);
	RUN(columns_count_characters);
	RUN(grammar_comes_before_doubt);
	RUN(limits_hold);
	RUN(many_keys_take_no_quadratic_time);
	RUN(values_come_out_as_they_were_written);
	RUN(elements_come_in_order);
	RUN(a_bare_number_ends_with_the_text);
	RUN(a_fault_has_its_place);
	if (dir) {
		closedir(dir);
		RUN(jsontestsuite_is_accepted_and_refused_whole);
	} else {
		SKIP(jsontestsuite_is_accepted_and_refused_whole, "the suite is not here");
	}
	CHECK_REPORT();
}
