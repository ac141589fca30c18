/* Logging in (U8, P9): who asks must not learn from the answer, nor from the work
 * done, which part of it was wrong. */
#include <string.h>

#include <portal/taxid.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "login-tries.h"
#include "policy.h"
#include "portal-private.h"
#include "seal/seal.h"
#include "session-private.h"
#include "setting.h"

#define MINUTE_MS INT64_C(60000)
#define DAY_MS (24 * 60 * MINUTE_MS)

struct account {
	int64_t id;
	int64_t company_id;
	const char *email;
	const char *tax_id;
	const char *password;
	bool active;
};

static const struct portal_field account_fields[] = {
	PORTAL_FIELD(struct account, id, NULL),
	PORTAL_FIELD(struct account, company_id, NULL),
	PORTAL_FIELD(struct account, email, NULL),
	PORTAL_FIELD(struct account, tax_id, NULL),
	PORTAL_FIELD(struct account, password, NULL),
	PORTAL_FIELD(struct account, active, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record account_record = { "user", sizeof(struct account),
	account_fields };

/* @country, @tax_id, @email: what was typed, in the forms that are stored where it has
 * one. @tries: those that are counted. @password: the string to verify against, or
 * NULL where no password would do; @decoy then. @right: it was the right one. @renewed: the same
 * password hashed at today's cost, or NULL. */
struct login {
	const struct session_request *request;
	const char *country, *tax_id, *email;
	struct login_tries tries;
	int64_t user_id;
	const char *password, *decoy;
	struct seal_kdf kdf;
	bool right;
	const char *renewed;
	const struct portal_secret *token;
	struct session *ret;
};

static void read_typed(struct work *w, struct login *login)
{
	struct portal_error unheard = { 0 };
	const char *company = login->request->company ? login->request->company : "";
	const char *email = login->request->email ? login->request->email : "";
	struct taxid taxid;

	login->country = NULL;
	login->tax_id = company;
	if (taxid_parse(w->arena, company, NULL, &taxid, &unheard) >= 0) {
		login->country = taxid.country;
		login->tax_id = taxid.tax_id;
	}
	login->email = email_parse(w->arena, email, &unheard);
	if (!login->email)
		login->email = email;
}

static int find_account(struct work *w, const struct login *login, struct account *ret)
{
	return store_get(w->tx, Q_SESSION_ACCOUNT,
		ARGS(A(login->country), A(login->tax_id), A(login->email)), w->arena,
		&account_record, ret);
}

static void note_denial(struct work *w, const struct login *login)
{
	portal_note_denial(
		w->portal, "session.login", login->user_id ? "user" : NULL, login->user_id);
}

static int admit_body(struct work *w, void *arg)
{
	const struct policy_object anybody = { .public_record = true };
	struct login *login = arg;
	struct account account = { 0 };
	int r = policy_need(w, "session.login", &anybody);

	if (r < 0)
		return r;
	read_typed(w, login);
	r = find_account(w, login, &account);
	login->user_id = account.id;
	login->password = account.active ? account.password : NULL;
	login->kdf = setting_kdf(w);
	login->decoy = seal_password_decoy(&login->kdf, w->arena);
	login->tries.action = "session.login";
	login->tries.user_id = account.id;
	if (r >= 0)
		r = login_tries_of(w, login->country, login->tax_id, login->email, &login->tries);
	return r < 0 ? r : login_count_try(w, &login->tries);
}

/* Outside of any transaction: half a second. */
static int prove(struct portal *portal, struct login *login, struct portal_error *err)
{
	const struct portal_secret *given = login->request->password;
	const char *phc = login->password ? login->password : login->decoy;
	bool fits = false;
	int r = seal_password_verify(&login->kdf, given->text, given->len, phc, &fits, err);

	login->right = r >= 0 && fits && login->password;
	if (login->right && seal_password_outdated(&login->kdf, phc))
		r = seal_password_hash(&login->kdf, &portal->results, given->text, given->len,
			&login->renewed, err);
	return r;
}

static int no_access(struct work *w, const struct login *login)
{
	note_denial(w, login);
	return portal_fail(w->err, PORTAL_DENIED,
		_("company, e-mail or password is wrong, or the access is not active"));
}

static int insert_session(struct work *w, const struct login *login, int64_t *ret_id)
{
	const bool remember = login->request->remember;
	const int64_t lasts =
		setting_int(w, remember ? "session_remember_days" : "session_days") * DAY_MS;
	const int64_t idle = remember ? lasts : setting_int(w, "session_idle_minutes") * MINUTE_MS;
	const portal_time expires_at = { w->now.ms + lasts };
	char digest[SESSION_DIGEST_SIZE];
	const int r = session_digest(w, login->token, digest);

	if (r < 0)
		return r;
	return store_get_int(w->tx, Q_SESSION_INSERT,
		ARGS(A(login->user_id), A(&digest[0]), A(remember), A(idle), A(w->now),
			A(expires_at)),
		ret_id);
}

static int audit_login(struct work *w, const struct login *login, int64_t id)
{
	return audit_add(w, "session.login", "session", id,
		CHANGES({ "user_email", NULL, login->email },
			{ "remember", NULL, login->request->remember ? "true" : "false" },
			{ "password", NULL, login->renewed ? "hashed again" : NULL }));
}

static int begin_session(struct work *w, const struct login *login, int64_t *ret_id)
{
	const char *password = login->renewed ? login->renewed : login->password;
	int r = login_forget_tries(w, &login->tries);

	if (r >= 0)
		r = store_put(w->tx, Q_SESSION_SETTLE, ARGS(A(login->user_id), A(w->now)));
	if (r >= 0)
		r = store_put(w->tx, Q_SESSION_NOTE_LOGIN,
			ARGS(A(login->user_id), A(w->now), A(password)));
	if (r >= 0)
		r = insert_session(w, login, ret_id);
	return r < 0 ? r : audit_login(w, login, *ret_id);
}

/* Meanwhile the user may have been blocked, or have got another password. */
static bool is_as_proven(const struct login *login, const struct account *account)
{
	return login->right && account->active && account->id == login->user_id &&
	       account->password && !strcmp(account->password, login->password);
}

static int enter_body(struct work *w, void *arg)
{
	const struct login *login = arg;
	struct session_row row = { 0 };
	struct account account = { 0 };
	struct actor *holder;
	int64_t id = 0;
	int r = find_account(w, login, &account);

	if (r >= 0 && !is_as_proven(login, &account))
		return no_access(w, login);
	holder = arena_new(w->arena, struct actor);
	*holder = (struct actor){ .user_id = account.id, .company_id = account.company_id };
	holder->label = holder->as = arena_printf(w->arena, "%s/%s", account.email, account.tax_id);
	w->actor = holder;
	if (r >= 0)
		r = begin_session(w, login, &id);
	if (r >= 0)
		r = session_read(w, id, &row);
	if (r < 0)
		return r;
	WORK_GIVE(w, login->ret, row.session);
	return 1;
}

static int make_token(struct portal_secret *ret, struct portal_error *err)
{
	unsigned char bytes[SEAL_SIZE];
	const int r = seal_random(bytes, sizeof(bytes), err);

	if (r < 0)
		return r;
	ret->text[0] = 'k';
	seal_base64_encode(SEAL_BASE64_URL, bytes, sizeof(bytes), ret->text + 1);
	ret->len = SESSION_TOKEN_LEN;
	seal_wipe(bytes, sizeof(bytes));
	return 0;
}

int session_digest(
	struct work *w, const struct portal_secret *token, char ret[static SESSION_DIGEST_SIZE])
{
	const struct seal_part parts[] = { seal_text("session"),
		seal_bytes(token->text, token->len) };
	unsigned char digest[SEAL_SIZE];
	struct seal *seal;
	int r;

	if (token->len != SESSION_TOKEN_LEN || token->text[0] != 'k')
		return 0;
	seal = work_seal(w);
	if (!seal)
		return -(int)w->err->code;
	r = seal_sha256(seal, parts, sizeof(parts) / sizeof(*parts), digest, w->err);
	if (r < 0)
		return r;
	seal_hex(digest, sizeof(digest), ret);
	return 1;
}

int session_login(struct portal *portal, const struct session_request *request,
	struct session *ret_session, struct portal_secret *ret_token, struct portal_error *err)
{
	_cleanup_secret_ struct portal_secret token = { .len = 0 };
	struct login login = { .request = request, .token = &token, .ret = ret_session };
	int r;

	if (portal->joined || portal->options.dry_run)
		return portal_fail(err, PORTAL_USAGE, _("a login can't be rehearsed"));
	r = make_token(&token, err);
	if (r >= 0)
		r = work_write(portal, admit_body, &login, err);
	if (r >= 0)
		r = prove(portal, &login, err);
	if (r >= 0)
		r = work_write(portal, enter_body, &login, err);
	if (r > 0)
		*ret_token = token;
	return r;
}
