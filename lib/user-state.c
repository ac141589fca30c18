/* What admins do to users: let them in, keep them out, give roles, take them away
 * (U3, U4, U5). */
#include <string.h>

#include "user-private.h"

struct change {
	const char *action;
	struct user_named named;
	const char *status, *role; /* NULL: stays */
	struct user *ret;
};

/* Whoever has no password yet could do nothing with the news alone. */
int user_tell_activated(struct work *w, const struct user *user)
{
	struct user_access access = { .password = NULL };
	int r = user_mail(w, user, "user_activated", user->email);

	if (r >= 0)
		r = user_read_access(w, user->id, &access);
	return r < 0 || access.password ? r : user_mail_access(w, user);
}

static int change_body(struct work *w, void *arg)
{
	const struct change *change = arg;
	struct user was, now;
	bool activates;
	int r = user_need(w, change->action, &change->named, &was);

	if (r < 0)
		return r;
	now = was;
	now.status = change->status ? change->status : was.status;
	now.role = change->role ? change->role : was.role;
	activates = strcmp(was.status, "active") != 0 && !strcmp(now.status, "active");
	if (activates)
		r = user_check_registered(w, &was);
	if (r >= 0)
		r = user_save(w, change->action, &was, &now);
	if (r > 0 && activates)
		r = user_tell_activated(w, &now) < 0 ? -(int)w->err->code : 1;
	if (r >= 0)
		WORK_GIVE(w, change->ret, now);
	return r;
}

int user_activate(struct portal *portal, const char *named, const char *company,
	struct user *ret_user, struct portal_error *err)
{
	struct change change = { "user.activate", { named, company }, "active", NULL, ret_user };

	return work_write(portal, change_body, &change, err);
}

int user_deactivate(struct portal *portal, const char *named, const char *company,
	struct user *ret_user, struct portal_error *err)
{
	struct change change = { "user.deactivate", { named, company }, "inactive", NULL,
		ret_user };

	return work_write(portal, change_body, &change, err);
}

int user_block(struct portal *portal, const char *named, const char *company, struct user *ret_user,
	struct portal_error *err)
{
	struct change change = { "user.block", { named, company }, "blocked", NULL, ret_user };

	return work_write(portal, change_body, &change, err);
}

int user_set_role(struct portal *portal, const char *named, const char *company, const char *role,
	struct user *ret_user, struct portal_error *err)
{
	struct change change = { "user.set-role", { named, company }, NULL, role, ret_user };

	return work_write(portal, change_body, &change, err);
}

struct removal {
	struct user_named named;
	enum user_missing missing;
	struct user *ret;
};

/* What is not there has been removed already. */
static int is_missing(struct work *w, const struct removal *removal)
{
	struct user user;

	if (removal->missing == USER_MISSING_FAILS)
		return -(int)w->err->code;
	*w->err = (struct portal_error){ .arena = w->err->arena };
	user = (struct user){ .email = removal->named.user };
	WORK_GIVE(w, removal->ret, user);
	return 0;
}

static int remove_body(struct work *w, void *arg)
{
	const struct removal *removal = arg;
	struct user user;
	int r = user_need(w, "user.remove", &removal->named, &user);

	if (r == -PORTAL_NOT_FOUND)
		return is_missing(w, removal);
	if (r >= 0)
		r = user_drop(w, &user);
	if (r >= 0)
		WORK_GIVE(w, removal->ret, user);
	return r;
}

int user_remove(struct portal *portal, const char *named, const char *company,
	enum user_missing missing, struct user *ret_user, struct portal_error *err)
{
	struct removal removal = { { named, company }, missing, ret_user };

	return work_write(portal, remove_body, &removal, err);
}
