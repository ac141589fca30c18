/* Templates of processes (S11): adding, finding, taking away. The document is kept as it
 * was given and read again where its steps are wanted. */
#include <string.h>

#include "audit.h"
#include "base/fold.h"
#include "base/i18n.h"
#include "comment-private.h"
#include "list.h"
#include "named.h"
#include "policy.h"
#include "process-private.h"
#include "target.h"
#include "text/writer.h"

#define TEMPLATE_FIELDS \
	PORTAL_FIELD(struct process_template, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct process_template, name, N_("NAME")), \
		PORTAL_FIELD( \
			struct process_template, steps, N_("STEPS"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD(struct process_template, created_at, N_("CREATED"))

static const struct portal_field template_fields[] = { TEMPLATE_FIELDS, PORTAL_FIELDS_END };

const struct portal_record process_template_record = { "process.template",
	sizeof(struct process_template), template_fields };

static const struct portal_field row_fields[] = {
	TEMPLATE_FIELDS,
	PORTAL_FIELD(struct process_template_row, source, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "process.template",
	sizeof(struct process_template_row), row_fields };

static void put_list(struct buf *buf, const char *key, portal_list list)
{
	const char *lines = list.lines ? list.lines : "", *line;
	bool more = false;
	size_t len;

	buf_printf(buf, ",\"%s\":[", key);
	while (list_next(&lines, &line, &len)) {
		char text[512];

		if (more)
			buf_char(buf, ',');
		more = true;
		memcpy(text, line, len);
		text[len] = '\0';
		json_put_string(buf, text);
	}
	buf_char(buf, ']');
}

static void put_step(struct buf *buf, const struct process_step *step)
{
	if (buf->len > 1)
		buf_char(buf, ',');
	buf_str(buf, "{\"title\":");
	json_put_string(buf, step->title);
	if (step->has_due)
		buf_printf(buf, ",\"offset_days\":%lld", (long long)step->offset_days);
	else
		buf_str(buf, ",\"offset_days\":null");
	json_put_member(buf, "days", step->working ? "working" : "calendar");
	json_put_member(buf, "calendar", step->calendar);
	json_put_member(buf, "roll", step->roll);
	json_put_member(buf, "assignee", step->assignee);
	put_list(buf, "checklist", step->checklist);
	buf_printf(buf, ",\"visible\":%s", step->visible ? "true" : "false");
	put_list(buf, "after", step->after);
	buf_char(buf, '}');
}

static int steps_json(struct work *w, const struct process_plan *plan, portal_json *ret)
{
	_cleanup_buf_ struct buf buf;

	buf_init(&buf);
	buf_char(&buf, '[');
	for (size_t i = 0; i < plan->count; i++)
		put_step(&buf, &plan->steps[i]);
	return comment_json_end(w, &buf, ret);
}

/* Reads what the row keeps. */
static int fill(struct work *w, struct process_template_row *row, struct process_plan *plan)
{
	const struct process_document document = { row->template.name, row->source,
		strlen(row->source), false };
	const int r = process_plan_read(w->arena, &document, plan, w->err);

	return r < 0 ? r : steps_json(w, plan, &row->template.steps);
}

/* By its name, or by its id: 1, 0, negative. New names are none of digits alone; one of
 * before that is wins over an id. */
static int find(struct work *w, const char *named, struct process_template_row *ret)
{
	int64_t id = 0;

	if (!target_id(named, &id))
		id = 0;
	return store_get(w->tx, Q_PROCESS_TEMPLATE_NAMED,
		ARGS(A(fold_text(w->arena, named)), A(id), A(named)), w->arena, &row_record, ret);
}

int process_template_need(struct work *w, const char *named, struct process_template_row *ret,
	struct process_plan *plan)
{
	const int r = find(w, named, ret);

	if (r <= 0)
		return r < 0 ? r : work_not_found(w, "process.template", named);
	return fill(w, ret, plan);
}

struct call {
	const struct process_document *document;
	const char *named;
	enum process_missing missing;
	struct process_template *ret;
};

/* Templates are nobody's but the office's. */
static int need(struct work *w, const char *action)
{
	int64_t viewer;

	return policy_need_list(w, action, &viewer);
}

static int exists_already(
	struct work *w, const struct call *call, const struct process_template_row *there)
{
	struct process_template template = there->template;

	if (call->document->if_not_exists) {
		WORK_GIVE(w, call->ret, template);
		return 0;
	}
	portal_fail(
		w->err, PORTAL_EXISTS, _("there is a template '%s' already"), there->template.name);
	return portal_about(w->err, "process.template", there->template.id);
}

/* Templates of before may have such names: this is asked of new ones alone. */
static int check_name(struct work *w, const char *name)
{
	return name[strspn(name, "0123456789")] ? 0 : named_check(w, &name);
}

static int add_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	const struct process_document *d = call->document;
	struct process_template_row row = { .source = NULL };
	struct process_plan plan;
	int64_t id = 0;
	int r = need(w, "process.template-add");

	if (r >= 0)
		r = process_plan_read(w->arena, d, &plan, w->err);
	if (r >= 0)
		r = check_name(w, plan.name);
	if (r >= 0)
		r = find(w, plan.name, &row);
	if (r > 0)
		r = fill(w, &row, &plan);
	if (r < 0 || row.template.id)
		return r < 0 ? r : exists_already(w, call, &row);
	r = store_get_int(w->tx, Q_PROCESS_TEMPLATE_INSERT,
		ARGS(A(plan.name), A(fold_text(w->arena, plan.name)),
			A(arena_strndup(w->arena, d->bytes, d->len)), A(w->now)),
		&id);
	if (r >= 0)
		r = audit_add(w, "process.template-add", "process.template", id,
			CHANGES({ "name", NULL, plan.name }));
	if (r >= 0)
		r = process_template_need(w, plan.name, &row, &plan);
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, row.template);
	return 1;
}

int process_template_add(struct portal *portal, const struct process_document *document,
	struct process_template *ret_template, struct portal_error *err)
{
	struct call call = { .document = document, .ret = ret_template };

	return work_write(portal, add_body, &call, err);
}

static int show_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct process_template_row row;
	struct process_plan plan;
	int r = need(w, "process.template-show");

	if (r >= 0)
		r = process_template_need(w, call->named, &row, &plan);
	if (r >= 0)
		WORK_GIVE(w, call->ret, row.template);
	return r;
}

