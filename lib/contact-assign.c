/* A contact of no company becomes one of a company (W6). */
#include <string.h>

#include "base/i18n.h"
#include "company-private.h"
#include "contact-private.h"
#include "ticket-private.h"

struct assigning {
	const char *named, *company;
	struct contact *ret;
};

/* The company that is said here is the one to come, and tells no two contacts apart. */
static int find_contact(struct work *w, const char *named, struct contact_found *ret)
{
	const struct contact_named of_any = { named, NULL };
	const int r = contact_need(w, "contact.assign", &of_any, ret);

	return r == -PORTAL_USAGE ? portal_hint(w->err, _("name the contact by its id")) : r;
}

static int belongs_elsewhere(struct work *w, const struct contact *contact)
{
	portal_fail(w->err, PORTAL_WRONG_STATE, _("contact '%s' belongs to '%s'"),
		contact_title(contact),
		contact->company_name ? contact->company_name : contact->company_tax_id);
	portal_hint(w->err, _("who works for several companies is a contact of each"));
	return portal_about(w->err, "contact", contact->id);
}

static int check_email(struct work *w, const struct contact *contact, int64_t company_id)
{
	const int r = contact_check_email_free(w, company_id, contact->email);

	return r == -PORTAL_EXISTS ? portal_hint(w->err, "portalctl contact set %lld --email ''",
					     (long long)contact->id)
				   : r;
}

/* 1: it can be tied to the company; 0: it is. */
static int check(struct work *w, const struct contact_found *was, const struct company *company)
{
	int r;

	if (was->company_id.id == company->id)
		return 0;
	if (was->company_id.id)
		return belongs_elsewhere(w, &was->contact);
	r = company_check_registered(w, company);
	if (r >= 0)
		r = check_email(w, &was->contact, company->id);
	return r < 0 ? r : 1;
}

static int put_company(struct work *w, const struct contact *was, const struct company *company,
	struct contact_found *ret)
{
	int r = store_put(
		w->tx, Q_CONTACT_PUT_COMPANY, ARGS(A(was->id), A(company->id), A(w->now)));

	if (r >= 0)
		r = contact_by_id(w, was->id, ret);
	if (r >= 0)
		r = contact_audit(w, "contact.assign", was, &ret->contact);
	return r < 0 ? r : ticket_give_to_company(w, "contact.assign", was->id, company);
}

static int assign_body(struct work *w, void *arg)
{
	const struct assigning *call = arg;
	struct contact_found was, now;
	struct company company;
	int changed, r = find_contact(w, call->named, &was);

	if (r >= 0)
		r = company_need(w, "company.show", call->company, &company);
	if (r < 0)
		return r;
	now = was;
	r = changed = check(w, &was, &company);
	if (r > 0)
		r = put_company(w, &was.contact, &company, &now);
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, now.contact);
	return changed;
}

int contact_assign(struct portal *portal, const char *named, const char *company,
	struct contact *ret_contact, struct portal_error *err)
{
	struct assigning call = { named, company, ret_contact };

	return work_write(portal, assign_body, &call, err);
}
