/* The strict gate in front of the JSON reader: RFC 8259 and nothing else. */
#ifndef TEXT_JSON_CHECK_H
#define TEXT_JSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>

/* Most values in one text. With JSON_MAX_DEPTH, the deepest nesting, it bounds what
 * a tree of the text costs: under 20 MB beside the text itself. */
enum { JSON_MAX_VALUES = 100000 };

/* Where a text stops being JSON and why. Line and column count from 1, columns
 * in characters. @reason is a constant in English, marked for translation.
 * @well_formed: the whole text follows the grammar, but readers disagree on it. */
struct json_fault {
	int64_t line, column;
	const char *reason;
	bool well_formed;
};

/* Is @text exactly one JSON value (RFC 8259) in UTF-8? Beyond the grammar it
 * refuses what readers disagree on: more than @max_bytes, a byte order mark, NUL
 * bytes, lone surrogates, nesting deeper than JSON_MAX_DEPTH (text/json_scan.h),
 * more than JSON_MAX_VALUES values; and, as @well_formed, \u0000 and an object that
 * has a key twice, however escaped.
 * Time is linear but for sorting the keys of an object; recursion there is none.
 * Returns 0; -PORTAL_INVALID_INPUT with @ret filled; or -PORTAL_NO_MEMORY. */
int json_check(const char *text, size_t len, size_t max_bytes, struct json_fault *ret);

#endif
