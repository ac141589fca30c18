/* What the client thought of a ticket (S7). */
#include <string.h>

#include "audit.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "ticket-private.h"

enum { RATING_MAX = 5, COMMENT_MAX = 1000 };

struct rating {
	const char *named, *comment;
	int64_t rating;
	struct ticket *ret;
};

static int check_rating(struct work *w, const struct rating *q, const char **ret_comment)
{
	*ret_comment = q->comment && *q->comment ? ticket_body(w, q->comment, "comment") : NULL;
	if (*ret_comment && strlen(*ret_comment) > COMMENT_MAX) {
		portal_fail(w->err, PORTAL_INVALID, _("'%s' is longer than %zu bytes"), "comment",
			(size_t)COMMENT_MAX);
		portal_about_field(w->err, "comment");
		portal_fault_add(w->err);
	}
	if (q->rating < 1 || q->rating > RATING_MAX) {
		portal_fail(w->err, PORTAL_INVALID, _("'%lld' is not a rating from 1 to %d"),
			(long long)q->rating, RATING_MAX);
		portal_about_field(w->err, "rating");
		portal_fault_add(w->err);
	}
	return portal_faults_end(w->err);
}

static int not_done(struct work *w, const struct ticket *ticket)
{
	portal_fail(w->err, PORTAL_WRONG_STATE,
		_("ticket '%s' is not done, and is rated when it is"), ticket->number);
	return portal_about(w->err, "ticket", ticket->id);
}

/* The operator is no person, and thought nothing of it. */
static int not_operator(struct work *w)
{
	if (w->actor->as)
		return 0;
	portal_fail(
		w->err, PORTAL_USAGE, _("the client rates a ticket, and the operator does not"));
	return portal_hint(w->err, _("say who rates with --as E-MAIL"));
}

static const char *digit(struct work *w, int64_t rating)
{
	return rating ? arena_printf(w->arena, "%lld", (long long)rating) : NULL;
}

static int write_rating(struct work *w, struct ticket_row *row, int64_t rating, const char *comment)
{
	struct ticket *t = &row->ticket;
	const char *was = digit(w, t->rating.id), *now = digit(w, rating);
	int r;

	t->rating.id = rating;
	t->rating_comment = comment;
	r = store_put(w->tx, Q_TICKET_RATE, ARGS(A(t->id), A(rating), A(comment)));
	if (r >= 0)
		r = ticket_event(w, row, "rated", was, now);
	if (r >= 0)
		r = ticket_save(w, row);
	if (r >= 0)
		r = ticket_tell_office(w, row, "ticket_rated");
	return r < 0 ? r
		     : audit_add(
			       w, "ticket.rate", "ticket", t->id, CHANGES({ "rating", was, now }));
}

static int rate_body(struct work *w, void *arg)
{
	const struct rating *q = arg;
	struct ticket_row row = { 0 };
	const char *comment;
	int r = ticket_need(w, "ticket.rate", q->named, &row);

	if (r >= 0)
		r = not_operator(w);
	if (r >= 0)
		r = check_rating(w, q, &comment);
	if (r >= 0 && strcmp(row.ticket.status, "done") != 0)
		r = not_done(w, &row.ticket);
	if (r < 0)
		return r;
	if (row.ticket.rating.id == q->rating && text_same(row.ticket.rating_comment, comment))
		return ticket_give(w, &row, q->ret, 0);
	r = write_rating(w, &row, q->rating, comment);
	return r < 0 ? r : ticket_give(w, &row, q->ret, 1);
}

int ticket_rate(struct portal *portal, const char *named, int64_t rating, const char *comment,
	struct ticket *ret_ticket, struct portal_error *err)
{
	struct rating q = { named, comment, rating, ret_ticket };

	return work_write(portal, rate_body, &q, err);
}
