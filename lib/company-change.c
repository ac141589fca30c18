/* What changes a company: its rules, adding, changing, taking out of use. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "field.h"
#include "phone-private.h"
#include "policy.h"
#include "recurrence-private.h"

enum { NAME_MAX_BYTES = 300 };

#define ALL_SECTIONS "documents\nprojects\ntasks\nsales\nsupport"

static void check_name(struct work *w, const char **name, const char *field)
{
	const char *clean;

	if (!*name)
		return;
	clean = text_field(w->arena, *name, NAME_MAX_BYTES, field, w->err);
	if (clean)
		*name = clean;
	else
		portal_fault_add(w->err);
}

static void need_name(struct work *w, const char *name, const char *field)
{
	if (name && *name)
		return;
	portal_fail(w->err, PORTAL_INVALID, _("a company needs a name"));
	portal_about_field(w->err, field);
	portal_fault_add(w->err);
}

void company_field_name(struct work *w, const char **name, const char *field)
{
	check_name(w, name, field);
	need_name(w, *name, field);
}

static void check_phone(struct work *w, const char **phone)
{
	struct phone parsed;

	if (!*phone || !**phone)
		return;
	if (phone_field(w, *phone, &parsed) >= 0)
		*phone = parsed.e164;
	else
		portal_fault_add(w->err);
}

static void check_word(
	struct work *w, const char *word, const struct portal_word *words, const char *field)
{
	if (!word || portal_word_known(words, word))
		return;
	work_no_choice(w, words, word, field);
	portal_fault_add(w->err);
}

/* A word that stands there twice was meant to be another one. */
static void check_section(struct work *w, const char *word, unsigned *seen)
{
	unsigned bit = 1;

	check_word(w, word, company_sections, "sections");
	for (const struct portal_word *known = company_sections; known->word; known++, bit <<= 1) {
		if (strcmp(known->word, word) != 0)
			continue;
		if (*seen & bit) {
			portal_fail(w->err, PORTAL_USAGE, _("'%s' stands in '%s' twice"), word,
				"sections");
			portal_about_field(w->err, "sections");
			portal_fault_add(w->err);
		}
		*seen |= bit;
	}
}

/* "documents,tasks" becomes a list in the order of company_sections. */
static void check_sections(struct work *w, const char **sections)
{
	char *list = arena_alloc(w->arena, sizeof(ALL_SECTIONS));
	char *given, *save = NULL;
	unsigned seen = 0, bit = 1;

	if (!*sections)
		return;
	given = arena_strdup(w->arena, *sections);
	for (char *word = strtok_r(given, ", \n", &save); word;
		word = strtok_r(NULL, ", \n", &save))
		check_section(w, word, &seen);
	for (const struct portal_word *word = company_sections; word->word; word++, bit <<= 1)
		if (seen & bit)
			snprintf(list + strlen(list), sizeof(ALL_SECTIONS) - strlen(list), "%s%s",
				*list ? "\n" : "", word->word);
	*sections = list;
}

static void check_tax_id(struct work *w, struct company_draft *draft)
{
	if (taxid_parse(w->arena, draft->tax_id, draft->country, &draft->parsed, w->err) >= 0)
		return;
	portal_about_field(w->err, "tax_id");
	portal_fault_add(w->err);
}

int company_check(struct work *w, struct company_draft *draft)
{
	check_tax_id(w, draft);
	check_name(w, &draft->name, "name");
	check_name(w, &draft->trade_name, "trade_name");
	field_email_if_given(w, &draft->email);
	check_phone(w, &draft->phone);
	check_word(w, draft->relation, company_relations, "relation");
	check_word(w, draft->role, company_roles, "role");
	check_word(w, draft->document_login, company_document_logins, "document_login");
	check_sections(w, &draft->sections);
	check_word(w, draft->signup, company_signups, "signup");
	if (strcmp(draft->status, "unregistered") != 0)
		need_name(w, draft->name, "name");
	return portal_faults_end(w->err);
}

/* NULL keeps what is there, "" clears it. */
static const char *choose(const char *given, const char *there)
{
	if (!given)
		return there;
	return *given ? given : NULL;
}

static const char *name_norm(struct work *w, const char *name, const char *trade_name)
{
	return fold_text(w->arena,
		arena_printf(w->arena, "%s %s", name ? name : "", trade_name ? trade_name : ""));
}

