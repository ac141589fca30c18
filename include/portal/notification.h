/* Notifications (N11): what the admins of a company are told in the portal. */
#ifndef PORTAL_NOTIFICATION_H
#define PORTAL_NOTIFICATION_H

#include <portal/portal.h>

/* One notification. @kind: what happened ("invite_accepted"). @target_kind and
 * @target_id: the record it tells of. @text: one line, in the portal's language
 * when it happened. @read_at: none while it is unread; it is read for all
 * admins of the company at once. */
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

/* @company: tax id or id of the company that was told; NULL: the actor's own
 * (the operator: all). @kind NULL: any. @unread_only leaves out what was read. */
struct notification_filter {
	const char *company;
	const char *kind;
	bool unread_only;
	struct portal_page page;
};

/* Gives each notification to @visit. Sort: created_at. The operator, and admins
 * for their own company; else PORTAL_DENIED. A company that the actor may not
 * know is PORTAL_NOT_FOUND. */
int notification_list(struct portal *portal, const struct notification_filter *filter,
	portal_visit *visit, void *arg, struct portal_list_end *ret_end, struct portal_error *err);

/* How many are unread. */
struct notification_count {
	int64_t unread;
};
extern const struct portal_record notification_count_record;

/* Counts the unread ones of @company (NULL: as above). Same failures. */
int notification_count(struct portal *portal, const char *company,
	struct notification_count *ret_count, struct portal_error *err);

/* Marks one as read. 1: it was unread; 0: it had been read, and keeps its time.
 * PORTAL_NOT_FOUND where it is not the actor's to see. The result lives in the
 * portal's arena. */
int notification_read(struct portal *portal, int64_t id, struct notification *ret_notification,
	struct portal_error *err);

#endif
