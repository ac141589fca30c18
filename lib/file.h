/* Files kept by content (S8): attachments and documents. The bytes lie in
 * "<db>.files/ab/cdef…", named by their SHA-256 and each once; a row in the table
 * "file" says that a record has them. There is never a row without its bytes: they
 * are on disk before the transaction begins. Bytes without a row are what a command
 * that was killed or refused left; file_sweep() removes them after a day.
 * Private to lib. */
#ifndef LIB_FILE_H
#define LIB_FILE_H

#include "work.h"

enum { FILE_NAME_MAX_BYTES = 255 };

/* A file as it is known: of its content, and the name it came under, which is a
 * label for people and never a path. @media_type is by the content. */
struct file {
	const char *sha256;
	int64_t size_bytes;
	const char *media_type;
	const char *name;
};

/* Where bytes come from: the regular file at @path, or @fd (standard input) where
 * @path is NULL. @name: what to call it; NULL: the last part of @path. */
struct file_source {
	const char *path;
	int fd;
	const char *name;
};

/* Puts the bytes in their place and on disk, before the transaction that will have
 * them; @ret_file lives in the portal's arena. What is there already is kept, but for bytes
 * that are not what they should be, which are replaced. In a dry
 * run they are read and nothing is left. Failures: a name with a character that
 * could deceive (PORTAL_INVALID_TEXT); not a regular file, too big for the setting
 * attachment_max_mb (PORTAL_INVALID_INPUT); no such file, unreadable (PORTAL_FAILURE);
 * PORTAL_NO_SPACE, PORTAL_READ_ONLY. */
int file_keep(struct portal *portal, const struct file_source *source, struct file *ret_file,
	struct portal_error *err);

/* Within the transaction: notes that the file is used, once. */
int file_note(struct work *w, const struct file *file);

/* A copy of the kept bytes that has no name, at its beginning, which the caller
 * closes: size and hash were checked before this returns, so no other byte is ever
 * given out. PORTAL_DAMAGED for bytes that are missing or have changed. */
int file_open(
	struct portal *portal, const struct file *file, int *ret_fd, struct portal_error *err);

/* Closes @fd where it is one (not -1). */
void file_closep(int *fd);
#define _cleanup_fd_ __attribute__((cleanup(file_closep)))

/* Copies what is left in @fd to the file at @path, or that a link there leads to, which has
 * it whole or stays as it was: mode 0600, on disk. What is no regular file is written to,
 * and not replaced. PORTAL_NO_SPACE, PORTAL_READ_ONLY, PORTAL_FAILURE. */
int file_save(int fd, const char *path, struct portal_error *err);

/* The label: the last part of @path, cut to FILE_NAME_MAX_BYTES, in @arena; NULL and
 * PORTAL_INVALID_TEXT for what isn't UTF-8 or has controls or marks of direction. */
const char *file_name(struct arena *arena, const char *path, struct portal_error *err);

/* What the first @len bytes of a file say it is: "application/pdf"; a constant. Enough
 * are FILE_HEAD_BYTES, or all there are. */
enum { FILE_HEAD_BYTES = 64 * 1024 };
const char *file_type(const unsigned char *head, size_t len);

/* Removes what nobody has and is older than a day, by the system's clock; safe while
 * others keep files. In a dry run it only counts. */
int file_sweep(struct portal *portal, int64_t *ret_removed, struct portal_error *err);

/* Looks whether the bytes of each row are there and of the right size, with @full
 * whether they are the same, and tells of what is not. Returns the number of faults. */
int file_check(struct portal *portal, bool full, store_finding *finding, void *arg,
	struct portal_error *err);

#endif
