/* The files of a record: a ticket's message, a task, a document. Private to lib. */
#ifndef LIB_ATTACHMENT_H
#define LIB_ATTACHMENT_H

#include "file.h"

/* @position counts from 1 within the record. */
struct attachment {
	int64_t id, position;
	const char *name;
	const char *sha256;
	int64_t size_bytes;
	const char *media_type;
};

/* Within the transaction: the record @kind @id has the kept files too, after those it
 * had. Notes the files. */
int attachment_add(
	struct work *w, const char *kind, int64_t id, const struct file *files, int64_t count);

/* The files as the JSON array of a record's "attachments": id, position, name, media_type,
 * size_bytes and sha256 of each, in w->arena; "[]" where there are none; in @ret. */
int attachment_json(struct work *w, const char *kind, int64_t id, portal_json *ret);

/* One of them by its position; 1, 0, negative. */
int attachment_get(
	struct work *w, const char *kind, int64_t id, int64_t position, struct attachment *ret);

#endif