int company_insert(struct work *w, const struct company_draft *d, struct company *ret)
{
	const struct taxid *id = &d->parsed;
	const char *role = d->role ? d->role : taxid_role(id->country, id->tax_id);

	*ret = (struct company){ .country = id->country,
		.tax_id = id->tax_id,
		.tax_id_formatted = id->tax_id_formatted,
		.kind = id->kind,
		.name = choose(d->name, NULL),
		.trade_name = choose(d->trade_name, NULL),
		.email = choose(d->email, NULL),
		.phone = choose(d->phone, NULL),
		.relation = d->relation ? d->relation : "none",
		.role = role,
		.status = d->status,
		.document_login = d->document_login ? d->document_login : "inherit",
		.sections = { d->sections ? d->sections : ALL_SECTIONS },
		.signup = d->signup ? d->signup : "on",
		.created_at = w->now,
		.updated_at = w->now };
	const int r = store_get_int(w->tx, Q_COMPANY_INSERT,
		ARGS(A(ret->country), A(ret->tax_id), A(ret->name), A(ret->trade_name),
			A(name_norm(w, ret->name, ret->trade_name)), A(ret->email), A(ret->phone),
			A(ret->relation), A(ret->role), A(ret->status), A(ret->document_login),
			A(ret->sections.lines), A(ret->signup), A(w->now)),
		&ret->id);

	return r < 0 ? r : 0;
}

void company_changes(struct work *w, const struct company *was, const struct company *is,
	struct change ret[static COMPANY_CHANGES])
{
	const struct change changes[COMPANY_CHANGES] = { { "country", was->country, is->country },
		{ "tax_id", was->tax_id, is->tax_id }, { "name", was->name, is->name },
		{ "trade_name", was->trade_name, is->trade_name },
		{ "email", was->email, is->email }, { "phone", was->phone, is->phone },
		{ "relation", was->relation, is->relation }, { "role", was->role, is->role },
		{ "status", was->status, is->status },
		{ "document_login", was->document_login, is->document_login },
		{ "signup", was->signup, is->signup },
		{ "sections", audit_list_text(w, was->sections), audit_list_text(w, is->sections) },
		{ NULL, NULL, NULL } };

	memcpy(ret, changes, sizeof(changes));
}

static int audit_change(
	struct work *w, const char *action, const struct company *was, const struct company *is)
{
	struct change changes[COMPANY_CHANGES];

	company_changes(w, was, is, changes);
	return audit_add(w, action, "company", is->id, changes);
}

int company_audit_added(struct work *w, const struct company *company)
{
	const struct company nothing = { 0 };

	return audit_change(w, "company.add", &nothing, company);
}

static int write_update(struct work *w, const struct company *c)
{
	return store_put(w->tx, Q_COMPANY_UPDATE,
		ARGS(A(c->id), A(c->name), A(c->trade_name),
			A(name_norm(w, c->name, c->trade_name)), A(c->email), A(c->phone),
			A(c->relation), A(c->role), A(c->status), A(c->document_login),
			A(c->sections.lines), A(c->signup), A(c->updated_at)));
}

static bool same_company(const struct company *a, const struct company *b)
{
	return text_same(a->name, b->name) && text_same(a->trade_name, b->trade_name) &&
	       text_same(a->email, b->email) && text_same(a->phone, b->phone) &&
	       text_same(a->relation, b->relation) && text_same(a->role, b->role) &&
	       text_same(a->status, b->status) && text_same(a->document_login, b->document_login) &&
	       text_same(a->sections.lines, b->sections.lines) && text_same(a->signup, b->signup);
}

/* Writes what is different. 1: changed; 0: nothing was. */
static int save_change(
	struct work *w, const char *action, const struct company *was, struct company *is)
{
	int r;

	if (same_company(was, is))
		return 0;
	is->updated_at = w->now;
	r = write_update(w, is);
	if (r >= 0)
		r = audit_change(w, action, was, is);
	return r < 0 ? r : 1;
}

static void apply_draft(struct company *company, const struct company_draft *d)
{
	company->name = choose(d->name, company->name);
	company->trade_name = choose(d->trade_name, company->trade_name);
	company->email = choose(d->email, company->email);
	company->phone = choose(d->phone, company->phone);
	company->relation = d->relation ? d->relation : company->relation;
	company->role = d->role ? d->role : company->role;
	company->document_login = d->document_login ? d->document_login : company->document_login;
	company->signup = d->signup ? d->signup : company->signup;
	if (d->sections)
		company->sections.lines = d->sections;
}

int company_register(struct work *w, const struct company *company,
	const struct company_draft *draft, struct company *ret)
{
	*ret = *company;
	apply_draft(ret, draft);
	ret->status = "registered";
	return save_change(w, "company.register", company, ret);
}

int company_change(struct work *w, const char *action, const struct company *was,
	const struct company_draft *draft, struct company *ret)
{
	*ret = *was;
	apply_draft(ret, draft);
	return save_change(w, action, was, ret);
}

/* A change to one company: @change makes it. */
struct change_call {
	const struct company_request *request;
	const char *action, *named, *status;
	struct company *ret;
	int (*change)(struct work *w, const struct change_call *call, struct company *ret);
};

static int change_body(struct work *w, void *arg)
{
	const struct change_call *call = arg;
	struct company company;
	const int r = call->change(w, call, &company);

	if (r >= 0)
		WORK_GIVE(w, call->ret, company);
	return r;
}

