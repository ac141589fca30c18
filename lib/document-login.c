/* Logging in to one document by its link (D3, U8, P9): who asks must not learn whether
 * there is such a user, nor be locked out for ever. */
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "document-private.h"
#include "login-tries.h"
#include "portal-private.h"
#include "setting.h"

struct account {
	portal_id id;
	const char *password;
	const char *country, *tax_id;
	bool active;
};

static const struct portal_field account_fields[] = {
	PORTAL_FIELD(struct account, id, NULL),
	PORTAL_FIELD(struct account, password, NULL),
	PORTAL_FIELD(struct account, country, NULL),
	PORTAL_FIELD(struct account, tax_id, NULL),
	PORTAL_FIELD(struct account, active, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record account_record = { "user", sizeof(struct account),
	account_fields };

/* @password: the string to verify against, or NULL where no password would do. */
struct admitting {
	const struct document_opening *request;
	struct login_tries tries;
	struct account account;
	const char *decoy;
	struct seal_kdf kdf;
};

static const char *typed_email(struct work *w, const char *typed)
{
	struct portal_error unheard = { 0 };
	const char *email = email_parse(w->arena, typed, &unheard);

	return email ? email : typed;
}

static int admit_body(struct work *w, void *arg)
{
	struct admitting *a = arg;
	const char *email = typed_email(w, a->request->email);
	struct document_row row;
	int r = document_of_token(w, "document.open", a->request->token->text, &row);

	if (r < 0)
		return r;
	r = store_get(w->tx, Q_DOCUMENT_ACCOUNT,
		ARGS(A(row.document.id), A(email), A(work_office_id(w))), w->arena, &account_record,
		&a->account);
	a->kdf = setting_kdf(w);
	a->decoy = seal_password_decoy(&a->kdf, w->arena);
	a->tries.action = "document.open";
	a->tries.user_id = a->account.id.id;
	if (r >= 0)
		r = login_tries_of(w, a->account.country, a->account.tax_id, email, &a->tries);
	return r < 0 ? r : login_count_try(w, &a->tries);
}

int document_log_in(struct portal *portal, const struct document_opening *opening,
	struct document_login *ret_login, struct portal_error *err)
{
	struct admitting a = { .request = opening };
	const struct portal_secret *given = opening->password;
	const char *phc;
	bool fits = false;
	int r;

	if (portal->joined || portal->options.dry_run)
		return portal_fail(err, PORTAL_USAGE, _("a login can't be rehearsed"));
	r = work_write(portal, admit_body, &a, err);
	if (r < 0)
		return r;
	phc = a.account.active && a.account.password ? a.account.password : a.decoy;
	r = seal_password_verify(&a.kdf, given->text, given->len, phc, &fits, err);
	if (r < 0)
		return r;
	ret_login->user_id = fits && phc != a.decoy ? a.account.id.id : 0;
	memcpy(ret_login->tries_key, a.tries.key, sizeof(ret_login->tries_key));
	return 0;
}
