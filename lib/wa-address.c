/* Where a client is written to, and until when freely (W3, W9, W10). */
#include <string.h>

#include "base/i18n.h"
#include "contact-identity.h"
#include "phone-private.h"
#include "wa-private.h"

/* What the provider allows, and the database adds (queries/wa.sql). */
enum { WINDOW_MS = 24 * 3600 * 1000 };

int conversation_wrote_at(struct work *w, const char *address, portal_time *ret)
{
	int64_t at = 0;
	const int r = store_get_int(
		w->tx, Q_IDENTITY_CLIENT_AT, ARGS(A(identity_of(w->arena, address))), &at);

	*ret = (portal_time){ at };
	return r;
}

int conversation_closes(struct work *w, const char *address, portal_time *ret)
{
	const int r = conversation_wrote_at(w, address, ret);

	if (ret->ms)
		ret->ms += WINDOW_MS;
	return r;
}

int conversation_window_open(struct work *w, const char *address)
{
	portal_time closes;
	const int r = conversation_closes(w, address, &closes);

	return r < 0 ? r : closes.ms > w->now.ms;
}

struct name_row {
	const char *identity;
};

static const struct portal_field name_fields[] = {
	PORTAL_FIELD(struct name_row, identity, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record name_record = { "identity", sizeof(struct name_row),
	name_fields };

static const char *last_line(struct work *w, const char *lines)
{
	const char *last = strrchr(lines, '\n');

	return arena_strdup(w->arena, last ? last + 1 : lines);
}

static const char *first_line(struct work *w, const char *lines)
{
	return arena_strndup(w->arena, lines, strcspn(lines, "\n"));
}

/* What WhatsApp called the person last; else the first phone that was written down. */
static const char *first_known(struct work *w, const struct contact *k)
{
	if (*k->wa_ids.lines)
		return arena_printf(w->arena, "+%s", last_line(w, k->wa_ids.lines));
	if (*k->phones.lines)
		return first_line(w, k->phones.lines);
	return *k->wa_user_ids.lines ? last_line(w, k->wa_user_ids.lines) : NULL;
}

int conversation_usual_address(struct work *w, int64_t contact_id, const char **ret)
{
	struct contact_found found;
	struct conversation_row row = { .identity = NULL };
	struct name_row name;
	int r = contact_by_id(w, contact_id, &found);

	*ret = NULL;
	if (r <= 0)
		return r;
	r = store_get(
		w->tx, Q_IDENTITY_WROTE_LAST, ARGS(A(contact_id)), w->arena, &name_record, &name);
	if (r > 0)
		*ret = identity_address(w, &found.contact, name.identity);
	if (r >= 0 && !*ret)
		r = conversation_stored(w, CONVERSATION_OF_CONTACT, ARGS(A(contact_id)), &row);
	if (r > 0 && !*ret)
		*ret = identity_address(w, &found.contact, row.conversation.phone);
	if (r >= 0 && !*ret)
		*ret = first_known(w, &found.contact);
	return r < 0 ? r : *ret != NULL;
}

int conversation_address_now(
	struct work *w, int64_t contact_id, const char *address, const char **ret)
{
	struct contact_found found;
	const int r = contact_by_id(w, contact_id, &found);

	*ret = r > 0 ? identity_address(w, &found.contact, address) : NULL;
	return r <= 0 || *ret ? r : conversation_usual_address(w, contact_id, ret);
}

/* W4: whoever has answered through the app since is not written to over WhatsApp. */
static int is_in_app(struct work *w, const struct conversation_row *row)
{
	int64_t id;

	return store_get_int(w->tx, Q_MESSAGE_THROUGH_APP,
		ARGS(A(row->ticket_id), A(row->conversation.ended_at)), &id);
}

/* By itself, or as the ticket was done before it was opened again. */
static bool ended_aside(const struct conversation *c)
{
	return !strcmp(c->end_reason, "inactivity") || !strcmp(c->end_reason, "done");
}

/* Where one that has ended would go on now. */
static int find_address_now(struct work *w, struct conversation_row *row)
{
	struct conversation *c = &row->conversation;
	int r = conversation_address_now(w, c->contact_id, c->phone, &c->phone);

	if (r <= 0)
		return r;
	r = conversation_window_open(w, c->phone);
	c->window_open = r > 0;
	return r < 0 ? r : 1;
}

int conversation_to_conclude(
	struct work *w, const struct ticket_row *ticket, struct conversation_row *ret)
{
	const struct conversation *c = &ret->conversation;
	int r = conversation_last(w, ticket->ticket.id, ret);

	if (r <= 0 || conversation_is_live(c))
		return r;
	if (c->contact_id != ticket->contact_id || !ended_aside(c))
		return 0;
	r = ret->stored_live ? 0 : is_in_app(w, ret);
	return r != 0 ? (r < 0 ? r : 0) : find_address_now(w, ret);
}

static int no_phone(struct work *w, int64_t contact_id)
{
	portal_fail(w->err, PORTAL_INVALID, _("the contact has no phone to write to"));
	portal_about(w->err, "contact", contact_id);
	return portal_hint(
		w->err, "portalctl contact set %lld --phone NUMBER", (long long)contact_id);
}

/* Who may change contacts writes it down first: else the number would be the contact's,
 * and nobody could see that it is. The command names all phones, as it replaces them. */
static int strange_phone(struct work *w, const struct contact *k, const struct phone *phone)
{
	const char *phones = "";

	for (const char *line = k->phones.lines; *line; line += *line == '\n') {
		const size_t len = strcspn(line, "\n");

		phones = arena_printf(w->arena, "%s --phone %.*s", phones, (int)len, line);
		line += len;
	}
	portal_fail(w->err, PORTAL_INVALID, _("'%s' is not among the phones of '%s'"), phone->e164,
		contact_title(k));
	portal_about(w->err, "contact", k->id);
	portal_about_field(w->err, "phone");
	return portal_hint(w->err, "portalctl contact set %lld%s --phone %s", (long long)k->id,
		phones, phone->e164);
}

static int one_of_its_own(struct work *w, int64_t contact_id, const char *wanted, const char **ret)
{
	struct contact_found found;
	struct phone phone;
	int r = phone_field(w, wanted, &phone);

	if (r >= 0)
		r = contact_by_id(w, contact_id, &found);
	if (r <= 0)
		return r < 0 ? r : no_phone(w, contact_id);
	*ret = identity_address(w, &found.contact, phone.e164);
	return *ret ? 1 : strange_phone(w, &found.contact, &phone);
}

int conversation_find_address(
	struct work *w, int64_t contact_id, const char *wanted, const char **ret)
{
	int r;

	if (wanted)
		return one_of_its_own(w, contact_id, wanted, ret);
	r = conversation_usual_address(w, contact_id, ret);
	return r == 0 ? no_phone(w, contact_id) : r;
}
