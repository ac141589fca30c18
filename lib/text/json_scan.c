#include "text/json_scan.h"

#include <string.h>

#include "base/i18n.h"
#include "text/encoding.h"

static int fault_at(struct json_scan *scan, size_t at, const char *reason)
{
	scan->fault_at = at;
	scan->reason = reason;
	return -PORTAL_INVALID_INPUT;
}

static int fault_here(struct json_scan *scan, const char *reason)
{
	return fault_at(scan, scan->at, reason);
}

/* The byte that comes next, or -1 at the end. */
static int peek(const struct json_scan *scan)
{
	return scan->at < scan->len ? (unsigned char)scan->text[scan->at] : -1;
}

static int unexpected(struct json_scan *scan, const char *reason)
{
	if (scan->at == scan->len)
		reason = N_("the text ends too early");
	else if (peek(scan) == '\0')
		reason = N_("there is a NUL byte");
	return fault_here(scan, reason);
}

static void skip_blanks(struct json_scan *scan)
{
	while (scan->at < scan->len && memchr(" \t\n\r", scan->text[scan->at], 4))
		scan->at++;
}

/* Unescaped text is never longer than it was, so there is room. */
static void keep(struct json_scan *scan, const char *bytes, size_t len)
{
	memcpy(scan->string + scan->string_len, bytes, len);
	scan->string_len += len;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The value of a whole "\uXXXX" that comes next, or -1. */
static int peek_unit(const struct json_scan *scan)
{
	const char *text = scan->text + scan->at;
	int unit = 0;

	if (scan->len - scan->at < 6 || text[0] != '\\' || text[1] != 'u')
		return -1;
	for (int i = 2; i < 6; i++) {
		int digit = hex_digit(text[i]);

		if (digit < 0)
			return -1;
		unit = unit << 4 | digit;
	}
	return unit;
}

static void keep_character(struct json_scan *scan, int character)
{
	char bytes[4];

	keep(scan, bytes, encoding_put_utf8((uint32_t)character, bytes));
}

static int scan_unicode_escape(struct json_scan *scan)
{
	size_t start = scan->at;
	int high = peek_unit(scan), low;

	if (high < 0)
		return fault_here(scan, N_("'\\u' needs four hexadecimal digits"));
	if (high == 0 && !scan->has_nul) {
		scan->has_nul = true;
		scan->nul_at = start;
	}
	scan->at += 6;
	if ((high & 0xf800) != 0xd800) {
		keep_character(scan, high);
		return 0;
	}
	low = peek_unit(scan);
	if ((high & 0x400) || low < 0 || (low & 0xfc00) != 0xdc00)
		return fault_at(scan, start, N_("half of a surrogate pair is missing"));
	scan->at += 6;
	keep_character(scan, 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff));
	return 0;
}

static int scan_escape(struct json_scan *scan)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *found;

	if (scan->at + 1 == scan->len)
		return fault_here(scan, N_("the text ends too early"));
	if (scan->text[scan->at + 1] == 'u')
		return scan_unicode_escape(scan);
	found = memchr(from, scan->text[scan->at + 1], sizeof(from) - 1);
	if (!found)
		return fault_here(scan, N_("there is no such escape"));
	keep(scan, to + (found - from), 1);
	scan->at += 2;
	return 0;
}

static int scan_character(struct json_scan *scan)
{
	const char *text = scan->text + scan->at;
	int len;

	if (*text == '\\')
		return scan_escape(scan);
	if (*text == '\0')
		return fault_here(scan, N_("there is a NUL byte"));
	if ((unsigned char)*text < 0x20)
		return fault_here(scan, N_("a control character in a string must be escaped"));
	len = encoding_utf8_length(text, scan->len - scan->at);
	if (len <= 0)
		return fault_here(scan, N_("the text is not UTF-8"));
	keep(scan, text, (size_t)len);
	scan->at += (size_t)len;
	return 0;
}

static bool is_plain(char c)
{
	return (unsigned char)c >= ' ' && (unsigned char)c < 0x80 && c != '"' && c != '\\';
}

/* The characters that most texts are made of, all at once. */
static void scan_plain(struct json_scan *scan)
{
	const char *text = scan->text + scan->at;
	size_t most = scan->len - scan->at, len = 0;

	while (len < most && is_plain(text[len]))
		len++;
	keep(scan, text, len);
	scan->at += len;
}

static int scan_string(struct json_scan *scan)
{
	size_t start = scan->at++;

	scan->string_len = 0;
	scan_plain(scan);
	while (scan->at < scan->len && scan->text[scan->at] != '"') {
		int rc = scan_character(scan);

		if (rc < 0)
			return rc;
		scan_plain(scan);
	}
	if (scan->at == scan->len)
		return fault_at(scan, start, N_("a string is not closed"));
	scan->at++;
	return 0;
}

