#include <portal/connection.h>

#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "company-private.h"
#include "connection-private.h"
#include "list.h"
#include "policy.h"
#include "tell.h"

const struct portal_word connection_statuses[] = {
	{ "active", N_("in force") },
	{ "ended", N_("ended") },
	{ NULL, NULL },
};

/* A connection with what telling of its end needs. */
struct connection_row {
	struct connection connection;
	int64_t from_id, to_id;
	const char *from_email, *to_email;
};

/* The connection is the first member of the row, so both records begin alike. */
#define CONNECTION_FIELDS \
	PORTAL_FIELD(struct connection, id, N_("ID"), .flags = PORTAL_FIELD_RIGHT), \
		PORTAL_FIELD(struct connection, from_tax_id, N_("TAX ID")), \
		PORTAL_FIELD(struct connection, from_name, N_("COMPANY")), \
		PORTAL_FIELD(struct connection, to_tax_id, N_("INVITED COMPANY")), \
		PORTAL_FIELD(struct connection, to_name, N_("INVITED NAME")), \
		PORTAL_FIELD( \
			struct connection, invite_id, N_("INVITE"), .flags = PORTAL_FIELD_WIDE), \
		PORTAL_FIELD( \
			struct connection, status, N_("STATUS"), .words = connection_statuses), \
		PORTAL_FIELD(struct connection, since_at, N_("SINCE")), \
		PORTAL_FIELD(struct connection, ended_at, N_("ENDED")), \
		PORTAL_FIELD(struct connection, ended_by, N_("ENDED BY"), \
			.flags = PORTAL_FIELD_WIDE | PORTAL_FIELD_OPEN, .words = ended_by_words)

static const struct portal_field connection_fields[] = { CONNECTION_FIELDS, PORTAL_FIELDS_END };

const struct portal_record connection_record = { "connection", sizeof(struct connection),
	connection_fields };

