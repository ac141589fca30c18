#include "manifest-write.h"

#include <string.h>

#include <portal/arena.h>

static bool is_yaml(const struct manifest_writer *w)
{
	return w->form == PORTAL_EXPORT_YAML;
}

static void put_blanks(struct manifest_writer *w, unsigned count)
{
	for (; count > 0; count--)
		portal_put_bytes(w->to, " ", 1);
}

/* The dash of an item stands two columns before its members. */
static void put_key(struct manifest_writer *w, const char *key)
{
	if (is_yaml(w)) {
		put_blanks(w, w->begins ? w->indent - 2 : w->indent);
		portal_put(w->to, w->begins ? "- " : "");
		portal_put(w->to, key);
		portal_put(w->to, ":");
	} else {
		portal_put(w->to, w->has_members ? "," : "");
		portal_put_json(w->to, key);
		portal_put(w->to, ":");
	}
	w->begins = false;
	w->has_members = true;
}

static void put_member(struct manifest_writer *w, const char *key, const char *value,
	void (*put)(struct portal_writer *to, const char *value))
{
	put_key(w, key);
	if (is_yaml(w))
		portal_put(w->to, " ");
	put(w->to, value);
	if (is_yaml(w))
		portal_put(w->to, "\n");
}

/* All that is escaped in JSON is escaped in YAML the same way. */
void manifest_put_text(struct manifest_writer *w, const char *key, const char *text)
{
	put_member(w, key, text, portal_put_json);
}

void manifest_put_begin(struct manifest_writer *w)
{
	if (!is_yaml(w))
		portal_put(w->to, "{");
	put_member(w, "portalctl", MANIFEST_VERSION, portal_put);
}

void manifest_put_end(struct manifest_writer *w)
{
	if (!is_yaml(w))
		portal_put(w->to, "}\n");
}

static void begin_part(struct manifest_writer *w, struct manifest_parts *parts, const char *bracket)
{
	const bool is_first = parts->count++ == 0;

	if (is_first)
		put_key(w, parts->key);
	if (is_yaml(w))
		portal_put(w->to, is_first ? "\n" : "");
	else
		portal_put(w->to, is_first ? bracket : ",");
}

static void end_parts(
	struct manifest_writer *w, const struct manifest_parts *parts, const char *bracket)
{
	if (parts->count && !is_yaml(w))
		portal_put(w->to, bracket);
}

void manifest_put_item(struct manifest_writer *w, struct manifest_parts *list)
{
	begin_part(w, list, "[");
	if (!is_yaml(w))
		portal_put(w->to, "{");
	w->indent += 4;
	w->begins = true;
	w->has_members = false;
}

void manifest_put_item_end(struct manifest_writer *w)
{
	if (!is_yaml(w))
		portal_put(w->to, "}");
	w->indent -= 4;
	w->has_members = true;
}

void manifest_put_list_end(struct manifest_writer *w, const struct manifest_parts *list)
{
	end_parts(w, list, "]");
}

void manifest_put_line(struct manifest_writer *w, struct manifest_parts *list, const char *text)
{
	begin_part(w, list, "[");
	if (is_yaml(w)) {
		put_blanks(w, w->indent + 2);
		portal_put(w->to, "- ");
	}
	portal_put_json(w->to, text);
	if (is_yaml(w))
		portal_put(w->to, "\n");
}

void manifest_put_entry(struct manifest_writer *w, struct manifest_parts *mapping, const char *key,
	const char *text)
{
	if (!mapping->count) {
		begin_part(w, mapping, "{");
		w->has_members = false;
	}
	w->indent += 2;
	manifest_put_text(w, key, text);
	w->indent -= 2;
}

void manifest_put_mapping_end(struct manifest_writer *w, const struct manifest_parts *mapping)
{
	end_parts(w, mapping, "}");
}

static void put_lines(struct manifest_writer *w, struct arena *scratch,
	const struct portal_field *field, const char *lines)
{
	struct manifest_parts list = { .key = field->key };

	if (!*lines && (field->flags & MANIFEST_FULL))
		put_member(w, field->key, "[]", portal_put);
	while (*lines) {
		const size_t len = strcspn(lines, "\n");

		if (len)
			manifest_put_line(w, &list, arena_strndup(scratch, lines, len));
		lines += len + (lines[len] == '\n');
	}
	manifest_put_list_end(w, &list);
	arena_reset(scratch);
}

/* A list is its text, with an item a line. */
void manifest_put_fields(struct manifest_writer *w, struct arena *scratch,
	const struct manifest_kind *kind, const struct portal_record *record, const void *row)
{
	for (const struct portal_field *f = kind->record.fields; f->key; f++) {
		const struct portal_field *of_row = portal_record_field(record, f->key);
		const char *text = NULL;

		if (of_row)
			memcpy(&text, (const char *)row + of_row->offset, sizeof(text));
		if (of_row && f->type == PORTAL_LIST)
			put_lines(w, scratch, f, text ? text : "");
		else if (text && *text)
			manifest_put_text(w, f->key, text);
	}
}
