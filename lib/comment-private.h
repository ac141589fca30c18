/* What people write about tasks and projects (S10, S12). Private to lib. */
#ifndef LIB_COMMENT_PRIVATE_H
#define LIB_COMMENT_PRIVATE_H

#include <portal/task.h>

#include "base/buf.h"
#include "work.h"

/* Does the actor see what is the office's alone? */
bool comment_sees_all(const struct work *w);

/* Several lines of text: UTF-8 without controls but line breaks and tabs, those at its
 * end cut off, at most 64 KiB; it may be "". NULL and err, about @field, otherwise. */
const char *comment_text(struct work *w, const char *input, const char *field);

/* The same where there must be one. */
int comment_check(struct work *w, struct task_comment *comment);

/* About what: one of the two is none. */
struct comment_about {
	portal_id task_id, project_id;
};

/* Writes a checked comment in the name of the actor. */
int comment_insert(
	struct work *w, const struct comment_about *about, const struct task_comment *comment);

/* All that the actor may see, as a JSON array. */
int comment_list_json(struct work *w, const struct comment_about *about, portal_json *ret);

/* How the author of what the actor writes is called in a mail. */
const char *comment_author(struct work *w);

/* What was gathered becomes a JSON array; PORTAL_NO_MEMORY. */
int comment_json_end(struct work *w, struct buf *buf, portal_json *ret);

#endif
