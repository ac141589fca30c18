#include "contact-identity.h"

#include <string.h>

#include "audit.h"
#include "base/utf8.h"

/* "+55 DD 9 XXXX-XXXX" and "55 DD XXXX-XXXX" are one number where the eight digits begin
 * as those of mobiles did; no rule tells which of the two WhatsApp uses. */
enum { COUNTRY_AND_AREA = 4, SHORT_MOBILE = 12, LONG_MOBILE = 13 };

bool identity_is_user(const char *address)
{
	return address[0] >= 'A' && address[0] <= 'Z';
}

const char *identity_of(struct arena *arena, const char *address)
{
	const char *digits = address[0] == '+' ? address + 1 : address;
	const char *ninth = digits + COUNTRY_AND_AREA;

	if (identity_is_user(address) || strlen(digits) != LONG_MOBILE ||
		strncmp(digits, "55", 2) != 0 || *ninth != '9' || ninth[1] < '6')
		return digits;
	return arena_printf(arena, "%.*s%s", COUNTRY_AND_AREA, digits, ninth + 1);
}

const char *identity_long(struct arena *arena, const char *identity)
{
	if (identity_is_user(identity) || strlen(identity) != SHORT_MOBILE ||
		strncmp(identity, "55", 2) != 0 || identity[COUNTRY_AND_AREA] < '6')
		return identity;
	return arena_printf(
		arena, "%.*s9%s", COUNTRY_AND_AREA, identity, identity + COUNTRY_AND_AREA);
}

/* The lines of a list, one after the other. */
static const char *next_line(struct arena *arena, const char **rest)
{
	const char *line = *rest;
	const size_t len = line ? strcspn(line, "\n") : 0;

	if (!len)
		return NULL;
	*rest = line[len] ? line + len + 1 : "";
	return arena_strndup(arena, line, len);
}

/* The last line of @lines that is @identity, NULL where none is. */
static const char *spelled(struct work *w, const char *lines, const char *identity)
{
	const char *line, *found = NULL;

	while ((line = next_line(w->arena, &lines)))
		if (!strcmp(identity_of(w->arena, line), identity))
			found = line;
	return found;
}

static bool knows(struct work *w, const char *lines, const char *identity)
{
	return spelled(w, lines, identity) != NULL;
}

const char *identity_address(struct work *w, const struct contact *k, const char *address)
{
	const char *identity = identity_of(w->arena, address);
	const char *line = spelled(w, k->wa_ids.lines, identity);

	if (line)
		return arena_printf(w->arena, "+%s", line);
	line = spelled(w, k->phones.lines, identity);
	return line ? line : spelled(w, k->wa_user_ids.lines, identity);
}

static int add(struct work *w, int64_t contact_id, const char *address, portal_time at)
{
	return store_put(w->tx, Q_IDENTITY_ADD,
		ARGS(A(identity_of(w->arena, address)), A(contact_id), A(at)));
}

static int drop(struct work *w, int64_t contact_id, const char *address)
{
	return store_put(
		w->tx, Q_IDENTITY_DROP, ARGS(A(identity_of(w->arena, address)), A(contact_id)));
}

int identity_put_phones(
	struct work *w, int64_t contact_id, portal_list wa_ids, const char *was, const char *now)
{
	const char *line, *rest = was;
	int r = 0;

	if (text_same(was, now))
		return 0;
	while (r >= 0 && (line = next_line(w->arena, &rest))) {
		const char *identity = identity_of(w->arena, line);

		if (!knows(w, now, identity) && !knows(w, wa_ids.lines, identity))
			r = drop(w, contact_id, line);
	}
	while (r >= 0 && (line = next_line(w->arena, &now)))
		r = add(w, contact_id, line, w->now);
	return r < 0 ? r : 0;
}

static const char *with_line(struct work *w, const char *lines, const char *line)
{
	return lines && *lines ? arena_printf(w->arena, "%s\n%s", lines, line) : line;
}

/* @name replaced by @now (NULL: left out) in the lines. */
static const char *lines_with(struct work *w, const char *lines, const char *name, const char *now)
{
	const char *line, *rest = lines, *out = "";

	while ((line = next_line(w->arena, &rest)))
		if (strcmp(identity_of(w->arena, line), name) != 0)
			out = with_line(w, out, line);
	return now ? with_line(w, out, now) : out;
}

