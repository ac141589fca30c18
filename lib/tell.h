/* Telling the other side (N11): mails into the outbox and a notification for
 * the admins, in the transaction of what they tell of (O2). Private to lib. */
#ifndef LIB_TELL_H
#define LIB_TELL_H

#include "text/object.h"
#include "work.h"

/* What happened: @name is the template of the mail and the notification's kind
 * ("invite_sent"), @kind and @id the record, @texts what fills the template
 * (ends with a NULL name; never a secret: links are made when the mail goes). */
struct event {
	const char *name;
	const char *kind;
	int64_t id;
	const struct named_text *texts;
};

/* One mail. @ret_outbox_id (may be NULL) is its row. */
int tell_address(
	struct work *w, const struct event *event, const char *email, int64_t *ret_outbox_id);

/* One mail to a contact: 1; 0 where there is no address, or the contact was removed, is a
 * user who is blocked or of a company that is disabled, who get no mail; negative. */
int tell_contact(
	struct work *w, const struct event *event, int64_t contact_id, int64_t *ret_outbox_id);

/* One mail to a user of the office: 1; 0 where it is none who is active (any more), who
 * gets no mail; negative. */
int tell_staff(struct work *w, const struct event *event, int64_t user_id);

/* A notification for the admins of a company, without any mail. */
int tell_notice(struct work *w, const struct event *event, int64_t company_id);

/* Who is told: a company, and a contact of it (NULL: none). @company_email
 * serves where the company has neither contact nor admin (NULL: nobody then). */
struct told {
	int64_t company_id;
	const char *company_email;
	const char *contact;
};

/* Mails to the contact and to every active admin of the company, each address
 * once, and a notification for its admins. Where it is disabled, none is mailed but the
 * contact of an invite. @ret_outbox_id (may be NULL) is the contact's mail. */
int tell_company(
	struct work *w, const struct event *event, const struct told *told, int64_t *ret_outbox_id);

/* The same of several companies, which read the same. */
int tell_companies(
	struct work *w, const struct event *event, const struct told *told, size_t count);

#endif
