/* What the parts of the routing of web hooks share. */
#ifndef LIB_WA_ROUTE_PRIVATE_H
#define LIB_WA_ROUTE_PRIVATE_H

#include "contact-identity.h"
#include "wa-private.h"
#include "wa-route.h"

/* The names of @person as identities. */
struct identity_names wa_names(const struct wa_person *person);

/* When the provider says that it happened, which may not lie in the future. */
portal_time wa_happened_at(const struct work *w, const struct wa_event *event);

/* @event's person under the names of now, where it comes late (identity_names_now()). */
int wa_person_now(struct work *w, const struct wa_event *event, struct wa_person *ret);

/* Where messages to @person go: "+5531…" or the id of a user. */
const char *wa_address(struct work *w, const struct wa_person *person);

/* Who wrote at @at, whom nobody knew before gets a contact without a company (W6); what they are
 * called now is learned (W9). */
int wa_find_writer(
	struct work *w, const struct wa_person *who, portal_time at, int64_t *ret_contact_id);

/* The client of @row, which is live, has written at @at under the names of @who, which
 * identity_wrote() knows: the conversation, and what waits to be sent in it, goes on where that
 * came from, unless it has heard from the client later, or another is going on there. 1: it
 * does, and *row is as it was before; 0. */
int wa_follow_writer(struct work *w, const struct conversation_row *row,
	const struct wa_person *who, portal_time at);

/* The message that WhatsApp calls so: 1, 0, negative. */
struct wa_known {
	int64_t id, ticket_id;
};
int wa_find_message(struct work *w, const char *wamid, struct wa_known *ret);

/* What people read of an event, in the portal's language; never NULL nor "". */
const char *wa_body(struct work *w, const struct wa_event *event);

/* The first line of @body that shows something, not too long, as the subject of a ticket (S2). */
const char *wa_subject(struct work *w, const char *body);

/* One line of text from outside, at most @most bytes; "" for NULL. */
const char *wa_line(struct work *w, const char *text, size_t most);

/* The routes; results as those of wa_route(). */
int wa_route_message(struct work *w, const struct wa_event *event, const char **ret_reason);
int wa_route_about(struct work *w, const struct wa_event *event, const char **ret_reason);
int wa_route_echo(struct work *w, const struct wa_event *event, const char **ret_reason);
int wa_route_status(struct work *w, const struct wa_event *event, const char **ret_reason);
int wa_route_change(struct work *w, const struct wa_event *event, const char **ret_reason);
int wa_route_notice(struct work *w, const struct wa_event *event, int64_t webhook_id);

#endif
