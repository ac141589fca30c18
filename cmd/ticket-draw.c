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
#define TICK "\xe2\x9c\x93"

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

static const struct portal_word via_labels[] = { { "whatsapp", N_("via WhatsApp") },
	{ "app", N_("via app") }, { "email", N_("via e-mail") }, { "office", N_("via the office") },
	{ NULL, NULL } };

static const char *via_label(const char *via)
{
	return via ? portal_word_text(via_labels, via) : NULL;
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
	const char *const parts[] = { m->author_name ? m->author_name : _("the office"),
		m->automatic ? _("automatic message") : NULL,
		m->internal ? _("internal comment") : NULL, via_label(m->via), time_label(d, m) };
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

/* Ticks as people know them from WhatsApp, and the word for those who don't. */
static const char *delivery_label(const struct drawing *d, const char *delivery)
{
	static const struct portal_word ticks[] = { { "sent", TICK " " },
		{ "delivered", TICK TICK " " }, { "read", TICK TICK " " },
		{ "played", TICK TICK " " }, { NULL, NULL } };

	if (!delivery)
		return "";
	return arena_printf(d->arena, "\n%s%s",
		portal_word_known(ticks, delivery) ? portal_word_label(ticks, delivery) : "",
		portal_word_text(message_deliveries, delivery));
}

static void put_message(const struct drawing *d, const struct message *m)
{
	const bool whatsapp = m->via && !strcmp(m->via, "whatsapp");
	struct bubble b = { d, RIGHT, whatsapp ? GREEN : BLUE, d->width - d->width / 4 };

	if (m->internal)
		b.style = YELLOW;
	if (!strcmp(m->direction, "in")) {
		b.side = LEFT;
		b.style = WHITE;
	}
	put_bubble(
		&b, arena_printf(d->arena, "%s\n%s%s%s", headline(d, m), m->body ? m->body : "",
			    files_label(d, m->file_lines.lines), delivery_label(d, m->delivery)));
}

/* An event in words: states have words of their own, all else people wrote. */
static const char *sentence(const struct drawing *d, const struct message *m)
{
	const char *by = m->author_name ? arena_printf(d->arena, _("by %s"), m->author_name)
					: _("by the office");
	const char *to = m->event_to;

	if (!strcmp(m->event, "opened"))
		return arena_printf(d->arena, _("conversation opened %s"), by);
	if (!strcmp(m->event, "assigned"))
		return arena_printf(
			d->arena, _("assignee changed to %s %s"), to ? to : _("nobody"), by);
	if (!strcmp(m->event, "status") && to)
		return arena_printf(d->arena, _("status changed to %s %s"),
			portal_word_text(ticket_statuses, to), by);
	if (!strcmp(m->event, "merged") && m->event_from)
		return arena_printf(
			d->arena, _("ticket %s merged into this one %s"), m->event_from, by);
	if (!strcmp(m->event, "rated") && to)
		return arena_printf(d->arena, _("rated %s of 5 %s"), to,
			m->author_name ? by : _("by the client"));
	return arena_printf(d->arena, _("%s to %s %s"), portal_word_text(message_events, m->event),
		to ? to : _("nothing"), by);
}

void message_draw(const struct drawing *d, const void *row)
{
	const struct message *m = row;
	const struct bubble event = { d, MIDDLE, m->internal ? YELLOW : DIM, d->width };

	if (m->event)
		put_bubble(&event,
			arena_printf(d->arena, "%s" DOT "%s", sentence(d, m), time_label(d, m)));
	else
		put_message(d, m);
}
