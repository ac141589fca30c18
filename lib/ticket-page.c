/* The conversation of a ticket as a page (S7). */
#include <portal/ticket-page.h>

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "text/html.h"
#include "ticket-private.h"

/* @line: memory for one line of the conversation. */
struct page {
	struct html html;
	struct work *w;
	const struct zone *zone;
	struct arena line;
};

static void put_fact(struct page *page, const char *title, const char *text)
{
	if (!text)
		return;
	html_element(&page->html, "dt", HTML_PLAIN, title);
	html_element(&page->html, "dd", HTML({ "dir", "auto" }), text);
}

static void put_when(struct page *page, const char *title, portal_time time)
{
	if (!time.ms)
		return;
	html_element(&page->html, "dt", HTML_PLAIN, title);
	html_open(&page->html, "dd", HTML_PLAIN);
	html_time(&page->html, page->zone, time);
	html_close(&page->html);
}

static void put_ticket(struct page *page, const struct ticket *t)
{
	html_open(&page->html, "dl", HTML_PLAIN);
	put_fact(page, _("Status"), portal_word_text(ticket_statuses, t->status));
	put_fact(page, _("Company"), t->company_name);
	put_fact(page, _("Contact"), t->contact_name);
	put_fact(page, _("Department"), t->department);
	put_fact(page, _("Category"), t->category);
	put_fact(page, _("Assignee"), t->assignee_name);
	put_when(page, _("Opened"), t->opened_at);
	put_when(page, _("Due"), t->due_at);
	put_when(page, _("Ended"), t->closed_at);
	html_close(&page->html);
}

static void put_event(struct page *page, const struct message *m)
{
	struct html *html = &page->html;

	html_open(html, "p", HTML({ "dir", "auto" }));
	html_text(html, message_event_text(&page->line, m));
	html_text(html, " · ");
	html_time(html, page->zone, m->at);
	html_close(html);
}

static void put_part(struct html *html, const char *text)
{
	html_text(html, text ? " · " : NULL);
	html_text(html, text);
}

/* By which way, and what else is to be known of it: in words, whatever its colour. */
static void put_way(struct page *page, const struct message *m)
{
	struct html *html = &page->html;

	html_open(html, "p", HTML({ "class", "way" }));
	html_time(html, page->zone, m->at);
	put_part(html, m->internal ? _("internal comment") : NULL);
	put_part(html, message_way_text(m));
	put_part(html, m->automatic ? _("automatic message") : NULL);
	put_part(html, message_delivery_text(&page->line, m));
	html_close(html);
}

/* "ID NAME" a line. */
static void put_files(struct page *page, const struct message *m)
{
	char *lines = arena_strdup(&page->line, m->file_lines.lines);
	const char *line;

	if (!lines || !*lines)
		return;
	html_open(&page->html, "ul",
		HTML({ "class", "files" }, { "aria-label", _("files") }, { "role", "list" }));
	while ((line = strsep(&lines, "\n"))) {
		const char *name = strchr(line, ' ');

		html_element(&page->html, "li", HTML({ "dir", "auto" }), name ? name + 1 : line);
	}
	html_close(&page->html);
}

static void put_body(struct page *page, const struct message *m)
{
	struct html *html = &page->html;

	html_element(html, "h3", HTML({ "dir", "auto" }), message_author_text(m));
	put_way(page, m);
	if (m->body)
		html_element(html, "p", HTML({ "class", "body" }, { "dir", "auto" }), m->body);
	put_files(page, m);
}

static int put_message(const void *row, void *arg)
{
	const struct message *m = row;
	struct page *page = arg;
	const char *way = m->via && !strcmp(m->direction, "out") ? m->via : "";
	char kind[32];

	arena_reset(&page->line);
	snprintf(kind, sizeof(kind), "%s%s%s", m->direction, *way ? " " : "", way);
	html_open(&page->html, "li", HTML({ "class", kind }));
	if (m->event)
		put_event(page, m);
	else
		put_body(page, m);
	html_close(&page->html);
	return 0;
}

static int put_conversation(struct page *page, const char *number)
{
	const struct message_filter filter = { .ticket = number };
	struct portal_list_end end;
	int r;

	html_element(&page->html, "h2", HTML_PLAIN, _("Conversation"));
	html_open(&page->html, "ol", HTML({ "class", "talk" }, { "role", "list" }));
	r = message_list_in(page->w, &filter, put_message, page, &end);
	html_close(&page->html);
	return r;
}

struct call {
	const char *named, *lang;
	struct portal_writer *writer;
};

static int page_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct page page = {
		.w = w, .zone = work_zone(w), .line = { .out_of_memory = w->arena->out_of_memory }
	};
	struct ticket_row row = { 0 };
	const char *title;
	int r = page.zone ? ticket_need(w, "ticket.show", call->named, &row) : -(int)w->err->code;

	if (r < 0)
		return r;
	title = arena_printf(w->arena, "%s · %s", row.ticket.number, row.ticket.subject);
	html_begin(&page.html, call->writer, call->lang, title);
	html_open(&page.html, "main", HTML_PLAIN);
	html_element(&page.html, "h1", HTML({ "dir", "auto" }), title);
	put_ticket(&page, &row.ticket);
	r = put_conversation(&page, row.ticket.number);
	html_end(&page.html);
	arena_release(&page.line);
	return r;
}

int ticket_page_write(struct portal *portal, const char *named, const char *lang,
	struct portal_writer *writer, struct portal_error *err)
{
	struct call call = { named, lang, writer };

	return work_read(portal, page_body, &call, err);
}
