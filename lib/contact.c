#include "contact-private.h"

#include <stdlib.h>
#include <string.h>

#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "contact-identity.h"
#include "list.h"
#include "policy.h"
#include "portal-private.h"

enum { NAME_MAX_BYTES = 200, PHONE_PART_MIN = 3, PHONE_PART_MAX = 32 };

const struct portal_word contact_accesses[] = {
	{ "none", N_("no access") },
	{ "inactive", N_("inactive") },
	{ "active", N_("active") },
	{ "blocked", N_("blocked") },
	{ NULL, NULL },
};

/* The fields of a contact, for the record that is shown and the wider one that is
 * found: the contact is the first member of that. */
#define CONTACT_FIELDS \
	PORTAL_FIELD(struct contact, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct contact, company_tax_id, N_("TAX ID")), \
		PORTAL_FIELD(struct contact, company_name, N_("COMPANY")), \
		PORTAL_FIELD(struct contact, name, N_("NAME")), \
		PORTAL_FIELD(struct contact, email, N_("E-MAIL")), \
		PORTAL_FIELD(struct contact, phones, N_("PHONES")), \
		PORTAL_FIELD(struct contact, wa_ids, N_("WHATSAPP"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct contact, wa_user_ids, N_("WHATSAPP USER"), \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct contact, access, N_("ACCESS"), .words = contact_accesses), \
		PORTAL_FIELD( \
			struct contact, created_at, N_("CREATED"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct contact, updated_at, N_("UPDATED"), .flags = PORTAL_FIELD_WIDE)

static const struct portal_field contact_fields[] = { CONTACT_FIELDS, PORTAL_FIELDS_END };

const struct portal_record contact_record = { "contact", sizeof(struct contact), contact_fields };

static const struct portal_field found_fields[] = {
	CONTACT_FIELDS,
	PORTAL_FIELD(struct contact_found, company_id, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record found_record = { "contact", sizeof(struct contact_found),
	found_fields };

static const struct portal_field row_fields[] = {
	PORTAL_FIELD(struct contact_row, id, NULL),
	PORTAL_FIELD(struct contact_row, name, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "contact", sizeof(struct contact_row),
	row_fields };

int contact_of_company(
	struct work *w, int64_t company_id, const char *email, struct contact_row *ret)
{
	return store_get(w->tx, Q_CONTACT_BY_EMAIL, ARGS(A(company_id), A(email)), w->arena,
		&row_record, ret);
}

int contact_by_id(struct work *w, int64_t id, struct contact_found *ret)
{
	return store_get(w->tx, Q_CONTACT_BY_ID, ARGS(A(id)), w->arena, &found_record, ret);
}

int contact_insert(struct work *w, const struct contact_draft *d, int64_t *ret_id)
{
	const portal_list none = { "" };
	const int r = store_get_int(w->tx, Q_CONTACT_INSERT,
		ARGS(A((portal_id){ d->company_id }), A(d->name), A(fold_text(w->arena, d->name)),
			A(d->email), A(d->phones), A(w->now)),
		ret_id);

	return r < 0 ? r : identity_put_phones(w, *ret_id, none, "", d->phones);
}

int contact_check_name(struct work *w, const char **name)
{
	const char *clean =
		*name ? text_field(w->arena, *name, NAME_MAX_BYTES, "name", w->err) : "";

	if (!clean)
		return -(int)w->err->code;
	*name = clean;
	if (*clean)
		return 0;
	portal_fail(w->err, PORTAL_INVALID, _("a person needs a name"));
	return portal_about_field(w->err, "name");
}

void contact_field_name(struct work *w, const char **name)
{
	if (contact_check_name(w, name) < 0)
		portal_fault_add(w->err);
}

const char *contact_title(const struct contact *contact)
{
	return contact->email ? contact->email : contact->name;
}

/* How many contacts a name fits, and the first of them. */
struct match {
	int64_t id;
	int64_t matches;
};

static const struct portal_field match_fields[] = {
	PORTAL_FIELD(struct match, id, NULL),
	PORTAL_FIELD(struct match, matches, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record match_record = { "contact", sizeof(struct match), match_fields };

/* The contacts that a name fits, of one company (0: of all) as far as @viewer (0: whoever)
 * sees them. */
static int match_contacts(
	struct work *w, const char *named, int64_t company_id, int64_t viewer, struct match *ret)
{
	const bool is_id = named[strspn(named, "0123456789")] == '\0';
	const int64_t id = is_id ? strtoll(named, NULL, 10) : 0;
	const int64_t group = viewer ? policy_list_group(w, "contact.list") : 0;

	*ret = (struct match){ 0 };
	return store_get(w->tx, Q_CONTACT_NAMED,
		ARGS(A(named), A(id), A(company_id), A(viewer), A(group)), w->arena, &match_record,
		ret);
}

static int none_seen(
	struct work *w, const char *action, const struct contact_named *named, int64_t company_id)
{
	struct match hidden;
	const int r = match_contacts(w, named->contact, company_id, 0, &hidden);

	if (r < 0)
		return r;
	if (hidden.matches)
		portal_note_denial(w->portal, action, "contact", hidden.id);
	return work_not_found(w, "contact", named->contact);
}

/* Only the contacts that the actor may see count: another company's contact of the
 * same address must not make the name ambiguous. To have named one is a denial. */
static int find(struct work *w, const char *action, const struct contact_named *named,
	int64_t company_id, int64_t *ret_id)
{
	const bool sees_all = !w->actor->as || w->actor->staff;
	const int64_t viewer = sees_all ? 0 : w->actor->company_id;
	struct match match;
	const int r = match_contacts(w, named->contact, company_id, viewer, &match);

	if (r < 0)
		return r;
	if (match.matches == 0)
		return none_seen(w, action, named, company_id);
	*ret_id = match.id;
	if (match.matches == 1)
		return 0;
	portal_fail(
		w->err, PORTAL_USAGE, _("'%s' is a contact of several companies"), named->contact);
	return portal_hint(w->err, _("say which with --company TAX-ID"));
}

int contact_need(struct work *w, const char *action, const struct contact_named *named,
	struct contact_found *ret)
{
	struct policy_object object = { .kind = "contact", .named = named->contact };
	struct company company = { 0 };
	int r = named->company ? company_need(w, "company.show", named->company, &company) : 0;

	if (r >= 0)
		r = find(w, action, named, company.id, &object.id);
	if (r >= 0)
		r = contact_by_id(w, object.id, ret);
	if (r < 0)
		return r;
	object.owner = ret->company_id.id;
	return policy_need(w, action, &object);
}

struct show {
	struct contact_named named;
	struct contact *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct show *show = arg;
	struct contact_found found;
	const int r = contact_need(w, "contact.show", &show->named, &found);

	if (r >= 0)
		WORK_GIVE(w, show->ret, found.contact);
	return r;
}

int contact_show(struct portal *portal, const char *named, const char *company,
	struct contact *ret_contact, struct portal_error *err)
{
	struct show show = { { named, company }, ret_contact };

	return work_read(portal, show_body, &show, err);
}

/* People search for a phone as it is printed, with blanks and brackets: its digits,
 * or "" for what is no part of a phone. */
static const char *phone_pattern(struct work *w, const char *search)
{
	char digits[PHONE_PART_MAX + 1];
	size_t len = 0;

	for (; search && *search && len < PHONE_PART_MAX; search++) {
		if (*search >= '0' && *search <= '9')
			digits[len++] = *search;
		else if (!strchr("+-./() ", *search))
			return "";
	}
	digits[len] = '\0';
	return len >= PHONE_PART_MIN ? list_pattern(w, digits) : "";
}

/* Of which company the list is (0: of all that may be seen), who sees it, and the
 * group whose contacts that one sees too. */
struct scope {
	int64_t of, viewer, group;
};

static int find_scope(struct work *w, const struct contact_filter *f, struct scope *ret)
{
	struct company company = { 0 };
	int r = policy_need_list(w, "contact.list", &ret->viewer);

	if (r >= 0 && f->company)
		r = company_need(w, "company.show", f->company, &company);
	ret->group = r >= 0 && ret->viewer ? policy_list_group(w, "contact.list") : 0;
	ret->of = company.id || ret->group ? company.id : ret->viewer;
	return r;
}

static enum store_query by_id(const struct scope *scope)
{
	if (scope->of)
		return Q_CONTACT_LIST_OF;
	return scope->group ? Q_CONTACT_LIST_GROUP : Q_CONTACT_LIST;
}

const struct portal_word contact_sorts[] = { { "id", NULL }, { "name", NULL }, { "email", NULL },
	{ "created_at", NULL }, { NULL, NULL } };

struct listing {
	const struct contact_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct contact_filter *f = listing->filter;
	struct contact row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = contact_sorts,
		.record = &contact_record,
		.row = &row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	struct scope scope = { 0 };
	const int r = find_scope(w, f, &scope);

	if (r < 0)
		return r;
	list.statements =
		(struct list_statements){ by_id(&scope), Q_CONTACT_LIST_UP, Q_CONTACT_LIST_DOWN };
	return list_read(&list,
		LIST_ARGS(A(scope.of), A(f->access ? f->access : ""), A(list_pattern(w, f->search)),
			A(phone_pattern(w, f->search)), A(scope.viewer), A(scope.group)));
}

int contact_list(struct portal *portal, const struct contact_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
