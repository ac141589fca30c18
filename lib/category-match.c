/* Which category a ticket is of, and what comes with it (S4, S14). */
#include <string.h>

#include "base/fold.h"
#include "business-hours.h"
#include "category-private.h"
#include "category-words.h"

/* What rules look for; all of it folded. */
struct rule {
	int64_t id;
	const char *name_norm, *words_norm, *menu_norm;
};

static const struct portal_field rule_fields[] = {
	PORTAL_FIELD(struct rule, id, NULL),
	PORTAL_FIELD(struct rule, name_norm, NULL),
	PORTAL_FIELD(struct rule, words_norm, NULL),
	PORTAL_FIELD(struct rule, menu_norm, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record rule_record = { "category", sizeof(struct rule), rule_fields };

enum { WHOLE_MESSAGE = 1000000 };

static size_t score(struct work *w, const struct rule *rule, const struct message_words *words,
	const char *answer)
{
	if (rule->menu_norm && !strcmp(rule->menu_norm, answer))
		return 2 * WHOLE_MESSAGE;
	if (!strcmp(rule->name_norm, answer))
		return WHOLE_MESSAGE;
	return message_words_hits(w, words, rule->words_norm);
}

static int best_rule(
	struct work *w, const struct message_words *words, const char *answer, int64_t *ret_id)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct rule rule = { 0 };
	size_t best = 0;
	int r = store_rows(w->tx, Q_CATEGORY_RULES, NO_ARGS, &rule_record, &rule, &rows);

	*ret_id = 0;
	while (r >= 0 && (r = store_next(rows)) > 0) {
		const size_t found = score(w, &rule, words, answer);

		if (found <= best)
			continue;
		best = found;
		*ret_id = rule.id;
	}
	return r;
}

int category_match(struct work *w, const char *subject, const char *body, struct category *ret)
{
	struct message_words words = { .items = NULL };
	int64_t id;
	int r;

	message_words_add(w, &words, subject ? subject : "");
	message_words_add(w, &words, body ? body : "");
	message_words_sort(&words);
	r = best_rule(w, &words, body ? fold_text(w->arena, body) : "", &id);
	if (r < 0 || !id)
		return r < 0 ? r : 0;
	return store_get(
		w->tx, Q_CATEGORY_NAMED, ARGS(A(""), A(id)), w->arena, &category_record, ret);
}

int category_own_name(struct work *w, const char **name)
{
	struct category category;
	const int r = *name ? category_by_name(w, *name, &category) : 0;

	if (r > 0)
		*name = category.name;
	return r < 0 ? r : 0;
}

int category_assignee(struct work *w, const struct category *category, int64_t *ret_user_id)
{
	int r;

	*ret_user_id = 0;
	r = store_get_int(w->tx, Q_CATEGORY_ASSIGNEE, ARGS(A(category->id)), ret_user_id);
	return r < 0 ? r : 0;
}

int category_due(
	struct work *w, const struct category *category, portal_time start, portal_time *ret_due)
{
	struct business_hours hours;
	int r;

	*ret_due = (portal_time){ 0 };
	if (!category->sla_minutes)
		return 0;
	r = business_hours_read(w, &hours);
	if (r >= 0)
		*ret_due = business_hours_add(
			&hours, start, category->sla_minutes * BUSINESS_MINUTE_MS);
	return r;
}
