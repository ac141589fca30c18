/* The panel as a page: a table a section. */
#include <stdio.h>
#include <string.h>

#include <portal/arena.h>
#include <portal/text.h>

#include "base/i18n.h"
#include "panel-private.h"
#include "text/html.h"
#include "text/json.h"

struct page {
	struct html html;
	struct work *w;
	const struct zone *zone;
	const struct panel *panel;
	struct arena row;
	int64_t rows;
};

static bool is_shown(const struct page *page, const struct panel_column *column)
{
	return page->panel->whole_group || strcmp(column->key, "company_name") != 0;
}

static int put_begin(const struct panel *panel, const struct panel_section *section, void *arg)
{
	struct page *page = arg;
	struct html *html = &page->html;

	(void)panel;
	page->rows = 0;
	html_open(html, "section", HTML_PLAIN);
	html_element(html, "h2", HTML_PLAIN, _(section->title));
	return 0;
}

static void put_headings(struct page *page, const struct panel_section *section)
{
	struct html *html = &page->html;

	html_open(html, "table", HTML({ "aria-label", _(section->title) }));
	html_open(html, "thead", HTML_PLAIN);
	html_open(html, "tr", HTML_PLAIN);
	for (const struct panel_column *c = section->columns; c->key; c++)
		if (is_shown(page, c))
			html_element(html, "th", HTML({ "scope", "col" }), _(c->heading));
	html_close(html);
	html_close(html);
	html_open(html, "tbody", HTML_PLAIN);
}

static struct portal_column column_of(const struct panel_section *section, const char *key)
{
	const struct portal_field *field = portal_record_field(section->record, key);

	return (struct portal_column){ .field = field, .type = field->type };
}

static const char *text_of(struct page *page, const struct portal_column *column, const void *row)
{
	const char *amount = portal_amount_text(&page->row, column, row), *text;

	if (amount)
		return amount;
	if (column->type == PORTAL_INT)
		return arena_printf(&page->row, "%lld", (long long)portal_column_int(column, row));
	text = portal_column_text(column, row);
	return column->field->words ? portal_word_text(column->field->words, text) : text;
}

static bool is_day(const struct portal_column *column)
{
	return column->field->flags & PORTAL_FIELD_DATE;
}

static void put_value(struct page *page, const struct portal_column *column, const void *row)
{
	if (column->type == PORTAL_TIME)
		html_time(&page->html, page->zone, portal_column_time(column, row));
	else if (is_day(column))
		html_date(&page->html, portal_column_text(column, row));
	else
		html_text(&page->html, text_of(page, column, row));
}

/* An item of a checklist says besides whether it is done, a comment who wrote it. */
static void put_item(struct page *page, const struct panel_detail *detail, const struct json *item)
{
	struct html *html = &page->html;
	const char *author = json_text(json_get(item, "author_name"));
	bool done;

	html_open(html, "li", HTML({ "dir", "auto" }));
	html_text(html, author);
	html_text(html, author ? ": " : NULL);
	html_text(html, json_text(json_get(item, detail->member)));
	if (json_bool(json_get(item, "done"), &done))
		html_text(html, done ? _(" (done)") : _(" (open)"));
	html_close(html);
}

/* More than the reader takes is said to be there. */
static void put_items(struct page *page, const struct panel_detail *detail, const char *text)
{
	struct portal_error unheard = { 0 };
	struct json *items = NULL;

	if (json_parse(&page->row, text, strlen(text), &items, &unheard) < 0) {
		html_element(&page->html, "p", HTML_PLAIN, _("more than this page can show"));
		return;
	}
	html_open(&page->html, "ul", HTML_PLAIN);
	for (const struct json *item = json_first(items); item; item = json_next(item))
		put_item(page, detail, item);
	html_close(&page->html);
}

static void put_details(struct page *page, const struct panel_section *section, const void *row)
{
	for (const struct panel_detail *d = section->details; d->key; d++) {
		const struct portal_column column = column_of(section, d->key);
		const char *text = portal_column_text(&column, row);

		if (!text || !strcmp(text, "[]"))
			continue;
		html_element(&page->html, "h3", HTML_PLAIN, _(d->heading));
		put_items(page, d, text);
	}
}

static void put_cell(struct page *page, const struct portal_column *column, const void *row)
{
	const bool is_number =
		column->type == PORTAL_INT || portal_amount_text(&page->row, column, row) != NULL;

	html_open(&page->html, "td",
		HTML({ "class", is_number ? "number" : NULL }, { "dir", "auto" }));
	put_value(page, column, row);
	html_close(&page->html);
}

static int put_row(const struct panel_section *section, const void *row, void *arg)
{
	struct page *page = arg;
	const struct panel_column *columns = section->columns;
	const struct portal_column first = column_of(section, columns->key);

	arena_reset(&page->row);
	if (page->rows++ == 0)
		put_headings(page, section);
	html_open(&page->html, "tr", HTML_PLAIN);
	html_open(&page->html, "th", HTML({ "scope", "row" }, { "dir", "auto" }));
	put_value(page, &first, row);
	put_details(page, section, row);
	html_close(&page->html);
	for (const struct panel_column *c = columns + 1; c->key; c++) {
		const struct portal_column column = column_of(section, c->key);

		if (is_shown(page, c))
			put_cell(page, &column, row);
	}
	html_close(&page->html);
	return 0;
}

static const char *count_text(const struct page *page, int64_t count)
{
	if (!count)
		return _("nothing here yet");
	if (page->rows == count)
		return arena_printf(page->w->arena, _("in all: %lld"), (long long)count);
	return arena_printf(page->w->arena, _("the newest %lld of %lld"), (long long)page->rows,
		(long long)count);
}

static int put_end(const struct panel_section *section, int64_t count, void *arg)
{
	struct page *page = arg;
	struct html *html = &page->html;

	(void)section;
	if (page->rows) {
		html_close(html);
		html_close(html);
	}
	html_element(html, "p", HTML_PLAIN, count_text(page, count));
	html_close(html);
	return 0;
}

struct call {
	const char *company, *lang;
	struct portal_writer *writer;
};

static int put_page(struct page *page, const struct call *call, const struct panel_scope *scope)
{
	const struct panel_visitor visitor = { put_begin, put_row, put_end, page };
	const struct panel *panel = &scope->panel;
	const char *title =
		arena_printf(page->w->arena, "%s · %s", _("Client area"), panel->company_name);
	int r;

	page->panel = panel;
	html_begin(&page->html, call->writer, call->lang, title);
	html_open(&page->html, "main", HTML_PLAIN);
	html_element(&page->html, "h1", HTML({ "dir", "auto" }), title);
	html_open(&page->html, "p", HTML_PLAIN);
	html_text(&page->html, panel->company_tax_id);
	html_text(&page->html, " · ");
	html_time(&page->html, page->zone, panel->at);
	html_close(&page->html);
	r = panel_walk(page->w, scope, &visitor);
	html_end(&page->html);
	return r;
}

static int page_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct page page = {
		.w = w, .zone = work_zone(w), .row = { .out_of_memory = w->arena->out_of_memory }
	};
	struct panel_scope scope;
	int r = page.zone ? panel_find(w, call->company, &scope) : -(int)w->err->code;

	if (r >= 0)
		r = put_page(&page, call, &scope);
	arena_release(&page.row);
	return r;
}

int panel_page_write(struct portal *portal, const char *company, const char *lang,
	struct portal_writer *writer, struct portal_error *err)
{
	struct call call = { company, lang, writer };

	return work_read(portal, page_body, &call, err);
}
