/* How an invite ends by somebody's answer: accepted, refused, cancelled (N4,
 * N7, N11). */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "company-private.h"
#include "connection-private.h"
#include "invite-private.h"
#include "user-private.h"

enum { REASON_MAX = 1000 };

int invite_end(struct work *w, struct invite_row *row, const struct invite_end *end)
{
	const char *before = row->invite.status;
	int r = store_put(w->tx, Q_INVITE_END,
		ARGS(A(row->invite.id), A(end->status), A(end->reason), A(end->reason_text),
			A(w->now), A(end->by)));

	if (r < 0)
		return r;
	row->invite.status = end->status;
	row->invite.reason = end->reason;
	row->invite.reason_text = end->reason_text;
	row->invite.ended_at = row->invite.updated_at = w->now;
	row->invite.ended_by = end->by;
	return audit_add(w, end->action, "invite", row->invite.id,
		CHANGES({ "status", before, end->status }, { "reason", NULL, end->reason },
			{ "reason_text", NULL, end->reason_text }));
}

/* Approving a forwarded invite lets its contact in: an active collaborator, who
 * gets a link to set a password. */
static int let_in(struct work *w, const struct invite_row *row)
{
	const struct invite *i = &row->invite;
	const struct user_draft draft = { .company_id = row->to_id,
		.name = i->contact_name ? i->contact_name : i->email,
		.email = i->email,
		.role = "collaborator",
		.status = "active",
		.created_via = "invite" };
	struct user user;
	int r = user_of_company(w, row->to_id, i->email, &user);

	if (r > 0 && strcmp(user.status, "inactive") != 0)
		return 0;
	if (r > 0)
		r = user_wake(w, "user.activate", &user);
	else if (r == 0)
		r = user_insert(w, &draft, &user);
	return r < 0 ? r : user_mail_access(w, &user);
}

/* Companies that are connected wait for no invite of each other any more (N3). */
static int close_requests(struct work *w, const struct invite_row *row)
{
	const int64_t ends[][2] = { { row->from_id, row->to_id }, { row->to_id, row->from_id } };
	int r = 0;

	for (size_t i = 0; r >= 0 && i < 2; i++) {
		int64_t request = 0;

		r = store_get_int(
			w->tx, Q_REQUEST_OPEN, ARGS(A(ends[i][0]), A(ends[i][1])), &request);
		if (r > 0)
			r = invite_answers_request(w, request, row->invite.id);
	}
	return r;
}

static int connect(struct work *w, const struct invite_row *row)
{
	const int r = connection_make(w, row->from_id, row->to_id, row->invite.id);

	return r < 0 ? r : close_requests(w, row);
}

/* A pending invite asks for the connection, a forwarded one for a person's access
 * alone: where the connection has ended meanwhile, that does not bring it back. */
int invite_accept_row(struct work *w, struct invite_row *row, const char *by)
{
	const bool forwarded = !strcmp(row->invite.status, "forwarded");
	const struct invite_end end = { .status = "accepted", .by = by, .action = "invite.accept" };
	int r = invite_end(w, row, &end);

	if (r >= 0)
		r = forwarded ? let_in(w, row) : connect(w, row);
	if (r >= 0)
		r = invite_tell(w, row, INVITE_ISSUER, "invite_accepted", NULL);
	return r;
}

/* 1: the answer can be given; 0: it was given before. */
static int check_open(struct work *w, const struct invite_row *row, const char *status)
{
	if (invite_is_live(&row->invite))
		return 1;
	if (!strcmp(row->invite.status, status))
		return 0;
	return invite_fail_ended(w, &row->invite);
}

/* Approving can't let in somebody whom an admin has blocked. */
static int check_contact(struct work *w, const struct invite_row *row)
{
	struct user user;
	int r = 0;

	if (!strcmp(row->invite.status, "forwarded"))
		r = user_of_company(w, row->to_id, row->invite.email, &user);
	if (r <= 0 || strcmp(user.status, "blocked") != 0)
		return r < 0 ? r : 0;
	portal_fail(w->err, PORTAL_CONFLICT, _("'%s' is blocked in '%s'"), user.email,
		user.company_name);
	return portal_about(w->err, "user", user.id);
}

