/* Fields of records as people gave them. Each becomes its normal form; a fault of it
 * joins the list that portal_faults_end() ends, so that all are told at once. Private
 * to lib. */
#ifndef LIB_FIELD_H
#define LIB_FIELD_H

#include "work.h"

/* An e-mail, which must be there. PORTAL_INVALID_EMAIL about "email". */
void field_email(struct work *w, const char **email);

/* The same where NULL keeps what is there and "" clears it. */
void field_email_if_given(struct work *w, const char **email);

/* An IP address in its one spelling, for records of where something was done from; NULL
 * for NULL and "". -PORTAL_INVALID about "ip", at once and not as one of a list. */
int field_ip(struct work *w, const char *text, const char **ret);

/* What a program says it is: what is over @most bytes is cut off, between characters, for
 * nobody can make a browser say less. NULL for NULL and "". -PORTAL_INVALID_TEXT about
 * "user_agent", at once. */
int field_user_agent(struct work *w, const char *text, size_t most, const char **ret);

#endif
