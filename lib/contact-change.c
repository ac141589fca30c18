/* What changes a contact: adding, changing, taking away. */
#include <string.h>

#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "contact-identity.h"
#include "contact-private.h"
#include "wa-private.h"
#include "field.h"
#include "phone-private.h"

/* Texts as they were given become those that are stored. All faults at once. */
static int check(struct work *w, struct contact_draft *draft, const struct phone_inputs *phones)
{
	if (draft->name)
		contact_field_name(w, &draft->name);
	field_email_if_given(w, &draft->email);
	if (phones->items)
		phone_list(w, phones, &draft->phones);
	return portal_faults_end(w->err);
}

static const char *phones_text(struct work *w, const char *phones)
{
	return phones && *phones ? audit_list_text(w, (portal_list){ phones }) : NULL;
}

int contact_audit(
	struct work *w, const char *action, const struct contact *was, const struct contact *now)
{
	const int64_t id = was->id ? was->id : now->id;

	return audit_add(w, action, "contact", id,
		CHANGES({ "company_tax_id", was->company_tax_id, now->company_tax_id },
			{ "name", was->name, now->name }, { "email", was->email, now->email },
			{ "phones", phones_text(w, was->phones.lines),
				phones_text(w, now->phones.lines) }));
}

static int exists_already(struct work *w, const struct contact *there)
{
	portal_fail(w->err, PORTAL_EXISTS, _("'%s' is a contact of '%s' already"), there->email,
		there->company_name ? there->company_name : there->company_tax_id);
	return portal_about(w->err, "contact", there->id);
}

/* The company's contact with this e-mail, if there is an e-mail: 1, 0, negative. */
static int find_same(
	struct work *w, int64_t company_id, const char *email, struct contact_found *ret)
{
	struct contact_row row;
	const int r = email ? contact_of_company(w, company_id, email, &row) : 0;

	return r > 0 ? contact_by_id(w, row.id, ret) : r;
}

int contact_check_email_free(struct work *w, int64_t company_id, const char *email)
{
	struct contact_found other;
	const int r = find_same(w, company_id, email, &other);

	return r > 0 ? exists_already(w, &other.contact) : r;
}

struct adding {
	const struct contact_request *request;
	struct contact *ret;
};

/* 1: added; 0: there was one. */
static int add(struct work *w, const struct contact_request *q, struct contact_found *ret)
{
	const struct phone_inputs phones = { q->phones, q->phones ? q->phone_count : 0 };
	struct contact_draft draft = { 0, q->name ? q->name : "", q->email, "" };
	const struct contact nothing = { 0 };
	struct company company;
	int64_t id = 0;
	int r = company_need(w, "contact.add", q->company, &company);

	if (r >= 0)
		r = check(w, &draft, &phones);
	if (r < 0)
		return r;
	draft.company_id = company.id;
	draft.email = draft.email && *draft.email ? draft.email : NULL;
	r = find_same(w, company.id, draft.email, ret);
	if (r > 0)
		return q->if_not_exists ? 0 : exists_already(w, &ret->contact);
	if (r == 0)
		r = contact_insert(w, &draft, &id);
	if (r >= 0)
		r = contact_by_id(w, id, ret);
	if (r >= 0)
		r = contact_audit(w, "contact.add", &nothing, &ret->contact);
	return r < 0 ? r : 1;
}

static int add_body(struct work *w, void *arg)
{
	const struct adding *adding = arg;
	struct contact_found found;
	const int r = add(w, adding->request, &found);

	if (r >= 0)
		WORK_GIVE(w, adding->ret, found.contact);
	return r;
}

int contact_add(struct portal *portal, const struct contact_request *request,
	struct contact *ret_contact, struct portal_error *err)
{
	struct adding adding = { request, ret_contact };

	return work_write(portal, add_body, &adding, err);
}

struct setting {
	const struct contact_change *change;
	struct contact *ret;
};

/* The e-mail of a user is a login: it changes with the login or not at all. */
static int check_new_email(struct work *w, const struct contact_found *was, const char *email)
{
	if (text_same(was->contact.email, email))
		return 0;
	if (strcmp(was->contact.access, "none") != 0) {
		portal_fail(w->err, PORTAL_CONFLICT,
			_("'%s' is the login of a user, and changes with it"), was->contact.email);
		portal_hint(w->err, "portalctl user set %s --email", was->contact.email);
		return portal_about(w->err, "contact", was->contact.id);
	}
	return contact_check_email_free(w, was->company_id.id, email);
}

int contact_store(
	struct work *w, const char *action, const struct contact *was, struct contact *now)
{
	int r;

	if (text_same(was->name, now->name) && text_same(was->email, now->email) &&
		text_same(was->phones.lines, now->phones.lines))
		return 0;
	now->updated_at = w->now;
	r = store_put(w->tx, Q_CONTACT_UPDATE,
		ARGS(A(now->id), A(now->name), A(fold_text(w->arena, now->name)), A(now->email),
			A(now->phones.lines), A(w->now)));
	if (r >= 0)
		r = identity_put_phones(
			w, was->id, now->wa_ids, was->phones.lines, now->phones.lines);
	if (r >= 0)
		r = contact_audit(w, action, was, now);
	return r < 0 ? r : 1;
}

