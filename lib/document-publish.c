/* Publishing a document (D1). */
#include <string.h>
#include <unistd.h>

#include "attachment.h"
#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/quantity.h"
#include "base/time.h"
#include "base/utf8.h"
#include "company-private.h"
#include "document-private.h"
#include "policy.h"
#include "portal-private.h"

enum { TITLE_MAX = 300, KIND_MAX = 60, ATTACHMENTS_MAX = 50 };

/* @cents is -1 where no amount was given. */
struct publishing {
	const struct document_request *request;
	struct file file;
	struct file *attachments;
	const char *title, *kind, *competence, *due_on;
	int64_t cents;
	struct company company;
	struct document *ret;
};

static int bad(struct work *w, enum portal_code code, const char *sentence, const char *text,
	const char *field)
{
	portal_fail(w->err, code, sentence, text);
	portal_about_field(w->err, field);
	portal_fault_add(w->err);
	return 0;
}

static bool is_month(struct work *w, const char *text)
{
	struct civil civil;

	return strlen(text) == 7 && date_parse(arena_printf(w->arena, "%s-01", text), &civil) == 0;
}

static const char *clean(
	struct work *w, const char *text, size_t most, const char *field, const char *fallback)
{
	const char *line = text ? text_field(w->arena, text, most, field, w->err) : "";

	if (!line)
		portal_fault_add(w->err);
	return line && *line ? line : fallback;
}