/* The log has the names that came and went. */
static int save(struct work *w, const struct contact *was, const struct contact *now)
{
	int r = store_put(w->tx, Q_CONTACT_SET_WHATSAPP,
		ARGS(A(was->id), A(now->wa_ids.lines), A(now->wa_user_ids.lines), A(w->now)));

	if (r < 0)
		return r;
	return audit_add(w, "contact.identity", "contact", was->id,
		CHANGES({ "wa_ids", audit_list_text(w, was->wa_ids),
				audit_list_text(w, now->wa_ids) },
			{ "wa_user_ids", audit_list_text(w, was->wa_user_ids),
				audit_list_text(w, now->wa_user_ids) }));
}

struct user {
	const char *user_id;
};

static const struct portal_field user_fields[] = {
	PORTAL_FIELD(struct user, user_id, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record user_record = { "identity", sizeof(struct user), user_fields };

/* What answers of WhatsApp told of a phone from which nobody wrote goes with it. */
static int unlearn_phone(struct work *w, const char *phone, struct contact *now)
{
	const char *identity = identity_of(w->arena, phone);
	struct user user = { NULL };
	int r = store_get(w->tx, Q_IDENTITY_UNHEARD, ARGS(A(identity), A(now->id)), w->arena,
		&user_record, &user);

	if (r <= 0)
		return r;
	now->wa_ids.lines = lines_with(w, now->wa_ids.lines, identity, NULL);
	if (user.user_id) {
		now->wa_user_ids.lines = lines_with(w, now->wa_user_ids.lines, user.user_id, NULL);
		r = drop(w, now->id, user.user_id);
	}
	return r < 0 ? r : drop(w, now->id, phone);
}

int identity_unlearn(struct work *w, const struct contact *was, struct contact *now)
{
	const char *line, *rest = was->phones.lines;
	int r = 0;

	while (r >= 0 && (line = next_line(w->arena, &rest)))
		if (!knows(w, now->phones.lines, identity_of(w->arena, line)))
			r = unlearn_phone(w, line, now);
	if (r < 0 || (text_same(was->wa_ids.lines, now->wa_ids.lines) &&
			     text_same(was->wa_user_ids.lines, now->wa_user_ids.lines)))
		return r < 0 ? r : 0;
	return save(w, was, now);
}

/* 1: @found had not all of these names; 0. */
static int learn(struct work *w, const struct contact_found *found,
	const struct identity_names *names, portal_time at)
{
	const int64_t id = found->contact.id;
	struct contact now = found->contact;
	int r = 0;

	if (names->wa_id && !portal_list_has(now.wa_ids, names->wa_id))
		now.wa_ids.lines = with_line(w, now.wa_ids.lines, names->wa_id);
	if (names->user_id && !portal_list_has(now.wa_user_ids, names->user_id))
		now.wa_user_ids.lines = with_line(w, now.wa_user_ids.lines, names->user_id);
	if (text_same(now.wa_ids.lines, found->contact.wa_ids.lines) &&
		text_same(now.wa_user_ids.lines, found->contact.wa_user_ids.lines))
		return 0;
	if (names->wa_id)
		r = add(w, id, names->wa_id, at);
	if (r >= 0 && names->user_id)
		r = add(w, id, names->user_id, at);
	if (r >= 0)
		r = save(w, &found->contact, &now);
	return r < 0 ? r : 1;
}

int identity_learn(
	struct work *w, int64_t contact_id, const struct identity_names *names, portal_time at)
{
	struct contact_found found;
	const int r = contact_by_id(w, contact_id, &found);

	return r <= 0 ? r : learn(w, &found, names, at);
}

/* The number and the user are one account, and what one of them wrote both did. 1: they were
 * not yet; 0. */
static int link_names(struct work *w, const char *wa_id, const char *user_id)
{
	const char *number = wa_id ? identity_of(w->arena, wa_id) : NULL;
	int r;

	if (!number || !user_id)
		return 0;
	r = store_put(w->tx, Q_IDENTITY_LINK, ARGS(A(number), A(user_id)));
	if (r > 0)
		r = store_put(w->tx, Q_IDENTITY_LEVEL, ARGS(A(number), A(user_id)));
	return r > 0 ? 1 : r;
}

/* What is told of a message to one name may be wrong, or of who had that name before: nobody
 * gets another's by it, and *@name is then NULL. Of the name it went to, @reached, nothing is
 * asked, nor of what the contact @has already. */
static int leave_anothers(
	struct work *w, int64_t contact_id, const char *reached, portal_list has, const char **name)
{
	const char *identity = *name ? identity_of(w->arena, *name) : NULL;
	int64_t id;
	int r;

	if (!identity || text_same(identity, reached) || portal_list_has(has, *name))
		return 0;
	r = store_get_int(w->tx, Q_IDENTITY_ANOTHERS, ARGS(A(identity), A(contact_id)), &id);
	if (r > 0)
		*name = NULL;
	return r;
}

int identity_learn_at(struct work *w, const char *address, const struct identity_names *names)
{
	struct identity_names told = *names;
	const bool is_user = identity_is_user(address);
	const struct identity_names reached = { is_user ? NULL : identity_of(w->arena, address),
		is_user ? address : NULL };
	struct contact_found found;
	int64_t contact_id = 0;
	int learned, r = identity_find(w, &reached, &contact_id);

	if (r > 0)
		r = contact_by_id(w, contact_id, &found);
	if (r <= 0)
		return r;
	r = leave_anothers(w, contact_id, reached.wa_id, found.contact.wa_ids, &told.wa_id);
	if (r >= 0)
		r = leave_anothers(
			w, contact_id, reached.user_id, found.contact.wa_user_ids, &told.user_id);
	if (r >= 0)
		r = learn(w, &found, &told, w->now);
	learned = r;
	if (r >= 0)
		r = link_names(w, reached.wa_id, told.user_id);
	if (r >= 0 && (told.user_id || !names->user_id))
		r = link_names(w, told.wa_id, told.user_id ? told.user_id : reached.user_id);
	return r < 0 ? r : learned;
}

/* The phones that the office wrote down go along: the old one reaches a stranger. */
static int replace_phone(
	struct work *w, const struct contact *was, const char *identity, const char *now)
{
	struct contact changed = *was;

	if (!knows(w, was->phones.lines, identity))
		return 0;
	changed.phones.lines =
		lines_with(w, was->phones.lines, identity, arena_printf(w->arena, "+%s", now));
	return contact_store(w, "contact.identity", was, &changed);
}

int identity_replace(struct work *w, int64_t contact_id, const struct identity_change *change)
{
	const char *was = change->was, *now = change->now;
	const char *identity = identity_of(w->arena, was);
	struct contact_found found;
	struct contact changed;
	int r = contact_by_id(w, contact_id, &found);

	if (r <= 0)
		return r;
	changed = found.contact;
	if (identity_is_user(was))
		changed.wa_user_ids.lines = lines_with(w, changed.wa_user_ids.lines, identity, now);
	else
		changed.wa_ids.lines = lines_with(w, changed.wa_ids.lines, identity, now);
	r = store_put(w->tx, Q_IDENTITY_RENAME,
		ARGS(A(identity), A(contact_id), A(identity_of(w->arena, now)), A(change->since),
			A(change->until)));
	if (r >= 0)
		r = store_put(w->tx, Q_IDENTITY_SHARE,
			ARGS(A(identity_of(w->arena, now)), A(contact_id)));
	if (r >= 0 && identity_is_user(was))
		r = store_put(w->tx, Q_IDENTITY_RENAME_USER, ARGS(A(was), A(now)));
	if (r >= 0)
		r = drop(w, contact_id, was);
	if (r >= 0)
		r = save(w, &found.contact, &changed);
	if (r >= 0 && !identity_is_user(was))
		r = replace_phone(w, &found.contact, identity, now);
	return r < 0 ? r : 1;
}

struct became {
	const char *address;
	portal_time until;
};

static const struct portal_field became_fields[] = {
	PORTAL_FIELD(struct became, address, NULL),
	PORTAL_FIELD(struct became, until, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record became_record = { "identity", sizeof(struct became),
	became_fields };

int identity_became(struct work *w, const char *was, const char *now, portal_time at)
{
	return store_put(w->tx, Q_IDENTITY_FORMER_INSERT,
		ARGS(A(identity_of(w->arena, was)), A(at), A(now)));
}

/* Each change is later than the one before, so that this ends where names went round. */
int identity_name_now(struct work *w, const char **name, portal_time *at)
{
	struct became became;
	int r = *name != NULL;

	while (r > 0) {
		r = store_get(w->tx, Q_IDENTITY_FORMER,
			ARGS(A(identity_of(w->arena, *name)), A(*at)), w->arena, &became_record,
			&became);
		if (r > 0) {
			*name = became.address;
			*at = became.until;
		}
	}
	return r;
}

int identity_names_now(struct work *w, struct identity_names *names, portal_time at)
{
	portal_time number_at = at, user_at = at;
	const int r = identity_name_now(w, &names->wa_id, &number_at);

	return r < 0 ? r : identity_name_now(w, &names->user_id, &user_at);
}

static const struct portal_field writer_fields[] = {
	PORTAL_FIELD(struct identity_writer, contact_id, NULL),
	PORTAL_FIELD(struct identity_writer, overdue_id, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record writer_record = { "identity", sizeof(struct identity_writer),
	writer_fields };

static int find(struct work *w, const struct identity_names *names, int64_t overdue_first,
	struct identity_writer *ret)
{
	const char *user = names->user_id ? names->user_id : "";
	const char *number = names->wa_id ? identity_of(w->arena, names->wa_id) : "";
	const int r =
		*user ? 0
		      : store_get(w->tx, Q_IDENTITY_ONLY_CONTACT,
				ARGS(A(user), A(number), A(w->now)), w->arena, &writer_record, ret);

	if (r != 0)
		return r;
	return store_get(w->tx, Q_IDENTITY_CONTACT,
		ARGS(A(user), A(number), A(w->now), A(overdue_first)), w->arena, &writer_record,
		ret);
}

int identity_find(struct work *w, const struct identity_names *names, int64_t *ret_contact_id)
{
	struct identity_writer writer;
	const int r = find(w, names, 0, &writer);

	if (r > 0)
		*ret_contact_id = writer.contact_id;
	return r;
}

int identity_find_overdue(
	struct work *w, const struct identity_names *names, struct identity_writer *ret)
{
	return find(w, names, 1, ret);
}

/* Each name by a statement of its own: with OR, or IN, SQLite would make tables of its own. */
static int wrote_as(struct work *w, const char *number, const char *user, portal_time at)
{
	int r = number ? store_put(w->tx, Q_IDENTITY_WROTE, ARGS(A(number), A(at))) : 0;

	if (r >= 0 && user)
		r = store_put(w->tx, Q_IDENTITY_WROTE, ARGS(A(user), A(at)));
	if (r >= 0 && user)
		r = store_put(w->tx, Q_IDENTITY_WROTE_AS_USER, ARGS(A(user), A(at)));
	return r;
}

/* Of all that is one account with these names. */
int identity_wrote(struct work *w, const struct identity_names *names, portal_time at)
{
	const char *number = names->wa_id ? identity_of(w->arena, names->wa_id) : NULL;
	struct user user = { names->user_id };
	const int linked = link_names(w, names->wa_id, names->user_id);
	int r = linked;

	if (r >= 0 && number && !user.user_id)
		r = store_get(
			w->tx, Q_IDENTITY_USER, ARGS(A(number)), w->arena, &user_record, &user);
	if (r >= 0)
		r = wrote_as(w, number, user.user_id, at);
	return r < 0 ? r : linked;
}

int identity_settle(struct work *w, int64_t contact_id, const char *address)
{
	struct contact_found found;
	const int r = contact_by_id(w, contact_id, &found);

	if (r <= 0 || identity_address(w, &found.contact, address))
		return r < 0 ? r : 0;
	return drop(w, contact_id, address);
}

int identity_follow_links(
	struct work *w, const struct contact *contact, const char *to, const char *why)
{
	const char *const lists[] = { contact->phones.lines, contact->wa_ids.lines };
	const char *line, *rest;
	int r = 0;

	for (int i = 0; i < 2; i++)
		for (rest = lists[i]; r >= 0 && (line = next_line(w->arena, &rest));) {
			const char *identity = identity_of(w->arena, line);

			line = *line == '+' ? line : arena_printf(w->arena, "+%s", line);
			r = store_put(w->tx, Q_OUTBOX_FOLLOW_LINKS,
				ARGS(A(contact->id), A(line), A(to), A(why), A(identity)));
		}
	return r < 0 ? r : 0;
}

const char *identity_gone(struct work *w, const struct contact *now, const char **rest)
{
	const char *line;

	while ((line = next_line(w->arena, rest)))
		if (!identity_address(w, now, line))
			return line;
	return NULL;
}

int identity_forget(struct work *w, int64_t contact_id)
{
	return store_put(w->tx, Q_IDENTITY_DROP_ALL, ARGS(A(contact_id)));
}
