/* Lists of tickets, and how many there are. */
#include <string.h>

#include "base/i18n.h"
#include "category-private.h"
#include "company-private.h"
#include "contact-private.h"
#include "filter-private.h"
#include "list.h"
#include "policy.h"
#include "target.h"
#include "ticket-private.h"

/* Of a list: tickets of nobody, and of somebody who is not there. */
enum { NOBODY = -1, NO_SUCH_USER = -2 };

/* Where a list ends may move while pages of it are read: a cursor goes on all the same. */
enum { WORDS_ARG = 17, LAST_ARG = 26 };
#define NO_WORDS A(""), A(""), A(""), A(""), A(""), A("")

/* How many tickets have a word: fewer are few, and so many make it common, however many
 * more they are. WALKED: the first that are looked at; see choose_by_words(). */
enum { WORDS_FEW = 5000, WORDS_COMMON = 50000, WALKED = 2000 };

#define OPEN_STATUSES ",new,in_progress,pending,"

const struct portal_word ticket_status_choices[] = {
	{ "open", N_("open") },
	{ "any", N_("any") },
	{ "new", N_("new") },
	{ "in_progress", N_("in progress") },
	{ "pending", N_("on hold") },
	{ "done", N_("done") },
	{ "cancelled", N_("cancelled") },
	{ NULL, NULL },
};

const struct portal_word ticket_sorts[] = { { "id", NULL }, { "number", NULL }, { "status", NULL },
	{ "opened_at", NULL }, { "updated_at", NULL }, { "due_at", NULL }, { NULL, NULL } };

