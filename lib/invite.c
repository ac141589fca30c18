#include <portal/invite.h>

#include <string.h>

#include <portal/outbox.h>

#include "audit.h"
#include "base/i18n.h"
#include "company-private.h"
#include "invite-private.h"
#include "list.h"
#include "policy.h"
#include "portal-private.h"
#include "seal/seal.h"

const struct portal_word invite_statuses[] = {
	{ "pending", N_("pending acceptance") },
	{ "accepted", N_("accepted") },
	{ "forwarded", N_("forwarded (access request)") },
	{ "cancelled", N_("cancelled") },
	{ "refused", N_("refused") },
	{ NULL, NULL },
};

const struct portal_word invite_reasons[] = {
	{ "issuer", N_("by the issuer") },
	{ "expired", N_("expired") },
	{ NULL, NULL },
};

#define WIDE .flags = PORTAL_FIELD_WIDE

/* The fields of an invite, for the record that is shown and for the wider one
 * that is read: the invite is the first member of both. */
#define INVITE_FIELDS \
	PORTAL_FIELD(struct invite, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct invite, status, N_("STATUS"), .words = invite_statuses), \
		PORTAL_FIELD(struct invite, reason, N_("REASON"), .words = invite_reasons, WIDE), \
		PORTAL_FIELD(struct invite, reason_text, N_("REASON GIVEN"), WIDE), \
		PORTAL_FIELD(struct invite, last_sent_at, N_("LAST SENT"), WIDE), \
		PORTAL_FIELD(struct invite, delivery_state, N_("DELIVERY"), WIDE, \
			.words = outbox_states), \
		PORTAL_FIELD(struct invite, from_country, N_("FROM COUNTRY"), WIDE), \
		PORTAL_FIELD(struct invite, from_tax_id, N_("TAX ID")), \
		PORTAL_FIELD(struct invite, from_name, N_("COMPANY")), \
		PORTAL_FIELD(struct invite, to_country, N_("TO COUNTRY"), WIDE), \
		PORTAL_FIELD(struct invite, to_tax_id, N_("INVITED COMPANY")), \
		PORTAL_FIELD(struct invite, to_name, N_("INVITED NAME"), WIDE), \
		PORTAL_FIELD(struct invite, email, N_("CONTACT E-MAIL")), \
		PORTAL_FIELD(struct invite, contact_name, N_("CONTACT"), WIDE), \
		PORTAL_FIELD(struct invite, request_id, N_("REQUEST"), WIDE), \
		PORTAL_FIELD(struct invite, created_at, N_("CREATED")), \
		PORTAL_FIELD(struct invite, updated_at, N_("UPDATED")), \
		PORTAL_FIELD(struct invite, expires_at, N_("EXPIRES"), WIDE), \
		PORTAL_FIELD(struct invite, ended_at, N_("ENDED"), WIDE), \
		PORTAL_FIELD(struct invite, ended_by, N_("ENDED BY"), \
			.flags = PORTAL_FIELD_WIDE | PORTAL_FIELD_OPEN, .words = ended_by_words)

static const struct portal_field invite_fields[] = { INVITE_FIELDS, PORTAL_FIELDS_END };

const struct portal_record invite_record = { "invite", sizeof(struct invite), invite_fields };

static const struct portal_field row_fields[] = {
	INVITE_FIELDS,
	PORTAL_FIELD(struct invite_row, from_id, NULL),
	PORTAL_FIELD(struct invite_row, to_id, NULL),
	PORTAL_FIELD(struct invite_row, token_serial, NULL),
	PORTAL_FIELD(struct invite_row, message, NULL),
	PORTAL_FIELD(struct invite_row, from_email, NULL),
	PORTAL_FIELD(struct invite_row, from_status, NULL),
	PORTAL_FIELD(struct invite_row, to_status, NULL),
	PORTAL_FIELD(struct invite_row, token_shown, NULL),
	PORTAL_FIELD(struct invite_row, asked_access, NULL),
	PORTAL_FIELDS_END,
};

const struct portal_record invite_row_record = { "invite", sizeof(struct invite_row), row_fields };

