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

/* What is said goes to the new address from now on; where somebody else is spoken with there
 * the conversation has ended, as the old address is a stranger's. */
static int follow_address(struct work *w, int64_t contact_id, const char *was, const char *now)
{
	struct conversation_row row;
	int r = conversation_stored(w, CONVERSATION_OF_CONTACT, ARGS(A(contact_id)), &row);

	if (r <= 0 || strcmp(row.identity, identity_of(w->arena, was)) != 0)
		return r;
	r = conversation_move(w, &row, now);
	return r ? r : conversation_stop(w, &row);
}

/* As messages name it. */
static const char *recipient(struct work *w, const char *name)
{
	return identity_is_user(name) ? name : arena_printf(w->arena, "+%s", name);
}

/* Are these two names, and not one (with and without the ninth digit), or one that is not told? */
static bool differ(struct work *w, const char *was, const char *now)
{
	return was && now && strcmp(identity_of(w->arena, was), identity_of(w->arena, now)) != 0;
}

/* 1: the contact had the name @was, which is @now; 0. Who is known by the
 * user's id alone has no number that changes. */
static int replace(struct work *w, int64_t contact_id, const char *was, const char *now)
{
	int64_t id;
	int r;

	if (!differ(w, was, now))
		return 0;
	r = follow_address(w, contact_id, was, recipient(w, now));
	if (r >= 0)
		r = store_get_int(w->tx, Q_IDENTITY_HELD,
			ARGS(A(identity_of(w->arena, was)), A(contact_id)), &id);
	return r > 0 ? identity_replace(w, contact_id, was, now) : r;
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
	r = store_put(w->tx, Q_OUTBOX_FOLLOW_CLIENT, ARGS(A(row.ticket_id), A(now)));
	if (r >= 0)
		r = say_number(w, row.ticket_id,
			(const char *const[]){ row.conversation.phone, now }, NULL);
	return r < 0 ? r
		     : audit_add(w, "wa.receive", "conversation", row.conversation.id,
			       CHANGES({ "phone", row.conversation.phone, now }));
}

/* An account had the names @was and has @now, as far as they are told: both as they are known
 * by now, where others came after them that were told before. */
struct renaming {
	const struct wa_event *event;
	struct identity_names was, now;
};

/* A change that was told before changes nothing: the old name may be another's since. */
static int take_name(struct work *w, const char **was, const char *now, portal_time at)
{
	int r;

	if (!differ(w, *was, now))
		return 0;
	r = identity_became(w, *was, now, at);
	if (r == 0)
		*was = now;
	return r;
}

static int take_names(struct work *w, const struct wa_event *event, struct renaming *ret)
{
	const portal_time at = wa_happened_at(w, event);
	int r;

	*ret = (struct renaming){ event, wa_names(&event->before), wa_names(&event->after) };
	r = take_name(w, &ret->was.wa_id, ret->now.wa_id, at);
	if (r >= 0)
		r = take_name(w, &ret->was.user_id, ret->now.user_id, at);
	if (r >= 0)
		r = identity_names_now(w, &ret->was, at);
	return r < 0 ? r : identity_names_now(w, &ret->now, at);
}

/* In the ticket that is being spoken of, or was last. */
static int note_change(struct work *w, int64_t contact_id, const struct renaming *renaming)
{
	const struct wa_person was = { renaming->was.wa_id, renaming->was.user_id, NULL };
	const struct wa_person now = { renaming->now.wa_id, renaming->now.user_id, NULL };
	const char *const was_and_now[] = { wa_address(w, &was), wa_address(w, &now) };
	int64_t id = 0;
	int r;

	if (!strcmp(was_and_now[0], was_and_now[1]))
		return 0;
	r = store_get_int(w->tx, Q_TICKET_NEWEST_OF, ARGS(A(contact_id)), &id);
	return r > 0 ? say_number(w, id, was_and_now, renaming->event->wamid) : r;
}

/* 1: one of its names has changed; 0. */
static int rename_contact(struct work *w, int64_t contact_id, const struct renaming *renaming)
{
	const struct identity_names *was = &renaming->was, *now = &renaming->now;
	const int number = replace(w, contact_id, was->wa_id, now->wa_id);
	const int user = number < 0 ? number : replace(w, contact_id, was->user_id, now->user_id);

	return user < 0 ? user : number || user;
}

/* What was to be sent to @was goes to @now. */
static int redirect(struct work *w, const char *was, const char *now)
{
	const char *identity = differ(w, was, now) ? identity_of(w->arena, was) : NULL;

	return !identity ? 0
			 : store_put(w->tx, Q_OUTBOX_SET_RECIPIENT,
				   ARGS(A(recipient(w, identity)),
					   A(recipient(w, identity_long(w->arena, identity))),
					   A(recipient(w, now))));
}

/* Who else has the name that changed: it is that account's. 1: somebody; 0. */
static int change_others(struct work *w, int64_t contact_id, const struct renaming *renaming)
{
	const struct identity_names *was = &renaming->was, *now = &renaming->now;
	const char *number = differ(w, was->wa_id, now->wa_id) ? was->wa_id : "";
	const char *user = differ(w, was->user_id, now->user_id) ? was->user_id : "";
	int64_t id = 0;
	int r, changed = 0;

	while ((r = store_get_int(w->tx, Q_IDENTITY_HOLDER,
			ARGS(A(identity_of(w->arena, number)), A(user), A(id)), &id)) > 0) {
		if (id != contact_id)
			r = changed = rename_contact(w, id, renaming);
		if (r >= 0 && id != contact_id)
			r = note_change(w, id, renaming);
		if (r < 0)
			return r;
	}
	return r < 0 ? r : changed;
}

static int redirect_all(struct work *w, const struct renaming *renaming)
{
	const int r = redirect(w, renaming->was.wa_id, renaming->now.wa_id);

	return r < 0 ? r : redirect(w, renaming->was.user_id, renaming->now.user_id);
}

static int change(struct work *w, int64_t contact_id, const struct renaming *renaming)
{
	int others = 0, own = rename_contact(w, contact_id, renaming);
	int r = own < 0 ? own : identity_learn(w, contact_id, &renaming->now);

	own |= r;
	if (r >= 0 && own)
		r = note_change(w, contact_id, renaming);
	if (r >= 0)
		r = others = change_others(w, contact_id, renaming);
	if (r >= 0)
		r = redirect_all(w, renaming);
	return r < 0 ? r : own || others ? WA_USED : WA_KNOWN;
}

int wa_route_change(struct work *w, const struct wa_event *event, const char **ret_reason)
{
	struct renaming renaming;
	struct wa_known known;
	int64_t contact_id = 0;
	int r = wa_find_message(w, event->wamid, &known);

	if (r != 0)
		return r < 0 ? r : WA_KNOWN;
	r = take_names(w, event, &renaming);
	/* What was told of the new name opens no window again that is over (W4). */
	if (r >= 0)
		r = conversation_find_writer(w, &renaming.now, &contact_id);
	if (r >= 0)
		r = conversation_find_writer(w, &renaming.was, &contact_id);
	w->caused_by = WORK_BY_RULE;
	if (r > 0)
		return change(w, contact_id, &renaming);
	*ret_reason = "no_contact";
	return r < 0 ? r : WA_SET_ASIDE;
}
