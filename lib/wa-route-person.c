/* Who it is (W6, W9), and who became whom. */
#include <string.h>

#include "audit.h"
#include "base/utf8.h"
#include "contact-private.h"
#include "phone-private.h"
#include "wa-route-private.h"

enum { NAME_MAX_BYTES = 100 };

struct identity_names wa_names(const struct wa_person *person)
{
	return (struct identity_names){ person->wa_id, person->user_id };
}

portal_time wa_happened_at(const struct work *w, const struct wa_event *event)
{
	const int64_t ms = event->timestamp * 1000;

	return ms > 0 && ms < w->now.ms ? (portal_time){ ms } : w->now;
}

int wa_person_now(struct work *w, const struct wa_event *event, struct wa_person *ret)
{
	struct identity_names names = wa_names(&event->who);
	const int r = identity_names_now(w, &names, wa_happened_at(w, event));

	*ret = (struct wa_person){ names.wa_id, names.user_id, event->who.name };
	return r;
}

const char *wa_address(struct work *w, const struct wa_person *person)
{
	return person->wa_id ? arena_printf(w->arena, "+%s", person->wa_id) : person->user_id;
}

/* As people know them; else as their number is printed. */
static const char *name_of(struct work *w, const struct wa_person *who)
{
	const char *name = wa_line(w, who->name, NAME_MAX_BYTES);
	struct portal_error unread = { 0 };
	struct phone phone;

	if (*name)
		return name;
	if (who->wa_id && phone_parse(w->arena, wa_address(w, who), NULL, &phone, &unread) >= 0 &&
		phone.formatted)
		return phone.formatted;
	return wa_address(w, who);
}

static int add_contact(struct work *w, const struct wa_person *who, int64_t *ret_id)
{
	const struct contact_draft draft = { .name = name_of(w, who), .phones = "" };
	const struct contact nothing = { 0 };
	struct contact_found found;
	int r = contact_insert(w, &draft, ret_id);

	if (r >= 0)
		r = contact_by_id(w, *ret_id, &found);
	return r < 0 ? r : contact_audit(w, "contact.add", &nothing, &found.contact);
}

int wa_find_writer(struct work *w, const struct wa_person *who, int64_t *ret_contact_id)
{
	const struct identity_names names = wa_names(who);
	int r = conversation_find_writer(w, &names, ret_contact_id);

	if (r == 0)
		r = add_contact(w, who, ret_contact_id);
	return r < 0 ? r : identity_learn(w, *ret_contact_id, &names);
}

/* What is said goes to the new address from now on. */
static int follow_address(struct work *w, int64_t contact_id, const char *was, const char *now)
{
	struct conversation_row row;
	const int r = conversation_stored(w, CONVERSATION_OF_CONTACT, ARGS(A(contact_id)), &row);

	if (r <= 0 || strcmp(row.identity, identity_of(w->arena, was)) != 0)
		return r;
	return conversation_move(w, &row, now);
}

/* As messages name it. */
static const char *recipient(struct work *w, const char *name)
{
	return identity_is_user(name) ? name : arena_printf(w->arena, "+%s", name);
}

static int replace(struct work *w, int64_t contact_id, const char *was, const char *now)
{
	const int r = follow_address(w, contact_id, was, recipient(w, now));

	return r < 0 ? r : identity_replace(w, contact_id, was, now);
}

static int replace_held(struct work *w, int64_t contact_id, const char *was, const char *now)
{
	int64_t id;
	const int r = store_get_int(
		w->tx, Q_IDENTITY_HELD, ARGS(A(identity_of(w->arena, was)), A(contact_id)), &id);

	return r <= 0 ? r : replace(w, contact_id, was, now);
}

/* Says in a ticket where its client is reached now. @wamid: of the message that told so. */
static int say_number(
	struct work *w, int64_t ticket_id, const char *const was_and_now[2], const char *wamid)
{
	struct message_draft draft = { .direction = "event",
		.event = "number",
		.from = was_and_now[0],
		.to = was_and_now[1],
		.automatic = true,
		.wamid = wamid };
	struct ticket_row ticket = { 0 };
	int64_t message_id;
	int r = ticket_by_id(w, ticket_id, &ticket);

	if (r > 0)
		r = message_add(w, &ticket, &draft, &message_id);
	return r < 0 || !ticket.ticket.id ? r : ticket_save(w, &ticket);
}

/* In the ticket that is being spoken of, or was last. */
static int note_change(struct work *w, int64_t contact_id, const struct wa_event *event)
{
	const char *const was_and_now[] = { wa_address(w, &event->before),
		wa_address(w, &event->after) };
	int64_t id = 0;
	const int r = store_get_int(w->tx, Q_TICKET_NEWEST_OF, ARGS(A(contact_id)), &id);

	return r > 0 ? say_number(w, id, was_and_now, event->wamid) : r;
}

/* Is what was written at @at from @address the newest of all, both of what came from there
 * and of what came from where the conversation is, and does it open the window? */
static int is_news(
	struct work *w, const struct conversation_row *row, const char *address, portal_time at)
{
	portal_time here = { 0 }, there = { 0 };
	int r = conversation_wrote_at(w, row->conversation.phone, &here);

