#include "apply-private.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "company-private.h"
#include "manifest-kinds.h"
#include "policy.h"
#include "portal-private.h"

const struct portal_word apply_results[] = {
	{ "created", N_("created") },
	{ "updated", N_("updated") },
	{ "unchanged", N_("unchanged") },
	{ "removed", N_("removed") },
	{ NULL, NULL },
};

static const struct portal_word kinds[] = {
	{ "setting", N_("setting") },
	{ "company", N_("company") },
	{ "contact", N_("contact") },
	{ "user", N_("user") },
	{ "group", N_("group") },
	{ "connection", N_("connection") },
	{ NULL, NULL },
};

static const struct portal_field change_fields[] = {
	PORTAL_FIELD(struct apply_change, target_kind, N_("KIND"), .words = kinds),
	PORTAL_FIELD(struct apply_change, target_id, N_("ID"),
		.flags = PORTAL_FIELD_WIDE | PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct apply_change, name, N_("NAME")),
	PORTAL_FIELD(struct apply_change, result, N_("RESULT"), .words = apply_results),
	PORTAL_FIELD(struct apply_change, changes, N_("CHANGES")),
	PORTAL_FIELDS_END,
};

const struct portal_record apply_change_record = { "change", sizeof(struct apply_change),
	change_fields };

bool apply_is_given(const char *text)
{
	return text && *text;
}

bool apply_is_cleared(const char *text)
{
	return text && !*text;
}

const char *apply_shown(const char *key)
{
	return strncmp(key, "BR:", 3) == 0 ? key + 3 : key;
}

void apply_begin(struct apply *apply)
{
	arena_reset(&apply->scratch);
	apply->failure = (struct portal_error){ .arena = &apply->scratch };
}

/* A fault in one object, where it says that it is, at the member it is about, or else at
 * @member. A choice that is
 * none is a fault of the file here, not of the command. */
static void tell(struct apply *apply, const struct manifest_object *object, const char *member,
	const struct portal_fault *fault)
{
	struct portal_error *err = apply->err;
	const bool has_place =
		fault->field && manifest_member_number(object->kind, fault->field) != SIZE_MAX;

	portal_fail(err, fault->code == PORTAL_USAGE ? PORTAL_INVALID : fault->code, "%s",
		fault->message);
	manifest_about(object, has_place ? fault->field : member, err);
	if (fault->line) {
		err->line = fault->line;
		err->column = fault->column;
	}
	err->field = fault->field ? fault->field : member;
	portal_fault_add(err);
}

int apply_end(struct apply *apply, const struct manifest_object *object, const char *member, int r)
{
	struct portal_error *failure = &apply->failure;
	const struct portal_fault alone = {
		.code = failure->code, .field = failure->field, .message = failure->message
	};

	if (r >= 0)
		return 0;
	if (store_failed(apply->w.tx)) {
		portal_fail(apply->err, failure->code, "%s", failure->message);
		return manifest_about(object, member, apply->err);
	}
	if (!failure->faults)
		tell(apply, object, member, &alone);
	for (const struct portal_fault *f = failure->faults; f; f = f->next)
		tell(apply, object, member, f);
	return 0;
}

struct apply_change *apply_result(struct apply *apply, const char *kind,
	const struct manifest_object *object, const struct manifest_company *company)
{
	struct apply_result *result = arena_new(&apply->keep, struct apply_result);
	const char *key = apply_shown(object->key);

	result->change.target_kind = kind;
	result->change.line = object->place.line;
	result->change.name =
		company ? arena_printf(&apply->keep, "%s/%s", key, apply_shown(company->object.key))
			: key;
	*apply->end = result;
	apply->end = &result->next;
	return &result->change;
}

