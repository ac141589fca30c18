/* What a domain function holds while it works: one transaction, one clock
 * reading, one actor. Private to lib. */
#ifndef LIB_WORK_H
#define LIB_WORK_H

#include <portal/arena.h>
#include <portal/error.h>
#include <portal/portal.h>

#include "store/store.h"

struct seal;
struct zone;

/* Who acts: the operator (@as is NULL) or an active user. @staff: the user
 * belongs to the office. @main_id is the main company of the group that the user's
 * company belongs to, or 0. @session_id, @by_session: came with the token of that
 * session (else 0), not as the operator under another name. @unsettled: a temporary
 * password has to be changed before anything else. @sections: those that collaborators
 * of the user's company see, one a line. @label goes into ended_by and the
 * audit log. */
struct actor {
	const char *label;
	const char *as;
	portal_list sections;
	int64_t user_id;
	int64_t company_id;
	int64_t main_id;
	int64_t session_id;
	bool admin;
	bool staff;
	bool by_session;
	bool unsettled;
};

/* Who stands in ended_by without an e-mail. */
extern const struct portal_word ended_by_words[];

/* Lives from the begin of a transaction to its end. @now is one reading of the
 * clock for all of it. Results go into @arena. @caused_by: whose doing the events in
 * tickets are where they are not the actor's: a contact's, or WORK_BY_RULE; 0: the
 * actor's. */
enum { WORK_BY_RULE = -1 };
struct work {
	struct portal *portal;
	struct store_tx *tx;
	struct arena *arena;
	portal_time now;
	const struct actor *actor;
	int64_t caused_by;
	struct portal_error *err;
};

typedef int work_body(struct work *w, void *arg);

/* Runs @body in a transaction of its own, or in the one that portal_transact()
 * has open. What was denied in it is written to the audit log afterwards, in a
 * transaction of its own. Returns what @body returned. */
int work_read(struct portal *portal, work_body *body, void *arg, struct portal_error *err);
int work_write(struct portal *portal, work_body *body, void *arg, struct portal_error *err);

/* As work_write(), but what it wrote is not promised to survive a power cut before the
 * next work_write() of anybody that writes something (STORE_COMMIT_ASYNC). Nobody is told
 * that it was done. */
int work_write_async(struct portal *portal, work_body *body, void *arg, struct portal_error *err);

/* Does much in short transactions: while there is anything to do, which @look says in one
 * that reads, @chunk does some of it and returns how much. What a rehearsal has written is
 * gone after each: there it does all in one, which may be part of another. Both have no
 * argument. Returns the sum. */
int work_in_chunks(
	struct portal *portal, work_body *look, work_body *chunk, struct portal_error *err);

/* Runs @body within the transaction of @w: public functions that it calls join that one,
 * with the clock reading and the actor of @w. */
int work_together(struct work *w, int (*body)(void *arg), void *arg);

/* Gives the caller its result, @value at @ret, once the transaction has succeeded:
 * of one that failed, in its commit too, nobody sees one. The last call of a body
 * counts. */
void work_give(struct work *w, void *ret, const void *value, size_t size);
#define WORK_GIVE(w, ret, value) \
	work_give(w, 1 ? (ret) : &(value), &(value), sizeof(value)) /* of one type */

/* For what reads first to see whether there is anything to write: PORTAL_CLOCK_DENIED
 * where a write would be, so that the answer does not depend on what is found. */
int work_will_write(const struct work *w);

/* The office's company id and its name; the portal's language ("pt_BR"), time zone; the
 * crypto context with the portal's key in it, PORTAL_DAMAGED where the key is missing or
 * another portal's. NULL and err on failure; a zone that is stored but not known is
 * PORTAL_DAMAGED. */
int64_t work_office_id(const struct work *w);
const char *work_office_name(const struct work *w);
const char *work_language(struct work *w);
const struct zone *work_zone(struct work *w);

/* What was read of the settings may be so no more. */
void work_forget_settings(struct work *w);

struct seal *work_seal(struct work *w);

/* What the portal's row keeps to know its key by; NULL and err on failure. */
const char *work_key_check(struct work *w);

/* @len random bytes as lower-case hex in the arena; NULL and err on failure. */
const char *work_random_hex(struct work *w, size_t len);

/* "there is no invite '42'": the one sentence for what is absent and for what
 * is not the actor's to see, so that nobody can tell which (P8). */
bool work_knows_kind(const char *kind); /* is there such a noun? */
int work_not_found(struct work *w, const char *kind, const char *named);

/* "'fr' is not one of the choices of 'language': pt_BR, en": PORTAL_USAGE about
 * @field, as for the choices of options. */
int work_no_choice(
	struct work *w, const struct portal_word *words, const char *given, const char *field);

/* What a transaction makes within the record that it answers with. Of those that a
 * rehearsal made, which work_note_made() was told of, the answer shows 0, null, for an id:
 * what it had is gone with the transaction, and somebody else's soon. */
enum work_made {
	WORK_MADE_ATTACHMENT,
	WORK_MADE_COMMENT,
	WORK_MADE_DOCUMENT,
	WORK_MADE_TASK,
	WORK_MADE_KINDS
};
void work_note_made(struct work *w, enum work_made what, int64_t id);
int64_t work_shown_id(const struct work *w, enum work_made what, int64_t id);

/* Tells whoever watches long work. */
void work_progress(struct portal *portal, int64_t done, int64_t whole);

#endif
