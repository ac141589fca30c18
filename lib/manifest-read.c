#include "manifest-read.h"

#include <string.h>

#include <portal/config.h>
#include <portal/text.h>

#include "base/buf.h"

/* Functions here return 0 also after a fault; below 0 is what ends the file. */

static int next(struct manifest_reader *reader)
{
	return document_next(reader->document, &reader->event, reader->err);
}

static struct manifest_place here(const struct manifest_reader *reader)
{
	return (struct manifest_place){ (uint32_t)reader->event.line,
		(uint32_t)reader->event.column };
}

/* Steps over the value that the reader is at the beginning of. */
static int skip(struct manifest_reader *reader)
{
	int depth = 0, rc = 1;

	while (rc > 0) {
		const enum document_type type = reader->event.type;

		depth += type == DOCUMENT_MAPPING || type == DOCUMENT_LIST;
		depth -= type == DOCUMENT_MAPPING_END || type == DOCUMENT_LIST_END;
		if (depth == 0)
			return 0;
		rc = next(reader);
	}
	return rc;
}

static int skip_next(struct manifest_reader *reader)
{
	int rc = next(reader);

	return rc < 0 ? rc : skip(reader);
}

/* Is a text where one is wanted? Tells why not. */
static bool is_text(struct manifest_reader *reader, const struct portal_field *field)
{
	const struct document_event *event = &reader->event;
	const struct manifest_place place = here(reader);

	if (event->type != DOCUMENT_SCALAR)
		MANIFEST_FAULT(reader, &place, field->key, _("'%s' must be a text"), field->key);
	else if (event->scalar == DOCUMENT_NUMBER && (field->flags & MANIFEST_TAX_ID))
		MANIFEST_FAULT(reader, &place, field->key,
			_("put the tax id in quotes: numbers lose their leading zeros"));
	else if (event->scalar == DOCUMENT_BOOL ||
		 (event->scalar == DOCUMENT_NUMBER && !(field->flags & MANIFEST_NUMBER)))
		MANIFEST_FAULT(reader, &place, field->key,
			_("'%s' must be a text: put it in quotes"), field->key);
	else
		return true;
	return false;
}

static int read_text(
	struct manifest_reader *reader, const struct portal_field *field, const char **ret)
{
	const struct manifest_place place = here(reader);

	if (!is_text(reader, field))
		return skip(reader);
	if (reader->event.is_null || !reader->event.len)
		*ret = "";
	else
		*ret = manifest_check_text(
			reader, reader->arena, field, &place, reader->event.text);
	arena_reset(&reader->scratch);
	return 0;
}

static void *member_of(struct manifest_object *object, size_t offset)
{
	return (char *)object + offset;
}

/* Items of a list, joined by line breaks, and the place of each. */
struct texts {
	struct buf items, places;
};

static void close_texts(struct texts *texts)
{
	buf_release(&texts->items);
	buf_release(&texts->places);
}

static int read_item(
	struct manifest_reader *reader, const struct portal_field *field, struct texts *texts)
{
	struct buf *items = &texts->items;
	const struct document_event *event = &reader->event;
	const struct manifest_place place = here(reader);
	const char *text;

	if (!is_text(reader, field))
		return skip(reader);
	if (event->is_null || !event->len || strpbrk(event->text, "\r\n")) {
		MANIFEST_FAULT(reader, &place, field->key,
			_("an item of a list can't be empty or hold a line break"));
		return 0;
	}
	text = manifest_check_text(reader, &reader->scratch, field, &place, event->text);
	if (text && items->len)
		buf_char(items, '\n');
	if (text) {
		buf_str(items, text);
		buf_add(&texts->places, &place, sizeof(place));
	}
	arena_reset(&reader->scratch);
	return 0;
}

static int no_memory(struct manifest_reader *reader)
{
	return portal_fail(reader->err, PORTAL_NO_MEMORY, _("there is not enough memory"));
}

static int read_items(
	struct manifest_reader *reader, const struct portal_field *field, struct texts *texts)
{
	int rc;