static int scan_digits(struct json_scan *scan)
{
	size_t start = scan->at;

	while (peek(scan) >= '0' && peek(scan) <= '9')
		scan->at++;
	return scan->at > start ? 0 : unexpected(scan, N_("a digit was expected"));
}

static int scan_exponent(struct json_scan *scan)
{
	if (peek(scan) != 'e' && peek(scan) != 'E')
		return 0;
	scan->at++;
	if (peek(scan) == '+' || peek(scan) == '-')
		scan->at++;
	return scan_digits(scan);
}

static int scan_number(struct json_scan *scan)
{
	size_t first;
	int rc;

	if (peek(scan) == '-')
		scan->at++;
	first = scan->at;
	rc = scan_digits(scan);
	if (rc < 0)
		return rc;
	if (scan->text[first] == '0' && scan->at - first > 1)
		return fault_at(scan, first, N_("a number can't begin with 0"));
	if (peek(scan) == '.') {
		scan->at++;
		rc = scan_digits(scan);
	}
	return rc < 0 ? rc : scan_exponent(scan);
}

static int scan_word(struct json_scan *scan)
{
	static const struct {
		const char *text;
		int token;
	} words[] = { { "true", JSON_TOKEN_TRUE }, { "false", JSON_TOKEN_FALSE },
		{ "null", JSON_TOKEN_NULL } };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t len = strlen(words[i].text);

		if (scan->len - scan->at >= len &&
			memcmp(scan->text + scan->at, words[i].text, len) == 0) {
			scan->at += len;
			return words[i].token;
		}
	}
	return unexpected(scan, N_("a value was expected"));
}

static int open_container(struct json_scan *scan)
{
	char bracket = scan->text[scan->at];

	if (scan->depth == JSON_MAX_DEPTH)
		return fault_here(scan, N_("the text is nested deeper than 32 levels"));
	scan->open[scan->depth++] = bracket;
	scan->at++;
	scan->state = JSON_AFTER_OPENING;
	return bracket == '{' ? JSON_TOKEN_OBJECT : JSON_TOKEN_ARRAY;
}

static int scan_value(struct json_scan *scan)
{
	int c = peek(scan), rc;

	if (c == '{' || c == '[')
		return open_container(scan);
	scan->state = JSON_AFTER_VALUE;
	if (c == '-' || (c >= '0' && c <= '9')) {
		rc = scan_number(scan);
		return rc < 0 ? rc : JSON_TOKEN_NUMBER;
	}
	if (c != '"')
		return scan_word(scan);
	rc = scan_string(scan);
	return rc < 0 ? rc : JSON_TOKEN_STRING;
}

static int scan_key(struct json_scan *scan)
{
	int rc;

	skip_blanks(scan);
	scan->start = scan->at;
	if (peek(scan) != '"')
		return unexpected(scan, N_("a key in quotes was expected"));
	rc = scan_string(scan);
	if (rc < 0)
		return rc;
	skip_blanks(scan);
	if (peek(scan) != ':')
		return unexpected(scan, N_("':' was expected"));
	scan->at++;
	scan->state = JSON_WANTS_VALUE;
	return JSON_TOKEN_KEY;
}

static int close_container(struct json_scan *scan)
{
	scan->at++;
	scan->state = JSON_AFTER_VALUE;
	return scan->open[--scan->depth] == '{' ? JSON_TOKEN_OBJECT_END : JSON_TOKEN_ARRAY_END;
}

static int scan_item(struct json_scan *scan)
{
	skip_blanks(scan);
	scan->start = scan->at;
	return scan_value(scan);
}

/* Behind a value or an opening bracket. */
static int go_on(struct json_scan *scan)
{
	bool object = scan->depth && scan->open[scan->depth - 1] == '{';

	if (scan->depth == 0 && scan->at == scan->len)
		return JSON_TOKEN_END;
	if (scan->depth == 0)
		return unexpected(scan, N_("there is something after the value"));
	if (peek(scan) == (object ? '}' : ']'))
		return close_container(scan);
	if (scan->state == JSON_AFTER_OPENING)
		return object ? scan_key(scan) : scan_item(scan);
	if (peek(scan) != ',')
		return unexpected(scan,
			object ? N_("',' or '}' was expected") : N_("',' or ']' was expected"));
	scan->at++;
	return object ? scan_key(scan) : scan_item(scan);
}

int json_scan_next(struct json_scan *scan)
{
	if (scan->at == 0 && scan->len >= 3 && memcmp(scan->text, "\xef\xbb\xbf", 3) == 0)
		return fault_here(scan, N_("there is a byte order mark"));
	if (scan->state == JSON_WANTS_VALUE)
		return scan_item(scan);
	skip_blanks(scan);
	scan->start = scan->at;
	return go_on(scan);
}
