/* The open portal from inside. Private to lib/portal.c, lib/work.c and the few
 * functions declared here. */
#ifndef LIB_PORTAL_PRIVATE_H
#define LIB_PORTAL_PRIVATE_H

#include <portal/portal.h>

#include "work.h"

/* The portal's own row, read once. @key_check: hex of HMAC(key, "portal"), by which a
 * key that came from elsewhere is known before anything is signed with it. */
struct identity {
	const char *portal_id;
	const char *key_check;
	int64_t office_id;
	bool allow_clock_override;
	const char *office_name;
};

/* The end of the audit chain as this transaction knows it. */
struct audit_tail {
	bool known;
	int64_t id;
	char hash[65];
};

struct denial {
	const char *as; /* who was denied; NULL: the holder of a token */
	const char *action;
	const char *kind;
	int64_t id;
	struct denial *next;
};

/* What the caller of a transaction gets when it has succeeded. */
struct result {
	void *ret;
	const void *value;
	size_t size;
};

enum { RANDOM_POOL = 4096 };

struct portal {
	struct portal_options options;
	struct arena keep;    /* until the close */
	struct arena results; /* until portal_forget() */
	struct store *store;
	struct seal *seal;
	struct identity identity;
	bool identified;
	struct actor actor;
	bool actor_known;
	int64_t actor_writes; /* what the transaction had written when the actor was read */
	const char *language, *zone_name;
	struct zone *zone;               /* of @zone_name */
	bool language_known, zone_known; /* as they are set now */
	struct audit_tail tail;
	struct denial *denials, *last_denial;
	int64_t used_session_id; /* whose use is to be noted when the transaction is over */
	bool leaving;            /* a session that has ended already may be logged out again */
	struct result result;
	struct work *joined;                 /* the transaction portal_transact() has open */
	int64_t first_made[WORK_MADE_KINDS]; /* by the transaction; 0: none */
	unsigned char random[RANDOM_POOL];
	size_t random_left;
};

/* Where the key and the kept files of this portal lie: the name they add to. */
const char *portal_place(const struct portal *portal);

/* Remembers that something was denied, for the audit log. */
void portal_note_denial(struct portal *portal, const char *action, const char *kind, int64_t id);

/* Reads the portal's row. What another process, or this one, has changed since is
 * true from here on. */
int portal_identify(struct portal *portal, struct store_tx *tx);

/* The actor of this portal, found once (lib/actor.c). */
int portal_find_actor(struct portal *portal, struct work *w);

/* The clock for what those must not choose whom it limits: that of the options only
 * where the portal was made for it. */
portal_time portal_true_clock(const struct portal *portal);

/* Asks for @action before a portal is opened to do it. Where one of this program's schema
 * is there, it is asked and keeps the denial; else it is PORTAL_DENIED for whoever is not
 * the operator. */
int portal_need_operator(
	const struct portal_options *options, const char *action, struct portal_error *err);

#endif