	while ((rc = next(reader)) > 0 && reader->event.type != DOCUMENT_LIST_END) {
		rc = read_item(reader, field, texts);
		if (rc < 0)
			return rc;
	}
	return rc > 0 && (texts->items.error || texts->places.error) ? no_memory(reader) : rc;
}

/* Where a list is wanted and is none: null is an empty one, all else a fault. */
static int no_list(struct manifest_reader *reader, const char *key)
{
	const struct manifest_place place = here(reader);

	if (!reader->event.is_null)
		MANIFEST_FAULT(reader, &place, key, _("'%s' must be a list"), key);
	return skip(reader);
}

static void keep_places(
	struct manifest_reader *reader, struct manifest_object *object, const struct buf *places)
{
	struct manifest_place *kept = arena_alloc(reader->arena, places->len);

	memcpy(kept, places->data, places->len);
	object->items = kept;
}

static int read_texts(struct manifest_reader *reader, const struct portal_field *field,
	struct manifest_object *object)
{
	__attribute__((cleanup(close_texts))) struct texts texts;
	portal_list *ret = member_of(object, field->offset);
	int rc;

	buf_init(&texts.items);
	buf_init(&texts.places);
	ret->lines = "";
	if (reader->event.type != DOCUMENT_LIST)
		return no_list(reader, field->key);
	rc = read_items(reader, field, &texts);
	if (rc <= 0 || !texts.items.len)
		return rc;
	ret->lines = arena_strndup(reader->arena, texts.items.data, texts.items.len);
	if (field->flags & MANIFEST_COMPANY)
		keep_places(reader, object, &texts.places);
	return rc;
}

/* NULL, and a failure, where there are too many. */
static struct manifest_object *make_object(
	struct manifest_reader *reader, const struct manifest_kind *kind)
{
	struct manifest_object *object;

	if (reader->objects++ >= MANIFEST_MAX_OBJECTS) {
		reader->err->source = reader->source->path;
		reader->err->line = reader->event.line;
		reader->err->column = reader->event.column;
		portal_fail(reader->err, PORTAL_INVALID_INPUT,
			_("there are more than 150,000 companies, people and the like"));
		return NULL;
	}
	object = arena_alloc(reader->arena, kind->record.size);
	object->fields =
		arena_array(reader->arena, manifest_member_count(kind), sizeof(*object->fields));
	object->kind = kind;
	object->source = reader->source;
	object->place = here(reader);
	return object;
}

static void add_object(struct manifest_list *list, struct manifest_object *object)
{
	if (list->last)
		list->last->next = object;
	else
		list->first = object;
	list->last = object;
	list->count++;
}

static int read_field(struct manifest_reader *reader, struct manifest_object *object, size_t number)
{
	const struct portal_field *field = &object->kind->record.fields[number];
	void *member = member_of(object, field->offset);

	object->fields[number] = here(reader);
	if (field->type == PORTAL_LIST)
		return read_texts(reader, field, object);
	return read_text(reader, field, member);
}

static void tell_unknown(struct manifest_reader *reader, const struct suggestion *guess)
{
	const struct manifest_place place = here(reader);

	if (guess->best)
		MANIFEST_FAULT(reader, &place, NULL,
			_("there is no key '%s' here; did you mean '%s'?"), guess->word,
			guess->best);
	else
		MANIFEST_FAULT(reader, &place, NULL, _("there is no key '%s' here"), guess->word);
}

static bool is_full(const struct manifest_reader *reader)
{
	return reader->err->fault_count >= PORTAL_FAULTS_MAX;
}

static int skip_unknown(struct manifest_reader *reader, const struct manifest_kind *kind)
{
	struct suggestion guess = suggest_begin(reader->event.text);
	const size_t count = is_full(reader) ? 0 : manifest_member_count(kind);

	for (size_t i = 0; i < count; i++)
		suggest_try(&guess, manifest_member_key(kind, i));
	tell_unknown(reader, &guess);
	return skip_next(reader);
}

