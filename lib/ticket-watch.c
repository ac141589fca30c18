/* What is new in tickets, for those who wait for it (S9). */
#include <portal/ticket-watch.h>

#include <string.h>

#include "base/i18n.h"
#include "policy.h"
#include "ticket-private.h"

const struct portal_word ticket_news_kinds[] = {
	{ "ticket", N_("new ticket") },
	{ "message", N_("new message") },
	{ NULL, NULL },
};

static const struct portal_field news_fields[] = {
	PORTAL_FIELD(struct ticket_news, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT),
	PORTAL_FIELD(struct ticket_news, kind, N_("KIND"), .words = ticket_news_kinds),
	PORTAL_FIELD(struct ticket_news, at, N_("TIME")),
	PORTAL_FIELD(struct ticket_news, ticket_number, N_("TICKET")),
	PORTAL_FIELD(struct ticket_news, subject, N_("SUBJECT")),
	PORTAL_FIELD(struct ticket_news, company_tax_id, N_("TAX ID")),
	PORTAL_FIELD(struct ticket_news, company_name, N_("COMPANY")),
	PORTAL_FIELD(struct ticket_news, contact_name, N_("CONTACT")),
	PORTAL_FIELD(struct ticket_news, department, N_("DEPARTMENT")),
	PORTAL_FIELD(struct ticket_news, category, N_("CATEGORY")),
	PORTAL_FIELD(struct ticket_news, status, N_("STATUS"), .words = ticket_statuses),
	PORTAL_FIELD(struct ticket_news, assignee_email, N_("ASSIGNEE E-MAIL")),
	PORTAL_FIELD(struct ticket_news, direction, N_("DIRECTION"), .words = message_directions),
	PORTAL_FIELD(struct ticket_news, via, N_("BY WAY OF"), .words = ticket_origins),
	PORTAL_FIELD(struct ticket_news, author_name, N_("AUTHOR")),
	PORTAL_FIELD(struct ticket_news, automatic, N_("AUTOMATIC")),
	PORTAL_FIELD(struct ticket_news, internal, N_("INTERNAL")),
	PORTAL_FIELD(struct ticket_news, body, N_("TEXT")),
	PORTAL_FIELDS_END,
};

const struct portal_record ticket_news_record = { "ticket.watch", sizeof(struct ticket_news),
	news_fields };

static const char *copy(struct work *w, const char *text)
{
	return arena_strdup(w->arena, text);
}

/* Texts of a row are gone with the next one. */
static struct ticket_news copied(struct work *w, const struct ticket_news *row)
{
	struct ticket_news news = *row;

	for (const struct portal_field *f = news_fields; f->key; f++) {
		const char **text = (const char **)(void *)((char *)&news + f->offset);

		if (f->type == PORTAL_TEXT)
			*text = copy(w, *text);
	}
	return news;
}

static int read_rows(struct work *w, int64_t since, int64_t viewer, struct ticket_news_page *page)
{
	_cleanup_rows_ struct store_rows *rows = NULL;
	struct ticket_news *items = arena_array(w->arena, TICKET_NEWS_MAX, sizeof(*items));
	struct ticket_news row = { 0 };
	const int64_t group = viewer ? policy_list_group(w, "ticket.watch") : 0;
	int r = store_rows(w->tx, Q_MESSAGE_NEWS,
		ARGS(A(since), A(page->until), A((int64_t)TICKET_NEWS_MAX), A(viewer), A(group)),
		&ticket_news_record, &row, &rows);

	while (r >= 0 && (r = store_next(rows)) > 0)
		items[page->count++] = copied(w, &row);
	page->items = items;
	if (page->count == TICKET_NEWS_MAX)
		page->until = items[page->count - 1].id;
	return r;
}

struct call {
	int64_t since;
	struct ticket_news_page *ret;
};

static int read_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct ticket_news_page page = { .count = 0 };
	int64_t viewer;
	int r = policy_need_list(w, "ticket.watch", &viewer);

	if (r >= 0)
		r = store_get_int(w->tx, Q_MESSAGE_NEWEST, NO_ARGS, &page.until);
	if (r >= 0 && call->since >= 0 && call->since < page.until)
		r = read_rows(w, call->since, viewer, &page);
	if (r < 0)
		return r;
	if (page.until < call->since)
		page.until = call->since;
	WORK_GIVE(w, call->ret, page);
	return 0;
}

int ticket_news_read(struct portal *portal, int64_t since, struct ticket_news_page *ret_page,
	struct portal_error *err)
{
	struct call call = { since, ret_page };

	return work_read(portal, read_body, &call, err);
}
