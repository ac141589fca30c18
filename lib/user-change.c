/* What changes a user, and what every such change brings with it: the last admin
 * stays (U4), sessions end (U8). */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "company-private.h"
#include "setting.h"
#include "tell.h"
#include "user-private.h"

static bool is_active_admin(const struct user *user)
{
	return !strcmp(user->role, "admin") && !strcmp(user->status, "active");
}

/* Before @was stops being an active admin. */
static int check_admins(struct work *w, const struct user *was)
{
	int64_t others = 0;
	const int r = store_get_int(w->tx, Q_USER_COUNT_OTHER_ADMINS, ARGS(A(was->id)), &others);

	if (r < 0 || others > 0)
		return r < 0 ? r : 0;
	portal_fail(w->err, PORTAL_LAST_ADMIN, _("'%s' is the last active admin of '%s'"),
		was->email, was->company_name);
	portal_hint(w->err, _("make another user an active admin first"));
	return portal_about(w->err, "user", was->id);
}

static int end_sessions(struct work *w, const struct user *user, const char *reason)
{
	const int r =
		store_put(w->tx, Q_USER_END_SESSIONS, ARGS(A(user->id), A(reason), A(w->now)));

	return r < 0 ? r : 0;
}

static const char *flag_word(bool flag)
{
	return flag ? "true" : "false";
}

static bool is_same(const struct user *was, const struct user *now)
{
	return !strcmp(was->email, now->email) && !strcmp(was->role, now->role) &&
	       !strcmp(was->status, now->status) && was->area_access == now->area_access;
}

static int write(struct work *w, const struct user *user, portal_time removed_at)
{
	return store_put(w->tx, Q_USER_UPDATE,
		ARGS(A(user->id), A(user->email), A(user->role), A(user->status),
			A(user->area_access), A(removed_at), A(w->now)));
}

/* The mails of links that are void, which may go to an address of before. */
static int cancel_link_mails(struct work *w, const struct user *user)
{
	const int r = store_put(w->tx, Q_USER_CANCEL_LINK_MAILS, ARGS(A(user->id)));

	return r < 0 ? r : 0;
}

int user_save(struct work *w, const char *action, const struct user *was, const struct user *now)
{
	const portal_time not_removed = { 0 };
	int r = 0;

	if (is_same(was, now))
		return 0;
	if (is_active_admin(was) && !is_active_admin(now))
		r = check_admins(w, was);
	if (r >= 0)
		r = write(w, now, not_removed);
	if (r >= 0 &&
		(strcmp(was->email, now->email) != 0 || strcmp(was->status, now->status) != 0))
		r = cancel_link_mails(w, was);
	if (r >= 0)
		r = end_sessions(w, was, action);
	if (r >= 0)
		r = audit_add(w, action, "user", was->id,
			CHANGES({ "email", was->email, now->email },
				{ "role", was->role, now->role },
				{ "status", was->status, now->status },
				{ "area_access", flag_word(was->area_access),
					flag_word(now->area_access) }));
	return r < 0 ? r : 1;
}

/* A stranger may have registered with somebody's address: the holder of the address
 * gets a link, and the stranger's password must not come in with it. */
static int void_unproven_password(struct work *w, const struct user *user)
{
	const char *none = NULL;
	const bool no = false;
	const bool by_link =
		!strcmp(user->created_via, "signup") || !strcmp(user->created_via, "document");
	int r;

	if (!by_link || user->last_login_at.ms)
		return 0;
	r = store_put(
		w->tx, Q_USER_SET_PASSWORD, ARGS(A(user->id), A(none), A(no), A(w->now), A(no)));
	return r < 0 ? r
		     : audit_add(w, "user.passwd", "user", user->id,
			       CHANGES({ "password", "set", NULL }));
}

