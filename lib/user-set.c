/* What a user says of themselves or an admin of them: e-mail, name, phones. */
#include <string.h>

#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "contact-private.h"
#include "field.h"
#include "phone-private.h"
#include "user-private.h"

/* The person behind a user, before and after. */
struct person {
	const char *name, *email, *phones;
};

struct setting {
	const struct user_change *request;
	struct user *ret;
};

/* No two people of a company have one e-mail, whether they log in or not. */
static int check_free(
	struct work *w, const struct user *user, int64_t company_id, const char *email)
{
	struct contact_row contact = { 0 };
	int r;

	if (!strcmp(email, user->email))
		return 0;
	r = contact_of_company(w, company_id, email, &contact);
	if (r <= 0 || contact.id == user->contact_id.id)
		return r < 0 ? r : 0;
	portal_fail(w->err, PORTAL_EXISTS, _("'%s' is the e-mail of another contact of '%s'"),
		email, user->company_name);
	return portal_about(w->err, "contact", contact.id);
}

/* All faults at once. */
static int check(struct work *w, const struct user_change *q, struct person *now)
{
	const struct phone_inputs phones = { .items = q->phones, .count = q->phone_count };

	if (q->email) {
		now->email = q->email;
		field_email(w, &now->email);
	}
	if (q->name) {
		now->name = q->name;
		contact_field_name(w, &now->name);
	}
	if (q->phones)
		phone_list(w, &phones, &now->phones);
	return portal_faults_end(w->err);
}

/* One's own name and phones are one's own; the login is an admin's to change. */
static int need_user(struct work *w, const struct user_change *q, struct user *ret)
{
	const struct user_named named = { q->named, q->company };
	const int r = user_need(w, "user.set", &named, ret);

	return r < 0 || !q->email ? r : user_need(w, "user.set-email", &named, ret);
}

static int save_person(
	struct work *w, const struct user *user, const struct person *was, const struct person *now)
{
	int r;

	if (!strcmp(was->name, now->name) && !strcmp(was->email, now->email) &&
		!strcmp(was->phones, now->phones))
		return 0;
	r = store_put(w->tx, Q_CONTACT_UPDATE,
		ARGS(A(user->contact_id.id), A(now->name), A(fold_text(w->arena, now->name)),
			A(now->email), A(now->phones), A(w->now)));
	if (r >= 0)
		r = audit_add(w, "user.set", "contact", user->contact_id.id,
			CHANGES({ "name", was->name, now->name },
				{ "email", was->email, now->email },
				{ "phones", audit_list_text(w, (portal_list){ was->phones }),
					audit_list_text(w, (portal_list){ now->phones }) }));
	return r < 0 ? r : 1;
}

static int save(struct work *w, const struct user *user, const struct person *was,
	const struct person *now, struct user *ret)
{
	int r = save_person(w, user, was, now);
	const int changed = r;

	*ret = *user;
	ret->email = now->email;
	ret->name = now->name;
	if (r >= 0)
		r = user_save(w, "user.set", user, ret);
	if (r > 0)
		r = user_mail(w, user, "email_changed", user->email);
	return r < 0 ? r : changed;
}

static int set_body(struct work *w, void *arg)
{
	const struct setting *setting = arg;
	const struct user_change *q = setting->request;
	struct user_access access = { .phones = "" };
	struct person was, now;
	struct user user, changed;
	int r = need_user(w, q, &user);

	if (r >= 0)
		r = user_read_access(w, user.id, &access);
	if (r < 0)
		return r;
	now = was = (struct person){ user.name, user.email, access.phones };
	r = check(w, q, &now);
	if (r >= 0)
		r = check_free(w, &user, access.company_id, now.email);
	if (r >= 0)
		r = save(w, &user, &was, &now, &changed);
	if (r >= 0)
		WORK_GIVE(w, setting->ret, changed);
	return r;
}

int user_set(struct portal *portal, const struct user_change *request, struct user *ret_user,
	struct portal_error *err)
{
	struct setting setting = { request, ret_user };

	return work_write(portal, set_body, &setting, err);
}
