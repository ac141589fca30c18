/* One line of a table of companies: from its values to its result. */
#include "company-import-private.h"

#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "text/object.h"

/* A line being done. @w is the transaction with @scratch and @remarks in it. */
struct doing {
	struct work w;
	struct import *import;
	struct import_line *line;
	struct portal_error remarks;
	struct company_draft draft;
	struct company there;
};

static void remark(struct doing *doing, enum portal_code code, const char *field, const char *text)
{
	portal_fail(&doing->remarks, code, "%s", text);
	portal_about_field(&doing->remarks, field);
	portal_fault_add(&doing->remarks);
}

/* With @update the name is asked for only where there is no company yet. */
static struct company_draft draft_of(struct doing *doing)
{
	struct arena *arena = doing->w.arena;
	const char *const *values = doing->line->values;

	return (struct company_draft){ .tax_id = values[IMPORT_TAX_ID] ? values[IMPORT_TAX_ID] : "",
		.country = import_country(arena, values[IMPORT_COUNTRY]),
		.name = values[IMPORT_NAME],
		.trade_name = values[IMPORT_TRADE_NAME],
		.email = values[IMPORT_EMAIL],
		.phone = values[IMPORT_PHONE],
		.relation = import_relation(arena, values[IMPORT_RELATION]),
		.role = import_role(arena, values[IMPORT_ROLE]),
		.status = doing->import->request->update ? "unregistered" : "registered" };
}

/* An e-mail or phone that is none must not cost the company. */
static bool is_remark(const struct portal_fault *fault)
{
	return fault->field && (!strcmp(fault->field, "email") || !strcmp(fault->field, "phone"));
}

static void drop_field(struct company_draft *draft, const char *field)
{
	if (!strcmp(field, "email"))
		draft->email = NULL;
	else
		draft->phone = NULL;
}

/* Spreadsheets run what begins so, when the company is exported to one. */
static void look_for_formula(struct doing *doing, const char *text, const char *field)
{
	if (!text || !*text || !strchr("=+-@", *text))
		return;
	remark(doing, PORTAL_INVALID, field,
		arena_printf(doing->w.arena,
			_("'%s' begins like a formula of a spreadsheet; it was kept as it is"),
			text));
}

static const struct portal_fault *first_error(const struct doing *doing)
{
	const struct portal_fault *fault = doing->remarks.faults;

	while (fault && is_remark(fault))
		fault = fault->next;
	return fault;
}

/* The rules. All faults are told at once; the error comes first. */
static const struct portal_fault *check(struct doing *doing)
{
	const struct portal_fault *error;

	if (company_check(&doing->w, &doing->draft) < 0)
		for (const struct portal_fault *f = doing->remarks.faults; f; f = f->next)
			if (is_remark(f))
				drop_field(&doing->draft, f->field);
	error = first_error(doing);
	look_for_formula(doing, doing->draft.name, "name");
	look_for_formula(doing, doing->draft.trade_name, "trade_name");
	return error;
}

static const char *keep(struct doing *doing, const char *text)
{
	return text && *text ? arena_strdup(&doing->import->lines, text) : NULL;
}

static struct portal_fault **keep_fault(
	struct doing *doing, const struct portal_fault *fault, struct portal_fault **end)
{
	*end = arena_new(&doing->import->lines, struct portal_fault);
	**end = (struct portal_fault){ .code = fault->code,
		.field = fault->field,
		.message = keep(doing, fault->message),
		.line = doing->line->result.line };
	return &(*end)->next;
}

/* The remarks as they stay with the result, @first before all others. */
static void keep_remarks(struct doing *doing, const struct portal_fault *first)
{
	struct portal_fault **end = &doing->line->result.first_fault;

	if (first)
		end = keep_fault(doing, first, end);
	for (const struct portal_fault *f = doing->remarks.faults; f; f = f->next)
		if (f != first)
			end = keep_fault(doing, f, end);
	import_line_tell(&doing->import->lines, &doing->line->result);
}

static const char *faults_json(struct arena *arena, const struct portal_fault *fault)
{
	const char *json = NULL;

	for (; fault; fault = fault->next) {
		const char *one = object_of_texts(
			arena, NAMED({ "code", portal_code_word(fault->code) },
				       { "field", fault->field ? fault->field : "line" },
				       { "message", fault->message }));

		json = json ? arena_printf(arena, "%s,%s", json, one) : one;
	}
	return json ? arena_printf(arena, "[%s]", json) : "[]";
}

static const char *joined_messages(struct arena *arena, const struct portal_fault *fault)
{
	const char *text = fault ? fault->message : NULL;

	while (fault && (fault = fault->next))
		text = arena_printf(arena, "%s; %s", text, fault->message);
	return text;
}

/* A line has few faults: its columns are few. */
void import_line_tell(struct arena *arena, struct company_import *result)
{
	result->message = joined_messages(arena, result->first_fault);
	result->faults.text = faults_json(arena, result->first_fault);
}

