/* Files that go with mails (S8): what the office gave to a client in a ticket. */
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include <portal/arena.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "deliver-private.h"
#include "file.h"
#include "text/json.h"
#include "text/object.h"
#include "ticket-private.h"

static const struct portal_field file_fields[] = {
	PORTAL_FIELD(struct file, name, NULL),
	PORTAL_FIELD(struct file, sha256, NULL),
	PORTAL_FIELD(struct file, size_bytes, NULL),
	PORTAL_FIELD(struct file, media_type, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record file_record = { "file", sizeof(struct file), file_fields };

struct email_row {
	const char *email;
};

static const struct portal_field email_fields[] = {
	PORTAL_FIELD(struct email_row, email, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record email_record = { "contact", sizeof(struct email_row),
	email_fields };

struct finding {
	const struct outbox_claim *claim;
	struct arena *arena;
	struct file files[MIME_ATTACHMENTS_MAX];
	size_t count;
	int64_t bytes;
};

static struct file copy(struct arena *arena, const struct file *row)
{
	return (struct file){ .sha256 = arena_strdup(arena, row->sha256),
		.size_bytes = row->size_bytes,
		.media_type = arena_strdup(arena, row->media_type),
		.name = arena_strdup(arena, row->name) };
}

static int read_files(struct work *w, struct finding *f)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct file row;
	int r = store_rows(w->tx, Q_MESSAGE_MAILED_FILES,
		ARGS(A(f->claim->id), A(f->claim->cause_id)), &file_record, &row, &rows);

	while (r >= 0 && (r = store_next(rows)) > 0 && f->count < MIME_ATTACHMENTS_MAX) {
		f->files[f->count++] = copy(f->arena, &row);
		f->bytes += row.size_bytes;
	}
	return r;
}

/* What was right when the mail was queued may be wrong now. */
static int check_recipient(struct work *w, const struct outbox_claim *claim)
{
	struct ticket_row row = { 0 };
	struct email_row reached = { NULL };
	int r = ticket_by_id(w, claim->cause_id, &row);

	if (r > 0)
		r = store_get(w->tx, Q_CONTACT_REACHED_AT, ARGS(A(row.contact_id)), w->arena,
			&email_record, &reached);
	if (r < 0 || (r > 0 && !strcmp(reached.email, claim->recipient)))
		return r;
	return portal_fail(w->err, PORTAL_WRONG_STATE, _("its files are not for '%s' any more"),
		claim->recipient);
}

static int find_body(struct work *w, void *arg)
{
	struct finding *f = arg;
	int r;

	f->count = 0;
	f->bytes = 0;
	r = read_files(w, f);
	return r < 0 || !f->count ? r : check_recipient(w, f->claim);
}

/* "- name", a line each. */
static const char *names_of(const struct finding *f)
{
	const char *names = "";

	for (size_t i = 0; i < f->count; i++)
		names = arena_printf(f->arena, "%s%s- %s", names, i ? "\n" : "", f->files[i].name);
	return names;
}

static bool are_attached(const struct finding *f)
{
	return f->bytes <= MAIL_FILES_BYTES_MAX;
}

/* The names are not kept with the mail: only now it is told whether they go with it. */
static int word(const struct finding *f, struct template_text *ret, struct portal_error *err)
{
	const struct outbox_claim *claim = f->claim;
	const bool attached = are_attached(f);
	const char *names = names_of(f);
	const struct named_text texts[] = { { "attached_files", attached ? names : "" },
		{ "files_in_portal", attached ? "" : names }, { NULL, NULL } };
	struct template_call call = { claim->template, claim->language, NULL, texts };
	struct json *arguments;
	const int r =
		json_parse(f->arena, claim->arguments, strlen(claim->arguments), &arguments, err);

	call.args = arguments;
	return r < 0 ? r : template_fill(f->arena, &call, ret, err);
}

static int attach(struct portal *portal, const struct finding *f, struct mail_files *ret,
	struct portal_error *err)
{
	struct mime_attachment *attachments = arena_array(f->arena, f->count, sizeof(*attachments));
	int r = 0;

	ret->attachments = attachments;
	for (size_t i = 0; r >= 0 && i < f->count; i++) {
		attachments[i] = (struct mime_attachment){ .media_type = f->files[i].media_type,
			.name = f->files[i].name };
		r = file_open(portal, &f->files[i], &attachments[i].fd, err);
		ret->count += r >= 0;
	}
	return r;
}

int mail_files_open(struct portal *portal, const struct outbox_claim *claim, struct arena *arena,
	struct mail_files *ret, struct portal_error *err)
{
	struct finding finding = { .claim = claim, .arena = arena };
	int r = 0;

	*ret = (struct mail_files){ .text = claim->text };
	if (!strcmp(claim->cause_kind, "ticket"))
		r = work_read(portal, find_body, &finding, err);
	if (r < 0 || !finding.count)
		return r;
	r = word(&finding, &ret->text, err);
	if (r >= 0 && are_attached(&finding))
		r = attach(portal, &finding, ret, err);
	return r;
}

void mail_files_close(struct mail_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		close(files->attachments[i].fd);
	files->count = 0;
}
