/* The signup link of a company (U6). */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "company-private.h"
#include "portal-private.h"
#include "seal/seal.h"
#include "setting.h"

static const struct portal_field link_fields[] = {
	PORTAL_FIELD(struct company_signup_link, company_tax_id, N_("TAX ID")),
	PORTAL_FIELD(struct company_signup_link, company_name, N_("COMPANY")),
	PORTAL_FIELD(struct company_signup_link, url, N_("ADDRESS")),
	PORTAL_FIELD(struct company_signup_link, signup, N_("SIGNUP"), .words = company_signups),
	PORTAL_FIELDS_END,
};

const struct portal_record company_signup_link_record = { "company.signup_link",
	sizeof(struct company_signup_link), link_fields };

struct signup_call {
	const char *named;
	enum company_signup how;
	struct company_signup_link *ret_link;
	struct portal_secret *ret_token;
};

static int rotate(struct work *w, const struct company *company)
{
	const int r = store_put(w->tx, Q_COMPANY_ROTATE_SIGNUP, ARGS(A(company->id), A(w->now)));

	if (r < 0)
		return r;
	return audit_add(w, "company.signup-link", "company", company->id,
		CHANGES({ "signup_link", NULL, "rotated" }));
}

static int make_token(struct work *w, const struct company *company, struct portal_secret *ret)
{
	_cleanup_seal_secret_ struct seal_secret secret = { { 0 } };
	struct seal *seal = work_seal(w);
	struct seal_link link = { .letter = 's', .kind = "signup", .id = company->id };
	int r = store_get_int(w->tx, Q_COMPANY_SIGNUP_SERIAL, ARGS(A(company->id)), &link.serial);

	if (!seal || r < 0)
		return r < 0 ? r : -(int)w->err->code;
	r = seal_token(seal, &link, &secret, w->err);
	if (r < 0)
		return r;
	ret->len = strlen(secret.text);
	memcpy(ret->text, secret.text, ret->len + 1);
	return 0;
}

/* The token it would show is the very one that the rotation will make. */
static bool is_rehearsed_rotation(const struct work *w, const struct signup_call *call)
{
	return call->how == COMPANY_SIGNUP_ROTATE && w->portal->options.dry_run;
}

static int link_body(struct work *w, void *arg)
{
	const struct signup_call *call = arg;
	const char *base = setting_value(w, "base_url");
	struct company_signup_link link;
	struct company company;
	int r = company_need(w, "company.signup-link", call->named, &company);

	if (r < 0)
		return r;
	r = company_check_registered(w, &company);
	if (r < 0)
		return r;
	r = call->how == COMPANY_SIGNUP_ROTATE ? rotate(w, &company) : 0;
	if (r >= 0 && !is_rehearsed_rotation(w, call))
		r = make_token(w, &company, call->ret_token);
	if (r < 0)
		return r;
	link = (struct company_signup_link){ company.tax_id, company.name,
		*base ? arena_printf(w->arena, "%s/signup", base) : NULL, company.signup };
	WORK_GIVE(w, call->ret_link, link);
	return call->how == COMPANY_SIGNUP_ROTATE;
}

int company_get_signup_link(struct portal *portal, const char *named, enum company_signup how,
	struct company_signup_link *ret_link, struct portal_secret *ret_token,
	struct portal_error *err)
{
	struct signup_call call = { named, how, ret_link, ret_token };

	return work_write(portal, link_body, &call, err);
}
