#include "text/lines.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "text/encoding.h"

struct lines {
	struct source source;
	int64_t number;
	bool stopped;
	size_t len;
	char text[LINES_MAX_BYTES + 1];
};

int lines_open(struct lines **ret, int fd, struct portal_error *err)
{
	struct lines *lines = malloc(sizeof(*lines));
	int rc;

	if (!lines)
		return portal_fail(err, PORTAL_NO_MEMORY, _("there is not enough memory"));
	lines->number = 0;
	lines->stopped = false;
	rc = source_open(&lines->source, fd, ENCODING_UTF8, err);
	if (rc < 0) {
		lines_close(&lines);
		return rc;
	}
	*ret = lines;
	return 0;
}

void lines_close(struct lines **lines)
{
	free(*lines);
	*lines = NULL;
}

static int stop(struct lines *lines, int rc)
{
	lines->stopped = true;
	return rc;
}

static int too_long(struct lines *lines, struct portal_error *err)
{
	err->line = lines->number;
	err->column = 0;
	return stop(lines, portal_fail(err, PORTAL_INVALID_INPUT,
				   _("line %lld is longer than 1 MiB; nothing after it was read"),
				   (long long)lines->number));
}

/* Appends the block up to a line break: 1 when that ends the line. */
static int take_block(struct lines *lines, struct portal_error *err)
{
	struct source *source = &lines->source;
	const char *from = source->block + source->at;
	size_t room = source->end - source->at;
	const char *end = memchr(from, '\n', room);
	size_t len = end ? (size_t)(end - from) : room;

	if (len > LINES_MAX_BYTES - lines->len)
		return too_long(lines, err);
	memcpy(lines->text + lines->len, from, len);
	lines->len += len;
	source->at += len + (end != NULL);
	return end != NULL;
}

/* 1 with a line in @lines, which may be empty; 0 at the end. */
static int read_line(struct lines *lines, struct portal_error *err)
{
	int done = 0;

	lines->len = 0;
	lines->number++;
	while (!done) {
		int rc = source_fill(&lines->source);

		if (rc < 0)
			return stop(lines, source_failed(err));
		if (rc == 0)
			return stop(lines, lines->len > 0);
		done = take_block(lines, err);
	}
	return done;
}

static int show(struct lines *lines, struct line *ret, struct portal_error *err)
{
	if (memchr(lines->text, '\0', lines->len)) {
		err->line = lines->number;
		err->column = 0;
		return portal_fail(err, PORTAL_INVALID_INPUT, _("line %lld holds a NUL byte"),
			(long long)lines->number);
	}
	lines->text[lines->len] = '\0';
	*ret = (struct line){ .number = lines->number, .text = lines->text, .len = lines->len };
	return 1;
}

int lines_next(struct lines *lines, struct line *ret, struct portal_error *err)
{
	while (!lines->stopped) {
		int rc = read_line(lines, err);

		if (rc <= 0)
			return rc;
		if (lines->len && lines->text[lines->len - 1] == '\r')
			lines->len--;
		if (lines->len)
			return show(lines, ret, err);
	}
	return 0;
}