int process_template_show(struct portal *portal, const char *named,
	struct process_template *ret_template, struct portal_error *err)
{
	struct call call = { .named = named, .ret = ret_template };

	return work_read(portal, show_body, &call, err);
}

static int remove_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct process_template_row row = { .source = NULL };
	struct process_plan plan;
	int r = need(w, "process.template-remove");

	if (r >= 0)
		r = find(w, call->named, &row);
	if (r == 0 && call->missing == PROCESS_MISSING_FAILS)
		return work_not_found(w, "process.template", call->named);
	if (r > 0) {
		r = fill(w, &row, &plan);
		if (r >= 0)
			r = store_put(w->tx, Q_PROCESS_TEMPLATE_DELETE, ARGS(A(row.template.id)));
		if (r >= 0)
			r = audit_add(w, "process.template-remove", "process.template",
				row.template.id, CHANGES({ "name", row.template.name, NULL }));
	}
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, row.template);
	return row.template.id != 0;
}

int process_template_remove(struct portal *portal, const char *named, enum process_missing missing,
	struct process_template *ret_template, struct portal_error *err)
{
	struct call call = { .named = named, .missing = missing, .ret = ret_template };

	return work_write(portal, remove_body, &call, err);
}

const struct portal_word process_template_sorts[] = { { "id", NULL }, { "name", NULL },
	{ NULL, NULL } };

struct listing {
	const struct process_template_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

/* What can't be read is shown without its steps. */
static int finish_row(struct work *w, void *row, void *arg)
{
	struct portal_error unheard = { .arena = w->arena };
	struct work quiet = *w;
	struct process_template_row *found = row;
	struct process_plan plan;

	(void)arg;
	quiet.err = &unheard;
	found->template.steps.text = "[]";
	fill(&quiet, found, &plan);
	return 0;
}

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	struct process_template_row row = { .source = NULL };
	struct list list = { .w = w,
		.page = &listing->filter->page,
		.sorts = process_template_sorts,
		.statements = { Q_PROCESS_TEMPLATE_LIST, Q_PROCESS_TEMPLATE_LIST_UP,
			Q_PROCESS_TEMPLATE_LIST_DOWN },
		.record = &row_record,
		.row = &row,
		.finish = finish_row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	const int r = need(w, "process.template-list");

	if (r < 0)
		return r;
	return list_read(&list, LIST_ARGS(A(list_pattern(w, listing->filter->search))));
}

int process_template_list(struct portal *portal, const struct process_template_filter *filter,
	portal_visit *visit, void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
