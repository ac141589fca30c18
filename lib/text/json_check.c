#include "text/json_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "text/encoding.h"

enum { COMPLETE = 0, WANTS_VALUE = 1 };

/* A key of an object that is still open, unescaped; @at is its place in the text. */
struct key {
	const char *name;
	size_t len, at;
};

struct gate {
	const char *text;
	size_t len, at;
	struct json_fault *fault;
	struct json_fault doubt; /* the first of a text that is well formed so far */
	int depth, values;
	char open[JSON_MAX_DEPTH];
	size_t first_key[JSON_MAX_DEPTH];
	struct key *keys;
	size_t key_count;
	char *names; /* unescaped keys, one after the other */
	size_t names_len;
};

static struct json_fault place(const struct gate *gate, size_t at, const char *reason)
{
	struct json_fault fault = { .line = 1, .column = 1, .reason = reason };

	for (size_t i = 0; i < at; i++) {
		if (gate->text[i] == '\n') {
			fault.line++;
			fault.column = 1;
		} else if (((unsigned char)gate->text[i] & 0xc0) != 0x80) {
			fault.column++;
		}
	}
	return fault;
}

static int fault_at(struct gate *gate, size_t at, const char *reason)
{
	*gate->fault = place(gate, at, reason);
	return -PORTAL_INVALID_INPUT;
}

/* The text is refused in the end, unless its grammar is wrong as well. */
static void doubt_at(struct gate *gate, size_t at, const char *reason)
{
	if (gate->doubt.reason)
		return;
	gate->doubt = place(gate, at, reason);
	gate->doubt.well_formed = true;
}

static int fault_here(struct gate *gate, const char *reason)
{
	return fault_at(gate, gate->at, reason);
}

/* The byte that comes next, or -1 at the end. */
static int peek(const struct gate *gate)
{
	return gate->at < gate->len ? (unsigned char)gate->text[gate->at] : -1;
}

static int unexpected(struct gate *gate, const char *reason)
{
	if (gate->at == gate->len)
		reason = N_("the text ends too early");
	else if (peek(gate) == '\0')
		reason = N_("there is a NUL byte");
	return fault_here(gate, reason);
}

static void skip_blanks(struct gate *gate)
{
	while (gate->at < gate->len && memchr(" \t\n\r", gate->text[gate->at], 4))
		gate->at++;
}

/* Unescaped text is never longer than it was, so @names has room. */
static void keep(struct gate *gate, const char *bytes, size_t len)
{
	memcpy(gate->names + gate->names_len, bytes, len);
	gate->names_len += len;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The value of a whole "\uXXXX" where the gate stands, or -1. */
static int peek_unit(const struct gate *gate)
{
	const char *text = gate->text + gate->at;
	int unit = 0;

	if (gate->len - gate->at < 6 || text[0] != '\\' || text[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		int digit = hex_digit(text[i]);

		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
	}
	return unit;
}

static int check_unicode_escape(struct gate *gate)
{
	size_t start = gate->at;
	int high = peek_unit(gate), low;
	char bytes[4];

	if (high < 0)
		return fault_here(gate, N_("'\\u' needs four hexadecimal digits"));
	if (high == 0)
		doubt_at(gate, start, N_("'\\u0000' is not allowed"));
	gate->at += 6;
	if ((high & 0xf800) != 0xd800) {
		keep(gate, bytes, encoding_put_utf8((uint32_t)high, bytes));
		return 0;
	}
	low = peek_unit(gate);
	if ((high & 0x400) || low < 0 || (low & 0xfc00) != 0xdc00)
		return fault_at(gate, start, N_("half of a surrogate pair is missing"));
	gate->at += 6;
	high = 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff);
	keep(gate, bytes, encoding_put_utf8((uint32_t)high, bytes));
	return 0;
}

static int check_escape(struct gate *gate)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (gate->at + 1 == gate->len)
		return fault_here(gate, N_("the text ends too early"));
	if (gate->text[gate->at + 1] == 'u')
		return check_unicode_escape(gate);
	found = memchr(from, gate->text[gate->at + 1], sizeof(from) - 1);
	if (!found)
		return fault_here(gate, N_("there is no such escape"));
	keep(gate, to + (found - from), 1);
	gate->at += 2;
	return 0;
}

