/* What must survive the power going: data is safe after a sync of the file, its
 * name only after one of the directory that holds it. The first two
 * return 0, or the errno of what failed. */
#ifndef BASE_DURABLE_H
#define BASE_DURABLE_H

#include <stddef.h>

#include <portal/error.h>

/* The data of the file at @path. */
int durable_data(const char *path);

/* The name @path: that it is there, or is gone. */
int durable_name(const char *path);

/* Writes all of @data, however often the system takes less; -1 with errno set. */
int durable_write(int fd, const void *data, size_t len);

/* What the errno of a write is as a failure: no space, a disk that can't be written,
 * or any other. */
enum portal_code durable_code(int number);

#endif