	if (r >= 0)
		r = conversation_wrote_at(w, address, &there);
	if (r < 0 || here.ms >= at.ms || there.ms != at.ms)
		return r < 0 ? r : 0;
	return conversation_window_open(w, address);
}

int wa_follow_writer(
	struct work *w, int64_t contact_id, const struct wa_person *who, portal_time at)
{
	const char *now = wa_address(w, who);
	struct conversation_row row;
	int r = conversation_of_contact(w, contact_id, &row);

	if (r > 0)
		r = is_news(w, &row, now, at);
	if (r > 0)
		r = conversation_move(w, &row, now);
	if (r <= 0)
		return r;
	r = store_put(w->tx, Q_OUTBOX_FOLLOW_CLIENT,
		ARGS(A(row.ticket_id), A(row.conversation.phone), A(now)));
	if (r >= 0)
		r = say_number(w, row.ticket_id,
			(const char *const[]){ row.conversation.phone, now }, NULL);
	return r < 0 ? r
		     : audit_add(w, "wa.receive", "conversation", row.conversation.id,
			       CHANGES({ "phone", row.conversation.phone, now }));
}

/* One of its names, for all who have it: NULL where that is not told. */
struct rename {
	const char *was, *now;
};

/* @step: how a contact gets its new names. */
struct renaming {
	const struct wa_event *event;
	struct rename names[2];
	int (*step)(struct work *w, int64_t contact_id, const char *was, const char *now);
};

static int rename_contact(struct work *w, int64_t contact_id, const struct renaming *renaming)
{
	int r = 0;

	for (int i = 0; i < 2 && r >= 0; i++)
		if (renaming->names[i].now)
			r = renaming->step(
				w, contact_id, renaming->names[i].was, renaming->names[i].now);
	return r;
}

/* What was to be sent goes there, and what comes late came from there. */
static int rename_account(struct work *w, const struct renaming *renaming)
{
	const portal_time at = wa_happened_at(w, renaming->event);
	int r = 0;

	for (int i = 0; i < 2 && r >= 0; i++) {
		const struct rename *name = &renaming->names[i];
		const char *was = name->now ? identity_of(w->arena, name->was) : NULL;

		if (was)
			r = identity_became(w, was, name->now, at);
		if (was && r >= 0)
			r = store_put(w->tx, Q_OUTBOX_SET_RECIPIENT,
				ARGS(A(recipient(w, was)),
					A(recipient(w, identity_long(w->arena, was))),
					A(recipient(w, name->now))));
	}
	return r;
}

/* A number that is told with or without its ninth digit is the one it was. */
static struct rename rename_of(struct work *w, const char *was, const char *now)
{
	const bool is_one =
		was && now && strcmp(identity_of(w->arena, was), identity_of(w->arena, now)) != 0;

	return (struct rename){ is_one ? was : NULL, is_one ? now : NULL };
}

/* Who else has the name that changed: it is that account's. */
static int change_others(struct work *w, int64_t contact_id, struct renaming *renaming)
{
	const char *number = renaming->names[0].was, *user = renaming->names[1].was;
	int64_t id = 0;
	int r;

	renaming->step = replace_held;
	while ((r = store_get_int(w->tx, Q_IDENTITY_HOLDER,
			ARGS(A(number ? identity_of(w->arena, number) : ""), A(user ? user : ""),
				A(id)),
			&id)) > 0) {
		if (id != contact_id)
			r = rename_contact(w, id, renaming);
		if (r >= 0 && id != contact_id)
			r = note_change(w, id, renaming->event);
		if (r < 0)
			return r;
	}
	return r;
}

static int change(struct work *w, int64_t contact_id, const struct wa_event *event)
{
	const struct identity_names names = wa_names(&event->after);
	struct renaming renaming = { event,
		{ rename_of(w, event->before.wa_id, event->after.wa_id),
			rename_of(w, event->before.user_id, event->after.user_id) },
		replace };
	int r = rename_contact(w, contact_id, &renaming);

	if (r >= 0)
		r = identity_learn(w, contact_id, &names);
	if (r >= 0)
		r = note_change(w, contact_id, event);
	if (r >= 0)
		r = change_others(w, contact_id, &renaming);
	if (r >= 0)
		r = rename_account(w, &renaming);
	return r < 0 ? r : WA_USED;
}

int wa_route_change(struct work *w, const struct wa_event *event, const char **ret_reason)
{
	const struct identity_names before = wa_names(&event->before);
	const struct identity_names after = wa_names(&event->after);
	struct wa_known known;
	int64_t contact_id = 0;
	int r = wa_find_message(w, event->wamid, &known);

	if (r != 0)
		return r < 0 ? r : WA_KNOWN;
	/* What was told of the new name opens no window again that is over (W4). */
	r = conversation_find_writer(w, &after, &contact_id);
	if (r >= 0)
		r = conversation_find_writer(w, &before, &contact_id);
	if (r > 0)
		return change(w, contact_id, event);
	*ret_reason = "no_contact";
	return r < 0 ? r : WA_SET_ASIDE;
}
