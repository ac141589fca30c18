/* Files that go with tasks (S8, S10). */
#include <unistd.h>

#include "attachment.h"
#include "audit.h"
#include "base/i18n.h"
#include "task-private.h"

static const struct portal_field attachment_fields[] = {
	PORTAL_FIELD(struct task_attachment, task_id, N_("TASK"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct task_attachment, position, N_("NUMBER"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct task_attachment, name, N_("NAME")),
	PORTAL_FIELD(struct task_attachment, media_type, N_("TYPE")),
	PORTAL_FIELD(struct task_attachment, size_bytes, N_("BYTES"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct task_attachment, sha256, N_("SHA-256")),
	PORTAL_FIELDS_END,
};

const struct portal_record task_attachment_record = { "task.attachment",
	sizeof(struct task_attachment), attachment_fields };

struct call {
	int64_t id, position;
	const struct file *files;
	int64_t count;
	struct task *ret;
	struct task_attachment *ret_attachment;
};

/* Whoever may not is told so before a byte of the files is read. */
static int may_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct task_row row;

	return task_need(w, "task.attach", call->id, &row);
}

static int attach_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct task_row row;
	int r = task_need(w, "task.attach", call->id, &row);

	if (r >= 0)
		r = attachment_add(w, "task", call->id, call->files, call->count);
	if (r >= 0)
		r = store_put(w->tx, Q_TASK_REFRESH, ARGS(A(call->id), A(w->now)));
	for (int64_t i = 0; r >= 0 && i < call->count; i++)
		r = audit_add(w, "task.attach", "task", call->id,
			CHANGES({ "sha256", NULL, call->files[i].sha256 }));
	return task_give(w, call->id, r < 0 ? r : 1, call->ret);
}

static int keep_files(struct portal *portal, const char *const *paths, int64_t count,
	struct file *files, struct portal_error *err)
{
	int r = 0;

	for (int64_t i = 0; r >= 0 && i < count; i++) {
		const struct file_source source = { .path = paths[i], .fd = -1 };

		r = file_keep(portal, &source, &files[i], err);
	}
	return r;
}

int task_attach(struct portal *portal, int64_t id, const char *const *paths, int64_t count,
	struct task *ret_task, struct portal_error *err)
{
	struct call call = { .id = id, .count = count, .ret = ret_task };
	struct file *files;
	int r = count > TASK_FILES_MAX
			? portal_fail(err, PORTAL_INVALID,
				  _("a task gets at most %d files at once"), TASK_FILES_MAX)
			: work_read(portal, may_body, &call, err);

	if (r < 0)
		return r;
	files = arena_array(portal_arena(portal), (size_t)count + 1, sizeof(*files));
	call.files = files;
	r = keep_files(portal, paths, count, files, err);
	return r < 0 ? r : work_write(portal, attach_body, &call, err);
}

static int find_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct attachment found = { .id = 0 };
	struct task_row row;
	int r = task_need(w, "task.fetch", call->id, &row);

	if (r >= 0)
		r = attachment_get(w, "task", call->id, call->position, &found);
	if (r > 0)
		*call->ret_attachment = (struct task_attachment){ .task_id = call->id,
			.position = found.position,
			.name = found.name,
			.media_type = found.media_type,
			.size_bytes = found.size_bytes,
			.sha256 = found.sha256 };
	if (r != 0)
		return r;
	portal_fail(w->err, PORTAL_NOT_FOUND, _("task '%lld' has no file '%lld'"),
		(long long)call->id, (long long)call->position);
	return portal_about(w->err, "task", call->id);
}

int task_attachment_open(struct portal *portal, int64_t id, int64_t position,
	struct task_attachment *ret_attachment, int *ret_fd, struct portal_error *err)
{
	struct task_attachment found = { .task_id = 0 };
	struct call call = { .id = id, .position = position, .ret_attachment = &found };
	struct file file;
	int r = work_read(portal, find_body, &call, err);

	if (r < 0)
		return r;
	file = (struct file){ found.sha256, found.size_bytes, found.media_type, found.name };
	r = file_open(portal, &file, ret_fd, err);
	if (r >= 0)
		*ret_attachment = found;
	return r;
}

int task_fetch(struct portal *portal, int64_t id, int64_t position, const char *path,
	struct task_attachment *ret_attachment, struct portal_error *err)
{
	struct task_attachment found;
	int fd, r = task_attachment_open(portal, id, position, &found, &fd, err);

	if (r < 0)
		return r;
	r = file_save(fd, path, err);
	close(fd);
	if (r >= 0)
		*ret_attachment = found;
	return r;
}