static struct company_draft draft_of(const struct company_request *request)
{
	return (struct company_draft){ .tax_id = request->tax_id,
		.country = request->country,
		.name = request->name,
		.trade_name = request->trade_name,
		.email = request->email,
		.phone = request->phone,
		.relation = request->relation,
		.role = request->role,
		.document_login = request->document_login,
		.sections = request->sections,
		.signup = request->signup,
		.status = "registered" };
}

static int exists_already(
	struct work *w, const struct company_request *request, const struct company *there)
{
	if (request->if_not_exists)
		return 0;
	portal_fail(
		w->err, PORTAL_EXISTS, _("company '%s' exists already"), there->tax_id_formatted);
	portal_about(w->err, "company", there->id);
	return portal_hint(
		w->err, _("change it with 'portalctl company set', or say --if-not-exists"));
}

static int add(struct work *w, const struct change_call *call, struct company *ret)
{
	struct company_draft draft = draft_of(call->request);
	struct company there;
	int64_t viewer;
	int r = policy_need_list(w, "company.add", &viewer);

	if (r >= 0)
		r = company_check(w, &draft);
	if (r >= 0)
		r = store_get(w->tx, Q_COMPANY_BY_TAX_ID,
			ARGS(A(draft.parsed.country), A(draft.parsed.tax_id)), w->arena,
			&company_record, &there);
	if (r < 0)
		return r;
	if (r == 0) {
		r = company_insert(w, &draft, ret);
		if (r >= 0)
			r = company_audit_added(w, ret);
		return r < 0 ? r : 1;
	}
	there.tax_id_formatted = draft.parsed.tax_id_formatted;
	there.kind = draft.parsed.kind;
	if (!strcmp(there.status, "unregistered"))
		return company_register(w, &there, &draft, ret);
	*ret = there;
	return exists_already(w, call->request, &there);
}

int company_add(struct portal *portal, const struct company_request *request,
	struct company *ret_company, struct portal_error *err)
{
	struct change_call call = { .request = request, .ret = ret_company, .change = add };

	return work_write(portal, change_body, &call, err);
}

static int set(struct work *w, const struct change_call *call, struct company *ret)
{
	struct company_draft draft = draft_of(call->request);
	struct company was;
	int r = company_need(w, "company.set", call->request->tax_id, &was);

	if (r < 0)
		return r;
	if (draft.relation || draft.document_login)
		r = company_need(w, "company.set-by-office", call->request->tax_id, &was);
	if (r < 0)
		return r;
	draft.tax_id = was.tax_id;
	draft.country = was.country;
	draft.status = was.status;
	if (!draft.name && was.name)
		draft.name = was.name;
	r = company_check(w, &draft);
	if (r < 0)
		return r;
	return company_change(w, "company.set", &was, &draft, ret);
}

int company_set(struct portal *portal, const struct company_request *request,
	struct company *ret_company, struct portal_error *err)
{
	struct change_call call = { .request = request, .ret = ret_company, .change = set };

	return work_write(portal, change_body, &call, err);
}

int company_put_status(
	struct work *w, const struct company *was, const char *status, struct company *ret)
{
	const bool disables = !strcmp(status, "disabled");
	const char *action = disables ? "company.disable" : "company.enable";
	int r = 0;

	if (was->id == work_office_id(w) && disables)
		return portal_fail(w->err, PORTAL_CONFLICT, _("the office can't be disabled"));
	if (!strcmp(was->status, "unregistered")) {
		portal_fail(w->err, PORTAL_WRONG_STATE, _("company '%s' is not registered yet"),
			was->tax_id_formatted);
		return portal_hint(w->err, "portalctl company add");
	}
	*ret = *was;
	ret->status = status;
	if (disables)
		r = store_put(
			w->tx, Q_SESSION_END_OF_COMPANY, ARGS(A(was->id), A(w->now), A(action)));
	if (r >= 0 && strcmp(was->status, status) != 0)
		r = disables ? recurrence_pause(w, was->id) : recurrence_resume(w, was->id);
	return r < 0 ? r : save_change(w, action, was, ret);
}

static int set_status(struct work *w, const struct change_call *call, struct company *ret)
{
	struct company was;
	const int r = company_need(w, call->action, call->named, &was);

	return r < 0 ? r : company_put_status(w, &was, call->status, ret);
}

int company_disable(struct portal *portal, const char *named, struct company *ret_company,
	struct portal_error *err)
{
	struct change_call call = { .action = "company.disable",
		.named = named,
		.status = "disabled",
		.ret = ret_company,
		.change = set_status };

	return work_write(portal, change_body, &call, err);
}

int company_enable(struct portal *portal, const char *named, struct company *ret_company,
	struct portal_error *err)
{
	struct change_call call = { .action = "company.enable",
		.named = named,
		.status = "registered",
		.ret = ret_company,
		.change = set_status };

	return work_write(portal, change_body, &call, err);
}
