/* A conversation as people know it (S7): the client's messages on the left, the office's
 * on the right, events in the middle. */
#include <string.h>

#include <portal/arena.h>
#include <portal/message.h>
#include <portal/text.h>

#include "cli/draw.h"
#include "cli/text.h"
#include "ticket.h"

enum side { LEFT, RIGHT, MIDDLE };

#define WHITE "\033[97m"
#define GREEN "\033[32m"
#define BLUE "\033[34m"
#define YELLOW "\033[33m"
#define DIM "\033[2m"
#define PLAIN "\033[0m"
#define DOT " \xc2\xb7 "

/* How a message stands on the screen: @room columns wide at most. */
struct bubble {
	const struct drawing *d;
	enum side side;
	const char *style;
	size_t room;
};

/* Lines of a bubble, and how wide the widest is. */
struct lines {
	const char **items;
	size_t count, room, widest;
};

static size_t character(const char *text)
{
	size_t len = 1;

	while (((unsigned char)text[len] & 0xc0) == 0x80)
		len++;
	return len;
}

/* How many bytes of @text fit, one character at least; up to a blank where there is
 * one. */
static size_t fitting(const struct bubble *b, const char *text)
{
	size_t len = 0, columns = 0, blank = 0;

	while (text[len]) {
		const size_t bytes = character(text + len);

		columns += human_width(arena_strndup(b->d->arena, text + len, bytes));
		if (columns > b->room && len > 0)
			return text[len] == ' ' || !blank ? len : blank;
		if (text[len] == ' ' && len > 0)
			blank = len;
		len += bytes;
	}
	return len;
}

static void add_line(const struct bubble *b, struct lines *lines, const char *line)
{
	const size_t width = human_width(line);

	if (lines->count == lines->room) {
		const size_t room = lines->room ? 2 * lines->room : 16;
		const char **items = arena_array(b->d->arena, room, sizeof(*items));

		if (lines->count)
			memcpy(items, lines->items, lines->count * sizeof(*items));
		lines->items = items;
		lines->room = room;
	}
	lines->items[lines->count++] = line;
	lines->widest = width > lines->widest ? width : lines->widest;
}

static void break_line(const struct bubble *b, struct lines *lines, const char *line)
{
	do {
		const size_t part = fitting(b, line);

		add_line(b, lines, arena_strndup(b->d->arena, line, part));
		line += part + (line[part] == ' ');
	} while (*line);
}

static struct lines break_text(const struct bubble *b, const char *text)
{
	struct lines lines = { .count = 0 };

	while (*text) {
		const size_t len = strcspn(text, "\n");
		const char *line = arena_strndup(b->d->arena, text, len);

		break_line(b, &lines, portal_text_printable(b->d->arena, line));
		text += len + (text[len] != '\0');
	}
	return lines;
}

static size_t indent(const struct bubble *b, const struct lines *lines)
{
	if (b->side == LEFT || lines->widest >= b->d->width)
		return 0;
	return (b->d->width - lines->widest) / (b->side == MIDDLE ? 2 : 1);
}

static void put_bubble(const struct bubble *b, const char *text)
{
	const struct lines lines = break_text(b, text);
	struct portal_writer *writer = b->d->writer;

	for (size_t i = 0; i < lines.count; i++) {
		for (size_t n = indent(b, &lines); n > 0; n--)
			portal_put_bytes(writer, " ", 1);
		portal_put(writer, b->d->color ? b->style : "");
		portal_put(writer, lines.items[i]);
		portal_put(writer, b->d->color ? PLAIN "\n" : "\n");
	}
	portal_put(writer, "\n");
}

static const char *time_label(const struct drawing *d, const struct message *m)
{
	const struct portal_column at = { .field = portal_record_field(&message_record, "at"),
		.type = PORTAL_TIME };

	return human_value(d->human, d->arena, &at, m);
}

/* "Ana · automatic message · via app · 2026-03-01 09:00", as far as there is one. */
static const char *headline(const struct drawing *d, const struct message *m)
{
	const char *const parts[] = { message_author_text(m),
		m->automatic ? _("automatic message") : NULL,
		m->internal ? _("internal comment") : NULL, message_way_text(m), time_label(d, m) };
	const char *line = parts[0];

	for (size_t i = 1; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i])
			line = arena_printf(d->arena, "%s" DOT "%s", line, parts[i]);
	return line;
}

/* "[file 3] recibo.pdf" for each, on a line of its own. */
static const char *files_label(const struct drawing *d, const char *lines)
{
	const char *text = "";

	while (lines && *lines) {
		const size_t id = strcspn(lines, " "), len = strcspn(lines, "\n");

		text = arena_printf(d->arena, "%s\n[%s %.*s]%.*s", text, _("file"), (int)id, lines,
			(int)(len - id), lines + id);
		lines += len + (lines[len] != '\0');
	}
	return text;
}

static void put_message(const struct drawing *d, const struct message *m)
{
	const bool whatsapp = m->via && !strcmp(m->via, "whatsapp");
	const char *delivery = message_delivery_text(d->arena, m);
	struct bubble b = { d, RIGHT, whatsapp ? GREEN : BLUE, d->width - d->width / 4 };

	if (m->internal)
		b.style = YELLOW;
	if (!strcmp(m->direction, "in")) {
		b.side = LEFT;
		b.style = WHITE;
	}
	put_bubble(&b, arena_printf(d->arena, "%s\n%s%s%s%s", headline(d, m),
			       m->body ? m->body : "", files_label(d, m->file_lines.lines),
			       delivery ? "\n" : "", delivery ? delivery : ""));
}

void message_draw(const struct drawing *d, const void *row)
{
	const struct message *m = row;
	const struct bubble event = { d, MIDDLE, m->internal ? YELLOW : DIM, d->width };

	if (m->event)
		put_bubble(&event, arena_printf(d->arena, "%s" DOT "%s",
					   message_event_text(d->arena, m), time_label(d, m)));
	else
		put_message(d, m);
}
