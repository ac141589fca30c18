#include "audit.h"
#include "connection-private.h"

static int64_t lower(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t higher(int64_t a, int64_t b)
{
	return a < b ? b : a;
}

int connection_exists(struct work *w, int64_t company_id, int64_t other_id)
{
	int64_t id;

	return store_get_int(w->tx, Q_CONNECTION_ACTIVE,
		ARGS(A(lower(company_id, other_id)), A(higher(company_id, other_id))), &id);
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
	return audit_add(
		w, "connection.make", "connection", id, CHANGES({ "status", NULL, "active" }));
}
