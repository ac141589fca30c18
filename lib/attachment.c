#include "attachment.h"

#include <portal/writer.h>

static const struct portal_field attachment_fields[] = {
	PORTAL_FIELD(struct attachment, id, NULL),
	PORTAL_FIELD(struct attachment, position, NULL),
	PORTAL_FIELD(struct attachment, name, NULL),
	PORTAL_FIELD(struct attachment, sha256, NULL),
	PORTAL_FIELD(struct attachment, size_bytes, NULL),
	PORTAL_FIELD(struct attachment, media_type, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record attachment_record = { "attachment", sizeof(struct attachment),
	attachment_fields };

int attachment_add(
	struct work *w, const char *kind, int64_t id, const struct file *files, int64_t count)
{
	int64_t last = 0, attachment_id;
	int r = count ? store_get_int(w->tx, Q_ATTACHMENT_LAST, ARGS(A(kind), A(id)), &last) : 0;

	for (int64_t i = 0; r >= 0 && i < count; i++) {
		const struct file *file = &files[i];
		const int64_t position = last + i + 1;

		r = file_note(w, file);
		if (r >= 0)
			r = store_get_int(w->tx, Q_ATTACHMENT_INSERT,
				ARGS(A(kind), A(id), A(position), A(file->sha256), A(file->name),
					A(w->now)),
				&attachment_id);
		if (r >= 0)
			work_note_made(w, WORK_MADE_ATTACHMENT, attachment_id);
	}
	return r < 0 ? r : 0;
}

static void write_all(const struct work *w, struct portal_writer *writer,
	const struct portal_columns *columns, struct store_rows *rows, struct attachment *row)
{
	const char *before = "[";

	while (store_next(rows) > 0) {
		row->id = work_shown_id(w, WORK_MADE_ATTACHMENT, row->id);
		portal_put(writer, before);
		portal_put_record(writer, columns, row);
		before = ",";
	}
	portal_put(writer, *before == '[' ? "[]" : "]");
}

static int read_all(struct work *w, const char *kind, int64_t id, struct portal_writer *writer)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	const struct portal_columns *columns;
	struct attachment row;
	int r = portal_columns_make(w->arena, &attachment_record,
		"id,position,name,media_type,size_bytes,sha256", &columns, w->err);

	if (r >= 0)
		r = store_rows(w->tx, Q_ATTACHMENT_OF, ARGS(A(kind), A(id)), &attachment_record,
			&row, &rows);
	if (r >= 0)
		write_all(w, writer, columns, rows, &row);
	return r;
}

int attachment_json(struct work *w, const char *kind, int64_t id, portal_json *ret)
{
	struct portal_writer *writer;
	int r = portal_writer_open(&writer, -1, w->err);

	if (r < 0)
		return r;
	r = read_all(w, kind, id, writer);
	if (r >= 0)
		ret->text = arena_strdup(w->arena, portal_writer_text(writer));
	portal_writer_close(writer);
	return r < 0 ? r : 0;
}

int attachment_get(
	struct work *w, const char *kind, int64_t id, int64_t position, struct attachment *ret)
{
	return store_get(w->tx, Q_ATTACHMENT_AT, ARGS(A(kind), A(id), A(position)), w->arena,
		&attachment_record, ret);
}
