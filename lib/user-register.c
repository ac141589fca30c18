/* Registering oneself by the signup link of a company or the link of a document (U2,
 * U3, U6, D3). */
#include <portal/user-access.h>

#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "contact-private.h"
#include "document-private.h"
#include "field.h"
#include "phone-private.h"
#include "policy.h"
#include "portal-private.h"
#include "seal/seal.h"
#include "user-private.h"

struct registering {
	const struct user_registration *request;
	const char *password; /* PHC */
	struct user *ret;
};

static bool is_open(const struct company *company)
{
	return !strcmp(company->status, "registered") && !strcmp(company->signup, "on");
}

static int check_token(struct work *w, const char *token, struct company *ret)
{
	struct seal *seal = work_seal(w);
	struct seal_link link = { .letter = 's', .kind = "signup" };
	bool ok = false;
	int r;

	if (!seal)
		return -(int)w->err->code;
	if (seal_token_id(token, link.letter, &link.id) < 0)
		return policy_deny_link(w, link.letter, 0);
	r = company_by_id(w, link.id, ret);
	if (r > 0)
		r = store_get_int(w->tx, Q_COMPANY_SIGNUP_SERIAL, ARGS(A(link.id)), &link.serial);
	if (r <= 0)
		return r < 0 ? r : policy_deny_link(w, link.letter, link.id);
	r = seal_token_check(seal, &link, token, &ok, w->err);
	if (r < 0)
		return r;
	return ok && is_open(ret) ? 0 : policy_deny_link(w, link.letter, link.id);
}

/* All faults at once. */
static int check_person(struct work *w, const struct user_registration *q, struct user_draft *draft)
{
	const struct phone_inputs phones = { .items = q->phones,
		.count = q->phones ? q->phone_count : 0 };

	draft->email = q->email;
	draft->name = q->name;
	field_email(w, &draft->email);
	contact_field_name(w, &draft->name);
	phone_list(w, &phones, &draft->phones);
	user_field_password(w, q->password);
	return portal_faults_end(w->err);
}

/* Who is a user is told to whoever holds the link, in a rehearsal too: so it leaves a
 * trace. */
static int check_new(struct work *w, const struct user_draft *draft)
{
	struct user user;
	const int r = user_of_company(w, draft->company_id, draft->email, &user);

	if (r <= 0)
		return r;
	portal_note_denial(w->portal, "user.register", "user", user.id);
	return portal_fail(w->err, PORTAL_EXISTS, _("'%s' is a user of '%s' already"), user.email,
		user.company_name);
}

/* Acts under the name that is being registered. */
static int insert(
	struct work *w, struct user_draft *draft, const struct company *company, struct user *ret)
{
	int64_t users = 0;
	int r = user_count(w, company->id, &users);

	user_act_as_holder(w, draft->email, company->tax_id);
	draft->role = users == 0 ? "admin" : "collaborator";
	draft->status = users == 0 ? "active" : "inactive";
	if (r >= 0)
		r = user_insert(w, draft, ret);
	if (r >= 0 && users > 0)
		r = user_tell_admins(w, ret, "user_registered", company->id);
	return r < 0 ? r : 1;
}

/* The company to register in; @ret_document is the document by whose link one came,
 * or 0. */
static int check_link(struct work *w, const struct user_registration *q, struct company *ret,
	int64_t *ret_document)
{
	struct document_row row;
	int r;

	if (!q->document_token)
		return check_token(w, q->token->text, ret);
	r = document_of_token(w, "user.register", q->document_token->text, &row);
	if (r >= 0)
		r = document_check_published(w, &row.document);
	if (r >= 0)
		r = company_by_id(w, row.company_id, ret);
	*ret_document = row.document.id;
	return r;
}

static int register_body(struct work *w, void *arg)
{
	const struct registering *registering = arg;
	const struct user_registration *q = registering->request;
	struct user_draft draft = { .password = registering->password,
		.own_password = true,
		.created_via = q->document_token ? "document" : "signup",
		.action = "user.register" };
	struct company company;
	struct user user;
	int64_t document = 0;
	int r = check_link(w, q, &company, &document);

	if (r < 0)
		return r;
	draft.company_id = company.id;
	r = check_person(w, q, &draft);
	if (r >= 0)
		r = check_new(w, &draft);
	if (r >= 0)
		r = insert(w, &draft, &company, &user);
	if (r >= 0 && document)
		r = document_add_reader(w, document, user.id);
	if (r < 0)
		return r;
	WORK_GIVE(w, registering->ret, user);
	return 1;
}

int user_register(struct portal *portal, const struct user_registration *request,
	struct user *ret_user, struct portal_error *err)
{
	struct registering registering = { .request = request, .ret = ret_user };
	int r = user_hash_fit(portal, request->password, &registering.password, err);

	return r < 0 ? r : work_write(portal, register_body, &registering, err);
}
