/* Files that go with messages (S8). */
#include <stdio.h>
#include <unistd.h>

#include "base/i18n.h"
#include "ticket-private.h"

enum { FILES_MAX = 50 };

static const struct portal_field attachment_fields[] = {
	PORTAL_FIELD(struct ticket_attachment, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct ticket_attachment, ticket_number, N_("TICKET")),
	PORTAL_FIELD(
		struct ticket_attachment, message_id, N_("MESSAGE"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct ticket_attachment, name, N_("NAME")),
	PORTAL_FIELD(struct ticket_attachment, media_type, N_("TYPE")),
	PORTAL_FIELD(
		struct ticket_attachment, size_bytes, N_("BYTES"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct ticket_attachment, sha256, N_("SHA-256")),
	PORTAL_FIELDS_END,
};

const struct portal_record ticket_attachment_record = { "ticket.attachment",
	sizeof(struct ticket_attachment), attachment_fields };

int message_keep_files(struct portal *portal, const char *const *paths, int64_t count,
	const struct file **ret, struct portal_error *err)
{
	struct file *files;
	int r = 0;

	if (count > FILES_MAX)
		r = portal_fail(
			err, PORTAL_INVALID, _("a message has at most %d files"), FILES_MAX);
	if (count == 0 || r < 0)
		return r < 0 ? portal_about_field(err, "file") : 0;
	files = arena_array(portal_arena(portal), (size_t)count, sizeof(*files));
	for (int64_t i = 0; r >= 0 && i < count; i++) {
		const struct file_source source = { .path = paths[i], .fd = -1 };

		r = file_keep(portal, &source, &files[i], err);
	}
	*ret = files;
	return r;
}

struct finding {
	const char *ticket;
	int64_t id;
	struct ticket_attachment *ret;
};

static int find_body(struct work *w, void *arg)
{
	const struct finding *finding = arg;
	struct ticket_attachment found;
	struct ticket_row row = { 0 };
	int r = ticket_need(w, "ticket.fetch", finding->ticket, &row);

	if (r >= 0)
		r = store_get(w->tx, Q_MESSAGE_ATTACHMENT,
			ARGS(A(finding->id), A(row.ticket.id), A(ticket_by_client(w))), w->arena,
			&ticket_attachment_record, &found);
	if (r > 0)
		WORK_GIVE(w, finding->ret, found);
	if (r != 0)
		return r;
	portal_fail(w->err, PORTAL_NOT_FOUND, _("ticket '%s' has no file '%lld'"),
		row.ticket.number, (long long)finding->id);
	return portal_hint(w->err, "portalctl ticket messages %s --json", row.ticket.number);
}

int ticket_attachment_open(struct portal *portal, const char *ticket, int64_t id,
	struct ticket_attachment *ret_attachment, int *ret_fd, struct portal_error *err)
{
	struct finding finding = { ticket, id, ret_attachment };
	const int r = work_read(portal, find_body, &finding, err);
	struct file file;

	if (r < 0)
		return r;
	file = (struct file){ .sha256 = ret_attachment->sha256,
		.size_bytes = ret_attachment->size_bytes,
		.media_type = ret_attachment->media_type,
		.name = ret_attachment->name };
	return file_open(portal, &file, ret_fd, err);
}

int ticket_attachment_save(struct portal *portal, const char *ticket, int64_t id, const char *path,
	struct ticket_attachment *ret_attachment, struct portal_error *err)
{
	int fd, r = ticket_attachment_open(portal, ticket, id, ret_attachment, &fd, err);

	if (r < 0)
		return r;
	r = file_save(fd, path, err);
	close(fd);
	return r;
}
