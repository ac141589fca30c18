/* Passwords and the links that are mailed to users (U7, D3). */
#include <portal/user-access.h>

#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "company-private.h"
#include "login-tries.h"
#include "policy.h"
#include "portal-private.h"
#include "seal/seal.h"
#include "setting.h"
#include "user-private.h"

static const struct portal_field access_fields[] = {
	PORTAL_FIELD(struct user_access, company_id, NULL),
	PORTAL_FIELD(struct user_access, password, NULL),
	PORTAL_FIELD(struct user_access, access_serial, NULL),
	PORTAL_FIELD(struct user_access, access_expires_at, NULL),
	PORTAL_FIELD(struct user_access, company_status, NULL),
	PORTAL_FIELD(struct user_access, phones, NULL),
	PORTAL_FIELD(struct user_access, own_password, NULL),
	PORTAL_FIELD(struct user_access, access_shown, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record access_record = { "user", sizeof(struct user_access),
	access_fields };

int user_read_access(struct work *w, int64_t id, struct user_access *ret)
{
	return store_get(w->tx, Q_USER_ACCESS, ARGS(A(id)), w->arena, &access_record, ret);
}

static struct seal_link link_of(const struct user *user, const struct user_access *access)
{
	return (struct seal_link){
		.letter = 'a', .kind = "access", .id = user->id, .serial = access->access_serial
	};
}

int user_access_token(struct work *w, const struct user *user, struct portal_secret *ret)
{
	_cleanup_seal_secret_ struct seal_secret secret = { { 0 } };
	struct seal *seal = work_seal(w);
	struct user_access access;
	struct seal_link link;
	int r = user_read_access(w, user->id, &access);

	if (!seal || r < 0)
		return r < 0 ? r : -(int)w->err->code;
	if (w->portal->options.dry_run)
		return 0;
	link = link_of(user, &access);
	r = seal_token(seal, &link, &secret, w->err);
	if (r >= 0)
		r = store_put(w->tx, Q_USER_SHOW_ACCESS, ARGS(A(user->id)));
	if (r < 0)
		return r;
	ret->len = strlen(secret.text);
	memcpy(ret->text, secret.text, ret->len + 1);
	return 0;
}

/* A session may have been left open, or stolen: it alone gives no new password. */
static bool needs_current(const struct work *w, const struct user *user)
{
	return w->actor->by_session && user->id == w->actor->user_id;
}

/* @proven is the PHC string that the current password was found to fit, or NULL. */
struct passwd {
	const struct user_new_password *request;
	struct seal_kdf kdf;
	const char *stored, *proven, *phc;
	bool needs_current;
	struct login_tries tries;
	struct user *ret;
};

/* Guesses through a session count as those of a login. */
static int count_guess(
	struct work *w, const struct user *user, int64_t company_id, struct login_tries *tries)
{
	struct company company;
	int r = company_by_id(w, company_id, &company);

	tries->action = "user.passwd";
	tries->user_id = user->id;
	if (r >= 0)
		r = login_tries_of(w, company.country, company.tax_id, user->email, tries);
	return r < 0 ? r : login_count_try(w, tries);
}

static int find_body(struct work *w, void *arg)
{
	struct passwd *passwd = arg;
	const struct user_new_password *q = passwd->request;
	const struct user_named named = { q->named, q->company };
	struct user_access access = { .password = NULL };
	struct user user;
	int r = user_need(w, "user.passwd", &named, &user);

	if (r >= 0 && !needs_current(w, &user) && q->current)
		return portal_fail(w->err, PORTAL_USAGE,
			_("the current password is for one's own, in a session"));
	if (r < 0 || !needs_current(w, &user))
		return r;
	if (!q->current || !q->current->len) {
		portal_fail(w->err, PORTAL_USAGE,
			_("to set one's own password, the current one is needed too"));
		return portal_hint(w->err, "--current-password-file");
	}
	if (w->portal->options.dry_run)
		return portal_fail(w->err, PORTAL_USAGE,
			_("a rehearsal would be a guess that does not count"));
	r = user_read_access(w, user.id, &access);
	passwd->needs_current = true;
	passwd->kdf = setting_kdf(w);
	passwd->stored =
		access.password ? access.password : seal_password_decoy(&passwd->kdf, w->arena);
	return r < 0 ? r : count_guess(w, &user, access.company_id, &passwd->tries);
}

static int prove(struct passwd *passwd, struct portal_error *err)
{
	const struct portal_secret *current = passwd->request->current;
	bool ok = false;
	int r;

	if (!passwd->needs_current)
		return 0;
	r = seal_password_verify(
		&passwd->kdf, current->text, current->len, passwd->stored, &ok, err);
	if (ok)
		passwd->proven = passwd->stored;
	return r;
}

/* The password that was proven must still be the one when it is changed. Whoever set
 * it for the user could change it as the user, too (P3): @ret_how. */
static int check_proven(struct work *w, const struct passwd *passwd, const struct user *user,
	enum user_password *ret_how)
{
	struct user_access access = { .password = NULL };
	int r;

	if (!needs_current(w, user))
		return 0;
	r = user_read_access(w, user->id, &access);
	if (r < 0)
		return r;
	if (access.own_password)
		*ret_how = USER_PASSWORD_OWN;
	if (passwd->proven && access.password && !strcmp(passwd->proven, access.password))
		return login_forget_tries(w, &passwd->tries);
	portal_note_denial(w->portal, "user.passwd", "user", user->id);
	return portal_fail(w->err, PORTAL_DENIED, _("the current password is not right"));
}

static int passwd_body(struct work *w, void *arg)
{
	const struct passwd *passwd = arg;
	const struct user_named named = { passwd->request->named, passwd->request->company };
	enum user_password how = USER_PASSWORD_GIVEN;
	struct user user;
	int r = user_need(w, "user.passwd", &named, &user);

	if (r >= 0)
		r = check_proven(w, passwd, &user, &how);
	if (r >= 0)
		r = user_set_password(w, &user, passwd->phc, how);
	if (r < 0)
		return r;
	user.must_change_password = false;
	WORK_GIVE(w, passwd->ret, user);
	return r;
}

static int forget_body(struct work *w, void *arg)
{
	const struct passwd *passwd = arg;

	return login_forget_tries(w, &passwd->tries);
}

/* Only of the password that was proven it is true, and then it was no bad guess. */
static int check_another(struct portal *portal, struct passwd *passwd, struct portal_error *err)
{
	const struct portal_secret *current = passwd->request->current;
	const struct portal_secret *password = passwd->request->password;
	int r;

	if (!passwd->proven || current->len != password->len ||
		memcmp(current->text, password->text, password->len) != 0)
		return 0;
	r = work_write(portal, forget_body, passwd, err);
	if (r < 0)
		return r;
	portal_fail(err, PORTAL_INVALID, _("the new password is the one before; choose another"));
	return portal_about_field(err, "password");
}

/* A new password that is no good is no guess of the current one. */
int user_passwd(struct portal *portal, const struct user_new_password *request,
	struct user *ret_user, struct portal_error *err)
{
	struct passwd passwd = { .request = request, .ret = ret_user };
	const bool counts = request->current && request->current->len;
	int r = user_check_password(request->password, err);

	if (r >= 0)
		r = counts ? work_write(portal, find_body, &passwd, err)
			   : work_read(portal, find_body, &passwd, err);
	if (r >= 0)
		r = prove(&passwd, err);
	if (r >= 0)
		r = check_another(portal, &passwd, err);
	if (r >= 0)
		r = user_hash_password(portal, request->password, &passwd.phc, err);
	return r < 0 ? r : work_write(portal, passwd_body, &passwd, err);
}

struct by_link {
	const char *token, *phc;
	struct user *ret;
};

static bool is_open(const struct work *w, const struct user *user, const struct user_access *access)
{
	return w->now.ms < access->access_expires_at.ms && !strcmp(user->status, "active") &&
	       !strcmp(access->company_status, "registered");
}

/* Whoever was shown the token could set the password, too: @ret_how (P3). */
static int check_link(
	struct work *w, const char *token, struct user *ret, enum user_password *ret_how)
{
	struct seal *seal = work_seal(w);
	struct user_access access;
	struct seal_link link;
	int64_t id = 0;
	bool ok = false;
	int r;

	if (!seal)
		return -(int)w->err->code;
	if (seal_token_id(token, 'a', &id) < 0)
		return policy_deny_link(w, 'a', 0);
	r = user_read_access(w, id, &access);
	if (r > 0)
		r = user_by_id(w, id, ret);
	if (r <= 0)
		return r < 0 ? r : policy_deny_link(w, 'a', id);
	link = link_of(ret, &access);
	r = seal_token_check(seal, &link, token, &ok, w->err);
	if (r < 0)
		return r;
	*ret_how = access.access_shown ? USER_PASSWORD_GIVEN : USER_PASSWORD_OWN;
	return ok && is_open(w, ret, &access) ? 0 : policy_deny_link(w, 'a', id);
}

static int link_body(struct work *w, void *arg)
{
	const struct by_link *by_link = arg;
	enum user_password how = USER_PASSWORD_GIVEN;
	struct user user;
	int r = check_link(w, by_link->token, &user, &how);

	if (r < 0)
		return r;
	user_act_as_holder(w, user.email, user.company_tax_id);
	r = user_set_password(w, &user, by_link->phc, how);
	user.must_change_password = false;
	if (r >= 0)
		WORK_GIVE(w, by_link->ret, user);
	return r;
}

/* The hash comes first: a link that is good takes no longer than one that is not. */
int user_passwd_by_link(struct portal *portal, const struct portal_secret *token,
	const struct portal_secret *password, struct user *ret_user, struct portal_error *err)
{
	struct by_link by_link = { .token = token->text, .ret = ret_user };
	const int r = user_hash_required(portal, password, &by_link.phc, err);

	return r < 0 ? r : work_write(portal, link_body, &by_link, err);
}

struct sending {
	struct user_named named;
	struct user *ret;
	struct portal_secret *ret_token;
};

/* Whoever sees the token needs no password: so it is for those who could set one. */
static int need_token(struct work *w, const struct sending *sending, const struct user *user)
{
	struct user same;

	if (!needs_current(w, user))
		return user_need(w, "user.passwd-of-others", &sending->named, &same);
	portal_note_denial(w->portal, "user.passwd-of-others", "user", user->id);
	portal_fail(w->err, PORTAL_DENIED, _("a session does not show the link of its own user"));
	return portal_about(w->err, "user", user->id);
}

int user_check_registered(struct work *w, const struct user *user)
{
	struct user_access access;
	const int r = user_read_access(w, user->id, &access);

	return r < 0 ? r : company_check_registered_id(w, access.company_id);
}

static int check_can_come_in(struct work *w, const struct user *user)
{
	if (strcmp(user->status, "active") != 0) {
		portal_fail(w->err, PORTAL_WRONG_STATE,
			_("'%s' is not active in '%s', so the link would let nobody in"),
			user->email, user->company_name);
		portal_hint(w->err, "portalctl user activate");
		return portal_about(w->err, "user", user->id);
	}
	return user_check_registered(w, user);
}

static int send_link_body(struct work *w, void *arg)
{
	const struct sending *sending = arg;
	struct user user;
	int r = user_need(w, "user.passwd", &sending->named, &user);

	if (r >= 0 && sending->ret_token)
		r = need_token(w, sending, &user);
	if (r >= 0)
		r = check_can_come_in(w, &user);
	if (r >= 0)
		r = user_mail_access(w, &user);
	if (r >= 0)
		r = audit_add(w, "user.passwd", "user", user.id,
			CHANGES({ "access_link", NULL, sending->ret_token ? "shown" : "sent" }));
	if (r >= 0 && sending->ret_token)
		r = user_access_token(w, &user, sending->ret_token);
	if (r < 0)
		return r;
	WORK_GIVE(w, sending->ret, user);
	return 1;
}

int user_send_link(struct portal *portal, const char *named, const char *company,
	struct user *ret_user, struct portal_secret *ret_token, struct portal_error *err)
{
	struct sending sending = { { named, company }, ret_user, ret_token };

	return work_write(portal, send_link_body, &sending, err);
}

static int check_not_blocked(struct work *w, const struct user *user)
{
	if (strcmp(user->status, "blocked") != 0)
		return 0;
	portal_fail(w->err, PORTAL_WRONG_STATE, _("'%s' is blocked in '%s'"), user->email,
		user->company_name);
	return portal_about(w->err, "user", user->id);
}

static int area_link_body(struct work *w, void *arg)
{
	const struct sending *sending = arg;
	struct user user, open;
	int r = user_need(w, "user.send-area-link", &sending->named, &user);

	if (r >= 0)
		r = check_not_blocked(w, &user);
	if (r >= 0)
		r = user_check_registered(w, &user);
	if (r < 0)
		return r;
	open = user;
	open.area_access = true;
	r = user_save(w, "user.send-area-link", &user, &open);
	if (r == 0)
		r = audit_add(w, "user.send-area-link", "user", user.id,
			CHANGES({ "area_link", NULL, "sent" }));
	if (r >= 0)
		r = user_mail(w, &open, "area_link", open.email);
	if (r < 0)
		return r;
	WORK_GIVE(w, sending->ret, open);
	return 1;
}

int user_send_area_link(struct portal *portal, const char *named, const char *company,
	struct user *ret_user, struct portal_error *err)
{
	struct sending sending = { { named, company }, ret_user, NULL };

	return work_write(portal, area_link_body, &sending, err);
}
