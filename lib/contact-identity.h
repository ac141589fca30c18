/* Who it is that writes (W9): a contact is known by its phones, by what WhatsApp calls
 * them, with or without the ninth digit, and by ids of a WhatsApp user. Private to lib. */
#ifndef LIB_CONTACT_IDENTITY_H
#define LIB_CONTACT_IDENTITY_H

#include "contact-private.h"

/* What one number is known by, however it is spelled: its digits ("+" left out), of a
 * Brazilian mobile those of the time before the ninth digit. Also an id of a user, as it
 * is. Lives as long as @address or in @arena. */
const char *identity_of(struct arena *arena, const char *address);

/* @identity as phones have it that were written down with the ninth digit; else as it is. */
const char *identity_long(struct arena *arena, const char *identity);

/* "BR.1502576394655843", rather than a number? */
bool identity_is_user(const char *address);

/* Where messages to the contact under the name of @address go: as WhatsApp spelled it last,
 * else as the phone was written down, "+5531…", or the id of a user. NULL where it is none
 * of the contact's names. In @w's arena. */
const char *identity_address(struct work *w, const struct contact *contact, const char *address);

/* The numbers of a contact are @now, and were @was: lines of "+5531…". It keeps what
 * WhatsApp calls it, @wa_ids. */
int identity_put_phones(
	struct work *w, int64_t contact_id, portal_list wa_ids, const char *was, const char *now);

/* People take phones of @was away that are none of @now: what WhatsApp told of such a one,
 * its spelling and the id of its user, is no name of @now any more either, unless the client
 * wrote from it; an id that another number has too stays. */
int identity_unlearn(struct work *w, const struct contact *was, struct contact *now);

/* The contact has written under these names at @at, NULL where one is not known: they are
 * added to its set, and were its own then. 1: it had not all of them; 0. */
struct identity_names {
	const char *wa_id; /* digits */
	const char *user_id;
};
int identity_learn(
	struct work *w, int64_t contact_id, const struct identity_names *names, portal_time at);

/* The same for whom @address reaches, who is asked for nothing else: 0 where that is nobody
 * any more. A number and an id of a user among @address and @names are one account. What is
 * another contact's, and not this one's too, is not learned so, and no account is one by it. */
int identity_learn_at(struct work *w, const char *address, const struct identity_names *names);

/* A name that became another at @since, of those who came to it from @from until @until (none:
 * where that is negative). Where both are one by now, as they were changed further, they
 * have it since @since. */
struct identity_change {
	const char *was, *now;
	portal_time from, until, since;
};

/* The name of a contact is another: the old one is another's from now on (a number that was
 * given up is given away again). */
int identity_replace(struct work *w, int64_t contact_id, const struct identity_change *change);

/* From @at on the name @was is @now, which two are names of an account, whether anybody is
 * known by them or not. 1; 0: what it became then was told before. */
int identity_became(struct work *w, const char *was, const char *now, portal_time at);

/* The names that whoever wrote under @names at @at has by now: those that came late are of
 * the account that they were of then. */
int identity_names_now(struct work *w, struct identity_names *names, portal_time at);

/* The same of one name, NULL for none. *@at becomes when it became that last, where it did. */
int identity_name_now(struct work *w, const char **name, portal_time *at);

/* Who writes under these names, or others of their account: 1, 0 for a stranger, negative.
 * A conversation past its window counts as ended (W4). */
int identity_find(struct work *w, const struct identity_names *names, int64_t *ret_contact_id);

/* The same; but while a conversation of whoever has these names is past its window, and is
 * not written down as ended, @overdue_id is one such. */
struct identity_writer {
	int64_t contact_id, overdue_id;
};
int identity_find_overdue(
	struct work *w, const struct identity_names *names, struct identity_writer *ret);

/* A message was written under these names at @at, by the provider's clock (W3): all names
 * of that account wrote then, unless they wrote later. A number and the id of a user that
 * are told together are one account from now on. 1: they were not before; 0. */
int identity_wrote(struct work *w, const struct identity_names *names, portal_time at);

/* What was spoken of at @address has ended: the contact is known by it no longer, unless it
 * is one of its names still. */
int identity_settle(struct work *w, int64_t contact_id, const char *address);

/* Links to documents that are queued for the numbers of @contact go to @to, or nowhere (NULL),
 * @why, but where somebody else who is sent them has the number too. */
int identity_follow_links(
	struct work *w, const struct contact *contact, const char *to, const char *why);

/* The next of the lines at @rest that is no name of @now, NULL behind the last. */
const char *identity_gone(struct work *w, const struct contact *now, const char **rest);

/* Nobody is known by the names of a contact that was removed. */
int identity_forget(struct work *w, int64_t contact_id);

#endif
