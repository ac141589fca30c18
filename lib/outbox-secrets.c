/* What a mail says and the outbox does not hold (P7): links with their tokens, and
 * passwords. Both are made of the portal's key and what their records keep, again at
 * every attempt. */
#include "outbox-private.h"

#include <string.h>

#include <portal/secret.h>

#include "document-private.h"
#include "invite-private.h"
#include "seal/seal.h"
#include "setting.h"
#include "text/json.h"
#include "user-private.h"

/* "https://portal.example/invite#i42.AbC…": what stands behind the '#' is in no server's
 * log. Without an address of the portal the token alone. */
static const char *link_to(struct work *w, const char *page, const char *token)
{
	const char *base = setting_value(w, "base_url");

	return *base ? arena_printf(w->arena, "%s/%s#%s", base, page, token)
		     : arena_strdup(w->arena, token);
}

static int of_invite(struct work *w, const struct outbox_claim *claim, struct outbox_secrets *ret)
{
	_cleanup_seal_secret_ struct seal_secret token = { { 0 } };
	struct seal *seal = work_seal(w);
	struct seal_link link = { .letter = 'i', .kind = "invite", .id = claim->cause_id };
	struct invite_row row;
	int r = seal ? invite_read(w, claim->cause_id, &row) : -(int)w->err->code;

	if (r <= 0 || !invite_is_live(&row.invite))
		return r < 0 ? r : 0;
	link.serial = row.token_serial;
	r = seal_token(seal, &link, &token, w->err);
	ret->link = r < 0 ? NULL : link_to(w, "invite", token.text);
	return r < 0 ? r : 1;
}

static int of_access(struct work *w, const struct outbox_claim *claim, struct outbox_secrets *ret)
{
	_cleanup_secret_ struct portal_secret token = { .len = 0 };
	struct user user;
	int r = user_by_id(w, claim->cause_id, &user);

	if (r <= 0 || strcmp(user.status, "active") != 0)
		return r < 0 ? r : 0;
	r = user_access_token(w, &user, &token);
	ret->link = r < 0 ? NULL : link_to(w, "access", token.text);
	return r < 0 ? r : 1;
}

static int of_document(struct work *w, const struct outbox_claim *claim, struct outbox_secrets *ret)
{
	_cleanup_seal_secret_ struct seal_secret token = { { 0 } };
	struct seal *seal = work_seal(w);
	struct document_row row;
	struct seal_link link;
	int r = seal ? document_read(w, claim->cause_id, &row) : -(int)w->err->code;

	if (r <= 0 || strcmp(row.document.status, "published") != 0)
		return r < 0 ? r : 0;
	link = document_seal_link(&row);
	r = seal_token(seal, &link, &token, w->err);
	ret->link = r < 0 ? NULL : link_to(w, "document", token.text);
	return r < 0 ? r : 1;
}

static int of_password(struct work *w, const struct outbox_claim *claim, struct outbox_secrets *ret)
{
	_cleanup_seal_secret_ struct seal_secret password = { { 0 } };
	struct seal *seal = work_seal(w);
	struct json *arguments;
	int r = seal ? json_parse(w->arena, claim->arguments, strlen(claim->arguments), &arguments,
			       w->err)
		     : -(int)w->err->code;

	if (r >= 0)
		r = seal_generate_password(
			seal, json_text(json_get(arguments, "password_nonce")), &password, w->err);
	ret->password = r < 0 ? NULL : arena_strdup(w->arena, password.text);
	return r < 0 ? r : 1;
}

/* The client's own area has no token: whoever goes there logs in. */
static int of_area(struct work *w, const struct outbox_claim *claim, struct outbox_secrets *ret)
{
	const char *base = setting_value(w, "base_url");

	(void)claim;
	ret->link = *base ? base : work_office_name(w);
	return 1;
}

static const struct {
	const char *template;
	int (*make)(struct work *w, const struct outbox_claim *claim, struct outbox_secrets *ret);
} makers[] = {
	{ "invite_sent", of_invite },
	{ "access_link", of_access },
	{ "document_link", of_document },
	{ "temporary_password", of_password },
	{ "area_link", of_area },
	{ NULL, NULL },
};

int outbox_secrets(struct work *w, const struct outbox_claim *claim, struct outbox_secrets *ret)
{
	for (size_t i = 0; makers[i].template; i++)
		if (!strcmp(makers[i].template, claim->template))
			return makers[i].make(w, claim, ret);
	return 1;
}
