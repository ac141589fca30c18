/* What a web hook of the WhatsApp Cloud API tells, event by event: every entry, change,
 * message, status and error of a body. Knows no portal and no store. Private to lib. */
#ifndef LIB_WA_EVENT_H
#define LIB_WA_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <portal/error.h>

struct arena;
struct json;

/* The first opens the client's 24 hours (W3); no other kind does. */
enum wa_kind {
	WA_MESSAGE,  /* a client wrote, sent a file or tapped a button */
	WA_REACTION, /* @context_wamid; @text is the emoji, NULL: taken away */
	WA_EDIT,     /* of @context_wamid: @text and @media as they are now */
	WA_REVOKE,   /* @context_wamid was taken back */
	WA_ECHO,     /* the office wrote to @who from the app of its own phone */
	WA_STATUS,   /* what became of a message of ours: @wamid, @status */
	WA_NUMBER_CHANGED,
	WA_USER_ID_CHANGED,
	WA_TEMPLATE, /* @notice: of a template's state, quality or category */
	WA_ACCOUNT,  /* @notice: of the account or the number */
	WA_OTHER,    /* known not to concern us, or not known; @type says what */
	WA_BAD,      /* a part without which it means nothing is missing: @reason */
};

/* A person: digits of a number, 8 to 15, a business-scoped user id, the name of the profile; NULL
 * for what is not told. An id that stands where the number should is found as well. */
struct wa_person {
	const char *wa_id;
	const char *user_id;
	const char *name;
};

/* @sha256: 64 lower-case hex digits, or NULL where what came is none. */
struct wa_media {
	const char *id;
	const char *mime_type;
	const char *sha256;
	const char *file_name;
	bool voice;
};

/* @code: Meta's number; 0: there is no error; -1: one without a number. */
struct wa_error {
	int64_t code;
	const char *title;
	const char *details;
};

/* One event. Texts are UTF-8, from outside, of any length and content, but for ids, which
 * are of visible ASCII, and live until the visitor returns; NULL for what is not there.
 *
 * @position: its number in the body, from 1.
 * @field: of the change. @account_id: of the entry. @phone_number_id: the number of ours
 *   that it is about.
 * @who: who wrote; of a status, to whom.
 * @timestamp: seconds since 1970 as the provider says; 0: it says nothing.
 * @type: the word of a message ("image"); of the other kinds, what they are called.
 * @text: what a person reads, without words of ours: body, caption, title of what was
 *   tapped; of places, contacts, orders and forms a line for each part.
 * @payload: the id behind the button or row that was tapped.
 * @context_wamid: the message that this is an answer to, or is about.
 * @referral: the advertisement that led here: headline, text and address, a line each.
 * @before, @after: of a change: who it was, and is. Either has one id or more.
 * @status: sent delivered read played failed, or what may come. @callback: what was sent
 *   along as biz_opaque_callback_data.
 * @notice: @name and @language of the template; @word is what it is now; @reason why.
 * @error: of a message or a status, or the whole event.
 * @reason: of WA_BAD: no_id no_sender bad_number no_subject no_status no_change malformed. */
struct wa_event {
	enum wa_kind kind;
	int position;
	const char *field;
	const char *account_id;
	const char *phone_number_id;
	struct wa_person who;
	const char *wamid;
	int64_t timestamp;
	const char *type;
	const char *text;
	const char *payload;
	const char *context_wamid;
	const char *referral;
	bool forwarded;
	struct wa_media media;
	struct wa_person before, after;
	const char *status;
	const char *callback;
	struct {
		const char *name;
		const char *language;
		const char *word;
		const char *reason;
	} notice;
	struct wa_error error;
	const char *reason;
};

/* Reads a body of at most JSON_MAX_BYTES; the tree lives in @arena, @body may go. What
 * some readers of JSON choke on, and one message of a thousand may hold, stands as U+FFFD:
 * \u0000 and halves of surrogate pairs. PORTAL_INVALID_INPUT for what is not strict JSON
 * (text/json.h) and for what is no web hook of WhatsApp. */
int wa_body_parse(struct arena *arena, const char *body, size_t len, const struct json **ret_tree,
	struct portal_error *err);

/* A negative result ends the walk and is what it returns. */
typedef int wa_event_visit(const struct wa_event *event, void *arg);

/* Gives every event of @tree to @visit, in the order of the body; a change in which none
 * is known is one. @scratch is reset before each. Time is linear but for sorting the
 * contacts of a change. Returns 0. */
int wa_body_visit(const struct json *tree, struct arena *scratch, wa_event_visit *visit, void *arg);

#endif
