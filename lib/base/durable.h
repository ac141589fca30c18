/* What must survive the power going: data is safe after a sync of the file, its
 * name only after one of the directory that holds it. Both functions return 0,
 * or the errno of what failed. */
#ifndef BASE_DURABLE_H
#define BASE_DURABLE_H

/* The data of the file at @path. */
int durable_data(const char *path);

/* The name @path: that it is there, or is gone. */
int durable_name(const char *path);

#endif
