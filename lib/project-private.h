/* Projects as the other nouns of lib need them. */
#ifndef LIB_PROJECT_PRIVATE_H
#define LIB_PROJECT_PRIVATE_H

#include <portal/project.h>

#include "work.h"

/* A project as it was found, and whose it is. */
struct project_row {
	struct project project;
	int64_t company_id;
};

/* The project with this id: 1, 0, negative. */
int project_by_id(struct work *w, int64_t id, struct project_row *ret);

/* Finds the project and asks whether the actor may do @action. */
int project_need(struct work *w, const char *action, int64_t id, struct project_row *ret);

/* Gives the caller the project as it is now, unless @changed is a failure; returns that. */
int project_give(struct work *w, int64_t id, int changed, struct project *ret);

#endif
