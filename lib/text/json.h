/* JSON from outside, read into an arena. */
#ifndef TEXT_JSON_H
#define TEXT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>

struct arena;

/* A text longer than this is refused; a webhook's body is at most 3 MB. */
enum { JSON_MAX_BYTES = 4 * 1024 * 1024 };

enum json_type {
	JSON_ABSENT,
	JSON_NULL,
	JSON_BOOL,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

/* A value, with its key where it is the member of an object. */
struct json;

/* Reads exactly one JSON value; what json_check() refuses is refused here.
 * Everything in @ret lives in @arena; @text may go. A fault is
 * PORTAL_INVALID_INPUT with the line and column of @text in @err; no memory is
 * PORTAL_NO_MEMORY. */
int json_parse(struct arena *arena, const char *text, size_t len, struct json **ret,
	struct portal_error *err);

/* The type of @value; JSON_ABSENT for NULL, so that lookups need no test between. */
enum json_type json_type(const struct json *value);

/* The member of @object with exactly that key, or NULL, also where @object is
 * NULL or none. */
const struct json *json_get(const struct json *object, const char *key);

/* The text of a string, or NULL where @value is none. */
const char *json_text(const struct json *value);

/* The digits of a number as they were written, or NULL where @value is none. */
const char *json_number(const struct json *value);

/* True with the value in @ret when @value is a number written as an integer
 * that fits; 1.0, 1e3 and numbers beyond 64 bits are none, they would be guesses. */
bool json_int64(const struct json *value, int64_t *ret);

/* True with the value in @ret when @value is true or false. */
bool json_bool(const struct json *value, bool *ret);

/* The members of an object or elements of an array in the order of the text:
 * for (m = json_first(o); m; m = json_next(m)). NULL when there are none. */
const struct json *json_first(const struct json *container);
const struct json *json_next(const struct json *member);

/* The key of a member; NULL for elements and for the outermost value. */
const char *json_key(const struct json *member);

#endif