static int check_company(struct work *w, const struct invite_row *row)
{
	const struct invite *i = &row->invite;
	char buf[TAXID_FORMAT_SIZE];
	int64_t admins = 0;
	int r = invite_check_enabled(w, row->from_id, row->from_status);

	if (r >= 0)
		r = invite_check_enabled(w, row->to_id, row->to_status);
	if (r >= 0)
		r = user_count_admins(w, row->to_id, &admins);
	if (r < 0)
		return r;
	if (admins > 0 && !strcmp(row->to_status, "registered"))
		return check_contact(w, row);
	portal_fail(w->err, PORTAL_CONFLICT, _("company '%s' has no admin yet who could accept"),
		taxid_format(i->to_country, i->to_tax_id, buf));
	return portal_hint(w->err,
		_("the person invited accepts with the token of the mail "
		  "(invite accept --invite-token-file), or add the company and its first user"));
}

struct answer {
	int64_t id;
	const char *reason_text;
	struct invite *ret;
};

static int accept_body(struct work *w, void *arg)
{
	const struct answer *answer = arg;
	struct invite_row row;
	int r = invite_need(w, "invite.accept", answer->id, &row);

	if (r < 0)
		return r;
	r = check_open(w, &row, "accepted");
	if (r > 0) {
		r = invite_check_year(w, &row);
		if (r >= 0)
			r = check_company(w, &row);
		if (r >= 0)
			r = invite_accept_row(w, &row, w->actor->label);
		r = r < 0 ? r : 1;
	}
	return r < 0 ? r : invite_give(w, &row, answer->ret, r);
}

int invite_accept(
	struct portal *portal, int64_t id, struct invite *ret_invite, struct portal_error *err)
{
	struct answer answer = { .id = id, .ret = ret_invite };

	return work_write(portal, accept_body, &answer, err);
}

/* Refusing and cancelling differ in who may, whether the year counts, and who
 * is told. */
struct ending {
	const char *permission, *status, *reason, *event_name;
	enum invite_side told;
	bool within_year;
};

static const struct ending refusal = { "invite.refuse", "refused", NULL, "invite_refused",
	INVITE_ISSUER, true };
static const struct ending cancellation = { "invite.cancel", "cancelled", "issuer",
	"invite_cancelled", INVITE_INVITED, false };

static int end_row(struct work *w, struct invite_row *row, const struct ending *ending,
	const struct invite_end *end)
{
	int r = check_open(w, row, ending->status);

	if (r > 0 && ending->within_year && invite_check_year(w, row) < 0)
		r = -(int)w->err->code;
	if (r <= 0)
		return r;
	r = invite_end(w, row, end);
	if (r >= 0)
		r = invite_tell(w, row, ending->told, ending->event_name, NULL);
	return r < 0 ? r : 1;
}

static int clean_reason(struct work *w, const char *given, const char **ret)
{
	const char *clean = given ? text_field(w->arena, given, REASON_MAX, "reason", w->err) : "";

	if (!clean)
		return -(int)w->err->code;
	*ret = *clean ? clean : NULL;
	return 0;
}

static int end_by_actor(struct work *w, const struct answer *answer, const struct ending *ending)
{
	struct invite_end end = { .status = ending->status,
		.reason = ending->reason,
		.by = w->actor->label,
		.action = ending->permission };
	struct invite_row row;
	int r = clean_reason(w, answer->reason_text, &end.reason_text);

	if (r >= 0)
		r = invite_need(w, ending->permission, answer->id, &row);
	if (r < 0)
		return r;
	r = end_row(w, &row, ending, &end);
	return r < 0 ? r : invite_give(w, &row, answer->ret, r);
}

static int refuse_body(struct work *w, void *arg)
{
	return end_by_actor(w, arg, &refusal);
}

static int cancel_body(struct work *w, void *arg)
{
	return end_by_actor(w, arg, &cancellation);
}

int invite_refuse(struct portal *portal, int64_t id, const char *reason_text,
	struct invite *ret_invite, struct portal_error *err)
{
	struct answer answer = { id, reason_text, ret_invite };

	return work_write(portal, refuse_body, &answer, err);
}

int invite_cancel(struct portal *portal, int64_t id, const char *reason_text,
	struct invite *ret_invite, struct portal_error *err)
{
	struct answer answer = { id, reason_text, ret_invite };

	return work_write(portal, cancel_body, &answer, err);
}

int invite_refuse_row(
	struct work *w, struct invite_row *row, const char *by, const char *reason_text)
{
	struct invite_end end = {
		.status = refusal.status, .by = by, .action = refusal.permission
	};
	const int r = clean_reason(w, reason_text, &end.reason_text);

	return r < 0 ? r : end_row(w, row, &refusal, &end);
}
