/* Invites (N4 to N11): one company invites another; when the other accepts, the
 * two are connected.
 *
 * An invite is live while it is pending or forwarded. Each end tells the other
 * side's admins in the same transaction. One that the actor may not see is
 * PORTAL_NOT_FOUND, as if it were not there; one that may be seen and not changed
 * is PORTAL_DENIED. Texts of results live in the portal's arena. */
#ifndef PORTAL_INVITE_H
#define PORTAL_INVITE_H

#include <portal/portal.h>
#include <portal/secret.h>

/* One invite.
 *
 * @status: a word of invite_statuses.
 * @reason: why it was cancelled, a word of invite_reasons; else NULL.
 * @reason_text: what the one who ended it wrote, or NULL.
 * @last_sent_at: when the last mail to the contact was queued.
 * @delivery_state: the state of that mail, as the outbox has it.
 * @from_country, @from_tax_id, @from_name: the company that invites; tax ids in
 *   normal form. @to_country, @to_tax_id, @to_name: the company invited.
 * @email, @contact_name: the person the mail goes to; the name may be NULL.
 * @request_id: the request it answers, or none.
 * @created_at, @updated_at: when it was sent, and last changed.
 * @expires_at: fixed when it was sent, one year on by the portal's clock on the
 *   wall (N5); at that very moment it is over.
 * @ended_at: none while it is live.
 * @ended_by: "operator", "EMAIL/TAX-ID", the e-mail of a token's holder, or
 *   "expiry". */
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

/* pending: waits for an answer; accepted: the two are connected; forwarded: the
 * company is connected already, and its admin is asked to let the contact in;
 * cancelled: by its sender, or because its year was over; refused: by the other */
extern const struct portal_word invite_statuses[];
/* issuer: its sender cancelled it; expired: its year was over */
extern const struct portal_word invite_reasons[];

/* An invite to send.
 *
 * @from: tax id; NULL: the actor's own company (the operator: the office).
 * @to: tax id, or the id of a company that is known; required.
 * @email: the contact's, required; kept in lower case.
 * @contact_name: NULL: not said.
 * @message: goes into the mail; NULL: none.
 * @idempotency_key: the same key with the same arguments gives the first result
 *   again for 30 days; with others PORTAL_KEY_REUSED. NULL: none.
 * @if_not_exists: a live one to that company and e-mail is no failure. */
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

/* Finds one by id. PORTAL_NOT_FOUND. */
int invite_show(
	struct portal *portal, int64_t id, struct invite *ret_invite, struct portal_error *err);

/* The token of the link in the invite's mail, for those who may send it again. It
 * is the same every time until a new one is made. A password set with it is not the
 * contact's own any more (P3). */
int invite_token(struct portal *portal, int64_t id, struct portal_secret *ret_token,
	struct portal_error *err);

/* Accepts (N7): a pending one connects the companies; a forwarded one makes the contact an
 * active collaborator. Needs a registered company with an active admin
 * (PORTAL_CONFLICT). 1: accepted; 0: it was. PORTAL_WRONG_STATE,
 * PORTAL_INVITE_EXPIRED. */
int invite_accept(
	struct portal *portal, int64_t id, struct invite *ret_invite, struct portal_error *err);

/* Refuses a live invite (N4), with a free text or NULL. 1: done; 0: it was so.
 * PORTAL_WRONG_STATE; PORTAL_INVITE_EXPIRED. */
int invite_refuse(struct portal *portal, int64_t id, const char *reason_text,
	struct invite *ret_invite, struct portal_error *err);

/* Cancels one for its sender (N4), with a free text or NULL; an overdue one too.
 * 1: done; 0: it was so. PORTAL_WRONG_STATE. */
int invite_cancel(struct portal *portal, int64_t id, const char *reason_text,
	struct invite *ret_invite, struct portal_error *err);

/* What the holder of a mailed token may do while the company has no user (N7):
 * register it with its first user, an admin, and accept; or refuse.
 *
 * @token: as the mail's link has it.
 * @company_name: the legal name to register; NULL: as the sender wrote it.
 * @name: the person's; NULL: as the sender wrote it.
 * @password: of the first user; NULL or empty: none yet.
 * @reason_text: of a refusal, or NULL. */
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

/* What `invite expire` did.
 *
 * @expired: how many it cancelled.
 * @remaining: how many that are over it left, because of the limit. */
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

/* Whose answer a list is for: INVITE_RECEIVED and INVITE_SENT narrow it to what
 * the actor's own company received or sent (the operator's is not narrowed). */
enum invite_answer { INVITE_ANY, INVITE_RECEIVED, INVITE_SENT };

/* The invite panel (N8): which invites. What is given must all hold.
 *
 * @mine: for an answer to all of them (N9); else INVITE_ANY.
 * @status: a word of invite_statuses, "live" (pending and forwarded), or "any";
 *   NULL: pending.
 * @from, @to: tax id of the company; NULL: any.
 * @search: part of a name, tax id or e-mail, case and accents ignored; NULL: any.
 * @page: where to begin, how many, in which order. */
struct invite_filter {
	enum invite_answer mine;
	const char *status;
	const char *from;
	const char *to;
	const char *search;
	struct portal_page page;
};

/* The fields that page.sort takes: id created_at updated_at expires_at email. */
extern const struct portal_word invite_sorts[];

/* Gives each invite to @visit with @arg, by id unless the page says otherwise; to
 * users of other companies than the office, those of their own. */
int invite_list(struct portal *portal, const struct invite_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
