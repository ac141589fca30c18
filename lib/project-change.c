/* What changes a project: adding, changing, closing, what is said of it. */
#include <string.h>

#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "comment-private.h"
#include "company-private.h"
#include "project-private.h"
#include "tell.h"

enum { NAME_MAX_BYTES = 300 };

static int check_description(struct work *w, const char **description)
{
	const char *clean = *description ? comment_text(w, *description, "description") : "";

	if (!clean)
		return -(int)w->err->code;
	*description = *clean ? clean : NULL;
	return 0;
}

/* Texts as they were given become those that are stored. All faults at once. */
static int check(struct work *w, struct project *project)
{
	const char *name = text_field(
		w->arena, project->name ? project->name : "", NAME_MAX_BYTES, "name", w->err);

	if (name && !*name) {
		portal_fail(w->err, PORTAL_INVALID, _("a project needs a name"));
		portal_about_field(w->err, "name");
	}
	if (!name || !*name)
		portal_fault_add(w->err);
	project->name = name;
	if (check_description(w, &project->description) < 0)
		portal_fault_add(w->err);
	return portal_faults_end(w->err);
}

struct call {
	int64_t id;
	const struct project_request *request;
	const struct project_change *change;
	const struct task_comment *comment;
	struct project *ret;
};

static int add_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct project draft = { .name = call->request->name,
		.description = call->request->description };
	struct company company;
	int64_t id = 0;
	int r = company_need(w, "project.add", call->request->company, &company);

	if (r >= 0)
		r = company_check_registered(w, &company);
	if (r >= 0)
		r = check(w, &draft);
	if (r >= 0)
		r = store_get_int(w->tx, Q_PROJECT_INSERT,
			ARGS(A(company.id), A(draft.name), A(fold_text(w->arena, draft.name)),
				A(draft.description), A(w->now)),
			&id);
	if (r >= 0)
		r = audit_add(w, "project.add", "project", id,
			CHANGES({ "company_tax_id", NULL, company.tax_id },
				{ "name", NULL, draft.name }));
	return project_give(w, id, r < 0 ? r : 1, call->ret);
}

int project_add(struct portal *portal, const struct project_request *request,
	struct project *ret_project, struct portal_error *err)
{
	struct call call = { .request = request, .ret = ret_project };

	return work_write(portal, add_body, &call, err);
}

/* A project is closed when nothing of it is open any more. */
static int check_closing(struct work *w, const struct project *was, const struct project *now)
{
	int64_t open = 0;
	int r;

	if (!strcmp(was->status, now->status) || !strcmp(now->status, "open"))
		return 0;
	r = store_get_int(w->tx, Q_PROJECT_OPEN_TASKS, ARGS(A(was->id)), &open);
	if (r < 0 || open == 0)
		return r < 0 ? r : 0;
	portal_fail(w->err, PORTAL_WRONG_STATE, _("project '%lld' has %lld open tasks"),
		(long long)was->id, (long long)open);
	portal_hint(w->err, "portalctl task list --project %lld --status open", (long long)was->id);
	return portal_about(w->err, "project", was->id);
}

/* 1: changed; 0: it was so. */
static int save(
	struct work *w, const char *action, const struct project *was, const struct project *now)
{
	const bool described = !text_same(was->description, now->description);
	const portal_time none = { 0 };
	const portal_time closed_at = strcmp(now->status, "closed") != 0 ? none
				      : was->closed_at.ms                ? was->closed_at
									 : w->now;
	int r = check_closing(w, was, now);

	if (r < 0)
		return r;
	if (!described && text_same(was->name, now->name) && text_same(was->status, now->status))
		return 0;
	r = store_put(w->tx, Q_PROJECT_UPDATE,
		ARGS(A(was->id), A(now->name), A(fold_text(w->arena, now->name)),
			A(now->description), A(now->status), A(closed_at), A(w->now)));
	if (r >= 0)
		r = audit_add(w, action, "project", was->id,
			CHANGES({ "name", was->name, now->name },
				{ "description", NULL, described ? "changed" : NULL },
				{ "status", was->status, now->status }));
	return r < 0 ? r : 1;
}

static int set_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	const struct project_change *q = call->change;
	struct project_row was;
	struct project now;
	int r = project_need(w, "project.set", q->id, &was);

	if (r < 0)
		return r;
	now = was.project;
	now.name = q->name ? q->name : now.name;
	now.description = q->description ? q->description : now.description;
	now.status = q->status ? q->status : now.status;
	r = check(w, &now);
	if (r >= 0 && !portal_word_known(project_statuses, now.status))
		r = work_no_choice(w, project_statuses, now.status, "status");
	if (r >= 0)
		r = save(w, "project.set", &was.project, &now);
	return project_give(w, q->id, r, call->ret);
}

int project_set(struct portal *portal, const struct project_change *change,
	struct project *ret_project, struct portal_error *err)
{
	struct call call = { .change = change, .ret = ret_project };

	return work_write(portal, set_body, &call, err);
}

static int close_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct project_row was;
	struct project now;
	int r = project_need(w, "project.close", call->id, &was);

	if (r < 0)
		return r;
	now = was.project;
	now.status = "closed";
	r = save(w, "project.close", &was.project, &now);
	return project_give(w, call->id, r, call->ret);
}

int project_close(
	struct portal *portal, int64_t id, struct project *ret_project, struct portal_error *err)
{
	struct call call = { .id = id, .ret = ret_project };

	return work_write(portal, close_body, &call, err);
}

/* The other side hears of it: the office, or the company. */
static int tell(struct work *w, const struct project_row *row, const struct task_comment *comment)
{
	const struct project *p = &row->project;
	const bool from_office = comment_sees_all(w);
	const struct told told = { .company_id =
					   from_office ? row->company_id : work_office_id(w) };
	const struct event event = { "project_commented", "project", p->id,
		NAMED({ "office", work_office_name(w) }, { "name", p->name },
			{ "project_id", arena_printf(w->arena, "%lld", (long long)p->id) },
			{ "company", p->company_name ? p->company_name : p->company_tax_id },
			{ "author", comment_author(w) }, { "comment", comment->body }) };

	if (comment->internal || (from_office && row->company_id == work_office_id(w)))
		return 0;
	return tell_company(w, &event, &told, NULL);
}

static int comment_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	const struct comment_about about = { .project_id = { call->comment->id } };
	struct task_comment comment = *call->comment;
	struct project_row row;
	int r = project_need(w, "project.comment", comment.id, &row);

	if (r >= 0 && comment.internal)
		r = project_need(w, "project.comment-internal", comment.id, &row);
	if (r >= 0)
		r = comment_check(w, &comment);
	if (r >= 0)
		r = comment_insert(w, &about, &comment);
	if (r >= 0)
		r = audit_add(w, "project.comment", "project", comment.id,
			CHANGES({ "internal", NULL, comment.internal ? "yes" : NULL }));
	if (r >= 0)
		r = tell(w, &row, &comment);
	return project_give(w, comment.id, r < 0 ? r : 1, call->ret);
}

int project_add_comment(struct portal *portal, const struct task_comment *comment,
	struct project *ret_project, struct portal_error *err)
{
	struct call call = { .comment = comment, .ret = ret_project };

	return work_write(portal, comment_body, &call, err);
}