/* Links to documents that are still to be mailed to the contact. */
static int follow_mail(struct work *w, const struct contact *was, const char *now, const char *why)
{
	return was->email && !text_same(was->email, now)
		       ? store_put(w->tx, Q_OUTBOX_FOLLOW_MAILED_LINKS,
				 ARGS(A(was->id), A(was->email), A(now), A(why)))
		       : 0;
}

int contact_save(struct work *w, const char *action, const struct contact *was, struct contact *now)
{
	int changed = identity_unlearn(w, was, now), r = changed;

	if (r >= 0)
		r = changed = contact_store(w, action, was, now);
	if (r > 0)
		r = follow_mail(w, was, now->email, "the contact has no e-mail any more");
	if (r >= 0 && changed && !text_same(was->phones.lines, now->phones.lines))
		r = conversation_correct(w, action, was, now);
	return r < 0 ? r : changed;
}

static int set(struct work *w, const struct contact_change *q, struct contact *ret)
{
	const struct phone_inputs phones = { q->phones, q->phone_count };
	const struct contact_named named = { q->named, q->company };
	struct contact_draft draft = { 0, q->name, q->email, NULL };
	struct contact_found was;
	int r = contact_need(w, "contact.set", &named, &was);

	/* Who is a user is changed by those who may change users. */
	if (r >= 0 && strcmp(was.contact.access, "none") != 0)
		r = contact_need(w, "user.set", &named, &was);
	if (r >= 0)
		r = check(w, &draft, &phones);
	if (r < 0)
		return r;
	*ret = was.contact;
	if (draft.name)
		ret->name = draft.name;
	if (draft.email)
		ret->email = *draft.email ? draft.email : NULL;
	if (draft.phones)
		ret->phones.lines = draft.phones;
	r = check_new_email(w, &was, ret->email);
	return r < 0 ? r : contact_save(w, "contact.set", &was.contact, ret);
}

static int set_body(struct work *w, void *arg)
{
	const struct setting *setting = arg;
	struct contact contact;
	const int r = set(w, setting->change, &contact);

	if (r >= 0)
		WORK_GIVE(w, setting->ret, contact);
	return r;
}

int contact_set(struct portal *portal, const struct contact_change *change,
	struct contact *ret_contact, struct portal_error *err)
{
	struct setting setting = { change, ret_contact };

	return work_write(portal, set_body, &setting, err);
}

struct removal {
	struct contact_named named;
	enum contact_missing missing;
	struct contact *ret;
};

/* What is not there was removed before. */
static int is_missing(struct work *w, const struct removal *removal)
{
	const char *named = removal->named.contact;
	struct contact nothing = { .email = strchr(named, '@') ? named : NULL, .access = "none" };

	if (removal->missing == CONTACT_MISSING_FAILS)
		return -(int)w->err->code;
	*w->err = (struct portal_error){ .arena = w->err->arena };
	WORK_GIVE(w, removal->ret, nothing);
	return 0;
}

int contact_drop(struct work *w, const struct contact *contact)
{
	static const char why[] = "the contact was removed";
	const struct contact nothing = { 0 };
	int r;

	if (strcmp(contact->access, "none") != 0) {
		portal_fail(w->err, PORTAL_CONFLICT, _("'%s' is a user, who is removed first"),
			contact->email);
		portal_hint(w->err, "portalctl user remove %s", contact->email);
		return portal_about(w->err, "contact", contact->id);
	}
	r = identity_follow_links(w, contact, NULL, why);
	if (r >= 0)
		r = follow_mail(w, contact, NULL, why);
	if (r >= 0)
		r = store_put(w->tx, Q_CONTACT_REMOVE, ARGS(A(contact->id), A(w->now)));
	if (r >= 0)
		r = identity_forget(w, contact->id);
	if (r >= 0)
		r = conversation_drop(w, contact->id, why);
	if (r >= 0)
		r = contact_audit(w, "contact.remove", contact, &nothing);
	return r < 0 ? r : 1;
}

static int remove_body(struct work *w, void *arg)
{
	const struct removal *removal = arg;
	struct contact_found found;
	int r = contact_need(w, "contact.remove", &removal->named, &found);

	if (r == -PORTAL_NOT_FOUND)
		return is_missing(w, removal);
	if (r >= 0)
		r = contact_drop(w, &found.contact);
	if (r >= 0)
		WORK_GIVE(w, removal->ret, found.contact);
	return r;
}

int contact_remove(struct portal *portal, const char *named, const char *company,
	enum contact_missing missing, struct contact *ret_contact, struct portal_error *err)
{
	struct removal removal = { { named, company }, missing, ret_contact };

	return work_write(portal, remove_body, &removal, err);
}
