#include "filter-private.h"

#include <string.h>

#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "contact-private.h"
#include "list.h"
#include "named.h"
#include "policy.h"
#include "ticket-private.h"

enum { OPTION_MAX_BYTES = 300, STATES_MAX = 16 };

static const struct portal_field filter_fields[] = {
	PORTAL_FIELD(struct filter, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct filter, name, N_("NAME")),
	PORTAL_FIELD(struct filter, owner_email, N_("OWNER")),
	PORTAL_FIELD(struct filter, shared, N_("SHARED")),
	PORTAL_FIELD(struct filter, status, N_("STATUS"), .words = ticket_status_choices),
	PORTAL_FIELD(struct filter, assignee, N_("ASSIGNEE")),
	PORTAL_FIELD(struct filter, company, N_("COMPANY")),
	PORTAL_FIELD(struct filter, contact, N_("CONTACT"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct filter, category, N_("CATEGORY")),
	PORTAL_FIELD(struct filter, department, N_("DEPARTMENT"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct filter, tag, N_("TAG"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct filter, origin, N_("ORIGIN"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct filter, search, N_("SEARCH")),
	PORTAL_FIELD(struct filter, since_at, N_("SINCE"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct filter, until_at, N_("UNTIL"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct filter, sort, N_("SORT"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELD(struct filter, created_at, N_("CREATED"), .flags = PORTAL_FIELD_WIDE),
	PORTAL_FIELDS_END,
};

const struct portal_record filter_record = { "filter", sizeof(struct filter), filter_fields };

/* The first of the options, which are texts but for the states and the times. */
static const struct portal_field *options_begin(void)
{
	return portal_record_field(&filter_record, "status");
}

static const char **text_of(const struct portal_field *field, struct filter *filter)
{
	return (const char **)(void *)((char *)filter + field->offset);
}

static bool is_option(const struct portal_field *field)
{
	return field->key && strcmp(field->key, "created_at") != 0;
}

static int find(struct work *w, const char *typed, void *ret)
{
	const struct named named = named_parse(w, typed);

	return store_get(w->tx, Q_FILTER_NAMED,
		ARGS(A(named.name_norm), A(named.id), A(w->actor->user_id)), w->arena,
		&filter_record, ret);
}

static int audit_removal(struct work *w, const void *row)
{
	const struct filter *was = row;

	return audit_add(
		w, "filter.remove", "filter", was->id, CHANGES({ "name", was->name, NULL }));
}

static const struct named_noun noun = { &filter_record, "filter.show", "filter.remove",
	Q_FILTER_DELETE, find, audit_removal };

/* As ticket list refuses it. */
static void refuse_empty(struct work *w, const char *option)
{
	portal_fail(w->err, PORTAL_USAGE, _("'--%s' is empty"), option);
	portal_about_field(w->err, option);
}

/* The texts become what is stored. All faults at once. */
static int check_texts(struct work *w, struct filter *filter, bool *ret_any)
{
	*ret_any = filter->since_at.ms || filter->until_at.ms;
	for (const struct portal_field *f = options_begin(); is_option(f); f++) {
		const char **text = f->type == PORTAL_TEXT ? text_of(f, filter) : NULL;

		if (!text || !*text)
			continue;
		*text = text_field(w->arena, *text, OPTION_MAX_BYTES, f->key, w->err);
		if (*text && !**text)
			refuse_empty(w, f->key);
		if (!*text || !**text)
			portal_fault_add(w->err);
		*ret_any = true;
	}
	return portal_faults_end(w->err);
}

static int check_words(struct work *w, const struct filter *filter)
{
	const char *sort = filter->sort;

	if (filter->origin && !portal_word_known(ticket_origins, filter->origin))
		return work_no_choice(w, ticket_origins, filter->origin, "origin");
	if (sort && !portal_word_known(ticket_sorts, sort + (*sort == '-')))
		return work_no_choice(w, ticket_sorts, sort + (*sort == '-'), "sort");
	return 0;
}

static int check_states(struct work *w, const struct filter_request *q, struct filter *filter)
{
	const char *lines = "";

	for (int64_t i = 0; i < q->status_count; i++) {
		const char *word = q->statuses[i];

		if (!portal_word_known(ticket_status_choices, word))
			return work_no_choice(w, ticket_status_choices, word, "status");
		if (!portal_list_has((portal_list){ lines }, word))
			lines = arena_printf(w->arena, "%s%s%s", lines, *lines ? "\n" : "", word);
	}
	filter->status.lines = lines;
	return 0;
}

/* Who it is may leave later; a slip of the pen is found now. */
static int check_assignee(struct work *w, const char *assignee)
{
	int64_t id;
	int r = 1;

	if (assignee && strcmp(assignee, "me") != 0 && strcmp(assignee, "none") != 0)
		r = ticket_find_staff(w, assignee, TICKET_STAFF_ALL, &id);
	if (r != 0)
		return r < 0 ? r : 0;
	portal_fail(w->err, PORTAL_INVALID, _("'%s' is not a user of the office"), assignee);
	return portal_about_field(w->err, "assignee");
}

/* A list would fail with what is not there, or with more words than it takes. */
static int check_scope(struct work *w, const struct filter *filter)
{
	const struct contact_named named = { filter->contact, filter->company };
	struct contact_found contact;
	struct company company;
	struct ticket_terms terms;
	int r = filter->company ? company_need(w, "company.show", filter->company, &company) : 0;

	if (r < 0)
		return portal_about_field(w->err, "company");
	r = filter->contact ? contact_need(w, "contact.show", &named, &contact) : 0;
	if (r < 0)
		return portal_about_field(w->err, "contact");
	return ticket_terms_parse(w, filter->search, &terms);
}

static int check(struct work *w, const struct filter_request *q, struct filter *filter)
{
	bool any;
	int r;

	*filter = q->filter;
	filter->name = filter->name ? filter->name : "";
	if (named_check(w, &filter->name) < 0)
		portal_fault_add(w->err);
	r = check_texts(w, filter, &any);
	if (r >= 0)
		r = check_words(w, filter);
	if (r >= 0)
		r = check_assignee(w, filter->assignee);
	if (r >= 0)
		r = check_scope(w, filter);
	if (r >= 0)
		r = check_states(w, q, filter);
	if (r < 0 || any || *filter->status.lines)
		return r;
	portal_fail(w->err, PORTAL_USAGE, _("a filter needs at least one option"));
	return portal_hint(w->err, "portalctl help filter add");
}

static int exists_already(struct work *w, const struct filter *there)
{
	portal_fail(w->err, PORTAL_EXISTS, _("there is a filter '%s' already"), there->name);
	return portal_about(w->err, "filter", there->id);
}

static int insert(struct work *w, struct filter *f)
{
	const portal_id owner = { w->actor->user_id };
	const int r = store_get_int(w->tx, Q_FILTER_INSERT,
		ARGS(A(f->name), A(fold_text(w->arena, f->name)), A(owner), A(f->shared),
			A(f->status.lines), A(f->assignee), A(f->company), A(f->contact),
			A(f->category), A(f->department), A(f->tag), A(f->origin), A(f->search),
			A(f->since_at), A(f->until_at), A(f->sort), A(w->now)),
		&f->id);

	return r < 0 ? r
		     : audit_add(w, "filter.add", "filter", f->id,
			       CHANGES({ "name", NULL, f->name }));
}

struct call {
	const struct filter_request *request;
	struct filter *ret;
};

static int add_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct filter f, there;
	int64_t viewer;
	int r = policy_need_list(w, "filter.add", &viewer);

	if (r >= 0)
		r = check(w, call->request, &f);
	if (r >= 0)
		r = store_get(w->tx, Q_FILTER_SAME,
			ARGS(A(fold_text(w->arena, f.name)), A(w->actor->user_id), A(f.shared)),
			w->arena, &filter_record, &there);
	if (r > 0 && !call->request->if_not_exists)
		return exists_already(w, &there);
	if (r > 0) {
		WORK_GIVE(w, call->ret, there);
		return 0;
	}
	if (r >= 0)
		r = insert(w, &f);
	if (r >= 0)
		r = find(w, arena_printf(w->arena, "%lld", (long long)f.id), &f);
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, f);
	return 1;
}

int filter_add(struct portal *portal, const struct filter_request *request,
	struct filter *ret_filter, struct portal_error *err)
{
	struct call call = { .request = request, .ret = ret_filter };

	return work_write(portal, add_body, &call, err);
}

int filter_show(struct portal *portal, const char *named, struct filter *ret_filter,
	struct portal_error *err)
{
	return named_show(portal, &noun, named, ret_filter, err);
}

int filter_remove(struct portal *portal, const char *named, enum portal_missing missing,
	struct filter *ret_filter, struct portal_error *err)
{
	return named_remove(portal, &noun, named, missing, ret_filter, err);
}

const struct portal_word filter_sorts[] = { { "id", NULL }, { "name", NULL }, { NULL, NULL } };

struct listing {
	const struct filter_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct filter_filter *f = listing->filter;
	struct filter row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = filter_sorts,
		.statements = { Q_FILTER_LIST, Q_FILTER_LIST_UP, Q_FILTER_LIST_DOWN },
		.record = &filter_record,
		.row = &row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	int64_t viewer;
	const int r = policy_need_list(w, "filter.list", &viewer);

	if (r < 0)
		return r;
	return list_read(&list, LIST_ARGS(A(w->actor->user_id), A(list_pattern(w, f->search))));
}

int filter_list(struct portal *portal, const struct filter_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}

/* The lines as texts of their own. */
static void keep_states(struct work *w, struct ticket_filter *f, portal_list saved)
{
	const char **words = arena_array(w->arena, STATES_MAX, sizeof(*words));
	char *at = arena_strdup(w->arena, saved.lines);
	const char *word;

	if (f->status_count || !at || !*at)
		return;
	while (f->status_count < STATES_MAX && (word = strsep(&at, "\n")))
		words[f->status_count++] = word;
	f->statuses = words;
}

static void keep(const char **typed, const char *saved)
{
	if (!*typed)
		*typed = saved;
}

int filter_apply(struct work *w, struct ticket_filter *f)
{
	struct filter saved;
	int r = f->saved ? named_need(w, &noun, noun.show, f->saved, &saved) : 0;

	if (r < 0 || !f->saved)
		return r;
	keep_states(w, f, saved.status);
	keep(&f->assignee, saved.assignee);
	keep(&f->company, saved.company);
	keep(&f->contact, saved.contact);
	keep(&f->category, saved.category);
	keep(&f->department, saved.department);
	keep(&f->tag, saved.tag);
	keep(&f->origin, saved.origin);
	keep(&f->search, saved.search);
	keep(&f->page.sort, saved.sort);
	if (!f->since.ms)
		f->since = saved.since_at;
	if (!f->until.ms)
		f->until = saved.until_at;
	return 0;
}
