/* Invites (N4 to N11): one company invites another; when the other accepts, the
 * two are connected. */
#ifndef PORTAL_INVITE_H
#define PORTAL_INVITE_H

#include <portal/portal.h>
#include <portal/secret.h>

/* One invite. @status: pending, accepted, forwarded, cancelled, refused.
 * @reason: why it was cancelled, issuer or expired. @reason_text: what the one
 * who ended it wrote. @delivery_state: the state of the last mail to the
 * contact. @expires_at: fixed when it was sent, one year on (N5). @ended_by:
 * "operator", "EMAIL/TAX-ID", the e-mail of a token's holder, or "expiry". */
struct invite {
	int64_t id;
	const char *status;
	const char *reason;
	const char *reason_text;
	portal_time last_sent_at;
	const char *delivery_state;
	const char *from_country;
	const char *from_tax_id;
	const char *from_name;
	const char *to_country;
	const char *to_tax_id;
	const char *to_name;
	const char *email;
	const char *contact_name;
	portal_id request_id;
	portal_time created_at;
	portal_time updated_at;
	portal_time expires_at;
	portal_time ended_at;
	const char *ended_by;
};
extern const struct portal_record invite_record;

extern const struct portal_word invite_statuses[];
extern const struct portal_word invite_reasons[];

/* An invite to send. @from NULL: the actor's own company (the operator: the
 * office). @to and @from are tax ids. @message goes into the mail.
 * @idempotency_key: the same key with the same arguments gives the first result
 * again for 30 days; with others PORTAL_KEY_REUSED. */
struct invite_request {
	const char *from;
	const char *to;
	const char *email;
	const char *contact_name;
	const char *message;
	const char *idempotency_key;
	bool if_not_exists;
};

/* Sends an invite (N4, N6, N11). A company that is not known becomes an
 * unregistered one. 1: sent; 0: it exists and @if_not_exists, or the key was
 * used before. PORTAL_EXISTS: a live one to that company and e-mail;
 * PORTAL_CONFLICT: the contact is a user there already; PORTAL_INVALID: to
 * oneself. The result lives in the portal's arena. */
int invite_send(struct portal *portal, const struct invite_request *request,
	struct invite *ret_invite, struct portal_error *err);

/* Queues the mail to the contact again (N10); the year stays as it is.
 * PORTAL_WRONG_STATE unless live, PORTAL_INVITE_EXPIRED. Always returns 1. */
int invite_resend(
	struct portal *portal, int64_t id, struct invite *ret_invite, struct portal_error *err);

int invite_show(
	struct portal *portal, int64_t id, struct invite *ret_invite, struct portal_error *err);

/* The token of the link in the invite's mail, for those who ask to see it. */
int invite_token(struct portal *portal, int64_t id, struct portal_secret *ret_token,
	struct portal_error *err);

/* Accepts (N7): connects the companies; a forwarded one makes the contact an
 * active collaborator. Needs a registered company with an active admin
 * (PORTAL_CONFLICT). 1: accepted; 0: it was. PORTAL_WRONG_STATE,
 * PORTAL_INVITE_EXPIRED. */
int invite_accept(
	struct portal *portal, int64_t id, struct invite *ret_invite, struct portal_error *err);

/* Refuses, or cancels for the issuer (N4), with a free text or NULL. 1: done;
 * 0: it was so. An overdue one can still be cancelled, but not refused. */
int invite_refuse(struct portal *portal, int64_t id, const char *reason_text,
	struct invite *ret_invite, struct portal_error *err);
int invite_cancel(struct portal *portal, int64_t id, const char *reason_text,
	struct invite *ret_invite, struct portal_error *err);

/* What the holder of a mailed token may do while the company has no user (N7):
 * register it with its first user, an admin, and accept; or refuse. */
struct invite_token_request {
	const struct portal_secret *token;
	const char *company_name;
	const char *name;
	const struct portal_secret *password;
	const char *reason_text;
};

/* PORTAL_DENIED for a token that is not valid or gives no rights any more. */
int invite_accept_by_token(struct portal *portal, const struct invite_token_request *request,
	struct invite *ret_invite, struct portal_error *err);
int invite_refuse_by_token(struct portal *portal, const struct invite_token_request *request,
	struct invite *ret_invite, struct portal_error *err);

/* What `invite expire` did. */
struct invite_expiry {
	int64_t expired;
	int64_t remaining;
};
extern const struct portal_record invite_expiry_record;

/* Cancels every live invite whose year is over (N5), in short transactions, at
 * most @limit (0: all). Safe to run twice and at the same time: each invite is
 * expired once. @ret_expiry says how many, and how many due ones are left. */
int invite_expire(struct portal *portal, int64_t limit, struct invite_expiry *ret_expiry,
	struct portal_error *err);

/* The invite panel (N8). NULL: any. @status NULL: pending; "live": pending and
 * forwarded; "any": all.
 * @search: part of a name, tax id or e-mail. */
struct invite_filter {
	const char *status;
	const char *from;
	const char *to;
	const char *search;
	struct portal_page page;
};

/* Gives each invite to @visit. Sorts: created_at updated_at expires_at email. */
int invite_list(struct portal *portal, const struct invite_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
