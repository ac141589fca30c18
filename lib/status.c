#include <portal/portal.h>

#include "company-private.h"
#include "policy.h"
#include "portal-private.h"
#include "task-date.h"
#include "webhook-private.h"

static int count(
	struct work *w, enum store_query query, const struct store_value *args, int64_t *ret)
{
	return store_get_int(w->tx, query, args, ret);
}

/* What the next run of `due` would do, as far as an index tells it. */
static int count_due(struct work *w, int64_t *ret)
{
	int64_t day = 0, found[6] = { 0 };
	const char *today, *tomorrow;
	int r = task_today(w, &day);

	if (r < 0)
		return r;
	today = task_date_text(w->arena, day);
	tomorrow = task_date_text(w->arena, day + 1);
	r = count(w, Q_INVITE_COUNT_DUE, ARGS(A(w->now)), &found[0]);
	if (r >= 0)
		r = count(w, Q_SALE_COUNT_DUE, ARGS(A(w->now)), &found[1]);
	if (r >= 0)
		r = count(w, Q_RECURRENCE_COUNT_DUE, ARGS(A(today)), &found[2]);
	if (r >= 0)
		r = count(w, Q_TASK_REMIND_COUNT, ARGS(A(today), A(tomorrow)), &found[3]);
	if (r >= 0)
		r = count(w, Q_CONVERSATION_COUNT_OVER, ARGS(A(w->now)), &found[4]);
	if (r >= 0)
		r = webhook_count_waiting(w, &found[5]);
	*ret = found[0] + found[1] + found[2] + found[3] + found[4] + found[5];
	return r;
}

static int status_body(struct work *w, void *arg)
{
	struct portal_status *status = arg;
	struct company office;
	int64_t viewer;
	int r = policy_need_list(w, "portal.status", &viewer);

	if (r >= 0)
		r = company_by_id(w, work_office_id(w), &office);
	if (r >= 0)
		r = count_due(w, &status->due_count);
	if (r >= 0)
		r = count(w, Q_OUTBOX_QUEUED, NO_ARGS, &status->outbox_queued);
	if (r >= 0)
		r = count(w, Q_INVITE_COUNT_PENDING, NO_ARGS, &status->pending_invites);
	if (r >= 0)
		r = count(w, Q_TICKET_COUNT, ARGS(A("new")), &status->new_tickets);
	if (r < 0)
		return r;
	status->office_tax_id = office.tax_id;
	status->office_name = office.name;
	status->schema_version = store_version_found(w->portal->store);
	status->engine = "sqlite";
	return 0;
}

int portal_get_status(
	struct portal *portal, struct portal_status *ret_status, struct portal_error *err)
{
	struct portal_status status = { 0 };
	const int r = work_read(portal, status_body, &status, err);

	if (r >= 0)
		*ret_status = status;
	return r;
}
