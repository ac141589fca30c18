#include "text/document_yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/i18n.h"
#include "text/mark.h"

/* @wants_key tells of each open mapping whether its next scalar is a key; lists
 * never want one. @event is the one whose text the caller holds. */
struct document_yaml {
	struct document_text text;
	yaml_parser_t parser;
	yaml_event_t event;
	int depth;
	bool is_mapping[DOCUMENT_MAX_DEPTH + 1], wants_key[DOCUMENT_MAX_DEPTH + 1];
	bool has_parser, has_document;
};

static void place(
	const struct document_yaml *yaml, const struct text_mark *mark, struct portal_error *err)
{
	err->source = yaml->text.path;
	err->line = mark->line;
	err->column = mark->column;
}

static struct text_mark mark_of(const yaml_mark_t *at)
{
	return (struct text_mark){ .line = (int64_t)at->line + 1,
		.column = (int64_t)at->column + 1 };
}

static int refuse(const struct document_yaml *yaml, const char *reason, struct portal_error *err)
{
	const struct text_mark mark = mark_of(&yaml->event.start_mark);

	place(yaml, &mark, err);
	return portal_fail(err, PORTAL_INVALID_INPUT, "%s", reason);
}

static int no_memory(struct portal_error *err)
{
	return portal_fail(err, PORTAL_NO_MEMORY, _("there is not enough memory"));
}

/* libyaml has no place for bytes that are no characters, only an offset. */
static int fail_to_parse(const struct document_yaml *yaml, struct portal_error *err)
{
	const yaml_parser_t *parser = &yaml->parser;
	struct text_mark mark = TEXT_MARK_START;

	if (parser->error == YAML_MEMORY_ERROR)
		return no_memory(err);
	if (parser->error == YAML_READER_ERROR)
		text_mark_move(&mark, yaml->text.bytes,
			parser->problem_offset < yaml->text.len ? parser->problem_offset
								: yaml->text.len);
	else
		mark = mark_of(&parser->problem_mark);
	place(yaml, &mark, err);
	return portal_fail(err, PORTAL_INVALID_INPUT, _("not valid YAML: %s"),
		parser->problem ? parser->problem : "?");
}

static bool is_null(const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;

	return event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (!*text || strcmp(text, "~") == 0 || strcmp(text, "null") == 0);
}

static int on_scalar(
	struct document_yaml *yaml, struct document_event *ret, struct portal_error *err)
{
	const yaml_event_t *event = &yaml->event;
	bool *wants_key = &yaml->wants_key[yaml->depth];

	ret->text = (const char *)event->data.scalar.value;
	ret->len = event->data.scalar.length;
	if (memchr(ret->text, '\0', ret->len))
		return refuse(yaml, _("there is a NUL character"), err);
	ret->type = *wants_key ? DOCUMENT_KEY : DOCUMENT_SCALAR;
	ret->scalar = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE ? DOCUMENT_PLAIN
									  : DOCUMENT_QUOTED;
	ret->is_null = ret->type == DOCUMENT_SCALAR && is_null(event);
	*wants_key = !*wants_key && yaml->is_mapping[yaml->depth];
	return 1;
}

static int begin(struct document_yaml *yaml, bool is_mapping, struct document_event *ret,
	struct portal_error *err)
{
	if (yaml->wants_key[yaml->depth])
		return refuse(yaml, _("a key must be a text"), err);
	if (yaml->depth == DOCUMENT_MAX_DEPTH)
		return refuse(yaml, _("the text is nested deeper than 32 levels"), err);
	yaml->wants_key[yaml->depth] = yaml->is_mapping[yaml->depth];
	yaml->depth++;
	yaml->is_mapping[yaml->depth] = yaml->wants_key[yaml->depth] = is_mapping;
	ret->type = is_mapping ? DOCUMENT_MAPPING : DOCUMENT_LIST;
	return 1;
}

static int end(struct document_yaml *yaml, struct document_event *ret)
{
	ret->type = yaml->is_mapping[yaml->depth--] ? DOCUMENT_MAPPING_END : DOCUMENT_LIST_END;
	return 1;
}

static int on_document(struct document_yaml *yaml, struct portal_error *err)
{
	if (yaml->has_document)
		return refuse(yaml, _("a second document is not allowed"), err);
	yaml->has_document = true;
	return 0;
}

