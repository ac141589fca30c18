/* What a user says of themselves or an admin of them: e-mail, name, phones. */
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "contact-private.h"
#include "field.h"
#include "phone-private.h"
#include "user-private.h"

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
static int check(struct work *w, const struct user_change *q, struct contact *now)
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
		phone_list(w, &phones, &now->phones.lines);
	return portal_faults_end(w->err);
}

/* One's own name and phones are one's own; the login is an admin's to change. */
static int need_user(struct work *w, const struct user_change *q, struct user *ret)
{
	const struct user_named named = { q->named, q->company };
	const int r = user_need(w, "user.set", &named, ret);

	return r < 0 || !q->email ? r : user_need(w, "user.set-email", &named, ret);
}

static int save(struct work *w, const struct user *user, const struct contact *was,
	struct contact *now, struct user *ret)
{
	int r = contact_save(w, "user.set", was, now);
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
	struct user user, changed;
	struct contact_found was;
	struct contact now;
	int r = need_user(w, q, &user);

	if (r >= 0)
		r = contact_by_id(w, user.contact_id.id, &was);
	if (r < 0)
		return r;
	now = was.contact;
	r = check(w, q, &now);
	if (r >= 0)
		r = check_free(w, &user, was.company_id.id, now.email);
	if (r >= 0)
		r = save(w, &user, &was.contact, &now, &changed);
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
