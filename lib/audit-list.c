#include <portal/audit.h>

#include "audit-private.h"
#include "base/i18n.h"
#include "list.h"
#include "policy.h"
#include "target.h"

static const struct portal_field audit_fields[] = {
	PORTAL_FIELD(struct audit, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct audit, at, N_("AT")),
	PORTAL_FIELD(struct audit, actor, N_("ACTOR")),
	PORTAL_FIELD(struct audit, as, N_("AS")),
	PORTAL_FIELD(struct audit, action, N_("ACTION")),
	PORTAL_FIELD(struct audit, target_kind, N_("RECORD")),
	PORTAL_FIELD(struct audit, target_id, N_("RECORD ID"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct audit, changes, N_("CHANGES")),
	PORTAL_FIELD(struct audit, hash, N_("HASH"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELDS_END,
};

const struct portal_record audit_record = { "audit", sizeof(struct audit), audit_fields };

struct listing {
	const struct audit_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

const struct portal_word audit_sorts[] = { { "id", NULL }, { "at", NULL }, { NULL, NULL } };

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct audit_filter *f = listing->filter;
	struct audit row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = audit_sorts,
		.statements = { Q_AUDIT_LIST, Q_AUDIT_LIST_UP, Q_AUDIT_LIST_DOWN },
		.record = &audit_record,
		.row = &row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	struct target target;
	int64_t viewer;
	int r = policy_need_list(w, "audit.list", &viewer);

	if (r >= 0)
		r = target_parse(w, f->target, "target", &target);
	if (r >= 0 && f->action && !audit_knows(f->action)) {
		portal_fail(w->err, PORTAL_USAGE, _("'%s' is not an action of the audit log"),
			f->action);
		r = portal_hint(w->err, _("a noun (invite), or a noun and a verb (invite.send)"));
	}
	if (r < 0)
		return r;
	if (target.id)
		list.statements.by_id = Q_AUDIT_LIST_TARGET;
	return list_read(
		&list, LIST_ARGS(A(f->since.ms), A(f->until.ms), A(f->action ? f->action : ""),
			       A(f->actor ? f->actor : ""), A(target.kind), A(target.id)));
}

int audit_list(struct portal *portal, const struct audit_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