/* Pruning asks for all of them at the end. */
static void note_named(struct apply *apply, const char *kind, int64_t id)
{
	if (apply->named_count == apply->named_room) {
		const size_t room = apply->named_room ? 2 * apply->named_room : 256;
		struct apply_named *grown = arena_array(&apply->keep, room, sizeof(*grown));

		if (apply->named_count)
			memcpy(grown, apply->named, apply->named_count * sizeof(*grown));
		apply->named = grown;
		apply->named_room = room;
	}
	apply->named[apply->named_count++] = (struct apply_named){ kind, id };
}

static int note_made(struct apply *apply, const struct apply_change *change, int64_t id)
{
	if (!apply->manifest.set)
		return 0;
	return store_put(apply->w.tx, Q_MANIFEST_OBJECT_PUT,
		ARGS(A(change->target_kind), A(id), A(apply->manifest.set)));
}

int apply_done(struct apply *apply, struct apply_change *change, int64_t id, enum apply_found found,
	const struct change *changes)
{
	const char *text = object_of_changes(&apply->scratch, changes);
	const bool same = !strcmp(text, "{}");

	change->changes.text = same ? "{}" : arena_strdup(&apply->keep, text);
	change->target_id.id = found == APPLY_ABSENT && apply->portal->options.dry_run ? 0 : id;
	if (id && apply->request->prune)
		note_named(apply, change->target_kind, id);
	if (found == APPLY_ABSENT) {
		change->result = "created";
		apply->summary.created++;
		return id ? note_made(apply, change, id) : 0;
	}
	change->result = same ? "unchanged" : "updated";
	*(same ? &apply->summary.unchanged : &apply->summary.updated) += 1;
	return 0;
}

