/* Processes (S11): a template names ordered steps; starting one makes a task of each.
 * Templates and the starting are the office's. Users of the company, and of its group,
 * see those processes of which a step is visible to clients, and of them those steps.
 * Texts of results live in the portal's arena. */
#ifndef PORTAL_PROCESS_H
#define PORTAL_PROCESS_H

#include <stddef.h>

#include <portal/portal.h>

/* One template.
 *
 * @name: no two have one.
 * @steps: [{"title":"…","offset_days":0,"days":"working","calendar":"national",
 *   "roll":"none","assignee":null,"checklist":[…],"visible":false,"after":["…"]},…]
 * @created_at: when it was added. */
struct process_template {
	int64_t id;
	const char *name;
	portal_json steps;
	portal_time created_at;
};
extern const struct portal_record process_template_record;

/* Most bytes of a template's document, and most steps of one. */
enum { PROCESS_TEMPLATE_MAX_BYTES = 256 * 1024, PROCESS_STEPS_MAX = 100 };

/* A document in YAML or JSON: @len bytes, and its path for messages:
 *
 *   name: Abertura de empresa
 *   steps:
 *     - title: Consultar o nome
 *       offset_days: 2          # after the start; 0 where not given
 *       days: working           # or calendar, where not given
 *       calendar: national      # or banking, labour
 *       roll: none              # or next, previous
 *       assignee: ana@office.example
 *       visible: yes
 *       checklist: [Pedir os nomes, Registrar]
 *     - title: Registrar na Junta
 *       after: Consultar o nome # or a list: what must be done first
 *
 * @if_not_exists: that there is one of this name is no failure. */
struct process_document {
	const char *path;
	const char *bytes;
	size_t len;
	bool if_not_exists;
};

/* Adds a template. 1: added; 0: exists and @if_not_exists. All faults at once, each with
 * line and column: PORTAL_INVALID_INPUT for the language and unknown keys,
 * PORTAL_INVALID for what breaks a rule. PORTAL_EXISTS for a name that is taken. */
int process_template_add(struct portal *portal, const struct process_document *document,
	struct process_template *ret_template, struct portal_error *err);

/* Finds one by name or id; takes one away, which leaves running processes as they
 * are (1; 0: there was none and @missing lets it pass, with a zero @ret_template). */
enum process_missing { PROCESS_MISSING_FAILS, PROCESS_MISSING_IGNORED };
int process_template_show(struct portal *portal, const char *named,
	struct process_template *ret_template, struct portal_error *err);
int process_template_remove(struct portal *portal, const char *named, enum process_missing missing,
	struct process_template *ret_template, struct portal_error *err);

/* Which templates a list gives. @search: part of the name; case and accents ignored. */
struct process_template_filter {
	const char *search;
	struct portal_page page;
};

/* The fields that page.sort takes: id name. */
extern const struct portal_word process_template_sorts[];

/* Gives each template to @visit with @arg. PORTAL_DENIED for who is no user of the
 * office. */
int process_template_list(struct portal *portal, const struct process_template_filter *filter,
	portal_visit *visit, void *arg, struct portal_list_end *ret_end, struct portal_error *err);

/* One process.
 *
 * @template: the name of what it was started from.
 * @company_tax_id, @company_name: for whom. @ticket_number: from which ticket, or NULL.
 * @status: a word of process_statuses.
 * @progress_percent: how many of its steps are done, of those that were not cancelled; of
 *   a process that was cancelled, of all.
 * @steps: [{"task_id":1,"title":"…","status":"todo","due_on":null,"assignee_email":null,
 *   "progress_percent":0,"waits_for":[…]},…], in their order; the ones alone that the one
 *   who asks may see.
 * @ended_at: when the last step ended, or it was cancelled. */
struct process {
	int64_t id;
	const char *template;
	const char *company_tax_id;
	const char *company_name;
	const char *ticket_number;
	const char *status;
	int64_t progress_percent;
	portal_json steps;
	portal_time started_at;
	portal_time ended_at;
	portal_time updated_at;
};
extern const struct portal_record process_record;

/* running; done: no step is open any more, and one was done; cancelled */
extern const struct portal_word process_statuses[];

/* What to start.
 *
 * @template: name or id.
 * @company: tax id or id; NULL: that of the ticket.
 * @ticket: number or id of the ticket it comes from, of that company; NULL: none. Its
 *   steps come from it too.
 * @start: the date from which the steps' days count; NULL: today. */
struct process_request {
	const char *template;
	const char *company;
	const char *ticket;
	const char *start;
};

/* Starts a process: a task of each step, those that wait for others too; the people
 * responsible are mailed. Returns 1. PORTAL_INVALID where an assignee is no active
 * user of the office. */
int process_start(struct portal *portal, const struct process_request *request,
	struct process *ret_process, struct portal_error *err);

/* Finds one. PORTAL_NOT_FOUND, also for one that is not the actor's to see. */
int process_show(
	struct portal *portal, int64_t id, struct process *ret_process, struct portal_error *err);

/* Cancels a running process and its open steps. 1: cancelled; 0: it was so.
 * PORTAL_WRONG_STATE for one that is done. */
int process_cancel(
	struct portal *portal, int64_t id, struct process *ret_process, struct portal_error *err);

/* Which processes a list gives; NULL: any.
 *
 * @company: tax id or id. @status: a word of process_statuses.
 * @ticket: number or id.
 * @search: part of the template's name; case and accents ignored. */
struct process_filter {
	const char *company;
	const char *ticket;
	const char *status;
	const char *search;
	struct portal_page page;
};

/* The fields that page.sort takes: id started_at. */
extern const struct portal_word process_sorts[];

/* Gives each process that the actor may see to @visit with @arg, by id unless the page
 * says otherwise. */
int process_list(struct portal *portal, const struct process_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
