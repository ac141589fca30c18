/* Who is there: a lock of the process's own on one byte of "<path>.lock" for each number,
 * which the kernel gives back when the process ends, however it ends. It has nothing to do
 * with the writers' queue, and never waits. */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The first byte is the queue's. */
static struct flock byte_of(int64_t number, short type)
{
	return (struct flock){ .l_type = type,
		.l_whence = SEEK_SET,
		.l_start = 1 + (number & INT64_MAX >> 1),
		.l_len = 1 };
}

/* A descriptor of its own: that of the queue is given away where a writer gives up. */
static int open_file(struct store *store)
{
	char *name = NULL;

	if (store->presence_fd >= 0 || asprintf(&name, "%s.lock", store->file) < 0)
		return store->presence_fd;
	store->presence_fd = open(name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	free(name);
	return store->presence_fd;
}

bool store_show_presence(struct store *store, int64_t number)
{
	struct flock lock = byte_of(number, F_WRLCK);

	return open_file(store) >= 0 && fcntl(store->presence_fd, F_OFD_SETLK, &lock) == 0;
}

void store_end_presence(struct store *store, int64_t number)
{
	struct flock lock = byte_of(number, F_UNLCK);

	if (store->presence_fd >= 0)
		fcntl(store->presence_fd, F_OFD_SETLK, &lock);
}

bool store_is_absent(struct store *store, int64_t number)
{
	struct flock lock = byte_of(number, F_WRLCK);

	return open_file(store) >= 0 && fcntl(store->presence_fd, F_OFD_GETLK, &lock) == 0 &&
	       lock.l_type == F_UNLCK;
}
