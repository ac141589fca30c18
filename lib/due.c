#include <portal/due.h>

#include <portal/invite.h>
#include <portal/sale.h>
#include <portal/wa.h>

#include "base/i18n.h"
#include "file.h"
#include "policy.h"
#include "portal-private.h"
#include "recurrence-private.h"
#include "task-private.h"
#include "webhook-private.h"

static const struct portal_field due_fields[] = {
	PORTAL_FIELD(struct portal_due, invites_expired, N_("INVITES EXPIRED")),
	PORTAL_FIELD(struct portal_due, sales_expired, N_("SALES EXPIRED")),
	PORTAL_FIELD(struct portal_due, files_removed, N_("FILES REMOVED")),
	PORTAL_FIELD(struct portal_due, tasks_made, N_("TASKS MADE")),
	PORTAL_FIELD(struct portal_due, tasks_reminded, N_("REMINDERS")),
	PORTAL_FIELD(struct portal_due, webhooks_read, N_("WEB HOOKS READ")),
	PORTAL_FIELD(struct portal_due, conversations_ended, N_("CONVERSATIONS ENDED")),
	PORTAL_FIELD(struct portal_due, conversations_warned, N_("WINDOWS CLOSING")),
	PORTAL_FIELD(struct portal_due, files_fetched, N_("FILES FETCHED")),
	PORTAL_FIELD(struct portal_due, messages_sent, N_("SENT")),
	PORTAL_FIELD(struct portal_due, messages_deferred, N_("TO BE TRIED AGAIN")),
	PORTAL_FIELD(struct portal_due, messages_failed, N_("FAILED")),
	PORTAL_FIELD(struct portal_due, messages_unknown, N_("NOT KNOWN")),
	PORTAL_FIELD(struct portal_due, channels_stopped, N_("CHANNELS STOPPED")),
	PORTAL_FIELD(struct portal_due, reason, N_("REASON")),
	PORTAL_FIELDS_END,
};

const struct portal_record portal_due_record = { "due", sizeof(struct portal_due), due_fields };

static int may(struct work *w, void *arg)
{
	int64_t viewer;

	(void)arg;
	return policy_need_list(w, "portal.due", &viewer);
}

struct tasks {
	struct portal *portal;
	struct portal_due *due;
	struct portal_error *err;
};

/* What is made today may fall due today. */
static int do_tasks(void *arg)
{
	const struct tasks *tasks = arg;
	const int made = recurrence_run(tasks->portal, tasks->err);
	const int reminded = made < 0 ? made : task_remind(tasks->portal, tasks->err);

	tasks->due->tasks_made = made;
	tasks->due->tasks_reminded = reminded;
	return reminded < 0 ? reminded : 0;
}

/* A rehearsal is one transaction, so that it reminds of what it has made. */
static int run_tasks(struct portal *portal, struct portal_due *ret_due, struct portal_error *err)
{
	struct tasks tasks = { portal, ret_due, err };

	return portal->options.dry_run ? portal_transact(portal, do_tasks, &tasks, err)
				       : do_tasks(&tasks);
}

/* What clients wrote comes first: it may open a window again. */
static int run_whatsapp(struct portal *portal, struct portal_due *due, struct portal_error *err)
{
	struct conversation_expiry expiry = { 0, 0 };
	int r = webhook_run(portal, 0, err);

	due->webhooks_read = r > 0 ? r : 0;
	if (r >= 0)
		r = conversation_expire(portal, &expiry, err);
	due->conversations_ended = expiry.ended;
	due->conversations_warned = expiry.warned;
	return r;
}

int portal_do_due(struct portal *portal, struct portal_due *ret_due, struct portal_error *err)
{
	struct invite_expiry expiry = { 0, 0 };
	struct portal_due due = { 0 };
	int r = work_read(portal, may, NULL, err);

	if (r >= 0)
		r = invite_expire(portal, 0, &expiry, err);
	due.invites_expired = expiry.expired;
	if (r >= 0)
		r = sale_expire(portal, &due.sales_expired, err);
	if (r >= 0)
		r = file_sweep(portal, &due.files_removed, err);
	if (r >= 0)
		r = run_tasks(portal, &due, err);
	if (r >= 0)
		r = run_whatsapp(portal, &due, err);
	if (r < 0)
		return r;
	*ret_due = due;
	return due.invites_expired || due.sales_expired || due.files_removed || due.tasks_made ||
	       due.tasks_reminded || due.webhooks_read || due.conversations_ended ||
	       due.conversations_warned;
}
