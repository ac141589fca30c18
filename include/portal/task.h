/* Tasks (S10): what the office does for a company: alone, in a project, as a step of
 * a process, or one of those that come again every month.
 *
 * The staff of the office do everything. Users of the company, and of its group,
 * see the tasks that are visible to clients, and may comment on them; all others are
 * PORTAL_NOT_FOUND to them, as if not there. Texts of results live in the portal's
 * arena. */
#ifndef PORTAL_TASK_H
#define PORTAL_TASK_H

#include <portal/portal.h>

/* One task. Texts that nobody gave are NULL.
 *
 * @company_tax_id, @company_name: for whom.
 * @ticket_number, @project_id, @process_id: what it comes from; NULL and none for one
 *   that stands alone.
 * @due_on: "2026-11-23".
 * @assignee_email, @assignee_name: who of the office does it.
 * @status: a word of task_statuses.
 * @progress_percent: the share of the checklist that is done; 100 of a done task, 0 of
 *   another one without a checklist.
 * @checklist: [{"number":1,"text":"…","done":false},…]; numbers count from 1 and stay.
 * @waits_for: [7,…], the ids of the steps to be done first that are still open.
 * @comments: [{"id":1,"at":"…","author_name":"…","author_email":"…","internal":false,
 *   "body":"…"},…], the oldest first; the office sees the internal ones alone.
 * @attachments: [{"id":1,"position":1,"name":"…","media_type":"…","size_bytes":1,
 *   "sha256":"…"},…]; positions count from 1.
 * @recurrence_id, @competence: of one that comes again: by which rule, and for which
 *   month ("2026-10").
 * @started_at, @ended_at: when it was begun; when it was done or cancelled. */
struct task {
	int64_t id;
	const char *title;
	const char *description;
	const char *company_tax_id;
	const char *company_name;
	const char *ticket_number;
	portal_id project_id;
	portal_id process_id;
	const char *due_on;
	const char *assignee_email;
	const char *assignee_name;
	const char *status;
	int64_t progress_percent;
	portal_json checklist;
	portal_json waits_for;
	portal_json comments;
	portal_json attachments;
	bool visible_to_client;
	portal_id recurrence_id;
	const char *competence;
	portal_time created_at;
	portal_time updated_at;
	portal_time started_at;
	portal_time ended_at;
};
extern const struct portal_record task_record;

/* todo, doing: the task is open; done, cancelled: it has ended, and its checklist can't be
 * changed any more */
extern const struct portal_word task_statuses[];

/* What a due date does that is no working day: none, next, previous. */
extern const struct portal_word task_rolls[];

/* By which calendar: national, banking (moreover Carnaval's Monday and Tuesday and
 * Corpus Christi), labour (national, but Saturdays are working days). */
extern const struct portal_word task_calendars[];

/* How often a task comes again: month, quarter, year: every month, every third and every
 * twelfth one, counted from the first competence. */
extern const struct portal_word task_periods[];

/* A task that comes again; NULL and 0: not given.
 *
 * @every: a word of task_periods; required for the others to mean something.
 * @day: of the month, 1 to 31; where a month is shorter, its last day.
 * @working_day: instead of @day: "1" to "23", or "last".
 * @months_after: how many months after its competence it falls due, 0 to 12, as
 *   digits; NULL: 1.
 * @competence: the first one, "2026-10"; NULL: the month that it is now. With a
 *   period longer than a month it is the last month of the period.
 * @until: the last one; NULL: without an end. */
struct task_repeat {
	const char *every;
	int64_t day;
	const char *working_day;
	const char *months_after;
	const char *competence;
	const char *until;
};

/* A new task.
 *
 * @title: required, at most 300 bytes; of one that comes again, {competence} in it
 *   becomes the month.
 * @company: tax id or id; NULL: that of the ticket.
 * @description: several lines are fine; at most 64 KiB.
 * @ticket: number or id of the ticket it comes from, of that company; NULL: none.
 * @project: id of a project of that company, or 0.
 * @due_on: "2026-11-20"; @roll and @calendar move it, and those of @repeat; NULL: none,
 *   national.
 * @assignee: e-mail of an active user of the office, who is mailed.
 * @items: @item_count texts, the checklist; at most TASK_ITEMS_MAX.
 * @visible: may the client see it? */
struct task_request {
	const char *title;
	const char *company;
	const char *description;
	const char *ticket;
	int64_t project;
	const char *due_on;
	const char *roll;
	const char *calendar;
	const char *assignee;
	const char *const *items;
	int64_t item_count;
	bool visible;
	struct task_repeat repeat;
};

enum { TASK_ITEMS_MAX = 200 };

/* Adds a task; of one that comes again the first, and the rule by which
 * portal_do_due() makes the others: each one from the day on that follows its
 * competence, or from a week before it falls due where that is earlier, and exactly once.
 * Returns 1. All faults of the request at once. */
int task_add(struct portal *portal, const struct task_request *request, struct task *ret_task,
	struct portal_error *err);

/* Finds one, with its checklist, comments and files. PORTAL_NOT_FOUND, also for one that
 * is not the actor's to see. */
int task_show(struct portal *portal, int64_t id, struct task *ret_task, struct portal_error *err);

