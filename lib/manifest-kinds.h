/* The language of manifests as tables: reader and schema go by them. */
#ifndef LIB_MANIFEST_KINDS_H
#define LIB_MANIFEST_KINDS_H

#include <stdbool.h>

#include "manifest-private.h"

struct manifest_reader;

/* Bits of a field's flags, beside those of tables.
 *
 * REQUIRED: must be given, and not be empty.
 * TAX_ID: is one. COMPANY: names a company by one. EMAIL: is an address.
 * EITHER: one of those that are EITHER must be given. NAME: that of a set.
 * NUMBER: may be written as a number. FULL: a list that is not empty where it was not
 * given, so that an empty one has to be said. */
enum {
	MANIFEST_REQUIRED = 1 << 8,
	MANIFEST_TAX_ID = 1 << 9,
	MANIFEST_COMPANY = 1 << 10,
	MANIFEST_EMAIL = 1 << 11,
	MANIFEST_NAME = 1 << 12,
	MANIFEST_NUMBER = 1 << 13,
	MANIFEST_EITHER = 1 << 14,
	MANIFEST_FULL = 1 << 15,
};

/* A list of objects that is a member of another one. With @is_mapping its objects
 * are the members of a mapping. */
struct manifest_child {
	const char *key;
	const char *title;
	const struct manifest_kind *kind;
	size_t offset;
	bool is_mapping;
};

/* A kind of objects. The titles of fields and children describe them in the schema.
 *
 * @children: ends with a NULL key.
 * @end: checks an object that was read, and gives it its key. */
struct manifest_kind {
	struct portal_record record;
	const struct manifest_child *children;
	void (*end)(struct manifest_reader *reader, struct manifest_object *object);
};

/* What stands in one file; @portalctl is the version of the language. */
struct manifest_file {
	struct manifest_object object;
	const char *portalctl;
	struct manifest manifest;
};
extern const struct manifest_kind manifest_file_kind, manifest_setting_kind;

#define MANIFEST_VERSION "1"

/* How many fields, and how many members (fields and children) a kind has. */
size_t manifest_field_count(const struct manifest_kind *kind);
size_t manifest_member_count(const struct manifest_kind *kind);

/* The key of member @number, and the number of the member with that key or, where
 * there is none, SIZE_MAX. */
const char *manifest_member_key(const struct manifest_kind *kind, size_t number);
size_t manifest_member_number(const struct manifest_kind *kind, const char *key);

/* The kind of the objects in @kind's child @key, which is there. */
const struct manifest_kind *manifest_child_kind(const struct manifest_kind *kind, const char *key);

#endif
