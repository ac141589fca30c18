/* Notifications (N11): what the admins of a company are told in the portal. */
#ifndef PORTAL_NOTIFICATION_H
#define PORTAL_NOTIFICATION_H

#include <portal/portal.h>

/* One notification.
 *
 * @company_tax_id: the company whose admins are told.
 * @kind: what happened ("invite_accepted"), the same word as the mail's.
 * @target_kind, @target_id: the record it tells of.
 * @text: one line, in the portal's language when it happened.
 * @read_at: none while it is unread; it is read for all admins of the company
 *   at once, by the first who does. */
struct notification {
	int64_t id;
	const char *company_tax_id;
	const char *kind;
	const char *target_kind;
	portal_id target_id;
	const char *text;
	portal_time read_at;
	portal_time created_at;
};
extern const struct portal_record notification_record;

/* Which notifications.
 *
 * @company: tax id or id of the company that was told; NULL: the actor's own
 *   (the operator: all).
 * @kind: what happened; NULL: anything.
 * @unread_only: leaves out what was read.
 * @page: where to begin, how many, in which order. */
struct notification_filter {
	const char *company;
	const char *kind;
	bool unread_only;
	struct portal_page page;
};

/* The fields that page.sort takes: id created_at. */
extern const struct portal_word notification_sorts[];

/* Gives each notification to @visit, oldest first. The
 * operator may ask for every company, an admin for the own one; everybody else,
 * collaborators too, gets PORTAL_DENIED. A company that the actor may not even
 * know is PORTAL_NOT_FOUND. */
int notification_list(struct portal *portal, const struct notification_filter *filter,
	portal_visit *visit, void *arg, struct portal_list_end *ret_end, struct portal_error *err);

/* How many are unread.
 *
 * @unread: of the company that was asked for, or of all. */
struct notification_count {
	int64_t unread;
};
extern const struct portal_record notification_count_record;

/* Counts the unread ones of @company; NULL and the failures are those of the
 * list. */
int notification_count(struct portal *portal, const char *company,
	struct notification_count *ret_count, struct portal_error *err);

/* Marks one as read, and says so in the audit log. 1: it was unread; 0: it had
 * been read, and keeps its time. PORTAL_NOT_FOUND where it is not the actor's to
 * see, as if it did not exist (P8). The result lives in the portal's arena. */
int notification_read(struct portal *portal, int64_t id, struct notification *ret_notification,
	struct portal_error *err);

#endif
