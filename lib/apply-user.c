/* Users of a manifest. Those who become or stay active admins go first, so that a
 * company always has one (U4). */
#include "apply-user.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "company-private.h"
#include "contact-private.h"
#include "user-private.h"

enum pass { MAKE_ADMINS, DO_OTHERS };

/* @first: who becomes the first user of a company that has none (U2), or NULL.
 * @contacts: those of the manifest, sorted by key. */
struct users {
	struct apply *apply;
	const struct people *people;
	const struct manifest_user *first;
	const struct manifest_contact **contacts;
};

static bool is_word(const char *given, const char *word)
{
	return given && !strcmp(given, word);
}

static bool is_active_admin(const char *role, const char *status)
{
	return is_word(role, "admin") && is_word(status, "active");
}

static int compare_contacts(const void *a, const void *b)
{
	const struct manifest_contact *one = *(const struct manifest_contact *const *)a;
	const struct manifest_contact *two = *(const struct manifest_contact *const *)b;

	return strcmp(one->object.key, two->object.key);
}

static void sort_contacts(struct users *users)
{
	const struct manifest_list *list = &users->people->manifest->contacts;
	size_t count = 0;

	users->contacts = arena_array(
		&users->apply->company_arena, list->count + 1, sizeof(*users->contacts));
	MANIFEST_EACH(struct manifest_contact, contact, list)
	users->contacts[count++] = contact;
	qsort(users->contacts, count, sizeof(*users->contacts), compare_contacts);
}

/* One person has one name, however many times a manifest says it; or each run would
 * change it again. */
static int check_contact_name(const struct users *users, const struct manifest_user *m)
{
	const struct manifest_contact key = { .object = { .key = m->email } }, *wanted = &key;
	const struct manifest_contact **found =
		bsearch(&wanted, users->contacts, users->people->manifest->contacts.count,
			sizeof(*users->contacts), compare_contacts);

	if (!found || !(*found)->name || !strcmp((*found)->name, m->name))
		return 0;
	portal_fail(users->apply->w.err, PORTAL_INVALID,
		_("'%s' is called '%s' here, and '%s' among the contacts"), m->email, m->name,
		(*found)->name);
	return portal_about_field(users->apply->w.err, "name");
}

/* What does not depend on the portal; all faults at once. */
static int check_user(const struct users *users, const struct manifest_user *m, const char **name)
{
	struct work *w = &users->apply->w;

	*name = m->name;
	if (m->name && (contact_check_name(w, name) < 0 || check_contact_name(users, m) < 0))
		portal_fault_add(w->err);
	return portal_faults_end(w->err);
}

static int check_all(struct users *users)
{
	const char *name;
	int r = 0;

	MANIFEST_EACH(struct manifest_user, user, &users->people->manifest->users)
	{
		apply_begin(users->apply);
		r = apply_end(users->apply, &user->object, "email", check_user(users, user, &name));
		if (r < 0)
			return r;
	}
	return r;
}

/* As the commands, which let nobody into a company that is disabled. */
static int check_company(const struct users *users, const char *field)
{
	struct work *w = &users->apply->w;
	const int r = company_check_registered(w, users->people->company);

	return r < 0 ? portal_about_field(w->err, field) : 0;
}

/* One user at hand. @name: clean, or NULL. @found: was it there before, as @was? */
struct user_step {
	const struct manifest_user *m;
	struct apply_change *change;
	const char *name, *role, *status;
	struct user was;
	int found;
};

static const char *default_role(const struct users *users, const struct manifest_user *m)
{
	return m == users->first ? "admin" : "collaborator";
}

static int find_user(const struct users *users, struct user_step *step)
{
	const struct manifest_user *m = step->m;

	step->found = 0;
	if (users->people->found == APPLY_THERE)
		step->found = user_of_company(
			&users->apply->w, users->people->company->id, m->email, &step->was);
	if (step->found < 0)
		return step->found;
	step->role = m->role ? m->role : step->found ? step->was.role : default_role(users, m);
	step->status = m->status ? m->status : step->found ? step->was.status : "active";
	return 0;
}

