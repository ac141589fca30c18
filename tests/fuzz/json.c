#include "text/json.h"

#include <portal/writer.h>

#include "base/utf8.h"
#include "fuzz.h"
#include "text/json_check.h"

/* Nothing but what json_check() lets through, so the depth is bounded. */
static void walk(const struct json *value)
{
	const char *text = json_text(value), *key = json_key(value);
	int64_t number;
	bool on;

	FUZZ_CHECK(json_type(value) != JSON_ABSENT);
	FUZZ_CHECK((json_type(value) == JSON_STRING) == (text != NULL));
	FUZZ_CHECK((json_type(value) == JSON_NUMBER) == (json_number(value) != NULL));
	FUZZ_CHECK((json_type(value) == JSON_BOOL) == json_bool(value, &on));
	FUZZ_CHECK(!json_int64(value, &number) || json_number(value));
	FUZZ_CHECK(!text || utf8_valid(text, strlen(text)));
	FUZZ_CHECK(!key || utf8_valid(key, strlen(key)));
	for (const struct json *m = json_first(value); m; m = json_next(m)) {
		FUZZ_CHECK(json_type(value) != JSON_OBJECT || json_get(value, json_key(m)) == m);
		walk(m);
	}
}

/* The reader takes what the check takes, and nothing else. */
static void read_it(const char *text, size_t len)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_error err = { 0 };
	struct json_fault fault = { 0 };
	struct json *value = NULL;
	const int checked = json_check(text, len, JSON_MAX_BYTES, &fault);

	FUZZ_CHECK(checked == 0 || checked == -PORTAL_INVALID_INPUT);
	FUZZ_CHECK(json_parse(&arena, text, len, &value, &err) == checked);
	if (checked == 0) {
		walk(value);
		return;
	}
	FUZZ_CHECK(fault.reason && fault.line >= 1 && fault.column >= 1);
	FUZZ_CHECK(err.line == fault.line && err.column == fault.column);
}

/* A string as the writer writes it is JSON, shows no control, and reads back. */
static void write_it(const char *text)
{
	_cleanup_arena_ struct arena arena = { 0 };
	struct portal_writer *writer;
	struct portal_error err = { 0 };
	struct json *value = NULL;
	const char *written;
	size_t len;

	FUZZ_CHECK(portal_writer_open(&writer, -1, &err) == 0);
	portal_put_json(writer, text);
	written = portal_writer_text(writer);
	len = strlen(written);
	for (size_t i = 0; i < len; i++)
		FUZZ_CHECK((unsigned char)written[i] >= ' ' && written[i] != 0x7f);
	FUZZ_CHECK(json_parse(&arena, written, len, &value, &err) == 0);
	FUZZ_CHECK(json_type(value) == JSON_STRING);
	FUZZ_CHECK(!utf8_valid(text, strlen(text)) || !strcmp(json_text(value), text));
	portal_writer_close(writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_text_ char *text = fuzz_text(data, size);

	read_it((const char *)data, size);
	write_it(text);
	return 0;
}
