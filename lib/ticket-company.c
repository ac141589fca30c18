/* Tickets of a sender nobody knew become those of a company (W6). */
#include "audit.h"
#include "base/i18n.h"
#include "company-private.h"
#include "ticket-private.h"

/* What somebody works on for one company is not shown with the ticket of another. */
static int check_tasks(struct work *w, const struct ticket *ticket, int64_t company_id)
{
	int64_t id = 0;
	const int r = store_get_int(
		w->tx, Q_TICKET_FOREIGN_TASK, ARGS(A(ticket->id), A(company_id)), &id);

	if (r <= 0)
		return r;
	portal_fail(w->err, PORTAL_CONFLICT, _("task '%lld' of ticket '%s' is of another company"),
		(long long)id, ticket->number);
	portal_hint(w->err, "portalctl task cancel %lld", (long long)id);
	return portal_about(w->err, "task", id);
}

/* What was said in one that was merged stands in the other. */
static int give(
	struct work *w, const char *action, struct ticket_row *row, const struct company *company)
{
	struct ticket *t = &row->ticket;
	int r = check_tasks(w, t, company->id);

	if (r >= 0)
		r = store_put(w->tx, Q_TICKET_PUT_COMPANY, ARGS(A(t->id), A(company->id)));
	if (r >= 0 && !row->merged_into_id.id)
		r = ticket_event(w, row, "company", NULL, company_title(company));
	if (r >= 0 && !row->merged_into_id.id)
		r = ticket_save(w, row);
	return r < 0 ? r
		     : audit_add(w, action, "ticket", t->id,
			       CHANGES({ "company_tax_id", NULL, company->tax_id }));
}

int ticket_give_to_company(
	struct work *w, const char *action, int64_t contact_id, const struct company *company)
{
	struct ticket_row row = { 0 };
	int64_t id = 0;
	int r = 0;

	while (r >= 0 && (r = store_get_int(w->tx, Q_TICKET_OF_NOBODY, ARGS(A(contact_id), A(id)),
				  &id)) > 0) {
		r = ticket_by_id(w, id, &row);
		if (r >= 0)
			r = give(w, action, &row, company);
	}
	return r < 0 ? r : 0;
}