/* Gives the person behind a user another name. */
static int rename_person(struct work *w, int64_t contact_id, const char *name)
{
	struct contact_found found;
	struct contact now;
	int r = contact_by_id(w, contact_id, &found);

	if (r <= 0)
		return r;
	now = found.contact;
	now.name = name;
	return contact_save(w, "contact.set", &found.contact, &now);
}

/* The contact that a new user needs. */
static int need_person(const struct users *users, struct user_step *step, int64_t *ret_id)
{
	const struct people *people = users->people;
	struct work *w = &users->apply->w;
	struct contact_draft draft = { people->company->id, step->name, step->m->email, "" };
	struct contact_row row = { 0 };
	int r = 0;

	if (people->found == APPLY_THERE || people->manifest->contacts.count)
		r = contact_of_company(w, draft.company_id, draft.email, &row);
	*ret_id = row.id;
	if (r > 0 && step->name && strcmp(row.name, step->name) != 0)
		return rename_person(w, row.id, step->name);
	if (r > 0)
		step->name = row.name;
	if (r != 0)
		return r;
	r = contact_check_name(w, &draft.name);
	step->name = draft.name;
	return r < 0 ? r : contact_insert(w, &draft, ret_id);
}

static bool wants_link(const struct users *users, const struct user_step *step)
{
	return is_word(step->status, "active") && !is_word(step->m->access, "none") &&
	       !apply_disables(users->people->manifest);
}

static struct user user_made(const struct users *users, const struct user_step *step, int64_t id)
{
	const struct company *company = users->people->company;

	return (struct user){ .id = id,
		.company_tax_id = company->tax_id,
		.company_name = company->name,
		.name = step->name,
		.email = step->m->email,
		.role = step->role,
		.status = step->status };
}

static int add_user(const struct users *users, struct user_step *step)
{
	struct work *w = &users->apply->w;
	struct user_draft draft = { .company_id = users->people->company->id,
		.email = step->m->email,
		.role = step->role,
		.status = step->status,
		.password = apply_password_of(users->apply, step->m),
		.created_via = "manifest" };
	struct user user;
	int64_t contact = 0, id = 0;
	int r = check_company(users, "email");

	if (r >= 0)
		r = need_person(users, step, &contact);
	draft.name = step->name;
	if (r >= 0)
		r = user_insert_row(w, &draft, contact, &id);
	user = user_made(users, step, id);
	if (r >= 0 && !draft.password && wants_link(users, step))
		r = user_mail_access(w, &user);
	if (r < 0)
		return r;
	return apply_done(users->apply, step->change, id, APPLY_ABSENT,
		CHANGES({ "name", NULL, user.name }, { "email", NULL, user.email },
			{ "role", NULL, user.role }, { "status", NULL, user.status }));
}

static const char *action_of(const struct user *now)
{
	if (!strcmp(now->status, "active"))
		return "user.activate";
	return !strcmp(now->status, "blocked") ? "user.block" : "user.deactivate";
}

/* As by the commands: the role, and then the status. */
static int save_user(struct work *w, const struct user *was, const struct user *now)
{
	struct user between = *was;
	int role, status;

	between.role = now->role;
	role = user_save(w, "user.set-role", was, &between);
	status = role < 0 ? role : user_save(w, action_of(now), &between, now);
	return status < 0 ? status : role > 0 || status > 0;
}

static int change_user(const struct users *users, struct user_step *step)
{
	struct work *w = &users->apply->w;
	const struct user *was = &step->was;
	const bool is_renamed = step->name && (!was->name || strcmp(was->name, step->name) != 0);
	const bool wakes = strcmp(was->status, "active") != 0 && is_word(step->status, "active");
	struct user now = *was;
	int r = wakes ? check_company(users, "status") : 0;

	if (r >= 0 && is_renamed)
		r = rename_person(w, was->contact_id.id, step->name);
	now.name = step->name ? step->name : was->name;
	now.role = step->role;
	now.status = step->status;
	if (r >= 0)
		r = save_user(w, was, &now);
	if (r > 0 && wakes && wants_link(users, step))
		r = user_tell_activated(w, &now);
	if (r < 0)
		return r;
	return apply_done(users->apply, step->change, was->id, APPLY_THERE,
		CHANGES({ "name", was->name, now.name }, { "role", was->role, now.role },
			{ "status", was->status, now.status }));
}

