/* What the files of the invite share. */
#ifndef LIB_INVITE_PRIVATE_H
#define LIB_INVITE_PRIVATE_H

#include <portal/company.h>
#include <portal/invite.h>

#include "tell.h"
#include "work.h"

/* An invite with what answering it needs. @token_shown: to others than its contact, too.
 * @asked_access: it was forwarded when it was read, whatever became of it since. */
struct invite_row {
	struct invite invite;
	int64_t from_id, to_id, token_serial;
	const char *message;
	const char *from_email, *from_status, *to_status;
	bool token_shown, asked_access;
};

/* Reads one: 1, 0, negative. */
extern const struct portal_record invite_row_record;
int invite_read(struct work *w, int64_t id, struct invite_row *ret);

/* Finds the invite and asks whether the actor may do @action. */
int invite_need(struct work *w, const char *action, int64_t id, struct invite_row *ret);

/* The invite as the actor may see it. A company that is not registered, or is
 * disabled, is unknown to strangers (P8): they see what they gave, not its name. Who
 * was accepted has met it. */
struct invite invite_seen(const struct work *w, const struct invite_row *row);

/* The invite as notifications and mails tell it: as the issuer may see it, and the
 * contact, whom the issuer chose; whoever made the change, the office or the clock. */
struct invite invite_told(const struct work *w, const struct invite_row *row);

/* Gives the caller the invite as the actor may see it; returns @result. */
int invite_give(struct work *w, const struct invite_row *row, struct invite *ret, int result);

bool invite_is_live(const struct invite *invite);

/* -PORTAL_INVITE_EXPIRED when its year is over, else 0. The hint, also for who sends
 * one again, says what the actor can do about it. */
int invite_check_year(struct work *w, const struct invite_row *row);
int invite_hint_overdue(struct work *w, const struct invite_row *row);

/* -PORTAL_WRONG_STATE of one that is not live any more. */
int invite_fail_ended(struct work *w, const struct invite *invite);

/* 0 for a company that is not disabled, by its @status; else as
 * company_check_registered(). */
int invite_check_enabled(struct work *w, int64_t company_id, const char *status);

/* How an invite ends. */
struct invite_end {
	const char *status;
	const char *reason;
	const char *reason_text;
	const char *by;
	const char *action;
};

/* Writes the end and its audit row; @row then shows it. */
int invite_end(struct work *w, struct invite_row *row, const struct invite_end *end);

/* Tells the company that sent the invite, or the one it was sent to, of
 * @event_name; @ret_outbox_id (may be NULL): the contact's mail. */
enum invite_side { INVITE_ISSUER, INVITE_INVITED };
int invite_tell(struct work *w, const struct invite_row *row, enum invite_side side,
	const char *event_name, int64_t *ret_outbox_id);

/* Both of them, of what nobody did. */
int invite_tell_both(struct work *w, const struct invite_row *row, const char *event_name);

/* The mail to the contact alone, once more. */
int invite_mail_contact(struct work *w, const struct invite_row *row, int64_t *ret_outbox_id);

/* Marks an open connection request (0: none) as answered by an invite (N3). */
int invite_answers_request(struct work *w, int64_t request, int64_t invite_id);

/* Accepts a live invite whose company is registered: ends it, connects the two of a
 * pending one, lets the contact of a forwarded one in, tells the issuer. */
int invite_accept_row(struct work *w, struct invite_row *row, const char *by);

/* Refuses for whoever @by says. 1: refused; 0: it was. */
int invite_refuse_row(
	struct work *w, struct invite_row *row, const char *by, const char *reason_text);

#endif
