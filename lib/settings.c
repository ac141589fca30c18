#include <portal/settings.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>

#include "base/i18n.h"
#include "text/yaml.h"

/* @hint: of the first failure. */
struct visitor {
	portal_setting_visit *visit;
	void *arg;
	const char *path;
	char hint[sizeof(((struct portal_error *)0)->hint)];
};

/* A failure is kept, so that what is wrong behind it is told with it. */
static int visit_setting(void *arg, const char *key, const char *value, int64_t line,
	int64_t column, struct portal_error *err)
{
	struct visitor *visitor = arg;

	if (visitor->visit(visitor->arg, key, value, err) >= 0)
		return 0;
	if (err->fault_count == 0)
		memcpy(visitor->hint, err->hint, sizeof(visitor->hint));
	err->source = visitor->path;
	err->line = line;
	err->column = column;
	portal_fault_add(err);
	return 0;
}

static int end_visit(const struct visitor *visitor, struct portal_error *err)
{
	const int r = portal_faults_end(err);

	return r < 0 ? portal_hint(err, "%s", visitor->hint) : r;
}

static int unreadable(const char *path, const char *why, struct portal_error *err)
{
	return portal_fail(
		err, PORTAL_FAILURE, _("can't read the settings file '%s': %s"), path, why);
}

/* One byte more than allowed fits, so that a file that is too long shows. */
static int read_file(
	int fd, const char *path, char *text, size_t *ret_len, struct portal_error *err)
{
	size_t len = 0;

	while (len <= YAML_MAX_BYTES) {
		ssize_t got = read(fd, text + len, YAML_MAX_BYTES + 1 - len);

		if (got < 0 && errno != EINTR)
			return unreadable(path, strerror(errno), err);
		if (got == 0)
			break;
		if (got > 0)
			len += (size_t)got;
	}
	if (len > YAML_MAX_BYTES)
		return unreadable(path, _("it has more than 1 MiB"), err);
	*ret_len = len;
	return 0;
}

int portal_settings_read(struct arena *arena, const char *path, portal_setting_visit *visit,
	void *arg, struct portal_error *err)
{
	struct visitor visitor = { .visit = visit, .arg = arg, .path = path };
	struct yaml_text settings = { .path = path };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char *text;
	int rc;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0)
		return unreadable(path, strerror(errno), err);
	text = arena_alloc(arena, YAML_MAX_BYTES + 1);
	settings.bytes = text;
	rc = read_file(fd, path, text, &settings.len, err);
	close(fd);
	if (rc == 0)
		rc = yaml_read_settings(arena, &settings, visit_setting, &visitor, err);
	if (rc == 0)
		rc = end_visit(&visitor, err);
	return rc < 0 ? rc : 1;
}
