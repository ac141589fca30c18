/* Groups and connections of a manifest. */
#include <stdlib.h>
#include <string.h>

#include "apply-private.h"
#include "audit.h"
#include "base/i18n.h"
#include "company-private.h"
#include "connection-private.h"
#include "group-private.h"

/* Lines in the order of strcmp(). */
struct lines {
	const char **items;
	size_t count;
};

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static struct lines split(struct arena *arena, portal_list list)
{
	char *text = arena_strdup(arena, list.lines ? list.lines : ""), *save = NULL;
	struct lines lines = { arena_array(arena, strlen(text) / 2 + 1, sizeof(*lines.items)), 0 };

	for (char *item = strtok_r(text, "\n", &save); item; item = strtok_r(NULL, "\n", &save))
		lines.items[lines.count++] = item;
	return lines;
}

/* The members a manifest names, as lists of members show them. */
static struct lines members_wanted(struct arena *arena, const struct manifest_group *m)
{
	struct lines lines = split(arena, m->members);

	for (size_t i = 0; i < lines.count; i++)
		lines.items[i] = apply_shown(lines.items[i]);
	qsort(lines.items, lines.count, sizeof(*lines.items), compare_lines);
	return lines;
}

static bool holds(const struct lines *lines, const char *item)
{
	return bsearch(&item, lines->items, lines->count, sizeof(*lines->items), compare_lines) !=
	       NULL;
}

/* A group at hand: its main company, and itself where it is there (@found). */
struct group_step {
	const struct manifest_group *m;
	struct apply_change *change;
	struct company main;
	struct group was;
	int found;
};

/* 1; 0 where the main company could not be made. */
static int find_group(struct apply *apply, struct group_step *step)
{
	const int r = apply_company(apply, step->m->object.key, &step->main);

	if (r <= 0)
		return r < 0 ? portal_about_field(apply->w.err, "main") : 0;
	step->found = group_of_main(&apply->w, step->main.id, &step->was);
	return step->found < 0 ? step->found : 1;
}

static int drop_others(struct apply *apply, struct group_step *step)
{
	struct work *w = &apply->w;
	const struct lines wanted = members_wanted(w->arena, step->m);
	const struct lines there = split(w->arena, step->was.members);
	struct company member;
	int r = 0;

	/* The first is the main company, which stays. */
	for (size_t i = 1; r >= 0 && i < there.count; i++) {
		if (holds(&wanted, there.items[i]))
			continue;
		r = apply_company(apply, there.items[i], &member);
		if (r > 0)
			r = group_drop_member(w, &step->main, &member);
	}
	return r;
}

/* Members leave before others come, which may come from another group. What is told of
 * a group is told here, as it was. */
static int leave_group(struct apply *apply, struct group_step *step)
{
	const int r = find_group(apply, step);

	if (r <= 0 || !step->found || !step->m->members.lines)
		return r;
	return drop_others(apply, step);
}

static int add_member(struct apply *apply, const struct group_step *step, const char *key)
{
	struct company member;
	const int r = apply_company(apply, key, &member);

	return r > 0 ? group_add_member(&apply->w, &step->main, &member) : r;
}

/* All members that can't be there are told at once, each where it stands. */
static int add_members(struct apply *apply, struct group_step *step)
{
	struct work *w = &apply->w;
	const struct lines wanted = split(w->arena, step->m->members);

	for (size_t i = 0; i < wanted.count; i++) {
		if (add_member(apply, step, wanted.items[i]) >= 0)
			continue;
		portal_about_field(w->err, "members");
		if (store_failed(w->tx))
			return -(int)w->err->code;
		w->err->line = step->m->object.items[i].line;
		w->err->column = step->m->object.items[i].column;
		portal_fault_add(w->err);
	}
	return portal_faults_end(w->err);
}

static int make_or_rename(struct apply *apply, struct group_step *step)
{
	const char *name = step->m->name;
	struct group made;
	int r;

	if (step->found && !name)
		return 0;
	r = group_check_name(&apply->w, &name, &step->main);
	if (r < 0)
		return r;
	return step->found ? group_rename(&apply->w, &step->main, &step->was, name)
			   : group_make(&apply->w, &step->main, name, &made);
}

