/* What the parts of the client of the Cloud API share. */
#ifndef NET_WHATSAPP_PRIVATE_H
#define NET_WHATSAPP_PRIVATE_H

#include "base/buf.h"
#include "net/http.h"
#include "net/whatsapp.h"
#include "text/json.h"

struct whatsapp {
	struct arena *arena;
	struct whatsapp_options options;
	struct http *http;
	const char *base; /* without a slash at its end */
	int64_t call_ms;
};

/* What a call does: a message that may have been accepted must not be sent again, and
 * everything else is done again where nobody knows. */
enum whatsapp_effect { WHATSAPP_REACHES_SOMEBODY, WHATSAPP_REPEATABLE };

/* Writes the body of the call that sends @message, or that marks @wamid as read. */
void whatsapp_put_message(struct buf *buf, const struct whatsapp_message *message);
void whatsapp_put_read_mark(struct buf *buf, const char *wamid);

/* Decides what an answer means, by its status and, before that, Meta's code. NET_SENT is
 * what a 2xx with a JSON body is called until the caller has found in it, which is in
 * *ret_tree (NULL otherwise), what was to be there; see whatsapp_miss().
 *
 * @own_id: the phone number that calls. An answer that there is no such object means, of
 * it, that the settings are wrong; of any other, that this message is. */
void whatsapp_judge(struct arena *arena, const struct http_answer *answer, const char *own_id,
	enum whatsapp_effect effect, const struct json **ret_tree, struct net_outcome *ret);

/* The answer had a 2xx and not what it should have had. */
void whatsapp_miss(enum whatsapp_effect effect, struct net_outcome *ret);

/* The id of the message that was accepted, and the number it was for: false where there is
 * no id that could be one. */
bool whatsapp_take_ids(const struct json *tree, struct net_outcome *ret);

/* Asks, and takes the token out of what is answered: texts of answers are kept. The body
 * is in @arena. */
void whatsapp_ask(struct whatsapp *whatsapp, struct arena *arena,
	const struct http_request *request, struct http_answer *ret);

/* One call of the API: asks and judges. */
void whatsapp_call(struct whatsapp *whatsapp, struct arena *arena,
	const struct http_request *request, enum whatsapp_effect effect,
	const struct json **ret_tree, struct net_outcome *ret);

/* For a call without a file: what of @max_ms it may take. */
int64_t whatsapp_call_ms(const struct whatsapp *whatsapp, int64_t max_ms);

/* @why, as what became of it without asking anybody. */
void whatsapp_refuse(const char *why, struct net_outcome *ret);

/* The hash that is written in @text, in hex or base64, as 64 hex digits in lower case;
 * false, and "", for anything else. */
bool whatsapp_read_hash(const char *text, char ret[65]);

/* Can @text be the id of a file? It becomes a part of an address. */
bool whatsapp_is_media_id(const char *text);

#endif