static int check_bare(const struct document_yaml *yaml, const yaml_char_t *anchor,
	const yaml_char_t *tag, struct portal_error *err)
{
	if (anchor)
		return refuse(yaml, _("anchors are not allowed"), err);
	return tag ? refuse(yaml, _("tags are not allowed"), err) : 0;
}

static int check_event(const struct document_yaml *yaml, struct portal_error *err)
{
	const yaml_event_t *event = &yaml->event;

	if (event->type == YAML_ALIAS_EVENT)
		return refuse(yaml, _("aliases are not allowed"), err);
	if (event->type == YAML_SCALAR_EVENT)
		return check_bare(yaml, event->data.scalar.anchor, event->data.scalar.tag, err);
	if (event->type == YAML_MAPPING_START_EVENT)
		return check_bare(
			yaml, event->data.mapping_start.anchor, event->data.mapping_start.tag, err);
	if (event->type == YAML_SEQUENCE_START_EVENT)
		return check_bare(yaml, event->data.sequence_start.anchor,
			event->data.sequence_start.tag, err);
	return 0;
}

/* 1: an event for the caller; 0: none yet. */
static int on_event(
	struct document_yaml *yaml, struct document_event *ret, struct portal_error *err)
{
	const yaml_event_t *event = &yaml->event;

	if (check_event(yaml, err) < 0)
		return -(int)err->code;
	*ret = (struct document_event){ .line = (int64_t)event->start_mark.line + 1,
		.column = (int64_t)event->start_mark.column + 1 };
	if (event->type == YAML_SCALAR_EVENT)
		return on_scalar(yaml, ret, err);
	if (event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT)
		return begin(yaml, event->type == YAML_MAPPING_START_EVENT, ret, err);
	if (event->type == YAML_MAPPING_END_EVENT || event->type == YAML_SEQUENCE_END_EVENT)
		return end(yaml, ret);
	return event->type == YAML_DOCUMENT_START_EVENT ? on_document(yaml, err) : 0;
}

int document_yaml_next(
	struct document_yaml *yaml, struct document_event *ret, struct portal_error *err)
{
	int rc = 0;

	while (rc == 0) {
		yaml_event_delete(&yaml->event);
		if (!yaml_parser_parse(&yaml->parser, &yaml->event))
			return fail_to_parse(yaml, err);
		rc = on_event(yaml, ret, err);
		if (yaml->event.type == YAML_STREAM_END_EVENT)
			break;
	}
	return rc;
}

/* The parser takes quadratic time for many directives before it shows the first;
 * a '%' that begins a line can hardly be anything else. */
static int refuse_directives(const struct document_yaml *yaml, struct portal_error *err)
{
	const char *text = yaml->text.bytes;
	struct text_mark mark = TEXT_MARK_START;

	for (size_t i = 0; i < yaml->text.len; i++) {
		if (text[i] != '%' || (i > 0 && text[i - 1] != '\n' && text[i - 1] != '\r'))
			continue;
		text_mark_move(&mark, text, i);
		place(yaml, &mark, err);
		return portal_fail(err, PORTAL_INVALID_INPUT, _("a line can't begin with '%%'"));
	}
	return 0;
}

/* A byte order mark is no character of the text. */
static void skip_mark(struct document_text *text)
{
	if (text->len < 3 || memcmp(text->bytes, "\xef\xbb\xbf", 3) != 0)
		return;
	text->bytes += 3;
	text->len -= 3;
}

int document_yaml_open(
	struct document_yaml **ret, const struct document_text *text, struct portal_error *err)
{
	struct document_yaml *yaml = calloc(1, sizeof(*yaml));

	*ret = yaml;
	if (!yaml)
		return no_memory(err);
	yaml->text = *text;
	skip_mark(&yaml->text);
	if (refuse_directives(yaml, err) < 0)
		return -(int)err->code;
	yaml->has_parser = yaml_parser_initialize(&yaml->parser);
	if (!yaml->has_parser)
		return no_memory(err);
	yaml_parser_set_encoding(&yaml->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&yaml->parser, (const unsigned char *)yaml->text.bytes, yaml->text.len);
	return 0;
}

void document_yaml_close(struct document_yaml *yaml)
{
	if (!yaml)
		return;
	yaml_event_delete(&yaml->event);
	if (yaml->has_parser)
		yaml_parser_delete(&yaml->parser);
	free(yaml);
}
