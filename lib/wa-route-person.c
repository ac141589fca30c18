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

int wa_find_writer(
	struct work *w, const struct wa_person *who, portal_time at, int64_t *ret_contact_id)
{
	const struct identity_names names = wa_names(who);
	int r = conversation_find_writer(w, &names, ret_contact_id);

	if (r == 0)
		r = add_contact(w, who, ret_contact_id);
	return r < 0 ? r : identity_learn(w, *ret_contact_id, &names, at);
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

static int has_of_then(struct work *w, int64_t contact_id, const struct identity_change *change,
	enum store_query which)
{
	int64_t id;

	return store_get_int(w->tx, which,
		ARGS(A(identity_of(w->arena, change->was)), A(contact_id), A(change->from.ms),
			A(change->until.ms)),
		&id);
}

/* 1: the contact had the name when it changed, and has the new one; 0. Who is known by the
 * user's id alone has no number that changes. */
static int replace(struct work *w, int64_t contact_id, const struct identity_change *change)
{
	const char *was = change->was, *now = change->now;
	int r = was && now ? has_of_then(w, contact_id, change, Q_IDENTITY_HELD) : 0;

	if (r <= 0)
		return r;
	if (!differ(w, was, now)) {
		r = store_put(w->tx, Q_IDENTITY_SET_SINCE,
			ARGS(A(identity_of(w->arena, was)), A(contact_id), A(change->since)));
		return r < 0 ? r : 0;
	}
	r = follow_address(w, contact_id, was, recipient(w, now));
	return r < 0 ? r : identity_replace(w, contact_id, change);
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

int wa_follow_writer(struct work *w, const struct conversation_row *row,
	const struct wa_person *who, portal_time at)
{
	const char *now = wa_address(w, who), *was = row->conversation.phone;
	int r = differ(w, was, now) ? is_news(w, row, now, at) : 0;

	if (r > 0)
		r = conversation_move(w, row, now);
	if (r <= 0)
		return r;
	r = store_put(w->tx, Q_OUTBOX_FOLLOW_CLIENT, ARGS(A(row->ticket_id), A(now)));
	if (r >= 0)
		r = say_number(w, row->ticket_id, (const char *const[]){ was, now }, NULL);
	if (r >= 0)
		r = audit_add(w, "wa.receive", "conversation", row->conversation.id,
			CHANGES({ "phone", was, now }));
	return r < 0 ? r : 1;
}

/* An account had a number and a user's id and has others, as far as they are told: both as
 * they are known by now, where others came after them that were told before. */
struct renaming {
	const struct wa_event *event;
	struct identity_change number, user;
};

static struct identity_names names_before(const struct renaming *renaming)
{
	return (struct identity_names){ renaming->number.was, renaming->user.was };
}

static struct identity_names names_after(const struct renaming *renaming)
{
	return (struct identity_names){ renaming->number.now, renaming->user.now };
}

/* A change that was told before changes nothing: the old name may be another's since. What was
 * changed at @at is the name of those who had it then; where it was taken for another that came
 * later, and became something else, of those who have that by it. */
static int take_name(struct work *w, portal_time at, struct identity_change *ret)
{
	portal_time last = at;
	int r = 0;

	if (differ(w, ret->was, ret->now)) {
		r = identity_became(w, ret->was, ret->now, at);
		if (r == 0)
			ret->was = ret->now;
	}
	ret->since = at;
	ret->until = r > 0 ? at : (portal_time){ -1 };
	if (r >= 0)
		r = identity_name_now(w, &ret->was, &last);
	if (r >= 0)
		r = identity_name_now(w, &ret->now, &ret->since);
	if (last.ms > at.ms && ret->until.ms == at.ms)
		ret->from = ret->until = last;
	return r;
}

static int take_names(struct work *w, const struct wa_event *event, struct renaming *ret)
{
	const struct identity_names was = wa_names(&event->before), now = wa_names(&event->after);
	const portal_time at = wa_happened_at(w, event);
	int r;

	*ret = (struct renaming){ .event = event,
		.number = { .was = was.wa_id, .now = now.wa_id },
		.user = { .was = was.user_id, .now = now.user_id } };
	r = take_name(w, at, &ret->number);
	return r < 0 ? r : take_name(w, at, &ret->user);
}

/* In the ticket that is being spoken of, or was last. */
static int note_change(struct work *w, int64_t contact_id, const struct renaming *renaming)
{
	const struct wa_person was = { renaming->number.was, renaming->user.was, NULL };
	const struct wa_person now = { renaming->number.now, renaming->user.now, NULL };
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
	const int number = replace(w, contact_id, &renaming->number);
	const int user = number < 0 ? number : replace(w, contact_id, &renaming->user);

	return user < 0 ? user : number || user;
}

/* What was to be sent to the name goes to the new one. */
static int redirect(struct work *w, const struct identity_change *change)
{
	const char *identity;

	if (!differ(w, change->was, change->now))
		return 0;
	identity = identity_of(w->arena, change->was);
	return store_put(w->tx, Q_OUTBOX_SET_RECIPIENT,
		ARGS(A(recipient(w, identity)), A(recipient(w, identity_long(w->arena, identity))),
			A(recipient(w, change->now)), A(identity)));
}

/* Who had a name when it changed, after the contact *@ret_id: 1, 0, negative. */
static int next_of_then(struct work *w, const struct identity_change *change, int64_t *ret_id)
{
	return change->was && change->now
		       ? store_get_int(w->tx, Q_IDENTITY_HOLDER,
				 ARGS(A(identity_of(w->arena, change->was)), A(*ret_id),
					 A(change->from.ms), A(change->until.ms)),
				 ret_id)
		       : 0;
}

/* Who else had the name that changed: it is that account's. 1: somebody; 0. */
static int change_others(struct work *w, int64_t contact_id, const struct renaming *renaming,
	const struct identity_change *change)
{
	int64_t id = 0;
	int r, changed = 0;

	while ((r = next_of_then(w, change, &id)) > 0) {
		if (id != contact_id)
			r = rename_contact(w, id, renaming);
		if (r > 0 && id != contact_id) {
			changed = 1;
			r = note_change(w, id, renaming);
		}
		if (r < 0)
			return r;
	}
	return r < 0 ? r : changed;
}

static int change_all_others(struct work *w, int64_t contact_id, const struct renaming *renaming)
{
	const int number = change_others(w, contact_id, renaming, &renaming->number);
	const int user =
		number < 0 ? number : change_others(w, contact_id, renaming, &renaming->user);

	return user < 0 ? user : number || user;
}

static int redirect_all(struct work *w, const struct renaming *renaming)
{
	const int r = redirect(w, &renaming->number);

	return r < 0 ? r : redirect(w, &renaming->user);
}

static portal_time later_of(portal_time a, portal_time b)
{
	return a.ms > b.ms ? a : b;
}

static int change(struct work *w, int64_t contact_id, const struct renaming *renaming)
{
	const struct identity_names now = names_after(renaming);
	const portal_time since = later_of(renaming->number.since, renaming->user.since);
	int others = 0, own = rename_contact(w, contact_id, renaming);
	int r = own < 0 ? own : identity_learn(w, contact_id, &now, since);

	own |= r;
	if (r >= 0 && own)
		r = note_change(w, contact_id, renaming);
	if (r >= 0)
		r = others = change_all_others(w, contact_id, renaming);
	if (r >= 0)
		r = redirect_all(w, renaming);
	return r < 0 ? r : own || others ? WA_USED : WA_KNOWN;
}

/* A name that has changed tells whose it was then: nothing where nobody has it of then. */
static int drop_anew(struct work *w, const struct identity_change *change, const char **name)
{
	int64_t id = 0;
	int r;

	if (!differ(w, change->was, change->now))
		return 0;
	r = next_of_then(w, change, &id);
	if (r == 0)
		*name = NULL;
	return r;
}

/* 1: the contact came to a name that has changed after that; 0. */
static int came_after(struct work *w, int64_t contact_id, const struct identity_change *change)
{
	return differ(w, change->was, change->now)
		       ? has_of_then(w, contact_id, change, Q_IDENTITY_HELD_ELSE)
		       : 0;
}

/* Who had the names when they changed, not who was given one since. */
static int find_changed(struct work *w, const struct renaming *renaming, int64_t *ret_contact_id)
{
	struct identity_names was = names_before(renaming);
	int64_t first = 0;
	int after, r = drop_anew(w, &renaming->number, &was.wa_id);

	if (r >= 0)
		r = drop_anew(w, &renaming->user, &was.user_id);
	if (r < 0 || (!was.wa_id && !was.user_id))
		return r < 0 ? r : 0;
	r = conversation_find_writer(w, &was, ret_contact_id);
	if (r <= 0)
		return r;
	after = came_after(w, *ret_contact_id, &renaming->number);
	if (after == 0)
		after = came_after(w, *ret_contact_id, &renaming->user);
	if (after <= 0)
		return after < 0 ? after : r;
	r = next_of_then(w, &renaming->number, &first);
	if (r == 0)
		r = next_of_then(w, &renaming->user, &first);
	if (r > 0)
		*ret_contact_id = first;
	return r < 0 ? r : 1;
}

int wa_route_change(struct work *w, const struct wa_event *event, const char **ret_reason)
{
	struct renaming renaming;
	struct identity_names now;
	struct wa_known known;
	int64_t contact_id = 0;
	int r = wa_find_message(w, event->wamid, &known);

	if (r != 0)
		return r < 0 ? r : WA_KNOWN;
	r = take_names(w, event, &renaming);
	now = names_after(&renaming);
	/* What was told of the new name opens no window again that is over (W4). */
	if (r >= 0)
		r = conversation_find_writer(w, &now, &contact_id);
	if (r >= 0)
		r = find_changed(w, &renaming, &contact_id);
	w->caused_by = WORK_BY_RULE;
	if (r > 0)
		return change(w, contact_id, &renaming);
	*ret_reason = "no_contact";
	return r < 0 ? r : WA_SET_ASIDE;
}