static const struct portal_field row_fields[] = {
	CONNECTION_FIELDS,
	PORTAL_FIELD(struct connection_row, from_id, NULL),
	PORTAL_FIELD(struct connection_row, to_id, NULL),
	PORTAL_FIELD(struct connection_row, from_email, NULL),
	PORTAL_FIELD(struct connection_row, to_email, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record row_record = { "connection", sizeof(struct connection_row),
	row_fields };

static int64_t lower(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t higher(int64_t a, int64_t b)
{
	return a < b ? b : a;
}

int connection_active(struct work *w, int64_t company_id, int64_t other_id, int64_t *ret_id)
{
	return store_get_int(w->tx, Q_CONNECTION_ACTIVE,
		ARGS(A(lower(company_id, other_id)), A(higher(company_id, other_id))), ret_id);
}

int connection_exists(struct work *w, int64_t company_id, int64_t other_id)
{
	int64_t id;

	return connection_active(w, company_id, other_id, &id);
}

int connection_make(struct work *w, int64_t from_id, int64_t to_id, int64_t invite_id)
{
	int64_t id = 0;
	int r = connection_exists(w, from_id, to_id);

	if (r != 0)
		return r < 0 ? r : 0;
	r = store_get_int(w->tx, Q_CONNECTION_INSERT,
		ARGS(A(from_id), A(to_id), A(lower(from_id, to_id)), A(higher(from_id, to_id)),
			A((portal_id){ invite_id }), A(w->now)),
		&id);
	if (r < 0)
		return r;
	return audit_add(w, "connection.make", "connection", id,
		CHANGES({ "from_id", NULL, arena_printf(w->arena, "%lld", (long long)from_id) },
			{ "to_id", NULL, arena_printf(w->arena, "%lld", (long long)to_id) },
			{ "invite_id", NULL, arena_printf(w->arena, "%lld", (long long)invite_id) },
			{ "status", NULL, "active" }));
}

static int read_row(struct work *w, int64_t id, struct connection_row *ret)
{
	return store_get(w->tx, Q_CONNECTION_BY_ID, ARGS(A(id)), w->arena, &row_record, ret);
}

/* Finds the connection and asks whether the actor may do @action. */
static int need(struct work *w, const char *action, int64_t id, struct connection_row *ret)
{
	const int found = read_row(w, id, ret);
	const struct policy_object object = { .kind = "connection",
		.id = id,
		.owner = found > 0 ? ret->from_id : 0,
		.peer = found > 0 ? ret->to_id : 0 };

	return policy_need_found(w, action, object, found);
}

struct call {
	int64_t id;
	struct connection *ret;
};

static int show_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct connection_row row;
	const int r = need(w, "connection.show", call->id, &row);

	if (r >= 0)
		WORK_GIVE(w, call->ret, row.connection);
	return r;
}

int connection_show(struct portal *portal, int64_t id, struct connection *ret_connection,
	struct portal_error *err)
{
	struct call call = { id, ret_connection };

	return work_read(portal, show_body, &call, err);
}

static const char *ended_by(const struct work *w, const struct connection_row *row)
{
	if (!w->actor->as)
		return work_office_name(w);
	return w->actor->company_id == row->from_id ? row->connection.from_name
						    : row->connection.to_name;
}

/* Whoever ended it knows; the operator is neither side. */
static int tell_others(struct work *w, const struct connection_row *row)
{
	const struct connection *c = &row->connection;
	const struct event event = { "connection_ended", "connection", c->id,
		NAMED({ "office", work_office_name(w) }, { "ended_by", ended_by(w, row) },
			{ "from_name", c->from_name },
			{ "from_tax_id", company_printed_id(w, row->from_id, c->from_tax_id) },
			{ "to_name", c->to_name },
			{ "to_tax_id", company_printed_id(w, row->to_id, c->to_tax_id) }) };
	const struct told sides[] = {
		{ .company_id = row->from_id, .company_email = row->from_email },
		{ .company_id = row->to_id, .company_email = row->to_email },
	};
	int r = 0;

	for (int i = 0; r >= 0 && i < 2; i++)
		if (!w->actor->as || w->actor->company_id != sides[i].company_id)
			r = tell_company(w, &event, &sides[i], NULL);
	return r;
}

static int end_row(struct work *w, struct connection_row *row)
{
	struct connection *c = &row->connection;
	int r;

	if (!strcmp(c->status, "ended"))
		return 0;
	r = store_put(w->tx, Q_CONNECTION_END, ARGS(A(c->id), A(w->now), A(w->actor->label)));
	if (r >= 0)
		r = tell_others(w, row);
	if (r >= 0)
		r = audit_add(w, "connection.end", "connection", c->id,
			CHANGES({ "status", "active", "ended" }));
	c->status = "ended";
	c->ended_at = w->now;
	c->ended_by = w->actor->label;
	return r < 0 ? r : 1;
}

int connection_sides(struct work *w, int64_t id, int64_t *ret_from_id, int64_t *ret_to_id)
{
	struct connection_row row;
	const int r = read_row(w, id, &row);

	if (r <= 0 || strcmp(row.connection.status, "active") != 0)
		return r < 0 ? r : 0;
	*ret_from_id = row.from_id;
	*ret_to_id = row.to_id;
	return 1;
}

int connection_stop(struct work *w, int64_t id)
{
	struct connection_row row;
	const int r = read_row(w, id, &row);

	return r > 0 ? end_row(w, &row) : r;
}

static int end_body(struct work *w, void *arg)
{
	const struct call *call = arg;
	struct connection_row row;
	int r = need(w, "connection.end", call->id, &row);

	if (r >= 0)
		r = end_row(w, &row);
	if (r >= 0)
		WORK_GIVE(w, call->ret, row.connection);
	return r;
}

int connection_end(struct portal *portal, int64_t id, struct connection *ret_connection,
	struct portal_error *err)
{
	struct call call = { id, ret_connection };

	return work_write(portal, end_body, &call, err);
}

struct listing {
	const struct connection_filter *filter;
	portal_visit *visit;
	void *arg;
	struct portal_list_end *ret_end;
};

const struct portal_word connection_sorts[] = { { "id", NULL }, { "since_at", NULL },
	{ "ended_at", NULL }, { NULL, NULL } };

/* A client sees its own connections only: for it the list is always that of one
 * company, which the indexes know. */
static int list_body(struct work *w, void *arg)
{
	const struct listing *listing = arg;
	const struct connection_filter *f = listing->filter;
	struct company company = { 0 };
	struct connection row = { 0 };
	struct list list = { w, &f->page, connection_sorts, .record = &connection_record,
		.row = &row, .visit = listing->visit, .visit_arg = listing->arg,
		.ret_end = listing->ret_end };
	int64_t viewer, of;
	int r = policy_need_list(w, "connection.list", &viewer);

	if (r >= 0 && f->company)
		r = company_need(w, "company.show", f->company, &company);
	if (r < 0)
		return r;
	of = company.id ? company.id : viewer;
	list.statements = (struct list_statements){ of ? Q_CONNECTION_LIST_OF : Q_CONNECTION_LIST,
		Q_CONNECTION_LIST_UP, Q_CONNECTION_LIST_DOWN };
	return list_read(&list, LIST_ARGS(A(f->status ? f->status : "active"), A(of),
					A(list_pattern(w, f->search)), A(viewer)));
}

int connection_list(struct portal *portal, const struct connection_filter *filter,
	portal_visit *visit, void *arg, struct portal_list_end *ret_end, struct portal_error *err)
{
	struct listing listing = { filter, visit, arg, ret_end };

	return work_read(portal, list_body, &listing, err);
}
