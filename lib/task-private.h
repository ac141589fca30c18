/* Tasks as the other nouns of lib need them. */
#ifndef LIB_TASK_PRIVATE_H
#define LIB_TASK_PRIVATE_H

#include <portal/company.h>
#include <portal/task.h>

#include "work.h"

/* A task as it was found: first what is shown, then what stands behind it. */
struct task_row {
	struct task task;
	int64_t company_id;
	portal_id assignee_id;
};
extern const struct portal_record task_row_record;

/* The task with this id, with its checklist and comments: 1, 0, negative. */
int task_by_id(struct work *w, int64_t id, struct task_row *ret);

/* Finds the task and asks whether the actor may do @action. */
int task_need(struct work *w, const char *action, int64_t id, struct task_row *ret);

/* What a task waits for, as a JSON array of ids. */
int task_waits_json(struct work *w, int64_t id, portal_json *ret);

/* A task about to be written; everything is checked. @items is a portal_list. @step is
 * NULL but in a process. */
struct task_draft {
	int64_t company_id;
	portal_id ticket_id, project_id, process_id, recurrence_id, assignee_id, step;
	const char *title, *description, *due_on, *competence;
	portal_list items;
	bool visible;
};

/* Writes a checked draft as a new row, with the audit row, and tells the assignee. */
int task_insert(struct work *w, const struct task_draft *draft, int64_t *ret_id);

/* Writes more items behind those a task has. */
int task_add_items(struct work *w, int64_t id, portal_list items);

/* Checks the texts of a checklist and makes a list of them. */
int task_items_check(struct work *w, const char *const *items, int64_t count, portal_list *ret);

/* A title: given, clean, not too long; @title becomes its normal form. */
int task_check_title(struct work *w, const char **title);

/* The user of the office with this e-mail, who must be active; none for NULL and "". */
int task_find_assignee(struct work *w, const char *email, portal_id *ret);

/* For whom a task or a process is, and from which ticket: one of the two names it, both
 * must agree. Asks whether the actor may do @action for that company. */
struct task_origin {
	struct company company;
	portal_id ticket_id;
};
int task_find_origin(struct work *w, const char *action, const char *company, const char *ticket,
	struct task_origin *ret);

/* The ticket that a filter names, which the actor may see; 0 for NULL. */
int task_filter_ticket(struct work *w, const char *ticket, int64_t *ret_id);

/* The project, which must be open and of that company; none for 0. */
int task_find_project(struct work *w, int64_t id, int64_t company_id, portal_id *ret);

/* How a status may be left: as the verbs do it, or from any to any. */
enum task_passing { TASK_BY_VERB, TASK_CORRECTED };

/* Gives a task a status, with the audit row as @action, and its process what follows.
 * 1: changed; 0: it was so. */
int task_put_status(struct work *w, const char *action, const struct task_row *row,
	const char *status, enum task_passing passing);

/* May it? PORTAL_WRONG_STATE. */
int task_check_passing(
	struct work *w, const struct task_row *row, const char *status, enum task_passing passing);

/* Is it done or cancelled? And the failure that says so, PORTAL_WRONG_STATE. */
bool task_is_end(const char *status);
int task_ended(struct work *w, const struct task_row *row);

/* Has the checklist room for @count more? PORTAL_INVALID. */
int task_items_room(struct work *w, int64_t id, int64_t count);

/* Gives the caller the task as it is now, unless @changed is a failure; returns that. */
int task_give(struct work *w, int64_t id, int changed, struct task *ret);

/* Mails whom the task was given to, unless that is the actor; also that it waits no more,
 * where it is a step of which that was told to nobody. */
int task_tell_assigned(struct work *w, const struct task_row *row);

/* After this task ended: mails whoever is responsible for the steps of its process that
 * waited for it, and wait for nothing any more; once a step, and not the actor. Where
 * nobody is, task_tell_assigned() does it later. */
int task_tell_freed(struct work *w, int64_t ended_id);

/* Mails the one responsible that the day is near: 1 the day before, 2 on the day, 3
 * overdue. */
int task_tell_due(struct work *w, const struct task_row *row, int64_t stage);

/* Tells the other side of a comment. */
int task_tell_comment(
	struct work *w, const struct task_row *row, const struct task_comment *comment);

/* Mails whoever is responsible for a task that is due, once a stage, in short
 * transactions. Returns how many, or negative. */
int task_remind(struct portal *portal, struct portal_error *err);

#endif