static const struct portal_field count_fields[] = {
	PORTAL_FIELD(struct ticket_count, count, N_("COUNT"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELDS_END,
};

const struct portal_record ticket_count_record = { "ticket.count", sizeof(struct ticket_count),
	count_fields };

/* ",new,pending," or "" for any; @fallback where none is given. */
struct choice {
	const char *const *words;
	int64_t count;
	const char *fallback;
};

static int choose_statuses(struct work *w, const struct choice *choice, const char **ret)
{
	const char *text = choice->count ? "," : choice->fallback;
	bool any = false;

	for (int64_t i = 0; i < choice->count; i++) {
		const char *word = choice->words[i];

		if (!portal_word_known(ticket_status_choices, word))
			return work_no_choice(w, ticket_status_choices, word, "status");
		any |= !strcmp(word, "any");
		text = arena_printf(w->arena, "%s%s", text,
			!strcmp(word, "open") ? &OPEN_STATUSES[1]
					      : arena_printf(w->arena, "%s,", word));
	}
	*ret = any ? "" : text;
	return 0;
}

/* What the filter means. @of: the one company it is about, or 0. @after, @last: all that
 * were opened in its time have ids behind the one, up to the other. */
struct scope {
	const char *statuses;
	int64_t of, viewer, group, assignee, namesakes, contact, after, last;
	struct ticket_about about;
	struct ticket_terms terms;
};

static int find_assignee(struct work *w, const char *named, int64_t *ret)
{
	int64_t id = NO_SUCH_USER;
	int r;

	if (!named)
		return 0;
	*ret = !strcmp(named, "none") ? NOBODY : w->actor->staff ? w->actor->user_id : 0;
	if (!strcmp(named, "none") || (!strcmp(named, "me") && *ret))
		return 0;
	r = ticket_find_staff(w, named, TICKET_STAFF_ALL, &id);
	*ret = id;
	/* A client does not learn who is of the staff. */
	return r == 0 && !ticket_by_client(w) ? work_not_found(w, "user", named) : r;
}

/* Whoever was removed has tickets all the same, which the office goes on with. */
static int find_removed(struct work *w, const char *named, int64_t company_id, int64_t *ret)
{
	int64_t id = 0;

	if (!named || ticket_by_client(w))
		return 0;
	if (!target_id(named, &id))
		id = 0;
	return store_get_int(w->tx, Q_CONTACT_GONE, ARGS(A(named), A(id), A(company_id)), ret);
}

static int find_contact(
	struct work *w, const struct ticket_filter *f, int64_t company_id, int64_t *ret)
{
	const struct contact_named named = { f->contact, f->company };
	struct contact_found found;
	int r = find_removed(w, f->contact, company_id, ret);

	if (r != 0 || !f->contact)
		return r;
	r = contact_need(w, "contact.show", &named, &found);
	*ret = r >= 0 ? found.contact.id : 0;
	return r;
}

/* The id before the first ticket that was opened at @since or after */
static int find_before(struct work *w, portal_time since, int64_t *ret)
{
	int64_t first = 0;
	const int r = store_get_int(w->tx, Q_TICKET_FIRST_SINCE, ARGS(A(since.ms)), &first);

	*ret = r > 0 ? first - 1 : INT64_MAX;
	return r;
}

/* Tickets are listed by id: the list need not walk past all that are older, nor through
 * all that are newer, but for those that are late. */
static int find_span(struct work *w, const struct ticket_filter *f, struct scope *ret)
{
	int64_t late = 0;
	int r = 0;

	ret->last = INT64_MAX;
	if (f->since.ms)
		r = find_before(w, f->since, &ret->after);
	if (r < 0 || !f->until.ms)
		return r;
	r = find_before(w, f->until, &ret->last);
	if (r >= 0)
		r = store_get_int(w->tx, Q_TICKET_LAST_LATE, ARGS(A(f->until.ms)), &late);
	ret->last = late > ret->last ? late : ret->last;
	return r;
}

static int find_scope(struct work *w, const struct ticket_filter *f, struct scope *ret)
{
	const struct choice choice = { f->statuses, f->status_count, OPEN_STATUSES };
	struct company company = { 0 };
	int r = policy_need_list(w, "ticket.list", &ret->viewer);

	if (r >= 0)
		r = choose_statuses(w, &choice, &ret->statuses);
	if (r >= 0 && f->company)
		r = company_need(w, "company.show", f->company, &company);
	if (r >= 0)
		r = find_assignee(w, f->assignee, &ret->assignee);
	if (r >= 0 && ret->assignee > 0)
		r = store_get_int(
			w->tx, Q_TICKET_NAMESAKES, ARGS(A(ret->assignee)), &ret->namesakes);
	if (r >= 0)
		r = find_contact(w, f, company.id, &ret->contact);
	if (r >= 0)
		r = ticket_find_about(w, f->project, f->task, &ret->about);
	if (r >= 0)
		r = ticket_terms_parse(w, f->search, &ret->terms);
	if (r >= 0)
		r = find_span(w, f, ret);
	ret->group = r >= 0 && ret->viewer ? policy_list_group(w, "ticket.list") : 0;
	ret->of = company.id || ret->group ? company.id : ret->viewer;
	if (!ret->of)
		ret->of = ret->about.company_id;
	return r;
}

static bool is_one_status(const char *statuses)
{
	return *statuses && !strchr(strchr(statuses + 1, ',') + 1, ',');
}

/* The smallest part of the table that has all that is wanted, as far as one knows. */
static enum store_query by_id(const struct scope *scope, const struct ticket_filter *f)
{
	if (scope->about.task_id.id)
		return Q_TICKET_LIST_TASK;
	if (scope->about.project_id.id)
		return Q_TICKET_LIST_PROJECT;
	if (scope->contact)
		return Q_TICKET_LIST_CONTACT;
	if (scope->of)
		return Q_TICKET_LIST_OF;
	if (scope->group)
		return Q_TICKET_LIST_GROUP;
	if (f->tag)
		return Q_TICKET_LIST_TAG;
	if (!strcmp(scope->statuses, OPEN_STATUSES))
		return Q_TICKET_LIST_OPEN;
	if (scope->assignee > 0 && !scope->namesakes)
		return Q_TICKET_LIST_ASSIGNEE;
	if (is_one_status(scope->statuses))
		return Q_TICKET_LIST_STATUS;
	if (f->category)
		return Q_TICKET_LIST_CATEGORY;
	if (f->department)
		return Q_TICKET_LIST_DEPARTMENT;
	return Q_TICKET_LIST;
}

/* Such a part may be most of the table. */
static bool is_wide(enum store_query by)
{
	return by == Q_TICKET_LIST || by == Q_TICKET_LIST_STATUS || by == Q_TICKET_LIST_ASSIGNEE ||
	       by == Q_TICKET_LIST_CATEGORY || by == Q_TICKET_LIST_DEPARTMENT;
}

/* A list of most tickets is read in the order of an index; of a few days it is sorted. */
static void sort_by_index(const struct scope *scope, const struct ticket_filter *f,
	struct list_statements *statements)
{
	const char *sort = f->page.sort ? f->page.sort + (*f->page.sort == '-') : "";

	if (statements->by_id != Q_TICKET_LIST || *scope->terms.words[0] || f->since.ms ||
		f->until.ms)
		return;
	if (!strcmp(sort, "opened_at")) {
		statements->ascending = Q_TICKET_LIST_OPENED_UP;
		statements->descending = Q_TICKET_LIST_OPENED_DOWN;
	} else if (!strcmp(sort, "updated_at")) {
		statements->ascending = Q_TICKET_LIST_UPDATED_UP;
		statements->descending = Q_TICKET_LIST_UPDATED_DOWN;
	} else if (!strcmp(sort, "number")) {
		statements->ascending = Q_TICKET_LIST_NUMBER_UP;
		statements->descending = Q_TICKET_LIST_NUMBER_DOWN;
	}
}

static struct list_statements statements_of(
	const struct scope *scope, const struct ticket_filter *f)
{
	const enum store_query by = by_id(scope, f);
	const bool newest = f->page.sort && !strcmp(f->page.sort, "-id");
	struct list_statements all = { by, Q_TICKET_LIST_UP,
		newest ? Q_TICKET_LIST_NEWEST : Q_TICKET_LIST_DOWN };

	if (scope->of)
		return (struct list_statements){ by, Q_TICKET_LIST_OF_UP,
			newest ? Q_TICKET_LIST_OF_NEWEST : Q_TICKET_LIST_OF_DOWN };
	if (!strcmp(scope->statuses, OPEN_STATUSES))
		return (struct list_statements){ by, Q_TICKET_LIST_OPEN_UP,
			newest ? Q_TICKET_LIST_OPEN_NEWEST : Q_TICKET_LIST_OPEN_DOWN };
	sort_by_index(scope, f, &all);
	return all;
}

/* The first of the phones, and no more than the actor may know. */
static int finish_row(struct work *w, void *row, void *arg)
{
	struct ticket *ticket = row;
	const char *phones = ticket->contact_phone ? ticket->contact_phone : "";
	const size_t len = strcspn(phones, "\n");

	(void)arg;
	ticket->contact_phone = len ? arena_strndup(w->arena, phones, len) : NULL;
	ticket_hide_about(w, ticket);
	return ticket_count_whatsapp(w, ticket);
}

static struct store_value text_or_none(const char *text)
{
	return store_text(text ? text : "");
}

/* Does the walk of the first few tickets fill the page? */
static int fills_page(struct list *list, const struct scope *s, struct store_value *args)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	const int64_t limit = list->page->limit;
	int64_t count = 0;
	int r;

	if (!limit || limit >= WALKED)
		return 0;
	args[0] = store_int(0);
	args[1] = store_int(limit);
	args[2] = args[3] = store_text("");
	args[LAST_ARG - 1] = store_int(s->after < s->last - WALKED ? s->after + WALKED : s->last);
	r = store_rows(list->w->tx, list->statements.by_id, args, list->record, list->row, &rows);
	while (r >= 0 && (r = store_next(rows)) > 0)
		count++;
	args[LAST_ARG - 1] = store_int(s->last);
	return r < 0 ? r : count == limit;
}

static int weigh(struct list *list, struct scope *s, struct store_value *args, int64_t most)
{
	const int r = ticket_terms_weigh(list->w, &s->terms, most);

	for (size_t i = 0; i < TICKET_TERMS; i++)
		args[WORDS_ARG - 1 + i] = store_text(s->terms.words[i]);
	if (r >= 0 && s->terms.found < most)
		list->statements.by_id = Q_TICKET_LIST_WORDS;
	return r;
}

/* By words a list is read in one of two ways. The tickets that have the rarest can be
 * collected and put in order, whatever the page: so it is done where they are few. Or the
 * list is walked and each ticket looked at, which a page of common words is soon full by,
 * and which may take the whole table where words are common and seldom meet. To count
 * how common they are takes longer than such a page, and how they meet it does not tell.
 * So where nothing else makes the list short the walk is tried on its first tickets, and
 * only when they don't fill the page more is counted and collected. */
static int choose_by_words(struct list *list, struct scope *s, struct store_value *args)
{
	const enum store_query by = list->statements.by_id;
	const char *sort = list->page->sort;
	int r;

	if (!*s->terms.words[0])
		return 0;
	r = weigh(list, s, args, WORDS_FEW);
	if (r < 0 || list->statements.by_id != by || !is_wide(by) || (sort && strcmp(sort, "id")))
		return r;
	r = fills_page(list, s, args);
	return r == 0 ? weigh(list, s, args, WORDS_COMMON) : r;
}

static int read_list(struct list *list, struct scope *s, const struct ticket_filter *f)
{
	struct work *w = list->w;
	const char *tag = f->tag ? ticket_tag_word(w, f->tag) : "";
	struct store_value *args =
		LIST_ARGS(A(s->statuses), A(s->assignee), A(s->of), A(s->contact), A(f->since.ms),
			A(f->until.ms), text_or_none(f->category), text_or_none(f->department),
			A(tag), text_or_none(f->origin), A(s->viewer), A(s->group), NO_WORDS,
			A(s->about.project_id.id), A(s->about.task_id.id), A(s->after), A(s->last));
	const int r = choose_by_words(list, s, args);

	return r < 0 ? r : list_read(list, args);
}

struct listing {
	const struct ticket_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	struct ticket_filter filter = *listing->filter;
	const struct ticket_filter *f = &filter;
	struct ticket row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = ticket_sorts,
		.record = &ticket_record,
		.row = &row,
		.finish = finish_row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end,
		.clock_arg = LAST_ARG };
	struct scope scope = { 0 };
	int r = filter_apply(w, &filter);

	if (r >= 0)
		r = category_own_name(w, &filter.category);
	if (r >= 0)
		r = find_scope(w, f, &scope);
	if (r < 0)
		return r;
	list.statements = statements_of(&scope, f);
	return read_list(&list, &scope, f);
}

