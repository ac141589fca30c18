/* What the holder of a mailed token may do (N7): while the company has no user,
 * register it with its first user and accept, or refuse. */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "company-private.h"
#include "contact-private.h"
#include "invite-private.h"
#include "policy.h"
#include "portal-private.h"
#include "seal/seal.h"
#include "user-private.h"

struct token_call {
	const struct invite_token_request *request;
	const char *password; /* PHC */
	struct invite *ret;
};

/* What is made by accepting: @company as it was, and the names. */
struct newcomer {
	struct company company;
	const char *company_name, *name;
};

static int check_token(struct work *w, const char *token, struct invite_row *row)
{
	struct seal *seal = work_seal(w);
	struct seal_link link = { .letter = 'i', .kind = "invite" };
	int64_t users = 0;
	bool ok = false;
	int r;

	if (!seal)
		return -(int)w->err->code;
	if (seal_token_id(token, link.letter, &link.id) < 0)
		return policy_deny_link(w, link.letter, 0);
	r = invite_read(w, link.id, row);
	link.serial = row->token_serial;
	if (r > 0)
		r = seal_token_check(seal, &link, token, &ok, w->err);
	if (r < 0)
		return r;
	if (!ok)
		return policy_deny_link(w, link.letter, link.id);
	r = user_count(w, row->to_id, &users);
	if (r < 0)
		return r;
	if (users > 0 || !strcmp(row->to_status, "disabled") ||
		!strcmp(row->from_status, "disabled"))
		return policy_deny_link(w, link.letter, link.id);
	return 0;
}

/* Acts under the name of the person the token was mailed to. */
static struct actor holder_of(struct work *w, const struct invite_row *row)
{
	const char *as = arena_printf(w->arena, "%s/%s", row->invite.email, row->invite.to_tax_id);

	return (struct actor){ .label = row->invite.email, .as = as };
}

static int check_live(struct work *w, const struct invite_row *row)
{
	if (invite_is_live(&row->invite))
		return invite_check_year(w, row);
	return portal_fail(w->err, PORTAL_WRONG_STATE, _("this invite has ended already (%s)"),
		portal_word_text(invite_statuses, row->invite.status));
}

/* What the holder says, or else what is known: all faults at once. */
static int check_names(struct work *w, const struct token_call *call, const struct invite_row *row,
	struct newcomer *ret)
{
	const struct invite_token_request *q = call->request;
	const int r = company_by_id(w, row->to_id, &ret->company);

	if (r < 0)
		return r;
	ret->company_name = q->company_name ? q->company_name : ret->company.name;
	ret->name = q->name ? q->name : row->invite.contact_name;
	company_field_name(w, &ret->company_name, "company_name");
	contact_field_name(w, &ret->name);
	if (q->password && q->password->len)
		user_field_password(w, q->password);
	return portal_faults_end(w->err);
}

static int register_company(struct work *w, const struct newcomer *newcomer,
	const struct invite_row *row, struct company *ret)
{
	const struct invite *i = &row->invite;
	struct company_draft draft = { .tax_id = i->to_tax_id,
		.country = i->to_country,
		.name = newcomer->company_name,
		.status = "registered" };
	const int r = company_check(w, &draft);

	return r < 0 ? r : company_register(w, &newcomer->company, &draft, ret);
}

/* Who gives no password is mailed the link to set one, as in U7. */
static int add_first_user(struct work *w, const struct token_call *call,
	const struct invite_row *row, const char *name)
{
	const struct invite *i = &row->invite;
	struct user_draft draft = { .company_id = row->to_id,
		.name = name,
		.email = i->email,
		.role = "admin",
		.status = "active",
		.password = call->password,
		.own_password = call->password && !row->token_shown,
		.created_via = "invite" };
	struct user user;

	const int r = user_insert(w, &draft, &user);

	return r < 0 || call->password ? r : user_mail_access(w, &user);
}

static int accept_body(struct work *w, void *arg)
{
	const struct token_call *call = arg;
	struct newcomer newcomer;
	struct company company;
	struct invite_row row;
	struct actor holder;
	int r = check_token(w, call->request->token->text, &row);

	if (r < 0)
		return r;
	holder = holder_of(w, &row);
	w->actor = &holder;
	r = check_live(w, &row);
	if (r >= 0)
		r = check_names(w, call, &row, &newcomer);
	if (r >= 0)
		r = register_company(w, &newcomer, &row, &company);
	if (r < 0)
		return r;
	row.to_status = company.status;
	row.invite.to_name = company.name;
	r = add_first_user(w, call, &row, newcomer.name);
	if (r >= 0)
		r = invite_accept_row(w, &row, row.invite.email);
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, row.invite);
	return 1;
}

int invite_accept_by_token(struct portal *portal, const struct invite_token_request *request,
	struct invite *ret_invite, struct portal_error *err)
{
	struct token_call call = { .request = request, .ret = ret_invite };
	int r = user_hash_fit(portal, request->password, &call.password, err);

	return r < 0 ? r : work_write(portal, accept_body, &call, err);
}

static int refuse_body(struct work *w, void *arg)
{
	const struct token_call *call = arg;
	struct invite_row row;
	struct actor holder;
	int r = check_token(w, call->request->token->text, &row);

	if (r < 0)
		return r;
	holder = holder_of(w, &row);
	w->actor = &holder;
	r = invite_refuse_row(w, &row, row.invite.email, call->request->reason_text);
	if (r < 0)
		return r;
	WORK_GIVE(w, call->ret, row.invite);
	return r;
}

int invite_refuse_by_token(struct portal *portal, const struct invite_token_request *request,
	struct invite *ret_invite, struct portal_error *err)
{
	struct token_call call = { .request = request, .ret = ret_invite };

	return work_write(portal, refuse_body, &call, err);
}
