/* What the parts of the reader of web hooks share. */
#ifndef LIB_WA_EVENT_PRIVATE_H
#define LIB_WA_EVENT_PRIVATE_H

#include "wa-event.h"

#include "text/json.h"

/* The text of a member, or NULL; an empty one is none. */
const char *wa_get_text(const struct json *object, const char *key);

/* An id: visible ASCII, not too long; else NULL. */
const char *wa_get_id(const struct json *object, const char *key);

/* The digits of a number, 8 to 15, without '+'; NULL where @text is none. */
const char *wa_as_number(const char *text);

/* @text where it may be a business-scoped user id; else NULL. A number is none. */
const char *wa_as_user_id(const char *text);

/* Fills @person's ids with @text, whichever it is, where they are not known yet. */
void wa_take_id(struct wa_person *person, const char *text);

/* The first of @errors, in whichever shape they come. */
void wa_take_error(const struct json *errors, struct wa_error *ret);

/* What a message of this type says: @text, @payload, @media and @context_wamid of @event;
 * texts that have to be made are made in @scratch. */
void wa_take_content(struct arena *scratch, const struct json *message, const char *type,
	struct wa_event *event);

/* What a system message tells of who became whom. */
void wa_take_change(struct arena *scratch, const struct json *message, struct wa_event *event);

/* What a change that is about no single client tells: a notice of WA_TEMPLATE or
 * WA_ACCOUNT; of any other field nothing. */
void wa_take_notice(const struct json *value, struct wa_event *event);

#endif
