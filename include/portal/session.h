/* Sessions (U8): who has logged in, until when. A login with company, e-mail and
 * password gives a token; whoever has it acts as that user until the session ends
 * (portal_options, @session_token). The portal keeps a digest of the token only.
 *
 * A session ends at its @expires_at, when it was not used for its @idle_seconds, when
 * somebody logs it out, and with every change of its user that matters: password,
 * e-mail, role, status, removal, and the company's being disabled. */
#ifndef PORTAL_SESSION_H
#define PORTAL_SESSION_H

#include <portal/portal.h>
#include <portal/secret.h>

/* One session.
 *
 * @user_email, @user_name, @role: whose, as the user is now.
 * @company_tax_id, @company_name: the user's company; the tax id in normal form.
 * @status: a word of session_statuses.
 * @remember: was asked for at the login; it then lasts longer.
 * @must_change_password: the user has a temporary password and may only change it,
 *   look at the session and log out.
 * @created_at: of the login. @expires_at: when it ends at the latest.
 * @idle_seconds: without use it ends so long after @last_used_at.
 * @last_used_at: written down once a minute at most.
 * @ended_at: when it ended, or none (0).
 * @end_reason: NULL while it lives; "expired", "idle", or the action that ended it
 *   ("session.logout", "user.passwd", "company.disable"). */
struct session {
	int64_t id;
	const char *user_email;
	const char *user_name;
	const char *company_tax_id;
	const char *company_name;
	const char *role;
	const char *status;
	bool remember;
	bool must_change_password;
	portal_time created_at;
	portal_time expires_at;
	int64_t idle_seconds;
	portal_time last_used_at;
	portal_time ended_at;
	const char *end_reason;
};
extern const struct portal_record session_record;

/* live: its token lets act; ended: it does not any more */
extern const struct portal_word session_statuses[];

/* A login.
 *
 * @company: the user's company by tax id, never by the portal's own id. @email: the
 *   user's login. Both as people type them.
 * @password: required.
 * @remember: the session lasts session_remember_days, used or not; else it lasts
 *   session_days, and ends after session_idle_minutes without use. */
struct session_request {
	const char *company;
	const char *email;
	const struct portal_secret *password;
	bool remember;
};

/* Logs in. 1, with the token in @ret_token, which nobody can find out again.
 *
 * PORTAL_DENIED, one and the same whatever was wrong: the company, the e-mail, the
 * password, a user or company that is not active; the work done is the same too
 * (P9). Three tries are free; after each further one that fails the next has to wait
 * 1, 2, 4 … up to 300 seconds, whether there is such an account or not, and comes too
 * early as PORTAL_LOGIN_WAIT without being looked at. A right one ends the waiting, and
 * so does a day without a try. A try counts from its begin, so that many at a time
 * gain nothing.
 *
 * It can't be rehearsed, nor be part of portal_transact() (PORTAL_USAGE): hashing takes
 * half a second. */
int session_login(struct portal *portal, const struct session_request *request,
	struct session *ret_session, struct portal_secret *ret_token, struct portal_error *err);

/* The session that the portal was opened with. PORTAL_USAGE where that was none. */
int session_check(struct portal *portal, struct session *ret_session, struct portal_error *err);

/* Ends a session. @id 0: the one that the portal was opened with, also where it has ended
 * already. 1: ended; 0: had ended. Users end their own; admins of the company, of its
 * group's main company and of the office end those of its users; of others
 * PORTAL_NOT_FOUND. PORTAL_USAGE: @id is 0 and there is no session. */
int session_logout(
	struct portal *portal, int64_t id, struct session *ret_session, struct portal_error *err);

/* Which sessions a list gives. What is given must all hold.
 *
 * @user: e-mail or id; NULL: any. @company: tax id or id; NULL: any. Together they
 *   also say which user is meant where the e-mail has several (PORTAL_USAGE).
 * @status: a word of session_statuses; NULL or "any": both.
 * @page: where to begin, how many, in which order. */
struct session_filter {
	const char *user;
	const char *company;
	const char *status;
	struct portal_page page;
};

/* What the list can be sorted by. */
extern const struct portal_word session_sorts[];

/* Gives each session to @visit with @arg, by id unless the page says otherwise. Who is no
 * admin sees their own; admins see those of their company and, from a main company, of
 * its group; admins of the office see all. */
int session_list(struct portal *portal, const struct session_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
