#include "answer-private.h"

#include <string.h>

#include <portal/text.h>

#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "list.h"
#include "named.h"
#include "policy.h"

enum { BODY_MAX_BYTES = 64 * 1024 };

static const struct portal_field answer_fields[] = {
	PORTAL_FIELD(struct answer, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct answer, name, N_("NAME")),
	PORTAL_FIELD(struct answer, body, N_("TEXT"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct answer, placeholders, N_("PLACEHOLDERS")),
	PORTAL_FIELD(struct answer, created_at, N_("CREATED")),
	PORTAL_FIELDS_END,
};

const struct portal_record answer_record = { "answer", sizeof(struct answer), answer_fields };

static const struct portal_field row_fields[] = {
	PORTAL_FIELD(struct answer, id, NULL),
	PORTAL_FIELD(struct answer, name, NULL),
	PORTAL_FIELD(struct answer, body, NULL),
	PORTAL_FIELD(struct answer, created_at, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "answer", sizeof(struct answer), row_fields };

static int find(struct work *w, const char *typed, void *ret)
{
	const struct named named = named_parse(w, typed);
	struct answer *answer = ret;
	const int r = store_get(w->tx, Q_ANSWER_NAMED, ARGS(A(named.name_norm), A(named.id)),
		w->arena, &row_record, answer);

	return r > 0 && answer_find_placeholders(w, answer->body, &answer->placeholders) < 0
		       ? -(int)w->err->code
		       : r;
}

static int audit_removal(struct work *w, const void *row)
{
	const struct answer *was = row;

	return audit_add(
		w, "answer.remove", "answer", was->id, CHANGES({ "name", was->name, NULL }));
}

static const struct named_noun noun = { &answer_record, "answer.show", "answer.remove",
	Q_ANSWER_DELETE, find, audit_removal };

int answer_need(struct work *w, const char *action, const char *named, struct answer *ret)
{
	return named_need(w, &noun, action, named, ret);
}

static int check_body(struct work *w, const char *body, portal_list *ret_placeholders)
{
	if (strlen(body) > BODY_MAX_BYTES)
		portal_fail(w->err, PORTAL_INVALID, _("'%s' is longer than %zu bytes"), "body",
			(size_t)BODY_MAX_BYTES);
	else if (!portal_text_is_sound(body))
		portal_fail(w->err, PORTAL_INVALID_TEXT,
			_("the text is not UTF-8 or holds control characters"));
	else if (!body[strspn(body, " \t\n")])
		portal_fail(w->err, PORTAL_INVALID, _("the text is empty"));
	else if (answer_find_placeholders(w, body, ret_placeholders) >= 0)
		return 0;
	return portal_about_field(w->err, "body");
}

static int exists_already(struct work *w, const struct answer *there)
{
	portal_fail(w->err, PORTAL_EXISTS, _("there is an answer '%s' already"), there->name);
	return portal_about(w->err, "answer", there->id);
}

struct call {
	const struct answer_request *request;
	struct answer *ret;
};

static int check(struct work *w, const struct answer_request *q, struct answer *answer)
{
	*answer = (struct answer){
		.name = q->name ? q->name : "", .body = q->body ? q->body : "", .created_at = w->now
	};
	if (named_check(w, &answer->name) < 0)
		portal_fault_add(w->err);
	if (check_body(w, answer->body, &answer->placeholders) < 0)
		portal_fault_add(w->err);
	return portal_faults_end(w->err);
}

static int insert(struct work *w, struct answer *answer)
{
	const int r = store_get_int(w->tx, Q_ANSWER_INSERT,
		ARGS(A(answer->name), A(fold_text(w->arena, answer->name)), A(answer->body),
			A(w->now)),
		&answer->id);

	return r < 0 ? r
		     : audit_add(w, "answer.add", "answer", answer->id,
			       CHANGES({ "name", NULL, answer->name }));
}

static int add_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct answer answer, there;
	int64_t viewer;
	int r = policy_need_list(w, "answer.add", &viewer);

	if (r >= 0)
		r = check(w, call->request, &answer);
	if (r >= 0)
		r = find(w, answer.name, &there);
	if (r > 0 && !call->request->if_not_exists)
		return exists_already(w, &there);
	if (r > 0) {
		WORK_GIVE(w, call->ret, there);
		return 0;
	}
	if (r >= 0)
		r = insert(w, &answer);
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, answer);
	return 1;
}

int answer_add(struct portal *portal, const struct answer_request *request,
	struct answer *ret_answer, struct portal_error *err)
{
	struct call call = { .request = request, .ret = ret_answer };

	return work_write(portal, add_body, &call, err);
}

int answer_show(struct portal *portal, const char *named, struct answer *ret_answer,
	struct portal_error *err)
{
	return named_show(portal, &noun, named, ret_answer, err);
}

int answer_remove(struct portal *portal, const char *named, enum portal_missing missing,
	struct answer *ret_answer, struct portal_error *err)
{
	return named_remove(portal, &noun, named, missing, ret_answer, err);
}

const struct portal_word answer_sorts[] = { { "id", NULL }, { "name", NULL }, { NULL, NULL } };

struct listing {
	const struct answer_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int finish_row(struct work *w, void *row, void *arg)
{
	struct answer *answer = row;

	(void)arg;
	return answer_find_placeholders(w, answer->body, &answer->placeholders);
}

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct answer_filter *f = listing->filter;
	struct answer row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = answer_sorts,
		.statements = { Q_ANSWER_LIST, Q_ANSWER_LIST_UP, Q_ANSWER_LIST_DOWN },
		.record = &row_record,
		.row = &row,
		.finish = finish_row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	int64_t viewer;
	const int r = policy_need_list(w, "answer.list", &viewer);

	return r < 0 ? r : list_read(&list, LIST_ARGS(A(list_pattern(w, f->search))));
}

int answer_list(struct portal *portal, const struct answer_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
