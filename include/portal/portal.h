/* A portal: one database that belongs to one office. Open it, hand it to the
 * functions of the nouns, close it. One thread at a time; any number of
 * processes may have the same portal open.
 *
 * Every function of a noun is one transaction: it has done all or nothing, and
 * what it says it did is on disk when it returns.
 *
 * Several portals may be open side by side: nothing is shared between them. What is
 * set in one by whatever process counts in all from the next function on.
 *
 * The program's signals, timers and children are its own: the library sets no
 * handler. Where it must wait for another writer, a thread of its own, which takes
 * no signals, stands in the queue. After PORTAL_BUSY that thread stays there until
 * its turn comes, and gives way at once. */
#ifndef PORTAL_PORTAL_H
#define PORTAL_PORTAL_H

#include <portal/error.h>
#include <portal/record.h>

struct arena;
struct portal;
struct portal_secret;
struct portal_senders;

/* Everything the outside world decides. Texts must live as long as the portal.
 *
 * @db: path of the database file (never a URI).
 * @wait_ms: how long to queue for other writers before PORTAL_BUSY.
 * @actor: who runs the program ("uid:1000"); written into the audit log.
 * @acting_as: "EMAIL" or "EMAIL/TAX-ID": act under that user's rights; NULL is
 *   the operator, who owns the database file and may do everything.
 * @session_token: act as the user of the session with this token; NULL: don't. One
 *   that is bad, ended or empty is PORTAL_DENIED. Never together with @acting_as.
 * @now: the clock; 0 is the system's. Writes take another clock only where the
 *   portal was made with allow_clock_override (PORTAL_CLOCK_DENIED).
 * @zone_directory: where time zones lie; NULL is the system's place.
 * @senders: how mails and messages go out; NULL: as if nothing were set.
 * @boot_id: what is the same for every process until the machine starts anew, and never
 *   again ("/proc/sys/kernel/random/boot_id" of Linux): what another process left undone
 *   is taken for unknown where it can't be compared. NULL: nobody knows.
 * @dry_run: every change is made and then rolled back; new ids read 0.
 * @long_work: a larger page cache, for imports and the like.
 * @out_of_memory: called when memory runs out; must not return. NULL: abort().
 * @out_of_memory_after: the same once a change was committed. NULL: the other.
 * @progress: called now and then by long work with what is done and the whole
 *   (0: unknown); NULL: nobody watches. */
struct portal_options {
	const char *db;
	int64_t wait_ms;
	const char *actor;
	const char *acting_as;
	const struct portal_secret *session_token;
	portal_time now;
	const char *zone_directory;
	const struct portal_senders *senders;
	const char *boot_id;
	bool dry_run;
	bool long_work;
	void (*out_of_memory)(void);
	void (*out_of_memory_after)(void);
	void (*progress)(void *arg, int64_t done, int64_t whole);
	void *progress_arg;
};

/* Opens an existing portal. PORTAL_NO_PORTAL, NOT_A_PORTAL, SCHEMA_OLD,
 * SCHEMA_NEW, DAMAGED. The caller closes it.
 *
 * What can't be written can still be read, but where another's log holds changes
 * that only a writer could bring in: PORTAL_READ_ONLY, with the file or directory
 * to blame. Read so, a portal that somebody changes meanwhile gives PORTAL_BUSY:
 * open it anew. */
int portal_open(
	const struct portal_options *options, struct portal **ret_portal, struct portal_error *err);
void portal_close(struct portal *portal);
void portal_closep(struct portal **portal);

/* Where results of domain functions live: until portal_forget() or the close. */
struct arena *portal_arena(struct portal *portal);

/* Drops all results handed out so far; long batches call it between chunks. */
void portal_forget(struct portal *portal);

/* Runs @body in one transaction: the changing functions it calls join it, and
 * all their changes commit together when it returns 0 or more. A function that
 * fails inside has written nothing, so @body may go on with the next. @body may
 * be run again from the start. */
int portal_transact(
	struct portal *portal, int (*body)(void *arg), void *arg, struct portal_error *err);

/* A new portal.
 *
 * @office_tax_id, @office_name: the company that runs it, required; it becomes
 *   registered and has no user yet.
 * @time_zone: the zone whose days and years the rules go by, as the system's
 *   tzdata names it; NULL: America/Sao_Paulo.
 * @language: of its mails, "pt_BR" or "en"; NULL: pt_BR.
 * @allow_clock_override: changes may be made under another clock than the
 *   system's; for tests and demos, and for good.
 * @if_not_exists: that there is a portal already is no failure. */
struct portal_init_request {
	const char *office_tax_id;
	const char *office_name;
	const char *time_zone;
	const char *language;
	bool allow_clock_override;
	bool if_not_exists;
};

/* The system's clock; what a portal goes by where no other was given. */
portal_time portal_clock(void);

/* What `status` tells.
 *
 * @office_tax_id, @office_name: whose portal it is; the tax id in normal form.
 * @schema_version: of the database.
 * @engine: "sqlite".
 * @due_count: what waits for the next `due`: invites and sales that are over, rules by
 *   which a task is to be made (however many at once), and reminders of tasks. Files to be
 *   removed are not counted, nor messages, which @outbox_queued counts.
 * @outbox_queued: messages that wait to be sent.
 * @pending_invites: invites that wait for an answer.
 * @new_tickets: tickets that nobody took yet. */
struct portal_status {
	const char *office_tax_id;
	const char *office_name;
	int64_t schema_version;
	const char *engine;
	int64_t due_count;
	int64_t outbox_queued;
	int64_t pending_invites;
	int64_t new_tickets;
};
extern const struct portal_record portal_status_record;

/* Makes directory, database, lock file and key. 1: made; 0: was there and
 * @if_not_exists. PORTAL_EXISTS; the rules of tax ids, names and zones. Texts
 * of @ret_status live in @arena. */
int portal_init(const struct portal_options *options, const struct portal_init_request *request,
	struct arena *arena, struct portal_status *ret_status, struct portal_error *err);

/* Counts what waits. PORTAL_DENIED for those who are no users of the office. Texts
 * live in the portal's arena. */
int portal_get_status(
	struct portal *portal, struct portal_status *ret_status, struct portal_error *err);

/* Where a list begins, how long it is and how it is ordered.
 *
 * @limit: at most so many rows; 0: no limit.
 * @after: the cursor that a cut list gave, to go on behind it, or NULL. It fits
 *   only the list, order and filters it came from (PORTAL_USAGE).
 * @sort: "id" or another field the list can be sorted by, "-" before it for descending; NULL:
 *   by id. Rows that are equal in it go by id. */
struct portal_page {
	int64_t limit;
	const char *after;
	const char *sort;
};

/* What a list calls for each row, with the caller's @arg. @row is the struct of
 * the list's record; it and its texts are gone after the call. 0 to go on; a
 * negative result ends the list and is what it returns. It must not call back
 * into the portal. */
typedef int portal_visit(const void *row, void *arg);

/* What removing does where there is nothing to remove: it is PORTAL_NOT_FOUND, or it is
 * fine. */
enum portal_missing { PORTAL_MISSING_FAILS, PORTAL_MISSING_IGNORED };

/* How a list ended.
 *
 * @truncated: the limit cut it, and there is more.
 * @next: then the cursor to go on with, in the portal's arena; else NULL. */
struct portal_list_end {
	bool truncated;
	const char *next;
};

#endif
