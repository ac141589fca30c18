/* How people come in: by registering themselves, with passwords, by mailed links.
 *
 * Passwords have 8 to 1,024 bytes and are not among the 3,000 most used; hashing
 * one takes half a second, outside of any transaction. Where a function takes
 * @named and @company, they are those of <portal/user.h>. */
#ifndef PORTAL_USER_ACCESS_H
#define PORTAL_USER_ACCESS_H

#include <portal/user.h>

/* Somebody who registers by the signup link of a company (U6) or the link of a document,
 * which lets in to that document alone until the link to the client's area is sent (D3).
 *
 * @token: of the signup link. @document_token: of the document's; one of them.
 * @email: becomes the login. @name: required. @phones: at most 20; NULL: none.
 *   Where the company has a contact with this e-mail, that one's name and phones
 *   stay.
 * @password: required. */
struct user_registration {
	const struct portal_secret *token;
	const struct portal_secret *document_token;
	const char *email;
	const char *name;
	const char *const *phones;
	int64_t phone_count;
	const struct portal_secret *password;
};

/* Registers a user: the first of a company is its admin, and active (U2); later ones
 * are inactive collaborators until an admin activates them (U3), and the admins are
 * told. 1. PORTAL_DENIED, in one and the same sentence, for a token that was forged
 * or rotated and a company that is not registered or lets nobody sign up;
 * PORTAL_EXISTS: the e-mail is a user's. */
int user_register(struct portal *portal, const struct user_registration *request,
	struct user *ret_user, struct portal_error *err);

/* A new password for a user.
 *
 * @named, @company: whose.
 * @password: the new one, required.
 * @current: the one before: required from users who came by a session and set their
 *   own, refused from others; NULL: not given. */
struct user_new_password {
	const char *named;
	const char *company;
	const struct portal_secret *password;
	const struct portal_secret *current;
};

/* Sets a password, which ends the user's sessions and voids the mailed link. 1.
 * PORTAL_INVALID: it is weak, or the one before; PORTAL_DENIED: @current is not the
 * password, which counts as a try; PORTAL_USAGE: it is required, or has no use. */
int user_passwd(struct portal *portal, const struct user_new_password *request,
	struct user *ret_user, struct portal_error *err);

/* Sets it by the one-time link that was mailed to the user. 1. PORTAL_DENIED, in one
 * and the same sentence, for every link that gives no rights: forged, used, void,
 * expired, or of a user or company that may not come in. */
int user_passwd_by_link(struct portal *portal, const struct portal_secret *token,
	const struct portal_secret *password, struct user *ret_user, struct portal_error *err);

/* Mails an active user the link to set a password, once, within access_link_days;
 * links mailed before are void. @ret_token (NULL: not wanted) is the link's token,
 * empty in a rehearsal; users can't get their own by a session. 1.
 * PORTAL_WRONG_STATE: the user is not active, or the company not registered. */
int user_send_link(struct portal *portal, const char *named, const char *company,
	struct user *ret_user, struct portal_secret *ret_token, struct portal_error *err);

/* Mails a user the link to the client's area, and lets the user open what is sent
 * there (D3), whatever the status; PORTAL_WRONG_STATE for a blocked one, and where the
 * company is not registered. 1. */
int user_send_area_link(struct portal *portal, const char *named, const char *company,
	struct user *ret_user, struct portal_error *err);

#endif
