/* All that is due at a time, in one call (O3): what cron runs. The operator and
 * the office's admins may; others get PORTAL_DENIED. */
#ifndef PORTAL_DUE_H
#define PORTAL_DUE_H

#include <portal/portal.h>

/* What was done.
 *
 * @invites_expired: how many invites were cancelled because their year was over.
 * @sales_expired: how many sales were not signed by their last day.
 * @files_removed: how many files that no record has, left by commands that were
 *   killed or refused more than a day ago, were removed (S8).
 * @tasks_made: how many tasks that come again were made.
 * @tasks_reminded: how many mails went to those responsible for a task.
 * @webhooks_read: bodies of web hooks that waited to be read (W8).
 * @conversations_ended: over WhatsApp, by inactivity (W4); @conversations_warned: of how
 *   many the office heard that the window is about to close.
 * @files_fetched: that clients sent over WhatsApp; as those that follow.
 * @messages_sent, @messages_deferred, @messages_failed, @messages_unknown,
 *   @channels_stopped, @reason: what portal_deliver() did (portal/deliver.h), for who calls
 *   it after this, as the command does, whose rehearsal counts as sent what would
 *   then wait;
 *   portal_do_due() leaves them empty. */
struct portal_due {
	int64_t invites_expired;
	int64_t sales_expired;
	int64_t files_removed;
	int64_t tasks_made;
	int64_t tasks_reminded;
	int64_t webhooks_read;
	int64_t conversations_ended;
	int64_t conversations_warned;
	int64_t files_fetched;
	int64_t messages_sent;
	int64_t messages_deferred;
	int64_t messages_failed;
	int64_t messages_unknown;
	int64_t channels_stopped;
	const char *reason;
};
extern const struct portal_record portal_due_record;

/* Expires the invites whose year is over (N5) and the sales whose last day is (P2),
 * makes the tasks whose turn it is and reminds of those that are due (S10), in short
 * transactions that let other writers in between. Safe to run twice, and at the same
 * time: each thing is done once. A run that is killed leaves nothing half done, and the
 * next goes on. 1: something was done; 0: nothing was due. */
int portal_do_due(struct portal *portal, struct portal_due *ret_due, struct portal_error *err);

#endif