/* Can it be seen without looking the user up that this pass is not its own? */
static bool is_of_other_pass(
	const struct users *users, const struct manifest_user *m, enum pass pass)
{
	const bool is_new = users->people->found == APPLY_ABSENT;
	const char *role = m->role ? m->role : is_new ? default_role(users, m) : NULL;
	const char *status = m->status ? m->status : is_new ? "active" : NULL;

	if (pass == DO_OTHERS)
		return is_active_admin(role, status);
	return (role && strcmp(role, "admin") != 0) || (status && strcmp(status, "active") != 0);
}

static int put_user(const struct users *users, const struct manifest_user *m,
	struct apply_change *change, enum pass pass)
{
	struct user_step step = { .m = m, .change = change };
	int r = find_user(users, &step);

	if (r < 0 || is_active_admin(step.role, step.status) != (pass == MAKE_ADMINS))
		return r;
	r = check_user(users, m, &step.name);
	if (r < 0)
		return r;
	return step.found ? change_user(users, &step) : add_user(users, &step);
}

static int run_pass(const struct users *users, struct apply_change **changes, enum pass pass)
{
	struct apply *apply = users->apply;
	size_t i = 0;
	int r;

	MANIFEST_EACH(struct manifest_user, user, &users->people->manifest->users)
	{
		struct apply_change *change = changes[i++];

		if (is_of_other_pass(users, user, pass))
			continue;
		apply_begin(apply);
		r = apply_end(apply, &user->object, "role", put_user(users, user, change, pass));
		if (r < 0)
			return r;
	}
	return 0;
}

/* U2: one that is said to be an active admin, or else one that may become it. */
static const struct manifest_user *choose_first(const struct manifest_list *list)
{
	const struct manifest_user *possible = NULL;

	MANIFEST_EACH(struct manifest_user, user, list)
	{
		if (user->status && strcmp(user->status, "active") != 0)
			continue;
		if (is_word(user->role, "admin"))
			return user;
		if (!user->role && !possible)
			possible = user;
	}
	return possible;
}

static int need_first(struct users *users)
{
	const struct manifest_list *list = &users->people->manifest->users;
	const struct manifest_user *lead = (const void *)list->first;
	struct apply *apply = users->apply;
	int64_t count = 0;
	int r = users->people->found == APPLY_THERE
			? user_count(&apply->w, users->people->company->id, &count)
			: 0;

	if (r < 0 || count > 0)
		return r < 0 ? r : 0;
	users->first = choose_first(list);
	if (users->first)
		return 0;
	portal_fail(apply->w.err, PORTAL_FIRST_USER,
		_("'%s' would be the first user of the company, and the first is its admin"),
		lead->email);
	return portal_about_field(apply->w.err, lead->role ? "role" : "status");
}

static int put_users(struct users *users)
{
	const struct manifest_list *list = &users->people->manifest->users;
	struct apply *apply = users->apply;
	struct apply_change **changes =
		arena_array(&apply->company_arena, list->count, sizeof(struct apply_change *));
	size_t i = 0;
	int r;

	MANIFEST_EACH(struct manifest_user, user, list)
	changes[i++] = apply_result(apply, "user", &user->object, users->people->manifest);
	r = run_pass(users, changes, MAKE_ADMINS);
	return r < 0 ? r : run_pass(users, changes, DO_OTHERS);
}

int apply_users(struct apply *apply, const struct people *people)
{
	struct users users = { .apply = apply, .people = people };
	int first, r;

	if (!people->manifest->users.count)
		return 0;
	sort_contacts(&users);
	if (!people->company)
		return check_all(&users);
	apply_begin(apply);
	first = need_first(&users);
	r = apply_end(apply, people->manifest->users.first, "role", first);
	if (r < 0)
		return r;
	return first < 0 ? check_all(&users) : put_users(&users);
}
