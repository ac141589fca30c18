#include <string.h>

#include <portal/secret.h>
#include <portal/taxid.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "portal-private.h"
#include "session-private.h"

/* How often the use of a session is written down. */
enum { NOTE_EVERY_MS = 60000 };

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
	portal_list sections;
};

/* The user is the first member of the row of a session, so both records begin alike. */
#define LOGIN_FIELDS \
	PORTAL_FIELD(struct login_row, id, NULL), \
		PORTAL_FIELD(struct login_row, company_id, NULL), \
		PORTAL_FIELD(struct login_row, main_id, NULL), \
		PORTAL_FIELD(struct login_row, email, NULL), \
		PORTAL_FIELD(struct login_row, role, NULL), \
		PORTAL_FIELD(struct login_row, tax_id, NULL), \
		PORTAL_FIELD(struct login_row, sections, NULL)

static const struct portal_field login_fields[] = { LOGIN_FIELDS, PORTAL_FIELDS_END };

static const struct portal_record login_record = { "user", sizeof(struct login_row), login_fields };

struct token_row {
	struct login_row login;
	int64_t session_id;
	portal_time expires_at, last_used_at, ended_at;
	int64_t idle_ms;
	bool must_change_password;
	bool active; /* user and company */
};

static const struct portal_field token_fields[] = {
	LOGIN_FIELDS,
	PORTAL_FIELD(struct token_row, session_id, NULL),
	PORTAL_FIELD(struct token_row, expires_at, NULL),
	PORTAL_FIELD(struct token_row, last_used_at, NULL),
	PORTAL_FIELD(struct token_row, ended_at, NULL),
	PORTAL_FIELD(struct token_row, idle_ms, NULL),
	PORTAL_FIELD(struct token_row, must_change_password, NULL),
	PORTAL_FIELD(struct token_row, active, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record token_record = { "session", sizeof(struct token_row),
	token_fields };

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
		.sections = { arena_strdup(&portal->results, row->sections.lines) },
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

static bool is_live(const struct token_row *row, portal_time now)
{
	return row->active && !row->ended_at.ms && now.ms < row->expires_at.ms &&
	       now.ms < row->last_used_at.ms + row->idle_ms;
}

/* One answer for every token that gives no rights: nobody learns why. */
static int no_rights(struct work *w, int64_t session_id)
{
	portal_note_denial(w->portal, "act-as", session_id ? "session" : NULL, session_id);
	portal_fail(w->err, PORTAL_DENIED, _("this session is not valid, or has ended"));
	return portal_hint(w->err, "portalctl session login");
}

/* Sessions that end within minutes are noted more often, so that they don't end early. */
static void note_use(struct portal *portal, const struct token_row *row, portal_time now)
{
	const int64_t every = row->idle_ms / 2 < NOTE_EVERY_MS ? row->idle_ms / 2 : NOTE_EVERY_MS;

	if (now.ms - row->last_used_at.ms >= every)
		portal->used_session_id = row->session_id;
}

/* Who logs out may find the session ended already, and then can do nothing else. */
static int find_holder(struct portal *portal, struct work *w)
{
	const portal_time now = portal_true_clock(portal);
	char digest[SESSION_DIGEST_SIZE];
	struct token_row row = { .session_id = 0 };
	bool live;
	int r = session_digest(w, portal->options.session_token, digest);

	if (r > 0)
		r = store_get(
			w->tx, Q_SESSION_ACTOR, ARGS(A(&digest[0])), w->arena, &token_record, &row);
	if (r < 0)
		return r;
	live = r > 0 && is_live(&row, now);
	if (r == 0 || (!live && !portal->leaving))
		return no_rights(w, row.session_id);
	take(portal, &row.login);
	portal->actor.session_id = row.session_id;
	portal->actor.by_session = true;
	portal->actor.unsettled = row.must_change_password;
	if (live)
		note_use(portal, &row, now);
	return 0;
}

int portal_find_actor(struct portal *portal, struct work *w)
{
	if (portal->actor_known)
		return 0;
	if (portal->options.session_token)
		return find_holder(portal, w);
	if (portal->options.acting_as)
		return find_user(portal, w);
	portal->actor = (struct actor){ .label = "operator" };
	portal->actor_known = true;
	return 0;
}
