#include <string.h>

#include <portal/taxid.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "portal-private.h"

const struct portal_word ended_by_words[] = {
	{ "operator", N_("operator") },
	{ "expiry", N_("expiry") },
	{ NULL, NULL },
};

struct login_row {
	int64_t id;
	int64_t company_id;
	portal_id main_id;
	const char *email;
	const char *role;
	const char *tax_id;
};

static const struct portal_field login_fields[] = {
	PORTAL_FIELD(struct login_row, id, NULL),
	PORTAL_FIELD(struct login_row, company_id, NULL),
	PORTAL_FIELD(struct login_row, main_id, NULL),
	PORTAL_FIELD(struct login_row, email, NULL),
	PORTAL_FIELD(struct login_row, role, NULL),
	PORTAL_FIELD(struct login_row, tax_id, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record login_record = { "user", sizeof(struct login_row), login_fields };

static int not_an_actor(struct work *w, const char *as)
{
	portal_note_denial(w->portal, "act-as", NULL, 0);
	return portal_fail(
		w->err, PORTAL_DENIED, _("'%s' is not an active user of this portal"), as);
}

/* The actor is looked up in every transaction: one who was blocked while a long
 * command waited must not go on. */
static void take(struct portal *portal, const struct login_row *row)
{
	portal->actor = (struct actor){
		.user_id = row->id,
		.company_id = row->company_id,
		.main_id = row->main_id.id,
		.admin = !strcmp(row->role, "admin"),
		.staff = row->company_id == portal->identity.office_id,
		.as = arena_printf(&portal->results, "%s/%s", row->email, row->tax_id),
	};
	portal->actor.label = portal->actor.as;
	portal->actor_known = true;
}

/* E-mail and tax id in the forms they are stored in, so that they may be typed
 * here as everywhere else. A slash before the @ is the e-mail's own. */
static int read_login(struct work *w, const char *as, const char **ret_email, struct taxid *ret_of)
{
	const char *at = strrchr(as, '@');
	const char *slash = at ? strchr(at, '/') : NULL;
	const char *typed = slash ? arena_strndup(w->arena, as, (size_t)(slash - as)) : as;

	*ret_of = (struct taxid){ .country = NULL };
	*ret_email = email_parse(w->arena, typed, w->err);
	if (!*ret_email)
		return not_an_actor(w, as);
	if (slash && taxid_parse(w->arena, slash + 1, NULL, ret_of, w->err) < 0)
		return not_an_actor(w, as);
	return 0;
}

/* "EMAIL/TAX-ID" names one user; "EMAIL" alone must not fit several. */
static int find_user(struct portal *portal, struct work *w)
{
	const char *as = portal->options.acting_as, *email;
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct login_row row = { 0 };
	struct taxid of;
	int r = read_login(w, as, &email, &of);

	if (r >= 0)
		r = store_rows(w->tx, Q_USER_LOGINS, ARGS(A(email), A(of.country), A(of.tax_id)),
			&login_record, &row, &rows);
	if (r >= 0)
		r = store_next(rows);
	if (r <= 0)
		return r < 0 ? r : not_an_actor(w, as);
	take(portal, &row);
	r = store_next(rows);
	if (r <= 0)
		return r;
	portal->actor_known = false;
	portal_note_denial(portal, "act-as", NULL, 0);
	portal_fail(w->err, PORTAL_DENIED, _("'%s' is a user of several companies"), as);
	return portal_hint(w->err, _("say which: --as %s/TAX-ID"), email);
}

int portal_find_actor(struct portal *portal, struct work *w)
{
	if (portal->actor_known)
		return 0;
	if (portal->options.acting_as)
		return find_user(portal, w);
	portal->actor = (struct actor){ .label = "operator" };
	portal->actor_known = true;
	return 0;
}