static int check_character(struct gate *gate)
{
	const char *text = gate->text + gate->at;
	int len;

	if (*text == '\\')
		return check_escape(gate);
	if (*text == '\0')
		return fault_here(gate, N_("there is a NUL byte"));
	if ((unsigned char)*text < 0x20)
		return fault_here(gate, N_("a control character in a string must be escaped"));
	len = encoding_utf8_length(text, gate->len - gate->at);
	if (len <= 0)
		return fault_here(gate, N_("the text is not UTF-8"));
	keep(gate, text, (size_t)len);
	gate->at += (size_t)len;
	return 0;
}

/* Leaves the string unescaped at the end of @names. */
static int check_string(struct gate *gate)
{
	size_t start = gate->at++;

	while (gate->at < gate->len && gate->text[gate->at] != '"') {
		int rc = check_character(gate);

		if (rc < 0)
			return rc;
	}
	if (gate->at == gate->len)
		return fault_at(gate, start, N_("a string is not closed"));
	gate->at++;
	return 0;
}

static int check_digits(struct gate *gate)
{
	size_t start = gate->at;

	while (peek(gate) >= '0' && peek(gate) <= '9')
		gate->at++;
	return gate->at > start ? 0 : unexpected(gate, N_("a digit was expected"));
}

static int check_exponent(struct gate *gate)
{
	if (peek(gate) != 'e' && peek(gate) != 'E')
		return 0;
	gate->at++;
	if (peek(gate) == '+' || peek(gate) == '-')
		gate->at++;
	return check_digits(gate);
}

static int check_number(struct gate *gate)
{
	size_t first;
	int rc;

	if (peek(gate) == '-')
		gate->at++;
	first = gate->at;
	rc = check_digits(gate);
	if (rc < 0)
		return rc;
	if (gate->text[first] == '0' && gate->at - first > 1)
		return fault_at(gate, first, N_("a number can't begin with 0"));
	if (peek(gate) == '.') {
		gate->at++;
		rc = check_digits(gate);
	}
	return rc < 0 ? rc : check_exponent(gate);
}

static int check_word(struct gate *gate)
{
	static const char *const words[] = { "true", "false", "null" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t len = strlen(words[i]);

		if (gate->len - gate->at >= len &&
			memcmp(gate->text + gate->at, words[i], len) == 0) {
			gate->at += len;
			return 0;
		}
	}
	return unexpected(gate, N_("a value was expected"));
}

static int check_scalar(struct gate *gate)
{
	size_t names_len = gate->names_len;
	int c = peek(gate), rc;

	if (c == '-' || (c >= '0' && c <= '9'))
		return check_number(gate);
	if (c != '"')
		return check_word(gate);
	rc = check_string(gate);
	gate->names_len = names_len;
	return rc;
}

static int compare_keys(const void *a, const void *b)
{
	const struct key *one = a, *two = b;
	size_t shorter = one->len < two->len ? one->len : two->len;
	int order = memcmp(one->name, two->name, shorter);

	if (order == 0)
		order = (one->len > two->len) - (one->len < two->len);
	return order ? order : (one->at > two->at) - (one->at < two->at);
}

/* Sorting, unlike hashing, can't be made slow by keys chosen for it. */
static void check_keys_differ(struct gate *gate, struct key *keys, size_t count)
{
	size_t again = SIZE_MAX;

	qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < count; i++) {
		if (keys[i].len == keys[i - 1].len && keys[i].at < again &&
			memcmp(keys[i].name, keys[i - 1].name, keys[i].len) == 0)
			again = keys[i].at;
	}
	if (again != SIZE_MAX)
		doubt_at(gate, again, N_("the key is there twice"));
}

