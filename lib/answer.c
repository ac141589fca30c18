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

static int find(struct work *w, const struct named *named, struct answer *ret)
{
	const int r = store_get(w->tx, Q_ANSWER_NAMED, ARGS(A(named->name_norm), A(named->id)),
		w->arena, &row_record, ret);

	return r > 0 && answer_find_placeholders(w, ret->body, &ret->placeholders) < 0
		       ? -(int)w->err->code
		       : r;
}

int answer_need(struct work *w, const char *action, const char *typed, struct answer *ret)
{
	const struct named named = named_parse(w, typed);
	const int r = find(w, &named, ret);

	if (r <= 0)
		return r < 0 ? r : work_not_found(w, "answer", typed);
	return policy_need(w, action,
		&(struct policy_object){ .kind = "answer", .id = ret->id, .named = typed });
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
	const char *named;
	enum answer_missing missing;
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
		r = find(w, &(struct named){ fold_text(w->arena, answer.name), 0 }, &there);
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

static int show_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct answer found;
	const int r = answer_need(w, "answer.show", call->named, &found);

	if (r >= 0)
		WORK_GIVE(w, call->ret, found);
	return r;
}

int answer_show(struct portal *portal, const char *named, struct answer *ret_answer,
	struct portal_error *err)
{
	struct call call = { .named = named, .ret = ret_answer };

	return work_read(portal, show_body, &call, err);
}

/* 1; 0: there is none, and that is fine. */
static int need_to_remove(struct work *w, const struct call *call, struct answer *ret)
{
	const struct named named = named_parse(w, call->named);
	int64_t viewer;
	int r = 1;

	if (call->missing == ANSWER_MISSING_IGNORED)
		r = policy_need_list(w, "answer.remove", &viewer);
	if (r >= 0 && call->missing == ANSWER_MISSING_IGNORED)
		r = find(w, &named, ret);
	if (r > 0)
		r = answer_need(w, "answer.remove", call->named, ret) < 0 ? -(int)w->err->code : 1;
	return r;
}

static int remove_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct answer found = { 0 };
	int r = need_to_remove(w, call, &found);

	if (r > 0)
		r = store_put(w->tx, Q_ANSWER_DELETE, ARGS(A(found.id)));
	if (r >= 0 && found.id)
		r = audit_add(w, "answer.remove", "answer", found.id,
			CHANGES({ "name", found.name, NULL }));
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, found);
	return found.id != 0;
}

int answer_remove(struct portal *portal, const char *named, enum answer_missing missing,
	struct answer *ret_answer, struct portal_error *err)
{
	struct call call = { .named = named, .missing = missing, .ret = ret_answer };

	return work_write(portal, remove_body, &call, err);
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
