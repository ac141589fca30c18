/* What the parts of the reader of manifests share. */
#ifndef LIB_MANIFEST_READ_H
#define LIB_MANIFEST_READ_H

#include "base/i18n.h"
#include "manifest-kinds.h"
#include "text/document.h"

/* A run of the reader. @event is where it is in @source. @scratch is used within one
 * call. @objects counts those of all files. */
struct manifest_reader {
	struct arena *arena, scratch;
	const struct manifest_source *source;
	struct document *document;
	struct document_event event;
	struct manifest *manifest;
	struct portal_error *err;
	size_t objects;
};

/* Adds the failure in the reader's error to the faults, as one about @field (NULL:
 * none) at @place of its source. */
void manifest_tell(
	struct manifest_reader *reader, const struct manifest_place *place, const char *field);

/* A fault of the language. Of very many no more is made than their count. */
#define MANIFEST_FAULT(reader, place, field, ...) \
	do { \
		if ((reader)->err->fault_count < PORTAL_FAULTS_MAX) \
			portal_fail((reader)->err, PORTAL_INVALID_INPUT, __VA_ARGS__); \
		manifest_tell((reader), (place), (field)); \
	} while (0)

/* Checks @text as the value of @field at @place; returns it in normal form, in @arena
 * (which may be @scratch) or for ever; NULL after a fault. */
const char *manifest_check_text(struct manifest_reader *reader, struct arena *arena,
	const struct portal_field *field, const struct manifest_place *place, const char *text);

/* The @end of each kind. */
void manifest_end_contact(struct manifest_reader *reader, struct manifest_object *object);
void manifest_end_user(struct manifest_reader *reader, struct manifest_object *object);
void manifest_end_company(struct manifest_reader *reader, struct manifest_object *object);
void manifest_end_group(struct manifest_reader *reader, struct manifest_object *object);
void manifest_end_connection(struct manifest_reader *reader, struct manifest_object *object);
void manifest_end_file(struct manifest_reader *reader, struct manifest_object *object);

/* Tells of each object of @list whose key another one has: the later one's place, and
 * where the first one is. */
void manifest_check_differ(struct manifest_reader *reader, const struct manifest_list *list);

#endif
