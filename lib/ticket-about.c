/* The project or task that a ticket discusses (S12). */
#include <string.h>

#include "base/i18n.h"
#include "project-private.h"
#include "task-private.h"
#include "ticket-private.h"

static int find_project(struct work *w, int64_t id, struct ticket_about *ret)
{
	struct project_row row = { .company_id = 0 };
	const int r = project_need(w, "project.show", id, &row);

	if (r < 0)
		return portal_about_field(w->err, "project");
	ret->project_id.id = id;
	ret->company_id = row.company_id;
	return 0;
}

static int find_task(struct work *w, int64_t id, struct ticket_about *ret)
{
	struct task_row row = { .company_id = 0 };
	const int r = task_need(w, "task.show", id, &row);

	if (r < 0)
		return portal_about_field(w->err, "task");
	ret->task_id.id = id;
	ret->company_id = row.company_id;
	return 0;
}

int ticket_find_about(struct work *w, int64_t project, int64_t task, struct ticket_about *ret)
{
	*ret = (struct ticket_about){ .company_id = 0 };
	if (project && task) {
		portal_fail(w->err, PORTAL_USAGE,
			_("a ticket discusses a project or a task, not both"));
		return portal_about_field(w->err, "task");
	}
	if (project)
		return find_project(w, project, ret);
	return task ? find_task(w, task, ret) : 0;
}

int ticket_check_about(struct work *w, const struct ticket_about *about, int64_t company_id)
{
	const char *kind = about->project_id.id ? "project" : "task";
	const int64_t id = about->project_id.id ? about->project_id.id : about->task_id.id;

	if (!about->company_id || about->company_id == company_id)
		return 0;
	portal_fail(w->err, PORTAL_INVALID,
		about->project_id.id ? _("project '%lld' is of another company")
				     : _("task '%lld' is of another company"),
		(long long)id);
	portal_about(w->err, kind, id);
	return portal_about_field(w->err, kind);
}