/* A name without its ending; one that is nothing else stays whole. */
static const char *title_of(struct work *w, const char *name)
{
	const char *dot = strrchr(name, '.');

	return arena_strndup(
		w->arena, name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

static int check(struct work *w, struct publishing *p)
{
	const struct document_request *q = p->request;
	struct civil civil;

	p->title = clean(w, q->title, TITLE_MAX, "title", title_of(w, p->file.name));
	p->kind = clean(w, q->kind, KIND_MAX, "kind", "");
	p->competence = q->competence ? q->competence : "";
	p->due_on = q->due_on;
	p->cents = -1;
	if (*p->competence && !is_month(w, p->competence))
		bad(w, PORTAL_INVALID_TIME, _("'%s' is not a month like 2026-10"), p->competence,
			"competence");
	if (p->due_on && date_parse(p->due_on, &civil) < 0)
		bad(w, PORTAL_INVALID_TIME, _("'%s' is not a date like 2026-11-20"), p->due_on,
			"due");
	if (q->amount && cents_parse(q->amount, &p->cents) < 0)
		bad(w, PORTAL_INVALID, _("'%s' is not an amount like 123.45"), q->amount, "amount");
	if (p->file.size_bytes == 0)
		bad(w, PORTAL_INVALID_INPUT, _("the file '%s' is empty"), p->file.name, "file");
	return portal_faults_end(w->err);
}

static int find_company(struct work *w, struct publishing *p)
{
	struct policy_object object = {
		.kind = "company", .named = p->request->company, .public_record = true
	};
	int r = company_need(w, "company.show", p->request->company, &p->company);

	object.id = object.owner = p->company.id;
	if (r >= 0)
		r = policy_need(w, "document.publish", &object);
	return r < 0 ? r : company_check_registered(w, &p->company);
}

static int exists(struct work *w, const struct publishing *p, int64_t id)
{
	struct document_row row;
	const int r = document_read(w, id, &row);

	if (r <= 0)
		return r;
	row.document.id = work_shown_id(w, WORK_MADE_DOCUMENT, id);
	if (p->request->if_not_exists) {
		WORK_GIVE(w, p->ret, row.document);
		return 0;
	}
	if (!row.document.id)
		return portal_fail(w->err, PORTAL_EXISTS,
			_("'%s' has this file already: it comes twice"),
			p->company.tax_id_formatted);
	portal_fail(w->err, PORTAL_EXISTS, _("'%s' has this file as document '%lld' already"),
		p->company.tax_id_formatted, (long long)id);
	portal_about(w->err, "document", id);
	return portal_hint(w->err, "portalctl document show %lld", (long long)id);
}

static int insert(struct work *w, const struct publishing *p, int64_t *ret_id)
{
	const char *norm =
		fold_text(w->arena, arena_printf(w->arena, "%s %s", p->title, p->file.name));
	const struct store_value cents =
		p->cents < 0 ? (struct store_value){ .kind = 'n' } : store_int(p->cents);
	int r = file_note(w, &p->file);

	if (r >= 0)
		r = store_get_int(w->tx, Q_DOCUMENT_INSERT,
			ARGS(A(p->company.id), A(p->title), A(norm), A(p->kind), A(p->competence),
				A(p->due_on), cents, A(p->file.name), A(p->file.sha256), A(w->now)),
			ret_id);
	if (r >= 0)
		work_note_made(w, WORK_MADE_DOCUMENT, *ret_id);
	if (r >= 0)
		r = attachment_add(
			w, "document", *ret_id, p->attachments, p->request->attachment_count);
	return r;
}

static int publish(struct work *w, const struct publishing *p)
{
	struct document_row row;
	int64_t id = 0;
	int r = insert(w, p, &id);

	if (r >= 0)
		r = audit_add(w, "document.publish", "document", id,
			CHANGES({ "company_tax_id", NULL, p->company.tax_id },
				{ "kind", NULL, *p->kind ? p->kind : NULL },
				{ "competence", NULL, *p->competence ? p->competence : NULL },
				{ "due_on", NULL, p->due_on }, { "sha256", NULL, p->file.sha256 }));
	if (r >= 0)
		r = document_read(w, id, &row);
	if (r < 0)
		return r;
	WORK_GIVE(w, p->ret, row.document);
	return 1;
}

static int publish_body(struct work *w, void *arg)
{
	struct publishing *p = arg;
	int64_t there = 0;
	int r = find_company(w, p);

	if (r >= 0)
		r = check(w, p);
	if (r >= 0)
		r = store_get_int(w->tx, Q_DOCUMENT_OF_CONTENT,
			ARGS(A(p->company.id), A(p->file.sha256), A(p->kind), A(p->competence)),
			&there);
	if (r < 0)
		return r;
	return there ? exists(w, p, there) : publish(w, p);
}

/* Nothing is copied for who may not publish, or to nobody. */
static int admit_body(struct work *w, void *arg)
{
	return find_company(w, arg);
}

static int keep(struct portal *portal, const char *path, struct file *ret, struct portal_error *err)
{
	const bool is_stdin = !strcmp(path, "-");
	const struct file_source source = { .path = is_stdin ? NULL : path,
		.fd = STDIN_FILENO,
		.name = is_stdin ? "stdin" : NULL };

	return file_keep(portal, &source, ret, err);
}

static int keep_attachments(struct portal *portal, struct publishing *p, struct portal_error *err)
{
	const struct document_request *q = p->request;
	int r = 0;

	if (q->attachment_count > ATTACHMENTS_MAX)
		return portal_fail(err, PORTAL_USAGE, _("a document has at most %d attachments"),
			ATTACHMENTS_MAX);
	p->attachments = arena_array(
		portal_arena(portal), (size_t)q->attachment_count + 1, sizeof(*p->attachments));
	for (int64_t i = 0; r >= 0 && i < q->attachment_count; i++)
		r = keep(portal, q->attachments[i], &p->attachments[i], err);
	return r;
}

int document_publish(struct portal *portal, const struct document_request *request,
	struct document *ret_document, struct portal_error *err)
{
	struct publishing p = { .request = request, .ret = ret_document };
	int r = work_read(portal, admit_body, &p, err);

	if (r >= 0)
		r = keep(portal, request->file, &p.file, err);
	if (r >= 0)
		r = keep_attachments(portal, &p, err);
	return r < 0 ? r : work_write(portal, publish_body, &p, err);
}
