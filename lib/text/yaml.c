#include "text/yaml.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <portal/arena.h>

#include "base/i18n.h"
#include "text/document.h"

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
	struct setting *settings;
	int count, depth;
	size_t key_len[DOCUMENT_MAX_DEPTH + 1];
	char key[YAML_MAX_KEY_BYTES + 1];
	struct setting *current;
	struct item *items, **items_end;
	bool in_list;
};

static int place(struct reader *reader, int64_t line, int64_t column)
{
	reader->err->source = reader->path;
	reader->err->line = line;
	reader->err->column = column;
	return -(int)reader->err->code;
}

static int refuse(struct reader *reader, const struct document_event *event, const char *reason)
{
	portal_fail(reader->err, PORTAL_INVALID_INPUT, "%s", reason);
	return place(reader, event->line, event->column);
}

static int begin_key(struct reader *reader, const struct document_event *event)
{
	size_t at = reader->key_len[reader->depth];
	struct setting *setting = &reader->settings[reader->count];

	if (event->len == 0 || at + (at > 0) + event->len > YAML_MAX_KEY_BYTES)
		return refuse(reader, event, _("a key is empty or too long"));
	if (reader->count == YAML_MAX_KEYS)
		return refuse(reader, event, _("there are more than 10,000 keys"));
	if (at)
		reader->key[at++] = '.';
	memcpy(reader->key + at, event->text, event->len);
	setting->key = arena_strndup(reader->arena, reader->key, at + event->len);
	setting->line = event->line;
	setting->column = event->column;
	reader->count++;
	reader->current = setting;
	return 0;
}

static int add_item(struct reader *reader, const struct document_event *event)
{
	struct item *item;

	if (!*event->text || strpbrk(event->text, "\r\n"))
		return refuse(
			reader, event, _("an item of a list can't be empty or hold a line break"));
	item = arena_new(reader->arena, struct item);
	item->len = event->len;
	item->text = arena_strndup(reader->arena, event->text, item->len);
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

static int on_scalar(struct reader *reader, const struct document_event *event)
{
	if (reader->in_list)
		return add_item(reader, event);
	if (reader->depth == 0 && event->len > 0)
		return refuse(reader, event, _("'key: value' was expected"));
	if (reader->depth == 0)
		return 0;
	reader->current->value = arena_strndup(reader->arena, event->text, event->len);
	reader->current = NULL;
	return 0;
}

static int on_mapping(struct reader *reader, const struct document_event *event)
{
	if (reader->in_list)
		return refuse(reader, event, _("a list can hold nothing but texts"));
	reader->depth++;
	reader->key_len[reader->depth] = reader->depth > 1 ? strlen(reader->current->key) : 0;
	reader->current = NULL;
	return 0;
}

static int on_list(struct reader *reader, const struct document_event *event)
{
	if (reader->in_list)
		return refuse(reader, event, _("a list can hold nothing but texts"));
	if (!reader->current)
		return refuse(reader, event, _("'key: value' was expected"));
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

static int on_event(struct reader *reader, const struct document_event *event)
{
	if (event->type == DOCUMENT_KEY)
		return begin_key(reader, event);
	if (event->type == DOCUMENT_SCALAR)
		return on_scalar(reader, event);
	if (event->type == DOCUMENT_MAPPING)
		return on_mapping(reader, event);
	if (event->type == DOCUMENT_LIST)
		return on_list(reader, event);
	if (event->type == DOCUMENT_MAPPING_END)
		reader->depth--;
	if (event->type == DOCUMENT_LIST_END)
		end_list(reader);
	return 0;
}

static int read_events(struct reader *reader, const struct yaml_text *text)
{
	const struct document_text whole = { text->path, text->bytes, text->len, DOCUMENT_YAML };
	_cleanup_document_ struct document *document = NULL;
	struct document_event event;
	int rc = document_open(&document, &whole, reader->err);

	while (rc >= 0 && (rc = document_next(document, &event, reader->err)) > 0)
		rc = on_event(reader, &event);
	return rc;
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
	rc = read_events(&reader, text);
	if (rc == 0)
		rc = check_keys_differ(&reader);
	return rc < 0 ? rc : visit_all(&reader, visit, arg);
}
