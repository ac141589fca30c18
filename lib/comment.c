#include "comment-private.h"

#include <string.h>

#include "base/i18n.h"
#include "base/time.h"
#include "base/utf8.h"
#include "text/writer.h"
#include "user-private.h"

enum { TEXT_MAX_BYTES = 64 * 1024, FIRST_PRINTABLE = 0x20, DELETE = 0x7f, LAST_C1 = 0x9f };

bool comment_sees_all(const struct work *w)
{
	return !w->actor->as || w->actor->staff;
}

static bool is_control(uint32_t c)
{
	return (c < FIRST_PRINTABLE && c != '\n' && c != '\t' && c != '\r') ||
	       (c >= DELETE && c <= LAST_C1);
}

static bool is_sound(const char *text, size_t len)
{
	for (size_t at = 0, step; at < len; at += step) {
		uint32_t c = 0;

		step = utf8_next(text + at, len - at, &c);
		if (step == 0 || is_control(c))
			return false;
	}
	return true;
}

/* Windows ends lines with two characters. */
static char *without_returns(struct arena *arena, const char *input, size_t len)
{
	char *text = arena_strndup(arena, input, len), *to = text;

	for (const char *c = text; *c; c++)
		if (*c != '\r')
			*to++ = *c;
	while (to > text && strchr(" \t\n", to[-1]))
		to--;
	*to = '\0';
	return text;
}

const char *comment_text(struct work *w, const char *input, const char *field)
{
	const size_t len = strlen(input);

	if (len > TEXT_MAX_BYTES)
		portal_fail(w->err, PORTAL_INVALID, _("'%s' can't be longer than 64 KiB"), field);
	else if (!is_sound(input, len))
		portal_fail(w->err, PORTAL_INVALID_TEXT,
			_("'%s' is not UTF-8 or holds control characters"), field);
	else
		return without_returns(w->arena, input, len);
	portal_about_field(w->err, field);
	return NULL;
}

int comment_check(struct work *w, struct task_comment *comment)
{
	comment->body = comment_text(w, comment->body ? comment->body : "", "body");
	if (!comment->body)
		return -(int)w->err->code;
	if (*comment->body)
		return 0;
	portal_fail(w->err, PORTAL_INVALID, _("a comment needs a text"));
	return portal_about_field(w->err, "body");
}

int comment_insert(
	struct work *w, const struct comment_about *about, const struct task_comment *comment)
{
	const portal_id user_id = { w->actor->user_id };
	int64_t id;
	const int r = store_get_int(w->tx, Q_COMMENT_INSERT,
		ARGS(A(about->task_id), A(about->project_id), A(user_id), A(comment->internal),
			A(comment->body), A(w->now)),
		&id);

	if (r < 0)
		return r;
	work_note_made(w, WORK_MADE_COMMENT, id);
	return 0;
}

struct comment_row {
	int64_t id;
	portal_time at;
	const char *author_name, *author_email, *body;
	bool internal;
};

static const struct portal_field row_fields[] = {
	PORTAL_FIELD(struct comment_row, id, NULL),
	PORTAL_FIELD(struct comment_row, at, NULL),
	PORTAL_FIELD(struct comment_row, author_name, NULL),
	PORTAL_FIELD(struct comment_row, author_email, NULL),
	PORTAL_FIELD(struct comment_row, internal, NULL),
	PORTAL_FIELD(struct comment_row, body, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "comment", sizeof(struct comment_row),
	row_fields };

static void put_text(struct buf *buf, const char *key, const char *text)
{
	buf_printf(buf, "\"%s\":", key);
	if (text)
		json_put_string(buf, text);
	else
		buf_str(buf, "null");
	buf_char(buf, ',');
}

/* What the operator writes is the office's word. */
static void put_comment(struct work *w, struct buf *buf, const struct comment_row *row)
{
	char at[24];

	if (buf->len > 1)
		buf_char(buf, ',');
	buf_str(buf, "{\"id\":");
	json_put_id(buf, work_shown_id(w, WORK_MADE_COMMENT, row->id));
	buf_char(buf, ',');
	put_text(buf, "at", time_format_utc(row->at, at));
	put_text(buf, "author_name", row->author_email ? row->author_name : work_office_name(w));
	put_text(buf, "author_email", row->author_email);
	put_text(buf, "body", row->body);
	buf_printf(buf, "\"internal\":%s}", row->internal ? "true" : "false");
}

int comment_json_end(struct work *w, struct buf *buf, portal_json *ret)
{
	buf_char(buf, ']');
	if (buf->error)
		return portal_fail(w->err, PORTAL_NO_MEMORY, _("there is not enough memory"));
	ret->text = arena_strndup(w->arena, buf->data, buf->len);
	return 0;
}

int comment_list_json(struct work *w, const struct comment_about *about, portal_json *ret)
{
	const bool of_task = about->task_id.id != 0;
	const int64_t id = of_task ? about->task_id.id : about->project_id.id;
	const enum store_query query = of_task ? Q_COMMENT_LIST_TASK : Q_COMMENT_LIST_PROJECT;
	_cleanup_rows_ struct store_rows *rows = NULL;
	_cleanup_buf_ struct buf buf;
	struct comment_row row;
	int r;

	buf_init(&buf);
	buf_char(&buf, '[');
	r = store_rows(w->tx, query, ARGS(A(id), A(comment_sees_all(w))), &row_record, &row, &rows);
	while (r >= 0 && (r = store_next(rows)) > 0)
		put_comment(w, &buf, &row);
	return r < 0 ? r : comment_json_end(w, &buf, ret);
}

const char *comment_author(struct work *w)
{
	struct user user;

	if (w->actor->user_id && user_by_id(w, w->actor->user_id, &user) > 0)
		return user.name;
	return work_office_name(w);
}