static int skip_unknown_setting(struct manifest_reader *reader)
{
	struct suggestion guess = suggest_begin(reader->event.text);

	for (size_t i = 0; !is_full(reader) && config_key(i); i++)
		suggest_try(&guess, config_key(i));
	tell_unknown(reader, &guess);
	return skip_next(reader);
}

static const char *known_setting(const char *text)
{
	size_t i = 0;

	while (config_key(i) && strcmp(config_key(i), text) != 0)
		i++;
	return config_key(i);
}

static int read_setting(struct manifest_reader *reader, struct manifest_list *list)
{
	struct portal_field field = manifest_setting_kind.record.fields[0];
	struct manifest_object *object;
	int rc;

	/* Faults name the setting. */
	field.key = known_setting(reader->event.text);
	if (!field.key)
		return skip_unknown_setting(reader);
	object = make_object(reader, &manifest_setting_kind);
	if (!object)
		return -(int)reader->err->code;
	object->key = field.key;
	add_object(list, object);
	rc = next(reader);
	object->fields[0] = here(reader);
	return rc < 0 ? rc : read_text(reader, &field, member_of(object, field.offset));
}

static int read_settings(struct manifest_reader *reader, const struct manifest_child *child,
	struct manifest_list *list)
{
	const struct manifest_place place = here(reader);
	int rc;

	if (reader->event.type != DOCUMENT_MAPPING) {
		if (!reader->event.is_null)
			MANIFEST_FAULT(reader, &place, child->key, _("'%s' must be a mapping"),
				child->key);
		return skip(reader);
	}
	while ((rc = next(reader)) > 0 && reader->event.type != DOCUMENT_MAPPING_END) {
		rc = read_setting(reader, list);
		if (rc < 0)
			return rc;
	}
	return rc;
}

static int read_object(struct manifest_reader *reader, struct manifest_object *object);

static int read_child(struct manifest_reader *reader, const struct manifest_child *child,
	struct manifest_list *list)
{
	const struct manifest_place place = here(reader);
	struct manifest_object *object;

	if (reader->event.type != DOCUMENT_MAPPING) {
		MANIFEST_FAULT(reader, &place, child->key, _("an item of '%s' must be a mapping"),
			child->key);
		return skip(reader);
	}
	object = make_object(reader, child->kind);
	if (!object)
		return -(int)reader->err->code;
	add_object(list, object);
	return read_object(reader, object);
}

static int read_children(struct manifest_reader *reader, const struct manifest_child *child,
	struct manifest_list *list)
{
	int rc;

	if (reader->event.type != DOCUMENT_LIST)
		return no_list(reader, child->key);
	while ((rc = next(reader)) > 0 && reader->event.type != DOCUMENT_LIST_END) {
		rc = read_child(reader, child, list);
		if (rc < 0)
			return rc;
	}
	return rc;
}

static int read_list(struct manifest_reader *reader, struct manifest_object *object, size_t number)
{
	const struct manifest_child *child =
		&object->kind->children[number - manifest_field_count(object->kind)];
	struct manifest_list *list = member_of(object, child->offset);

	object->fields[number] = here(reader);
	return child->is_mapping ? read_settings(reader, child, list)
				 : read_children(reader, child, list);
}

static int read_member(struct manifest_reader *reader, struct manifest_object *object)
{
	const size_t number = manifest_member_number(object->kind, reader->event.text);
	const struct manifest_place place = here(reader);
	int rc;

	if (number == SIZE_MAX)
		return skip_unknown(reader, object->kind);
	if (object->fields[number].line) {
		MANIFEST_FAULT(reader, &place, manifest_member_key(object->kind, number),
			_("'%s' is there twice"), reader->event.text);
		return skip_next(reader);
	}
	rc = next(reader);
	if (rc < 0)
		return rc;
	return number < manifest_field_count(object->kind) ? read_field(reader, object, number)
							   : read_list(reader, object, number);
}

