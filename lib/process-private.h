/* Processes and templates as the other nouns of lib need them. */
#ifndef LIB_PROCESS_PRIVATE_H
#define LIB_PROCESS_PRIVATE_H

#include <portal/process.h>

#include "base/buf.h"
#include "work.h"

/* A step of a template. @offset_days: after the start, of the kind that @working says;
 * no due date where @has_due is not set. @needs: the numbers, from 0, of @need_count
 * steps before it that must end first; their titles, one a line, are @after. */
struct process_step {
	const char *title, *assignee, *roll, *calendar;
	portal_list checklist, after;
	int64_t offset_days;
	bool has_due, working, visible;
	size_t *needs;
	size_t need_count;
};

/* A template as it was read. */
struct process_plan {
	const char *name;
	struct process_step *steps;
	size_t count;
};

/* Reads a document; see process_template_add() for how it fails. What is in @ret lives in
 * @arena. That titles and items are fit for tasks is checked here too, that an
 * assignee is there when the process starts. */
int process_plan_read(struct arena *arena, const struct process_document *document,
	struct process_plan *ret, struct portal_error *err);

/* A template as it is kept. */
struct process_template_row {
	struct process_template template;
	const char *source;
};

/* Finds a template by name or id, and reads it; PORTAL_NOT_FOUND. */
int process_template_need(struct work *w, const char *named, struct process_template_row *ret,
	struct process_plan *plan);

/* A process as it was found, and whose it is. @final: process_cancel() ended it, not the
 * last of its steps. */
struct process_row {
	struct process process;
	int64_t company_id;
	bool final;
};

/* The process with this id, with its steps: 1, 0, negative. */
int process_by_id(struct work *w, int64_t id, struct process_row *ret);

/* Finds the process and asks whether the actor may do @action. */
int process_need(struct work *w, const char *action, int64_t id, struct process_row *ret);

/* 0, or -PORTAL_WRONG_STATE for a process that was cancelled for good. */
int process_check_running(struct work *w, int64_t id);

/* After a step of it began or ended: the process is done with its last open step, and
 * runs again when one is opened again. */
int process_settle(struct work *w, int64_t id);

#endif
