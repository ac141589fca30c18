/* Settings and companies of a manifest. */
#include <string.h>

#include "apply-private.h"
#include "base/i18n.h"
#include "company-private.h"
#include "portal-private.h"
#include "setting.h"

/* The name of a setting, which an error outlives the manifest with. */
static const char *known_key(const char *key)
{
	for (size_t i = 0; config_key(i); i++)
		if (!strcmp(config_key(i), key))
			return config_key(i);
	return NULL;
}

/* A setting that is null goes back to what it is when nobody has set it. */
static int put_setting(struct apply *apply, const struct manifest_setting *m)
{
	const char *key = known_key(m->object.key);
	const char *value = apply_is_cleared(m->value) ? setting_default(key) : m->value;
	struct apply_change *change = apply_result(apply, "setting", &m->object, NULL);
	struct config before, after;
	const int r = setting_change(&apply->w, key, value, &before, &after);

	if (r < 0)
		return portal_about_field(apply->w.err, key);
	return apply_done(
		apply, change, 0, APPLY_THERE, CHANGES({ "value", before.value, after.value }));
}

int apply_settings(struct apply *apply)
{
	int r = 0;

	MANIFEST_EACH(struct manifest_setting, setting, &apply->manifest.settings)
	{
		apply_begin(apply);
		r = apply_end(apply, &setting->object, "value", put_setting(apply, setting));
		if (r < 0)
			return r;
	}
	return r;
}

/* A choice that is null is what a new company has. */
static const char *choice(const char *given, const char *fresh)
{
	return apply_is_cleared(given) ? fresh : given;
}

static struct company_draft draft_of(const struct manifest_company *m)
{
	return (struct company_draft){ .tax_id = m->tax_id,
		.country = m->country,
		.name = m->name,
		.trade_name = m->trade_name,
		.email = m->email,
		.phone = m->phone,
		.relation = choice(m->relation, "none"),
		.role = choice(m->role, taxid_role(m->country, m->tax_id)),
		.document_login = choice(m->document_login, "inherit"),
		.sections = m->sections.lines,
		.signup = choice(m->signup, "on"),
		.status = "registered" };
}

static int make(struct apply *apply, struct company_draft *draft, struct company *ret)
{
	struct work *w = &apply->w;
	int r = company_check(w, draft);

	if (r >= 0)
		r = company_insert(w, draft, ret);
	return r < 0 ? r : company_audit_added(w, ret);
}

bool apply_disables(const struct manifest_company *m)
{
	return m->status && !strcmp(m->status, "disabled");
}

/* What was known by name alone becomes registered. */
static int change(struct apply *apply, const struct manifest_company *m,
	struct company_draft *draft, const struct company *was, struct company *ret)
{
	struct work *w = &apply->w;
	const bool enables = m->status && !apply_disables(m) && !strcmp(was->status, "disabled");
	struct company is = { 0 };
	int r;

	draft->name = draft->name ? draft->name : was->name;
	r = company_check(w, draft);
	if (r >= 0)
		r = !strcmp(was->status, "unregistered")
			    ? company_register(w, was, draft, &is)
			    : company_change(w, "company.set", was, draft, &is);
	*ret = is;
	if (r >= 0 && enables)
		r = company_put_status(w, &is, "registered", ret);
	return r;
}

static int put_company(struct apply *apply, const struct manifest_company *m, struct company *ret,
	enum apply_found *ret_found)
{
	const struct company nothing = { 0 };
	struct company_draft draft = draft_of(m);
	struct company was, shown;
	struct apply_change *done = apply_result(apply, "company", &m->object, NULL);
	struct change changes[COMPANY_CHANGES];
	int r = company_by_tax_id(&apply->w, m->object.key, &was);

	if (r < 0)
		return r;
	*ret_found = r ? APPLY_THERE : APPLY_ABSENT;
	r = r ? change(apply, m, &draft, &was, ret) : make(apply, &draft, ret);
	if (r < 0)
		return r;
	shown = *ret;
	if (apply_disables(m))
		shown.status = "disabled";
	company_changes(&apply->w, *ret_found == APPLY_THERE ? &was : &nothing, &shown, changes);
	return apply_done(apply, done, ret->id, *ret_found, changes);
}

/* The company stays known while its people are done, one after the other. */
static int put_with_people(struct apply *apply, const struct manifest_company *m)
{
	enum apply_found found = APPLY_ABSENT;
	struct company company;
	int made, r;

	arena_reset(&apply->company_arena);
	apply_begin(apply);
	apply->w.arena = &apply->company_arena;
	made = put_company(apply, m, &company, &found);
	apply->w.arena = &apply->scratch;
	r = apply_end(apply, &m->object, "tax_id", made);
	if (made < 0)
		apply_company_failed(apply, m->object.key);
	return r < 0 ? r : apply_people(apply, m, made < 0 ? NULL : &company, found);
}

int apply_companies(struct apply *apply)
{
	int64_t done = 0;
	int r = 0;

	MANIFEST_EACH(struct manifest_company, company, &apply->manifest.companies)
	{
		r = put_with_people(apply, company);
		if (r < 0)
			return r;
		work_progress(apply->portal, ++done, (int64_t)apply->manifest.companies.count);
	}
	return r;
}

static int disable(struct apply *apply, const struct manifest_company *m)
{
	struct company company, disabled;
	const int r = apply_company(apply, m->object.key, &company);

	if (r <= 0 || !strcmp(company.status, "disabled"))
		return r;
	return company_put_status(&apply->w, &company, "disabled", &disabled);
}

int apply_disablings(struct apply *apply)
{
	int r = 0;

	MANIFEST_EACH(struct manifest_company, company, &apply->manifest.companies)
	{
		if (!apply_disables(company))
			continue;
		apply_begin(apply);
		r = apply_end(apply, &company->object, "status", disable(apply, company));
		if (r < 0)
			return r;
	}
	return r;
}