void apply_company_failed(struct apply *apply, const char *key)
{
	if (!apply->failed)
		apply->failed = arena_array(
			&apply->keep, apply->manifest.companies.count, sizeof(*apply->failed));
	apply->failed[apply->failed_count++] = key;
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool has_failed(struct apply *apply, const char *key)
{
	if (!apply->failed_count)
		return false;
	if (!apply->failed_sorted)
		qsort(apply->failed, apply->failed_count, sizeof(*apply->failed), compare_keys);
	apply->failed_sorted = true;
	return bsearch(&key, apply->failed, apply->failed_count, sizeof(*apply->failed),
		       compare_keys) != NULL;
}

int apply_company(struct apply *apply, const char *key, struct company *ret)
{
	int r;

	if (has_failed(apply, key))
		return 0;
	r = company_by_tax_id(&apply->w, key, ret);
	return r != 0 ? r : work_not_found(&apply->w, "company", apply_shown(key));
}

static int run_steps(struct apply *apply)
{
	static int (*const steps[])(struct apply *) = { apply_settings, apply_companies,
		apply_groups, apply_connections, apply_disablings, apply_prune };
	int r = 0;

	for (size_t i = 0; r >= 0 && i < sizeof(steps) / sizeof(*steps); i++) {
		if (steps[i] == apply_prune)
			r = portal_faults_end(apply->err);
		if (r >= 0)
			r = steps[i](apply);
	}
	return r < 0 ? r : portal_faults_end(apply->err);
}

static int apply_body(struct work *w, void *arg)
{
	struct apply *apply = arg;
	struct portal_error *outer;
	int r;

	arena_reset(&apply->keep);
	apply->w = *w;
	apply->w.arena = &apply->scratch;
	apply->w.err = &apply->failure;
	apply->err = w->err;
	apply->summary = (struct apply_summary){ 0 };
	apply->first = NULL;
	apply->end = &apply->first;
	apply->named = NULL;
	apply->named_count = apply->named_room = 0;
	apply->failed = NULL;
	apply->failed_count = 0;
	apply->failed_sorted = false;
	outer = store_report_to(w->tx, &apply->failure);
	r = run_steps(apply);
	store_report_to(w->tx, outer);
	if (r < 0)
		return r;
	return apply->summary.created + apply->summary.updated + apply->summary.removed > 0;
}

static int may_apply(struct work *w, void *arg)
{
	const struct apply *apply = arg;
	int64_t viewer;

	return policy_need_list(w, apply->permission, &viewer);
}

/* Faults name the files, also to a caller who has dropped them. */
static int read_files(struct apply *apply, struct arena *arena, struct portal_error *err)
{
	const struct apply_request *q = apply->request;
	struct manifest_source *sources = arena_array(arena, q->file_count, sizeof(*sources));

	for (size_t i = 0; i < q->file_count; i++) {
		const struct apply_file *file = &q->files[i];
		const char *path = err->arena ? arena_strdup(err->arena, file->path) : file->path;

		sources[i] = (struct manifest_source){ path, file->bytes, file->len };
	}
	return manifest_read(arena, sources, q->file_count, &apply->manifest, err);
}

static int check_set(const struct apply *apply, struct portal_error *err)
{
	if (!apply->request->prune || apply->manifest.set)
		return 0;
	return portal_fail(
		err, PORTAL_USAGE, _("pruning goes by the name of a set; no file says 'set:'"));
}

static int run_apply(struct apply *apply, struct arena *arena, struct portal_error *err)
{
	int r = work_read(apply->portal, may_apply, apply, err);

	apply->err = err;
	if (r >= 0)
		r = read_files(apply, arena, err);
	if (r >= 0)
		r = check_set(apply, err);
	if (r >= 0)
		r = apply_passwords(apply);
	return r < 0 ? r : work_write(apply->portal, apply_body, apply, err);
}

enum shown { SHOW_ALL, SHOW_DIFFERENT };

static int give(const struct apply *apply, enum shown shown, portal_visit *visit, void *arg)
{
	int r = 0;

	for (const struct apply_result *result = apply->first; r >= 0 && result;
		result = result->next)
		if (shown == SHOW_ALL || strcmp(result->change.result, "unchanged") != 0)
			r = visit(&result->change, arg);
	return r < 0 ? r : 0;
}

/* What to do, and what with the results. */
struct call {
	const struct apply_request *request;
	const char *permission;
	enum shown shown;
	portal_visit *visit;
	void *arg;
};

static int run_call(struct portal *portal, const struct call *call,
	struct apply_summary *ret_summary, struct portal_error *err)
{
	struct apply apply = { .portal = portal,
		.request = call->request,
		.permission = call->permission,
		.keep.out_of_memory = portal->options.out_of_memory,
		.scratch.out_of_memory = portal->options.out_of_memory,
		.company_arena.out_of_memory = portal->options.out_of_memory };
	_cleanup_arena_ struct arena read = { .out_of_memory = portal->options.out_of_memory };
	int shown, r = run_apply(&apply, &read, err);

	*ret_summary = apply.summary;
	shown = r < 0 ? r : give(&apply, call->shown, call->visit, call->arg);
	arena_release(&apply.keep);
	arena_release(&apply.scratch);
	arena_release(&apply.company_arena);
	return shown < 0 ? shown : r;
}

int portal_apply(struct portal *portal, const struct apply_request *request, portal_visit *visit,
	void *arg, struct apply_summary *ret_summary, struct portal_error *err)
{
	const struct call call = { request, "portal.apply", SHOW_ALL, visit, arg };

	return run_call(portal, &call, ret_summary, err);
}

int portal_diff(struct portal *portal, const struct apply_request *request, portal_visit *visit,
	void *arg, struct apply_summary *ret_summary, struct portal_error *err)
{
	const struct call call = { request, "portal.diff", SHOW_DIFFERENT, visit, arg };
	const bool dry_run = portal->options.dry_run;
	int r;

	portal->options.dry_run = true;
	r = run_call(portal, &call, ret_summary, err);
	portal->options.dry_run = dry_run;
	return r;
}

void portal_put_manifest_schema(struct portal_writer *writer)
{
	manifest_put_schema(writer);
}
