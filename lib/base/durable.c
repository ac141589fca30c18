#include "base/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static int sync_path(const char *path, int flags)
{
	const int fd = open(path, flags | O_CLOEXEC);
	int number = 0;

	if (fd < 0 || fsync(fd) < 0)
		number = errno;
	if (fd >= 0)
		close(fd);
	return number;
}

int durable_data(const char *path)
{
	return sync_path(path, O_RDWR);
}

int durable_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const size_t len = slash ? (size_t)(slash - path) : 0;
	char directory[PATH_MAX] = ".";

	if (len >= sizeof(directory))
		return ENAMETOOLONG;
	if (slash) {
		memcpy(directory, path, len ? len : 1);
		directory[len ? len : 1] = '\0';
	}
	return sync_path(directory, O_RDONLY | O_DIRECTORY);
}
