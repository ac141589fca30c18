/* Projects (S10): what the office works on for a company, of which tasks are a part.
 * The staff of the office do everything; users of the company, and of its group, see
 * them and may comment. Texts of results live in the portal's arena. */
#ifndef PORTAL_PROJECT_H
#define PORTAL_PROJECT_H

#include <portal/portal.h>
#include <portal/task.h>

/* One project. Texts that nobody gave are NULL.
 *
 * @company_tax_id, @company_name: for whom.
 * @status: a word of project_statuses.
 * @progress_percent: the mean of its tasks that were not cancelled and that the one who
 *   asks may see; without any, 100 of a closed project and 0 of an open one.
 * @comments: a JSON array, as those of a task.
 * @closed_at: none of an open one. */
struct project {
	int64_t id;
	const char *name;
	const char *description;
	const char *company_tax_id;
	const char *company_name;
	const char *status;
	int64_t progress_percent;
	portal_json comments;
	portal_time created_at;
	portal_time updated_at;
	portal_time closed_at;
};
extern const struct portal_record project_record;

/* open: worked on; closed: over, which gets no more tasks */
extern const struct portal_word project_statuses[];

/* A new project.
 *
 * @name: required, at most 300 bytes.
 * @company: tax id or id, required.
 * @description: several lines are fine; at most 64 KiB; NULL: none. */
struct project_request {
	const char *name;
	const char *company;
	const char *description;
};

/* Adds a project; two of one name are two projects. Returns 1. All faults of the request
 * at once: PORTAL_INVALID, _TEXT; PORTAL_NOT_FOUND: no such company. */
int project_add(struct portal *portal, const struct project_request *request,
	struct project *ret_project, struct portal_error *err);

/* Finds one. PORTAL_NOT_FOUND, also for one of a company that is not the actor's to
 * see. */
int project_show(
	struct portal *portal, int64_t id, struct project *ret_project, struct portal_error *err);

/* What to change of a project. NULL leaves a field as it is; the company a project is
 * for never changes, since its users have read of it.
 *
 * @id: which.
 * @name, @description: as in a request; "" clears the latter.
 * @status: a word of project_statuses; "open" opens a closed one again. */
struct project_change {
	int64_t id;
	const char *name;
	const char *description;
	const char *status;
};

/* 1: changed; 0: it was so. Fails as project_add() and project_close() do. */
int project_set(struct portal *portal, const struct project_change *change,
	struct project *ret_project, struct portal_error *err);

/* Closes a project, which stays in the lists with its tasks and comments and gets no more
 * tasks until project_set() opens it again. 1: closed; 0: it was so. PORTAL_WRONG_STATE
 * while it has tasks that are neither done nor cancelled. */
int project_close(
	struct portal *portal, int64_t id, struct project *ret_project, struct portal_error *err);

/* Adds a comment, of a closed project too. The other side is told: of a client's the
 * admins of the office, of the office's, unless it is internal, those of the company.
 * Returns 1. */
int project_add_comment(struct portal *portal, const struct task_comment *comment,
	struct project *ret_project, struct portal_error *err);

/* Which projects a list gives; NULL: any. What is given must all hold. The progress of
 * each is counted as project_show() does.
 *
 * @company: tax id or id.
 * @status: a word of project_statuses.
 * @search: part of the name; case and accents ignored.
 * @page: where to begin, how many, in which order. */
struct project_filter {
	const char *company;
	const char *status;
	const char *search;
	struct portal_page page;
};

/* The fields that page.sort takes: id name created_at updated_at. Names are ordered
 * without case and accents. */
extern const struct portal_word project_sorts[];

/* Gives each project that the actor may see to @visit with @arg, by id unless the page
 * says otherwise: all to the office's staff, to others those of their own company and
 * its group. */
int project_list(struct portal *portal, const struct project_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
