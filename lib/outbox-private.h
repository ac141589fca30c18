/* The outbox as sending needs it. Private to lib. */
#ifndef LIB_OUTBOX_PRIVATE_H
#define LIB_OUTBOX_PRIVATE_H

#include <portal/outbox.h>

#include "net/outcome.h"
#include "text/object.h"
#include "text/template.h"
#include "work.h"

/* Finds the message and asks whether the actor may do @action. */
int outbox_need(struct work *w, const char *action, int64_t id, struct outbox *ret);

struct file;

/* What goes out over WhatsApp, of which one call is made: a text; or a file, with its
 * @caption or NULL; or the approved template @template_name, with what stands for its
 * @parameters in their order, and @payload, what a tap on its button says, or NULL. What is
 * not meant is NULL. @reply_to_wamid: the message it answers, or NULL. */
struct whatsapp_content {
	const char *text;
	const struct file *file;
	const char *caption;
	const char *template_name, *template_language;
	const char *const *parameters;
	int64_t parameter_count;
	const char *payload;
	const char *reply_to_wamid;
};

/* A message that whoever claimed it, and nobody else, may send until the claim's time
 * is over. Texts live in the portal's arena. @attempts: with the one that outbox_start()
 * began. @first_attempt_at is what its Date says: the same at every attempt; 0 before
 * outbox_start() has begun the first. @portal_id: the portal's, for its Message-ID.
 * @text: of a mail. */
struct outbox_claim {
	int64_t id;
	const char *channel, *recipient;
	const char *template, *language, *arguments;
	int64_t attempts;
	const char *cause_kind;
	int64_t cause_id;
	portal_time created_at, first_attempt_at;
	const char *lease;
	bool again; /* nobody knew what had become of it */
	const char *portal_id;
	struct template_text text;
	int zone_offset_minutes;
	const char *office_name;
	const struct whatsapp_content *whatsapp; /* of the channel whatsapp; NULL: a mail */
	bool window_closed;                      /* meanwhile, where it goes to (W3) */
	portal_time accepted_at;                 /* noted, and not yet in the state "sent"; or 0 */
	const char *wamid, *wa_id;               /* of one that was accepted, as in net_outcome */
};

/* May any message of @channel go out now? 1, 0, negative. Writes nothing. */
int outbox_any(struct portal *portal, const char *channel, struct portal_error *err);

/* What was claimed together. @synced_ms: when, by monotonic_ms(), all that was written of
 * it was on disk last. @failed: how many could not be made into a message, which nobody
 * will send; @reason: why the first could not. */
struct outbox_batch {
	const char *lease;
	struct outbox_claim *claims;
	int64_t count;
	int64_t synced_ms;
	int64_t failed;
	const char *reason;
};

/* What became of a message that was begun. @claim NULL: there was none. @state: the word of
 * outbox_states that it was put in; NULL where the claim's time was over meanwhile and
 * somebody else has decided. */
struct outbox_end {
	struct outbox_claim *claim;
	struct net_outcome outcome;
	const char *state;
};

/* What is asked for: at most @most messages of @channel, for @lease_ms. @finished: the
 * batch that ends with that, as by outbox_finish(), and @before the last of it that was
 * begun; NULL: none. */
enum { OUTBOX_BATCH_MAX = 100 };
struct outbox_asking {
	const char *channel;
	int64_t most, lease_ms;
	const struct outbox_batch *finished;
	struct outbox_end *before;
};

/* Claims the next messages and renders them, secrets and all (P7), in one transaction
 * that is on disk when this returns: 1, of which none may be left to be sent; 0 where none
 * may go out now. One that can't be rendered has failed, and one that is no longer true (a
 * link that nobody can use any more) was cancelled. Over WhatsApp there is at most one to a
 * recipient, and none while an earlier one waits or is on its way. */
int outbox_claim(struct portal *portal, const struct outbox_asking *asking,
	struct outbox_batch *ret, struct portal_error *err);

/* Before the first byte of @next goes out: writes what became of the one before, and that
 * this one is begun (P4, P5). 1; 0 where the claim's time is over: it is not to be sent.
 * One that was accepted is noted, and gets its new state within a tenth of a second's
 * sending or with the end of the batch (schema 0033).
 * What is written here survives a kill, and a power cut but for what the last tenth of a
 * second wrote: a message is found claimed then, and not taken for one that never left,
 * for the machine has started anew. */
int outbox_start(struct portal *portal, struct outbox_batch *batch, struct outbox_end *before,
	struct outbox_claim *next, struct portal_error *err);

/* Ends a batch: writes what became of the last that was begun; what was not begun waits
 * as before, and no attempt is counted. All of the batch is on disk when this returns. */
int outbox_finish(struct portal *portal, const struct outbox_batch *batch,
	struct outbox_end *before, struct portal_error *err);

/* The same within a transaction; nothing where there is no @batch. */
int outbox_end_batch(struct work *w, const struct outbox_batch *batch, struct outbox_end *before);

/* Within a transaction: puts the message of @end into its new state, and tells whom that
 * concerns. 1; 0 where the claim's time was over and somebody else has decided. The second
 * is for one that was accepted and noted so. */
int outbox_settle(struct work *w, struct outbox_end *end);
int outbox_settle_accepted(struct work *w, struct outbox_claim *claim);

/* Under which number whoever holds a claim shows that it is there. */
int64_t outbox_presence(const char *lease);

/* Messages whose claims were left behind, their time being over or their process gone:
 * those that nobody had begun to send wait as before; what became of others is not known.
 * How many. */
int outbox_find_lost(struct portal *portal, struct portal_error *err);

/* A row over WhatsApp that is for a file of a message says so in its arguments: how that
 * begins, as LIKE has it, before the id of the attachment. */
#define OUTBOX_FILE "%\"attachment\":\""

/* Within a transaction that changed the row of a message of a ticket (@cause_kind
 * "message"; others are nobody's business): its delivery is that of the row that is
 * farthest behind. Where it waits for the client or was cancelled it stays so, unless all
 * of it has gone. */
int outbox_follow(struct work *w, const char *cause_kind, int64_t cause_id);

/* Makes what is to go out over WhatsApp: 1; 0 where it has no sense any more, or may not go
 * there any more (@claim->window_closed). */
int outbox_whatsapp(
	struct work *w, struct outbox_claim *claim, const struct whatsapp_content **ret);

/* What {{link}} and {{password}} stand for in a message, NULL where there is none. 0 when
 * the message has no sense any more: its record is gone, or its link was replaced. */
struct outbox_secrets {
	const char *link;
	const char *password;
};
int outbox_secrets(struct work *w, const struct outbox_claim *claim, struct outbox_secrets *ret);

/* What a message is made of: what is stored with it, and the secrets, which are not and
 * come first. 0 as above. */
struct outbox_words {
	struct json *arguments;
	struct named_text secrets[3];
};
int outbox_words(struct work *w, const struct outbox_claim *claim, struct outbox_words *ret);

/* The text of its template: 1. */
int outbox_fill(struct work *w, const struct outbox_claim *claim, const struct outbox_words *words,
	struct template_text *ret);

#endif