int invite_read(struct work *w, int64_t id, struct invite_row *ret)
{
	return store_get(w->tx, Q_INVITE_BY_ID, ARGS(A(id)), w->arena, &invite_row_record, ret);
}

int invite_need(struct work *w, const char *action, int64_t id, struct invite_row *ret)
{
	const int found = invite_read(w, id, ret);
	const struct policy_object object = { .kind = "invite",
		.id = id,
		.owner = found > 0 ? ret->from_id : 0,
		.peer = found > 0 ? ret->to_id : 0 };

	return policy_need_found(w, action, object, found);
}

static bool has_met(const struct invite_row *row)
{
	return !strcmp(row->to_status, "registered") || !strcmp(row->invite.status, "accepted");
}

struct invite invite_seen(const struct work *w, const struct invite_row *row)
{
	struct invite seen = row->invite;

	if (company_is_strange(w, row->to_id) && !has_met(row))
		seen.to_name = NULL;
	return seen;
}

struct invite invite_told(const struct work *w, const struct invite_row *row)
{
	struct invite told = row->invite;

	if (row->from_id != work_office_id(w) && !has_met(row))
		told.to_name = NULL;
	return told;
}

int invite_give(struct work *w, const struct invite_row *row, struct invite *ret, int result)
{
	struct invite seen = invite_seen(w, row);

	WORK_GIVE(w, ret, seen);
	return result;
}

bool invite_is_live(const struct invite *invite)
{
	return !strcmp(invite->status, "pending") || !strcmp(invite->status, "forwarded");
}

/* The live one must go before a new one can be sent, and who may do that differs. */
int invite_hint_overdue(struct work *w, const struct invite_row *row)
{
	const struct invite *i = &row->invite;
	const bool expires = !w->actor->as || (w->actor->staff && w->actor->admin);
	char buf[TAXID_FORMAT_SIZE];

	if (!expires && (!w->actor->admin || w->actor->company_id != row->from_id))
		return portal_hint(w->err, _("ask '%s' for a new invite"),
			i->from_name ? i->from_name
				     : taxid_format(i->from_country, i->from_tax_id, buf));
	return portal_hint(w->err, "portalctl invite %s && portalctl invite send %s --email %s%s%s",
		expires ? "expire" : arena_printf(w->arena, "cancel %lld", (long long)i->id),
		company_typed_id(w, i->to_country, i->to_tax_id), i->email,
		row->from_id == policy_own_company(w) ? "" : " --from ",
		row->from_id == policy_own_company(w)
			? ""
			: company_typed_id(w, i->from_country, i->from_tax_id));
}

int invite_check_year(struct work *w, const struct invite_row *row)
{
	if (w->now.ms < row->invite.expires_at.ms)
		return 0;
	portal_fail(w->err, PORTAL_INVITE_EXPIRED, _("invite '%lld' is over a year old"),
		(long long)row->invite.id);
	portal_about(w->err, "invite", row->invite.id);
	return invite_hint_overdue(w, row);
}

int invite_fail_ended(struct work *w, const struct invite *invite)
{
	portal_fail(w->err, PORTAL_WRONG_STATE, _("invite '%lld' has ended already (%s)"),
		(long long)invite->id, portal_word_text(invite_statuses, invite->status));
	return portal_about(w->err, "invite", invite->id);
}

int invite_check_enabled(struct work *w, int64_t company_id, const char *status)
{
	return strcmp(status, "disabled") != 0 ? 0 : company_check_registered_id(w, company_id);
}

struct show {
	int64_t id;
	struct invite *ret;
	struct portal_secret *ret_token;
};

static int show_body(struct work *w, void *arg)
{
	const struct show *show = arg;
	struct invite_row row;
	const int r = invite_need(w, "invite.show", show->id, &row);

	return r < 0 ? r : invite_give(w, &row, show->ret, r);
}

int invite_show(
	struct portal *portal, int64_t id, struct invite *ret_invite, struct portal_error *err)
{
	struct show show = { .id = id, .ret = ret_invite };

	return work_read(portal, show_body, &show, err);
}

