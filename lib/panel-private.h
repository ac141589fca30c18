/* The parts of a panel, for whoever shows it within a transaction. */
#ifndef LIB_PANEL_PRIVATE_H
#define LIB_PANEL_PRIVATE_H

#include <portal/panel.h>

#include "work.h"

/* A panel that is found: whose it is; the id it is narrowed to, NULL for a whole group; and
 * by whose rights it is read. */
struct panel_scope {
	struct panel panel;
	const char *company;
	struct actor reader;
};

/* Finds the panel of @named, as panel_show() says. */
int panel_find(struct work *w, const char *named, struct panel_scope *ret);

/* Reads it. */
int panel_walk(
	struct work *w, const struct panel_scope *scope, const struct panel_visitor *visitor);

#endif
