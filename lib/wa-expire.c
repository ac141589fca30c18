/* W4: 24 hours without a message of the client; O3: the office is warned before. */
#include <limits.h>

#include "base/i18n.h"
#include "wa-private.h"
#include "policy.h"
#include "portal-private.h"
#include "setting.h"

enum { CHUNK_ROWS = 1000, MINUTE_MS = 60 * 1000 };

static const struct portal_field expiry_fields[] = {
	PORTAL_FIELD(struct conversation_expiry, ended, N_("ENDED")),
	PORTAL_FIELD(struct conversation_expiry, warned, N_("WARNED")),
	PORTAL_FIELDS_END,
};

const struct portal_record conversation_expiry_record = { "wa.expire",
	sizeof(struct conversation_expiry), expiry_fields };

static int may(struct work *w, void *arg)
{
	int64_t viewer;
	int r = policy_need_list(w, "wa.expire", &viewer);

	(void)arg;
	return r < 0 ? r : work_will_write(w);
}

/* What is done with the next one, and how it is found. */
struct sweep {
	enum store_query next;
	int (*step)(struct work *w, struct conversation_row *row, struct ticket_row *ticket);
};

static int end_step(struct work *w, struct conversation_row *row, struct ticket_row *ticket)
{
	const int r = conversation_finish(w, row, ticket, "inactivity");

	return r < 0 ? r : ticket_save_internal(w, ticket);
}

static int warn_step(struct work *w, struct conversation_row *row, struct ticket_row *ticket)
{
	const int r =
		store_put(w->tx, Q_CONVERSATION_WARN, ARGS(A(row->conversation.id), A(w->now)));

	return r < 0 ? r : ticket_tell_office(w, ticket, "wa_closing");
}

static const struct sweep ends = { Q_CONVERSATION_OVER, end_step };
static const struct sweep warnings = { Q_CONVERSATION_TO_WARN, warn_step };

static int step(struct work *w, const struct sweep *sweep, int64_t id)
{
	struct ticket_row ticket = { 0 };
	struct conversation_row row;
	int r = conversation_by_id(w, id, &row);

	if (r > 0)
		r = ticket_by_id(w, row.ticket_id, &ticket);
	return r > 0 ? sweep->step(w, &row, &ticket) : r;
}

/* A rehearsal does all in one. Returns how many. */
static int sweep_chunk(struct work *w, const struct sweep *sweep, portal_time until)
{
	const int most = w->portal->options.dry_run ? INT_MAX : CHUNK_ROWS;
	int64_t id = 0;
	int r = 1, count = 0;

	while (count < most && r > 0) {
		r = store_get_int(w->tx, sweep->next, ARGS(A(until), A(id)), &id);
		if (r > 0)
			r = step(w, sweep, id) < 0 ? -(int)w->err->code : 1;
		count += r > 0;
	}
	return r < 0 ? r : count;
}

static int any(struct work *w, const struct sweep *sweep, portal_time until)
{
	int64_t id = 0;

	return store_get_int(w->tx, sweep->next, ARGS(A(until), A((int64_t)0)), &id);
}

static int look_for_ends(struct work *w, void *arg)
{
	(void)arg;
	return any(w, &ends, w->now);
}

static int end_chunk(struct work *w, void *arg)
{
	(void)arg;
	return sweep_chunk(w, &ends, w->now);
}

/* Until when those close of which the office hears now; 0: of none. */
static portal_time warn_until(struct work *w)
{
	const int64_t minutes = setting_int(w, "wa_warn_minutes");

	return (portal_time){ minutes ? w->now.ms + minutes * MINUTE_MS : 0 };
}

static int look_for_warnings(struct work *w, void *arg)
{
	(void)arg;
	return any(w, &warnings, warn_until(w));
}

static int warn_chunk(struct work *w, void *arg)
{
	(void)arg;
	return sweep_chunk(w, &warnings, warn_until(w));
}

struct sweeping {
	struct portal *portal;
	struct conversation_expiry *expiry;
	struct portal_error *err;
};

/* Of what has ended nobody is warned. */
static int sweep_both(void *arg)
{
	const struct sweeping *s = arg;
	int r = work_in_chunks(s->portal, look_for_ends, end_chunk, s->err);

	s->expiry->ended = r;
	if (r >= 0)
		r = work_in_chunks(s->portal, look_for_warnings, warn_chunk, s->err);
	s->expiry->warned = r;
	return r < 0 ? r : 0;
}

int conversation_expire(
	struct portal *portal, struct conversation_expiry *ret_expiry, struct portal_error *err)
{
	struct conversation_expiry expiry = { 0, 0 };
	struct sweeping sweeping = { portal, &expiry, err };
	int r = work_read(portal, may, NULL, err);

	if (r >= 0)
		r = portal->options.dry_run ? portal_transact(portal, sweep_both, &sweeping, err)
					    : sweep_both(&sweeping);
	if (r < 0)
		return r;
	*ret_expiry = expiry;
	return expiry.ended + expiry.warned > 0;
}
