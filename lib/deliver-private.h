/* A channel as the loop of deliver.c sends through it. */
#ifndef LIB_DELIVER_PRIVATE_H
#define LIB_DELIVER_PRIVATE_H

#include <portal/deliver.h>

#include "net/mime.h"
#include "outbox-private.h"

struct mail_channel;

/* Opens nothing yet: the server is spoken to at the first message. NULL and @err. */
struct mail_channel *mail_open(struct portal *portal, const struct portal_secret *password,
	struct arena *arena, struct portal_error *err);

/* Sends one within @max_ms. Always an outcome. */
void mail_send(struct mail_channel *mail, const struct outbox_claim *claim, int64_t max_ms,
	struct net_outcome *ret);

void mail_close(struct mail_channel *mail);

struct whatsapp_channel;

/* Opens nothing yet: the API is spoken to at the first message. @token must live until the
 * channel is closed. NULL and @err, where no number or no token is set, too
 * (PORTAL_INVALID). */
struct whatsapp_channel *whatsapp_channel_open(struct portal *portal,
	const struct portal_secret *token, struct arena *arena, struct portal_error *err);

/* Sends what @claim->whatsapp says within @max_ms. Always an outcome. */
void whatsapp_channel_send(struct whatsapp_channel *channel, const struct outbox_claim *claim,
	int64_t max_ms, struct net_outcome *ret);

/* NULL is allowed. */
void whatsapp_channel_close(struct whatsapp_channel *channel);

/* Of the files of one mail together. In base64 they are a third longer, and many servers
 * take 10 MB in all: it is what Postfix comes with (message_size_limit). */
enum { MAIL_FILES_BYTES_MAX = 7000000 };

/* The files that go with a mail (S8), and its text, which names them. */
struct mail_files {
	struct template_text text;
	const struct mime_attachment *attachments;
	size_t count;
};

/* Finds those of the message that the mail tells of; where they are more than
 * MAIL_FILES_BYTES_MAX the text names them, and they stay in the portal. A mail without
 * files has its text as it was claimed. It lives in @arena, and mail_files_close() is
 * due. PORTAL_WRONG_STATE where the recipient may not have them any more: who was removed,
 * erased or blocked, has another address, is of a company that was disabled. PORTAL_DAMAGED
 * where a kept file is not what it was. */
int mail_files_open(struct portal *portal, const struct outbox_claim *claim, struct arena *arena,
	struct mail_files *ret, struct portal_error *err);
void mail_files_close(struct mail_files *files);

#endif
