#include "text/yaml.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include <portal/arena.h>

#include "base/i18n.h"

/* A key with all that stands before it. A mapping has one too, without a value,
 * so that a mapping given twice is found. */
struct setting {
	const char *key;
	const char *value;
	int64_t line, column;
};

struct item {
	const char *text;
	size_t len;
	struct item *next;
};

/* @key_len has, for each open mapping, how much of @key names it. @current is the
 * setting whose value comes next; in @in_list its items do. */
struct reader {
	struct arena *arena;
	const char *path;
	struct portal_error *err;
	yaml_parser_t parser;
	struct setting *settings;
	int count, depth;
	size_t key_len[YAML_MAX_DEPTH + 1];
	char key[YAML_MAX_KEY_BYTES + 1];
	struct setting *current;
	struct item *items, **items_end;
	bool in_list, documents;
};

static int place(struct reader *reader, int64_t line, int64_t column)
{
	reader->err->source = reader->path;
	reader->err->line = line;
	reader->err->column = column;
	return -(int)reader->err->code;
}

static int refuse(struct reader *reader, const yaml_event_t *event, const char *reason)
{
	portal_fail(reader->err, PORTAL_INVALID_INPUT, "%s", reason);
	return place(
		reader, (int64_t)event->start_mark.line + 1, (int64_t)event->start_mark.column + 1);
}

static int check_bare(struct reader *reader, const yaml_event_t *event, const yaml_char_t *anchor,
	const yaml_char_t *tag)
{
	if (anchor)
		return refuse(reader, event, _("anchors are not allowed"));
	return tag ? refuse(reader, event, _("tags are not allowed")) : 0;
}

static int begin_key(struct reader *reader, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length, at = reader->key_len[reader->depth];
	struct setting *setting = &reader->settings[reader->count];

	if (len == 0 || at + (at > 0) + len > YAML_MAX_KEY_BYTES)
		return refuse(reader, event, _("a key is empty or too long"));
	if (reader->count == YAML_MAX_KEYS)
		return refuse(reader, event, _("there are more than 10,000 keys"));
	if (at)
		reader->key[at++] = '.';
	memcpy(reader->key + at, name, len);
	setting->key = arena_strndup(reader->arena, reader->key, at + len);
	setting->line = (int64_t)event->start_mark.line + 1;
	setting->column = (int64_t)event->start_mark.column + 1;
	reader->count++;
	reader->current = setting;
	return 0;
}

static int add_item(struct reader *reader, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	struct item *item;

	if (!*text || strpbrk(text, "\r\n"))
		return refuse(
			reader, event, _("an item of a list can't be empty or hold a line break"));
	item = arena_new(reader->arena, struct item);
	item->len = event->data.scalar.length;
	item->text = arena_strndup(reader->arena, text, item->len);
	*reader->items_end = item;
	reader->items_end = &item->next;
	return 0;
}

static const char *join_items(struct arena *arena, const struct item *items)
{
	size_t len = 0;
	char *text, *end;

	for (const struct item *item = items; item; item = item->next)
		len += item->len + 1;
	text = end = arena_alloc(arena, len + 1);
	for (const struct item *item = items; item; item = item->next) {
		memcpy(end, item->text, item->len);
		end += item->len;
		if (item->next)
			*end++ = '\n';
	}
	return text;
}

static int on_scalar(struct reader *reader, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;

	if (memchr(text, '\0', len))
		return refuse(reader, event, _("there is a NUL character"));
	if (reader->in_list)
		return add_item(reader, event);
	if (reader->depth == 0 && len > 0)
		return refuse(reader, event, _("'key: value' was expected"));
	if (reader->depth == 0)
		return 0;
	if (!reader->current)
		return begin_key(reader, event);
	reader->current->value = arena_strndup(reader->arena, text, len);
	reader->current = NULL;
	return 0;
}

static int on_mapping(struct reader *reader, const yaml_event_t *event)
{
	if (reader->in_list)
		return refuse(reader, event, _("a list can hold nothing but texts"));
	if (reader->depth && !reader->current)
		return refuse(reader, event, _("a key must be a text"));
	if (reader->depth == YAML_MAX_DEPTH)
		return refuse(reader, event, _("the text is nested deeper than 32 levels"));
	reader->depth++;
	reader->key_len[reader->depth] = reader->depth > 1 ? strlen(reader->current->key) : 0;
	reader->current = NULL;
	return 0;
}

static int on_list(struct reader *reader, const yaml_event_t *event)
{
	if (reader->in_list)
		return refuse(reader, event, _("a list can hold nothing but texts"));
	if (!reader->current)
		return refuse(reader, event,
			reader->depth ? _("a key must be a text") : _("'key: value' was expected"));
	reader->in_list = true;
	reader->items = NULL;
	reader->items_end = &reader->items;
	return 0;
}

static void end_list(struct reader *reader)
{
	reader->current->value = join_items(reader->arena, reader->items);
	reader->current = NULL;
	reader->in_list = false;
}

static int on_document(struct reader *reader, const yaml_event_t *event)
{
	if (reader->documents)
		return refuse(reader, event, _("a second document is not allowed"));
	reader->documents = true;
	return 0;
}

static int check_event(struct reader *reader, const yaml_event_t *event)
{
	if (event->type == YAML_ALIAS_EVENT)
		return refuse(reader, event, _("aliases are not allowed"));
	if (event->type == YAML_SCALAR_EVENT)
		return check_bare(reader, event, event->data.scalar.anchor, event->data.scalar.tag);
	if (event->type == YAML_MAPPING_START_EVENT)
		return check_bare(reader, event, event->data.mapping_start.anchor,
			event->data.mapping_start.tag);
	if (event->type == YAML_SEQUENCE_START_EVENT)
		return check_bare(reader, event, event->data.sequence_start.anchor,
			event->data.sequence_start.tag);
	return 0;
}

