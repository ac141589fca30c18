/* Applying a manifest (O1): what the parts of it share. Private to lib/apply*.c. */
#ifndef LIB_APPLY_PRIVATE_H
#define LIB_APPLY_PRIVATE_H

#include <portal/apply.h>
#include <portal/company.h>

#include "manifest-private.h"
#include "text/object.h"
#include "work.h"

struct apply_result {
	struct apply_result *next;
	struct apply_change change;
};

/* A user's password, hashed before the transaction began. */
struct apply_password {
	const struct manifest_user *user;
	const char *phc;
	struct apply_password *next;
};

/* An object that a manifest names. */
struct apply_named {
	const char *kind;
	int64_t id;
};

/* One run. The transaction may be run again, so all below @w begins anew with it.
 *
 * @w: for one object: its arena is reset after each, its failure is that object's.
 * @company_arena: holds what is known of the company at hand.
 * @keep: holds the results.
 * @err: where the faults of all objects come together.
 * @failed: keys of companies that could not be made, sorted once @failed_sorted. */
struct apply {
	struct portal *portal;
	const struct apply_request *request;
	struct manifest manifest;
	const char *permission;
	struct apply_password *passwords;
	struct arena keep, scratch, company_arena;
	struct work w;
	struct portal_error failure;
	struct portal_error *err;
	struct apply_summary summary;
	struct apply_result *first, **end;
	struct apply_named *named;
	size_t named_count, named_room;
	const char **failed;
	size_t failed_count;
	bool failed_sorted;
};

/* Starts on an object: whatever fails from here on is about it. */
void apply_begin(struct apply *apply);

/* Ends it with result @r. A failure of the object becomes a fault at the member it is
 * about, or else at @member, and 0 is returned; that of the store ends the run. */
int apply_end(struct apply *apply, const struct manifest_object *object, const char *member, int r);

/* Adds the next result; for a person with the company it belongs to, else NULL. */
struct apply_change *apply_result(struct apply *apply, const char *kind,
	const struct manifest_object *object, const struct manifest_company *company);

/* Says what became of it: @changes ends with a NULL field. Under a set, what is made is
 * noted as that set's. */
enum apply_found { APPLY_ABSENT, APPLY_THERE };
int apply_done(struct apply *apply, struct apply_change *change, int64_t id, enum apply_found found,
	const struct change *changes);

/* What the manifest calls @key: without the country where that is BR. */
const char *apply_shown(const char *key);

/* Was a member given a value, or (apply_is_cleared) null? */
bool apply_is_given(const char *text);
bool apply_is_cleared(const char *text);

/* A company could not be made: what names it later is no second fault. */
void apply_company_failed(struct apply *apply, const char *key);

/* Finds a company that a group or a connection names: 1; 0 where it could not be made.
 * PORTAL_NOT_FOUND. */
int apply_company(struct apply *apply, const char *key, struct company *ret);

/* Shall it be disabled? Until the last step of all it is not: as with the commands, what
 * belongs to it is made before. */
bool apply_disables(const struct manifest_company *manifest);

/* The steps. Negative where the run is to end at once. */
int apply_settings(struct apply *apply);
int apply_companies(struct apply *apply);
int apply_groups(struct apply *apply);
int apply_connections(struct apply *apply);
int apply_disablings(struct apply *apply);
int apply_prune(struct apply *apply);

/* The people of one company. @made: it was not there before. @company: NULL where it
 * could not be made: then they are only checked. */
int apply_people(struct apply *apply, const struct manifest_company *manifest,
	const struct company *company, enum apply_found found);

/* Reads and hashes the passwords of users that are not there yet, before the transaction
 * (a hash takes half a second). Faults join those of the steps. */
int apply_passwords(struct apply *apply);

/* The password of a user, or NULL. */
const char *apply_password_of(const struct apply *apply, const struct manifest_user *user);

#endif
