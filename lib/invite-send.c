/* Sending an invite, and sending its mail again (N4, N6, N10, N11). */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "base/zone.h"
#include "company-private.h"
#include "connection-private.h"
#include "field.h"
#include "idempotency.h"
#include "invite-private.h"
#include "policy.h"
#include "user-private.h"

enum { CONTACT_NAME_MAX = 200, MESSAGE_MAX = 2000 };

/* An invite on its way through the rules. */
struct sending {
	const struct invite_request *request;
	struct company from, to;
	struct company_draft draft;
	const char *email, *contact_name, *message, *status;
	struct invite *ret;
};

static const char *clean_text(struct work *w, const char *text, size_t max, const char *field)
{
	const char *clean = text ? text_field(w->arena, text, max, field, w->err) : NULL;

	if (text && !clean)
		portal_fault_add(w->err);
	return clean && *clean ? clean : NULL;
}

static int check_input(struct work *w, struct sending *s)
{
	const struct invite_request *q = s->request;
	struct company known;
	int r = 0;

	s->draft = (struct company_draft){
		.tax_id = q->to, .relation = "none", .status = "unregistered"
	};
	if (company_is_id(q->to)) {
		r = company_need(w, "company.show", q->to, &known);
		s->draft.tax_id = known.tax_id;
		s->draft.country = known.country;
	}
	if (r < 0)
		return r;
	company_check(w, &s->draft);
	s->email = q->email;
	field_email(w, &s->email);
	s->contact_name = clean_text(w, q->contact_name, CONTACT_NAME_MAX, "name");
	s->message = clean_text(w, q->message, MESSAGE_MAX, "message");
	return portal_faults_end(w->err);
}

static int find_issuer(struct work *w, struct sending *s)
{
	const char *id = arena_printf(w->arena, "%lld", (long long)policy_own_company(w));
	int r = company_need(w, "company.show", s->request->from ? s->request->from : id, &s->from);
	const struct policy_object object = { .kind = "company",
		.id = s->from.id,
		.owner = s->from.id,
		.named = s->request->from,
		.public_record = true };

	if (r >= 0)
		r = policy_need(w, "invite.send", &object);
	if (r < 0)
		return r;
	return company_check_registered(w, &s->from);
}

/* 0: that is fine, which an invite that nobody can answer any more is not. */
static int live_already(struct work *w, const struct sending *s, int64_t id)
{
	struct invite_row row;
	const int r = invite_read(w, id, &row);

	if (r <= 0 || (s->request->if_not_exists && w->now.ms < row.invite.expires_at.ms))
		return r < 0 ? r : 0;
	portal_fail(w->err, PORTAL_EXISTS, _("'%s' already holds invite '%lld' from '%s'"),
		s->email, (long long)id, company_title(&s->from));
	portal_about(w->err, "invite", id);
	if (w->now.ms >= row.invite.expires_at.ms)
		return invite_hint_overdue(w, &row);
	return portal_hint(w->err, "portalctl invite resend %lld", (long long)id);
}

/* Pending where the two are not connected, forwarded where they are and the
 * contact is new there (N6). */
static int choose_status(struct work *w, struct sending *s)
{
	struct user user;
	int r = connection_exists(w, s->from.id, s->to.id);

	s->status = r > 0 ? "forwarded" : "pending";
	if (r <= 0)
		return r;
	r = user_of_company(w, s->to.id, s->email, &user);
	if (r <= 0)
		return r;
	portal_fail(w->err, PORTAL_CONFLICT,
		_("'%s' is a user of '%s' already, which is connected"), s->email,
		company_title(&s->to));
	return portal_about(w->err, "company", s->to.id);
}

/* To a stranger a disabled company is like one that nobody knows: the invite goes,
 * and waits. */
static int check_enabled(struct work *w, int64_t company_id, const char *status)
{
	return company_is_strange(w, company_id) ? 0 : invite_check_enabled(w, company_id, status);
}

/* 1: go on; 0: there is a live one and that is fine (@live_id). */
static int check_invited(struct work *w, struct sending *s, int64_t *live_id)
{
	int r = store_get(w->tx, Q_COMPANY_BY_TAX_ID,
		ARGS(A(s->draft.parsed.country), A(s->draft.parsed.tax_id)), w->arena,
		&company_record, &s->to);

	s->status = "pending";
	if (r <= 0)
		return r < 0 ? r : 1;
	s->to.tax_id_formatted = s->draft.parsed.tax_id_formatted;
	if (s->to.id == s->from.id)
		return portal_fail(w->err, PORTAL_INVALID, _("a company can't invite itself"));
	r = check_enabled(w, s->to.id, s->to.status);
	if (r < 0)
		return r;
	r = store_get_int(
		w->tx, Q_INVITE_LIVE, ARGS(A(s->from.id), A(s->to.id), A(s->email)), live_id);
	if (r > 0)
		return live_already(w, s, *live_id);
	if (r == 0)
		r = choose_status(w, s);
	return r < 0 ? r : 1;
}

static int make_company(struct work *w, struct sending *s)
{
	int r;

	if (s->to.id)
		return 0;
	r = company_insert(w, &s->draft, &s->to);
	return r < 0 ? r : company_audit_added(w, &s->to);
}

