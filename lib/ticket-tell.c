/* Who hears of what happens in a ticket: never with a word of what was said. */
#include <string.h>

#include "tell.h"
#include "text/template.h"
#include "ticket-private.h"

const struct named_text *ticket_texts(struct work *w, const struct ticket_row *row)
{
	const struct ticket *t = &row->ticket;
	const struct named_text texts[] = { { "office", work_office_name(w) },
		{ "number", t->number }, { "subject", t->subject },
		{ "contact_name", t->contact_name }, { "company_name", t->company_name },
		{ NULL, NULL } };
	struct named_text *ret = arena_alloc(w->arena, sizeof(texts));

	memcpy(ret, texts, sizeof(texts));
	return ret;
}

int ticket_tell_client(
	struct work *w, const struct ticket_row *row, const char *name, int64_t *ret_outbox_id)
{
	const struct event event = { name, "ticket", row->ticket.id, ticket_texts(w, row) };
	const int r = tell_contact(w, &event, row->contact_id, ret_outbox_id);

	return r < 0 ? r : ticket_tell_company(w, row, name);
}

int ticket_tell_company(struct work *w, const struct ticket_row *row, const char *name)
{
	const struct event event = { name, "ticket", row->ticket.id, ticket_texts(w, row) };

	return row->company_id.id ? tell_notice(w, &event, row->company_id.id) : 0;
}

int ticket_tell_office(struct work *w, const struct ticket_row *row, const char *name)
{
	const struct event event = { name, "ticket", row->ticket.id, ticket_texts(w, row) };
	int64_t to = row->assignee_id.id;
	int r = tell_notice(w, &event, work_office_id(w));

	/* Else whoever takes care of the task that is discussed. */
	if (r >= 0 && !to && row->ticket.task_id.id)
		r = store_get_int(
			w->tx, Q_TICKET_RESPONSIBLE, ARGS(A(row->ticket.task_id.id)), &to);
	if (r >= 0 && to)
		r = tell_staff(w, &event, to);
	return r < 0 ? r : 0;
}

int ticket_tell_assignee(struct work *w, const struct ticket_row *row)
{
	const struct event event = { "ticket_assigned", "ticket", row->ticket.id,
		ticket_texts(w, row) };

	if (!row->assignee_id.id || row->assignee_id.id == w->actor->user_id)
		return 0;
	return tell_staff(w, &event, row->assignee_id.id);
}

int ticket_closing_text(struct work *w, const struct ticket_row *row, const char **ret)
{
	return template_subject_of_texts(
		w->arena, "ticket_closed", work_language(w), ticket_texts(w, row), ret, w->err);
}

const char *ticket_tagged_subject(struct work *w, const char *subject, const char *origin)
{
	const char *tag = work_language(w)[0] == 'p' ? "Atendimento iniciado via WhatsApp"
						     : "Service started via WhatsApp";

	if (!subject || strcmp(origin, "whatsapp") != 0 || strstr(subject, tag))
		return subject;
	return arena_printf(w->arena, "%s %s", subject, tag);
}
