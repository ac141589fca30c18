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

int durable_write(int fd, const void *data, size_t len)
{
	const unsigned char *at = data;

	while (len > 0) {
		ssize_t done = write(fd, at, len);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		at += done;
		len -= (size_t)done;
	}
	return 0;
}

enum portal_code durable_code(int number)
{
	if (number == ENOSPC || number == EDQUOT)
		return PORTAL_NO_SPACE;
	if (number == EROFS || number == EACCES || number == EPERM)
		return PORTAL_READ_ONLY;
	return PORTAL_FAILURE;
}