static int join_group(struct apply *apply, struct group_step *step, portal_list members_before)
{
	struct work *w = &apply->w;
	struct group now;
	int r = find_group(apply, step);

	if (r <= 0)
		return r;
	r = make_or_rename(apply, step);
	if (r >= 0)
		r = add_members(apply, step);
	if (r >= 0)
		r = group_of_main(w, step->main.id, &now);
	if (r < 0)
		return r;
	return apply_done(apply, step->change, now.id, step->found ? APPLY_THERE : APPLY_ABSENT,
		CHANGES({ "name", step->found ? step->was.name : NULL, now.name },
			{ "members", step->found ? audit_list_text(w, members_before) : NULL,
				audit_list_text(w, now.members) }));
}

/* What the groups' members were before any left, in the order of the manifest; NULL for
 * a group that failed. */
static int leave_groups(struct apply *apply, struct group_step *steps, portal_list *members)
{
	size_t i = 0;
	int left, r = 0;

	MANIFEST_EACH(struct manifest_group, group, &apply->manifest.groups)
	{
		struct group_step *step = &steps[i];

		apply_begin(apply);
		*step = (struct group_step){ .m = group };
		step->change = apply_result(apply, "group", &group->object, NULL);
		left = leave_group(apply, step);
		if (left < 0)
			step->m = NULL;
		else if (step->found)
			members[i].lines = arena_strdup(&apply->keep, step->was.members.lines);
		r = apply_end(apply, &group->object, "main", left);
		if (r < 0)
			return r;
		i++;
	}
	return r;
}

int apply_groups(struct apply *apply)
{
	const size_t count = apply->manifest.groups.count;
	struct group_step *steps = arena_array(&apply->keep, count, sizeof(*steps));
	portal_list *members = arena_array(&apply->keep, count, sizeof(*members));
	int r = leave_groups(apply, steps, members);

	for (size_t i = 0; r >= 0 && i < count; i++) {
		if (!steps[i].m)
			continue;
		apply_begin(apply);
		r = apply_end(apply, &steps[i].m->object, "main",
			join_group(apply, &steps[i], members[i]));
	}
	return r;
}

/* 1; 0 where the company could not be made. */
static int find_side(struct apply *apply, const char *key, const char *member, struct company *ret)
{
	const int r = apply_company(apply, key, ret);

	return r < 0 ? portal_about_field(apply->w.err, member) : r;
}

static int check_side(struct apply *apply, const char *member, const struct company *company)
{
	const int r = company_check_registered(&apply->w, company);

	return r < 0 ? portal_about_field(apply->w.err, member) : r;
}

/* As by an invite, only companies that take part are joined. */
static int join_sides(
	struct apply *apply, const struct company *from, const struct company *to, int64_t *ret_id)
{
	int r = check_side(apply, "from", from);

	if (r >= 0)
		r = check_side(apply, "to", to);
	if (r >= 0)
		r = connection_make(&apply->w, from->id, to->id, 0);
	return r < 0 ? r : connection_active(&apply->w, from->id, to->id, ret_id);
}

static int put_connection(struct apply *apply, const struct manifest_connection *m)
{
	const bool ends = m->status && !strcmp(m->status, "ended");
	struct apply_change *change = apply_result(apply, "connection", &m->object, NULL);
	struct work *w = &apply->w;
	struct company from, to;
	int64_t id = 0;
	int found, r = find_side(apply, m->from, "from", &from);

	if (r > 0)
		r = find_side(apply, m->to, "to", &to);
	if (r <= 0)
		return r;
	change->name =
		arena_printf(&apply->keep, "%s %s", apply_shown(m->from), apply_shown(m->to));
	found = connection_active(w, from.id, to.id, &id);
	r = found;
	if (found > 0 && ends)
		r = connection_stop(w, id);
	if (found == 0 && !ends)
		r = join_sides(apply, &from, &to, &id);
	if (r < 0)
		return r;
	return apply_done(apply, change, id, found || ends ? APPLY_THERE : APPLY_ABSENT,
		CHANGES({ "status",
			found  ? "active"
			: ends ? "ended"
			       : NULL,
			ends ? "ended" : "active" }));
}

int apply_connections(struct apply *apply)
{
	int r = 0;

	MANIFEST_EACH(struct manifest_connection, connection, &apply->manifest.connections)
	{
		apply_begin(apply);
		r = apply_end(
			apply, &connection->object, "from", put_connection(apply, connection));
		if (r < 0)
			return r;
	}
	return r;
}
