/* The client's panel (P1): all that a company sees of the office's work for it, gathered at
 * one time: projects, tasks, sales, tickets, documents. What it shows is what the lists of
 * those nouns show to the company's users, by their own rules; nothing is decided here.
 *
 * The office sees a company's panel as an admin of that company does: without internal
 * comments, hidden tasks and drafts. So it can be handed on. */
#ifndef PORTAL_PANEL_H
#define PORTAL_PANEL_H

#include <portal/portal.h>
#include <portal/writer.h>

/* Of each section the newest records are shown, at most so many. */
enum { PANEL_ROWS_MAX = 20 };

/* One panel. Texts live in the portal's arena.
 *
 * What a record of a section has, and what of it the reader sees, is said where its noun
 * is: project.h, task.h, sale.h, ticket.h, document.h.
 *
 * @company_tax_id, @company_name: whose.
 * @whole_group: the records of the companies of its group are among them (U10).
 * @at: when it was so.
 * @projects: those that are worked on; @tasks: those that are visible to the client;
 *   @sales: those that were sent; @tickets: in any state; @documents: those that are
 *   published. Each is a JSON array of records of the noun, the newest first; null where
 *   the reader's company has switched the section off (U5).
 * @project_count and so on: how many there are of them, shown or not; null as the array. */
struct panel {
	const char *company_tax_id;
	const char *company_name;
	bool whole_group;
	portal_time at;
	portal_json projects;
	portal_json project_count;
	portal_json tasks;
	portal_json task_count;
	portal_json sales;
	portal_json sale_count;
	portal_json tickets;
	portal_json ticket_count;
	portal_json documents;
	portal_json document_count;
};
extern const struct portal_record panel_record;

/* What people see of a record: the field's key, and a heading to be translated. A list of
 * them ends with a NULL key. */
struct panel_column {
	const char *key;
	const char *heading;
};

/* What belongs to a record and stands below it: the key of a JSON array of objects, the
 * heading of it, to be translated, and the member of each that people read. A list of them
 * ends with a NULL key. */
struct panel_detail {
	const char *key;
	const char *heading;
	const char *member;
};

/* A section, as it is drawn: which records of the panel belong together, what of them is
 * shown, and under what words. Constant.
 *
 * @title: to be translated. @record: of its rows.
 * @columns: the first one names the row; "company_name" counts for a whole group alone.
 * @details: of a row; only where there is room.
 * @rows, @count: where the members are in a struct panel. */
struct panel_section {
	const char *title;
	const struct portal_record *record;
	const struct panel_column *columns;
	const struct panel_detail *details;
	size_t rows, count;
};

/* Told of each section that the actor may see, with its rows, the newest first, and its
 * whole count; all with @arg. 0 to go on; a negative result ends the panel and is what
 * panel_visit() returns. The row is gone after the call. None may call back into the
 * portal. @panel says whose it is; its arrays and counts are not there yet. */
struct panel_visitor {
	int (*begin)(const struct panel *panel, const struct panel_section *section, void *arg);
	int (*row)(const struct panel_section *section, const void *row, void *arg);
	int (*end)(const struct panel_section *section, int64_t count, void *arg);
	void *arg;
};

/* The panel of @company, a tax id or id: of the own company, or one of its group.
 * NULL: of the own company and its group, as in lists; the office must name one
 * (PORTAL_USAGE). PORTAL_NOT_FOUND for a company that is neither, as if it were not there.
 * All of it is read in one transaction, and nothing is changed: tickets stay unread,
 * documents unopened. A section that is switched off is no denial, and none is recorded. */
int panel_show(struct portal *portal, const char *company, struct panel *ret_panel,
	struct portal_error *err);

/* The same row by row, for whoever shows it in another form: each section in turn, in the
 * order of the members of struct panel; the arrays and counts of @ret_panel stay NULL. */
int panel_visit(struct portal *portal, const char *company, const struct panel_visitor *visitor,
	struct panel *ret_panel, struct portal_error *err);

/* The same as one page for a browser, which has all it needs in itself, runs nothing and
 * fetches nothing. @lang is the language of its texts as HTML names it ("pt-BR"); times are
 * those of the portal's zone. Nothing is written where there is no such panel. Whether all
 * could be written the writer knows. */
int panel_page_write(struct portal *portal, const char *company, const char *lang,
	struct portal_writer *writer, struct portal_error *err);

#endif
