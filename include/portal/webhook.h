/* What comes from WhatsApp (W5 to W9): bodies of web hooks of the Cloud API. A body is kept
 * as it came, on disk, before anybody is told that it was received; what it tells is written
 * in a second transaction, all of it or nothing. Where that one is lost, the body waits and
 * is read later. The same body again changes nothing. What can't be read or is not ours is
 * kept with a reason and holds up nothing else. */
#ifndef PORTAL_WEBHOOK_H
#define PORTAL_WEBHOOK_H

#include <portal/portal.h>

struct portal_secret;

/* Most bytes of a body; WhatsApp sends up to 3 MB. */
enum { WEBHOOK_MAX_BYTES = 4 * 1024 * 1024 };

/* One body.
 *
 * @state: a word of webhook_states.
 * @reason: a word of webhook_reasons: why it failed, or of what was set aside the first;
 *   NULL: all was well. @detail: more of that, or NULL.
 * @messages: of clients: reactions, edits and what was taken back, too. @statuses: of what
 *   we sent. @other: changes of numbers, notices about templates and the account, and what
 *   is of no concern. @set_aside: events that could not be used. @duplicates: events that
 *   were known. The last two count none of the others.
 * @verified: was it signed with the app secret?
 * @sha256: of the body, in hex; no body is kept twice.
 * @body: as it came, where a list gives it; else NULL. */
struct webhook {
	int64_t id;
	portal_time received_at;
	const char *state;
	const char *reason;
	int64_t messages;
	int64_t statuses;
	int64_t other;
	int64_t set_aside;
	int64_t duplicates;
	const char *detail;
	bool verified;
	portal_time processed_at;
	const char *sha256;
	const char *body;
};
extern const struct portal_record webhook_record;

/* received: to be read; done; failed: can't be read, of which the office's admins are
 * notified once, as of a body of which an event was set aside as failed. The second list
 * has "any" besides. */
extern const struct portal_word webhook_states[];
extern const struct portal_word webhook_list_states[];

/* unreadable: no strict JSON, or no web hook of WhatsApp; crashed: whoever read it died,
 * again and again; failed: a rule of the portal, @detail says which; other_number: of
 * another number than whatsapp.phone_number_id; no_contact: of nobody known; bad_number: of
 * fewer than 8 digits, or more than 15; no_id no_sender no_subject no_status no_change
 * malformed: what an event lacks. */
extern const struct portal_word webhook_reasons[];

/* Where a body comes from. Of a web server it must be signed. The operator may feed one that
 * is not, admins of the office one that is. */
enum webhook_source { WEBHOOK_FROM_SERVER, WEBHOOK_FROM_PERSON };

/* A body that has come.
 *
 * @body, @len: its bytes.
 * @signature: "sha256=" and 64 hex digits, the HMAC of the bytes as they came under
 *   @app_secret; NULL: it has none.
 * @app_secret: NULL or empty: nothing can be checked with it, and so nothing passes. */
struct webhook_request {
	enum webhook_source source;
	const char *body;
	size_t len;
	const char *signature;
	const struct portal_secret *app_secret;
};

/* May the actor stand between a web server and the portal? The operator; else
 * PORTAL_DENIED. */
int webhook_may_serve(struct portal *portal, struct portal_error *err);

/* Keeps a body: 1; 0 where it was kept before. One that failed, or of which an event did, and
 * that a person feeds once more, waits to be read again: 1. Nothing of it is read yet.
 * PORTAL_DENIED, with the audit row, for a signature that is missing or wrong;
 * PORTAL_FAILURE where there is no secret to check it with; PORTAL_INVALID_TEXT for what is
 * not UTF-8 or has a NUL; PORTAL_INVALID_INPUT for more than WEBHOOK_MAX_BYTES. Texts live
 * in the portal's arena. */
int webhook_store(struct portal *portal, const struct webhook_request *request,
	struct webhook *ret_webhook, struct portal_error *err);

/* Reads a body that was kept, and before it those that wait for longer. 1; 0 where it was
 * read already, or could not be now and waits (@state tells; @detail then says why). All
 * results handed out before are dropped, as by portal_forget(). */
int webhook_process(
	struct portal *portal, int64_t id, struct webhook *ret_webhook, struct portal_error *err);

/* Both. 1: kept, or read again; 0: it was known. That it can't be read is no failure: it was
 * received. */
int webhook_receive(struct portal *portal, const struct webhook_request *request,
	struct webhook *ret_webhook, struct portal_error *err);

/* Is @given the token that the handshake of web hooks is to show? Compared in a time that
 * does not depend on where they differ. An empty token fits nothing. */
bool webhook_token_fits(const struct portal_secret *token, const char *given);

/* Which bodies; @state is a word of webhook_list_states, NULL: any. */
struct webhook_filter {
	const char *state;
	struct portal_page page;
};

/* The fields that page.sort takes: id received_at. */
extern const struct portal_word webhook_sorts[];

/* Gives each body to @visit, oldest first, in constant memory but for the bodies, which
 * are among the fields. The operator and admins of the office; else PORTAL_DENIED. */
int webhook_list(struct portal *portal, const struct webhook_filter *filter, portal_visit *visit,
	void *arg, struct portal_list_end *ret_end, struct portal_error *err);

#endif
