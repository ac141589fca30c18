/* The outbox as sending needs it. Private to lib. */
#ifndef LIB_OUTBOX_PRIVATE_H
#define LIB_OUTBOX_PRIVATE_H

#include <portal/outbox.h>

#include "net/outcome.h"
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
 * is over. Texts live in the portal's arena. @first_attempt_at is what its Date says: the
 * same at every attempt. @portal_id: the portal's, for its Message-ID. */
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
};

/* May any message of @channel go out now? 1, 0, negative. Writes nothing. */
int outbox_any(struct portal *portal, const char *channel, struct portal_error *err);

/* Claims the next message of @channel for @lease_ms and renders it, secrets and all (P7):
 * 1; 0 where none may go out now. One that can't be rendered has failed, and one that is
 * no longer true (a link that nobody can use any more) was cancelled: the next is taken. */
int outbox_claim(struct portal *portal, const char *channel, int64_t lease_ms,
	struct outbox_claim *ret, struct portal_error *err);

/* Writes what became of it. 0 where the claim's time was over meanwhile and somebody else
 * has it; 1; negative. @ret_state (a word of outbox_states) is the state it is in now. */
int outbox_settle(struct portal *portal, const struct outbox_claim *claim,
	const struct net_outcome *outcome, const char **ret_state, struct portal_error *err);

/* Messages whose claims are over: what became of them is not known. How many. */
int outbox_find_lost(struct portal *portal, struct portal_error *err);

/* What {{link}} and {{password}} stand for in a message, NULL where there is none. 0 when
 * the message has no sense any more: its record is gone, or its link was replaced. */
struct outbox_secrets {
	const char *link;
	const char *password;
};
int outbox_secrets(struct work *w, const struct outbox_claim *claim, struct outbox_secrets *ret);

#endif
