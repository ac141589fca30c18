/* Saved filters as lists of tickets need them. Private to lib. */
#ifndef LIB_FILTER_PRIVATE_H
#define LIB_FILTER_PRIVATE_H

#include <portal/filter.h>
#include <portal/ticket.h>

#include "work.h"

/* Puts the options of the filter that @f names (f->saved; NULL: none) into those that @f
 * leaves open: what was typed counts before what was saved. */
int filter_apply(struct work *w, struct ticket_filter *f);

#endif
