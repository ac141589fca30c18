/* The WhatsApp Business Cloud API, as version 25.0 has it: messages to one person each,
 * their files, and marks that theirs were read. There is no key by which the API would
 * know a message it was sent before: what may have been accepted is NET_UNKNOWN, and the
 * status that comes by web hook says the tracking id. */
#ifndef NET_WHATSAPP_H
#define NET_WHATSAPP_H

#include <stdint.h>

#include <portal/error.h>

#include "net/outcome.h"

struct arena;
struct portal_secret;

/* A file's id has fewer chars; a hash has 64. */
enum { WHATSAPP_ID_MAX = 64, WHATSAPP_TYPE_MAX = 128 };

/* How to reach it; all must live until whatsapp_close().
 *
 * @api_url: with the version; NULL: Meta's. https://, on this machine also http://.
 * @phone_number_id: the number that sends, digits.
 * @token: shown to @api_url's host, to Meta's own over https, and to nobody else.
 * @ca_file: certificates to trust; NULL: the system's.
 * @timeout_seconds: how long a call may take, and a file that comes or goes may stand
 *   still; 0: 60, and 30. */
struct whatsapp_options {
	const char *api_url;
	const char *phone_number_id;
	const struct portal_secret *token;
	const char *ca_file;
	int64_t timeout_seconds;
};

struct whatsapp;

/* Connects at the first call. NULL and @err: no libcurl, no memory, an address, id or token
 * that can't be one. */
struct whatsapp *whatsapp_open(
	struct arena *arena, const struct whatsapp_options *options, struct portal_error *err);

enum whatsapp_kind {
	WHATSAPP_TEXT,
	WHATSAPP_TEMPLATE,
	WHATSAPP_IMAGE,
	WHATSAPP_VIDEO,
	WHATSAPP_AUDIO,
	WHATSAPP_VOICE,
	WHATSAPP_DOCUMENT,
};

/* A message. Texts are UTF-8; what @kind has no use for is not looked at.
 *
 * @to: "+" and a number of E.164, or a user id ("BR.1502576394655843").
 * @text: of WHATSAPP_TEXT.
 * @template_name, @template_language: of WHATSAPP_TEMPLATE, approved ("pt_BR");
 *   @parameters: what stands for {{1}}, {{2}}… of its body, each a line without runs of
 *   blanks and not empty: Meta refuses others; @payload: what a tap on its first button
 *   says, or NULL.
 * @media_id: of any other: a file that was uploaded; @caption: below it, or NULL (sound has
 *   none); @file_name: a document's, or NULL.
 * @reply_to_wamid: the message it answers, or NULL.
 * @tracking_id: comes back with every status. */
struct whatsapp_message {
	enum whatsapp_kind kind;
	const char *to;
	const char *text;
	const char *template_name, *template_language;
	const char *const *parameters;
	int64_t parameter_count;
	const char *payload;
	const char *media_id, *caption, *file_name;
	const char *reply_to_wamid;
	int64_t tracking_id;
};

/* Sends it within @max_ms. Always an outcome: NET_SENT with its wamid; NET_UNKNOWN where
 * bytes of it went out and no answer came that says what became of it. */
void whatsapp_send(struct whatsapp *whatsapp, const struct whatsapp_message *message,
	int64_t max_ms, struct net_outcome *ret);

/* Tells the client that this message of theirs, and those before it, were read: NET_SENT
 * without a wamid. Doing it twice is harmless: never NET_UNKNOWN. */
void whatsapp_mark_read(
	struct whatsapp *whatsapp, const char *wamid, int64_t max_ms, struct net_outcome *ret);

/* A file to send: the @size_bytes at the beginning of @fd, of @media_type by its content. */
struct whatsapp_file {
	int fd;
	int64_t size_bytes;
	const char *media_type;
};

/* What was uploaded, and what can be sent of it: voice is OGG with one channel of OPUS. */
struct whatsapp_upload {
	char id[WHATSAPP_ID_MAX];
	enum whatsapp_kind kind;
};

/* Uploads it, which reaches nobody yet, within @max_ms: NET_SENT and *ret_upload; never
 * NET_UNKNOWN. NET_FAILED at once for a type or size that WhatsApp does not take. Ids are
 * good for 30 days. */
void whatsapp_upload(struct whatsapp *whatsapp, const struct whatsapp_file *file, int64_t max_ms,
	struct whatsapp_upload *ret_upload, struct net_outcome *ret);

/* What is said of a file: @sha256: 64 hex digits, in lower case, that the caller compares;
 * "" where there is none. @media_type: "" likewise. @size_bytes: -1 likewise. */
struct whatsapp_download {
	char sha256[65];
	char media_type[WHATSAPP_TYPE_MAX];
	int64_t size_bytes;
};

/* Where a file goes: all of @fd, which is emptied first, and at most @max_bytes. */
struct whatsapp_sink {
	int fd;
	int64_t max_bytes;
	int64_t max_ms;
};

/* Fetches the file @media_id (what clients send is there for 7 days) within @sink->max_ms:
 * NET_SENT, never NET_UNKNOWN. NET_FAILED where it is gone, too big, or lies with a
 * stranger. Where it is not NET_SENT there may be a part of it in the sink. */
void whatsapp_download(struct whatsapp *whatsapp, const char *media_id,
	const struct whatsapp_sink *sink, struct whatsapp_download *ret_download,
	struct net_outcome *ret);

/* NULL is allowed. */
void whatsapp_close(struct whatsapp *whatsapp);

#endif
