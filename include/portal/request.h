/* Connection requests (N3): a company tells another that it wants to serve it,
 * and names the person who would transact. A request only informs: it makes no
 * connection and no invite. The other company answers with an invite
 * (portal/invite.h), or dismisses it.
 *
 * An admin of the asking company sends, an admin of the asked one dismisses. The
 * operator may do everything. */
#ifndef PORTAL_REQUEST_H
#define PORTAL_REQUEST_H

#include <portal/portal.h>

/* One request.
 *
 * @status: a word of request_statuses.
 * @from_tax_id, @from_name: the company that asks; the tax id in normal form.
 * @to_tax_id, @to_name: the company that is asked.
 * @email: the person of the asking company who wants to transact.
 * @contact_name: that person's name, or NULL where it was not said.
 * @invite_id: the invite that answered it; none (0) until then.
 * @created_at: when it was sent.
 * @updated_at: when it last changed its status. */
struct request {
	int64_t id;
	const char *status;
	const char *from_tax_id;
	const char *from_name;
	const char *to_tax_id;
	const char *to_name;
	const char *email;
	const char *contact_name;
	portal_id invite_id;
	portal_time created_at;
	portal_time updated_at;
};
extern const struct portal_record request_record;

/* open: waits for an answer, and there is at most one from a company to another;
 * invited: the other company answered with an invite;
 * dismissed: it laid the request aside. */
extern const struct portal_word request_statuses[];

/* A request to send.
 *
 * @from: tax id or id; NULL: the actor's own company (the operator: the office).
 * @to: tax id or id, required.
 * @email: the contact's, required; kept in lower case.
 * @contact_name: at most 200 bytes; NULL or empty: not said.
 * @if_not_exists: an open request from the one to the other is no failure. */
struct request_input {
	const char *from;
	const char *to;
	const char *email;
	const char *contact_name;
	bool if_not_exists;
};

/* Asks (N3): the admins of the other company get a notification and an e-mail
 * each; where it has no admin yet, its own address gets the e-mail. The contact
 * named gets none. Only an admin of the asking company may.
 *
 * 1: sent; 0: there is an open one and @if_not_exists: @ret_request is that one.
 * PORTAL_INVALID: to oneself; all faults of e-mail and name at once.
 * PORTAL_NOT_FOUND: no such company, or not the actor's to see.
 * PORTAL_WRONG_STATE: one of the two is not registered, or is disabled.
 * PORTAL_EXISTS: there is an open one, which the failure names.
 * PORTAL_CONFLICT: the two are connected.
 * The result lives in the portal's arena. */
int request_send(struct portal *portal, const struct request_input *input,
	struct request *ret_request, struct portal_error *err);

/* Finds one by id, for the users of both companies and the office's staff; for
 * everybody else it is absent (PORTAL_NOT_FOUND). The result lives in the
 * portal's arena. */
int request_show(
	struct portal *portal, int64_t id, struct request *ret_request, struct portal_error *err);

/* Lays a request aside; only an admin of the company asked may. The asking
 * company is not told, and may ask again. 1: dismissed; 0: it was.
 * PORTAL_WRONG_STATE: an invite has answered it. */
int request_dismiss(
	struct portal *portal, int64_t id, struct request *ret_request, struct portal_error *err);

/* Which requests a list gives; NULL: any, but for the status.
 *
 * @status: a word of request_statuses, or "any"; NULL: open.
 * @from, @to: companies by tax id or id; one that is not there is
 *   PORTAL_NOT_FOUND, not an empty list.
 * @search: part of a name or tax id of either company, or of the contact's
 *   e-mail; case and accents ignored. */
struct request_filter {
	const char *status;
	const char *from;
	const char *to;
	const char *search;
	struct portal_page page;
};

/* The fields that page.sort takes: id created_at updated_at email. */
extern const struct portal_word request_sorts[];

/* Gives each request that the actor may see to @visit. */
int request_list(struct portal *portal, const struct request_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
