#include "store/sqlite.h"

#include <assert.h>

#include "base/i18n.h"

struct portal_error *store_error(struct store_tx *tx)
{
	return tx->err;
}

struct portal_error *store_report_to(struct store_tx *tx, struct portal_error *err)
{
	struct portal_error *before = tx->err;

	tx->err = err;
	return before;
}

bool store_failed(const struct store_tx *tx)
{
	return tx->failed < 0;
}

int store_spoil(struct store_tx *tx, int code, const struct portal_error *failure)
{
	if (tx->failed >= 0)
		tx->failed = code;
	if (tx->err != failure && !tx->err->code)
		*tx->err = *failure;
	return code;
}

int64_t store_writes(const struct store_tx *tx)
{
	return tx->writes;
}

/* A store that has written is not locked again: each turn of it makes SQLite compile all
 * statements anew. Statements that write are kept out of a run that reads besides. */
static int set_query_only(struct store *store, bool wanted, struct portal_error *err)
{
	int r;

	store->reading = wanted;
	if (store->query_only == wanted || (wanted && store->has_written))
		return 0;
	store->has_written = !wanted;
	r = sqlite_exec(store, wanted ? "PRAGMA query_only=ON" : "PRAGMA query_only=OFF",
		_("configure the database"), err);
	if (r == 0)
		store->query_only = wanted;
	return r;
}

/* Nothing is written before this has been right once: there is no way from a commit that
 * may be undone to one that may not but through here. */
static int set_async(struct store *store, bool wanted, struct portal_error *err)
{
	int r;

	if (store->async == wanted)
		return 0;
	r = sqlite_exec(store, wanted ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL",
		_("configure the database"), err);
	if (r == 0)
		store->async = wanted;
	return r;
}

/* Compiled once: a message that is sent costs a transaction. */
static int take_step(
	struct store *store, enum sqlite_step step, const char *doing, struct portal_error *err)
{
	static const char *const sql[SQLITE_STEPS] = { "BEGIN", "BEGIN IMMEDIATE", "COMMIT" };
	sqlite3_stmt **stmt = &store->steps[step];
	int rc = SQLITE_OK, r = 0;

	if (!*stmt)
		rc = sqlite3_prepare_v3(
			store->db, sql[step], -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(*stmt);
	if (rc != SQLITE_DONE)
		r = sqlite_fail(store, err, doing);
	sqlite3_reset(*stmt);
	return r;
}

static int begin(
	struct store *store, enum store_mode mode, enum store_end end, struct portal_error *err)
{
	int r = sqlite_still_frozen(store, err);

	if (r == 0)
		r = set_query_only(store, mode == STORE_READ, err);
	if (r < 0 || mode == STORE_READ)
		return r < 0 ? r : take_step(store, SQLITE_STEP_READ, _("read the database"), err);
	if (store->read_only_file)
		return sqlite_cannot_write(store, err, _("write to the database"));
	r = set_async(store, end == STORE_COMMIT_ASYNC, err);
	if (r == 0)
		r = store_lock(store, err);
	if (r < 0)
		return r;
	r = take_step(store, SQLITE_STEP_WRITE, _("write to the database"), err);
	if (r < 0)
		store_unlock(store);
	return r;
}

/* A commit that failed leaves the transaction open or not, depending on why:
 * after this it is not. */
static void roll_back(struct store *store)
{
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

static void reset_statements(struct store *store)
{
	for (int q = 0; q < STORE_QUERY_COUNT; q++)
		if (store->statements[q].open) {
			sqlite3_reset(store->statements[q].stmt);
			store->statements[q].open = false;
		}
}

static int finish(struct store *store, enum store_end end, int r, struct portal_error *err)
{
	int committed;

	reset_statements(store);
	if (r >= 0 && store->tx.failed < 0)
		r = store->tx.failed;
	if (r >= 0 && sqlite_still_frozen(store, err) < 0)
		r = -(int)err->code;
	if (r < 0 || end == STORE_REHEARSE) {
		roll_back(store);
		return r;
	}
	committed = take_step(store, SQLITE_STEP_COMMIT, _("write to the database"), err);
	if (committed < 0)
		roll_back(store);
	return committed < 0 ? committed : r;
}

int store_run(struct store *store, enum store_mode mode, enum store_end end, store_body *body,
	void *arg, struct portal_error *err)
{
	int r;

	assert(!store->in_run);
	r = begin(store, mode, end, err);
	if (r < 0)
		return r;
	store->in_run = true;
	store->tx = (struct store_tx){ .store = store, .err = err };
	r = body(&store->tx, arg);
	r = finish(store, end, r, err);
	store->in_run = false;
	if (mode == STORE_WRITE)
		store_unlock(store);
	return r;
}