static int on_event(struct reader *reader, const yaml_event_t *event)
{
	int rc = check_event(reader, event);

	if (rc < 0)
		return rc;
	if (event->type == YAML_DOCUMENT_START_EVENT)
		return on_document(reader, event);
	if (event->type == YAML_SCALAR_EVENT)
		return on_scalar(reader, event);
	if (event->type == YAML_MAPPING_START_EVENT)
		return on_mapping(reader, event);
	if (event->type == YAML_SEQUENCE_START_EVENT)
		return on_list(reader, event);
	if (event->type == YAML_MAPPING_END_EVENT)
		reader->depth--;
	if (event->type == YAML_SEQUENCE_END_EVENT)
		end_list(reader);
	return 0;
}

/* libyaml has no place for bytes that are no characters, only an offset. */
static int fail_to_parse(struct reader *reader, const char *text)
{
	const yaml_parser_t *parser = &reader->parser;
	int64_t line = (int64_t)parser->problem_mark.line + 1;
	int64_t column = (int64_t)parser->problem_mark.column + 1;

	if (parser->error == YAML_MEMORY_ERROR)
		return portal_fail(reader->err, PORTAL_NO_MEMORY, _("there is not enough memory"));
	portal_fail(reader->err, PORTAL_INVALID_INPUT, _("not valid YAML: %s"),
		parser->problem ? parser->problem : "?");
	if (parser->error == YAML_READER_ERROR) {
		line = 1;
		for (size_t i = 0; i < parser->problem_offset; i++)
			line += text[i] == '\n';
		column = 0;
	}
	return place(reader, line, column);
}

static int read_events(struct reader *reader, const char *text)
{
	bool ended = false;
	int rc = 0;

	while (rc == 0 && !ended) {
		yaml_event_t event;

		if (!yaml_parser_parse(&reader->parser, &event))
			return fail_to_parse(reader, text);
		rc = on_event(reader, &event);
		ended = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	return rc;
}

/* The parser takes quadratic time for many directives before it shows the first;
 * a '%' that begins a line can hardly be anything else. */
static int refuse_directives(struct reader *reader, const char *text, size_t len)
{
	int64_t line = 1;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '%' && (i == 0 || text[i - 1] == '\n' || text[i - 1] == '\r')) {
			portal_fail(reader->err, PORTAL_INVALID_INPUT,
				_("a line can't begin with '%%'"));
			return place(reader, line, 1);
		}
		line += text[i] == '\n';
	}
	return 0;
}

static int compare_settings(const void *a, const void *b)
{
	const struct setting *one = *(const struct setting *const *)a;
	const struct setting *two = *(const struct setting *const *)b;
	int order = strcmp(one->key, two->key);

	return order ? order : (one > two) - (one < two);
}

static int check_keys_differ(struct reader *reader)
{
	size_t count = (size_t)reader->count;
	const struct setting **sorted = arena_array(reader->arena, count, sizeof(*sorted));
	const struct setting *again = NULL;

	for (size_t i = 0; i < count; i++)
		sorted[i] = &reader->settings[i];
	qsort(sorted, count, sizeof(*sorted), compare_settings);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(sorted[i]->key, sorted[i - 1]->key) == 0 &&
			(!again || sorted[i] < again))
			again = sorted[i];
	}
	if (!again)
		return 0;
	portal_fail(reader->err, PORTAL_INVALID_INPUT, _("'%s' is there twice"), again->key);
	return place(reader, again->line, again->column);
}

static int visit_all(struct reader *reader, yaml_visit *visit, void *arg)
{
	for (int i = 0; i < reader->count; i++) {
		const struct setting *setting = &reader->settings[i];
		int rc = 0;

		if (setting->value)
			rc = visit(arg, setting->key, setting->value, setting->line,
				setting->column, reader->err);
		if (rc < 0) {
			place(reader, setting->line, setting->column);
			return rc;
		}
	}
	return 0;
}

static int parse(struct reader *reader, const char *text, size_t len)
{
	int rc;

	if (!yaml_parser_initialize(&reader->parser))
		return portal_fail(reader->err, PORTAL_NO_MEMORY, _("there is not enough memory"));
	yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&reader->parser, (const unsigned char *)text, len);
	rc = read_events(reader, text);
	yaml_parser_delete(&reader->parser);
	return rc;
}

int yaml_read_settings(struct arena *arena, const struct yaml_text *text, yaml_visit *visit,
	void *arg, struct portal_error *err)
{
	/* The shortest key is "a,". */
	size_t most_keys = text->len / 2 + 1 < YAML_MAX_KEYS ? text->len / 2 + 1 : YAML_MAX_KEYS;
	struct reader reader = { .arena = arena, .path = text->path, .err = err };
	int rc;

	if (text->len > YAML_MAX_BYTES) {
		portal_fail(err, PORTAL_INVALID_INPUT, _("settings can't be longer than 1 MiB"));
		return place(&reader, 0, 0);
	}
	reader.settings = arena_array(arena, most_keys, sizeof(*reader.settings));
	rc = refuse_directives(&reader, text->bytes, text->len);
	if (rc == 0)
		rc = parse(&reader, text->bytes, text->len);
	if (rc == 0)
		rc = check_keys_differ(&reader);
	return rc < 0 ? rc : visit_all(&reader, visit, arg);
}
