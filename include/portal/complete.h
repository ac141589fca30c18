/* Values that a shell can offer while a word is typed. An answer is a
 * convenience: it comes at once or not at all, and no failure is told. */
#ifndef PORTAL_COMPLETE_H
#define PORTAL_COMPLETE_H

#include <stdbool.h>
#include <stdint.h>

#include <portal/portal.h>

/* What is wanted: tax ids of companies; e-mails of users; ids of the records of
 * one kind; numbers of tickets; names of the portal's settings. */
enum portal_completes {
	PORTAL_COMPLETES_COMPANY,
	PORTAL_COMPLETES_USER,
	PORTAL_COMPLETES_ID,
	PORTAL_COMPLETES_TICKET,
	PORTAL_COMPLETES_SETTING,
};

/* A word being typed.
 *	noun       whose ids are wanted; of no use to the others
 *	record     what is known of the noun's records: the words of their state
 *	open_only  records that still wait for something: live invites, open requests and tickets,
 *	           active connections, unread notifications, messages that are not
 *	           out yet, users that are not active
 *	prefix     what is there already, "" at the beginning. A tax id may be begun
 *	           with punctuation and then comes back with it; those of other
 *	           countries than Brazil begin with "CC:" */
struct portal_completion {
	enum portal_completes what;
	const char *noun;
	const struct portal_record *record;
	bool open_only;
	const char *prefix;
};

/* Gets one answer: the whole value, and what it stands for in a few translated
 * words fit for a terminal, or NULL. Both are gone after the call. */
typedef void portal_complete_each(void *arg, const char *value, const char *description);

/* Opens the portal that @options name, waits at most 50 ms for it, gives at most
 * 50 values that begin so (ids: the newest first, of the last 1000), and closes
 * it. Gives nothing where anything fails, and nothing when @options act for a
 * user: what that user may see is not worked out here. Returns how many. */
int64_t portal_complete(const struct portal_options *options,
	const struct portal_completion *completion, portal_complete_each *each, void *arg);

#endif
