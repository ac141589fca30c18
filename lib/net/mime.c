#include "net/mime.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <portal/arena.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "net/mime-private.h"

/* Lines of base64 that are made at once. */
enum { LINES_AT_ONCE = 256 };

/* In the place of an errno: the file is longer or shorter than it was. */
enum { SIZE_CHANGED = -1 };

/* Bytes in memory, and behind them a file in base64; the last piece has none (@fd -1). */
struct piece {
	const char *bytes;
	size_t len;
	int fd;
	int64_t file_bytes;
	const char *file_name;
};

/* @left bytes at @next go out next; behind them what is left of piece @at, of whose file
 * @offset bytes were read. */
struct mime {
	struct piece *pieces;
	size_t count, at;
	int64_t size;
	const char *next;
	size_t left;
	int64_t offset;
	int failure;
	unsigned char raw[LINES_AT_ONCE * MIME_BASE64_BYTES];
	char lines[LINES_AT_ONCE * (MIME_LINE_CHARS + 2)];
};

/* A message on its way to pieces: @out has what is in none yet. */
struct composing {
	struct arena *arena;
	const struct mime_message *message;
	struct mime *mime;
	struct buf out;
	struct portal_error *err;
};

/* Ends a piece with what came together. */
static int cut(struct composing *c, const struct piece *file)
{
	struct piece *piece = &c->mime->pieces[c->mime->count++];

	if (c->out.error)
		return portal_fail(c->err, PORTAL_NO_MEMORY, _("there is not enough memory"));
	*piece = *file;
	piece->len = c->out.len;
	piece->bytes = arena_strndup(c->arena, buf_text(&c->out), c->out.len);
	c->mime->size += (int64_t)piece->len + mime_base64_size(piece->file_bytes);
	buf_clear(&c->out);
	return 0;
}

/* No text is so encoded that "=_" could stand in it. @kind keeps them apart. */
static void put_multipart(struct composing *c, const char *subtype, char kind)
{
	buf_printf(&c->out, "Content-Type: multipart/%s; boundary=\"=_%c_%016" PRIx64 "\"\r\n\r\n",
		subtype, kind, c->message->boundary_seed);
}

/* The line break before a boundary is its own: the text before it keeps the one it has. */
static void put_boundary(struct composing *c, char kind, const char *before, const char *after)
{
	buf_printf(&c->out, "%s--=_%c_%016" PRIx64 "%s\r\n", before, kind,
		c->message->boundary_seed, after);
}

static int check_text(const char *field, const char *text, size_t len, struct portal_error *err)
{
	int r = 0;

	if (len > MIME_TEXT_BYTES_MAX)
		r = portal_fail(err, PORTAL_INVALID, _("'%s' is longer than %zu bytes"), field,
			(size_t)MIME_TEXT_BYTES_MAX);
	else if (!utf8_valid(text, len))
		r = portal_fail(err, PORTAL_INVALID_TEXT, _("'%s' is not UTF-8"), field);
	else if (len > 0 && memchr(text, '\0', len))
		r = portal_fail(err, PORTAL_INVALID_TEXT, _("'%s' holds a NUL byte"), field);
	return r < 0 ? portal_about_field(err, field) : 0;
}

static int put_plain(struct composing *c)
{
	const struct mime_message *m = c->message;
	const int r = check_text("text", m->text, m->text_len, c->err);

	return r < 0 ? r : mime_put_text(&c->out, "plain", m->text, m->text_len, c->err);
}

static int put_html(struct composing *c)
{
	const struct mime_message *m = c->message;
	const int r = check_text("html", m->html, m->html_len, c->err);

	return r < 0 ? r : mime_put_text(&c->out, "html", m->html, m->html_len, c->err);
}

static int put_texts(struct composing *c)
{
	int r;

	if (!c->message->html)
		return put_plain(c);
	put_multipart(c, "alternative", 'a');
	put_boundary(c, 'a', "", "");
	r = put_plain(c);
	if (r < 0)
		return r;
	put_boundary(c, 'a', "\r\n", "");
	r = put_html(c);
	put_boundary(c, 'a', "\r\n", "--");
	return r;
}

static int put_attachment(struct composing *c, const struct mime_attachment *attachment)
{
	struct piece file = { .fd = attachment->fd };
	struct stat st;
	const int r = mime_put_file_header(&c->out, c->arena, attachment, c->err);

	if (r < 0)
		return r;
	file.file_name = arena_strdup(c->arena, attachment->name);
	if (fstat(file.fd, &st) < 0)
		return portal_fail(c->err, PORTAL_FAILURE,
			_("the attachment '%s' can't be read: %s"), file.file_name,
			strerror(errno));
	if (!S_ISREG(st.st_mode))
		return portal_fail(c->err, PORTAL_FAILURE,
			_("the attachment '%s' is not a regular file"), file.file_name);
	file.file_bytes = st.st_size;
	return cut(c, &file);
}

