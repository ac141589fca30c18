/* JSON by RFC 8259 and nothing else, token by token. */
#ifndef TEXT_JSON_SCAN_H
#define TEXT_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>

enum { JSON_MAX_DEPTH = 32 };

enum json_token {
	JSON_TOKEN_END,
	JSON_TOKEN_OBJECT,
	JSON_TOKEN_OBJECT_END,
	JSON_TOKEN_ARRAY,
	JSON_TOKEN_ARRAY_END,
	JSON_TOKEN_KEY,
	JSON_TOKEN_STRING,
	JSON_TOKEN_NUMBER,
	JSON_TOKEN_TRUE,
	JSON_TOKEN_FALSE,
	JSON_TOKEN_NULL,
};

/* A text of @len bytes on its way to its end; zero the rest.
 *
 * @string: where the next key or string goes, unescaped and without a NUL: as
 *   much room as the text has bytes is always enough. The caller may set it anew
 *   before each token. @string_len: how long the last one was.
 * @start, @at: the last token is the bytes from @start up to @at (a key's end with
 *   its colon).
 * @depth: how many objects and arrays are open.
 * @has_nul: a string held \u0000, first at the byte @nul_at.
 * @reason, @fault_at: why and where the text is no JSON; @reason is a constant in
 *   English, marked for translation. */
struct json_scan {
	const char *text;
	size_t len;
	char *string;
	size_t string_len;
	size_t start, at;
	int depth;
	bool has_nul;
	size_t nul_at;
	const char *reason;
	size_t fault_at;
	/* What follows is the scanner's alone. */
	char open[JSON_MAX_DEPTH];
	enum { JSON_WANTS_VALUE, JSON_AFTER_OPENING, JSON_AFTER_VALUE } state;
};

/* The next token, or -PORTAL_INVALID_INPUT, after which there is none. Exactly one
 * value and then JSON_TOKEN_END come out of a sound text. Refused beyond the
 * grammar: a byte order mark, NUL bytes, lone surrogates and nesting deeper than
 * JSON_MAX_DEPTH. A key that is there twice is the caller's to find. Time is
 * linear; there is no recursion. */
int json_scan_next(struct json_scan *scan);

#endif
