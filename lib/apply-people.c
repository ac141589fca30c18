/* Contacts of one company of a manifest, and then its users. */
#include "apply-user.h"

#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "contact-private.h"
#include "phone-private.h"

static const char *phones_text(struct work *w, const char *phones)
{
	return apply_is_given(phones) ? audit_list_text(w, (portal_list){ phones }) : NULL;
}

static void check_phones(struct work *w, portal_list given, const char **ret)
{
	struct phone_inputs inputs = { .field = "phones" };
	const char **items;
	char *lines, *save = NULL;

	if (!given.lines)
		return;
	lines = arena_strdup(w->arena, given.lines);
	items = arena_array(w->arena, strlen(lines) / 2 + 1, sizeof(*items));
	for (char *item = strtok_r(lines, "\n", &save); item; item = strtok_r(NULL, "\n", &save))
		items[inputs.count++] = item;
	inputs.items = items;
	phone_list(w, &inputs, ret);
}

/* What does not depend on the portal; all faults at once. */
static int check_contact(
	struct apply *apply, const struct manifest_contact *m, struct contact_draft *draft)
{
	struct work *w = &apply->w;

	draft->name = m->name;
	draft->email = apply_is_given(m->email) ? m->email : NULL;
	if (m->name)
		contact_field_name(w, &draft->name);
	check_phones(w, m->phones, &draft->phones);
	return portal_faults_end(w->err);
}

static int find_contact(struct work *w, const struct contact_draft *draft, struct contact *ret)
{
	struct contact_found found;
	int64_t id = 0;
	int r = draft->email ? store_get_int(w->tx, Q_CONTACT_BY_EMAIL,
				       ARGS(A(draft->company_id), A(draft->email)), &id)
			     : store_get_int(w->tx, Q_CONTACT_ID_BY_NAME,
				       ARGS(A(draft->company_id), A(draft->name)), &id);

	if (r > 0)
		r = contact_by_id(w, id, &found);
	if (r > 0)
		*ret = found.contact;
	return r;
}

static int make_contact(struct apply *apply, const struct people *people,
	struct contact_draft *draft, struct contact *ret)
{
	const struct contact nothing = { 0 };
	struct work *w = &apply->w;
	int r = contact_check_name(w, &draft->name);

	draft->phones = draft->phones ? draft->phones : "";
	if (r >= 0)
		r = contact_insert(w, draft, &ret->id);
	ret->company_tax_id = people->company->tax_id;
	ret->name = draft->name;
	ret->email = draft->email;
	ret->phones.lines = draft->phones;
	return r < 0 ? r : contact_audit(w, "contact.add", &nothing, ret);
}

static int change_contact(struct apply *apply, const struct contact_draft *draft,
	const struct contact *was, struct contact *ret)
{
	*ret = *was;
	ret->name = draft->name ? draft->name : was->name;
	if (draft->phones)
		ret->phones.lines = draft->phones;
	return contact_save(&apply->w, "contact.set", was, ret);
}

static int put_contact(
	struct apply *apply, const struct people *people, const struct manifest_contact *m)
{
	struct work *w = &apply->w;
	struct apply_change *change = apply_result(apply, "contact", &m->object, people->manifest);
	struct contact_draft draft = { .name = NULL };
	struct contact was = { 0 }, now = { 0 };
	int found, r = check_contact(apply, m, &draft);

	if (r < 0 || !people->company)
		return r;
	draft.company_id = people->company->id;
	found = people->found == APPLY_THERE ? find_contact(w, &draft, &was) : 0;
	if (found < 0)
		return found;
	r = found ? change_contact(apply, &draft, &was, &now)
		  : make_contact(apply, people, &draft, &now);
	if (r < 0)
		return r;
	return apply_done(apply, change, now.id, found ? APPLY_THERE : APPLY_ABSENT,
		CHANGES({ "name", was.name, now.name }, { "email", was.email, now.email },
			{ "phones", phones_text(w, was.phones.lines),
				phones_text(w, now.phones.lines) }));
}

int apply_people(struct apply *apply, const struct manifest_company *manifest,
	const struct company *company, enum apply_found found)
{
	const struct people people = { manifest, company, found };
	int r = 0;

	MANIFEST_EACH(struct manifest_contact, contact, &manifest->contacts)
	{
		apply_begin(apply);
		r = apply_end(
			apply, &contact->object, "name", put_contact(apply, &people, contact));
		if (r < 0)
			return r;
	}
	return apply_users(apply, &people);
}
