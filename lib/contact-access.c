/* Access of a contact to the portal (U7): giving it makes or wakes a user, ending it
 * lets the user sleep. */
#include <string.h>

#include "base/i18n.h"
#include "company-private.h"
#include "contact-private.h"
#include "portal-private.h"
#include "seal/seal.h"
#include "tell.h"
#include "user-private.h"

enum { NONCE_BYTES = 16 };

/* @phc: the hash of the password, or NULL. @nonce and @generated: of a random
 * password. @token: what is shown once. */
struct allowing {
	const struct contact_allowance *request;
	const char *nonce, *phc;
	struct portal_secret generated, token;
	bool wants_token;
	struct contact *ret;
};

static void allowing_clear(struct allowing *allowing)
{
	portal_secret_clear(&allowing->generated);
	portal_secret_clear(&allowing->token);
}

/* The contact, the company and the user, as far as there is one. */
struct subject {
	struct contact_found found;
	struct company company;
	struct user user;
};

static bool wants_password(const struct allowing *allowing)
{
	return allowing->request->send_password || allowing->request->password;
}

static int check_contact(struct work *w, const struct contact_found *found)
{
	const struct contact *contact = &found->contact;

	if (!found->company_id.id) {
		portal_fail(w->err, PORTAL_WRONG_STATE, _("contact '%s' belongs to no company"),
			contact_title(contact));
		return portal_about(w->err, "contact", contact->id);
	}
	if (contact->email)
		return 0;
	portal_fail(w->err, PORTAL_INVALID, _("'%s' has no e-mail, which would be the login"),
		contact->name);
	portal_hint(w->err, "portalctl contact set %lld --email", (long long)contact->id);
	portal_about(w->err, "contact", contact->id);
	return portal_about_field(w->err, "email");
}

/* To change one's own password the current one is asked for, elsewhere. */
static int check_self(struct work *w, const struct allowing *allowing, const struct user *user)
{
	if (!wants_password(allowing) || !w->actor->as || user->id != w->actor->user_id)
		return 0;
	portal_fail(w->err, PORTAL_CONFLICT, _("'%s' is who acts, and sets no password here"),
		user->email);
	return portal_hint(w->err, "portalctl user passwd %s", user->email);
}

/* 1: the contact is a user; 0: it can become one. */
static int find_subject(struct work *w, const struct allowing *allowing, struct subject *ret)
{
	const struct contact_named named = { allowing->request->named, allowing->request->company };
	int r = contact_need(w, "contact.allow", &named, &ret->found);

	if (r >= 0)
		r = check_contact(w, &ret->found);
	if (r >= 0)
		r = company_by_id(w, ret->found.company_id.id, &ret->company);
	if (r >= 0)
		r = company_check_registered(w, &ret->company);
	if (r >= 0)
		r = user_of_company(w, ret->company.id, ret->found.contact.email, &ret->user);
	if (r > 0 && check_self(w, allowing, &ret->user) < 0)
		return -(int)w->err->code;
	return r;
}

static int generate(struct work *w, struct allowing *allowing)
{
	_cleanup_seal_secret_ struct seal_secret secret = { { 0 } };
	struct seal *seal = work_seal(w);
	int r;

	allowing->nonce = seal ? work_random_hex(w, NONCE_BYTES) : NULL;
	if (!allowing->nonce)
		return -(int)w->err->code;
	r = seal_generate_password(seal, allowing->nonce, &secret, w->err);
	if (r < 0)
		return r;
	allowing->generated.len = strlen(secret.text);
	memcpy(allowing->generated.text, secret.text, allowing->generated.len + 1);
	return 0;
}

/* Before the password is hashed, so that half a second is spent for nothing only
 * where somebody comes between. */
static int prepare_body(struct work *w, void *arg)
{
	struct allowing *allowing = arg;
	struct subject subject;
	int r = work_will_write(w);

	if (r >= 0)
		r = find_subject(w, allowing, &subject);
	if (r >= 0 && allowing->request->send_password)
		r = generate(w, allowing);
	return r;
}

static int make_user(struct work *w, const struct allowing *allowing, struct subject *s)
{
	struct user_draft draft = { .company_id = s->company.id,
		.name = s->found.contact.name,
		.email = s->found.contact.email,
		.status = "active",
		.password = allowing->phc,
		.must_change_password = allowing->request->send_password,
		.created_via = "contact",
		.action = "contact.allow" };
	int64_t users = 0;
	int r = user_count(w, s->company.id, &users);

	draft.role = users == 0 ? "admin" : "collaborator";
	if (r >= 0)
		r = user_insert(w, &draft, &s->user);
	return r < 0 ? r : 1;
}

