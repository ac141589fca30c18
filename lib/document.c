#include "document-private.h"

#include <string.h>

#include "attachment.h"
#include "base/i18n.h"
#include "company-private.h"
#include "list.h"
#include "policy.h"
#include "portal-private.h"

const struct portal_word document_statuses[] = {
	{ "published", N_("published") },
	{ "withdrawn", N_("withdrawn") },
	{ NULL, NULL },
};

/* The columns of a row; the attachments come from another table. */
#define DOCUMENT_COLUMNS \
	PORTAL_FIELD(struct document, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct document, company_tax_id, N_("TAX ID")), \
		PORTAL_FIELD(struct document, company_name, N_("COMPANY")), \
		PORTAL_FIELD(struct document, title, N_("TITLE")), \
		PORTAL_FIELD(struct document, kind, N_("KIND")), \
		PORTAL_FIELD(struct document, competence, N_("COMPETENCE")), \
		PORTAL_FIELD(struct document, due_on, N_("DUE ON"), .flags = PORTAL_FIELD_DATE), \
		PORTAL_FIELD(struct document, amount_cents, N_("AMOUNT"), \
			.flags = PORTAL_FIELD_WIDE | PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct document, file_name, N_("FILE"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct document, media_type, N_("TYPE"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct document, size_bytes, N_("BYTES"), \
			.flags = PORTAL_FIELD_WIDE | PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct document, sha256, N_("SHA-256"), .flags = PORTAL_FIELD_WIDE)

#define DOCUMENT_STATE \
	PORTAL_FIELD(struct document, login_required, N_("LOGIN REQUIRED"), \
		.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct document, status, N_("STATUS"), .words = document_statuses), \
		PORTAL_FIELD(struct document, published_at, N_("PUBLISHED")), \
		PORTAL_FIELD( \
			struct document, opened_count, N_("OPENED"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct document, last_opened_at, N_("LAST OPENED"), \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct document, withdrawn_at, N_("WITHDRAWN"), \
			.flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct document, withdrawn_reason, N_("REASON"), \
			.flags = PORTAL_FIELD_WIDE)

static const struct portal_field document_fields[] = { DOCUMENT_COLUMNS,
	PORTAL_FIELD(struct document, attachments, N_("ATTACHMENTS"), .flags = PORTAL_FIELD_WIDE),
	DOCUMENT_STATE, PORTAL_FIELDS_END };

const struct portal_record document_record = { "document", sizeof(struct document),
	document_fields };

static const struct portal_field column_fields[] = { DOCUMENT_COLUMNS, DOCUMENT_STATE,
	PORTAL_FIELDS_END };

static const struct portal_record column_record = { "document", sizeof(struct document),
	column_fields };

static const struct portal_field row_fields[] = { DOCUMENT_COLUMNS, DOCUMENT_STATE,
	PORTAL_FIELD(struct document_row, company_id, NULL),
	PORTAL_FIELD(struct document_row, link_serial, NULL),
	PORTAL_FIELD(struct document_row, company_status, NULL), PORTAL_FIELDS_END };

static const struct portal_record row_record = { "document", sizeof(struct document_row),
	row_fields };

int document_read(struct work *w, int64_t id, struct document_row *ret)
{
	const int r = store_get(w->tx, Q_DOCUMENT_BY_ID, ARGS(A(id)), w->arena, &row_record, ret);

	if (r > 0 && attachment_json(w, "document", id, &ret->document.attachments) < 0)
		return -(int)w->err->code;
	return r;
}

int document_need(struct work *w, const char *action, int64_t id, struct document_row *ret)
{
	struct policy_object object = { .kind = "document", .id = id };
	const int r = document_read(w, id, ret);

	object.owner = r > 0 ? ret->company_id : 0;
	return policy_need_found(w, action, object, r);
}

struct seal_link document_seal_link(const struct document_row *row)
{
	return (struct seal_link){ .letter = 'd',
		.kind = "document",
		.id = row->document.id,
		.serial = row->link_serial };
}

static int no_rights(struct work *w, const char *action, int64_t id)
{
	portal_note_denial(w->portal, action, "document", id);
	return portal_fail(w->err, PORTAL_DENIED, _("this document link is not valid"));
}

int document_of_token(
	struct work *w, const char *action, const char *token, struct document_row *ret)
{
	struct seal *seal = work_seal(w);
	struct seal_link link;
	bool ok = false;
	int64_t id;
	int r;

	if (!seal)
		return -(int)w->err->code;
	if (seal_token_id(token, 'd', &id) < 0)
		return no_rights(w, action, 0);
	r = document_read(w, id, ret);
	if (r <= 0)
		return r < 0 ? r : no_rights(w, action, id);
	link = document_seal_link(ret);
	r = seal_token_check(seal, &link, token, &ok, w->err);
	if (r < 0)
		return r;
	return ok && !strcmp(ret->company_status, "registered") ? 1 : no_rights(w, action, id);
}

int document_add_reader(struct work *w, int64_t id, int64_t user_id)
{
	const int r = store_put(w->tx, Q_DOCUMENT_READER_ADD, ARGS(A(user_id), A(id)));

	return r < 0 ? r : 0;
}

int document_check_published(struct work *w, const struct document *document)
{
	if (!strcmp(document->status, "published"))
		return 0;
	portal_fail(w->err, PORTAL_WRONG_STATE, _("document '%lld' was withdrawn"),
		(long long)document->id);
	return portal_about(w->err, "document", document->id);
}

struct show {
	int64_t id;
	struct document *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct show *show = arg;
	struct document_row row;
	const int r = document_need(w, "document.show", show->id, &row);

	if (r >= 0)
		WORK_GIVE(w, show->ret, row.document);
	return r;
}

int document_show(
	struct portal *portal, int64_t id, struct document *ret_document, struct portal_error *err)
{
	struct show show = { id, ret_document };

	return work_read(portal, show_body, &show, err);
}

/* Of which company the list is (0: of all that may be seen), who sees it, and the
 * group whose documents that one sees too. */
struct scope {
	int64_t of, viewer, group;
};

static int find_scope(struct work *w, const struct document_filter *f, struct scope *ret)
{
	struct company company = { 0 };
	int r = policy_need_list(w, "document.list", &ret->viewer);

	if (r >= 0 && f->company)
		r = company_need(w, "company.show", f->company, &company);
	ret->group = r >= 0 && ret->viewer ? policy_list_group(w, "document.list") : 0;
	ret->of = company.id || ret->group ? company.id : ret->viewer;
	return r;
}

static enum store_query by_id(const struct scope *scope)
{
	if (scope->of)
		return Q_DOCUMENT_LIST_OF;
	return scope->group ? Q_DOCUMENT_LIST_GROUP : Q_DOCUMENT_LIST;
}

const struct portal_word document_sorts[] = { { "id", NULL }, { "title", NULL },
	{ "competence", NULL }, { "due_on", NULL }, { "published_at", NULL }, { NULL, NULL } };

struct listing {
	const struct document_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int finish_row(struct work *w, void *row, void *arg)
{
	struct document *document = row;

	(void)arg;
	return attachment_json(w, "document", document->id, &document->attachments);
}

static int read_list(struct work *w, const struct listing *listing, const struct scope *scope)
{
	const struct document_filter *f = listing->filter;
	struct document row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = document_sorts,
		.statements = { by_id(scope), Q_DOCUMENT_LIST_UP, Q_DOCUMENT_LIST_DOWN },
		.record = &column_record,
		.row = &row,
		.finish = finish_row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	const char *opened = f->opened ? "yes" : f->unopened ? "no" : "";

	return list_read(
		&list, LIST_ARGS(A(scope->of), A(f->kind ? f->kind : ""),
			       A(f->competence ? f->competence : ""), A(f->since), A(f->until),
			       A(opened), A(f->status ? f->status : "any"),
			       A(list_pattern(w, f->search)), A(scope->viewer), A(scope->group)));
}

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	struct scope scope = { 0 };
	const int r = find_scope(w, listing->filter, &scope);

	if (r < 0)
		return r;
	if (listing->filter->opened && listing->filter->unopened)
		return portal_fail(
			w->err, PORTAL_USAGE, _("'--opened' and '--unopened' exclude each other"));
	return read_list(w, listing, &scope);
}

int document_list(struct portal *portal, const struct document_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