/* Inviting answers an open request of the other company (N3). */
int invite_answers_request(struct work *w, int64_t request, int64_t invite_id)
{
	const char *invite = arena_printf(w->arena, "%lld", (long long)invite_id);
	int r;

	if (!request)
		return 0;
	r = store_put(w->tx, Q_REQUEST_INVITED, ARGS(A(request), A(invite_id), A(w->now)));
	if (r >= 0)
		r = audit_add(w, "request.invited", "request", request,
			CHANGES({ "status", "open", "invited" }, { "invite_id", NULL, invite }));
	return r;
}

static int insert_invite(struct work *w, const struct sending *s, int64_t *ret_id)
{
	const struct zone *zone = work_zone(w);
	int64_t request = 0;
	int r;

	if (!zone)
		return -(int)w->err->code;
	r = store_get_int(w->tx, Q_REQUEST_OPEN, ARGS(A(s->to.id), A(s->from.id)), &request);
	if (r >= 0)
		r = store_get_int(w->tx, Q_INVITE_INSERT,
			ARGS(A(s->from.id), A(s->to.id), A(s->email), A(s->contact_name),
				A(s->message), A(s->status), A((portal_id){ request }), A(w->now),
				A(zone_add_year(zone, w->now))),
			ret_id);
	return r < 0 ? r : invite_answers_request(w, request, *ret_id);
}

static int write_invite(struct work *w, struct sending *s, struct invite_row *row)
{
	int64_t id = 0, mail = 0;
	int r = make_company(w, s);

	if (r >= 0)
		r = insert_invite(w, s, &id);
	if (r >= 0)
		r = invite_read(w, id, row);
	if (r >= 0)
		r = invite_tell(w, row, INVITE_INVITED, "invite_sent", &mail);
	if (r >= 0)
		r = store_put(w->tx, Q_INVITE_SET_MAIL, ARGS(A(id), A(mail), A(w->now)));
	if (r >= 0)
		r = audit_add(w, "invite.send", "invite", id,
			CHANGES({ "from", NULL, s->from.tax_id }, { "to", NULL, s->to.tax_id },
				{ "email", NULL, s->email },
				{ "contact_name", NULL, s->contact_name },
				{ "message", NULL, s->message }, { "status", NULL, s->status }));
	if (r < 0)
		return r;
	row->invite.delivery_state = "queued";
	return 0;
}

static int send_new(struct work *w, struct sending *s, struct idempotency *key)
{
	struct invite_row row;
	int64_t live_id = 0;
	int r = check_invited(w, s, &live_id);

	if (r < 0)
		return r;
	if (r == 0) {
		r = invite_read(w, live_id, &row);
		if (r >= 0)
			r = idempotency_keep(w, key, live_id);
		return r < 0 ? r : invite_give(w, &row, s->ret, 0);
	}
	r = write_invite(w, s, &row);
	if (r >= 0)
		r = idempotency_keep(w, key, row.invite.id);
	return r < 0 ? r : invite_give(w, &row, s->ret, 1);
}

/* The key stands for what was meant, however the tax ids were punctuated. */
static int send_once(struct work *w, struct sending *s)
{
	struct idempotency key = { .verb = "invite.send",
		.key = s->request->idempotency_key,
		.arguments =
			NAMED({ "from", s->from.tax_id }, { "country", s->draft.parsed.country },
				{ "to", s->draft.parsed.tax_id }, { "email", s->email },
				{ "name", s->contact_name }, { "message", s->message }) };
	struct invite_row row;
	int r = idempotency_find(w, &key);

	if (r <= 0)
		return r < 0 ? r : send_new(w, s, &key);
	r = invite_read(w, key.result_id, &row);
	return r < 0 ? r : invite_give(w, &row, s->ret, 0);
}

static int send_body(struct work *w, void *arg)
{
	const struct sending *call = arg;
	struct sending s = { .request = call->request, .ret = call->ret };
	int r = check_input(w, &s);

	if (r >= 0)
		r = find_issuer(w, &s);
	return r < 0 ? r : send_once(w, &s);
}

int invite_send(struct portal *portal, const struct invite_request *request,
	struct invite *ret_invite, struct portal_error *err)
{
	struct sending call = { .request = request, .ret = ret_invite };

	return work_write(portal, send_body, &call, err);
}

struct resend {
	int64_t id;
	struct invite *ret;
};

static int check_resend(struct work *w, const struct invite_row *row)
{
	int r;

	if (!invite_is_live(&row->invite))
		return invite_fail_ended(w, &row->invite);
	r = invite_check_year(w, row);
	if (r >= 0)
		r = check_enabled(w, row->from_id, row->from_status);
	return r < 0 ? r : check_enabled(w, row->to_id, row->to_status);
}

static int resend_body(struct work *w, void *arg)
{
	const struct resend *resend = arg;
	struct invite_row row;
	int64_t mail = 0;
	int r = invite_need(w, "invite.resend", resend->id, &row);

	if (r >= 0)
		r = check_resend(w, &row);
	if (r >= 0)
		r = invite_mail_contact(w, &row, &mail);
	if (r >= 0)
		r = store_put(w->tx, Q_INVITE_RESENT, ARGS(A(resend->id), A(mail), A(w->now)));
	if (r >= 0)
		r = audit_add(w, "invite.resend", "invite", resend->id,
			CHANGES({ "email", NULL, row.invite.email }));
	if (r >= 0)
		r = invite_read(w, resend->id, &row);
	return r < 0 ? r : invite_give(w, &row, resend->ret, 1);
}

int invite_resend(
	struct portal *portal, int64_t id, struct invite *ret_invite, struct portal_error *err)
{
	struct resend resend = { id, ret_invite };

	return work_write(portal, resend_body, &resend, err);
}
