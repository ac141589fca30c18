/* Lists that stream: a page of rows in one order, cut by a limit, continued by
 * an opaque cursor. Private to lib.
 *
 * Every noun has three statements for its list, by id, ascending and descending
 * by a sort key, that take ?1 the id to go on after, ?2 the limit, ?3 the sort
 * field ("id" too, whose key is ""), ?4 the key to go on after, and the noun's filters
 * from ?5 on. A sorted one gives its key as a column "_key", which is text; times in it
 * begin at @base@ (queries/list.sql), so that they sort as numbers. */
#ifndef LIB_LIST_H
#define LIB_LIST_H

#include "work.h"

struct list_statements {
	enum store_query by_id, ascending, descending;
};

/* A list being read.
 *
 * @row: what each row is read into, of @record.
 * @finish: fills the members of @row that no column holds; NULL: there are none. Its @w is
 *   that of the list with an arena for the row alone, which list_read() owns: what is made
 *   there lasts until @visit has returned. A failure ends the list before @visit sees the
 *   row.
 * @clock_arg: the number of the argument that is the time; 0: none is.
 * @args: set by list_read(). */
struct list {
	struct work *w;
	const struct portal_page *page;
	const struct portal_word *sorts; /* fields, "id" among them */
	struct list_statements statements;
	const struct portal_record *record;
	void *row;
	int (*finish)(struct work *w, void *row, void *arg);
	void *finish_arg;
	portal_visit *visit;
	void *visit_arg;
	struct portal_list_end *ret_end;
	int clock_arg;
	const struct store_value *args;
};

/* Room for the page's own arguments in front of a noun's filters. */
#define LIST_ARGS(...) \
	((struct store_value[]){ { .kind = 'i' }, { .kind = 'i' }, { .kind = 't' }, \
		{ .kind = 't' }, __VA_ARGS__, { .kind = 0 } })

/* Reads the list, in memory that does not grow with the rows. PORTAL_USAGE for a sort it
 * does not know, and for a cursor of another list or of other filters. */
int list_read(struct list *list, struct store_value *args);

/* "%text%" folded for a search in a *_norm column; "" for NULL. */
const char *list_pattern(struct work *w, const char *search);

/* The same for tax ids, which are stored without punctuation: people search for
 * them as they are printed. "" for what has no digit. */
const char *list_tax_id_pattern(struct work *w, const char *search);

#endif