int user_wake(struct work *w, const char *action, const struct user *was)
{
	struct user now = *was;
	int r;

	now.status = "active";
	now.area_access |= !strcmp(was->created_via, "document");
	r = user_save(w, action, was, &now);
	if (r > 0)
		r = void_unproven_password(w, was) < 0 ? -(int)w->err->code : 1;
	return r;
}

int user_drop(struct work *w, const struct user *user)
{
	int r = is_active_admin(user) ? check_admins(w, user) : 0;

	if (r >= 0)
		r = write(w, user, w->now);
	if (r >= 0)
		r = cancel_link_mails(w, user);
	if (r >= 0)
		r = end_sessions(w, user, "user.remove");
	if (r >= 0)
		r = audit_add(w, "user.remove", "user", user->id,
			CHANGES({ "email", user->email, NULL }, { "role", user->role, NULL },
				{ "status", user->status, NULL }));
	return r < 0 ? r : 1;
}

int user_set_password(
	struct work *w, const struct user *user, const char *phc, enum user_password how)
{
	const bool temporary = how == USER_PASSWORD_TEMPORARY, own = how == USER_PASSWORD_OWN;
	int r = store_put(w->tx, Q_USER_SET_PASSWORD,
		ARGS(A(user->id), A(phc), A(temporary), A(w->now), A(own)));

	if (r >= 0)
		r = cancel_link_mails(w, user);
	if (r >= 0)
		r = end_sessions(w, user, "user.passwd");
	if (r >= 0)
		r = audit_add(w, "user.passwd", "user", user->id,
			CHANGES({ "password", NULL, temporary ? "temporary" : "set" }));
	return r < 0 ? r : 1;
}

void user_act_as_holder(struct work *w, const char *email, const char *tax_id)
{
	struct actor *holder = arena_new(w->arena, struct actor);

	*holder = (struct actor){ .label = email,
		.as = arena_printf(w->arena, "%s/%s", email, tax_id) };
	w->actor = holder;
}

const char *user_printed_tax_id(struct work *w, const struct user *user)
{
	struct user_access access;

	if (user_read_access(w, user->id, &access) <= 0)
		return user->company_tax_id;
	return company_printed_id(w, access.company_id, user->company_tax_id);
}

/* @link_days: how long the link works, for templates that have one (else 0). */
static const struct named_text *texts_of(struct work *w, const struct user *user, int64_t link_days)
{
	const char *days = arena_printf(w->arena, "%lld", (long long)link_days);
	const struct named_text texts[] = { { "office", work_office_name(w) },
		{ "name", user->name }, { "company_name", user->company_name },
		{ "company_tax_id", user_printed_tax_id(w, user) }, { "email", user->email },
		{ "days", link_days > 1 ? days : NULL },
		{ "one_day", link_days == 1 ? days : NULL }, { NULL, NULL } };
	struct named_text *kept = arena_alloc(w->arena, sizeof(texts));

	memcpy(kept, texts, sizeof(texts));
	return kept;
}

int user_mail(struct work *w, const struct user *user, const char *template_name, const char *email)
{
	const struct event event = { template_name, "user", user->id, texts_of(w, user, 0) };

	return tell_address(w, &event, email, NULL);
}

int user_tell_admins(
	struct work *w, const struct user *user, const char *template_name, int64_t company_id)
{
	const struct event event = { template_name, "user", user->id, texts_of(w, user, 0) };
	const struct told admins = { .company_id = company_id };

	return tell_company(w, &event, &admins, NULL);
}

int user_mail_access(struct work *w, const struct user *user)
{
	const int64_t days = setting_int(w, "access_link_days");
	const portal_time until = { w->now.ms + days * 24 * 3600 * 1000 };
	const struct event event = { "access_link", "user", user->id, texts_of(w, user, days) };
	int r = store_put(w->tx, Q_USER_OPEN_ACCESS, ARGS(A(user->id), A(until), A(w->now)));

	if (r >= 0)
		r = cancel_link_mails(w, user);
	return r < 0 ? r : tell_address(w, &event, user->email, NULL);
}
