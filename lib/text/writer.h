/* What the parts of the record writer share. */
#ifndef TEXT_WRITER_H
#define TEXT_WRITER_H

#include <portal/writer.h>

#include "base/buf.h"

struct portal_writer {
	struct buf buf;
};

/* portal_put_json() on a bare buffer; @text is not NULL. */
void json_put_string(struct buf *buf, const char *text);

/* A member of an object that is being written, but for its first: ,"key":"text", or null
 * for NULL. */
void json_put_member(struct buf *buf, const char *key, const char *text);

/* An id, or null for 0. */
void json_put_id(struct buf *buf, int64_t id);

/* The next line of a portal_list: its length in *ret_len, and *lines moved behind
 * it. False at the end. */
bool list_next(const char **lines, const char **ret_line, size_t *ret_len);

#endif
