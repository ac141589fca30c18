/* Contacts (U1): the people of a company, whether they have access to the portal
 * or not. Who has is a user besides (user.h).
 *
 * Where a function takes @named, it is an e-mail or an id as digits; @company, a
 * tax id or id, says which one is meant where the e-mail has contacts in several,
 * and may be NULL. A contact whom the actor may not see is PORTAL_NOT_FOUND, as if
 * not there. Texts of results live in the portal's arena. */
#ifndef PORTAL_CONTACT_H
#define PORTAL_CONTACT_H

#include <portal/portal.h>
#include <portal/secret.h>

/* One contact. Texts that nobody gave are NULL.
 *
 * @company_tax_id, @company_name: whose; the tax id in normal form. NULL for one
 *   that is known by a message alone.
 * @email: in lower case; no two contacts of a company have one.
 * @phones: E.164 ("+5511987654321").
 * @wa_ids, @wa_user_ids: what WhatsApp calls the person: numbers, and ids that
 *   tell no number.
 * @access: a word of contact_accesses.
 * @created_at, @updated_at: when it was added, and last changed. */
struct contact {
	int64_t id;
	const char *company_tax_id;
	const char *company_name;
	const char *name;
	const char *email;
	portal_list phones;
	portal_list wa_ids;
	portal_list wa_user_ids;
	const char *access;
	portal_time created_at;
	portal_time updated_at;
};
extern const struct portal_record contact_record;

/* How people name it in a sentence: its e-mail, or its name where it has none. As long
 * as @contact lives. */
const char *contact_title(const struct contact *contact);

/* none: is no user; else the status of the user: inactive, active, blocked */
extern const struct portal_word contact_accesses[];

/* A new contact.
 *
 * @company: tax id or id, required.
 * @name: required, at most 200 bytes.
 * @email: NULL or "": none.
 * @phones: @phone_count texts, at most 20, with Brazilian habits or + and the country; numbers
 *   without an area code get the setting default_area_code. One given twice counts
 *   once, and empty ones are dropped.
 * @if_not_exists: that the company has a contact with this e-mail is no failure. */
struct contact_request {
	const char *company;
	const char *name;
	const char *email;
	const char *const *phones;
	int64_t phone_count;
	bool if_not_exists;
};

/* Adds a contact; one without e-mail is never the same as another. 1: added; 0:
 * exists and @if_not_exists. PORTAL_EXISTS; PORTAL_NOT_FOUND: no such company; all
 * faults of the request at once. */
int contact_add(struct portal *portal, const struct contact_request *request,
	struct contact *ret_contact, struct portal_error *err);

/* What to change of a contact. NULL leaves a field as it is.
 *
 * @named, @company: who, as above.
 * @name: at most 200 bytes, not empty.
 * @email: "" clears it.
 * @phones: @phone_count texts, at most 20, in the place of all there were; a single "" clears. */
struct contact_change {
	const char *named;
	const char *company;
	const char *name;
	const char *email;
	const char *const *phones;
	int64_t phone_count;
};

/* Changes what @change gives. 1: changed; 0: it was so. PORTAL_CONFLICT for the
 * e-mail of a user, which is a login; PORTAL_EXISTS where another contact of the
 * company has the e-mail. */
int contact_set(struct portal *portal, const struct contact_change *change,
	struct contact *ret_contact, struct portal_error *err);

/* Ties a contact that belongs to no company, whom a message alone has made known, to
 * @company (W6), with all its tickets: the company's users see those from then on, and each
 * has an event.
 *
 * @named: an e-mail that has one contact only, or an id. @company: tax id or id, required.
 *
 * 1: tied; 0: it was. PORTAL_WRONG_STATE: it belongs to another company, or the company is
 * not registered; PORTAL_EXISTS: a contact of the company has the e-mail; PORTAL_CONFLICT:
 * a task of another company, which has not ended, hangs on a ticket. */
int contact_assign(struct portal *portal, const char *named, const char *company,
	struct contact *ret_contact, struct portal_error *err);

/* Finds one. PORTAL_USAGE where the e-mail has several and @company is NULL. */
int contact_show(struct portal *portal, const char *named, const char *company,
	struct contact *ret_contact, struct portal_error *err);

/* Is it a failure that there is no such contact? */
enum contact_missing { CONTACT_MISSING_FAILS, CONTACT_MISSING_IGNORED };

/* Takes a contact away; its e-mail is free again. 1: removed; 0: there was none,
 * and @ret_contact has no more than the e-mail that was asked for. PORTAL_CONFLICT
 * where it is a user, who is removed first. */
int contact_remove(struct portal *portal, const char *named, const char *company,
	enum contact_missing missing, struct contact *ret_contact, struct portal_error *err);

/* Access for a contact (U7).
 *
 * @named, @company: who, as above.
 * @password: NULL: none is set. Else 8 to 1,024 bytes, and not one of the 3,000
 *   most used.
 * @send_password: a random one is made and mailed, to be changed at the first
 *   login. Not together with @password (PORTAL_USAGE). */
struct contact_allowance {
	const char *named;
	const char *company;
	const struct portal_secret *password;
	bool send_password;
};

/* Makes the contact an active user, the first one of its company the admin (U2), or
 * a user that was inactive or blocked active again. Without a password the user is
 * mailed a link to set one, which works once. 1: access, or a password, was given;
 * 0: it was active and no password was asked for, and nothing is mailed. The password
 * of who registered by the signup link and never logged in is void: it may be a
 * stranger's.
 *
 * @ret_token (may be NULL): the link's token, or the random password; empty where
 * neither was made, and in a rehearsal.
 *
 * PORTAL_INVALID about "email" where there is none; PORTAL_WRONG_STATE: no company,
 * or not registered; PORTAL_CONFLICT for a password of one's own; PORTAL_USAGE for
 * a password inside portal_transact(), as it takes half a second to hash. */
int contact_allow(struct portal *portal, const struct contact_allowance *allowance,
	struct contact *ret_contact, struct portal_secret *ret_token, struct portal_error *err);

/* Ends the access: the user becomes inactive, keeps role and password, and every
 * session ends. 1: ended; 0: was no user, inactive or blocked. PORTAL_LAST_ADMIN
 * for the last active admin of a company (U4). */
int contact_deny(struct portal *portal, const char *named, const char *company,
	struct contact *ret_contact, struct portal_error *err);

/* Which contacts a list gives. NULL: any. What is given must all hold.
 *
 * @company: tax id or id.
 * @access: a word of contact_accesses.
 * @search: part of the name, e-mail or phone; case, accents and the punctuation of
 *   phones ignored.
 * @page: where to begin, how many, in which order. */
struct contact_filter {
	const char *company;
	const char *access;
	const char *search;
	struct portal_page page;
};

/* The fields that page.sort takes: id name email created_at. */
extern const struct portal_word contact_sorts[];

/* Gives each contact to @visit with @arg, by id unless the page says otherwise. Who
 * is no user of the office sees those of the own company, an admin of a group's
 * main company those of the whole group. */
int contact_list(struct portal *portal, const struct contact_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