static int check_key(struct gate *gate)
{
	struct key *key = &gate->keys[gate->key_count];
	size_t names_len = gate->names_len;
	int rc;

	skip_blanks(gate);
	if (peek(gate) != '"')
		return unexpected(gate, N_("a key in quotes was expected"));
	key->at = gate->at;
	key->name = gate->names + names_len;
	rc = check_string(gate);
	if (rc < 0)
		return rc;
	key->len = gate->names_len - names_len;
	gate->key_count++;
	skip_blanks(gate);
	if (peek(gate) != ':')
		return unexpected(gate, N_("':' was expected"));
	gate->at++;
	return WANTS_VALUE;
}

static void close_container(struct gate *gate)
{
	size_t first = gate->first_key[--gate->depth];
	size_t count = gate->key_count - first;

	gate->at++;
	if (!count)
		return;
	gate->names_len = (size_t)(gate->keys[first].name - gate->names);
	gate->key_count = first;
	check_keys_differ(gate, gate->keys + first, count);
}

/* After a value: closes what ends here and stops before the next value. */
static int go_on(struct gate *gate)
{
	for (;;) {
		bool object = gate->depth && gate->open[gate->depth - 1] == '{';

		skip_blanks(gate);
		if (gate->depth == 0)
			return COMPLETE;
		if (peek(gate) == ',') {
			gate->at++;
			return object ? check_key(gate) : WANTS_VALUE;
		}
		if (peek(gate) != (object ? '}' : ']'))
			return unexpected(gate, object ? N_("',' or '}' was expected")
						       : N_("',' or ']' was expected"));
		close_container(gate);
	}
}

static int open_container(struct gate *gate)
{
	char bracket = gate->text[gate->at];

	if (gate->depth == JSON_MAX_DEPTH)
		return fault_here(gate, N_("the text is nested deeper than 32 levels"));
	gate->open[gate->depth] = bracket;
	gate->first_key[gate->depth] = gate->key_count;
	gate->depth++;
	gate->at++;
	skip_blanks(gate);
	if (peek(gate) == (bracket == '{' ? '}' : ']'))
		return go_on(gate);
	return bracket == '{' ? check_key(gate) : WANTS_VALUE;
}

static int check_value(struct gate *gate)
{
	int rc;

	skip_blanks(gate);
	if (++gate->values > JSON_MAX_VALUES)
		return fault_here(gate, N_("there are more than 100,000 values"));
	if (peek(gate) == '{' || peek(gate) == '[')
		return open_container(gate);
	rc = check_scalar(gate);
	return rc < 0 ? rc : go_on(gate);
}

static int check_text(struct gate *gate)
{
	int rc;

	if (gate->len >= 3 && memcmp(gate->text, "\xef\xbb\xbf", 3) == 0)
		return fault_here(gate, N_("there is a byte order mark"));
	do
		rc = check_value(gate);
	while (rc == WANTS_VALUE);
	if (rc == COMPLETE && gate->at < gate->len)
		return unexpected(gate, N_("there is something after the value"));
	if (rc == COMPLETE && gate->doubt.reason) {
		*gate->fault = gate->doubt;
		return -PORTAL_INVALID_INPUT;
	}
	return rc;
}

int json_check(const char *text, size_t len, size_t max_bytes, struct json_fault *ret)
{
	/* A key with its colon and value takes four bytes, and is one value. */
	size_t most_keys = len / 4 + 1 < JSON_MAX_VALUES ? len / 4 + 1 : JSON_MAX_VALUES;
	struct gate gate = { .text = text, .len = len, .fault = ret };
	int rc;

	if (len > max_bytes)
		return fault_here(&gate, N_("the text is too long"));
	gate.keys = malloc((most_keys + 1) * sizeof(*gate.keys) + len);
	if (!gate.keys)
		return -PORTAL_NO_MEMORY;
	gate.names = (char *)(gate.keys + most_keys + 1);
	rc = check_text(&gate);
	free(gate.keys);
	return rc;
}
