/* Tasks that come again (S10): the rule of the due date, and making the next one.
 * Private to lib. */
#ifndef LIB_RECURRENCE_PRIVATE_H
#define LIB_RECURRENCE_PRIVATE_H

#include <portal/task.h>

#include "task-private.h"
#include "work.h"

/* A rule as it is kept. @checklist: one item a line. @working_day: -1 is the last.
 * @competence: the next to be made; @make_on: from which day on, NULL: never, or
 * not while the company is disabled. */
struct recurrence {
	int64_t id, company_id;
	portal_id project_id, assignee_id;
	const char *title, *description, *checklist;
	bool visible_to_client;
	int64_t every_months, months_after, day, working_day;
	const char *roll, *calendar, *competence, *until, *make_on;
};

/* Does the request ask for a task that comes again? */
bool recurrence_is_asked(const struct task_repeat *repeat);

/* Checks what was asked for; the rule's own fields of @ret are filled. PORTAL_USAGE for
 * options that do not go together, PORTAL_INVALID and _TIME. */
int recurrence_check(struct work *w, const struct task_request *request, struct recurrence *ret);

/* Writes a checked rule, and makes its first task. */
int recurrence_begin(struct work *w, struct recurrence *rule, int64_t *ret_task_id);

/* Gives the rule another end, with the audit row. 1: changed; 0: it was so. */
int recurrence_end(struct work *w, int64_t id, const char *until);

/* Nothing comes again for a company that is disabled; when it is enabled, what was due
 * meanwhile is passed over but for the newest of each rule, with an audit row. */
int recurrence_pause(struct work *w, int64_t company_id);
int recurrence_resume(struct work *w, int64_t company_id);

/* Makes every task whose day has come, in short transactions. Returns how many, or
 * negative. */
int recurrence_run(struct portal *portal, struct portal_error *err);

#endif
