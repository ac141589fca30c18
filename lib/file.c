/* Keeping: from outside to its place. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/durable.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "file-private.h"
#include "portal-private.h"
#include "setting.h"

static const struct portal_field file_fields[] = {
	PORTAL_FIELD(struct file, sha256, NULL),
	PORTAL_FIELD(struct file, size_bytes, NULL),
	PORTAL_FIELD(struct file, media_type, NULL),
	PORTAL_FIELDS_END,
};

const struct portal_record file_record = { "file", sizeof(struct file), file_fields };

void file_closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

const char *file_root(struct portal *portal)
{
	return arena_printf(portal_arena(portal), "%s.files", portal_place(portal));
}

const char *file_folder(struct portal *portal, const char *sha256)
{
	return arena_printf(portal_arena(portal), "%s/%.2s", file_root(portal), sha256);
}

const char *file_path(struct portal *portal, const char *sha256)
{
	return arena_printf(portal_arena(portal), "%s/%s", file_folder(portal, sha256), sha256 + 2);
}

int file_cannot_write(const char *path, int number, struct portal_error *err)
{
	return portal_fail(
		err, durable_code(number), _("'%s' can't be written: %s"), path, strerror(number));
}

static bool deceives(const char *text)
{
	size_t len = strlen(text), n;
	uint32_t character;

	for (; len > 0; text += n, len -= n) {
		n = utf8_next(text, len, &character);
		if (n == 0 || utf8_is_hazard(character))
			return true;
	}
	return false;
}

const char *file_name(struct arena *arena, const char *path, struct portal_error *err)
{
	const char *name = strrchr(path, '/');

	name = name ? name + 1 : path;
	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		portal_fail(err, PORTAL_INVALID, _("'%s' is no name of a file"), path);
	else if (deceives(name))
		portal_fail(err, PORTAL_INVALID_TEXT,
			_("the name '%s' is not UTF-8, or has a control character"), name);
	else
		return arena_strndup(arena, name, utf8_cut(name, FILE_NAME_MAX_BYTES));
	return NULL;
}

/* A file on its way in. @to is -1 in a dry run. */
struct copying {
	struct portal *portal;
	struct seal *seal;
	const char *from_name;
	int from, to;
	const char *fresh;
	int64_t most;
	struct file *file;
	struct portal_error *err;
	unsigned char head[FILE_HEAD_BYTES];
	size_t head_len;
};

static int unreadable(const struct copying *copying, int number)
{
	return portal_fail(copying->err, PORTAL_FAILURE, _("cannot read '%s': %s"),
		copying->from_name, strerror(number));
}

static int too_big(const struct copying *copying)
{
	portal_fail(copying->err, PORTAL_INVALID_INPUT, _("'%s' has more than %lld MB"),
		copying->from_name, (long long)(copying->most / 1000000));
	return portal_hint(copying->err,
		_("'portalctl config set attachment_max_mb' sets how big files may be"));
}