/* What was given and is wrong was told of, and is NULL. */
static void check_required(struct manifest_reader *reader, struct manifest_object *object)
{
	const struct portal_field *fields = object->kind->record.fields;

	for (size_t i = 0; fields[i].key; i++) {
		const char *const *text = member_of(object, fields[i].offset);

		if (!(fields[i].flags & MANIFEST_REQUIRED))
			continue;
		if (!object->fields[i].line)
			MANIFEST_FAULT(reader, &object->place, fields[i].key, _("'%s' is missing"),
				fields[i].key);
		else if (*text && !**text)
			MANIFEST_FAULT(reader, &object->fields[i], fields[i].key,
				_("'%s' can't be empty"), fields[i].key);
	}
}

static int read_object(struct manifest_reader *reader, struct manifest_object *object)
{
	int rc;

	while ((rc = next(reader)) > 0 && reader->event.type != DOCUMENT_MAPPING_END) {
		rc = read_member(reader, object);
		if (rc < 0)
			return rc;
	}
	if (rc < 0)
		return rc;
	check_required(reader, object);
	object->kind->end(reader, object);
	return rc;
}

static int read_top(struct manifest_reader *reader)
{
	static const struct manifest_place start = { 1, 1 };
	const struct manifest_place place = here(reader);
	struct manifest_object *file;

	if (reader->event.type == DOCUMENT_END || reader->event.is_null)
		MANIFEST_FAULT(reader, &start, NULL, _("a manifest begins with 'portalctl: %s'"),
			MANIFEST_VERSION);
	else if (reader->event.type != DOCUMENT_MAPPING)
		MANIFEST_FAULT(reader, &place, NULL, _("'key: value' was expected"));
	if (reader->event.type != DOCUMENT_MAPPING)
		return skip(reader);
	file = make_object(reader, &manifest_file_kind);
	return file ? read_object(reader, file) : -(int)reader->err->code;
}

static int read_document(struct manifest_reader *reader)
{
	const struct manifest_source *source = reader->source;
	const struct document_text text = { source->path, source->bytes, source->len,
		DOCUMENT_AUTO };
	int rc = document_open(&reader->document, &text, reader->err);

	rc = rc < 0 ? rc : next(reader);
	rc = rc < 0 ? rc : read_top(reader);
	while (rc >= 0 && reader->event.type != DOCUMENT_END)
		rc = next(reader);
	document_close(&reader->document);
	return rc;
}

/* Below 0 only where no file could be read. */
static int read_source(struct manifest_reader *reader)
{
	static const struct manifest_place nowhere = { 0, 0 };
	int rc;

	if (reader->source->len > MANIFEST_MAX_BYTES) {
		MANIFEST_FAULT(reader, &nowhere, NULL, _("a manifest can't be longer than 64 MiB"));
		return 0;
	}
	rc = read_document(reader);
	if (rc == -PORTAL_NO_MEMORY)
		return rc;
	if (rc < 0)
		portal_fault_add(reader->err);
	return 0;
}

static int read_sources(
	struct manifest_reader *reader, const struct manifest_source *sources, size_t count)
{
	const struct manifest *all = reader->manifest;

	for (size_t i = 0; i < count; i++) {
		reader->source = &sources[i];
		if (read_source(reader) < 0)
			return -(int)reader->err->code;
	}
	manifest_check_differ(reader, &all->settings);
	manifest_check_differ(reader, &all->companies);
	manifest_check_differ(reader, &all->groups);
	manifest_check_differ(reader, &all->connections);
	return portal_faults_end(reader->err);
}

int manifest_read(struct arena *arena, const struct manifest_source *sources, size_t count,
	struct manifest *ret_manifest, struct portal_error *err)
{
	struct manifest manifest = { 0 };
	struct manifest_reader reader = { .arena = arena,
		.scratch = { .out_of_memory = arena->out_of_memory },
		.manifest = &manifest,
		.err = err };
	int rc;

	if (!err->arena)
		err->arena = arena;
	rc = read_sources(&reader, sources, count);
	arena_release(&reader.scratch);
	if (rc == 0)
		*ret_manifest = manifest;
	return rc;
}
