/* What the files of lib/file*.c share. */
#ifndef LIB_FILE_PRIVATE_H
#define LIB_FILE_PRIVATE_H

#include "file.h"
#include "seal/seal.h"

enum { FILE_CHUNK = 64 * 1024, FILE_DAY_SECONDS = 24 * 60 * 60 };

/* Names of files that are being copied begin so. */
#define FILE_FRESH "new-"

/* "<db>.files", "<db>.files/ab" and "<db>.files/ab/cdef…" in the portal's arena. */
const char *file_root(struct portal *portal);
const char *file_folder(struct portal *portal, const char *sha256);
const char *file_path(struct portal *portal, const char *sha256);

/* PORTAL_FAILURE and the like for a file of ours that can't be written. */
int file_cannot_write(const char *path, int number, struct portal_error *err);

/* Does the open file have the size and, with @seal, the hash that it should? 1, 0,
 * negative where it can't be read. Leaves it at its beginning. */
int file_is_whole(int fd, const struct file *file, struct seal *seal, struct portal_error *err);

extern const struct portal_record file_record; /* sha256, size_bytes, media_type */

#endif