int ticket_list(struct portal *portal, const struct ticket_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}

struct counting {
	struct choice choice;
	struct ticket_count *ret;
};

static int count_status(struct work *w, const char *status, int64_t viewer, int64_t *ret)
{
	const int64_t group = policy_list_group(w, "ticket.count");

	if (!viewer)
		return store_get_int(w->tx, Q_TICKET_COUNT, ARGS(A(status)), ret);
	return store_get_int(w->tx, Q_TICKET_COUNT_OF, ARGS(A(status), A(viewer), A(group)), ret);
}

static int count_body(struct work *w, void *arg)
{
	const struct counting *counting = arg;
	struct ticket_count count = { 0 };
	int64_t viewer, found = 0;
	const char *statuses;
	int r = policy_need_list(w, "ticket.count", &viewer);

	if (r >= 0)
		r = choose_statuses(w, &counting->choice, &statuses);
	for (const struct portal_word *s = ticket_statuses; r >= 0 && s->word; s++) {
		const char *within = arena_printf(w->arena, ",%s,", s->word);

		if (*statuses && !strstr(statuses, within))
			continue;
		r = count_status(w, s->word, viewer, &found);
		count.count += found;
	}
	if (r >= 0)
		WORK_GIVE(w, counting->ret, count);
	return r < 0 ? r : 0;
}

int ticket_count(struct portal *portal, const char *const *statuses, int64_t count,
	struct ticket_count *ret_count, struct portal_error *err)
{
	struct counting counting = { { statuses, count, ",new," }, ret_count };

	return work_read(portal, count_body, &counting, err);
}
