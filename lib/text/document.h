/* YAML and JSON as one stream of events, each with its place: what is read from
 * a file without a tree of it in memory. */
#ifndef TEXT_DOCUMENT_H
#define TEXT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>

/* The deepest nesting of mappings and lists. */
enum { DOCUMENT_MAX_DEPTH = 32 };

/* DOCUMENT_AUTO: JSON where the first character that is no blank is '{', else YAML. */
enum document_format { DOCUMENT_AUTO, DOCUMENT_YAML, DOCUMENT_JSON };

/* What to read: @len bytes, which need no NUL after them, and the name of their
 * file for messages. Both must outlive the document, the name also its errors. */
struct document_text {
	const char *path;
	const char *bytes;
	size_t len;
	enum document_format format;
};

enum document_type {
	DOCUMENT_END,
	DOCUMENT_MAPPING,
	DOCUMENT_MAPPING_END,
	DOCUMENT_LIST,
	DOCUMENT_LIST_END,
	DOCUMENT_KEY,
	DOCUMENT_SCALAR,
};

/* How a scalar was written. YAML has plain and quoted ones alone (blocks are quoted
 * ones): what is a number or a word is for the reader to say, so that `no`, 010 and
 * 2026-03-01 stay the texts they are. JSON's strings are quoted. */
enum document_scalar { DOCUMENT_PLAIN, DOCUMENT_QUOTED, DOCUMENT_NUMBER, DOCUMENT_BOOL };

/* One event. @text, of keys and scalars, has a NUL behind its @len bytes and none
 * among them; it lives until the next event. @is_null: JSON's null, or YAML's plain
 * null, ~ and nothing at all; @text is what was written. Line and column of its
 * first character count from 1, columns in characters. */
struct document_event {
	enum document_type type;
	enum document_scalar scalar;
	bool is_null;
	const char *text;
	size_t len;
	int64_t line, column;
};

struct document;

/* Begins to read @text. Whether it fails or not, document_close() ends it. Fails as
 * document_next() does. */
int document_open(
	struct document **ret, const struct document_text *text, struct portal_error *err);

/* The next event: 1, or 0 with a DOCUMENT_END. A mapping's events are its keys, each
 * followed by those of its value; a file without a value gives nothing but the end.
 *
 * What is misread by one program or another, or costs more than it says, is refused:
 * beyond the grammar that is, in YAML, aliases, anchors, tags, directives, a second
 * document and keys that are no scalars; in JSON, a byte order mark and lone
 * surrogates; in both, NUL and nesting deeper than DOCUMENT_MAX_DEPTH. A key that is
 * there twice is the caller's to find, who knows which keys there are.
 *
 * A fault is PORTAL_INVALID_INPUT with @err->source = its path, line and column; no
 * call must follow it. Time is linear, memory in proportion to the longest scalar. */
int document_next(struct document *document, struct document_event *ret, struct portal_error *err);

/* Frees what the document holds, but not its text; *@document may be NULL. */
void document_close(struct document **document);

#define _cleanup_document_ __attribute__((cleanup(document_close)))

#endif
