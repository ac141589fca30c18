#include "category-private.h"

#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "category-words.h"
#include "list.h"
#include "named.h"
#include "policy.h"
#include "user-private.h"

enum { CATEGORIES_MAX = 500, MENU_MAX_BYTES = 60, SLA_MAX = 525600, SLA_DIGITS = 6 };

static const struct portal_field category_fields[] = {
	PORTAL_FIELD(struct category, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct category, name, N_("NAME")),
	PORTAL_FIELD(struct category, department, N_("DEPARTMENT")),
	PORTAL_FIELD(struct category, words, N_("WORDS")),
	PORTAL_FIELD(struct category, menu, N_("MENU")),
	PORTAL_FIELD(struct category, assignee_email, N_("ASSIGNEE")),
	PORTAL_FIELD(
		struct category, assignee_name, N_("ASSIGNEE'S NAME"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct category, sla_minutes, N_("MINUTES"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct category, created_at, N_("CREATED"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct category, updated_at, N_("UPDATED"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELDS_END,
};

const struct portal_record category_record = { "category", sizeof(struct category),
	category_fields };

static int find_named(struct work *w, struct named named, struct category *ret)
{
	return store_get(w->tx, Q_CATEGORY_NAMED, ARGS(A(named.name_norm), A(named.id)), w->arena,
		&category_record, ret);
}

int category_by_name(struct work *w, const char *name, struct category *ret)
{
	return find_named(w, (struct named){ fold_text(w->arena, name), 0 }, ret);
}

static int find(struct work *w, const char *typed, void *ret)
{
	return find_named(w, named_parse(w, typed), ret);
}

/* A category that is about to be written. @user_id is who takes care; 0: nobody. */
struct draft {
	struct category category;
	int64_t user_id;
};

static int check_assignee(struct work *w, const char *email, struct draft *draft)
{
	struct user user = { 0 };
	int r;

	draft->user_id = 0;
	draft->category.assignee_email = NULL;
	if (!*email)
		return 0;
	email = email_parse(w->arena, email, w->err);
	r = email ? user_of_company(w, work_office_id(w), email, &user) : -(int)w->err->code;
	if (r > 0 && strcmp(user.status, "active") != 0)
		r = portal_fail(w->err, PORTAL_INVALID, _("'%s' is not an active user"), email);
	if (r == 0)
		r = portal_fail(
			w->err, PORTAL_NOT_FOUND, _("'%s' is not a user of the office"), email);
	if (r < 0)
		return portal_about_field(w->err, "assignee");
	draft->user_id = user.id;
	draft->category.assignee_email = user.email;
	draft->category.assignee_name = user.name;
	return 0;
}

static int check_minutes(struct work *w, const char *text, int64_t *ret)
{
	const size_t len = strlen(text);

	*ret = strtoll(text, NULL, 10);
	if (!len)
		return 0;
	if (strspn(text, "0123456789") != len || len > SLA_DIGITS || *ret < 1 || *ret > SLA_MAX) {
		portal_fail(w->err, PORTAL_INVALID,
			_("'%s' is not a number of minutes from 1 to %d"), text, SLA_MAX);
		return portal_about_field(w->err, "sla_minutes");
	}
	return 0;
}

/* NULL keeps what there is, "" clears it. */
static int check_line(
	struct work *w, const char *given, size_t most, const char *field, const char **text)
{
	const char *clean = given ? text_field(w->arena, given, most, field, w->err) : NULL;

	if (given && !clean)
		return -(int)w->err->code;
	if (given)
		*text = *clean ? clean : NULL;
	return 0;
}

static void note(struct work *w, int r)
{
	if (r < 0)
		portal_fault_add(w->err);
}

/* What was given takes the place of what there was. All faults at once. */
static int check(struct work *w, const struct category_request *q, struct draft *draft)
{
	struct category *c = &draft->category;

	if (q->name) {
		c->name = q->name;
		note(w, named_check(w, &c->name));
	}
	note(w, check_line(w, q->department, NAMED_MAX_BYTES, "department", &c->department));
	note(w, check_line(w, q->menu, MENU_MAX_BYTES, "menu", &c->menu));
	if (q->words)
		note(w, category_words_check(w, q->words, q->word_count, &c->words));
	if (q->assignee)
		note(w, check_assignee(w, q->assignee, draft));
	if (q->sla_minutes)
		note(w, check_minutes(w, q->sla_minutes, &c->sla_minutes));
	return portal_faults_end(w->err);
}

static int exists_already(struct work *w, const struct category *there)
{
	portal_fail(w->err, PORTAL_EXISTS, _("there is a category '%s' already"), there->name);
	return portal_about(w->err, "category", there->id);
}

static const char *folded(struct work *w, const char *text)
{
	return text ? fold_text(w->arena, text) : NULL;
}

/* Another one must have neither its name nor its answer. */
static int check_free(struct work *w, const struct category *c)
{
	struct category other = { 0 };
	int r = category_by_name(w, c->name, &other);

	if (r > 0 && other.id != c->id)
		return exists_already(w, &other);
	if (r < 0 || !c->menu)
		return r < 0 ? r : 0;
	r = store_get(w->tx, Q_CATEGORY_OF_MENU, ARGS(A(folded(w, c->menu))), w->arena,
		&category_record, &other);
	if (r <= 0 || other.id == c->id)
		return r < 0 ? r : 0;
	portal_fail(w->err, PORTAL_EXISTS, _("'%s' is the answer of category '%s' already"),
		c->menu, other.name);
	return portal_about(w->err, "category", other.id);
}

static const char *minutes(struct work *w, int64_t count)
{
	return count ? arena_printf(w->arena, "%lld", (long long)count) : NULL;
}

static const char *words_text(struct work *w, portal_list words)
{
	return words.lines && *words.lines ? audit_list_text(w, words) : NULL;
}

static int write_audit(
	struct work *w, const char *action, const struct category *was, const struct category *is)
{
	return audit_add(w, action, "category", is->id ? is->id : was->id,
		CHANGES({ "name", was->name, is->name },
			{ "department", was->department, is->department },
			{ "words", words_text(w, was->words), words_text(w, is->words) },
			{ "menu", was->menu, is->menu },
			{ "assignee_email", was->assignee_email, is->assignee_email },
			{ "sla_minutes", minutes(w, was->sla_minutes),
				minutes(w, is->sla_minutes) }));
}

static int audit_removal(struct work *w, const void *row)
{
	const struct category nothing = { 0 };

	return write_audit(w, "category.remove", row, &nothing);
}

static const struct named_noun noun = { &category_record, "category.show", "category.remove",
	Q_CATEGORY_DELETE, find, audit_removal };

static int save(struct work *w, const char *action, const struct category *was, struct draft *draft)
{
	struct category *c = &draft->category;
	const portal_id user_id = { draft->user_id };
	const char *words = c->words.lines ? c->words.lines : "";
	int r;

	c->updated_at = w->now;
	r = store_put(w->tx, Q_CATEGORY_UPDATE,
		ARGS(A(c->id), A(c->name), A(folded(w, c->name)), A(c->department), A(words),
			A(category_words_folded(w, c->words)), A(c->menu), A(folded(w, c->menu)),
			A(user_id), A(c->sla_minutes), A(w->now)));
	return r < 0 ? r : write_audit(w, action, was, c);
}

static int check_room(struct work *w)
{
	int64_t count = 0;
	const int r = store_get_int(w->tx, Q_CATEGORY_COUNT, NO_ARGS, &count);

	if (r < 0 || count < CATEGORIES_MAX)
		return r < 0 ? r : 0;
	return portal_fail(w->err, PORTAL_CONFLICT, _("there are %d categories, and no more fit"),
		CATEGORIES_MAX);
}

struct call {
	const struct category_request *request;
	struct category *ret;
};

static int add_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	const struct category nothing = { 0 };
	struct draft draft = { .category.created_at = w->now };
	struct category *c = &draft.category;
	struct category_request q = *call->request;
	int64_t viewer;
	int r = policy_need_list(w, "category.add", &viewer);

	q.name = q.name ? q.name : "";
	if (r >= 0)
		r = check(w, &q, &draft);
	if (r >= 0 && q.if_not_exists && category_by_name(w, c->name, c) > 0) {
		WORK_GIVE(w, call->ret, *c);
		return 0;
	}
	if (r >= 0)
		r = check_free(w, c);
	if (r >= 0)
		r = check_room(w);
	if (r >= 0)
		r = store_get_int(w->tx, Q_CATEGORY_INSERT,
			ARGS(A(c->name), A(folded(w, c->name)), A(w->now)), &c->id);
	if (r >= 0)
		r = save(w, "category.add", &nothing, &draft);
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, *c);
	return 1;
}

int category_add(struct portal *portal, const struct category_request *request,
	struct category *ret_category, struct portal_error *err)
{
	struct call call = { .request = request, .ret = ret_category };

	return work_write(portal, add_body, &call, err);
}

static bool same(const struct category *a, const struct category *b)
{
	const char *words = a->words.lines ? a->words.lines : "";

	return text_same(a->name, b->name) && text_same(a->department, b->department) &&
	       !strcmp(words, b->words.lines ? b->words.lines : "") &&
	       text_same(a->menu, b->menu) && text_same(a->assignee_email, b->assignee_email) &&
	       a->sla_minutes == b->sla_minutes;
}

static int set_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct category was = { 0 };
	struct draft draft = { .user_id = 0 };
	int64_t assignee = 0;
	int changed = 0, r = named_need(w, &noun, "category.set", call->request->named, &was);

	draft.category = was;
	if (r >= 0)
		r = store_get_int(w->tx, Q_CATEGORY_ASSIGNEE_ID, ARGS(A(was.id)), &assignee);
	draft.user_id = assignee;
	if (r >= 0)
		r = check(w, call->request, &draft);
	if (r >= 0)
		r = check_free(w, &draft.category);
	if (r >= 0 && (assignee != draft.user_id || !same(&was, &draft.category))) {
		r = save(w, "category.set", &was, &draft);
		changed = 1;
	}
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, draft.category);
	return changed;
}

int category_set(struct portal *portal, const struct category_request *request,
	struct category *ret_category, struct portal_error *err)
{
	struct call call = { .request = request, .ret = ret_category };

	return work_write(portal, set_body, &call, err);
}

int category_show(struct portal *portal, const char *named, struct category *ret_category,
	struct portal_error *err)
{
	return named_show(portal, &noun, named, ret_category, err);
}

int category_remove(struct portal *portal, const char *named, enum portal_missing missing,
	struct category *ret_category, struct portal_error *err)
{
	return named_remove(portal, &noun, named, missing, ret_category, err);
}

const struct portal_word category_sorts[] = { { "id", NULL }, { "name", NULL }, { NULL, NULL } };

struct listing {
	const struct category_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct category_filter *f = listing->filter;
	struct category row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = category_sorts,
		.statements = { Q_CATEGORY_LIST, Q_CATEGORY_LIST_UP, Q_CATEGORY_LIST_DOWN },
		.record = &category_record,
		.row = &row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	int64_t viewer;
	const int r = policy_need_list(w, "category.list", &viewer);

	if (r < 0)
		return r;
	return list_read(&list,
		LIST_ARGS(A(f->department ? f->department : ""), A(list_pattern(w, f->search))));
}

int category_list(struct portal *portal, const struct category_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
