/* The access log (D4): who opened this document, what this user opened. */
#include "base/i18n.h"
#include "base/utf8.h"
#include "document-private.h"
#include "list.h"
#include "policy.h"
#include "target.h"

const struct portal_word document_log_sorts[] = { { "id", NULL }, { "at", NULL }, { NULL, NULL } };

struct listing {
	const struct document_log_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

/* A document that is not there is no empty log. */
static int find_document(struct work *w, const char *named, int64_t *ret_id)
{
	struct document_row row;

	*ret_id = 0;
	if (!named)
		return 0;
	if (!target_id(named, ret_id))
		return work_not_found(w, "document", named);
	return document_need(w, "document.log", *ret_id, &row);
}

static const char *user_email(struct work *w, const char *user)
{
	return user ? email_parse(w->arena, user, w->err) : "";
}

static int read_list(
	struct work *w, const struct listing *listing, int64_t document, const char *email)
{
	const struct document_log_filter *f = listing->filter;
	struct document_access row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = document_log_sorts,
		.statements = { Q_ACCESS_LIST, Q_ACCESS_LIST_UP, Q_ACCESS_LIST_DOWN },
		.record = &document_access_record,
		.row = &row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };

	if (document)
		list.statements.by_id = Q_ACCESS_LIST_OF;
	else if (*email)
		list.statements.by_id = Q_ACCESS_LIST_USER;
	return list_read(&list, LIST_ARGS(A(document), A(email), A(f->since), A(f->until)));
}

static int log_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const char *email;
	int64_t viewer, document;
	int r = find_document(w, listing->filter->document, &document);

	if (r >= 0)
		r = policy_need_list(w, "document.log", &viewer);
	if (r < 0)
		return r;
	email = user_email(w, listing->filter->user);
	return email ? read_list(w, listing, document, email) : portal_about_field(w->err, "user");
}

int document_log(struct portal *portal, const struct document_log_filter *filter,
	portal_visit *visit, void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, log_body, &listing, err);
}
