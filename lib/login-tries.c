#include "login-tries.h"

#include "base/i18n.h"
#include "portal-private.h"

#define DAY_MS INT64_C(86400000)

enum { FREE_TRIES = 3, WAIT_MAX_SECONDS = 300, WAIT_SHIFT_MAX = 9 };

int login_tries_of(struct work *w, const char *country, const char *tax_id, const char *email,
	struct login_tries *ret)
{
	const struct seal_part parts[] = { seal_text("login"), seal_text(country),
		seal_text(tax_id), seal_text(email) };
	unsigned char digest[SEAL_SIZE];
	struct seal *seal = work_seal(w);
	int r;

	if (!seal)
		return -(int)w->err->code;
	r = seal_hmac(seal, parts, sizeof(parts) / sizeof(*parts), digest, w->err);
	if (r >= 0)
		seal_hex(digest, sizeof(digest), ret->key);
	return r;
}

static int must_wait(struct work *w, const struct login_tries *tries, int64_t wait_ms)
{
	const long long seconds = (wait_ms + 999) / 1000;

	portal_note_denial(
		w->portal, tries->action, tries->user_id ? "user" : NULL, tries->user_id);
	return portal_fail(w->err, PORTAL_LOGIN_WAIT,
		P_("too many logins failed; try again in %lld second",
			"too many logins failed; try again in %lld seconds", seconds),
		seconds);
}

/* After so many tries in vain. */
static int64_t wait_after(int64_t failures)
{
	const int64_t shift = failures - FREE_TRIES;

	if (shift < 0)
		return 0;
	return shift < WAIT_SHIFT_MAX ? (INT64_C(1) << shift) * 1000 : WAIT_MAX_SECONDS * 1000;
}

struct failure_row {
	int64_t failures;
	portal_time last_at, next_at;
};

static const struct portal_field failure_fields[] = {
	PORTAL_FIELD(struct failure_row, failures, NULL),
	PORTAL_FIELD(struct failure_row, last_at, NULL),
	PORTAL_FIELD(struct failure_row, next_at, NULL),
	PORTAL_FIELDS_END,
};

static const struct portal_record failure_record = { "login_failure", sizeof(struct failure_row),
	failure_fields };

/* Each try counts as failed until it is proven right. A wait longer than there is
 * comes of a clock that was set back, and must not lock anybody out. */
int login_count_try(struct work *w, const struct login_tries *tries)
{
	const portal_time a_day_ago = { w->now.ms - DAY_MS };
	struct failure_row row = { 0 };
	int r = store_get(
		w->tx, Q_LOGIN_FAILURE, ARGS(A(&tries->key[0])), w->arena, &failure_record, &row);
	const int64_t wait_ms = row.next_at.ms - w->now.ms;

	if (r >= 0 && wait_ms > 0 && wait_ms <= WAIT_MAX_SECONDS * 1000)
		return must_wait(w, tries, wait_ms);
	if (row.last_at.ms < a_day_ago.ms)
		row.failures = 0;
	row.failures++;
	row.next_at.ms = w->now.ms + wait_after(row.failures);
	if (r >= 0)
		r = store_put(w->tx, Q_LOGIN_FAILURE_PUT,
			ARGS(A(&tries->key[0]), A(row.failures), A(w->now), A(row.next_at)));
	if (r >= 0)
		r = store_put(w->tx, Q_LOGIN_FAILURE_PURGE, ARGS(A(a_day_ago)));
	return r < 0 ? r : 0;
}

int login_forget_tries(struct work *w, const struct login_tries *tries)
{
	const int r = store_put(w->tx, Q_LOGIN_FAILURE_FORGET, ARGS(A(&tries->key[0])));

	return r < 0 ? r : 0;
}
