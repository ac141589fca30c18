/* Passwords of a manifest's new users, from the files it names. */
#include <string.h>

#include "apply-private.h"
#include "base/i18n.h"
#include "company-private.h"
#include "portal-private.h"
#include "seal/seal.h"
#include "user-private.h"

static void want(
	struct apply *apply, struct apply_password **last, const struct manifest_user *user)
{
	struct apply_password *password = arena_new(&apply->portal->keep, struct apply_password);

	password->user = user;
	if (*last)
		(*last)->next = password;
	else
		apply->passwords = password;
	*last = password;
}

static bool has_password_files(const struct manifest_company *company)
{
	MANIFEST_EACH(struct manifest_user, user, &company->users)
	if (apply_is_given(user->password_file))
		return true;
	return false;
}

static int find_new_of(struct apply *apply, struct work *w, const struct manifest_company *company,
	struct apply_password **last)
{
	struct company there = { .id = 0 };
	struct user user;
	int r = company_by_tax_id(w, company->object.key, &there);

	if (r < 0)
		return r;
	MANIFEST_EACH(struct manifest_user, m, &company->users)
	{
		if (!apply_is_given(m->password_file))
			continue;
		r = there.id ? user_of_company(w, there.id, m->email, &user) : 0;
		if (r < 0)
			return r;
		if (r == 0)
			want(apply, last, m);
	}
	return 0;
}

/* The users that have a password file and are not there yet. */
static int find_new(struct work *w, void *arg)
{
	struct apply *apply = arg;
	struct apply_password *last = NULL;
	int r = 0;

	apply->passwords = NULL;
	MANIFEST_EACH(struct manifest_company, company, &apply->manifest.companies)
	{
		if (has_password_files(company))
			r = find_new_of(apply, w, company, &last);
		if (r < 0)
			return r;
	}
	return r;
}

/* Where a file that a manifest names is looked for: beside the manifest. */
static const char *path_of(struct arena *arena, const struct manifest_user *user)
{
	const char *manifest = user->object.source->path, *slash = strrchr(manifest, '/');

	if (!slash || *user->password_file == '/')
		return user->password_file;
	return arena_printf(
		arena, "%.*s/%s", (int)(slash - manifest), manifest, user->password_file);
}

/* A rehearsal keeps nothing, so that it need not hash. */
static int hash(struct apply *apply, const struct portal_secret *secret, const char **ret_phc)
{
	if (!apply->portal->options.dry_run)
		return user_hash_required(apply->portal, secret, ret_phc, &apply->failure);
	*ret_phc = "";
	return seal_password_check(secret->text, secret->len, &apply->failure);
}

static int read_password(struct apply *apply, struct apply_password *password)
{
	const struct apply_request *q = apply->request;
	const char *path = path_of(&apply->scratch, password->user);
	struct portal_secret secret = { .len = 0 };
	int r;

	if (!q->read_secret)
		return portal_fail(&apply->failure, PORTAL_USAGE,
			_("password files can't be read here: '%s'"), path);
	r = q->read_secret(q->secret_arg, path, &secret, &apply->failure);
	if (r >= 0)
		r = hash(apply, &secret, &password->phc);
	portal_secret_clear(&secret);
	return r;
}

int apply_passwords(struct apply *apply)
{
	int r = work_read(apply->portal, find_new, apply, apply->err);

	for (struct apply_password *p = apply->passwords; r >= 0 && p; p = p->next) {
		apply_begin(apply);
		if (read_password(apply, p) >= 0)
			continue;
		portal_fail(apply->err, apply->failure.code, "%s", apply->failure.message);
		manifest_about(&p->user->object, "password_file", apply->err);
		portal_fault_add(apply->err);
	}
	return r < 0 ? r : 0;
}

const char *apply_password_of(const struct apply *apply, const struct manifest_user *user)
{
	const struct apply_password *p =
		apply_is_given(user->password_file) ? apply->passwords : NULL;

	while (p && p->user != user)
		p = p->next;
	return p ? p->phc : NULL;
}