/* 1: the user was active not before, or has a new password. */
static int wake_user(struct work *w, const struct allowing *allowing, const struct user *was)
{
	const bool temporary = allowing->request->send_password;
	const int r = user_wake(w, "contact.allow", was);

	if (r < 0 || !allowing->phc)
		return r;
	return user_set_password(
		w, was, allowing->phc, temporary ? USER_PASSWORD_TEMPORARY : USER_PASSWORD_GIVEN);
}

/* The mail says the password, the outbox only what it is made of. */
static int mail_password(struct work *w, const struct allowing *allowing, const struct user *user)
{
	const struct event event = { "temporary_password", "user", user->id,
		NAMED({ "office", work_office_name(w) }, { "name", user->name },
			{ "company_name", user->company_name },
			{ "company_tax_id", user_printed_tax_id(w, user) },
			{ "email", user->email }, { "password_nonce", allowing->nonce }) };

	return tell_address(w, &event, user->email, NULL);
}

/* A rehearsal shows nothing: its password is no user's. */
static int mail(struct work *w, struct allowing *allowing, const struct user *user)
{
	const bool shows = allowing->wants_token && !w->portal->options.dry_run;
	int r;

	if (allowing->request->send_password) {
		if (shows)
			allowing->token = allowing->generated;
		return mail_password(w, allowing, user);
	}
	if (allowing->phc)
		return 0;
	r = user_mail_access(w, user);
	return r < 0 || !shows ? r : user_access_token(w, user, &allowing->token);
}

static int give_contact(struct work *w, int64_t id, struct contact *ret)
{
	struct contact_found found;
	const int r = contact_by_id(w, id, &found);

	if (r > 0)
		WORK_GIVE(w, ret, found.contact);
	return r;
}

static int allow_body(struct work *w, void *arg)
{
	struct allowing *allowing = arg;
	struct subject s;
	int changed, r = find_subject(w, allowing, &s);

	if (r < 0)
		return r;
	changed = r ? wake_user(w, allowing, &s.user) : make_user(w, allowing, &s);
	r = changed > 0 ? mail(w, allowing, &s.user) : changed;
	if (r >= 0)
		r = give_contact(w, s.found.contact.id, allowing->ret);
	return r < 0 ? r : changed;
}

static int check_ways(
	struct portal *portal, const struct allowing *allowing, struct portal_error *err)
{
	if (allowing->request->password && allowing->request->send_password)
		return portal_fail(err, PORTAL_USAGE,
			_("a password is given, or a random one is sent, not both"));
	if (allowing->request->password && allowing->wants_token)
		return portal_fail(
			err, PORTAL_USAGE, _("a password that is given is not shown again"));
	if (portal->joined && wants_password(allowing))
		return portal_fail(
			err, PORTAL_USAGE, _("a password goes with one contact, not with several"));
	return 0;
}

static int prepare_password(
	struct portal *portal, struct allowing *allowing, struct portal_error *err)
{
	const struct contact_allowance *q = allowing->request;
	const int r = work_read(portal, prepare_body, allowing, err);

	if (r < 0)
		return r;
	return user_hash_password(
		portal, q->send_password ? &allowing->generated : q->password, &allowing->phc, err);
}

int contact_allow(struct portal *portal, const struct contact_allowance *allowance,
	struct contact *ret_contact, struct portal_secret *ret_token, struct portal_error *err)
{
	__attribute__((cleanup(allowing_clear))) struct allowing allowing = {
		.request = allowance, .wants_token = ret_token != NULL, .ret = ret_contact
	};
	int r = check_ways(portal, &allowing, err);

	if (r >= 0 && wants_password(&allowing))
		r = prepare_password(portal, &allowing, err);
	if (r >= 0)
		r = work_write(portal, allow_body, &allowing, err);
	if (r >= 0 && ret_token)
		*ret_token = allowing.token;
	return r;
}

struct denying {
	struct contact_named named;
	struct contact *ret;
};

static int deny_body(struct work *w, void *arg)
{
	const struct denying *denying = arg;
	struct contact_found found;
	struct user was = { 0 }, now;
	int changed = 0, r = contact_need(w, "contact.deny", &denying->named, &found);

	if (r >= 0 && !strcmp(found.contact.access, "active"))
		r = user_of_company(w, found.company_id.id, found.contact.email, &was);
	if (r >= 0 && was.id) {
		now = was;
		now.status = "inactive";
		r = changed = user_save(w, "contact.deny", &was, &now);
	}
	if (r >= 0)
		r = give_contact(w, found.contact.id, denying->ret);
	return r < 0 ? r : changed;
}

int contact_deny(struct portal *portal, const char *named, const char *company,
	struct contact *ret_contact, struct portal_error *err)
{
	struct denying denying = { { named, company }, ret_contact };

	return work_write(portal, deny_body, &denying, err);
}
