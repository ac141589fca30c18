/* A record describes a struct once: for the store that fills it from a row,
 * for the writers that print it, for its JSON Schema. The tables are constants;
 * none is changed after it was compiled. */
#ifndef PORTAL_RECORD_H
#define PORTAL_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* A point in time: milliseconds since 1970-01-01 UTC; 0 is "none" (null). A type of
 * its own, so that no number is taken for one. */
typedef struct {
	int64_t ms;
} portal_time;

/* The id of another record, counted from 1; 0 is "none" (null). A record's own id
 * is a plain int64_t. */
typedef struct {
	int64_t id;
} portal_id;

/* A list of short texts, one a line, none of them empty; NULL and "" are the empty
 * list. */
typedef struct {
	const char *lines;
} portal_list;

/* Whether @item is one of the list's texts. */
bool portal_list_has(portal_list list, const char *item);

/* A JSON value as text, printed as it stands; NULL prints null. Whoever fills it
 * answers for its being one JSON value. */
typedef struct {
	const char *text;
} portal_json;

/* The types a field can have: the member of the struct, and what JSON shows.
 * Amounts of money are integers in cents, lengths of time integers in seconds; the
 * field's name says so (total_cents, ttl_seconds). */
enum portal_type {
	PORTAL_TEXT, /* const char *: a string; NULL is null */
	PORTAL_INT,  /* int64_t: an integer below 2^53, written exactly */
	PORTAL_BOOL, /* bool: true or false */
	PORTAL_TIME, /* portal_time: "2026-03-01T12:00:00Z", or null */
	PORTAL_ID,   /* portal_id: an integer, or null */
	PORTAL_LIST, /* portal_list: an array of strings, [] where empty */
	PORTAL_JSON, /* portal_json: the value itself */
};

/* The type is read off the member, so table and struct cannot disagree. A
 * secret has no branch here: a record that holds one does not compile. Nor has an
 * enum or an int: words are texts in a record, so that scripts read what people
 * read, and numbers all have one width. */
#define PORTAL_TYPE_OF(lvalue) \
	_Generic((lvalue), \
		const char *: PORTAL_TEXT, \
		int64_t: PORTAL_INT, \
		bool: PORTAL_BOOL, \
		portal_time: PORTAL_TIME, \
		portal_id: PORTAL_ID, \
		portal_list: PORTAL_LIST, \
		portal_json: PORTAL_JSON)

/* A word of an enumeration. Lists of them end with a NULL word.
 *
 * @word: lower-case English; a promise to scripts.
 * @label: what people read for it, a message to be translated; before it may stand the
 *	context of the message and "\004", as gettext keeps them, where a language has
 *	different words for different nouns. portal_word_text() knows how to read it. */
struct portal_word {
	const char *word;
	const char *label;
};

/* How a field behaves in tables, and the last one in schemas; elsewhere the flags
 * mean nothing. */
enum portal_field_flags {
	PORTAL_FIELD_WIDE = 1 << 0,  /* left out unless asked for */
	PORTAL_FIELD_RIGHT = 1 << 1, /* set to the right, as numbers are */
	PORTAL_FIELD_OPEN = 1 << 2,  /* has its words' labels, and other texts besides */
	PORTAL_FIELD_DATE = 1 << 3,  /* a date, "2026-12-31" */
};

/* One field.
 *
 * @key: the JSON key, the SQL column and the --fields word: a promise to scripts.
 * @title: the heading people see, a message to be translated; free to change.
 * @words: of an enumeration, its words; else NULL.
 * @type: read off the member.
 * @flags: bits of enum portal_field_flags.
 * @offset: where the member is in the struct. */
struct portal_field {
	const char *key;
	const char *title;
	const struct portal_word *words;
	enum portal_type type;
	unsigned flags;
	size_t offset;
};

/* A record.
 *
 * @kind: the JSON kind ("invite"), by which it has a schema.
 * @size: of the struct, in bytes.
 * @fields: in the order they are printed; ends with a NULL key. */
struct portal_record {
	const char *kind;
	size_t size;
	const struct portal_field *fields;
};

/* A row of the table for @member of struct type S; more members of the row may
 * follow the heading. */
#define PORTAL_FIELD(S, member, heading, ...) \
	{ \
		.key = #member, .title = (heading), .type = PORTAL_TYPE_OF(((S *)0)->member), \
		.offset = offsetof(S, member), __VA_ARGS__ \
	}

/* The last row of every table: it has no key, and whoever walks the table stops
 * there. */
#define PORTAL_FIELDS_END \
	{ \
		.key = NULL \
	}

/* The field of @record with that key, letter by letter, or NULL. A constant, as
 * the record is. */
const struct portal_field *portal_record_field(const struct portal_record *record, const char *key);

/* The word's label for people, untranslated, or the word itself where the
 * enumeration does not know it, so that what a newer program wrote can be shown.
 * NULL for NULL. */
const char *portal_word_label(const struct portal_word *words, const char *word);

/* The word's label as people read it, in the language that is set (LANGUAGE, as gettext
 * has it); else as portal_word_label(). A constant. */
const char *portal_word_text(const struct portal_word *words, const char *word);

/* "pending, accepted": the words for a sentence about them, in the arena; there is at
 * least one. */
const char *portal_words_joined(struct arena *arena, const struct portal_word *words);

/* Is @word one of @words, letter by letter? @word must not be NULL. */
bool portal_word_known(const struct portal_word *words, const char *word);

#endif
