/* Connections (N12): two companies that work with each other in the portal. An
 * accepted invite makes one (portal/invite.h); either side can end it. What has
 * ended stays as history, and a new invite may connect the two anew, which is
 * then a connection of its own.
 *
 * Nothing here makes one: invite_accept() does, in the transaction of the answer.
 * An admin of either side ends one; the users of both sides and the office's
 * staff see it; the operator may do everything. */
#ifndef PORTAL_CONNECTION_H
#define PORTAL_CONNECTION_H

#include <portal/portal.h>

/* One connection.
 *
 * @from_tax_id, @from_name: the company that invited; the tax id in normal form.
 * @to_tax_id, @to_name: the company that accepted.
 * @invite_id: the invite it came from.
 * @status: a word of connection_statuses.
 * @since_at: when the invite was accepted.
 * @ended_at: when it ended; none (0) while it is active.
 * @ended_by: who ended it, "operator" or "EMAIL/TAX-ID"; NULL while active. */
struct connection {
	int64_t id;
	const char *from_tax_id;
	const char *from_name;
	const char *to_tax_id;
	const char *to_name;
	portal_id invite_id;
	const char *status;
	portal_time since_at;
	portal_time ended_at;
	const char *ended_by;
};
extern const struct portal_record connection_record;

/* active: there is at most one between two companies; ended: kept as history. */
extern const struct portal_word connection_statuses[];

/* Finds one by id, for the users of both companies and the office's staff; for
 * everybody else it is absent (PORTAL_NOT_FOUND). The result lives in the
 * portal's arena. */
int connection_show(struct portal *portal, int64_t id, struct connection *ret_connection,
	struct portal_error *err);

/* Ends a connection; an admin of either side may. The other side hears of it:
 * a notification for its admins and an e-mail to each (where it has no admin,
 * to its own address). When the operator ends it, both sides hear.
 *
 * 1: ended; 0: it had, and the first end stands: nobody hears of it again.
 * PORTAL_NOT_FOUND: no such connection, or not the actor's to see.
 * PORTAL_DENIED: the actor sees it, but may not end it. */
int connection_end(struct portal *portal, int64_t id, struct connection *ret_connection,
	struct portal_error *err);

/* Which connections a list gives; NULL: any, but for the status.
 *
 * @status: a word of connection_statuses, or "any"; NULL: active.
 * @company: a tax id or id, of either side; one that is not there is
 *   PORTAL_NOT_FOUND, not an empty list.
 * @search: part of a name or tax id of either side; case and accents ignored. */
struct connection_filter {
	const char *status;
	const char *company;
	const char *search;
	struct portal_page page;
};

/* The fields that page.sort takes: id since_at ended_at. */
extern const struct portal_word connection_sorts[];

/* Gives each connection that the actor may see to @visit.
 *
 * Sorted by ended_at, active ones stand first.
 * The row and its texts are gone after the call of @visit. @ret_end says whether
 * the page's limit cut the list, and where to go on.
 * PORTAL_USAGE: a sort or cursor that this list does not know. */
int connection_list(struct portal *portal, const struct connection_filter *filter,
	portal_visit *visit, void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
