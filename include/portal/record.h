/* A record describes a struct once: for the store that fills it from a row,
 * for the writers that print it, for its JSON Schema. */
#ifndef PORTAL_RECORD_H
#define PORTAL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A point in time: milliseconds since 1970-01-01 UTC; 0 is "none" (null). */
typedef struct {
	int64_t ms;
} portal_time;

/* The id of another record; 0 is "none" (null). */
typedef struct {
	int64_t id;
} portal_id;

/* A list of short texts, one a line; NULL and "" are the empty list. */
typedef struct {
	const char *lines;
} portal_list;

/* A JSON value as text, printed as it stands; NULL prints null. */
typedef struct {
	const char *text;
} portal_json;

enum portal_type {
	PORTAL_TEXT,
	PORTAL_INT,
	PORTAL_BOOL,
	PORTAL_TIME,
	PORTAL_ID,
	PORTAL_LIST,
	PORTAL_JSON,
};

/* The type is read off the member, so table and struct cannot disagree. A
 * secret has no branch here: a record that holds one does not compile. */
#define PORTAL_TYPE_OF(lvalue) \
	_Generic((lvalue), \
		const char *: PORTAL_TEXT, \
		int64_t: PORTAL_INT, \
		bool: PORTAL_BOOL, \
		portal_time: PORTAL_TIME, \
		portal_id: PORTAL_ID, \
		portal_list: PORTAL_LIST, \
		portal_json: PORTAL_JSON)

/* A word of an enumeration and what people read for it (translated). */
struct portal_word {
	const char *word;
	const char *label;
};

/* How a field behaves. A wide field is left out of tables unless asked for. */
enum portal_field_flags {
	PORTAL_FIELD_WIDE = 1 << 0,
	PORTAL_FIELD_RIGHT = 1 << 1,
};

/* One field. @key is the JSON key, the SQL column and the --fields word: a
 * promise to scripts. @title is the heading people see (translated; free to
 * change). @words, for enumerations, ends with a NULL word. */
struct portal_field {
	const char *key;
	const char *title;
	const struct portal_word *words;
	enum portal_type type;
	unsigned flags;
	size_t offset;
};

/* A record: @kind is the JSON kind ("invite"), @fields ends with a NULL key. */
struct portal_record {
	const char *kind;
	size_t size;
	const struct portal_field *fields;
};

#define PORTAL_FIELD(S, member, heading, ...) \
	{ \
		.key = #member, .title = (heading), .type = PORTAL_TYPE_OF(((S *)0)->member), \
		.offset = offsetof(S, member), __VA_ARGS__ \
	}

#define PORTAL_FIELDS_END \
	{ \
		.key = NULL \
	}

/* The field of @record with that key, or NULL. */
const struct portal_field *portal_record_field(const struct portal_record *record, const char *key);

/* The word's label for people, untranslated, or the word itself where the
 * enumeration does not know it. NULL for NULL. */
const char *portal_word_label(const struct portal_word *words, const char *word);

/* Is @word one of @words? */
bool portal_word_known(const struct portal_word *words, const char *word);

#endif