static int put_mixed(struct composing *c)
{
	int r;

	put_multipart(c, "mixed", 'm');
	put_boundary(c, 'm', "", "");
	r = put_texts(c);
	for (size_t i = 0; r >= 0 && i < c->message->attachment_count; i++) {
		put_boundary(c, 'm', "\r\n", "");
		r = put_attachment(c, &c->message->attachments[i]);
	}
	put_boundary(c, 'm', "\r\n", "--");
	return r;
}

static int compose(struct composing *c)
{
	const struct piece no_file = { .fd = -1 };
	int r = mime_put_header(&c->out, c->arena, c->message, c->err);

	if (r >= 0)
		r = c->message->attachment_count > 0 ? put_mixed(c) : put_texts(c);
	return r < 0 ? r : cut(c, &no_file);
}

int mime_compose(struct arena *arena, const struct mime_message *message, struct mime **ret,
	struct portal_error *err)
{
	struct composing c = { .arena = arena, .message = message, .err = err };
	struct mime *mime;
	int r;

	if (message->attachment_count > MIME_ATTACHMENTS_MAX)
		return portal_fail(err, PORTAL_INVALID, _("a message has at most %d attachments"),
			MIME_ATTACHMENTS_MAX);
	c.mime = mime = arena_new(arena, struct mime);
	mime->pieces = arena_array(arena, message->attachment_count + 1, sizeof(*mime->pieces));
	buf_init(&c.out);
	r = compose(&c);
	buf_release(&c.out);
	if (r < 0)
		return r;
	mime->next = mime->pieces[0].bytes;
	mime->left = mime->pieces[0].len;
	*ret = mime;
	return 0;
}

int64_t mime_size(const struct mime *mime)
{
	return mime->size;
}

static bool fail(struct mime *mime, int failure)
{
	mime->failure = failure;
	return false;
}

/* As many bytes as there are, up to @len; negative with errno set. */
static ssize_t read_at(int fd, void *data, size_t len, int64_t offset)
{
	size_t done = 0;
	ssize_t n = 1;

	while (done < len && n != 0) {
		n = pread(fd, (char *)data + done, len - done, offset + (int64_t)done);
		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0)
			done += (size_t)n;
	}
	return (ssize_t)done;
}

static bool go_on_in_file(struct mime *mime, const struct piece *piece)
{
	const int64_t rest = piece->file_bytes - mime->offset;
	const size_t want = rest < (int64_t)sizeof(mime->raw) ? (size_t)rest : sizeof(mime->raw);
	const ssize_t got = read_at(piece->fd, mime->raw, want, mime->offset);

	if (got < 0)
		return fail(mime, errno);
	if ((size_t)got < want)
		return fail(mime, SIZE_CHANGED);
	mime->next = mime->lines;
	mime->left = mime_base64_lines(mime->lines, mime->raw, want);
	mime->offset += got;
	return true;
}

/* Behind the bytes that a file had there must be none. */
static bool is_at_end_of_file(struct mime *mime, const struct piece *piece)
{
	char more;
	const ssize_t got = read_at(piece->fd, &more, 1, piece->file_bytes);

	if (got < 0)
		return fail(mime, errno);
	return got == 0 || fail(mime, SIZE_CHANGED);
}

/* Makes sure that a byte is there; false at the end and after a failure. */
static bool refill(struct mime *mime)
{
	const struct piece *piece = &mime->pieces[mime->at];

	if (mime->failure || piece->fd < 0)
		return false;
	if (mime->offset < piece->file_bytes)
		return go_on_in_file(mime, piece);
	if (!is_at_end_of_file(mime, piece))
		return false;
	piece = &mime->pieces[++mime->at];
	mime->next = piece->bytes;
	mime->left = piece->len;
	mime->offset = 0;
	return true;
}

size_t mime_read(struct mime *mime, char *buffer, size_t size)
{
	size_t done = 0, n;

	while (done < size && (mime->left > 0 || refill(mime))) {
		n = mime->left < size - done ? mime->left : size - done;
		memcpy(buffer + done, mime->next, n);
		mime->next += n;
		mime->left -= n;
		done += n;
	}
	return mime->failure ? MIME_READ_ABORT : done;
}

int mime_failure(const struct mime *mime, struct portal_error *err)
{
	const char *name = mime->pieces[mime->at].file_name;

	if (mime->failure == 0)
		return 0;
	if (mime->failure == SIZE_CHANGED)
		return portal_fail(err, PORTAL_FAILURE,
			_("the attachment '%s' changed while it was sent"), name);
	return portal_fail(err, PORTAL_FAILURE, _("the attachment '%s' can't be read: %s"), name,
		strerror(mime->failure));
}