/* Whoever is shown the token could answer in the contact's name (P3). */
static int note_shown(struct work *w, const struct invite_row *row)
{
	const int r = row->token_shown
			      ? 0
			      : store_put(w->tx, Q_INVITE_SHOW_TOKEN, ARGS(A(row->invite.id)));

	if (r < 0 || row->token_shown)
		return r;
	return audit_add(
		w, "invite.token", "invite", row->invite.id, CHANGES({ "token", NULL, "shown" }));
}

static int token_body(struct work *w, void *arg)
{
	const struct show *show = arg;
	_cleanup_seal_secret_ struct seal_secret secret = { { 0 } };
	struct seal_link link = { .letter = 'i', .kind = "invite", .id = show->id };
	struct invite_row row;
	int r = invite_need(w, "invite.token", show->id, &row);
	struct seal *seal = r < 0 ? NULL : work_seal(w);

	if (!seal)
		return r < 0 ? r : -(int)w->err->code;
	link.serial = row.token_serial;
	r = seal_token(seal, &link, &secret, w->err);
	if (r >= 0)
		r = note_shown(w, &row);
	if (r < 0)
		return r;
	show->ret_token->len = strlen(secret.text);
	memcpy(show->ret_token->text, secret.text, show->ret_token->len + 1);
	return 0;
}

int invite_token(struct portal *portal, int64_t id, struct portal_secret *ret_token,
	struct portal_error *err)
{
	struct show show = { .id = id, .ret_token = ret_token };

	return work_write(portal, token_body, &show, err);
}

struct listing {
	const struct invite_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

/* The company a filter names must exist: a mistyped one is a failure, not an
 * empty list. Who may not see the company may still filter by it where the two
 * have an invite. */
static int filter_company(struct work *w, const char *named, int64_t viewer, int64_t *ret_id)
{
	struct company company;
	int64_t shared = 0;
	int r = named ? company_named(w, named, &company) : 1;

	*ret_id = named && r > 0 ? company.id : 0;
	if (r == 0)
		return work_not_found(w, "company", named);
	if (r < 0 || !named || !viewer || company.id == viewer ||
		!strcmp(company.status, "registered"))
		return r;
	r = store_get_int(w->tx, Q_INVITE_BETWEEN, ARGS(A(viewer), A(company.id)), &shared);
	if (r != 0)
		return r;
	portal_note_denial(w->portal, "invite.list", "company", company.id);
	return work_not_found(w, "company", named);
}

/* Of the invites to answer, those the actor's own company received, or sent. */
static int64_t own_side(
	const struct work *w, const struct invite_filter *f, enum invite_answer side)
{
	return f->mine == side && w->actor->as ? w->actor->company_id : 0;
}

static enum store_query by_id(int64_t from, int64_t to, int64_t viewer)
{
	if (to)
		return Q_INVITE_LIST_TO;
	if (from)
		return Q_INVITE_LIST_FROM;
	return viewer ? Q_INVITE_LIST_OF : Q_INVITE_LIST;
}

const struct portal_word invite_sorts[] = { { "id", NULL }, { "created_at", NULL },
	{ "updated_at", NULL }, { "expires_at", NULL }, { "email", NULL }, { NULL, NULL } };

static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct invite_filter *f = listing->filter;
	struct invite row = { 0 };
	struct list list = { .w = w,
		.page = &f->page,
		.sorts = invite_sorts,
		.record = &invite_record,
		.row = &row,
		.visit = listing->visit,
		.visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	int64_t viewer, from, to;
	int r = policy_need_list(w, "invite.list", &viewer);

	if (r >= 0)
		r = filter_company(w, f->from, viewer, &from);
	if (r >= 0)
		r = filter_company(w, f->to, viewer, &to);
	if (r < 0)
		return r;
	from = from ? from : own_side(w, f, INVITE_SENT);
	to = to ? to : own_side(w, f, INVITE_RECEIVED);
	list.statements = (struct list_statements){ by_id(from, to, viewer), Q_INVITE_LIST_UP,
		Q_INVITE_LIST_DOWN };
	return list_read(&list, LIST_ARGS(A(f->status ? f->status : "pending"), A(from), A(to),
					A(list_pattern(w, f->search)), A(viewer),
					A(list_tax_id_pattern(w, f->search))));
}

int invite_list(struct portal *portal, const struct invite_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
