/* A portal: one database that belongs to one office. Open it, hand it to the
 * functions of the nouns, close it. One thread at a time. */
#ifndef PORTAL_PORTAL_H
#define PORTAL_PORTAL_H

#include <portal/error.h>
#include <portal/record.h>

struct arena;
struct portal;

/* Everything the outside world decides. Texts must live as long as the portal.
 *
 * @db: path of the database file (never a URI).
 * @wait_ms: how long to queue for other writers before PORTAL_BUSY.
 * @actor: who runs the program ("uid:1000"); written into the audit log.
 * @acting_as: "EMAIL" or "EMAIL/TAX-ID": act under that user's rights; NULL is
 *   the operator, who owns the database file and may do everything.
 * @now: the clock; 0 is the system's. Writes take another clock only where the
 *   portal was made with allow_clock_override (PORTAL_CLOCK_DENIED).
 * @zone_directory: where time zones lie; NULL is the system's place.
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
	portal_time now;
	const char *zone_directory;
	bool dry_run;
	bool long_work;
	void (*out_of_memory)(void);
	void (*out_of_memory_after)(void);
	void (*progress)(void *arg, int64_t done, int64_t whole);
	void *progress_arg;
};

/* Opens an existing portal. PORTAL_NO_PORTAL, NOT_A_PORTAL, SCHEMA_OLD,
 * SCHEMA_NEW, DAMAGED. The caller closes it. */
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

/* A new portal (domain: init). @office_tax_id, @office_name: the company that
 * runs it; it becomes registered and has no user yet. @time_zone and @language
 * ("pt_BR" or "en") belong to the portal; NULL: America/Sao_Paulo, pt_BR. */
struct portal_init_request {
	const char *office_tax_id;
	const char *office_name;
	const char *time_zone;
	const char *language;
	bool allow_clock_override;
	bool if_not_exists;
};

/* The system's clock, in milliseconds. */
portal_time portal_clock(void);

/* What `status` tells. */
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

int portal_get_status(
	struct portal *portal, struct portal_status *ret_status, struct portal_error *err);

/* Where a list begins, how long it is and how it is ordered. @limit 0: no
 * limit. @after: the cursor a cut list gave, or NULL. @sort: a field of the
 * list, "-" before it for descending; NULL: by id. */
struct portal_page {
	int64_t limit;
	const char *after;
	const char *sort;
};

/* Gets each row of a list; the row and its texts are gone after the call. A
 * negative result ends the list. */
typedef int portal_visit(const void *row, void *arg);

/* How a list ended: @truncated when @limit cut it, and then @next is the
 * cursor to go on with (in the portal's arena). */
struct portal_list_end {
	bool truncated;
	const char *next;
};

#endif