static void keep_values(struct doing *doing)
{
	struct company_import *result = &doing->line->result;
	const struct company_draft *draft = &doing->draft;

	if (draft->parsed.valid) {
		result->country = keep(doing, draft->parsed.country);
		result->tax_id = keep(doing, draft->parsed.tax_id);
	}
	if (draft->name && text_is_clean(draft->name))
		result->name = keep(doing, draft->name);
	result->phone = keep(doing, draft->phone);
}

static void failed(struct doing *doing, const struct portal_fault *error)
{
	doing->line->result.result = "error";
	keep_remarks(doing, error);
	doing->line->result.code = doing->line->result.first_fault->code;
}

static const struct portal_fault *last_remark(const struct doing *doing)
{
	const struct portal_fault *fault = doing->remarks.faults;

	while (fault && fault->next)
		fault = fault->next;
	return fault;
}

static void duplicate(struct doing *doing, const char *why)
{
	doing->line->result.result = "duplicate";
	remark(doing, PORTAL_EXISTS, "tax_id", why);
	keep_remarks(doing, last_remark(doing));
}

/* The line on which this tax id came first: its own when it is new. */
static int64_t first_line_of(struct doing *doing)
{
	const struct taxid *id = &doing->draft.parsed;
	const char *key = arena_printf(doing->w.arena, "%s %s", id->country, id->tax_id);

	return seen_put(&doing->import->seen, key, strlen(key), doing->line->result.line);
}

static void done(struct doing *doing, int64_t id, int changed)
{
	struct company_import *result = &doing->line->result;

	if (!changed) {
		duplicate(doing, _("the company exists and is as this line says"));
	} else {
		result->result = doing->remarks.faults ? "warning" : "ok";
		keep_remarks(doing, NULL);
	}
	result->changed = changed > 0;
	result->company_id.id = id;
}

static int add(struct doing *doing)
{
	struct company added;
	int r;

	if (!doing->draft.name) {
		remark(doing, PORTAL_INVALID, "name", _("a company needs a name"));
		failed(doing, last_remark(doing));
		return 0;
	}
	doing->draft.status = "registered";
	if (!doing->draft.relation)
		doing->draft.relation = doing->import->request->relation;
	r = company_insert(&doing->w, &doing->draft, &added);
	if (r >= 0)
		r = company_audit_added(&doing->w, &added);
	if (r >= 0)
		done(doing, doing->import->dry_run ? 0 : added.id, 1);
	return r;
}

/* Known by name alone until now, or asked to be changed. */
static int change(struct doing *doing)
{
	const struct company *there = &doing->there;
	struct company is;
	int r;

	if (!strcmp(there->status, "unregistered") && !there->name && !doing->draft.name)
		return add(doing);
	if (!strcmp(there->status, "unregistered"))
		r = company_register(&doing->w, there, &doing->draft, &is);
	else
		r = company_change(&doing->w, "company.set", there, &doing->draft, &is);
	if (r >= 0)
		done(doing, there->id, r);
	return r;
}

static int write_line(struct doing *doing)
{
	const struct taxid *id = &doing->draft.parsed;
	const bool update = doing->import->request->update;
	const int64_t first = first_line_of(doing);
	const bool again = first != doing->line->result.line;
	const int found =
		store_get(doing->w.tx, Q_COMPANY_BY_TAX_ID, ARGS(A(id->country), A(id->tax_id)),
			doing->w.arena, &company_record, &doing->there);

	if (found < 0)
		return found;
	if (again && (found || doing->import->dry_run)) {
		doing->line->result.company_id.id = doing->import->dry_run ? 0 : doing->there.id;
		duplicate(doing, arena_printf(doing->w.arena, _("the same tax id as in line %lld"),
					 (long long)first));
		return 0;
	}
	if (!found)
		return add(doing);
	if (update || !strcmp(doing->there.status, "unregistered"))
		return change(doing);
	doing->line->result.company_id.id = doing->there.id;
	duplicate(doing, _("the company exists; --update changes it"));
	return 0;
}

static int run(struct doing *doing)
{
	const struct portal_fault *error;

	doing->draft = draft_of(doing);
	error = check(doing);
	keep_values(doing);
	if (!error)
		return write_line(doing);
	failed(doing, error);
	return 0;
}

int import_line_run(struct work *w, struct import *import, struct import_line *line)
{
	struct doing doing = { .w = *w, .import = import, .line = line };
	int r;

	if (line->unreadable)
		return 0;
	line->result = (struct company_import){ .line = line->result.line };
	doing.remarks.arena = &import->scratch;
	doing.w.arena = &import->scratch;
	doing.w.err = &doing.remarks;
	r = run(&doing);
	if (r < 0 && !w->err->code)
		*w->err = doing.remarks;
	arena_reset(&import->scratch);
	return r;
}
