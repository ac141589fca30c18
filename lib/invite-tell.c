/* Whom the steps of an invite are told to (N11). */
#include <stdio.h>
#include <string.h>

#include "base/zone.h"
#include "company-private.h"
#include "invite-private.h"
#include "user-private.h"

static const char *printed_id(struct work *w, const char *country, const char *tax_id)
{
	char buf[TAXID_FORMAT_SIZE];

	return arena_strdup(w->arena, taxid_format(country, tax_id, buf));
}

/* A company without a name is called by its printed tax id. */
static const char *title(struct work *w, const char *name, const char *country, const char *tax_id)
{
	return name ? name : printed_id(w, country, tax_id);
}

/* As the office reads a date; the mail is in the portal's language. */
static const char *date_text(struct work *w, portal_time time)
{
	const struct zone *zone = work_zone(w);
	struct civil civil;

	if (!zone)
		return NULL;
	zone_to_civil(zone, time, &civil);
	if (work_language(w)[0] == 'p')
		return arena_printf(w->arena, "%02d/%02d/%04d", civil.day, civil.month, civil.year);
	return arena_printf(w->arena, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
}

struct texts {
	struct named_text list[15];
};

/* Where the company has users its admins answer, and the token gives no right (N7).
 * Of one that strangers don't know this says nothing. */
static int admins_answer(
	struct work *w, const struct invite_row *row, const char *event_name, bool *ret)
{
	int64_t users = 0;
	int r = 0;

	if (!strcmp(event_name, "invite_sent") && !strcmp(row->to_status, "registered"))
		r = user_count(w, row->to_id, &users);
	*ret = row->asked_access || users > 0;
	return r;
}

/* A text that can't be made must not become a mail that can't be sent. */
static int texts_of(
	struct work *w, const struct invite_row *row, const char *event_name, struct texts *ret)
{
	const struct invite told = invite_told(w, row), *i = &told;
	const char *expires_on = date_text(w, i->expires_at);
	bool admins = false;

	if (!expires_on || admins_answer(w, row, event_name, &admins) < 0)
		return -(int)w->err->code;
	*ret = (struct texts){ {
		{ "office", work_office_name(w) },
		{ "invite_id", arena_printf(w->arena, "%lld", (long long)i->id) },
		{ "from_name", title(w, i->from_name, i->from_country, i->from_tax_id) },
		{ "from_tax_id", printed_id(w, i->from_country, i->from_tax_id) },
		{ "to_name", title(w, i->to_name, i->to_country, i->to_tax_id) },
		{ "to_tax_id", printed_id(w, i->to_country, i->to_tax_id) },
		{ "email", i->email },
		{ "contact_name", i->contact_name },
		{ "message", row->message },
		{ "reason", i->reason_text },
		{ "expires_on", expires_on },
		{ "asks_access", row->asked_access ? i->email : NULL },
		{ "admin_answers", admins ? "1" : NULL },
		{ NULL, NULL },
	} };
	return 0;
}

int invite_mail_contact(struct work *w, const struct invite_row *row, int64_t *ret_outbox_id)
{
	struct texts texts;
	const int r = texts_of(w, row, "invite_sent", &texts);
	const struct event event = { "invite_sent", "invite", row->invite.id, texts.list };

	return r < 0 ? r : tell_address(w, &event, row->invite.email, ret_outbox_id);
}

static struct told side_of(const struct invite_row *row, enum invite_side side)
{
	if (side == INVITE_ISSUER)
		return (struct told){ .company_id = row->from_id,
			.company_email = row->from_email };
	return (struct told){ .company_id = row->to_id, .contact = row->invite.email };
}

int invite_tell(struct work *w, const struct invite_row *row, enum invite_side side,
	const char *event_name, int64_t *ret_outbox_id)
{
	struct texts texts;
	const int r = texts_of(w, row, event_name, &texts);
	const struct event event = { event_name, "invite", row->invite.id, texts.list };
	const struct told told = side_of(row, side);

	return r < 0 ? r : tell_company(w, &event, &told, ret_outbox_id);
}

int invite_tell_both(struct work *w, const struct invite_row *row, const char *event_name)
{
	struct texts texts;
	const int r = texts_of(w, row, event_name, &texts);
	const struct event event = { event_name, "invite", row->invite.id, texts.list };
	const struct told told[] = { side_of(row, INVITE_ISSUER), side_of(row, INVITE_INVITED) };

	return r < 0 ? r : tell_companies(w, &event, told, sizeof(told) / sizeof(*told));
}
