#include "named.h"

#include <string.h>

#include "base/fold.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "policy.h"
#include "target.h"

static bool is_digits(const char *text)
{
	return text[strspn(text, "0123456789")] == '\0';
}

int named_check(struct work *w, const char **name)
{
	const char *clean = text_field(w->arena, *name, NAMED_MAX_BYTES, "name", w->err);

	if (!clean)
		return -(int)w->err->code;
	*name = clean;
	if (!is_digits(clean))
		return 0;
	if (*clean)
		portal_fail(w->err, PORTAL_INVALID,
			_("'%s' can't be a name: digits alone are an id"), clean);
	else
		portal_fail(w->err, PORTAL_INVALID, _("the name is empty"));
	return portal_about_field(w->err, "name");
}

struct named named_parse(struct work *w, const char *typed)
{
	struct named named = { "", 0 };

	if (!target_id(typed, &named.id)) {
		named.id = 0;
		named.name_norm = fold_text(w->arena, typed);
	}
	return named;
}

static int64_t id_of(const void *row)
{
	return *(const int64_t *)row;
}

int named_need(struct work *w, const struct named_noun *noun, const char *action, const char *typed,
	void *ret_row)
{
	const char *kind = noun->record->kind;
	const int r = noun->find(w, typed, ret_row);

	if (r <= 0)
		return r < 0 ? r : work_not_found(w, kind, typed);
	return policy_need(w, action,
		&(struct policy_object){ .kind = kind, .id = id_of(ret_row), .named = typed });
}

struct call {
	const struct named_noun *noun;
	const char *typed;
	enum portal_missing missing;
	void *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	const struct named_noun *noun = call->noun;
	void *row = arena_alloc(w->arena, noun->record->size);
	const int r = named_need(w, noun, noun->show, call->typed, row);

	if (r >= 0)
		work_give(w, call->ret, row, noun->record->size);
	return r;
}

int named_show(struct portal *portal, const struct named_noun *noun, const char *typed,
	void *ret_row, struct portal_error *err)
{
	struct call call = { .noun = noun, .typed = typed, .ret = ret_row };

	return work_read(portal, show_body, &call, err);
}

/* 1; 0: there is none, and that is fine. */
static int need_to_remove(struct work *w, const struct call *call, void *ret_row)
{
	const struct named_noun *noun = call->noun;
	int64_t viewer;
	int r = 1;

	if (call->missing == PORTAL_MISSING_IGNORED)
		r = policy_need_list(w, noun->remove, &viewer);
	if (r >= 0 && call->missing == PORTAL_MISSING_IGNORED)
		r = noun->find(w, call->typed, ret_row);
	if (r > 0)
		r = named_need(w, noun, noun->remove, call->typed, ret_row) < 0 ? -(int)w->err->code
										: 1;
	return r;
}

static int remove_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	const struct named_noun *noun = call->noun;
	void *row = arena_alloc(w->arena, noun->record->size);
	int r = need_to_remove(w, call, row);
	const bool there = r > 0;

	if (there)
		r = store_put(w->tx, noun->deletion, ARGS(A(id_of(row))));
	if (there && r >= 0)
		r = noun->audit_removal(w, row);
	if (r < 0)
		return r;
	work_give(w, call->ret, row, noun->record->size);
	return there;
}

int named_remove(struct portal *portal, const struct named_noun *noun, const char *typed,
	enum portal_missing missing, void *ret_row, struct portal_error *err)
{
	struct call call = { noun, typed, missing, ret_row };

	return work_write(portal, remove_body, &call, err);
}
