/* Writing a manifest, YAML or JSON, piece by piece and without memory of its own. */
#ifndef LIB_MANIFEST_WRITE_H
#define LIB_MANIFEST_WRITE_H

#include <portal/export.h>
#include <portal/writer.h>

#include "manifest-kinds.h"

/* Set @to and @form, zero the rest. @indent is where members of the object being
 * written stand; @has_members and @begins: did it get one, must the next one have its
 * item's dash before it? */
struct manifest_writer {
	struct portal_writer *to;
	enum portal_export_form form;
	unsigned indent;
	bool has_members, begins;
};

/* What comes before and behind all, with the version of the language. */
void manifest_put_begin(struct manifest_writer *writer);
void manifest_put_end(struct manifest_writer *writer);

/* A member of the object being written. */
void manifest_put_text(struct manifest_writer *writer, const char *key, const char *text);

/* A member whose value has parts; its key is written with the first of them. Set @key,
 * zero the rest. */
struct manifest_parts {
	const char *key;
	size_t count;
};

/* A list of objects: begin and end each object, then end the list. */
void manifest_put_item(struct manifest_writer *writer, struct manifest_parts *list);
void manifest_put_item_end(struct manifest_writer *writer);
void manifest_put_list_end(struct manifest_writer *writer, const struct manifest_parts *list);

/* A list of texts, ended as the other. */
void manifest_put_line(
	struct manifest_writer *writer, struct manifest_parts *list, const char *text);

/* A mapping of texts. */
void manifest_put_entry(struct manifest_writer *writer, struct manifest_parts *mapping,
	const char *key, const char *text);
void manifest_put_mapping_end(struct manifest_writer *writer, const struct manifest_parts *mapping);

/* The members of @row that @kind has as fields, by their keys; empty ones are left out,
 * but for empty lists of fields that are MANIFEST_FULL. @scratch is used within the
 * call. */
void manifest_put_fields(struct manifest_writer *writer, struct arena *scratch,
	const struct manifest_kind *kind, const struct portal_record *record, const void *row);

#endif
