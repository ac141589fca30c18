/* portalctl panel [show]: what a client sees, on one page. */
#include <portal/panel.h>

#include <string.h>

#include <portal/arena.h>

#include "cli/cli.h"
#include "cli/draw.h"
#include "cli/table.h"
#include "cli/text.h"

enum { COLUMNS_MAX = 8 };

/* What has come of the section at hand: headings, then rows of as many cells. */
struct sheet {
	struct reply *reply;
	const struct panel_section *section;
	bool whole_group;
	int64_t rows, count, sections;
	const void *row;
	const char *cells[PANEL_ROWS_MAX][COLUMNS_MAX];
};

static bool is_shown(const struct sheet *sheet, const struct panel_column *column)
{
	return sheet->whole_group || strcmp(column->key, "company_name") != 0;
}

static int begin_section(const struct panel *panel, const struct panel_section *section, void *arg)
{
	struct sheet *sheet = arg;

	sheet->section = section;
	sheet->whole_group = panel->whole_group;
	sheet->rows = 0;
	sheet->sections++;
	return 0;
}

static const char *cell(const struct drawing *d, const struct sheet *sheet, const char *key)
{
	const struct portal_field *field = portal_record_field(sheet->section->record, key);
	const struct portal_column column = { .field = field, .type = field->type };

	return human_value(d->human, d->arena, &column, sheet->row);
}

/* The drawing's arena and its human are at hand only while something is drawn. */
static void keep_cells(const struct drawing *d, const void *arg)
{
	struct sheet *sheet = *(struct sheet *const *)arg;
	const char **cells = sheet->cells[sheet->rows++];

	for (const struct panel_column *c = sheet->section->columns; c->key; c++)
		if (is_shown(sheet, c))
			*cells++ = arena_strdup(reply_arena(sheet->reply), cell(d, sheet, c->key));
}

static int add_row(const struct panel_section *section, const void *row, void *arg)
{
	struct sheet *sheet = arg;

	(void)section;
	sheet->row = row;
	reply_draw(sheet->reply, keep_cells, &sheet);
	return 0;
}

static enum table_column side(const struct panel_section *section, const char *key)
{
	const unsigned flags = portal_record_field(section->record, key)->flags;

	return flags & PORTAL_FIELD_RIGHT ? TABLE_RIGHT : TABLE_LEFT;
}

static void draw_rows(const struct drawing *d, const struct sheet *sheet)
{
	const struct table_style style = { .color = d->color };
	struct portal_error unheard = { 0 };
	struct table *table;

	if (table_open(&table, d->writer, &style, &unheard) < 0)
		return;
	for (const struct panel_column *c = sheet->section->columns; c->key; c++)
		if (is_shown(sheet, c))
			table_add_column(table, _(c->heading), side(sheet->section, c->key));
	for (int64_t i = 0; i < sheet->rows; i++)
		table_add_row(table, sheet->cells[i]);
	table_end(table, &unheard);
	table_close(table);
}

static void draw_section(const struct drawing *d, const void *arg)
{
	const struct sheet *sheet = arg;

	portal_put(d->writer, sheet->sections > 1 ? "\n" : "");
	portal_put(d->writer, d->color ? "\033[1m" : "");
	portal_put(d->writer, _(sheet->section->title));
	portal_put(d->writer, d->color ? "\033[0m" : "");
	portal_put(d->writer, " (");
	if (sheet->rows < sheet->count) {
		portal_put(d->writer, arena_printf(d->arena, _("the newest %lld of %lld"),
					      (long long)sheet->rows, (long long)sheet->count));
	} else {
		portal_put_int(d->writer, sheet->count);
	}
	portal_put(d->writer, ")\n");
	draw_rows(d, sheet);
}

static int end_section(const struct panel_section *section, int64_t count, void *arg)
{
	struct sheet *sheet = arg;

	(void)section;
	sheet->count = count;
	reply_draw(sheet->reply, draw_section, sheet);
	return 0;
}

static void draw_nothing(const struct drawing *d, const void *row)
{
	(void)row;
	portal_put(d->writer, _("no section is switched on for you"));
	portal_put(d->writer, "\n");
}

struct show_args {
	const char *company;
};

static int draw_panel(
	struct portal *portal, const char *company, struct reply *reply, struct portal_error *err)
{
	struct sheet *sheet = arena_alloc(reply_arena(reply), sizeof(*sheet));
	const struct panel_visitor visitor = { begin_section, add_row, end_section, sheet };
	struct panel panel;
	int r;

	memset(sheet, 0, sizeof(*sheet));
	sheet->reply = reply;
	r = panel_visit(portal, company, &visitor, &panel, err);
	if (r < 0)
		return r;
	if (!sheet->sections)
		reply_draw(reply, draw_nothing, &panel);
	reply_show(reply, &panel_record, &panel);
	return 0;
}

static int show_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct show_args *args = raw;
	struct panel panel;
	int r;

	if (reply_is_drawn(reply))
		return draw_panel(portal, args->company, reply, err);
	r = panel_show(portal, args->company, &panel, err);
	if (r >= 0)
		reply_show(reply, &panel_record, &panel);
	return r;
}

static int page_run(
	struct portal *portal, const void *raw, struct reply *reply, struct portal_error *err)
{
	const struct show_args *args = raw;

	return panel_page_write(
		portal, args->company, reply_html_language(reply), reply_writer(reply), err);
}

#define PANEL_EXAMPLE \
	"portalctl company add 11222333000181 --name 'Alfa Ltda.' && " \
	"portalctl project add 'Abertura' --company 11222333000181 && "

static const struct command show = {
	.noun = "panel",
	.verb = "show",
	.summary = N_("Show what a client sees: projects, tasks, sales, tickets, documents"),
	.permission = "panel.show",
	.needs = NEEDS_READ,
	.flags = COMMAND_USUAL,
	.args_size = sizeof(struct show_args),
	.options =
		(const struct arg[]){
			COMPANY_OPTION(struct show_args, company,
				.help = N_("whose panel; default: that of the own company and its "
					   "group")),
			END_OF_LIST,
		},
	.prints = &panel_record,
	.examples =
		(const struct example[]){
			{ PANEL_EXAMPLE "portalctl panel show --company 11222333000181",
				N_("the newest of each, and how many there are") },
			{ PANEL_EXAMPLE
				"portalctl panel show --company 11222333000181 --format html "
				"> panel.html",
				N_("the same as a page to send or to keep") },
			{ NULL },
		},
	.run = show_run,
	.page = page_run,
};

const struct noun noun_panel = {
	.name = "panel",
	.summary = N_("The client's panel: all that a company sees, on one page"),
	.verbs = (const struct command *const[]){ &show, NULL },
};