/* Opened once: what is looked at here is what is read. A FIFO must not wait. */
static int open_source(struct copying *copying, const struct file_source *source)
{
	struct stat st;

	copying->from_name = source->path ? source->path : source->name;
	copying->from = source->path
				? open(source->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
				: dup(source->fd);
	if (copying->from < 0 || fstat(copying->from, &st) < 0)
		return unreadable(copying, errno);
	if (source->path && !S_ISREG(st.st_mode))
		return portal_fail(copying->err, PORTAL_INVALID_INPUT,
			_("'%s' is not a regular file"), source->path);
	return S_ISREG(st.st_mode) && st.st_size > copying->most ? too_big(copying) : 0;
}

static int take(struct copying *copying, const unsigned char *bytes, size_t len)
{
	const size_t room = sizeof(copying->head) - copying->head_len;
	const size_t more = len < room ? len : room;

	memcpy(copying->head + copying->head_len, bytes, more);
	copying->head_len += more;
	copying->file->size_bytes += (int64_t)len;
	if (copying->file->size_bytes > copying->most)
		return too_big(copying);
	if (copying->to >= 0 && durable_write(copying->to, bytes, len) < 0)
		return file_cannot_write(copying->fresh, errno, copying->err);
	return seal_stream_add(copying->seal, bytes, len, copying->err);
}

static int copy_bytes(struct copying *copying)
{
	unsigned char bytes[FILE_CHUNK];
	ssize_t got = 1;
	int r = 0;

	while (r >= 0 && got != 0) {
		got = read(copying->from, bytes, sizeof(bytes));
		if (got < 0 && errno != EINTR)
			return unreadable(copying, errno);
		if (got > 0)
			r = take(copying, bytes, (size_t)got);
	}
	return r;
}

static int copy(struct copying *copying)
{
	char hex[2 * SEAL_SIZE + 1];
	int r = seal_stream_begin(copying->seal, copying->err);

	if (r >= 0)
		r = copy_bytes(copying);
	if (r >= 0)
		r = seal_stream_end(copying->seal, hex, copying->err);
	if (r < 0)
		return r;
	copying->file->sha256 = arena_strdup(portal_arena(copying->portal), hex);
	copying->file->media_type = file_type(copying->head, copying->head_len);
	return 0;
}

static int make_folder(const char *path, struct portal_error *err)
{
	int number = 0;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		number = errno;
	if (!number)
		number = durable_name(path);
	return number ? file_cannot_write(path, number, err) : 0;
}

static int open_fresh(struct copying *copying)
{
	struct arena *arena = portal_arena(copying->portal);
	const char *root = file_root(copying->portal);
	unsigned char random[16];
	char hex[2 * sizeof(random) + 1];
	int r = 0;

	if (access(root, F_OK) < 0)
		r = make_folder(root, copying->err);
	if (r >= 0)
		r = seal_random(random, sizeof(random), copying->err);
	if (r < 0)
		return r;
	copying->fresh = arena_printf(
		arena, "%s/" FILE_FRESH "%s", root, seal_hex(random, sizeof(random), hex));
	copying->to =
		open(copying->fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return copying->to < 0 ? file_cannot_write(copying->fresh, errno, copying->err) : 0;
}

/* Is it there, with the bytes it should have? What has others, or can't be read, is
 * replaced. It counts as new from now on: the lock of the folder keeps file_sweep() from
 * taking it meanwhile. */
static bool is_there(struct copying *copying, const char *path)
{
	_cleanup_fd_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct portal_error ignored = { .arena = copying->err->arena };

	return fd >= 0 && file_is_whole(fd, copying->file, copying->seal, &ignored) > 0 &&
	       utimensat(AT_FDCWD, path, NULL, 0) == 0;
}

static int known_body(struct work *w, void *arg)
{
	const struct copying *copying = arg;
	struct file file;

	return store_get(
		w->tx, Q_FILE_GET, ARGS(A(copying->file->sha256)), w->arena, &file_record, &file);
}

/* 1: a record has it, so that it is on disk already and is never swept. */
static int is_kept(struct copying *copying, const char *path)
{
	const int r = work_read(copying->portal, known_body, copying, copying->err);

	return r > 0 ? is_there(copying, path) : r;
}

static int place(struct copying *copying, const char *folder, const char *path)
{
	_cleanup_fd_ int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int number = 0;

	if (lock < 0 || flock(lock, LOCK_SH) < 0)
		return file_cannot_write(folder, errno, copying->err);
	if (!is_there(copying, path)) {
		if (rename(copying->fresh, path) < 0)
			number = errno;
		else
			copying->fresh = NULL;
	}
	if (!number)
		number = durable_name(path);
	return number ? file_cannot_write(path, number, copying->err) : 0;
}

static int place_new(struct copying *copying, const char *path)
{
	const char *folder = file_folder(copying->portal, copying->file->sha256);
	int r;

	if (fsync(copying->to) < 0)
		return file_cannot_write(copying->fresh, errno, copying->err);
	r = make_folder(file_root(copying->portal), copying->err);
	if (r >= 0)
		r = make_folder(folder, copying->err);
	return r < 0 ? r : place(copying, folder, path);
}

static int keep(struct copying *copying)
{
	const char *path;
	int r = copying->portal->options.dry_run ? 0 : open_fresh(copying);

	if (r >= 0)
		r = copy(copying);
	if (r < 0 || copying->to < 0)
		return r;
	path = file_path(copying->portal, copying->file->sha256);
	r = is_kept(copying, path);
	return r ? r : place_new(copying, path);
}

static int limit_body(struct work *w, void *arg)
{
	*(int64_t *)arg = setting_int(w, "attachment_max_mb") * 1000000;
	return 0;
}

static void end(struct copying *copying)
{
	if (copying->fresh)
		unlink(copying->fresh);
	file_closep(&copying->from);
	file_closep(&copying->to);
}

int file_keep(struct portal *portal, const struct file_source *source, struct file *ret_file,
	struct portal_error *err)
{
	_cleanup_seal_ struct seal *seal = NULL;
	struct file file = { 0 };
	struct copying copying = {
		.portal = portal, .from = -1, .to = -1, .file = &file, .err = err
	};
	int r = work_read(portal, limit_body, &copying.most, err);

	if (r < 0)
		return r;
	file.name =
		file_name(portal_arena(portal), source->name ? source->name : source->path, err);
	if (!file.name)
		return -(int)err->code;
	r = seal_open(&seal, err);
	copying.seal = seal;
	if (r >= 0)
		r = open_source(&copying, source);
	if (r >= 0)
		r = keep(&copying);
	end(&copying);
	if (r >= 0)
		*ret_file = file;
	return r;
}

int file_note(struct work *w, const struct file *file)
{
	const int r = store_put(w->tx, Q_FILE_INSERT,
		ARGS(A(file->sha256), A(file->size_bytes), A(file->media_type), A(w->now)));

	return r < 0 ? r : 0;
}
