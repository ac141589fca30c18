#include "text/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "text/document_yaml.h"
#include "text/json_scan.h"
#include "text/mark.h"

_Static_assert(
	(int)DOCUMENT_MAX_DEPTH == (int)JSON_MAX_DEPTH, "both are refused in the same words");

/* @yaml, or a scanner with @string as its room. */
struct document {
	struct document_text text;
	struct document_yaml *yaml;
	struct json_scan json;
	char *string;
	struct text_mark mark;
};

/* The mark moves forward alone, but for a fault within what was read. */
static void place(struct document *document, size_t at, int64_t *ret_line, int64_t *ret_column)
{
	if (at < document->mark.at)
		document->mark = TEXT_MARK_START;
	text_mark_move(&document->mark, document->text.bytes, at);
	*ret_line = document->mark.line;
	*ret_column = document->mark.column;
}

static int refuse_json(struct document *document, size_t at, const char *format, const char *reason,
	struct portal_error *err)
{
	err->source = document->text.path;
	place(document, at, &err->line, &err->column);
	return portal_fail(err, PORTAL_INVALID_INPUT, format, _(reason));
}

static const char *end_string(struct document *document, size_t len)
{
	document->string[len] = '\0';
	return document->string;
}

static void give_string(struct document *document, struct document_event *ret)
{
	ret->len = document->json.string_len;
	ret->text = end_string(document, ret->len);
}

static void give_bare(struct document *document, struct document_event *ret)
{
	const struct json_scan *scan = &document->json;

	ret->len = scan->at - scan->start;
	memcpy(document->string, scan->text + scan->start, ret->len);
	ret->text = end_string(document, ret->len);
}

static void give_token(struct document *document, enum json_token token, struct document_event *ret)
{
	static const struct document_event events[] = {
		[JSON_TOKEN_END] = { .type = DOCUMENT_END },
		[JSON_TOKEN_OBJECT] = { .type = DOCUMENT_MAPPING },
		[JSON_TOKEN_OBJECT_END] = { .type = DOCUMENT_MAPPING_END },
		[JSON_TOKEN_ARRAY] = { .type = DOCUMENT_LIST },
		[JSON_TOKEN_ARRAY_END] = { .type = DOCUMENT_LIST_END },
		[JSON_TOKEN_KEY] = { .type = DOCUMENT_KEY, .scalar = DOCUMENT_QUOTED },
		[JSON_TOKEN_STRING] = { .type = DOCUMENT_SCALAR, .scalar = DOCUMENT_QUOTED },
		[JSON_TOKEN_NUMBER] = { .type = DOCUMENT_SCALAR, .scalar = DOCUMENT_NUMBER },
		[JSON_TOKEN_TRUE] = { .type = DOCUMENT_SCALAR, .scalar = DOCUMENT_BOOL },
		[JSON_TOKEN_FALSE] = { .type = DOCUMENT_SCALAR, .scalar = DOCUMENT_BOOL },
		[JSON_TOKEN_NULL] = { .type = DOCUMENT_SCALAR, .is_null = true },
	};

	*ret = events[token];
	place(document, document->json.start, &ret->line, &ret->column);
	if (token == JSON_TOKEN_KEY || token == JSON_TOKEN_STRING)
		give_string(document, ret);
	else if (ret->type == DOCUMENT_SCALAR)
		give_bare(document, ret);
}

static int next_of_json(
	struct document *document, struct document_event *ret, struct portal_error *err)
{
	struct json_scan *scan = &document->json;
	const int token = json_scan_next(scan);

	if (token < 0)
		return refuse_json(
			document, scan->fault_at, _("not valid JSON: %s"), scan->reason, err);
	if (scan->has_nul)
		return refuse_json(document, scan->nul_at, _("ambiguous JSON: %s"),
			N_("'\\u0000' is not allowed"), err);
	give_token(document, (enum json_token)token, ret);
	return token != JSON_TOKEN_END;
}

/* A byte order mark says nothing of what follows it. */
static bool looks_like_json(const struct document_text *text)
{
	size_t at = text->len >= 3 && memcmp(text->bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < text->len && memchr(" \t\n\r", text->bytes[at], 4))
		at++;
	return at < text->len && text->bytes[at] == '{';
}

/* One byte more than the text has, for the NUL. */
static int open_json(struct document *document, struct portal_error *err)
{
	document->string = malloc(document->text.len + 1);
	if (!document->string)
		return portal_fail(err, PORTAL_NO_MEMORY, _("there is not enough memory"));
	document->json = (struct json_scan){
		.text = document->text.bytes, .len = document->text.len, .string = document->string
	};
	return 0;
}

int document_open(struct document **ret, const struct document_text *text, struct portal_error *err)
{
	struct document *document = calloc(1, sizeof(*document));

	*ret = document;
	if (!document)
		return portal_fail(err, PORTAL_NO_MEMORY, _("there is not enough memory"));
	document->text = *text;
	document->mark = TEXT_MARK_START;
	if (text->format == DOCUMENT_JSON ||
		(text->format == DOCUMENT_AUTO && looks_like_json(text)))
		return open_json(document, err);
	return document_yaml_open(&document->yaml, text, err);
}

int document_next(struct document *document, struct document_event *ret, struct portal_error *err)
{
	if (document->yaml)
		return document_yaml_next(document->yaml, ret, err);
	return next_of_json(document, ret, err);
}

void document_close(struct document **document)
{
	if (!*document)
		return;
	document_yaml_close((*document)->yaml);
	free((*document)->string);
	free(*document);
	*document = NULL;
}
