/* What a set made before and no file of it names any more. */
#include <stdlib.h>
#include <string.h>

#include "apply-private.h"
#include "base/i18n.h"
#include "company-private.h"
#include "connection-private.h"
#include "contact-private.h"
#include "group-private.h"
#include "user-private.h"

/* A record that is to go. @next: the one after it, in the order they go. */
struct victim {
	struct victim *next;
	const char *kind;
	int64_t id;
};

struct prune {
	struct apply *apply;
	struct victim *first, **end;
	int64_t count;
};

struct made_row {
	int64_t id;
	const char *kind;
};

static const struct portal_field made_fields[] = {
	PORTAL_FIELD(struct made_row, id, NULL),
	PORTAL_FIELD(struct made_row, kind, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record made_record = { "manifest", sizeof(struct made_row),
	made_fields };

static int compare_named(const void *a, const void *b)
{
	const struct apply_named *one = a, *two = b;
	const int order = strcmp(one->kind, two->kind);

	return order ? order : (one->id > two->id) - (one->id < two->id);
}

static bool is_named(const struct apply *apply, const struct made_row *row)
{
	const struct apply_named key = { row->kind, row->id };

	return apply->named_count &&
	       bsearch(&key, apply->named, apply->named_count, sizeof(key), compare_named) != NULL;
}

/* How each kind goes. @title: how its result is called, as apply_change's name; NULL
 * where it has gone before, or stays. @drop: takes it away, and gives what changed. */
struct manner {
	const char *kind;
	const char *(*title)(struct work *w, int64_t id);
	int (*drop)(struct work *w, int64_t id, struct change *ret);
};

static const char *company_name(struct work *w, int64_t id)
{
	struct company company;

	if (company_by_id(w, id, &company) <= 0 || strcmp(company.status, "registered") != 0)
		return NULL;
	return company_typed_id(w, company.country, company.tax_id);
}

static int drop_company(struct work *w, int64_t id, struct change *ret)
{
	struct company was, now;
	const int r = company_by_id(w, id, &was);

	*ret = (struct change){ "status", was.status, "disabled" };
	return r > 0 ? company_put_status(w, &was, "disabled", &now) : r;
}

/* The company of a person, where it is in use. */
static const char *person_name(struct work *w, const char *key, int64_t company_id)
{
	const char *company = company_name(w, company_id);

	return company ? arena_printf(w->arena, "%s/%s", key, company) : NULL;
}

static const char *user_name(struct work *w, int64_t id)
{
	struct user_access access;
	struct user user;

	if (user_read_access(w, id, &access) <= 0 || user_by_id(w, id, &user) <= 0 ||
		strcmp(user.status, "active") != 0)
		return NULL;
	return person_name(w, user.email, access.company_id);
}

static int drop_user(struct work *w, int64_t id, struct change *ret)
{
	struct user was, now;
	int r = user_by_id(w, id, &was);

	if (r <= 0)
		return r;
	now = was;
	now.status = "inactive";
	*ret = (struct change){ "status", was.status, now.status };
	return user_save(w, "user.deactivate", &was, &now);
}

static const char *contact_name(struct work *w, int64_t id)
{
	struct contact_found found;

	if (contact_by_id(w, id, &found) <= 0 || strcmp(found.contact.access, "none") != 0)
		return NULL;
	return person_name(w, contact_title(&found.contact), found.company_id.id);
}

static int drop_contact(struct work *w, int64_t id, struct change *ret)
{
	struct contact_found found;
	const int r = contact_by_id(w, id, &found);

	*ret = (struct change){ "name", found.contact.name, NULL };
	return r > 0 ? contact_drop(w, &found.contact) : r;
}

static int group_by_id(struct work *w, int64_t id, struct company *ret_main, struct group *ret)
{
	int64_t main_id = 0;
	int r = store_get_int(w->tx, Q_GROUP_MAIN_ID, ARGS(A(id)), &main_id);

	if (r > 0)
		r = company_by_id(w, main_id, ret_main);
	return r > 0 ? group_of_main(w, main_id, ret) : r;
}

static const char *group_name(struct work *w, int64_t id)
{
	struct company main;
	struct group group;

	return group_by_id(w, id, &main, &group) > 0
		       ? company_typed_id(w, main.country, main.tax_id)
		       : NULL;
}

static int drop_group(struct work *w, int64_t id, struct change *ret)
{
	struct company main;
	struct group group;
	const int r = group_by_id(w, id, &main, &group);

	*ret = (struct change){ "name", group.name, NULL };
	return r > 0 ? group_end(w, &main, &group) : r;
}

static const char *connection_name(struct work *w, int64_t id)
{
	struct company from, to;
	int64_t from_id, to_id;

	if (connection_sides(w, id, &from_id, &to_id) <= 0 ||
		company_by_id(w, from_id, &from) <= 0 || company_by_id(w, to_id, &to) <= 0)
		return NULL;
	return arena_printf(w->arena, "%s %s", company_typed_id(w, from.country, from.tax_id),
		company_typed_id(w, to.country, to.tax_id));
}

static int drop_connection(struct work *w, int64_t id, struct change *ret)
{
	*ret = (struct change){ "status", "active", "ended" };
	return connection_stop(w, id);
}

/* In the order they go: people of companies that go stay as they are. */
static const struct manner manners[] = {
	{ "connection", connection_name, drop_connection },
	{ "group", group_name, drop_group },
	{ "company", company_name, drop_company },
	{ "user", user_name, drop_user },
	{ "contact", contact_name, drop_contact },
};

enum { MANNERS = sizeof(manners) / sizeof(*manners) };

static void add_victim(struct prune *prune, const struct made_row *row)
{
	struct victim *victim = arena_new(&prune->apply->keep, struct victim);

	victim->kind = arena_strdup(&prune->apply->keep, row->kind);
	victim->id = row->id;
	*prune->end = victim;
	prune->end = &victim->next;
}

static int find_victims(struct prune *prune)
{
	struct apply *apply = prune->apply;
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct made_row row;
	int r = store_rows(apply->w.tx, Q_MANIFEST_OBJECT_OF_SET, ARGS(A(apply->manifest.set)),
		&made_record, &row, &rows);

	while (r >= 0 && (r = store_next(rows)) > 0)
		if (!is_named(apply, &row))
			add_victim(prune, &row);
	return r < 0 ? r : 0;
}

static struct apply_change *add_removed(struct apply *apply, const char *kind, const char *name)
{
	struct apply_result *result = arena_new(&apply->keep, struct apply_result);

	result->change = (struct apply_change){
		.target_kind = kind, .name = arena_strdup(&apply->keep, name), .result = "removed"
	};
	*apply->end = result;
	apply->end = &result->next;
	return &result->change;
}

/* What can't go (a last admin) fails the run, and is said by its name. */
static int drop(struct prune *prune, const struct manner *manner, const struct victim *victim)
{
	struct apply *apply = prune->apply;
	struct change changes[2] = { { NULL, NULL, NULL }, { NULL, NULL, NULL } };
	struct apply_change *done;
	const char *name = manner->title(&apply->w, victim->id);
	int r;

	if (store_failed(apply->w.tx))
		return -(int)apply->failure.code;
	if (!name)
		return 0;
	prune->count++;
	done = add_removed(apply, manner->kind, name);
	r = manner->drop(&apply->w, victim->id, changes);
	if (r < 0)
		return r;
	done->target_id.id = victim->id;
	done->changes.text =
		arena_strdup(&apply->keep, object_of_changes(&apply->scratch, changes));
	apply->summary.removed++;
	return 0;
}

/* Nothing is at hand that a fault could be about: the run fails as what was last tried. */
static int fail_run(struct apply *apply)
{
	*apply->err = (struct portal_error){ .arena = apply->err->arena };
	portal_fail(apply->err, apply->failure.code, "%s", apply->failure.message);
	return portal_hint(apply->err, "%s", apply->failure.hint);
}

static int drop_kind(struct prune *prune, const struct manner *manner)
{
	struct apply *apply = prune->apply;

	for (const struct victim *v = prune->first; v; v = v->next) {
		if (strcmp(v->kind, manner->kind) != 0)
			continue;
		apply_begin(apply);
		if (drop(prune, manner, v) < 0)
			return fail_run(apply);
	}
	return 0;
}

/* Too many is as good as a wrong file: nothing stays of the run. */
int apply_prune(struct apply *apply)
{
	struct prune prune = { .apply = apply };
	int r;

	if (!apply->request->prune)
		return 0;
	prune.end = &prune.first;
	if (apply->named_count)
		qsort(apply->named, apply->named_count, sizeof(*apply->named), compare_named);
	apply_begin(apply);
	r = find_victims(&prune);
	if (r < 0)
		return fail_run(apply);
	for (size_t i = 0; r >= 0 && i < MANNERS; i++)
		r = drop_kind(&prune, &manners[i]);
	if (r < 0 || prune.count <= apply->request->max_prune)
		return r;
	portal_fail(apply->err, PORTAL_CONFLICT,
		_("%lld objects of the set '%s' would be taken away, and at most %lld may be"),
		(long long)prune.count, apply->manifest.set, (long long)apply->request->max_prune);
	return portal_hint(apply->err, _("'diff --prune --max-prune %lld' shows them"),
		(long long)prune.count);
}
