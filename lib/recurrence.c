/* The next task of a rule is made by `due`, whatever became of the last one: an
 * obligation of a month is owed whether the month before was done or not. That there is
 * one a competence the schema holds, and the rule moves on in the same transaction. */
#include "recurrence-private.h"

#include <limits.h>
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/time.h"
#include "base/utf8.h"
#include "portal-private.h"
#include "target.h"
#include "task-date.h"

enum {
	MONTHS_AFTER_MAX = 12,
	DAYS_MAX = 31,
	WORKING_DAYS_MAX = 23,
	AHEAD_DAYS = 7,
	CHUNK_TASKS = 500,
};

static const char placeholder[] = "{competence}";

const struct portal_word task_periods[] = {
	{ "month", N_("month") },
	{ "quarter", N_("quarter") },
	{ "year", N_("year") },
	{ NULL, NULL },
};

static const struct portal_field rule_fields[] = {
	PORTAL_FIELD(struct recurrence, id, NULL),
	PORTAL_FIELD(struct recurrence, company_id, NULL),
	PORTAL_FIELD(struct recurrence, project_id, NULL),
	PORTAL_FIELD(struct recurrence, assignee_id, NULL),
	PORTAL_FIELD(struct recurrence, title, NULL),
	PORTAL_FIELD(struct recurrence, description, NULL),
	PORTAL_FIELD(struct recurrence, checklist, NULL),
	PORTAL_FIELD(struct recurrence, visible_to_client, NULL),
	PORTAL_FIELD(struct recurrence, every_months, NULL),
	PORTAL_FIELD(struct recurrence, months_after, NULL),
	PORTAL_FIELD(struct recurrence, day, NULL),
	PORTAL_FIELD(struct recurrence, working_day, NULL),
	PORTAL_FIELD(struct recurrence, roll, NULL),
	PORTAL_FIELD(struct recurrence, calendar, NULL),
	PORTAL_FIELD(struct recurrence, competence, NULL),
	PORTAL_FIELD(struct recurrence, until, NULL),
	PORTAL_FIELD(struct recurrence, make_on, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record rule_record = { "recurrence", sizeof(struct recurrence),
	rule_fields };

bool recurrence_is_asked(const struct task_repeat *repeat)
{
	return repeat->every != NULL;
}

static int usage(struct work *w, const char *sentence, const char *field)
{
	portal_fail(w->err, PORTAL_USAGE, "%s", sentence);
	return portal_about_field(w->err, field);
}

/* Options that mean nothing without the others. */
static int check_together(struct work *w, const struct task_request *q)
{
	const struct task_repeat *repeat = &q->repeat;
	const bool parts = repeat->day || repeat->working_day || repeat->months_after ||
			   repeat->competence || repeat->until;

	if (!repeat->every && parts)
		return usage(w,
			_("'--day', '--working-day', '--months-after', '--competence' and "
			  "'--until' need '--every'"),
			"every");
	if (!repeat->every && !q->due_on && (q->roll || q->calendar))
		return usage(w, _("'--roll' and '--calendar' need '--due' or '--every'"), "due");
	if (!repeat->every)
		return 0;
	if (q->due_on || q->ticket)
		return usage(
			w, _("'--every' goes neither with '--due' nor with '--ticket'"), "every");
	if (!repeat->day == !repeat->working_day)
		return usage(w, _("'--every' needs either '--day' or '--working-day'"), "every");
	if (repeat->working_day && q->roll)
		return usage(w, _("a working day needs no '--roll', it is one already"), "roll");
	return 0;
}

/* A number in digits from @low to @high. */
static int read_number(
	struct work *w, const char *text, const char *field, const int64_t range[2], int64_t *ret)
{
	int64_t number = 0;

	if ((!strcmp(text, "0") || target_id(text, &number)) && number >= range[0] &&
		number <= range[1]) {
		*ret = number;
		return 0;
	}
	portal_fail(w->err, PORTAL_INVALID, _("'%s' is not a number from %lld to %lld"), text,
		(long long)range[0], (long long)range[1]);
	return portal_about_field(w->err, field);
}

static int check_day(struct work *w, const struct task_repeat *repeat, struct recurrence *ret)
{
	const char *working = repeat->working_day;

	ret->day = repeat->day;
	if (!working && repeat->day >= 1 && repeat->day <= DAYS_MAX)
		return 0;
	if (!working) {
		portal_fail(w->err, PORTAL_INVALID, _("'%lld' is not a day of a month"),
			(long long)repeat->day);
		return portal_about_field(w->err, "day");
	}
	ret->working_day = CALENDAR_LAST;
	if (!strcmp(working, "last"))
		return 0;
	return read_number(w, working, "working-day", (const int64_t[]){ 1, WORKING_DAYS_MAX },
		&ret->working_day);
}

/* The first competence: a period's last month. */
static int check_competence(
	struct work *w, const char *given, struct recurrence *ret, int64_t *ret_month)
{
	const int64_t period = ret->every_months;
	int64_t now, month, last;
	int r = task_today(w, &now);

	if (r < 0)
		return r;
	ret->competence = given ? given : arena_strndup(w->arena, task_date_text(w->arena, now), 7);
	r = task_month_read(w, ret->competence, "competence", &month);
	if (r < 0)
		return r;
	last = month - month % period + period - 1;
	*ret_month = last;
	if (given && month != last) {
		portal_fail(
			w->err, PORTAL_INVALID, _("'%s' is not the last month of a period"), given);
		portal_hint(w->err, "--competence %s", task_month_text(w->arena, last));
		return portal_about_field(w->err, "competence");
	}
	ret->competence = task_month_text(w->arena, last);
	return 0;
}

static int check_months(struct work *w, const struct task_repeat *repeat, struct recurrence *ret)
{
	int64_t first, last;
	int r = 0;

	ret->months_after = 1;
	if (repeat->months_after)
		r = read_number(w, repeat->months_after, "months-after",
			(const int64_t[]){ 0, MONTHS_AFTER_MAX }, &ret->months_after);
	if (r >= 0)
		r = check_competence(w, repeat->competence, ret, &first);
	ret->until = repeat->until;
	if (r < 0 || !ret->until)
		return r;
	r = task_month_read(w, ret->until, "until", &last);
	if (r < 0 || last >= first)
		return r;
	portal_fail(w->err, PORTAL_INVALID, _("'%s' is before the first competence '%s'"),
		ret->until, ret->competence);
	return portal_about_field(w->err, "until");
}

static int64_t period_months(const char *every)
{
	return !strcmp(every, "month") ? 1 : !strcmp(every, "quarter") ? 3 : 12;
}

int recurrence_check(struct work *w, const struct task_request *q, struct recurrence *ret)
{
	struct task_moving moving = { q->roll, q->calendar };
	int r = check_together(w, q);

	if (r < 0 || !q->repeat.every)
		return r;
	if (!portal_word_known(task_periods, q->repeat.every))
		return work_no_choice(w, task_periods, q->repeat.every, "every");
	r = task_moving_check(w, &moving);
	ret->roll = moving.roll;
	ret->calendar = moving.calendar;
	ret->every_months = period_months(q->repeat.every);
	if (r >= 0)
		r = check_day(w, &q->repeat, ret);
	return r < 0 ? r : check_months(w, &q->repeat, ret);
}

/* The day that the task of this month falls due. A month has not always as many days,
 * or working days. */
static int find_due_day(
	struct work *w, const struct recurrence *rule, int64_t month, int64_t *ret_day)
{
	const int64_t start = task_month_start(month + rule->months_after);
	const int64_t end = task_month_start(month + rule->months_after + 1) - 1;
	struct calendar calendar;
	struct civil civil;
	int64_t day = start + rule->day - 1;
	const int r = task_calendar_of(w, rule->calendar, &calendar);

	if (r < 0)
		return r;
	*ret_day = task_rolled(&calendar, rule->roll, day > end ? end : day);
	if (rule->day)
		return 0;
	civil_from_days(start, &civil);
	if (calendar_nth_working_day(
		    &calendar, civil.year, civil.month, (int)rule->working_day, ret_day) < 0)
		calendar_nth_working_day(
			&calendar, civil.year, civil.month, CALENDAR_LAST, ret_day);
	return 0;
}

/* When a competence is over its task is made, or a week before that falls due. NULL where
 * the rule has ended. */
static int find_make_day(
	struct work *w, const struct recurrence *rule, int64_t month, const char **ret_date)
{
	const int64_t over = task_month_start(month + 1);
	int64_t day = 0;
	const int r = find_due_day(w, rule, month, &day);

	*ret_date = NULL;
	if (r < 0 || (rule->until && strcmp(task_month_text(w->arena, month), rule->until) > 0))
		return r;
	*ret_date = task_date_text(w->arena, over < day - AHEAD_DAYS ? over : day - AHEAD_DAYS);
	return 0;
}

static const char *title_of(struct work *w, const struct recurrence *rule)
{
	const char *title = "", *rest = rule->title, *at;

	while ((at = strstr(rest, placeholder))) {
		title = arena_printf(
			w->arena, "%s%.*s%s", title, (int)(at - rest), rest, rule->competence);
		rest = at + sizeof(placeholder) - 1;
	}
	return arena_printf(w->arena, "%s%s", title, rest);
}

/* Makes the next task of a rule, and moves the rule on. */
static int make_next(struct work *w, const struct recurrence *rule, int64_t *ret_task_id)
{
	struct task_draft draft = { .company_id = rule->company_id,
		.project_id = rule->project_id,
		.assignee_id = rule->assignee_id,
		.recurrence_id = { rule->id },
		.title = title_of(w, rule),
		.description = rule->description,
		.competence = rule->competence,
		.items = { rule->checklist },
		.visible = rule->visible_to_client };
	int64_t month, next, due = 0;
	const char *make_on;
	int r = task_month_read(w, rule->competence, "competence", &month);

	if (r >= 0)
		r = find_due_day(w, rule, month, &due);
	if (r < 0)
		return r;
	draft.due_on = task_date_text(w->arena, due);
	next = month + rule->every_months;
	r = find_make_day(w, rule, next, &make_on);
	if (r >= 0)
		r = task_insert(w, &draft, ret_task_id);
	if (r >= 0)
		r = store_put(w->tx, Q_RECURRENCE_ADVANCE,
			ARGS(A(rule->id), A(task_month_text(w->arena, next)), A(make_on)));
	return r < 0 ? r : 0;
}

int recurrence_begin(struct work *w, struct recurrence *rule, int64_t *ret_task_id)
{
	const portal_id day = { rule->day };
	const struct store_value working =
		rule->working_day ? A(rule->working_day) : A((portal_id){ 0 });
	const int r = store_get_int(w->tx, Q_RECURRENCE_INSERT,
		ARGS(A(rule->company_id), A(rule->project_id), A(rule->assignee_id), A(rule->title),
			A(rule->description), A(rule->checklist), A(rule->visible_to_client),
			A(rule->every_months), A(rule->months_after), A(day), working,
			A(rule->roll), A(rule->calendar), A(rule->competence), A(rule->until),
			A((const char *)NULL), A(w->now)),
		&rule->id);

	return r < 0 ? r : make_next(w, rule, ret_task_id);
}

int recurrence_end(struct work *w, int64_t id, const char *until)
{
	struct recurrence rule = { 0 };
	const char *was, *make_on;
	int64_t month = 0, end;
	int r = store_get(w->tx, Q_RECURRENCE_BY_ID, ARGS(A(id)), w->arena, &rule_record, &rule);

	if (r > 0 && *until)
		r = task_month_read(w, until, "until", &end);
	if (r >= 0)
		r = task_month_read(w, rule.competence, "competence", &month);
	was = rule.until;
	rule.until = *until ? until : NULL;
	if (r < 0 || text_same(was, rule.until))
		return r < 0 ? r : 0;
	r = find_make_day(w, &rule, month, &make_on);
	if (r >= 0)
		r = store_put(
			w->tx, Q_RECURRENCE_SET_UNTIL, ARGS(A(id), A(rule.until), A(make_on)));
	if (r >= 0)
		r = audit_add(w, "task.set-until", "recurrence", id,
			CHANGES({ "until", was, rule.until }));
	return r < 0 ? r : 1;
}

int recurrence_pause(struct work *w, int64_t company_id)
{
	return store_put(w->tx, Q_RECURRENCE_PAUSE, ARGS(A(company_id)));
}

/* From the competence whose turn it was to the newest whose day has come. */
static int resume_one(struct work *w, const struct recurrence *rule, const char *today)
{
	const char *make_on, *after = NULL, *competence = rule->competence;
	int64_t month;
	int r = task_month_read(w, competence, "competence", &month);

	if (r >= 0)
		r = find_make_day(w, rule, month, &make_on);
	while (r >= 0 && (r = find_make_day(w, rule, month + rule->every_months, &after)) >= 0 &&
		after && strcmp(after, today) <= 0) {
		month += rule->every_months;
		make_on = after;
	}
	if (r < 0)
		return r;
	competence = task_month_text(w->arena, month);
	r = store_put(w->tx, Q_RECURRENCE_ADVANCE, ARGS(A(rule->id), A(competence), A(make_on)));
	if (r < 0 || !strcmp(competence, rule->competence))
		return r;
	return audit_add(w, "task.resume", "recurrence", rule->id,
		CHANGES({ "competence", rule->competence, competence }));
}

int recurrence_resume(struct work *w, int64_t company_id)
{
	struct recurrence rule = { .id = 0 };
	const char *today;
	int64_t day;
	int r = task_today(w, &day);

	if (r < 0)
		return r;
	today = task_date_text(w->arena, day);
	while ((r = store_get(w->tx, Q_RECURRENCE_AFTER, ARGS(A(company_id), A(rule.id)), w->arena,
			&rule_record, &rule)) > 0) {
		r = resume_one(w, &rule, today);
		if (r < 0)
			return r;
	}
	return r;
}

/* The next rule whose day has come: 1, 0, negative. */
static int next_due(struct work *w, struct recurrence *ret)
{
	int64_t today;
	const int r = task_today(w, &today);

	return r < 0 ? r
		     : store_get(w->tx, Q_RECURRENCE_DUE, ARGS(A(task_date_text(w->arena, today))),
			       w->arena, &rule_record, ret);
}

static int look_body(struct work *w, void *arg)
{
	struct recurrence rule;
	const int r = next_due(w, &rule);

	(void)arg;
	if (r > 0 && work_will_write(w) < 0)
		return -(int)w->err->code;
	return r;
}

/* What a rehearsal has made is gone after it: it has one chunk. */
static int chunk_body(struct work *w, void *arg)
{
	const int most = w->portal->options.dry_run ? INT_MAX : CHUNK_TASKS;
	struct recurrence rule = { 0 };
	int64_t id;
	int made = 0, r = 0;

	(void)arg;
	while (made < most && (r = next_due(w, &rule)) > 0) {
		r = make_next(w, &rule, &id);
		if (r < 0)
			break;
		made++;
	}
	return r < 0 ? r : made;
}

int recurrence_run(struct portal *portal, struct portal_error *err)
{
	return work_in_chunks(portal, look_body, chunk_body, err);
}