/* What to change of a task. NULL leaves a field as it is; "" clears one that may be
 * empty. The company a task is for never changes, since its users may have read of it,
 * nor the ticket or process it comes from.
 *
 * @id: which.
 * @title, @description, @assignee, @roll, @calendar: as in a request; the latter two
 *   go with @due_on.
 * @due_on: whoever is responsible is reminded anew.
 * @status: a word of task_statuses; the way to correct one, from any to any.
 * @visible: "yes" or "no".
 * @project: id of a project as digits.
 * @items, @item_count: more items for its checklist.
 * @until: of one that comes again: the last competence; one that is over ends it. */
struct task_change {
	int64_t id;
	const char *title;
	const char *description;
	const char *due_on;
	const char *roll;
	const char *calendar;
	const char *assignee;
	const char *status;
	const char *visible;
	const char *project;
	const char *const *items;
	int64_t item_count;
	const char *until;
};

/* Who sees a task besides the office. yes: the client too, with its checklist, files and
 * open comments; no: to the client it is not there (P1), nor in lists, counts or what
 * refers to it. */
extern const struct portal_word task_visibilities[];

/* 1: changed; 0: it was so. Fails as task_add() and task_start() do. */
int task_set(struct portal *portal, const struct task_change *change, struct task *ret_task,
	struct portal_error *err);

/* Begins a task; does it, whatever its checklist says; gives it up. What comes again
 * does so all the same. 1: so now; 0: it was so. PORTAL_WRONG_STATE for
 * one that has ended otherwise, for the first two also where it waits for other steps of
 * its process, and where that was cancelled. The last step that ends, ends its
 * process. */
int task_start(struct portal *portal, int64_t id, struct task *ret_task, struct portal_error *err);
int task_done(struct portal *portal, int64_t id, struct task *ret_task, struct portal_error *err);
int task_cancel(struct portal *portal, int64_t id, struct task *ret_task, struct portal_error *err);

/* Ticks an item of the checklist of a task, by its number, or unticks it; the progress
 * follows, the status does not. 1: so now;
 * 0: it was so. PORTAL_WRONG_STATE for a task that has ended. */
enum task_tick { TASK_UNTICKED, TASK_TICKED };
int task_check(struct portal *portal, int64_t id, int64_t item, enum task_tick tick,
	struct task *ret_task, struct portal_error *err);

/* Something said about a task or a project.
 *
 * @id: of the task or project.
 * @body: several lines are fine; at most 64 KiB, not empty.
 * @internal: for the office alone. */
struct task_comment {
	int64_t id;
	const char *body;
	bool internal;
};

/* Adds a comment, to a task that has ended too. Of a client's the person responsible is
 * mailed, where there is none the admins of the office, who also get a notification; of
 * the office's, unless it is internal or the task not visible to the client, the
 * company's admins. Returns 1. */
int task_add_comment(struct portal *portal, const struct task_comment *comment,
	struct task *ret_task, struct portal_error *err);

/* Adds files to a task: the @count regular files at @paths, at most TASK_FILES_MAX. The
 * bytes are kept once, by content (S8). Returns 1. PORTAL_FAILURE for what can't be
 * read, PORTAL_INVALID_INPUT for what is no file or too big for the setting
 * attachment_max_mb. */
enum { TASK_FILES_MAX = 50 };
int task_attach(struct portal *portal, int64_t id, const char *const *paths, int64_t count,
	struct task *ret_task, struct portal_error *err);

/* A file of a task.
 *
 * @task_id: whose. @position: from 1, as the task's attachments show it.
 * @name: what it was called, never a path. @media_type: by its content. */
struct task_attachment {
	int64_t task_id;
	int64_t position;
	const char *name;
	const char *media_type;
	int64_t size_bytes;
	const char *sha256;
};
extern const struct portal_record task_attachment_record;

/* Writes a file of a task to @path, byte for byte and whole or not at all.
 * PORTAL_NOT_FOUND; PORTAL_DAMAGED where the bytes kept are not what they were. */
int task_fetch(struct portal *portal, int64_t id, int64_t position, const char *path,
	struct task_attachment *ret_attachment, struct portal_error *err);

/* The same, open for reading from its start as @ret_fd; the caller closes it. */
int task_attachment_open(struct portal *portal, int64_t id, int64_t position,
	struct task_attachment *ret_attachment, int *ret_fd, struct portal_error *err);

/* Which tasks a list gives; NULL and 0: any. What is given must all hold.
 *
 * @company: tax id or id.
 * @status: a word of task_filter_statuses.
 * @assignee: e-mail of a user of the office.
 * @due_before, @due_after: dates, themselves not among them; tasks without a due date
 *   are on neither side.
 * @ticket: number or id. @project, @process: ids.
 * @visible: "yes" or "no".
 * @search: part of the title; case and accents ignored.
 * @page: where to begin, how many, in which order. */
struct task_filter {
	const char *company;
	const char *status;
	const char *assignee;
	const char *due_before;
	const char *due_after;
	const char *ticket;
	int64_t project;
	int64_t process;
	const char *visible;
	const char *search;
	struct portal_page page;
};

/* those of task_statuses, and open: todo and doing */
extern const struct portal_word task_filter_statuses[];

/* The fields that page.sort takes: id title due_on created_at updated_at. Titles are
 * ordered without case and accents; tasks without a due date come after the others. */
extern const struct portal_word task_sorts[];

/* Gives each task that the actor may see to @visit with @arg, by id unless the page says
 * otherwise: all to the office's staff, to others the visible ones of their own company
 * and its group. */
int task_list(struct portal *portal, const struct task_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
