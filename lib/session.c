#include "session-private.h"

#include <stdio.h>
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "company-private.h"
#include "list.h"
#include "policy.h"
#include "portal-private.h"
#include "user-private.h"

const struct portal_word session_statuses[] = {
	{ "live", N_("live") },
	{ "ended", N_("ended") },
	{ NULL, NULL },
};

/* The session is the first member of the row, so both records begin alike. */
#define SESSION_FIELDS \
	PORTAL_FIELD(struct session, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct session, user_email, N_("E-MAIL")), \
		PORTAL_FIELD(struct session, user_name, N_("NAME"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct session, company_tax_id, N_("TAX ID")), \
		PORTAL_FIELD( \
			struct session, company_name, N_("COMPANY"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct session, role, N_("ROLE"), .words = user_roles, \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct session, status, N_("STATUS"), .words = session_statuses), \
		PORTAL_FIELD( \
			struct session, remember, N_("REMEMBER"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct session, must_change_password, N_("MUST CHANGE PASSWORD"), \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct session, created_at, N_("CREATED")), \
		PORTAL_FIELD(struct session, expires_at, N_("EXPIRES")), \
		PORTAL_FIELD(struct session, idle_seconds, N_("IDLE SECONDS"), \
			.flags = PORTAL_FIELD_WIDE | PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct session, last_used_at, N_("LAST USED")), \
		PORTAL_FIELD(struct session, ended_at, N_("ENDED"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct session, end_reason, N_("END REASON"), .flags = PORTAL_FIELD_WIDE)

static const struct portal_field session_fields[] = { SESSION_FIELDS, PORTAL_FIELDS_END };

const struct portal_record session_record = { "session", sizeof(struct session), session_fields };

static const struct portal_field row_fields[] = {
	SESSION_FIELDS,
	PORTAL_FIELD(struct session_row, user_id, NULL),
	PORTAL_FIELD(struct session_row, company_id, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "session", sizeof(struct session_row),
	row_fields };

void session_finish(struct session *s, portal_time now)
{
	const int64_t idle_end = s->last_used_at.ms + s->idle_seconds * 1000;
	const bool expires = s->expires_at.ms <= idle_end;
	const portal_time end = { expires ? s->expires_at.ms : idle_end };

	if (!s->ended_at.ms && end.ms <= now.ms) {
		s->ended_at = end;
		s->end_reason = expires ? "expired" : "idle";
	}
	s->status = s->ended_at.ms ? "ended" : "live";
}

int session_read(struct work *w, int64_t id, struct session_row *ret)
{
	const int r = store_get(w->tx, Q_SESSION_BY_ID, ARGS(A(id)), w->arena, &row_record, ret);

	if (r > 0)
		session_finish(&ret->session, portal_true_clock(w->portal));
	return r;
}

/* Finds the session and asks whether the actor may do @action. */
static int need(struct work *w, const char *action, int64_t id, struct session_row *ret)
{
	struct policy_object object = { .kind = "session", .id = id };
	const int found = session_read(w, id, ret);

	if (found > 0) {
		object.owner = ret->company_id;
		object.user = ret->user_id;
	}
	return policy_need_found(w, action, object, found);
}

static int no_session(struct work *w)
{
	portal_fail(w->err, PORTAL_USAGE, _("which session? no token was given"));
	return portal_hint(w->err, _("give one with --token-file or in PORTALCTL_TOKEN"));
}

static int check_body(struct work *w, void *arg)
{
	struct session *ret = arg;
	struct session_row row;
	int r;

	if (!w->actor->session_id)
		return no_session(w);
	r = need(w, "session.check", w->actor->session_id, &row);
	if (r >= 0)
		WORK_GIVE(w, ret, row.session);
	return r < 0 ? r : 0;
}

int session_check(struct portal *portal, struct session *ret_session, struct portal_error *err)
{
	return work_read(portal, check_body, ret_session, err);
}

struct logout {
	int64_t id;
	struct session *ret;
};

static int end_session(struct work *w, struct session *session)
{
	static const char reason[] = "session.logout";
	int r = store_put(w->tx, Q_SESSION_END, ARGS(A(session->id), A(w->now), A(&reason[0])));

	session->ended_at = w->now;
	session->end_reason = reason;
	session->status = "ended";
	if (r >= 0)
		r = audit_add(w, reason, "session", session->id,
			CHANGES({ "user_email", NULL, session->user_email },
				{ "status", "live", "ended" }));
	return r < 0 ? r : 1;
}

static int logout_body(struct work *w, void *arg)
{
	const struct logout *logout = arg;
	const int64_t id = logout->id ? logout->id : w->actor->session_id;
	struct session_row row = { 0 };
	int r;

	if (!id)
		return no_session(w);
	r = need(w, "session.logout", id, &row);
	if (r < 0)
		return r;
	r = row.session.ended_at.ms ? 0 : end_session(w, &row.session);
	if (r >= 0)
		WORK_GIVE(w, logout->ret, row.session);
	return r;
}

int session_logout(
	struct portal *portal, int64_t id, struct session *ret_session, struct portal_error *err)
{
	struct logout logout = { id, ret_session };
	int r;

	portal->leaving = !id || portal->joined; /* of several, its own may go first */
	r = work_write(portal, logout_body, &logout, err);
	portal->leaving = false;
	return r;
}

/* Which sessions a list is narrowed to; 0: not by that. */
struct scope {
	int64_t user_id, company_id, viewer, group;
};

static int scope_by_actor(struct work *w, struct scope *scope)
{
	const struct policy_object own = { .kind = "session", .user = w->actor->user_id };

	if (w->actor->as && !w->actor->admin) {
		scope->user_id = w->actor->user_id;
		return policy_need(w, "session.list", &own);
	}
	scope->group = policy_list_group(w, "session.list");
	return policy_need_list(w, "session.list", &scope->viewer);
}

/* Whoever may see a user, but not that user's sessions, hears so rather than get an
 * empty list. */
static int scope_by_user(struct work *w, const struct session_filter *f, struct scope *scope)
{
	const struct user_named named = { f->user, f->company };
	struct policy_object object = { .kind = "user", .named = f->user };
	struct user user;
	int r = user_need(w, "user.show", &named, &user);

	if (r >= 0)
		r = store_get_int(
			w->tx, Q_SESSION_COMPANY_OF_USER, ARGS(A(user.id)), &object.owner);
	if (r < 0)
		return r;
	scope->user_id = object.id = object.user = user.id;
	return policy_need(w, "session.list", &object);
}

static int find_scope(struct work *w, const struct session_filter *f, struct scope *scope)
{
	struct company company = { 0 };
	int r = scope_by_actor(w, scope);

	if (r >= 0 && f->company)
		r = company_need(w, "company.show", f->company, &company);
	scope->company_id = company.id;
	return r >= 0 && f->user ? scope_by_user(w, f, scope) : r;
}

struct listing {
	const struct session_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int finish_row(struct work *w, void *row, void *now)
{
	(void)w;
	session_finish(row, *(const portal_time *)now);
	return 0;
}

/* Few sessions are live, and few are one user's; of both there is an index. */
static enum store_query by_id(const struct scope *scope, const char *status)
{
	if (scope->user_id)
		return Q_SESSION_LIST_OF;
	return strcmp(status, "live") ? Q_SESSION_LIST : Q_SESSION_LIST_LIVE;
}

const struct portal_word session_sorts[] = { { "id", NULL }, { "user_email", NULL },
	{ "created_at", NULL }, { "expires_at", NULL }, { "last_used_at", NULL }, { NULL, NULL } };

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct session_filter *f = listing->filter;
	const char *status = f->status && strcmp(f->status, "any") != 0 ? f->status : "";
	portal_time now = portal_true_clock(w->portal);
	struct scope scope = { 0 };
	struct session row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = session_sorts,
		.statements = { Q_SESSION_LIST, Q_SESSION_LIST_UP, Q_SESSION_LIST_DOWN },
		.record = &session_record,
		.row = &row,
		.finish = finish_row,
		.finish_arg = &now,
		.clock_arg = 8,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	const int r = find_scope(w, f, &scope);

	if (r < 0)
		return r;
	list.statements.by_id = by_id(&scope, status);
	return list_read(&list, LIST_ARGS(A(scope.user_id), A(scope.company_id), A(status), A(now),
					A(scope.viewer), A(scope.group)));
}

int session_list(struct portal *portal, const struct session_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
