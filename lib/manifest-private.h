/* Manifests (O1): what a portal should hold, read from YAML or JSON. Reading is all
 * that happens here; nothing asks the portal. */
#ifndef LIB_MANIFEST_PRIVATE_H
#define LIB_MANIFEST_PRIVATE_H

#include <stddef.h>
#include <stdint.h>

#include <portal/arena.h>
#include <portal/error.h>
#include <portal/record.h>
#include <portal/writer.h>

/* Bytes of one file; companies, contacts, users, groups, connections and settings
 * of all files together. They bound the memory: without texts 64 MB. */
enum { MANIFEST_MAX_BYTES = 64 * 1024 * 1024, MANIFEST_MAX_OBJECTS = 150000 };

/* One file: @len bytes, which need no NUL after them, and its path for messages.
 * Both must outlive what was read from it. */
struct manifest_source {
	const char *path;
	const char *bytes;
	size_t len;
};

/* From 1, columns in characters; a line of 0: not given. */
struct manifest_place {
	uint32_t line, column;
};

struct manifest_kind;

/* What all objects of a manifest begin with.
 *
 * @next: the one after it in its list.
 * @kind: its table.
 * @source, @place: where it begins.
 * @fields: where the value of each member stands: those of the kind's fields in their
 *   order, then those of its lists.
 * @items: where each item of its list of companies stands, in their order.
 * @key: what it is known by, in normal form: "BR:02919305000127" of a company or a
 *   group (its main company), the e-mail in lower case, or else the name, of a
 *   contact, the e-mail of a user, both companies of a connection whichever is named
 *   first, the name of a setting. */
struct manifest_object {
	struct manifest_object *next;
	const struct manifest_kind *kind;
	const struct manifest_source *source;
	struct manifest_place *fields;
	const struct manifest_place *items;
	const char *key;
	struct manifest_place place;
};

/* Objects of one kind in the order of the files. */
struct manifest_list {
	struct manifest_object *first, *last;
	size_t count;
};

/* Walks a list: MANIFEST_EACH (struct manifest_user, user, &company->users) { … } */
#define MANIFEST_EACH(type, name, list) \
	for (type *name = (type *)(void *)(list)->first; name; \
		name = (type *)(void *)name->object.next)

/* In all objects a member that was not given is NULL, one that is null or empty is
 * "", which clears it; null and [] of a list of texts are "". E-mails are in lower
 * case, words those of the record's lists. Tax ids that name a company are in the
 * form "BR:02919305000127". */

/* @country and @tax_id are always given, in normal form; the other members mean what
 * they mean in struct company. @status: registered or disabled. @signup: on or off:
 * is there a link to register by? */
struct manifest_company {
	struct manifest_object object;
	const char *tax_id, *country, *name, *trade_name, *email, *phone, *relation, *role;
	const char *status, *document_login, *signup;
	portal_list sections;
	struct manifest_list contacts, users;
};

/* @email, or @name where there is none, says which contact it is. */
struct manifest_contact {
	struct manifest_object object;
	const char *email, *name;
	portal_list phones;
};

/* @password_file: a path as it was written, to be read from the manifest's folder.
 * @access: link: mail a link to set a password; none. */
struct manifest_user {
	struct manifest_object object;
	const char *email, *name, *role, *status, *password_file, *access;
};

/* @main and @members are companies. */
struct manifest_group {
	struct manifest_object object;
	const char *main, *name;
	portal_list members;
};

/* @status: active or ended. */
struct manifest_connection {
	struct manifest_object object;
	const char *from, *to, *status;
};

/* A setting of the portal, unchecked; its name is the object's key. */
struct manifest_setting {
	struct manifest_object object;
	const char *value;
};

/* All that the files of a run say together. @set: the name that what they make is
 * kept under, or NULL. */
struct manifest {
	const char *set;
	struct manifest_list settings, companies, groups, connections;
};

/* Reads @count files as one manifest; the objects live in @arena. All faults at once,
 * over all files: PORTAL_INVALID_INPUT for the language (what is no YAML or JSON ends
 * its own file alone), PORTAL_INVALID, _TAX_ID and _EMAIL for values, each with its
 * file, line and column. What depends on the portal, and the form of names, phones
 * and settings, is not looked at. Time is linear but for sorting keys. */
int manifest_read(struct arena *arena, const struct manifest_source *sources, size_t count,
	struct manifest *ret_manifest, struct portal_error *err);

/* Says that the failure in @err is about the member @key of @object, and where that
 * stands: its value, or the object where it was not given. Returns -err->code. */
int manifest_about(const struct manifest_object *object, const char *key, struct portal_error *err);

/* May a set be called that? PORTAL_INVALID. */
int manifest_check_set(const char *name, struct portal_error *err);

/* Writes the JSON Schema (draft 2020-12) of a manifest, a document of its own. */
void manifest_put_schema(struct portal_writer *writer);

#endif
